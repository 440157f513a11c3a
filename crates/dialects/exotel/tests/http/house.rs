//! A hub of its own with the routes of the dialect.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use crosspoint_dialect_exotel::{ExotelConfig, router};
use hub::seal::{SEALING_KEY_BYTES, Sealer};
use hub::{Grant, Hub, Settings};
use model::time::DAY_MS;
use model::{Clock, Id, Millis};
use serde_json::{Value, json};
use store::files::Files;
use store::{Options, Store};
use tower::ServiceExt;

pub(crate) const KEY_ID: &str = "act_5ebee0975ac5304b664a12fa";
pub(crate) const SECRET: &str = "a secret of more than a few letters";
const REQUEST_ID: &str = "43a4833c-3698-4e70-8ea0-02ca8d71c362";
pub(crate) const SETTING: &str = "/v2/integrations/app_setting";
pub(crate) const APP: &str = "/v2/integrations/app";

pub(crate) struct Moved(pub(crate) AtomicI64);

impl Clock for Moved {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::Acquire))
    }
}

pub(crate) struct House {
    pub(crate) hub: Hub,
    pub(crate) clock: Arc<Moved>,
    pub(crate) routes: Router,
    _data_dir: tempfile::TempDir,
}

/// An app as it was registered, and a token for it.
pub(crate) struct Registered {
    pub(crate) app: Value,
    pub(crate) token: String,
}

impl House {
    pub(crate) async fn open() -> House {
        House::open_with(ExotelConfig::default()).await
    }

    pub(crate) async fn open_with(config: ExotelConfig) -> House {
        let data_dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(Moved(AtomicI64::new(1_750_000_000_000)));
        let options =
            Options { clock: clock.clone(), one_reader_a_task: true, ..Options::new(data_dir.path()) };
        let settings = Settings {
            public_url: "https://hub.example".to_owned(),
            allow_private_targets: false,
            event_retention_ms: 7 * DAY_MS,
            key_secrets_readable: false,
            author_roles_shown: false,
        };
        let files = Files::local(data_dir.path()).unwrap();
        let sealer = Sealer::new(&[7; SEALING_KEY_BYTES]);
        let hub = Hub::new(Store::open(options).unwrap(), files, sealer, settings);
        hub.seed_account_key(KEY_ID, SECRET).await.unwrap();
        let routes = router(hub.clone(), &config);
        House { hub, clock, routes, _data_dir: data_dir }
    }

    /// Sends a request; gives status and body as they come.
    pub(crate) async fn raw(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (u16, String) {
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = Request::builder().method(method).uri(path).header("authorization", token).body(body);
        let response = self.routes.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// Sends a request; checks the envelope and gives status and data, or status and error.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path).header("x-request-id", REQUEST_ID);
        if !token.is_empty() {
            request = request.header("authorization", token);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.routes.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        assert_eq!(response.headers()["content-type"], "application/json");
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let envelope: Value = serde_json::from_slice(&bytes).unwrap();
        let fields: Vec<&String> = envelope.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["RequestId", "Status", "Code", "Error", "Data"]);
        assert_eq!(
            (&envelope["RequestId"], &envelope["Code"]),
            (&json!(REQUEST_ID), &json!(status.as_u16()))
        );
        if status == StatusCode::OK {
            assert_eq!((&envelope["Status"], &envelope["Error"]), (&json!("Success"), &json!("")));
            return (200, envelope["Data"].clone());
        }
        assert_eq!((&envelope["Status"], &envelope["Data"]), (&json!("Failed"), &Value::Null));
        assert!(!envelope["Error"].as_str().unwrap().is_empty());
        (status.as_u16(), envelope["Error"].clone())
    }

    pub(crate) async fn ok(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Value {
        let (status, data) = self.send(method, path, token, body).await;
        assert_eq!(status, 200, "{method} {path}: {data}");
        data
    }

    pub(crate) async fn refused(
        &self,
        status: u16,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) {
        let told = self.send(method, path, token, body).await;
        assert_eq!(told.0, status, "{method} {path}: {}", told.1);
    }

    pub(crate) async fn token(&self, entity: &str, id: &str, secret: &str) -> String {
        let body = json!({ "Id": id, "Secret": secret, "Entity": entity });
        let token = self.ok("POST", "/v2/integrations/token", "", Some(body)).await;
        token.as_str().unwrap().to_owned()
    }

    pub(crate) async fn customer(&self) -> String {
        self.token("customer", KEY_ID, SECRET).await
    }

    pub(crate) async fn register(&self, customer: &str, name: &str) -> Registered {
        let app = self.ok("POST", APP, customer, Some(registration(name))).await;
        let text = |field: &str| app[field].as_str().unwrap().to_owned();
        let token = self.token("app", &text("AppID"), &text("AppSecret")).await;
        Registered { app, token }
    }

    /// What the core knows of an app.
    pub(crate) async fn grant(&self, app: &Value) -> Grant {
        let id = Id::from_guid(app["AppID"].as_str().unwrap()).unwrap();
        let caller = self.hub.live_key(KEY_ID).await.unwrap().unwrap().caller.clone();
        self.hub.grant(caller, id).await.unwrap()
    }
}

pub(crate) fn registration(name: &str) -> Value {
    json!({
        "AppName": name, "ExotelAccountSid": "sid-1", "ExotelApiKey": "key-1", "ExotelApiToken": "token-1",
        "ExotelDomain": "mumbai", "IsActive": true,
    })
}
