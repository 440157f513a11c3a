//! Who is in control of a conversation.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{
    AcceptControlBody, Empty, OfferControlBody, PassControlBody, ReleaseControlBody,
};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Makes another switchboard integration active: the one with this id or name, or, for `next`, the one
    /// that follows.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/passControl`, open to account, app and
    /// integration keys. Limits: custom properties have 4 KB.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#PassControl`, sunshine-v2.md §8.5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.pass_control("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &PassControlBody::to("agent")).await?;
    /// # Ok(()) }
    /// ```
    PassControl: pass_control(app_id, conversation_id; body: json PassControlBody) -> Empty;

    /// Gives control up: nobody is active until the next message.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/releaseControl`, open to account, app and
    /// integration keys. Limits: an integration key may do it only while it is active.
    ///
    /// # Errors
    /// 403 `forbidden`; 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`,
    /// 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ReleaseControl`, sunshine-v2.md §8.5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.release_control("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &ReleaseControlBody::default()).await?;
    /// # Ok(()) }
    /// ```
    ReleaseControl: release_control(app_id, conversation_id; body: json ReleaseControlBody) -> Empty;

    /// Offers control to another switchboard integration, which becomes pending.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/offerControl`, open to account, app and
    /// integration keys. Limits: custom properties have 4 KB.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#OfferControl`, sunshine-v2.md §8.5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = OfferControlBody { switchboard_integration: "agent".into(), metadata: None };
    /// sunshine.offer_control("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &body).await?;
    /// # Ok(()) }
    /// ```
    OfferControl: offer_control(app_id, conversation_id; body: json OfferControlBody) -> Empty;

    /// Takes control that was offered: the pending one becomes active.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/acceptControl`, open to account, app and
    /// integration keys. Limits: an integration key may do it only while it is pending.
    ///
    /// # Errors
    /// 403 `forbidden`; 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`,
    /// 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#AcceptControl`, sunshine-v2.md §8.5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.accept_control("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &AcceptControlBody::default()).await?;
    /// # Ok(()) }
    /// ```
    AcceptControl: accept_control(app_id, conversation_id; body: json AcceptControlBody) -> Empty;
}
