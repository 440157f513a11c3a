//! Recorded answers of Exotel, in their envelopes: what is in them is read without a loss, by the method
//! that sends exactly its row.

use crosspoint_client::Secret;
use crosspoint_client::exotel::types::*;
use serde_json::Value;

use crate::fake::{Fake, json};
use crate::recorded::replay;

const ANSWERS: &str = include_str!("answers_exotel.json");

fn data(answer: &Value) -> Value {
    answer["Data"].clone()
}

fn app() -> AppRequest {
    AppRequest {
        app_name: "a".into(),
        exotel_account_sid: "b".into(),
        exotel_api_key: "c".into(),
        exotel_api_token: Secret::new("d"),
        exotel_domain: Domain::Mumbai,
        is_active: true,
    }
}

macro_rules! walks {
    ($($id:ident: $method:ident($($given:expr),*);)*) => {
        #[tokio::test]
        async fn each_operation_of_exotel_reads_its_recorded_answers() {
            let answers: Value = serde_json::from_str(ANSWERS).unwrap();
            let (mut walked, mut lost) = (Vec::new(), Vec::new());
            $(
                let row = wire::exotel::operation(stringify!($id)).unwrap();
                let recorded = &answers[stringify!($method)];
                lost.extend(replay(recorded, row, |fake| fake.nobody().exotel().$method($($given),*), data).await);
                walked.push(row.id);
            )*
            assert!(lost.is_empty(), "{lost:#?}");
            for row in wire::exotel::OPERATIONS {
                assert!(walked.contains(&row.id), "{} has no recorded answer", row.id);
            }
        }
    };
}

walks! {
    ExotelCreateToken: create_token(&TokenRequest { id: "a".into(), secret: Secret::new("b"), entity: Entity::App });
    ExotelRegisterApp: register_app(&app());
    ExotelGetApp: get_app();
    ExotelGetApp: list_apps();
    ExotelUpdateApp: update_app(&AppChange::default());
    ExotelDeleteApp: delete_app();
    ExotelPutSetting: put_setting(&SettingRequest { key: "a".into(), value: "b".into() });
    ExotelGetSetting: get_setting("a b");
    ExotelGetSetting: list_settings();
    ExotelDeleteSetting: delete_setting("a");
    ExotelOutboundCall: outbound_call(&OutboundCall::default());
}

#[tokio::test]
async fn a_refusal_of_exotel_is_its_text() {
    let refusal = r#"{"RequestId":"c6539add","Status":"Failed","Code":404,"Error":"There is no such setting","Data":null}"#;
    let fake = Fake::start([
        json(404, refusal),
        json(200, r#"{"RequestId":"r","Status":"Success","Code":200,"Error":"","Data":{"Key":"k"}}"#),
    ])
    .await;
    let exotel = fake.nobody().exotel();
    let error = exotel.get_setting("a&b").await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(404), None));
    assert_eq!(error.to_string(), "ExotelGetSetting: status 404: There is no such setting (request r-1)");
    assert_eq!(fake.asked()[0].uri.query(), Some("key=a%26b"));
    let unreadable = exotel.get_setting("k").await.unwrap_err().to_string();
    assert!(unreadable.ends_with("Data.CustomerID: is required"), "{unreadable}");
}
