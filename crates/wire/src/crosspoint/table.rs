//! The operations of our own API.

use crate::operation::{Operation, Scope, operations};

const NOBODY: &[Scope] = &[];
const ACCOUNT_APP: &[Scope] = &[Scope::Account, Scope::App];

/// Every operation.
pub const OPERATIONS: &[Operation] = operations! {
    "crosspoint.json" {
        CloseConversation: Post "/v2/apps/{appId}/conversations/{conversationId}/close" ACCOUNT_APP OptionalJson 200 [404]
            "Conversations", "Close a conversation and release control";
        ReopenConversation: Post "/v2/apps/{appId}/conversations/{conversationId}/reopen" ACCOUNT_APP OptionalJson 200 [404]
            "Conversations", "Open a closed conversation again";
        ListDeliveries: Get "/v2/apps/{appId}/deliveries" ACCOUNT_APP None 200 [400, 404]
            "Deliveries", "List the webhook deliveries that failed or wait";
        ReplayDelivery: Post "/v2/apps/{appId}/deliveries/{deliveryId}/replay" ACCOUNT_APP OptionalJson 200 [404]
            "Deliveries", "Send a failed delivery again";
        ListEvents: Get "/v2/apps/{appId}/events" ACCOUNT_APP None 200 [400, 404]
            "Events", "Read the events of an app, waiting for new ones";
    }
};

/// What our pages send. Only browsers call it, so that no document describes it.
pub const FORMS: &[Operation] = operations! {
    "decision 20" {
        SubmitConsent: Post "/oauth/authorize" NOBODY Form 302 [400, 404]
            "OAuth Endpoints", "Answer the consent page";
    }
};

/// The operation with this id.
pub fn operation(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.id == id)
}
