//! Recorded answers, with the fields that the description's examples have and values of our own: each
//! is read without a loss, by the method that sends exactly its row.

use crosspoint_client::sunshine::Sunshine;
use crosspoint_client::sunshine::types::*;
use crosspoint_client::{Call, Secret, Upload};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wire::Operation;

use crate::fake::{Fake, json};

const ANSWERS: &str = include_str!("answers.json");

/// What the vendor sends though its description does not know it (sunshine-v2.md §0.5): let go.
const UNDESCRIBED: &[&str] = &["hasPaymentInfo", "localeOrigin"];

/// Where the written value lacks something that was recorded.
fn lost(recorded: &Value, written: &Value, at: &str, found: &mut Vec<String>) {
    match (recorded, written) {
        (Value::Object(recorded), Value::Object(written)) => {
            for (name, value) in recorded.iter().filter(|(name, _)| !UNDESCRIBED.contains(&name.as_str())) {
                lost(value, written.get(name).unwrap_or(&Value::Null), &format!("{at}.{name}"), found);
            }
        }
        (Value::Array(recorded), Value::Array(written)) if recorded.len() == written.len() => {
            for (index, (recorded, written)) in recorded.iter().zip(written).enumerate() {
                lost(recorded, written, &format!("{at}[{index}]"), found);
            }
        }
        _ if recorded == written => {}
        _ => found.push(format!("{at}: {recorded} became {written}")),
    }
}

/// Calls an operation of Sunshine that answers with each of its recorded answers; gives what was lost.
async fn walk<T, M>(id: &str, call: M) -> Vec<String>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    M: Fn(Sunshine) -> Call<T>,
{
    let answers: Value = serde_json::from_str(ANSWERS).unwrap();
    let row = wire::sunshine::operation(id).unwrap();
    replay(&answers[id], row, |fake| call(fake.client().sunshine()), Value::clone).await
}

/// Calls an operation once for each recorded answer; gives what was lost. `shown` says which part of an
/// answer the caller gets.
pub async fn replay<T, M>(
    answers: &Value,
    row: &Operation,
    call: M,
    shown: fn(&Value) -> Value,
) -> Vec<String>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    M: Fn(&Fake) -> Call<T>,
{
    let id = row.id;
    let answers = answers.as_array().unwrap_or_else(|| panic!("no recorded answer of {id}"));
    let mut found = Vec::new();
    for answer in answers {
        let text = if answer.is_null() { String::new() } else { answer.to_string() };
        let fake = Fake::start([json(row.success, &text)]).await;
        match call(&fake).await {
            Ok(read) => lost(&shown(answer), &serde_json::to_value(&read).unwrap(), id, &mut found),
            Err(error) => found.push(error.to_string()),
        }
        let asked = fake.asked().remove(0);
        assert_eq!(asked.method.as_str(), row.method.as_str());
        let values = row.path.split('/').map(|segment| segment.starts_with('{'));
        let filled: Vec<_> = asked.uri.path().split('/').zip(values).collect();
        let mut count = 0;
        for ((segment, is_value), template) in filled.iter().zip(row.path.split('/')) {
            count += usize::from(*is_value);
            let expected = if *is_value { format!("p{count}") } else { template.to_owned() };
            assert_eq!(*segment, expected, "{id}: parameters stand in their order");
        }
        assert_eq!(filled.len(), row.path.split('/').count());
    }
    found
}

fn link() -> ClientCreateBody {
    ClientCreateBody {
        match_criteria: MatchCriteria::Unknown(serde_json::Map::new()),
        confirmation: Confirmation { kind: ConfirmationType::Prompt, message: None },
        target: LinkTarget { conversation_id: "c1".into() },
    }
}

fn code() -> TokenBody {
    TokenBody {
        code: Secret::new("c"),
        grant_type: "authorization_code".into(),
        client_id: "p".into(),
        client_secret: Secret::new("s"),
    }
}

macro_rules! walks {
    ($($id:ident: $method:ident($($given:expr),*);)*) => {
        #[tokio::test]
        async fn each_operation_reads_its_recorded_answers() {
            let (mut walked, mut lost) = (vec!["Authorize"], Vec::new());
            $(
                lost.extend(walk(stringify!($id), |sunshine| sunshine.$method($($given),*)).await);
                walked.push(stringify!($id));
            )*
            assert!(lost.is_empty(), "{lost:#?}");
            for row in wire::sunshine::OPERATIONS {
                assert!(walked.contains(&row.id), "{} has no recorded answer", row.id);
            }
        }
    };
}

