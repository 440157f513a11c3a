//! One file per operation, by area; the table of which function is behind which operation.

mod activities;
mod app_keys;
mod apps;
mod attachments;
mod clients;
mod control;
mod conversations;
mod devices;
mod integration_keys;
mod integrations;
mod messages;
mod oauth;
mod own;
mod participants;
mod switchboard_integrations;
mod switchboards;
mod users;
mod webhooks;

use futures::FutureExt;

use crate::http::call::{Answer, AppCall, CallerCall, Handler, OpenCall, Repeat};
use crate::http::reply::Reply;

pub(crate) use messages::post_message::post_message_without_store;

macro_rules! bind {
    ($id:expr; $($operation:literal => $kind:ident $path:path;)*) => {
        match $id {
            $($operation => Some(bind!(@ $kind $path)),)*
            _ => None,
        }
    };
    (@ App $path:path) => { Handler::App(|call: AppCall| -> Answer { $path(call).boxed() }) };
    (@ Caller $path:path) => { Handler::Caller(|call: CallerCall| -> Answer { $path(call).boxed() }) };
    (@ Open $path:path) => { Handler::Open(|call: OpenCall| -> Answer { $path(call).boxed() }) };
}

/// The function behind an operation.
pub(crate) fn handler(operation: &str) -> Option<Handler> {
    setting_up(operation).or_else(|| talking(operation))
}

/// Operations on apps and what is connected to them.
fn setting_up(operation: &str) -> Option<Handler> {
    bind! { operation;
        "CreateApp" => Caller apps::create_app::create_app;
        "ListApps" => Caller apps::list_apps::list_apps;
        "GetApp" => App apps::get_app::get_app;
        "UpdateApp" => App apps::update_app::update_app;
        "DeleteApp" => App apps::delete_app::delete_app;
        "CreateAppKey" => App app_keys::create_app_key::create_app_key;
        "ListAppKeys" => App app_keys::list_app_keys::list_app_keys;
        "GetAppKey" => App app_keys::get_app_key::get_app_key;
        "DeleteAppKey" => App app_keys::delete_app_key::delete_app_key;
        "CreateIntegration" => App integrations::create_integration::create_integration;
        "ListIntegrations" => App integrations::list_integrations::list_integrations;
        "GetIntegration" => App integrations::get_integration::get_integration;
        "UpdateIntegration" => App integrations::update_integration::update_integration;
        "DeleteIntegration" => App integrations::delete_integration::delete_integration;
        "CreateCustomIntegrationKey" => App integration_keys::create_integration_key::create_integration_key;
        "ListCustomIntegrationKeys" => App integration_keys::list_integration_keys::list_integration_keys;
        "GetCustomIntegrationKey" => App integration_keys::get_integration_key::get_integration_key;
        "DeleteCustomIntegrationKey" => App integration_keys::delete_integration_key::delete_integration_key;
        "CreateWebhook" => App webhooks::create_webhook::create_webhook;
        "ListWebhooks" => App webhooks::list_webhooks::list_webhooks;
        "GetWebhook" => App webhooks::get_webhook::get_webhook;
        "UpdateWebhook" => App webhooks::update_webhook::update_webhook;
        "DeleteWebhook" => App webhooks::delete_webhook::delete_webhook;
        "CreateSwitchboard" => App switchboards::create_switchboard::create_switchboard;
        "ListSwitchboards" => App switchboards::list_switchboards::list_switchboards;
        "UpdateSwitchboard" => App switchboards::update_switchboard::update_switchboard;
        "DeleteSwitchboard" => App switchboards::delete_switchboard::delete_switchboard;
        "CreateSwitchboardIntegration" =>
            App switchboard_integrations::create_switchboard_integration::create_switchboard_integration;
        "ListSwitchboardIntegrations" =>
            App switchboard_integrations::list_switchboard_integrations::list_switchboard_integrations;
        "UpdateSwitchboardIntegration" =>
            App switchboard_integrations::update_switchboard_integration::update_switchboard_integration;
        "DeleteSwitchboardIntegration" =>
            App switchboard_integrations::delete_switchboard_integration::delete_switchboard_integration;
    }
}

