//! A hub over a store of its own, an app in it, and somebody who calls.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crosspoint_dialect_sunshine::{SunshineConfig, router};
use hub::seal::{SEALING_KEY_BYTES, Sealer};
use hub::{AppDraft, Grant, Hub, Settings, UserDraft};
use serde_json::{Value, json};
use store::files::Files;
use store::{Options, Store};
use tower::ServiceExt;

pub const KEY_ID: &str = "act_5ebee0975ac5304b664a12fa";
pub const SECRET: &str = "a secret of more than a few letters";
pub const PUBLIC_URL: &str = "https://hub.example";
/// An id that nothing has.
pub const NO_ID: &str = "5ebee0975ac5304b664a12fa";

/// A hub, an app and the routes to both.
pub struct House {
    pub hub: Hub,
    pub grant: Grant,
    routes: Router,
    _data_dir: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub body: Value,
}

impl House {
    pub async fn open() -> House {
        let data_dir = tempfile::tempdir().unwrap();
        let store =
            Store::open(Options { one_reader_a_task: true, ..Options::new(data_dir.path()) }).unwrap();
        let files = Files::local(data_dir.path()).unwrap();
        let settings = Settings {
            public_url: PUBLIC_URL.to_owned(),
            allow_private_targets: true,
            event_retention_ms: 7 * model::time::DAY_MS,
            key_secrets_readable: false,
            author_roles_shown: false,
        };
        let hub = Hub::new(store, files, Sealer::new(&[7; SEALING_KEY_BYTES]), settings);
        hub.seed_account_key(KEY_ID, SECRET).await.unwrap();
        let caller = hub.live_key(KEY_ID).await.unwrap().unwrap().caller.clone();
        let draft = AppDraft { name: "App".to_owned(), ..AppDraft::default() };
        let app = hub.create_app(&caller, None, draft).await.unwrap();
        let grant = hub.grant(caller, app.id).await.unwrap();
        let routes = router(hub.clone(), &SunshineConfig::default());
        House { hub, grant, routes, _data_dir: data_dir }
    }

    /// A path below the app.
    pub fn path(&self, rest: &str) -> String {
        format!("/v2/apps/{}{rest}", self.grant.app.id)
    }

    /// A request of the account's key.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let credentials = STANDARD.encode(format!("{KEY_ID}:{SECRET}"));
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("authorization", format!("Basic {credentials}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.call(request.body(body).unwrap()).await;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply { status, body }
    }

    /// Any request, as it is.
    pub async fn call(&self, request: Request<Body>) -> Response<Body> {
        self.routes.clone().oneshot(request).await.unwrap()
    }

    pub async fn get(&self, rest: &str) -> Reply {
        self.send("GET", &self.path(rest), &[], Body::empty()).await
    }

    pub async fn delete(&self, rest: &str) -> Reply {
        self.send("DELETE", &self.path(rest), &[], Body::empty()).await
    }

    pub async fn post(&self, rest: &str, body: Value) -> Reply {
        self.json("POST", rest, body).await
    }

    pub async fn json(&self, method: &str, rest: &str, body: Value) -> Reply {
        let headers = [("content-type", "application/json")];
        self.send(method, &self.path(rest), &headers, Body::from(body.to_string())).await
    }

    /// A new user, with this external id.
    pub async fn user(&self, external_id: &str) -> String {
        let draft = UserDraft { external_id: Some(external_id.to_owned()), ..UserDraft::default() };
        self.hub.create_user(&self.grant, draft).await.unwrap().id.to_string()
    }

    /// The path of a new personal conversation, below the app, with a new user.
    pub async fn talk(&self, external_id: &str) -> String {
        self.user(external_id).await;
        let body = json!({ "type": "personal", "participants": [{ "userExternalId": external_id }] });
        let made = self.post("/conversations", body).await.is(201);
        format!("/conversations/{}", made["conversation"]["id"].as_str().unwrap())
    }
}

impl Reply {
    /// The body of a reply with this status.
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// A refusal with this status, code, and this text in its title.
    pub fn refuses(self, status: u16, code: &str, title: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        let error = &self.body["errors"][0];
        assert_eq!(error["code"], code, "{error}");
        assert!(error["title"].as_str().unwrap().contains(title), "{error}");
    }
}

/// Ids of a list in a reply.
pub fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

/// Shares a house with tasks.
pub fn shared(house: House) -> Arc<House> {
    Arc::new(house)
}
