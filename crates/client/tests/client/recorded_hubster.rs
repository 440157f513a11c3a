//! Recorded answers of Hubster, with the members that the documentation's examples have and values of our
//! own: each is read without a loss, by the method that sends exactly its row.

use crosspoint_client::hubster::types::*;
use crosspoint_client::{Secret, Upload};
use serde_json::Value;

use crate::recorded::replay;

const ANSWERS: &str = include_str!("answers_hubster.json");

/// Known enums come as numbers from some routes and are written as names; unknown ones stay as they come.
fn named(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Value::Object(members) = &mut answer {
        if let Some(number) = members.get("integrationTypeId").and_then(Value::as_i64) {
            let named = serde_json::to_value(IntegrationType::from_number(number)).unwrap();
            members.insert("integrationTypeId".into(), named);
        }
        if let Some(number) = members.get("channelId").and_then(Value::as_i64) {
            members
                .insert("channelId".into(), serde_json::to_value(ChannelType::from_number(number)).unwrap());
        }
    }
    answer
}

fn file(name: &str) -> Upload {
    Upload { file_name: name.into(), media_type: "image/png".into(), bytes: b"\x89PNG"[..].into() }
}

fn integration() -> IntegrationCreate {
    DirectConfiguration::of(IntegrationType::Agent).create("a")
}

macro_rules! walks {
    ($($api:ident $id:ident: $method:ident($($given:expr),*);)*) => {
        #[tokio::test]
        async fn each_operation_of_hubster_reads_its_recorded_answers() {
            let answers: Value = serde_json::from_str(ANSWERS).unwrap();
            let (mut walked, mut lost) = (Vec::new(), Vec::new());
            $(
                let row = wire::hubster::operation(stringify!($id)).unwrap();
                let recorded = &answers[stringify!($method)];
                lost.extend(replay(recorded, row, |fake| fake.nobody().$api().$method($($given),*), named).await);
                walked.push(row.id);
            )*
            assert!(lost.is_empty(), "{lost:#?}");
            for row in wire::hubster::OPERATIONS {
                assert!(walked.contains(&row.id), "{} has no recorded answer", row.id);
            }
        }
    };
}

walks! {
    identity IdentityToken: token(&TokenForm::client("c", Secret::new("s")));
    identity IdentityConfiguration: configuration();
    identity IdentityKeys: keys();
    portal PortalGetClient: get_client("p1");
    portal PortalCreateClientToken: create_client_token("p1", &ClientSecretCreate::new("a"));
    portal PortalDeleteClientToken: delete_client_token("p1", "p2");
    portal PortalCreateHub: create_hub(&HubCreate::new("a", "b"));
    portal PortalUpdateHub: update_hub("p1", &HubUpdate::default());
    portal PortalDeleteHub: delete_hub("p1");
    portal PortalGetHub: get_hub("p1");
    portal PortalListHubs: list_hubs();
    portal PortalCreateOrUpdateIntegration: create_integration("p1", &integration());
    portal PortalCreateOrUpdateIntegration: update_integration("p1", &IntegrationUpdate::default());
    portal PortalPutHubsIntegration: put_hubs_integration("p1", &IntegrationUpdate::default());
    portal PortalPutIntegration: put_integration("p1", &IntegrationUpdate::default());
    portal PortalGetIntegration: get_integration("p1");
    portal PortalDeleteIntegration: delete_integration("p1");
    portal PortalListHubIntegrations: list_hub_integrations("p1", "p2");
    portal PortalListIntegrations: list_integrations(&IntegrationQuery::default());
    portal PortalCreateTransferCommand: create_transfer_command("p1", &TransferCommandCreate::new("a", "b", "c"));
    portal PortalUpdateTransferCommand: update_transfer_command("p1", &TransferCommandUpdate::default());
    portal PortalDeleteTransferCommand: delete_transfer_command("p1");
    portal PortalGetTransferCommand: get_transfer_command("p1");
    portal PortalListTransferCommands: list_transfer_commands("p1");
    portal PortalCreateResponseCommand: create_response_command("p1", &ResponseCommandCreate::messages("a", CommandReceiver::Agent, &[]));
    portal PortalUpdateResponseCommand: update_response_command("p1", &ResponseCommandUpdate::default());
    portal PortalDeleteResponseCommand: delete_response_command("p1");
    portal PortalGetResponseCommand: get_response_command("p1");
    portal PortalListResponseCommands: list_response_commands("p1");
    engine EngineEstablish: establish(&EstablishRequest::direct("a", "b"));
    engine EngineGetConversation: get_conversation("p1");
    engine EngineGetEstablished: get_established("p1");
    engine EngineListEstablished: list_established("p1");
    engine EngineListActivities: list_activities("p1", &ActivityQuery::of(IntegrationType::Agent));
    engine EngineCustomerActivity: customer_activity("p1", &ActivityRequest::message(Message::text("a")));
    engine EngineBusinessActivity: business_activity("p1", &ActivityRequest::message(Message::text("a")));
    engine EngineWebChatToken: web_chat_token("p1");
    engine EngineWebChatActivity: web_chat_activity("p1", &ActivityRequest::message(Message::text("a")));
    engine EngineUploadResources: upload_resources("p1", &[file("a.png"), file("b.png")]);
}

