//! Settings are one thing, whichever API wrote them, and survive what the program does not.

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
        let account = server.as_account();
        let apps = account.get("/v2/apps").await.ok();
        let app = apps["apps"].as_array().unwrap().iter().find(|app| app["displayName"] == "Desk").unwrap();
        let settings = format!("/v2/apps/{}/settings", text_at(app, "/id"));

        let (api, token) = (server.api(), registered.token.as_str());
        send(&api, "POST", SETTING, token, Some(json!({ "Key": "colour", "Value": "red" }))).await;
        let value = json!({ "value": "https://hook.example/" });
        account.call("PUT", &format!("{settings}/callback")).json(&value).send().await.ok();
        let keys = |list: &Value, key: &str| -> Vec<String> {
            list.as_array().unwrap().iter().map(|it| it[key].as_str().unwrap().to_owned()).collect()
        };
        let ours = account.get(&settings).await.ok();
        assert_eq!(keys(&ours["settings"], "key"), ["callback", "colour"]);
        server.kill9();
        server.restart().await;
        let theirs = send(&server.api(), "GET", SETTING, token, None).await;
        assert_eq!(keys(&theirs, "Value"), ["https://hook.example/", "red"]);

        // An app of another API has none of them, and keeps its own to itself.
        let other = App::create(&server).await;
        assert_eq!(other.get("/settings").await, json!({ "settings": [] }));
        other.api.get(&settings).await.refused(403, "forbidden");
        other
            .api
            .call("PUT", &format!("{settings}/colour"))
            .json(&json!({ "value": "blue" }))
            .send()
            .await
            .refused(403, "forbidden");
        let secret = &other.key.secret;
        let app_token = self::token(&server.api(), "app", &other.id, secret).await;
        assert_eq!(send(&server.api(), "GET", SETTING, &app_token, None).await, json!([]));
        let shown = send(&server.api(), "GET", "/v2/integrations/app", &app_token, None).await;
        assert_eq!(shown["ExotelAccountSid"], "");
    });
}
