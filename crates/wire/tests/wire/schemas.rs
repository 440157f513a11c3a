//! Every field of every schema survives a round trip through its type.

use crate::document::{crosspoint, exotel, schema, sunshine, texts};
use crate::sample::sample;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wire::body::from_value;
use wire::crosspoint::types as own;
use wire::exotel::{notice, settings, types as theirs, users};
use wire::sunshine::types::*;

/// More than the alternatives of any union, so that each has its turn.
const PICKS: usize = 18;

fn round_trip<T: Serialize + DeserializeOwned>(document: &Value, name: &str) {
    for pick in 0..PICKS {
        let value = sample(document, schema(document, name), pick);
        let read: T = from_value(&value).unwrap_or_else(|error| panic!("{name}: {error}\n{value:#}"));
        assert_eq!(serde_json::to_value(&read).unwrap(), value, "{name}");
        let direct: T = serde_json::from_str(&value.to_string()).unwrap();
        assert_eq!(serde_json::to_value(&direct).unwrap(), value, "{name}");
    }
}

macro_rules! round_trips {
    ($($test:ident: $document:ident { $($name:literal => $type:ty),* $(,)? })*) => {$(
        #[test]
        fn $test() {
            let document = $document();
            $(round_trip::<$type>(&document, $name);)*
        }
    )*};
}

round_trips! {
    apps_and_keys: sunshine {
        "appResponse" => AppResponse, "appResponseWithSubdomain" => AppResponse,
        "appListResponse" => AppListResponse, "appCreateBody" => AppCreateBody,
        "appUpdateBody" => AppUpdateBody, "appKeyResponse" => KeyResponse,
        "appKeyListResponse" => KeyListResponse, "integrationApiKeyResponse" => KeyResponse,
    }
    people: sunshine {
        "userResponse" => UserResponse, "userListResponse" => UserListResponse,
        "userCreateBody" => UserCreateBody, "userUpdateBody" => UserUpdateBody,
        "userTruncated" => UserTruncated, "syncUserBody" => SyncUserBody,
        "clientListResponse" => ClientListResponse, "clientCreate" => ClientCreateBody,
        "matchCriteria" => MatchCriteria, "deviceResponse" => DeviceResponse,
        "deviceListResponse" => DeviceListResponse,
    }
    conversations: sunshine {
        "conversationResponse" => ConversationResponse, "conversationListResponse" => ConversationListResponse,
        "conversationTruncated" => ConversationTruncated, "conversationCreateBody" => ConversationCreateBody,
        "conversationUpdateBody" => ConversationUpdateBody, "participantJoinBody" => ParticipantSpec,
        "participantLeaveBody" => ParticipantLeaveBody, "participantListResponse" => ParticipantListResponse,
        "downloadMessageRefBody" => DownloadMessageRefBody, "conversionEventsBody" => ConversionEventsBody,
        "conversionEventsResponse" => ConversionEventsResponse,
    }
    messages: sunshine {
        "content" => Content, "action" => Action, "message" => Message,
        "messageListResponse" => MessageListResponse, "messagePostResponse" => MessagePostResponse,
        "messagePost" => MessagePost, "messageOverride" => MessageOverride, "activityPost" => ActivityPost,
        "attachmentResponse" => AttachmentResponse, "attachmentDeleteBody" => AttachmentDeleteBody,
    }
    integrations_and_webhooks: sunshine {
        "integrationResponse" => IntegrationResponse, "integrationListResponse" => IntegrationListResponse,
        "android" => Integration, "web" => Integration, "custom" => IntegrationCreateBody,
        "webUpdate" => IntegrationUpdateBody, "prechatCapture" => PrechatCapture,
        "webhookResponse" => WebhookResponse, "webhookListResponse" => WebhookListResponse,
        "webhookBody" => WebhookUpdateBody, "webhookCreateBody" => WebhookCreateBody,
    }
    switchboards: sunshine {
        "switchboardResponse" => SwitchboardResponse, "switchboardListResponse" => SwitchboardListResponse,
        "switchboardUpdateBody" => SwitchboardUpdateBody,
        "switchboardIntegrationResponse" => SwitchboardIntegrationResponse,
        "switchboardIntegrationListResponse" => SwitchboardIntegrationListResponse,
        "switchboardIntegrationCreateBody" => SwitchboardIntegrationCreateBody,
        "switchboardIntegrationUpdateBody" => SwitchboardIntegrationUpdateBody,
        "passControlBody" => PassControlBody, "offerControlBody" => OfferControlBody,
        "acceptControlBody" => AcceptControlBody, "releaseControlBody" => ReleaseControlBody,
    }
    lists_and_refusals: sunshine {
        "page" => Page, "meta" => Meta, "links" => Links, "errorResponse" => ErrorResponse,
    }
    our_own_routes: crosspoint {
        "conversationStateResponse" => own::ConversationStateResponse, "deliveryResponse" => own::DeliveryResponse,
        "deliveryListResponse" => own::DeliveryListResponse, "eventListResponse" => own::EventListResponse,
        "settingResponse" => own::SettingResponse, "settingListResponse" => own::SettingListResponse,
        "settingBody" => own::SettingBody, "errorResponse" => ErrorResponse,
    }
    integrations_core: exotel {
        "tokenRequest" => theirs::TokenRequest, "appRequest" => theirs::AppRequest,
        "appChange" => theirs::AppChange, "app" => theirs::App,
        "settingRequest" => theirs::SettingRequest, "setting" => theirs::Setting,
        "settingName" => theirs::SettingName, "outboundCall" => theirs::OutboundCall,
        "customerRequest" => theirs::CustomerRequest, "customer" => theirs::Customer,
    }
    integrations_cores_users_and_notices: exotel {
        "userRequest" => users::UserRequest, "user" => users::User, "userPage" => users::UserPage,
        "deviceChange" => users::DeviceChange, "deviceState" => users::DeviceState,
        "appSettingsChange" => settings::AppSettingsChange, "appSettingsOf" => settings::AppSettingsOf,
        "notice" => notice::Notice,
    }
}

