//! What goes over the wire, and what comes out.

use crosspoint_client::sunshine::types::*;
use crosspoint_client::{Client, Credentials, Error, Upload};

use crate::fake::{Fake, json, refusal};

#[tokio::test]
async fn a_call_is_the_row_with_its_values() {
    let fake = Fake::start([json(201, r#"{"messages":[]}"#)]).await;
    let hello = MessagePost::new(Author::business(), Content::text("Hello"));
    let sunshine = fake.client().sunshine();
    let reply = sunshine.post_message("a1", "c/1", &hello).idempotency_key("k1").await.unwrap();
    assert!(reply.messages.is_empty());
    let asked = fake.asked().remove(0);
    assert_eq!(
        (asked.method.as_str(), asked.uri.path()),
        ("POST", "/v2/apps/a1/conversations/c%2F1/messages")
    );
    let header = |name: &str| asked.headers[name].to_str().unwrap();
    assert_eq!(header("authorization"), "Basic YWN0XzE6c2VjcmV0");
    assert_eq!((header("content-type"), header("idempotency-key")), ("application/json", "k1"));
    let body = r#"{"author":{"type":"business"},"content":{"type":"text","text":"Hello"}}"#;
    assert_eq!(asked.body, body.as_bytes());
}

#[tokio::test]
async fn a_path_of_the_base_stays_and_a_token_is_signed() {
    let fake = Fake::start([json(200, "{}")]).await;
    let key = Credentials::jwt("app_1", "secret");
    let client = Client::builder(format!("{}/sc/", fake.base)).credentials(key).build().unwrap();
    client.sunshine().delete_user("a1", "ann").brand_id("b 1").await.unwrap();
    let asked = fake.asked().remove(0);
    assert_eq!(asked.uri.to_string(), "/sc/v2/apps/a1/users/ann?brandId=b+1");
    assert!(asked.headers["authorization"].to_str().unwrap().starts_with("Bearer ey"));
    assert!(asked.headers.get("content-type").is_none());
}

#[tokio::test]
async fn filters_and_pages_are_parameters() {
    let page = r#"{"conversations":[],"meta":{"hasMore":false}}"#;
    let fake = Fake::start([json(200, page)]).await;
    let filter = ConversationFilter { user_external_id: Some("ann".into()), ..Default::default() };
    let cursor = "5d8cff3cd55b040010928b5b";
    fake.client().sunshine().list_conversations("a1", &filter).page_size(7).after(cursor).await.unwrap();
    let query = fake.asked()[0].uri.query().unwrap().to_owned();
    let expected = format!("filter%5BuserExternalId%5D=ann&page%5Bsize%5D=7&page%5Bafter%5D={cursor}");
    assert_eq!(query, expected);
}

#[tokio::test]
async fn a_file_is_a_form() {
    let fake = Fake::start([json(201, r#"{"attachment":{"mediaUrl":"https://h/f.png"}}"#)]).await;
    let file =
        Upload { file_name: "f.png".into(), media_type: "image/png".into(), bytes: b"\x89PNG"[..].into() };
    let query = AttachmentQuery { access: Some("public".into()), ..Default::default() };
    let reply = fake.client().sunshine().upload_attachment("a1", &query, &file).await.unwrap();
    assert_eq!(reply.attachment.media_url, "https://h/f.png");
    let asked = fake.asked().remove(0);
    assert_eq!(asked.uri.query(), Some("access=public"));
    assert!(asked.headers["content-type"].to_str().unwrap().starts_with("multipart/form-data; boundary="));
    let body = String::from_utf8_lossy(&asked.body);
    assert!(body.contains(r#"name="source"; filename="f.png""#) && body.contains("image/png"), "{body}");
}

#[tokio::test]
async fn where_no_credentials_belong_none_are_sent() {
    let fake = Fake::start([json(200, r#"{"access_token":"t","token_type":"Bearer"}"#)]).await;
    let body = TokenBody {
        code: crosspoint_client::Secret::new("c"),
        grant_type: "authorization_code".into(),
        client_id: "p".into(),
        client_secret: crosspoint_client::Secret::new("s"),
    };
    fake.client().sunshine().get_token(&body).await.unwrap();
    assert!(fake.asked()[0].headers.get("authorization").is_none());
}

#[tokio::test]
async fn a_refusal_says_all_that_came() {
    let fake = Fake::start([refusal(404, "retry-after", "7")]).await;
    let error = fake.client().sunshine().get_app("a1").await.unwrap_err();
    assert_eq!((error.status(), error.code(), error.request_id()), (Some(404), Some("busy"), Some("r-1")));
    assert_eq!(error.to_string(), "GetApp: status 404: busy: Not now (request r-1)");
    assert!(!error.is_temporary());
    let Error::Refused { refusal, .. } = error else { panic!("{error}") };
    assert_eq!(refusal.retry_after.unwrap().as_secs(), 7);
}

#[tokio::test]
async fn what_is_none_of_the_apis_is_named() {
    let fake = Fake::start([json(200, "<html>"), json(200, r#"{"app":{}}"#), json(502, "<html>")]).await;
    let sunshine = fake.client().sunshine();
    let mut texts = Vec::new();
    for _ in 0..3 {
        texts.push(sunshine.get_app("a1").await.unwrap_err().to_string());
    }
    assert!(
        texts[0].starts_with("GetApp: status 200 with a body that cannot be read: not valid JSON"),
        "{texts:?}"
    );
    assert!(texts[1].ends_with("app.id: is required"), "{texts:?}");
    assert_eq!(texts[2], "GetApp: status 502 (request r-1)");
}

#[tokio::test]
async fn what_cannot_be_sent_is_not() {
    let fake = Fake::start([]).await;
    let error = fake.client().sunshine().get_app("..").await.unwrap_err();
    assert_eq!(error.to_string(), r#"appId: ".." cannot stand in a path"#);
    assert!(fake.asked().is_empty());
}
