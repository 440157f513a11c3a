//! Settings are one thing, whichever API wrote them, and survive what the program does not.

use client::crosspoint::types::SettingBody;
use client::exotel::Exotel;
use client::exotel::types::{AppRequest, Domain, Entity, SettingRequest, TokenRequest};
use client::{Client, Credentials, Secret};
use testkit::scene::App;
use testkit::{Crosspoint, run, text_at};

/// An app that was registered over this API.
pub(super) struct Registered {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) customer_id: String,
    pub(super) token: String,
}

impl Registered {
    /// A client of the app in this API.
    pub(super) fn client(&self, server: &Crosspoint) -> Exotel {
        client(server, Credentials::exotel_app(&self.id, &self.secret))
    }
}

/// Registers an app of the default account.
pub(super) async fn register(server: &Crosspoint, name: &str) -> Registered {
    let key = server.account_key();
    let customer = client(server, Credentials::exotel_customer(key.id, key.secret));
    let mut body = AppRequest::new(name, Domain::Singapore);
    body.exotel_account_sid = "sid".into();
    body.exotel_api_key = "key".into();
    body.exotel_api_token = Secret::new("token");
    let app = customer.register_app(&body).await.unwrap();
    let secret = app.app_secret.unwrap();
    let asked = TokenRequest { id: app.app_id.clone(), secret: secret.clone(), entity: Entity::App };
    let token = customer.create_token(&asked).await.unwrap();
    Registered {
        id: app.app_id,
        secret: secret.into_exposed(),
        customer_id: app.customer_id,
        token: token.into_exposed(),
    }
}

#[test]
fn settings_and_apps_are_the_same_in_every_api() {
    run(60, async {
        let mut server = Crosspoint::start().await;
        let registered = register(&server, "Desk").await;
        let apps = server.as_account().get("/v2/apps").await.ok();
        let app = apps["apps"].as_array().unwrap().iter().find(|app| app["displayName"] == "Desk").unwrap();
        let app = text_at(app, "/id");

        let exotel = registered.client(&server);
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
        let exotel = registered.client(&server);
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
        let exotel = client(&server, Credentials::exotel_app(&other.id, &other.key.secret));
        assert!(exotel.list_settings().await.unwrap().is_empty());
        assert_eq!(exotel.get_app().await.unwrap().exotel_account_sid, "");
    });
}

/// A client of this API.
fn client(server: &Crosspoint, credentials: Credentials) -> Exotel {
    Client::builder(server.base()).credentials(credentials).build().unwrap().exotel()
}

/// A client of our own routes.
fn ours(server: &Crosspoint, credentials: Credentials) -> client::crosspoint::Crosspoint {
    Client::builder(server.base()).credentials(credentials).build().unwrap().crosspoint()
}
