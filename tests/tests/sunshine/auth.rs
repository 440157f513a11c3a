//! Who is let in: Basic, JWT, and what is refused (sunshine-v2.md §1.1–1.3, §1.7).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use testkit::scene::{App, NO_ID};
use testkit::{Credentials, Crosspoint, Key, Sink, jwt_with, run, unix_now};

#[test]
fn malformed_credentials_are_401() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let path = app.path("");
        let title = server.api().get(&path).await.refused(401, "unauthorized");
        assert_eq!(title, "Authorization is required");
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let malformed = [
            String::new(),
            " ".into(),
            "Basic".into(),
            "Basic ".into(),
            "Basic !!!".into(),
            basic("no colon"),
            basic(":"),
            basic(&format!("{}:", app.key.id)),
            basic(&format!(":{}", app.key.secret)),
            "Bearer".into(),
            "Bearer x".into(),
            "Bearer a.b.c".into(),
            "Digest abc".into(),
            app.key.secret.clone(),
            format!("Basic {}", STANDARD.encode([0xff, 0xfe, b':', 0xff])),
        ];
        for header in malformed {
            let api = server.api().with(Credentials::Verbatim(header.clone()));
            let reply = api.get(&path).await;
            assert_eq!(reply.status, 401, "{header:?}: {}", reply.text);
        }
    });
}

#[test]
fn a_wrong_secret_and_an_unknown_key_sound_the_same() {
    run(30, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let wrong = Key { secret: "wrong".into(), ..app.key.clone() };
        let unknown = Key { id: format!("app_{NO_ID}"), ..app.key.clone() };
        let wrong = app.api.as_key(&wrong).get(&app.path("")).await.refused(401, "unauthorized");
        let unknown = app.api.as_key(&unknown).get(&app.path("")).await.refused(401, "unauthorized");
        assert_eq!(wrong, unknown);
    });
}

#[test]
fn tokens_of_each_scope_are_let_in() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let custom = app.custom("c", &sink.inbox("/c")).await;
        app.account.as_jwt_of(&server.account_key()).get("/v2/apps").await.ok();
        app.api.as_jwt_of(&app.key).get(&app.path("")).await.ok();
        app.api.as_jwt_of(&custom.key).get(&app.path("/users/nobody")).await.refused(404, "user_not_found");
        let claims = json!({ "scope": "app", "iat": unix_now() + 3_600, "exp": unix_now() - 30, "nbf": unix_now() + 30 });
        let token = jwt_with(&app.key, Algorithm::HS256, &claims);
        let with_leeway = app.api.with(Credentials::Bearer(token.clone()));
        with_leeway.get(&app.path("")).await.ok();
        let lower_case = app.api.with(Credentials::Verbatim(format!("bearer {token}")));
        lower_case.get(&app.path("")).await.ok();
    });
}

#[test]
fn tokens_that_prove_nothing_are_refused() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let scope = json!({ "scope": "app" });
        let good = jwt_with(&app.key, Algorithm::HS256, &scope);
        let (head, rest) = good.split_once('.').unwrap();
        let (payload, signature) = rest.split_once('.').unwrap();
        let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let unsigned = |algorithm: &str| encode(json!({ "alg": algorithm, "typ": "JWT", "kid": app.key.id }));
        let without_kid = encode(json!({ "alg": "HS256", "typ": "JWT" }));
        let other_payload = encode(json!({ "scope": "account" }));
        let stranger = Key { secret: "x".repeat(86), ..app.key.clone() };
        let tokens = [
            ("another algorithm of the family", jwt_with(&app.key, Algorithm::HS384, &scope)),
            ("another algorithm of the family", jwt_with(&app.key, Algorithm::HS512, &scope)),
            ("unsigned", format!("{}.{payload}.", unsigned("none"))),
            ("unsigned in another spelling", format!("{}.{payload}.", unsigned("None"))),
            ("a public key's algorithm", format!("{}.{payload}.{signature}", unsigned("RS256"))),
            ("no kid", format!("{without_kid}.{payload}.{signature}")),
            ("a changed payload", format!("{head}.{other_payload}.{signature}")),
            ("no signature", format!("{head}.{payload}.")),
            ("another secret", jwt_with(&stranger, Algorithm::HS256, &scope)),
            ("no scope", jwt_with(&app.key, Algorithm::HS256, &json!({ "iat": 1 }))),
            ("a wider scope", jwt_with(&app.key, Algorithm::HS256, &json!({ "scope": "account" }))),
            ("a narrower scope", jwt_with(&app.key, Algorithm::HS256, &json!({ "scope": "integration" }))),
            ("a scope of another type", jwt_with(&app.key, Algorithm::HS256, &json!({ "scope": ["app"] }))),
            (
                "expired",
                jwt_with(&app.key, Algorithm::HS256, &json!({ "scope": "app", "exp": unix_now() - 120 })),
            ),
            (
                "not yet",
                jwt_with(&app.key, Algorithm::HS256, &json!({ "scope": "app", "nbf": unix_now() + 120 })),
            ),
        ];
        for (what, token) in tokens {
            let reply = app.api.with(Credentials::Bearer(token)).get(&app.path("")).await;
            assert_eq!(reply.status, 401, "{what}: {}", reply.text);
        }
    });
}

#[test]
fn deleting_a_key_ends_its_tokens_at_once() {
    run(30, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let (basic, token) = (app.api.clone(), app.api.as_jwt_of(&app.key));
        basic.get(&app.path("")).await.ok();
        token.get(&app.path("")).await.ok();
        app.account.delete(&app.path(&format!("/keys/{}", app.key.id))).await.ok();
        basic.get(&app.path("")).await.refused(401, "unauthorized");
        token.get(&app.path("")).await.refused(401, "unauthorized");
    });
}

#[test]
fn the_alias_with_sc_serves_the_same() {
    run(30, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let got = app.api.get(&format!("/sc{}", app.path(""))).await.ok();
        assert_eq!(got["app"]["id"], app.id);
        app.api.post(&format!("/sc{}", app.path("/users")), &json!({})).await.with_status(201);
        app.api.get("/sc/v2/nothing").await.refused(404, "not_found");
    });
}

#[test]
fn token_info_tells_the_app() {
    run(30, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let custom = app.custom("c", &sink.inbox("/c")).await;
        for api in [&app.api, &custom.api] {
            let info = api.get("/v2/tokenInfo").await.ok();
            assert_eq!(info["app"]["id"], app.id);
            assert!(info["app"]["subdomain"].is_string());
        }
        server.api().get("/v2/tokenInfo").await.refused(401, "unauthorized");
        server.as_account().get("/v2/tokenInfo").await.refused(403, "forbidden");
    });
}
