//! Settings are one thing, whichever API wrote them, and survive what the program does not.

use client::crosspoint::types::SettingBody;
use client::exotel::Exotel;
use client::exotel::types::SettingRequest;
use client::{Client, Credentials};
use serde_json::{Value, json};
use testkit::scene::App;
use testkit::{Api, Crosspoint, run, text_at};

pub(super) const SETTING: &str = "/v2/integrations/app_setting";

/// An app that was registered over this API.
pub(super) struct Registered {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) customer_id: String,
    pub(super) token: String,
}

async fn token(api: &Api, entity: &str, id: &str, secret: &str) -> String {
    let body = json!({ "Id": id, "Secret": secret, "Entity": entity });
    text_at(&api.post("/v2/integrations/token", &body).await.ok(), "/Data")
}

/// A request with a token, in the vendor's way: without a scheme.
pub(super) async fn send(api: &Api, method: &str, path: &str, token: &str, body: Option<Value>) -> Value {
    let call = api.call(method, path).header("authorization", token);
    let call = match &body {
        Some(body) => call.json(body),
        None => call,
    };
    call.send().await.with_status(200)["Data"].clone()
}

/// Registers an app of the default account.
pub(super) async fn register(server: &Crosspoint, name: &str) -> Registered {
    let (api, key) = (server.api(), server.account_key());
    let customer = token(&api, "customer", &key.id, &key.secret).await;
    let body = json!({
        "AppName": name, "ExotelAccountSid": "sid", "ExotelApiKey": "key", "ExotelApiToken": "token",
        "ExotelDomain": "singapore", "IsActive": true,
    });
    let app = send(&api, "POST", "/v2/integrations/app", &customer, Some(body)).await;
    let (id, secret) = (text_at(&app, "/AppID"), text_at(&app, "/AppSecret"));
    let token = token(&api, "app", &id, &secret).await;
    Registered { id, secret, customer_id: text_at(&app, "/CustomerID"), token }
}

#[test]
fn settings_and_apps_are_the_same_in_every_api() {
    run(60, async {
        let mut server = Crosspoint::start().await;
        let registered = register(&server, "Desk").await;
        let apps = server.as_account().get("/v2/apps").await.ok();
        let app = apps["apps"].as_array().unwrap().iter().find(|app| app["displayName"] == "Desk").unwrap();
        let app = text_at(app, "/id");

        let exotel = client(&server, &registered.id, &registered.secret);
        let colour = SettingRequest::new("colour", "red");
        assert_eq!(exotel.put_setting(&colour).await.unwrap().app_id, registered.id);
        let own = ours(&server, Credentials::basic(&server.account_key().id, &server.account_key().secret));
        let body = SettingBody::new("https://hook.example/");
        own.put_setting(&app, "callback", &body).await.unwrap();
        let keys: Vec<String> =
            own.list_settings(&app).await.unwrap().settings.into_iter().map(|it| it.key).collect();
        assert_eq!(keys, ["callback", "colour"]);
        server.kill9();
        server.restart().await;
        let exotel = client(&server, &registered.id, &registered.secret);
        let values: Vec<String> =
            exotel.list_settings().await.unwrap().into_iter().map(|it| it.value).collect();
        assert_eq!(values, ["https://hook.example/", "red"]);
        assert_eq!(exotel.get_setting("callback").await.unwrap().customer_id, registered.customer_id);
        exotel.delete_setting("colour").await.unwrap();
        let gone = exotel.get_setting("colour").await.unwrap_err();
        assert_eq!((gone.status(), gone.code()), (Some(404), None));

        // An app of another API has none of them, and keeps its own to itself.
        let other = App::create(&server).await;
        let stranger = ours(&server, Credentials::basic(&other.key.id, &other.key.secret));
        assert!(stranger.list_settings(&other.id).await.unwrap().settings.is_empty());
        for refusal in [
            stranger.list_settings(&app).await.unwrap_err(),
            stranger.put_setting(&app, "colour", &body).await.unwrap_err(),
        ] {
            assert_eq!((refusal.status(), refusal.code()), (Some(403), Some("forbidden")));
        }
        let exotel = client(&server, &other.id, &other.key.secret);
        assert!(exotel.list_settings().await.unwrap().is_empty());
        assert_eq!(exotel.get_app().await.unwrap().exotel_account_sid, "");
    });
}

/// A client of an app in this API.
fn client(server: &Crosspoint, app: &str, secret: &str) -> Exotel {
    let credentials = Credentials::exotel_app(app, secret);
    Client::builder(server.base()).credentials(credentials).build().unwrap().exotel()
}

/// A client of our own routes.
fn ours(server: &Crosspoint, credentials: Credentials) -> client::crosspoint::Crosspoint {
    Client::builder(server.base()).credentials(credentials).build().unwrap().crosspoint()
}
