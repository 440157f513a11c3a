//! Which function is behind which operation.

use futures::FutureExt;

use crate::engine::{activities, conversations, inbound, resources};
use crate::http::call::{Answer, EngineCall, Handler, OpenCall, PortalCall};
use crate::identity::{discovery, token, web_chat};
use crate::portal::{clients, hubs, integrations, responses, transfers};

macro_rules! bind {
    ($id:expr; $($operation:literal => $kind:ident $path:path;)*) => {
        match $id {
            $($operation => Some(bind!(@ $kind $path)),)*
            _ => None,
        }
    };
    (@ Open $path:path) => { Handler::Open(|call: OpenCall| -> Answer { $path(call).boxed() }) };
    (@ Engine $path:path) => { Handler::Engine(|call: EngineCall| -> Answer { $path(call).boxed() }) };
    (@ Portal $path:path) => { Handler::Portal(|call: PortalCall| -> Answer { $path(call).boxed() }) };
}

/// The function behind an operation.
pub(crate) fn handler(operation: &str) -> Option<Handler> {
    bind! { operation;
        "IdentityToken" => Open token::token;
        "IdentityConfiguration" => Open discovery::configuration;
        "IdentityKeys" => Open discovery::keys;
        "PortalGetClient" => Portal clients::get;
        "PortalCreateClientToken" => Portal clients::create_token;
        "PortalDeleteClientToken" => Portal clients::delete_token;
        "PortalCreateHub" => Portal hubs::create;
        "PortalUpdateHub" => Portal hubs::update;
        "PortalDeleteHub" => Portal hubs::delete;
        "PortalGetHub" => Portal hubs::get;
        "PortalListHubs" => Portal hubs::list;
        "PortalCreateOrUpdateIntegration" => Portal integrations::create_or_update;
        "PortalPutHubsIntegration" => Portal integrations::update;
        "PortalPutIntegration" => Portal integrations::update;
        "PortalGetIntegration" => Portal integrations::get;
        "PortalDeleteIntegration" => Portal integrations::delete;
        "PortalListHubIntegrations" => Portal integrations::list_of_hub;
        "PortalListIntegrations" => Portal integrations::list;
        "PortalCreateTransferCommand" => Portal transfers::create;
        "PortalUpdateTransferCommand" => Portal transfers::update;
        "PortalDeleteTransferCommand" => Portal transfers::delete;
        "PortalGetTransferCommand" => Portal transfers::get;
        "PortalListTransferCommands" => Portal transfers::list;
        "PortalCreateResponseCommand" => Portal responses::create;
        "PortalUpdateResponseCommand" => Portal responses::update;
        "PortalDeleteResponseCommand" => Portal responses::delete;
        "PortalGetResponseCommand" => Portal responses::get;
        "PortalListResponseCommands" => Portal responses::list;
        "EngineWebChatToken" => Open web_chat::token;
        "EngineEstablish" => Engine conversations::establish;
        "EngineGetConversation" => Engine conversations::get;
        "EngineGetEstablished" => Engine conversations::established;
        "EngineListEstablished" => Engine conversations::list_established;
        "EngineListActivities" => Engine activities::list;
        "EngineUploadResources" => Engine resources::upload;
        "EngineCustomerActivity" => Engine inbound::customer;
        "EngineBusinessActivity" => Engine inbound::business;
        "EngineWebChatActivity" => Engine inbound::customer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_function() {
        for operation in wire::hubster::OPERATIONS {
            assert!(handler(operation.id).is_some(), "{} has no function", operation.id);
        }
    }
}
