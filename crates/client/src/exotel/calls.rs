//! Calls.

use serde_json::Value;
use wire::exotel::OPERATIONS;
use wire::exotel::types::OutboundCall;

use super::Exotel;
use crate::methods::methods;

methods! {
    impl Exotel, OPERATIONS;

    /// Calls somebody. The vendor does; Crosspoint has no voice channel and always refuses.
    ///
    /// `POST /v2/integrations/call/outbound_call`, open to tokens of an app.
    /// Limits: none of ours, since nothing is called.
    ///
    /// # Errors
    /// 501: from Crosspoint; as everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelOutboundCall`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::{Exotel, types::*};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = OutboundCall { to: "+911234567890".into(), ..Default::default() };
    /// exotel.outbound_call(&body).await?;
    /// # Ok(()) }
    /// ```
    ExotelOutboundCall: outbound_call(; body: json OutboundCall) -> Value;
}
