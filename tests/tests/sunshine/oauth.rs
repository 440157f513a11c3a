//! The partners' way in: register, authorize, token, revoke (sunshine-v2.md §1.8, decision 20).

mod browser;

use serde_json::{Value, json};
use testkit::scene::App;
use testkit::{Answer, Api, Credentials, Crosspoint, Key, Reply, Sink, run, text_at};

use browser::Browser;

/// Where the partner wants people back; nobody is asked there.
const REDIRECT: &str = "http://127.0.0.1:9/back";

/// A registered partner.
pub struct Partner {
    id: String,
    secret: String,
}

impl Partner {
    pub async fn register(server: &Crosspoint, name: &str, more: &[&str]) -> Partner {
        let mut arguments = vec!["oauth-clients", "create", name, "--redirect", REDIRECT];
        arguments.extend_from_slice(more);
        arguments.push("--json");
        let made = server.command(&arguments);
        let text = String::from_utf8_lossy(&made.stdout).into_owned();
        assert!(made.status.success(), "{text} {}", String::from_utf8_lossy(&made.stderr));
        let line: Value = serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{error}: {text}"));
        Partner { id: text_at(&line, "/clientId"), secret: text_at(&line, "/clientSecret") }
    }

    fn authorize_path(&self) -> String {
        format!("/oauth/authorize?response_type=code&client_id={}&state=s%20%26t", self.id)
    }

    /// Consents in a browser; gives the code.
    async fn code(&self, server: &Crosspoint, app: &App) -> String {
        let mut browser = Browser::new(&server.base());
        let location = browser.consent(&self.authorize_path(), &server.account_key(), &app.id).await;
        let query = location.strip_prefix(&format!("{REDIRECT}?")).unwrap_or_else(|| panic!("{location}"));
        let field = |name: &str| {
            let found = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
            found.unwrap_or_else(|| panic!("{name} is not in {location}")).to_owned()
        };
        assert!(matches!(field("state").as_str(), "s%20%26t" | "s+%26t"), "the state comes back: {location}");
        field("code")
    }

    fn exchange(&self, code: &str) -> Value {
        json!({
            "code": code, "grant_type": "authorization_code", "client_id": self.id, "client_secret": self.secret
        })
    }

    async fn token(&self, server: &Crosspoint, app: &App) -> String {
        let body = self.exchange(&self.code(server, app).await);
        let token = server.api().post("/oauth/token", &body).await.ok();
        assert_eq!(token["token_type"], "Bearer");
        text_at(&token, "/access_token")
    }
}

/// A token of integration scope for an app.
pub async fn access_token(server: &Crosspoint, app: &App) -> String {
    Partner::register(server, "partner", &[]).await.token(server, app).await
}

/// The body of a valid token request.
pub async fn token_request(server: &Crosspoint, app: &App) -> Value {
    let partner = Partner::register(server, "partner", &[]).await;
    partner.exchange(&partner.code(server, app).await)
}

/// The path of a valid authorize request.
pub async fn authorize_path(server: &Crosspoint) -> String {
    Partner::register(server, "partner", &[]).await.authorize_path()
}

/// Calls the four operations once, in their order.
pub async fn whole_flow(server: &Crosspoint, app: &App) {
    server.api().get(&authorize_path(server).await).await;
    let api = with_token(&server.api(), &access_token(server, app).await);
    assert_eq!(api.get("/v2/tokenInfo").await.ok()["app"]["id"], app.id);
    assert_eq!(api.delete("/oauth/authorization").await.ok(), json!({}));
}

fn with_token(api: &Api, token: &str) -> Api {
    api.with(Credentials::Bearer(token.to_owned()))
}

#[test]
fn a_partner_comes_in_works_and_is_sent_away() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let partner = Partner::register(&server, "partner", &[]).await;
        let api = with_token(&server.api(), &partner.token(&server, &app).await);
        assert_eq!(app.get("/integrations").await["integrations"], json!([]), "no list shows it");
        let inbox = sink.inbox("/partner");
        let hooks = app.path("/integrations/me/webhooks");
        let body = json!({ "target": inbox.url(), "triggers": ["conversation:message"] });
        api.post(&hooks, &body).await.with_status(201);
        let talk = app.talk("ann").await;
        talk.says(&api, "told to the partner").await;
        inbox.wait_for(1).await;
        api.get(&app.path("/switchboards")).await.refused(403, "forbidden");
        api.get(&app.path("")).await.refused(403, "forbidden");
        api.delete("/oauth/authorization").await.ok();
        api.get(&hooks).await.refused(401, "unauthorized");
        talk.says(&app.api, "not told any more").await;
        inbox.settles_at(1, 500).await;
    });
}

#[test]
fn inside_a_switchboard_it_is_named_by_its_client_id() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let partner = Partner::register(&server, "partner", &[]).await;
        let api = with_token(&server.api(), &partner.token(&server, &app).await);
        let board = app.switchboard().await;
        let member = app.member(&board, json!({ "name": "partner", "integrationType": partner.id })).await;
        app.patch(&format!("/switchboards/{board}"), json!({ "enabled": true })).await;
        let talk = app.talk("ann").await;
        let pass = json!({ "switchboardIntegration": partner.id });
        app.api.post(&format!("{}/passControl", talk.path), &pass).await.ok();
        let conversation = app.api.get(&talk.path).await.ok();
        let active = &conversation["conversation"]["activeSwitchboardIntegration"];
        assert_eq!((&active["id"], &active["integrationType"]), (&json!(member), &json!(partner.id)));
        api.post_nothing(&format!("{}/releaseControl", talk.path)).await.ok();
    });
}