/// Operations on people and what they say.
fn talking(operation: &str) -> Option<Handler> {
    bind! { operation;
        "CreateUser" => App users::create_user::create_user;
        "ListUsers" => App users::list_users::list_users;
        "GetUser" => App users::get_user::get_user;
        "UpdateUser" => App users::update_user::update_user;
        "DeleteUser" => App users::delete_user::delete_user;
        "DeleteUserPersonalInformation" =>
            App users::delete_user_personal_information::delete_user_personal_information;
        "SyncUser" => App users::sync_user::sync_user;
        "CreateClient" => App clients::create_client::create_client;
        "ListClients" => App clients::list_clients::list_clients;
        "RemoveClient" => App clients::remove_client::remove_client;
        "ListDevices" => App devices::list_devices::list_devices;
        "GetDevice" => App devices::get_device::get_device;
        "UploadAttachment" => App attachments::upload_attachment::upload_attachment;
        "DeleteAttachment" => App attachments::delete_attachment::delete_attachment;
        "CreateConversation" => App conversations::create_conversation::create_conversation;
        "ListConversations" => App conversations::list_conversations::list_conversations;
        "GetConversation" => App conversations::get_conversation::get_conversation;
        "UpdateConversation" => App conversations::update_conversation::update_conversation;
        "DeleteConversation" => App conversations::delete_conversation::delete_conversation;
        "JoinConversation" => App participants::join_conversation::join_conversation;
        "ListParticipants" => App participants::list_participants::list_participants;
        "LeaveConversation" => App participants::leave_conversation::leave_conversation;
        "PostMessage" => App messages::post_message::post_message;
        "ListMessages" => App messages::list_messages::list_messages;
        "DeleteAllMessages" => App messages::delete_all_messages::delete_all_messages;
        "DeleteMessage" => App messages::delete_message::delete_message;
        "PostActivity" => App activities::post_activity::post_activity;
        "PassControl" => App control::pass_control::pass_control;
        "ReleaseControl" => App control::release_control::release_control;
        "OfferControl" => App control::offer_control::offer_control;
        "AcceptControl" => App control::accept_control::accept_control;
        "DownloadMessageRef" => App conversations::download_message_ref::download_message_ref;
        "PostConversionEvents" => App conversations::post_conversion_events::post_conversion_events;
        "GetTokenInfo" => App oauth::get_token_info::get_token_info;
        "Authorize" => Open oauth::authorize::authorize;
        "SubmitConsent" => Open oauth::submit_consent::submit_consent;
        "GetToken" => Open oauth::get_token::get_token;
        "RevokeAccess" => App oauth::revoke_access::revoke_access;
        "CloseConversation" => App own::close_conversation::close_conversation;
        "ReopenConversation" => App own::reopen_conversation::reopen_conversation;
        "ListDeliveries" => App own::list_deliveries::list_deliveries;
        "PreviewMessage" => App own::preview_message::preview_message;
        "ReplayDelivery" => App own::replay_delivery::replay_delivery;
        "ListEvents" => App own::list_events::list_events;
        "ListSettings" => App own::settings::list_settings;
        "GetSetting" => App own::settings::get_setting;
        "PutSetting" => App own::settings::put_setting;
        "DeleteSetting" => App own::settings::delete_setting;
    }
}

/// Answers a repeat under the same idempotency key: the thing as it is now.
pub(crate) fn replay(operation: &str, repeat: Repeat) -> Answer {
    match operation {
        "CreateApp" => apps::create_app::replay(repeat).boxed(),
        "CreateAppKey" => app_keys::create_app_key::replay(repeat).boxed(),
        "CreateIntegration" => integrations::create_integration::replay(repeat).boxed(),
        "CreateCustomIntegrationKey" => integration_keys::create_integration_key::replay(repeat).boxed(),
        "CreateWebhook" => webhooks::create_webhook::replay(repeat).boxed(),
        "CreateSwitchboard" => switchboards::create_switchboard::replay(repeat).boxed(),
        "CreateSwitchboardIntegration" => {
            switchboard_integrations::create_switchboard_integration::replay(repeat).boxed()
        }
        "CreateUser" => users::create_user::replay(repeat).boxed(),
        "SyncUser" => users::sync_user::replay(repeat).boxed(),
        "CreateClient" => clients::create_client::replay(repeat).boxed(),
        "CreateConversation" => conversations::create_conversation::replay(repeat).boxed(),
        "JoinConversation" => participants::join_conversation::replay(repeat).boxed(),
        "PostMessage" => messages::post_message::replay(repeat).boxed(),
        "PostConversionEvents" => conversations::post_conversion_events::replay(repeat).boxed(),
        "CloseConversation" | "ReopenConversation" => own::close_conversation::replay(repeat).boxed(),
        "ReplayDelivery" => own::replay_delivery::replay(repeat).boxed(),
        // Actions have no thing to show.
        _ => async move {
            drop(repeat);
            Ok(Reply::empty())
        }
        .boxed(),
    }
}