#[test]
fn the_events_of_every_trigger() {
    let document = sunshine();
    let pointer =
        "/x-webhooks/event/post/requestBody/content/application~1json/schema/properties/events/items";
    let mapping = &document.pointer(pointer).unwrap()["discriminator"]["mapping"];
    for (trigger, target) in mapping.as_object().unwrap() {
        let name = target.as_str().unwrap().rsplit('/').next().unwrap();
        for pick in 0..PICKS {
            let mut value = sample(&document, schema(&document, name), pick);
            assert_eq!(value["type"], trigger.as_str());
            if trigger.ends_with("Control:failure") {
                value["payload"]["error"] = json!({"code": "c", "message": "m"}); // described as any object
            }
            let event: Event = from_value(&value).unwrap();
            let event = event.typed().unwrap_or_else(|error| panic!("{trigger}: {error}\n{value:#}"));
            assert!(event.kind.is_known());
            assert_eq!(serde_json::to_value(&event).unwrap(), value, "{trigger}");
        }
    }
}

#[test]
fn the_enums_have_the_values_of_the_schemas() {
    let document = sunshine();
    let values = |pointer: &str| {
        texts(document["components"]["schemas"].pointer(pointer).unwrap_or_else(|| panic!("{pointer}")))
    };
    let payload = |event: &str, field: &str| {
        values(&format!("/{event}/allOf/1/properties/payload/properties/{field}/enum"))
    };
    for (known, described) in [
        (ClientType::KNOWN, values("/clientType/enum")),
        (ClientStatus::KNOWN, values("/client/properties/status/enum")),
        (ConfirmationType::KNOWN, values("/clientCreate/properties/confirmation/properties/type/enum")),
        (DeviceType::KNOWN, values("/device/properties/type/enum")),
        (DeviceStatus::KNOWN, values("/device/properties/status/enum")),
        (ConversationType::KNOWN, values("/conversationType/enum")),
        (AuthorType::KNOWN, values("/author/properties/type/enum")),
        (AuthorSubtype::KNOWN, values("/author/properties/subtypes/items/enum")),
        (
            AppleCapability::KNOWN,
            values("/appleMessageOverridePayload/properties/withCapabilities/items/enum"),
        ),
        (
            ImageAspectRatio::KNOWN,
            values("/carouselMessage/properties/displaySettings/properties/imageAspectRatio/enum"),
        ),
        (ItemSize::KNOWN, values("/item/properties/size/enum")),
        (FormFieldType::KNOWN, values("/field/properties/type/enum")),
        (TextFormat::KNOWN, values("/field/properties/format/enum")),
        (WebviewSize::KNOWN, values("/webview/properties/size/enum")),
        (ActivityType::KNOWN, values("/activityTypes/properties/type/enum")),
        (IntegrationStatus::KNOWN, values("/status/enum")),
        (Trigger::KNOWN, values("/triggers/items/enum")),
        (ControlReason::KNOWN, payload("switchboardPassControl", "reason")),
        (ClientAddReason::KNOWN, payload("clientAddEvent", "reason")),
        (ClientRemoveReason::KNOWN, payload("clientRemoveEvent", "reason")),
        (ClientUpdateReason::KNOWN, payload("clientUpdateEvent", "reason")),
        (CreationReason::KNOWN, payload("conversationCreateEvent", "creationReason")),
        (UserMergeReason::KNOWN, payload("userMergeEvent", "reason")),
        (UserUpdateReason::KNOWN, payload("userUpdateEvent", "reason")),
    ] {
        let mut known: Vec<_> = known.iter().map(|value| value.to_string()).collect();
        let mut described = described;
        known.sort();
        described.sort();
        assert_eq!(known, described);
    }
    for (union, known) in [
        ("content", Content::KNOWN),
        ("action", Action::KNOWN),
        ("matchCriteria", MatchCriteria::KNOWN),
        ("quotedMessage", QuotedMessage::KNOWN),
        ("activityMessage", MessageActivityType::KNOWN),
    ] {
        let mapping = schema(&document, union)["discriminator"]["mapping"].as_object().unwrap();
        let mut known = known.to_vec();
        known.sort_unstable();
        let mut described: Vec<_> = mapping.keys().map(String::as_str).collect();
        described.sort_unstable();
        assert_eq!(known, described, "{union}");
    }
}
