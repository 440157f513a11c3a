//! The four control actions (sunshine-v2.md §8.5); each answers `{}`.

use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};

use super::Metadata;

string_enum! {
    /// Why control moves.
    pub enum ControlReason {
        TicketClosed = "ticketClosed",
        TransferToEmail = "transferToEmail",
    }
}

/// Body of PassControl.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PassControlBody {
    /// Id, name or type of the new holder, or `next`.
    pub switchboard_integration: String,
    /// Goes into the event only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Goes into the event only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ControlReason>,
}

/// Body of ReleaseControl; may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReleaseControlBody {
    /// Goes into the event only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Goes into the event only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ControlReason>,
}

/// Body of OfferControl.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfferControlBody {
    /// Id, name or type of the one asked, or `next`.
    pub switchboard_integration: String,
    /// Goes into the event only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Body of AcceptControl.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AcceptControlBody {
    /// Goes into the event only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}
