//! The 68 operations of the API (sunshine-v2.md §1.5).
//!
//! Who may call what is as in the description, but for two places: the account scope may use the
//! webhook operations, too (sunshine-v2.md §13, row 1), and `GetTokenInfo`, which names no scope,
//! needs the token that it asks about (§1.5). `GetToken` takes a form besides JSON, since the
//! libraries for OAuth send one (RFC 6749 §4.1.3).

use crate::operation::{Operation, Scope, operations};

const NOBODY: &[Scope] = &[];
const ACCOUNT: &[Scope] = &[Scope::Account];
const ACCOUNT_APP: &[Scope] = &[Scope::Account, Scope::App];
const ALL: &[Scope] = &[Scope::Account, Scope::App, Scope::Integration];
const APP_INTEGRATION: &[Scope] = &[Scope::App, Scope::Integration];
const INTEGRATION: &[Scope] = &[Scope::Integration];

/// Every operation, in the order of the description.
pub const OPERATIONS: &[Operation] = operations! {
    "sunshine-v2.openapi.yaml" {
        CreateApp: Post "/v2/apps" ACCOUNT Json 201 [400, 402]
            "Apps", "Make an app";
        ListApps: Get "/v2/apps" ACCOUNT None 200 [400, 403]
            "Apps", "List the apps of the caller";
        GetApp: Get "/v2/apps/{appId}" ACCOUNT_APP None 200 [404]
            "Apps", "Read an app";
        UpdateApp: Patch "/v2/apps/{appId}" ACCOUNT_APP Json 200 [400, 404]
            "Apps", "Change an app";
        DeleteApp: Delete "/v2/apps/{appId}" ACCOUNT None 200 [404]
            "Apps", "Delete an app and all that belongs to it";
        CreateAppKey: Post "/v2/apps/{appId}/keys" ACCOUNT Json 201 []
            "App Keys", "Make a key of an app";
        ListAppKeys: Get "/v2/apps/{appId}/keys" ACCOUNT None 200 []
            "App Keys", "List the keys of an app";
        GetAppKey: Get "/v2/apps/{appId}/keys/{keyId}" ACCOUNT None 200 [404]
            "App Keys", "Read a key of an app";
        DeleteAppKey: Delete "/v2/apps/{appId}/keys/{keyId}" ACCOUNT None 200 [404]
            "App Keys", "Delete a key of an app and end its tokens";
        UploadAttachment: Post "/v2/apps/{appId}/attachments" ALL Multipart 201 [400]
            "Attachments", "Upload a file";
        DeleteAttachment: Post "/v2/apps/{appId}/attachments/remove" ALL Json 200 [400, 404]
            "Attachments", "Delete an uploaded file";
        CreateConversation: Post "/v2/apps/{appId}/conversations" ALL Json 201 [404]
            "Conversations", "Make a conversation";
        ListConversations: Get "/v2/apps/{appId}/conversations" ALL None 200 [400, 404]
            "Conversations", "List the conversations of a user";
        GetConversation: Get "/v2/apps/{appId}/conversations/{conversationId}" ALL None 200 [404]
            "Conversations", "Read a conversation";
        UpdateConversation: Patch "/v2/apps/{appId}/conversations/{conversationId}" ALL Json 200 [404]
            "Conversations", "Change a conversation";
        DeleteConversation: Delete "/v2/apps/{appId}/conversations/{conversationId}" ALL None 200 [400, 404]
            "Conversations", "Delete a conversation with its messages";
        JoinConversation: Post "/v2/apps/{appId}/conversations/{conversationId}/join" ALL Json 201 [400, 404]
            "Participants", "Add a user to a group conversation";
        ListParticipants: Get "/v2/apps/{appId}/conversations/{conversationId}/participants" ALL None 200 [400, 404]
            "Participants", "List who takes part in a conversation";
        LeaveConversation: Post "/v2/apps/{appId}/conversations/{conversationId}/leave" ALL Json 200 [404]
            "Participants", "Remove a user from a group conversation";
        PostMessage: Post "/v2/apps/{appId}/conversations/{conversationId}/messages" ALL Json 201 [423]
            "Messages", "Post a message";
        ListMessages: Get "/v2/apps/{appId}/conversations/{conversationId}/messages" ALL None 200 [404]
            "Messages", "List the messages of a conversation";
        DeleteAllMessages: Delete "/v2/apps/{appId}/conversations/{conversationId}/messages" ALL None 200 [404]
            "Messages", "Delete all messages of a conversation";
        DeleteMessage: Delete "/v2/apps/{appId}/conversations/{conversationId}/messages/{messageId}" ALL None 200 [404]
            "Messages", "Delete a message";
        PostActivity: Post "/v2/apps/{appId}/conversations/{conversationId}/activity" ALL Json 200 []
            "Activities", "Report that someone reads or types";
        PassControl: Post "/v2/apps/{appId}/conversations/{conversationId}/passControl" ALL Json 200 [404]
            "Switchboard Actions", "Make another switchboard integration active";
        ReleaseControl: Post "/v2/apps/{appId}/conversations/{conversationId}/releaseControl" ALL OptionalJson 200 [403, 404]
            "Switchboard Actions", "Give control up";
        OfferControl: Post "/v2/apps/{appId}/conversations/{conversationId}/offerControl" ALL Json 200 [404]
            "Switchboard Actions", "Offer control to another switchboard integration";
        AcceptControl: Post "/v2/apps/{appId}/conversations/{conversationId}/acceptControl" ALL Json 200 [403, 404]
            "Switchboard Actions", "Take control that was offered";
        DownloadMessageRef: Post "/v2/apps/{appId}/conversations/{conversationId}/download" ALL Json 200 []
            "Conversations", "Fetch what a channel's message refers to";
        PostConversionEvents: Post "/v2/apps/{appId}/conversations/{conversationId}/conversionEvents" ALL Json 200 []
            "Conversations", "Send conversion events to a channel";
        CreateIntegration: Post "/v2/apps/{appId}/integrations" ACCOUNT_APP Json 201 [400]
            "Integrations", "Make an integration";
        ListIntegrations: Get "/v2/apps/{appId}/integrations" ACCOUNT_APP None 200 [400]
            "Integrations", "List the integrations of an app";
        GetIntegration: Get "/v2/apps/{appId}/integrations/{integrationId}" ACCOUNT_APP None 200 [404]
            "Integrations", "Read an integration";
        UpdateIntegration: Patch "/v2/apps/{appId}/integrations/{integrationId}" ACCOUNT_APP Json 200 [404]
            "Integrations", "Change an integration";
        DeleteIntegration: Delete "/v2/apps/{appId}/integrations/{integrationId}" ACCOUNT_APP None 200 [400, 404]
            "Integrations", "Delete an integration";
        CreateCustomIntegrationKey: Post "/v2/apps/{appId}/integrations/{integrationId}/keys" ACCOUNT_APP Json 201 []
            "CustomIntegrationApiKeys", "Make a key of a custom integration";
        ListCustomIntegrationKeys: Get "/v2/apps/{appId}/integrations/{integrationId}/keys" ACCOUNT_APP None 200 [400]
            "CustomIntegrationApiKeys", "List the keys of a custom integration";
        GetCustomIntegrationKey: Get "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}" ACCOUNT_APP None 200 []
            "CustomIntegrationApiKeys", "Read a key of a custom integration";
        DeleteCustomIntegrationKey: Delete "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}" ACCOUNT_APP None 200 []
            "CustomIntegrationApiKeys", "Delete a key of a custom integration";
        CreateWebhook: Post "/v2/apps/{appId}/integrations/{integrationId}/webhooks" ALL Json 201 [400, 403, 404]
            "Webhooks", "Make a webhook";
        ListWebhooks: Get "/v2/apps/{appId}/integrations/{integrationId}/webhooks" ALL None 200 [403, 404]
            "Webhooks", "List the webhooks of an integration";
        GetWebhook: Get "/v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}" ALL None 200 [404]
            "Webhooks", "Read a webhook";
        UpdateWebhook: Patch "/v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}" ALL Json 200 [400, 404]
            "Webhooks", "Change a webhook";
        DeleteWebhook: Delete "/v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}" ALL None 200 [404]
            "Webhooks", "Delete a webhook";
        CreateSwitchboard: Post "/v2/apps/{appId}/switchboards" ACCOUNT_APP None 201 [400, 404]
            "Switchboards", "Make the switchboard of an app";
        ListSwitchboards: Get "/v2/apps/{appId}/switchboards" ACCOUNT_APP None 200 [404]
            "Switchboards", "List the switchboards of an app";
        UpdateSwitchboard: Patch "/v2/apps/{appId}/switchboards/{switchboardId}" ACCOUNT_APP Json 200 [404]
            "Switchboards", "Change a switchboard";
        DeleteSwitchboard: Delete "/v2/apps/{appId}/switchboards/{switchboardId}" ACCOUNT_APP None 200 [404]
            "Switchboards", "Delete a switchboard";
        CreateSwitchboardIntegration: Post "/v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations" ACCOUNT_APP Json 201 [400, 404]
            "Switchboard Integrations", "Link an integration to a switchboard";
        ListSwitchboardIntegrations: Get "/v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations" ACCOUNT_APP None 200 [404]
            "Switchboard Integrations", "List the integrations of a switchboard";
        UpdateSwitchboardIntegration: Patch "/v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations/{switchboardIntegrationId}" ACCOUNT_APP Json 200 [404]
            "Switchboard Integrations", "Change a switchboard integration";
        DeleteSwitchboardIntegration: Delete "/v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations/{switchboardIntegrationId}" ACCOUNT_APP None 200 [404]
            "Switchboard Integrations", "Take an integration out of a switchboard";
        CreateUser: Post "/v2/apps/{appId}/users" ALL Json 201 [409]
            "Users", "Make a user";
        ListUsers: Get "/v2/apps/{appId}/users" ALL None 200 []
            "Users", "Find users by an identity";
        GetUser: Get "/v2/apps/{appId}/users/{userIdOrExternalId}" ALL None 200 [404]
            "Users", "Read a user";
        UpdateUser: Patch "/v2/apps/{appId}/users/{userIdOrExternalId}" ALL Json 200 [404]
            "Users", "Change a user";
        DeleteUser: Delete "/v2/apps/{appId}/users/{userIdOrExternalId}" ALL None 200 [404]
            "Users", "Delete a user with clients and history";
        CreateClient: Post "/v2/apps/{appId}/users/{userIdOrExternalId}/clients" ALL Json 201 []
            "Clients", "Link a channel to a user";
        ListClients: Get "/v2/apps/{appId}/users/{userIdOrExternalId}/clients" ALL None 200 [400]
            "Clients", "List the clients of a user";
        RemoveClient: Delete "/v2/apps/{appId}/users/{userIdOrExternalId}/clients/{clientId}" ALL None 200 [400, 404]
            "Clients", "Remove a client of a user";
        ListDevices: Get "/v2/apps/{appId}/users/{userIdOrExternalId}/devices" ALL None 200 []
            "Devices", "List the devices of a user";
        GetDevice: Get "/v2/apps/{appId}/users/{userIdOrExternalId}/devices/{deviceId}" ALL None 200 [404]
            "Devices", "Read a device of a user";
        DeleteUserPersonalInformation: Delete "/v2/apps/{appId}/users/{userIdOrExternalId}/personalinformation" ALL None 200 [404]
            "Users", "Clear what is personal about a user";
        SyncUser: Post "/v2/apps/{appId}/users/{zendeskId}/sync" ALL OptionalJson 200 []
            "Users", "Bring a user in line with the help desk";
        GetTokenInfo: Get "/v2/tokenInfo" APP_INTEGRATION None 200 []
            "OAuth Endpoints", "Read the app that a token belongs to";
        Authorize: Get "/oauth/authorize" NOBODY None 302 []
            "OAuth Endpoints", "Ask for access to an app in a browser";
        GetToken: Post "/oauth/token" NOBODY JsonOrForm 200 []
            "OAuth Endpoints", "Exchange a code for a token";
        RevokeAccess: Delete "/oauth/authorization" INTEGRATION None 200 []
            "OAuth Endpoints", "Give the access to an app back";
    }
};

/// The operation with this id.
pub fn operation(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.id == id)
}