walks! {
    CreateApp: create_app(&AppCreateBody::new("a"));
    ListApps: list_apps();
    GetApp: get_app("p1");
    UpdateApp: update_app("p1", &AppUpdateBody::default());
    DeleteApp: delete_app("p1");
    CreateAppKey: create_app_key("p1", &KeyCreateBody::new("a"));
    ListAppKeys: list_app_keys("p1");
    GetAppKey: get_app_key("p1", "p2");
    DeleteAppKey: delete_app_key("p1", "p2");
    CreateCustomIntegrationKey: create_custom_integration_key("p1", "p2", &KeyCreateBody::new("a"));
    ListCustomIntegrationKeys: list_custom_integration_keys("p1", "p2");
    GetCustomIntegrationKey: get_custom_integration_key("p1", "p2", "p3");
    DeleteCustomIntegrationKey: delete_custom_integration_key("p1", "p2", "p3");
    UploadAttachment: upload_attachment("p1", &AttachmentQuery::default(), &Upload { file_name: "a".into(), media_type: "a/b".into(), bytes: "a".into() });
    DeleteAttachment: delete_attachment("p1", &AttachmentDeleteBody { media_url: "https://a".into() });
    CreateConversation: create_conversation("p1", &ConversationCreateBody::personal("u1"));
    ListConversations: list_conversations("p1", &ConversationFilter::default());
    GetConversation: get_conversation("p1", "p2");
    UpdateConversation: update_conversation("p1", "p2", &ConversationUpdateBody::default());
    DeleteConversation: delete_conversation("p1", "p2");
    DownloadMessageRef: download_message_ref("p1", "p2", &DownloadMessageRefBody { user_id: "u1".into(), apple: None });
    PostConversionEvents: post_conversion_events("p1", "p2", &ConversionEventsBody::default());
    JoinConversation: join_conversation("p1", "p2", &ParticipantSpec::default());
    ListParticipants: list_participants("p1", "p2");
    LeaveConversation: leave_conversation("p1", "p2", &ParticipantLeaveBody::default());
    PostMessage: post_message("p1", "p2", &MessagePost::new(Author::business(), Content::text("a")));
    ListMessages: list_messages("p1", "p2");
    DeleteAllMessages: delete_all_messages("p1", "p2");
    DeleteMessage: delete_message("p1", "p2", "p3");
    PostActivity: post_activity("p1", "p2", &ActivityPost { author: Author::business(), kind: ActivityType::Read });
    PassControl: pass_control("p1", "p2", &PassControlBody::to("next"));
    ReleaseControl: release_control("p1", "p2", &ReleaseControlBody::default());
    OfferControl: offer_control("p1", "p2", &OfferControlBody::default());
    AcceptControl: accept_control("p1", "p2", &AcceptControlBody::default());
    CreateIntegration: create_integration("p1", &IntegrationCreateBody::new(IntegrationType::Web));
    ListIntegrations: list_integrations("p1");
    GetIntegration: get_integration("p1", "p2");
    UpdateIntegration: update_integration("p1", "p2", &IntegrationUpdateBody::default());
    DeleteIntegration: delete_integration("p1", "p2");
    CreateWebhook: create_webhook("p1", "p2", &WebhookCreateBody::new("https://a", [Trigger::UserMerge]));
    ListWebhooks: list_webhooks("p1", "p2");
    GetWebhook: get_webhook("p1", "p2", "p3");
    UpdateWebhook: update_webhook("p1", "p2", "p3", &WebhookUpdateBody::default());
    DeleteWebhook: delete_webhook("p1", "p2", "p3");
    CreateSwitchboard: create_switchboard("p1");
    ListSwitchboards: list_switchboards("p1");
    UpdateSwitchboard: update_switchboard("p1", "p2", &SwitchboardUpdateBody::default());
    DeleteSwitchboard: delete_switchboard("p1", "p2");
    CreateSwitchboardIntegration: create_switchboard_integration("p1", "p2", &SwitchboardIntegrationCreateBody::default());
    ListSwitchboardIntegrations: list_switchboard_integrations("p1", "p2");
    UpdateSwitchboardIntegration: update_switchboard_integration("p1", "p2", "p3", &SwitchboardIntegrationUpdateBody::default());
    DeleteSwitchboardIntegration: delete_switchboard_integration("p1", "p2", "p3");
    CreateUser: create_user("p1", &UserCreateBody::default());
    ListUsers: list_users("p1", &UserFilter::default());
    GetUser: get_user("p1", "p2");
    UpdateUser: update_user("p1", "p2", &UserUpdateBody::default());
    DeleteUser: delete_user("p1", "p2");
    DeleteUserPersonalInformation: delete_user_personal_information("p1", "p2");
    SyncUser: sync_user("p1", "p2", &SyncUserBody::default());
    CreateClient: create_client("p1", "p2", &link());
    ListClients: list_clients("p1", "p2");
    RemoveClient: remove_client("p1", "p2", "p3");
    ListDevices: list_devices("p1", "p2");
    GetDevice: get_device("p1", "p2", "p3");
    GetTokenInfo: get_token_info();
    GetToken: get_token(&code());
    RevokeAccess: revoke_access();
}
