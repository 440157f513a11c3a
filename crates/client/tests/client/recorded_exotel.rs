//! Answers of Exotel as its pages show them, with exactly the fields that these list, in their envelopes:
//! what is in them is read without a loss, by the method that sends exactly its row. Where two stand in a
//! list, the second has what the pages do not list, too.

use crosspoint_client::Secret;
use crosspoint_client::exotel::types::*;
use futures::TryStreamExt as _;
use serde_json::Value;

use crate::fake::{Fake, json};
use crate::recorded::replay;

const ANSWERS: &str = include_str!("answers_exotel.json");

fn data(answer: &Value) -> Value {
    answer.get("Data").or(answer.get("data")).unwrap().clone()
}

fn app() -> AppRequest {
    AppRequest::new("a", Domain::Mumbai)
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
    ExotelCreateCustomer: create_customer(&CustomerRequest { customer_name: "a".into(), email: "b".into() });
    ExotelGetCustomer: get_customer();
    ExotelDeleteCustomer: delete_customer();
    ExotelGetAppSettings: get_app_settings("p1", "p2");
    ExotelPutAppSettings: put_app_settings("p1", "p2", &AppSettingsChange::default());
    ExotelCreateUsers: create_users(&[]);
    ExotelGetUsers: get_user("a+b@c.d");
    ExotelGetUsers: list_users();
    ExotelDeleteAllUsers: delete_all_users();
    ExotelDeleteUsers: delete_users(&["a".to_owned()]);
    ExotelSetDevices: set_devices("p1", "p2", "p3", &DeviceChange::default());
    ExotelRegisterApp: register_app(&app());
    ExotelGetApp: get_app();
    ExotelGetApp: list_apps();
    ExotelUpdateApp: update_app(&AppChange::default());
    ExotelDeleteApp: delete_app();
    ExotelPutSetting: put_setting(&SettingRequest::new("a", "b"));
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

#[tokio::test]
async fn users_are_walked_over_all_pages() {
    let page = |names: &[&str], last: &str| {
        let answers: Value = serde_json::from_str(ANSWERS).unwrap();
        let user = |name: &&str| {
            let mut user = answers["get_user"][0]["Data"].clone();
            user["AppUserId"] = (*name).into();
            user
        };
        let users: Vec<Value> = names.iter().map(user).collect();
        let data = serde_json::json!({ "Users": users, "PageSize": 2, "LastEvaluatedValue": last });
        let body = serde_json::json!({ "RequestId": "r", "Status": "Success", "Code": 200, "Error": "", "Data": data });
        json(200, &body.to_string())
    };
    let fake = Fake::start([page(&["a", "b"], "7"), page(&["c"], "")]).await;
    let walk = fake.nobody().exotel().list_users().page_size(2).stream();
    let ids: Vec<String> = walk.map_ok(|user| user.app_user_id).try_collect().await.unwrap();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(fake.asked()[1].uri.query(), Some("page_size=2&last_value=7"));
}