#[test]
fn what_recorded_activities_say_is_read_without_a_loss() {
    let answers: Value = serde_json::from_str(ANSWERS).unwrap();
    let activities: Vec<Activity> = serde_json::from_value(answers["list_activities"][0].clone()).unwrap();
    let mut kinds = Vec::new();
    for activity in &activities {
        match activity.said().unwrap() {
            Said::Message(message) => {
                assert!(!matches!(message, Message::Unknown(_)), "{message:?}");
                assert_eq!(Some(serde_json::to_value(&message).unwrap()), activity.message);
                kinds.push(message.type_name().to_owned());
            }
            Said::Event(event) => {
                assert_eq!(Some(serde_json::to_value(&event).unwrap()), activity.event);
                assert_eq!(event.kind, DirectEventType::Payload);
            }
            other => panic!("{other:?}"),
        }
    }
    for kind in Message::KNOWN {
        assert!(kinds.iter().any(|found| found == kind), "no recorded {kind}");
    }
}

#[test]
fn configurations_are_read_in_either_case() {
    fn read<C: Configure>(answer: &Value) -> C {
        serde_json::from_value::<Integration>(answer.clone()).unwrap().configured().unwrap()
    }
    let answers: Value = serde_json::from_str(ANSWERS).unwrap();
    for (list, [twilio, messenger, web_chat, system, slack]) in
        [("create_integration", [0, 1, 2, 4, 5]), ("get_integration", [0, 1, 2, 3, 4])]
    {
        let answers = &answers[list];
        let twilio: TwilioConfiguration = read(&answers[twilio]);
        assert_eq!((twilio.account_sid.as_str(), twilio.auth_token.expose()), ("AC1f", "cb8c"));
        assert!(twilio.capabilities.unwrap().voice);
        let messenger: MessengerConfiguration = read(&answers[messenger]);
        assert_eq!(messenger.page_id.as_deref(), Some("2"));
        let web_chat: WebChatConfiguration = read(&answers[web_chat]);
        assert_eq!((web_chat.allowed_origins.len(), web_chat.start.unwrap().len()), (2, 1));
        let system: SystemConfiguration = read(&answers[system]);
        assert_eq!(system.events.len(), 3);
        let slack: SlackConfiguration = read(&answers[slack]);
        assert_eq!(slack.team_id.as_deref(), Some("T1"));
    }
    let wrong = serde_json::from_value::<Integration>(answers["get_integration"][0].clone()).unwrap();
    assert!(wrong.configured::<SystemConfiguration>().is_err());
}

#[tokio::test]
async fn several_files_are_one_form() {
    let fake = crate::fake::Fake::start([crate::fake::json(200, "[]")]).await;
    fake.nobody().engine().upload_resources("c1", &[file("a.png"), file("b.png")]).await.unwrap();
    let body = String::from_utf8_lossy(&fake.asked()[0].body).into_owned();
    for name in ["a.png", "b.png"] {
        assert!(body.contains(&format!(r#"name="files"; filename="{name}""#)), "{body}");
    }
}
