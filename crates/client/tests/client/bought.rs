//! Tokens that the client buys by itself: once, anew in time, and anew when one is refused.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use crosspoint_client::hubster::types::*;
use crosspoint_client::{Client, Credentials, Error};
use futures::TryStreamExt as _;

use crate::fake::{Fake, json};

fn token(name: &str, seconds: u64) -> axum::http::Response<axum::body::Body> {
    let body = serde_json::json!({ "access_token": name, "token_type": "Bearer", "expires_in": seconds });
    json(200, &body.to_string())
}

fn hubs(ids: &[&str], number: u64, total: u64) -> axum::http::Response<axum::body::Body> {
    let hub = |id: &&str| serde_json::json!({ "hubId": id, "tenantId": "t", "name": "n", "statusId": 2000 });
    let results: Vec<_> = ids.iter().map(hub).collect();
    let page = serde_json::json!({ "pageNumber": number, "pageSize": 2, "total": total, "results": results });
    json(200, &page.to_string())
}

fn refused() -> axum::http::Response<axum::body::Body> {
    json(401, r#"{"status":401,"errors":[{"code":102,"description":"Who? (code: PRT000102)"}]}"#)
}

fn credentials() -> Credentials {
    Credentials::hubster("hubster.portal.api.b205", "a+b/c=")
}

fn said(fake: &Fake) -> Vec<String> {
    let header = |asked: &crate::fake::Asked| asked.headers.get("authorization").cloned();
    let all = fake.asked();
    let all = all.iter().map(|asked| (asked.uri.path().to_owned(), header(asked)));
    all.map(|(path, header)| {
        format!("{path} {}", header.map_or("-".into(), |it| it.to_str().unwrap().to_owned()))
    })
    .collect()
}

#[tokio::test]
async fn a_token_is_bought_once_and_used() {
    let fake = Fake::start([token("t1", 3600), hubs(&[], 0, 0), hubs(&[], 0, 0)]).await;
    let portal = fake.with(credentials()).portal();
    portal.list_hubs().await.unwrap();
    portal.list_hubs().await.unwrap();
    assert_eq!(said(&fake), ["/connect/token -", "/api/v1/hubs Bearer t1", "/api/v1/hubs Bearer t1"]);
    let bought = &fake.asked()[0];
    assert_eq!(bought.headers["content-type"], "application/x-www-form-urlencoded");
    let form = "grant_type=client_credentials&client_id=hubster.portal.api.b205&client_secret=a%2Bb%2Fc%3D";
    assert_eq!(bought.body, form.as_bytes());
}

#[tokio::test]
async fn a_token_that_ends_is_bought_anew() {
    let fake = Fake::start([token("t1", 30), hubs(&[], 0, 0), token("t2", 3600), hubs(&[], 0, 0)]).await;
    let portal = fake.with(credentials()).portal();
    portal.list_hubs().await.unwrap();
    portal.list_hubs().await.unwrap();
    assert_eq!(said(&fake)[2..], ["/connect/token -", "/api/v1/hubs Bearer t2"]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_bought_anew_once_even_for_a_write() {
    let made = r#"{"hubId":"h","tenantId":"t","name":"n","statusId":2000}"#;
    let fake = Fake::start([token("t1", 3600), refused(), token("t2", 3600), json(200, made)]).await;
    let portal = fake.with(credentials()).portal();
    assert_eq!(portal.create_hub(&HubCreate::new("n", "d")).await.unwrap().hub_id, "h");
    assert_eq!(said(&fake)[3], "/api/v1/hubs Bearer t2");

    let fake = Fake::start([token("t1", 3600), refused(), token("t2", 3600), refused()]).await;
    let error = fake.with(credentials()).portal().list_hubs().await.unwrap_err();
    assert_eq!((error.status(), error.code(), fake.asked().len()), (Some(401), Some("PRT000102"), 4));
}

#[tokio::test]
async fn a_secret_that_buys_nothing_is_named_without_it() {
    let fake = Fake::start([json(400, r#"{"error":"invalid_client"}"#)]).await;
    let error = fake.with(credentials()).portal().list_hubs().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_client"));
    assert_eq!(error.to_string(), "IdentityToken: status 400: invalid_client (request r-1)");
}

#[tokio::test]
async fn tokens_are_bought_where_they_are_said_to_be() {
    let identity = Fake::start([json(503, "{}"), token("t1", 3600)]).await;
    let portal = Fake::start([hubs(&[], 0, 0)]).await;
    let retry = crosspoint_client::Retry { pause: std::time::Duration::from_millis(1), ..Default::default() };
    let client =
        Client::builder(&portal.base).identity(&identity.base).credentials(credentials()).retry(retry);
    client.build().unwrap().portal().list_hubs().await.unwrap();
    assert_eq!(identity.asked().len(), 2, "buying may be repeated");
    assert_eq!(said(&portal), ["/api/v1/hubs Bearer t1"]);
}

#[allow(clippy::disallowed_methods, reason = "tokens are of real time")]
fn seconds_from_now(seconds: u64) -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + seconds
}

#[tokio::test]
async fn exotels_token_says_when_it_ends() {
    let bought = |name: &str, seconds| {
        let claims = format!(r#"{{"exp":{}}}"#, seconds_from_now(seconds));
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims);
        let data = format!("{name}.{claims}.x");
        json(200, &serde_json::json!({ "RequestId": "r", "Status": "Success", "Code": 200, "Error": "", "Data": data }).to_string())
    };
    let none = || json(200, r#"{"RequestId":"r","Status":"Success","Code":200,"Error":"","Data":[]}"#);
    let fake = Fake::start([bought("t1", 5), none(), bought("t2", 7_776_000), none(), none()]).await;
    let exotel = fake.with(Credentials::exotel_app("a1", "hush")).exotel();
    for _ in 0..3 {
        exotel.list_settings().await.unwrap();
    }
    let said = said(&fake);
    assert_eq!(fake.asked()[0].body, r#"{"Id":"a1","Secret":"hush","Entity":"app"}"#.as_bytes());
    assert!(said[1].starts_with("/v2/integrations/app_setting t1."), "{said:?}");
    assert!(said[3].starts_with("/v2/integrations/app_setting t2.") && said[4] == said[3], "{said:?}");
}

#[tokio::test]
async fn a_visitor_gets_a_token_for_the_page() {
    let visitor = json(200, r#"{"access_token":"v1","token_type":"WebBearer","expires_in":43200}"#);
    let fake = Fake::start([visitor, json(200, "[]")]).await;
    let client = Client::builder(&fake.base).credentials(Credentials::web_chat("i1"));
    let engine = client.origin("https://shop.example.com").build().unwrap().engine();
    engine.list_activities("c1", &ActivityQuery::of(IntegrationType::Customer)).await.unwrap();
    let token = "/api/v1/integrations/web-chat/token/i1 -";
    assert_eq!(said(&fake), [token, "/api/v1/interactions/activities/c1 WebBearer v1"]);
    assert!(fake.asked().iter().all(|asked| asked.headers["origin"] == "https://shop.example.com"));
}

#[tokio::test]
async fn numbered_pages_are_walked_to_their_end() {
    let fake = Fake::start([hubs(&["1", "2"], 0, 3), hubs(&["3"], 1, 3)]).await;
    let walk = fake.nobody().portal().list_hubs().page_size(2).stream();
    let ids: Vec<String> = walk.map_ok(|hub| hub.hub_id).try_collect().await.unwrap();
    assert_eq!(ids, ["1", "2", "3"]);
    let queries: Vec<_> = fake.asked().iter().map(|asked| asked.uri.query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["pageSize=2&pageNumber=0", "pageSize=2&pageNumber=1"]);
}

#[tokio::test]
async fn activities_are_walked_to_the_newest() {
    let party = serde_json::json!({ "integrationType": "Customer", "channelType": "Direct", "tokenId": "t" });
    let said = |ids: &[i64]| {
        let activity = |id: &i64| {
            serde_json::json!({ "type": "message", "eventTrigger": "message:customer", "eventId": id, "isEcho": false,
                "flowProcess": "Default", "sender": party, "recipient": party, "message": { "type": "text", "text": "x" } })
        };
        json(200, &serde_json::Value::from(ids.iter().map(activity).collect::<Vec<_>>()).to_string())
    };
    let fake = Fake::start([said(&[1, 2]), said(&[3]), said(&[])]).await;
    let query = ActivityQuery::of(IntegrationType::Agent);
    let walk = fake.nobody().engine().activities("c1", query);
    let ids: Vec<i64> = walk.map_ok(|activity| activity.event_id).try_collect().await.unwrap();
    assert_eq!(ids, [1, 2, 3]);
    let queries: Vec<_> = fake.asked().iter().map(|asked| asked.uri.query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["type=Agent", "type=Agent&leid=2", "type=Agent&leid=3"]);
}

#[tokio::test]
async fn a_refusal_of_hubster_has_all_its_codes() {
    let body = r#"{"status":400,"errors":[{"code":301,"description":"Property 'name' is required. (code: PRT000301)"},
        {"code":206,"description":"Value '50000' is not valid. (code: PRT000206)"},{"code":5,"description":"New"}]}"#;
    let fake = Fake::start([json(400, body)]).await;
    let error = fake.nobody().portal().create_hub(&HubCreate::new("", "")).await.unwrap_err();
    let codes: Vec<_> = error.reasons().iter().map(|reason| reason.code.as_deref().unwrap()).collect();
    assert_eq!(codes, ["PRT000301", "PRT000206", "5"]);
    assert_eq!(error.reasons()[0].title, "Property 'name' is required.");
}

#[tokio::test]
async fn a_key_for_repeating_is_for_those_who_know_it() {
    let fake = Fake::start([]).await;
    let call = fake.nobody().portal().create_hub(&HubCreate::new("n", "d"));
    let error = call.idempotency_key("k").await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
    assert!(fake.asked().is_empty());
}