#[test]
fn codes_are_good_once_and_for_their_client() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let (one, two) =
            (Partner::register(&server, "one", &[]).await, Partner::register(&server, "two", &[]).await);
        let api = server.api();
        let code = one.code(&server, &app).await;
        let refused = |body: Value| {
            let api = api.clone();
            async move {
                let reply = api.post("/oauth/token", &body).await;
                assert!([400, 401].contains(&reply.status), "{body}: {} {}", reply.status, reply.text);
            }
        };
        refused(two.exchange(&code)).await;
        let mut wrong = one.exchange(&code);
        wrong["client_secret"] = json!("wrong");
        refused(wrong).await;
        let mut wrong = one.exchange(&code);
        wrong["grant_type"] = json!("password");
        refused(wrong).await;
        refused(one.exchange("unknown")).await;
        for name in ["code", "grant_type", "client_id", "client_secret"] {
            let mut without = one.exchange(&code);
            without.as_object_mut().unwrap().remove(name);
            refused(without).await;
        }
        let fresh = one.exchange(&one.code(&server, &app).await);
        api.post("/oauth/token", &fresh).await.ok();
        refused(fresh).await;
    });
}

#[test]
fn codes_are_exchanged_in_a_form_too() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let partner = Partner::register(&server, "partner", &[]).await;
        let body = partner.exchange(&partner.code(&server, &app).await);
        let api = server.api();
        let send = |content_type: &str, fields: &str| {
            api.call("POST", "/oauth/token").text(content_type, fields).send()
        };
        let fields: Vec<String> = body
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
            .collect();
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        send(form, "grant_type=authorization_code").await.bad_request("code");
        send("text/plain", &fields.join("&")).await.refused(415, "unsupported_media_type");
        let token = send(form, &fields.join("&")).await.ok();
        let api = with_token(&api, &text_at(&token, "/access_token"));
        assert_eq!(api.get("/v2/tokenInfo").await.ok()["app"]["id"], app.id);
    });
}

#[test]
fn requests_to_authorize_are_judged() {
    run(60, async {
        let server = Crosspoint::start().await;
        let partner = Partner::register(&server, "partner", &[]).await;
        let api = server.api();
        let id = &partner.id;
        let bad = [
            "/oauth/authorize".to_owned(),
            "/oauth/authorize?response_type=code".into(),
            "/oauth/authorize?response_type=code&client_id=nobody".into(),
            format!("/oauth/authorize?client_id={id}"),
            format!("/oauth/authorize?response_type=token&client_id={id}"),
            format!(
                "/oauth/authorize?response_type=code&client_id={id}&redirect_uri=https%3A%2F%2Fevil.example"
            ),
        ];
        for path in bad {
            let reply = api.get(&path).await;
            assert!([400, 404].contains(&reply.status), "{path}: {} {}", reply.status, reply.text);
        }
        api.get("/oauth/token").await.refused(405, "method_not_allowed");
    });
}

#[test]
fn revoking_tells_the_partner() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/removed");
        inbox.unchecked();
        inbox.script([Answer::Status(503)]);
        let app = App::create(&server).await;
        let partner = Partner::register(&server, "partner", &["--remove-url", inbox.url()]).await;
        let api = with_token(&server.api(), &partner.token(&server, &app).await);
        api.delete("/oauth/authorization").await.ok();
        let told = inbox.settles_at(2, 300).await;
        for hook in told {
            assert_eq!((&hook.body["clientId"], &hook.body["appId"]), (&json!(partner.id), &json!(app.id)));
        }
    });
}

/// More than a rate of one a second gives back on any machine.
const GUESSES_MAX: usize = 100;

#[test]
fn guessing_secrets_is_counted() {
    run(60, async {
        let server = Crosspoint::start()
            .env("CROSSPOINT_RATE_LIMIT_PER_SECOND", "1")
            .env("CROSSPOINT_RATE_LIMIT_BURST", "5")
            .await;
        let partner = Partner::register(&server, "partner", &[]).await;
        let mut exchanges = Vec::new();
        while exchanges.len() < GUESSES_MAX && exchanges.last().is_none_or(|last: &Reply| last.status != 429)
        {
            let mut body = partner.exchange("code");
            body["client_secret"] = json!(format!("{}", exchanges.len()));
            exchanges.push(server.api().post("/oauth/token", &body).await);
        }
        let refused = exchanges.pop().unwrap();
        exchanges.remove(0).bad_request("client_secret");
        assert_eq!(refused.status, 429, "exchanges are counted");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
        assert_eq!(refused.body["errors"][0]["code"], "too_many_requests");

        let path = partner.authorize_path();
        let mut refusals = Vec::new();
        while refusals.len() < GUESSES_MAX && refusals.last() != Some(&429) {
            let wrong = Key { secret: format!("{}", refusals.len()), ..server.account_key() };
            let mut browser = Browser::new(&server.base());
            refusals.push(browser.submit(&path, &wrong, "").await.unwrap_err().0);
        }
        assert_eq!(refusals[0], 401);
        assert!(refusals.contains(&429), "keys on the page are counted: {refusals:?}");
    });
}
