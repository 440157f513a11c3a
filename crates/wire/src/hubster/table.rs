//! The operations of Hubster's identity, portal, engine and events (hubster.md §2).

use crate::operation::{Operation, Scope, operations};

const NOBODY: &[Scope] = &[];
const PORTAL: &[Scope] = &[Scope::Portal];
const ENGINE: &[Scope] = &[Scope::Engine];
const ENGINE_OR_WEB: &[Scope] = &[Scope::Engine, Scope::WebChat];
const WEB: &[Scope] = &[Scope::WebChat];

/// Every operation.
pub const OPERATIONS: &[Operation] = operations! {
    "hubster.md" {
        IdentityToken: Post "/connect/token" NOBODY Form 200 [400]
            "Identity", "Buy an access token with a client's secret";
        IdentityConfiguration: Get "/.well-known/openid-configuration" NOBODY None 200 []
            "Identity", "Read where tokens are made and verified";
        IdentityKeys: Get "/.well-known/openid-configuration/jwks" NOBODY None 200 []
            "Identity", "Read the keys that verify access tokens";

        PortalGetClient: Get "/api/v1/tenants/clients/{clientId}" PORTAL None 200 [404]
            "Clients", "Get a client of the tenant";
        PortalCreateClientToken: Post "/api/v1/tenants/clients/{clientId}/tokens" PORTAL AnyJson 200 [400, 404]
            "Clients", "Make another secret for a client";
        PortalDeleteClientToken: Delete "/api/v1/tenants/clients/{clientId}/tokens/{tokenId}" PORTAL None 200 [404]
            "Clients", "End a secret of a client";

        PortalCreateHub: Post "/api/v1/hubs" PORTAL AnyJson 200 [400]
            "Hubs", "Create a hub";
        PortalUpdateHub: Put "/api/v1/hubs/{hubId}" PORTAL AnyJson 200 [400, 404]
            "Hubs", "Update a hub";
        PortalDeleteHub: Delete "/api/v1/hubs/{hubId}" PORTAL None 200 [400, 404]
            "Hubs", "Delete a hub with its integrations";
        PortalGetHub: Get "/api/v1/hubs/{hubId}" PORTAL None 200 [400, 404]
            "Hubs", "Get a hub";
        PortalListHubs: Get "/api/v1/hubs" PORTAL None 200 [400]
            "Hubs", "List hubs in numbered pages";

        PortalCreateOrUpdateIntegration: Post "/api/v1/integrations/hubs/{id}" PORTAL AnyJson 200 [400, 404, 501]
            "Integrations", "Create an integration in a hub, or update the integration of this id";
        PortalPutHubsIntegration: Put "/api/v1/integrations/hubs/{id}" PORTAL AnyJson 200 [400, 404]
            "Integrations", "Update an integration";
        PortalPutIntegration: Put "/api/v1/integrations/{id}" PORTAL AnyJson 200 [400, 404]
            "Integrations", "Update an integration";
        PortalGetIntegration: Get "/api/v1/integrations/{id}" PORTAL None 200 [400, 404]
            "Integrations", "Get an integration";
        PortalDeleteIntegration: Delete "/api/v1/integrations/{id}" PORTAL None 200 [400, 404]
            "Integrations", "Delete an integration";
        PortalListHubIntegrations: Get "/api/v1/integrations/hubs/{id}/{channelType}" PORTAL None 200 [400, 404]
            "Integrations", "List the integrations of a hub that have this channel";
        PortalListIntegrations: Get "/api/v1/integrations" PORTAL None 200 [400, 404]
            "Integrations", "List integrations in numbered pages";

        PortalCreateTransferCommand: Post "/api/v1/commands/transfers/{id}" PORTAL AnyJson 200 [400, 404]
            "Transfer commands", "Create a transfer command in a hub";
        PortalUpdateTransferCommand: Put "/api/v1/commands/transfers/{id}" PORTAL AnyJson 200 [400, 404]
            "Transfer commands", "Update a transfer command";
        PortalDeleteTransferCommand: Delete "/api/v1/commands/transfers/{id}" PORTAL None 200 [400, 404]
            "Transfer commands", "Delete a transfer command";
        PortalGetTransferCommand: Get "/api/v1/commands/transfers/{id}" PORTAL None 200 [400, 404]
            "Transfer commands", "Get a transfer command";
        PortalListTransferCommands: Get "/api/v1/commands/transfers/hub/{id}" PORTAL None 200 [400, 404]
            "Transfer commands", "List the transfer commands of a hub";

        PortalCreateResponseCommand: Post "/api/v1/commands/responses/{id}" PORTAL AnyJson 200 [400, 404]
            "Response commands", "Create a response command in a hub";
        PortalUpdateResponseCommand: Put "/api/v1/commands/responses/{id}" PORTAL AnyJson 200 [400, 404]
            "Response commands", "Update a response command";
        PortalDeleteResponseCommand: Delete "/api/v1/commands/responses/{id}" PORTAL None 200 [400, 404]
            "Response commands", "Delete a response command";
        PortalGetResponseCommand: Get "/api/v1/commands/responses/{id}" PORTAL None 200 [400, 404]
            "Response commands", "Get a response command";
        PortalListResponseCommands: Get "/api/v1/commands/responses/hub/{id}" PORTAL None 200 [400, 404]
            "Response commands", "List the response commands of a hub";

        EngineWebChatToken: Get "/api/v1/integrations/web-chat/token/{id}" NOBODY None 200 [400, 404]
            "WebChat", "Get a token for the visitor of a page that may embed the integration";
        EngineEstablish: Post "/api/v1/conversations/establish" ENGINE_OR_WEB AnyJson 200 [400, 404]
            "Conversations", "Establish the conversation of a customer";
        EngineGetConversation: Get "/api/v1/conversations/{id}" ENGINE None 200 [400, 404]
            "Conversations", "Get a conversation with its integration and hub";
        EngineGetEstablished: Get "/api/v1/conversations/{id}/established" ENGINE_OR_WEB None 200 [400, 404]
            "Conversations", "Get a conversation as it was established";
        EngineListEstablished: Get "/api/v1/conversations/hubs/{id}/established" ENGINE None 200 [400, 404]
            "Conversations", "List the open conversations of a hub";
        EngineListActivities: Get "/api/v1/interactions/activities/{id}" ENGINE_OR_WEB None 200 [400, 404]
            "Activities", "List the messages of a conversation";
        EngineUploadResources: Post "/api/v1/resources/{id}" ENGINE Multipart 200 [400, 404]
            "Resources", "Upload files that activities of a conversation show; our own addition";
        EngineCustomerActivity: Post "/inbound/customer/v1/direct/activity/{id}" ENGINE AnyJson 200 [400, 404]
            "Direct", "Say something as a customer, agent or bot";
        EngineBusinessActivity: Post "/inbound/business/v1/direct/activity/{id}" ENGINE AnyJson 200 [400, 404]
            "Direct", "Say something as an agent or bot";
        EngineWebChatActivity: Post "/inbound/customer/v1/web-chat/{id}" WEB AnyJson 200 [400, 404]
            "WebChat", "Say something as the visitor of a page";
    }
};

/// Where activities are heard: SignalR (hubster.md §6).
pub const EVENTS: &[Operation] = operations! {
    "hubster.md" {
        EventsNegotiate: Post "/engine-chat-hub/negotiate" ENGINE_OR_WEB None 200 []
            "Events", "Ask how to connect";
        EventsConnect: Get "/engine-chat-hub" ENGINE_OR_WEB None 101 [400, 404, 409]
            "Events", "Hear activities over a WebSocket that speaks SignalR";
    }
};

/// The operation with this id.
pub fn operation(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().chain(EVENTS).find(|operation| operation.id == id)
}
