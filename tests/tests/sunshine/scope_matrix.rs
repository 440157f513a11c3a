//! Walks the table of operations: every operation × every scope × own and foreign resources
//! (sunshine-v2.md §1.5, §1.7).

pub mod world;

use std::collections::BTreeSet;

use serde_json::Value;
use testkit::scene::{App, NO_ID};
use testkit::{Api, Contract, Credentials, Crosspoint, Key, Reply, Sink, progress, run};
use wire::Operation;
use wire::sunshine::OPERATIONS;

use world::World;

/// Operations that this walk leaves out, one a line: none. The list may only get shorter.
const NOT_WALKED: &str = include_str!("scope_matrix/not_walked.txt");

/// Valid requests of the right scope that a server without connectors refuses all the same.
const REFUSED_ANYWAY: [(&str, u16); 4] =
    [("DownloadMessageRef", 400), ("PostConversionEvents", 400), ("SyncUser", 404), ("GetDevice", 404)];

const SCOPES: [&str; 3] = ["account", "app", "integration"];

#[test]
fn the_list_of_what_is_not_walked_only_gets_shorter() {
    let listed: Vec<&str> = NOT_WALKED.lines().collect();
    assert_eq!(listed, Vec::<&str>::new(), "say in scope_matrix/world.rs how to call them");
}

#[test]
fn the_table_of_scopes_is_the_documents() {
    let document = Contract::shared();
    for row in OPERATIONS {
        let known = document.operations().iter().find(|op| op.id == row.id).expect(row.id);
        assert_eq!(
            (row.method.as_str(), row.path),
            (known.method.as_str(), known.path.as_str()),
            "{}",
            row.id
        );
        let mut wanted: BTreeSet<String> = known.scopes.iter().cloned().collect();
        // §13.1: the prose gives account scope everything, the five webhook operations omit it.
        if row.path.contains("/webhooks") {
            wanted.insert("account".into());
        }
        // §1.5: the document names no scheme; a token has to be asked about.
        if row.id == "GetTokenInfo" {
            wanted = ["app", "integration"].map(String::from).into();
        }
        let scopes = SCOPES.into_iter().filter(|scope| allows(row, scope)).map(String::from).collect();
        assert_eq!(wanted, scopes, "{}", row.id);
    }
}

fn allows(row: &Operation, scope: &str) -> bool {
    row.scopes.iter().any(|allowed| allowed.as_str() == scope)
}

#[test]
fn every_operation_by_every_scope_on_its_own_resources() {
    run(180, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let target = sink.inbox("/hook").url().to_owned();
        for (index, row) in walked().enumerate() {
            if index % 17 == 0 {
                progress!("scope matrix, own resources: {index} operations");
            }
            for scope in SCOPES {
                let world = World::create(&server, &target).await;
                let (path, body) = world.request(row).await;
                let reply = send(&world.caller(row, scope).await, row, &path, &body).await;
                judge_own(row, scope, &reply);
            }
            let world = World::create(&server, &target).await;
            let (path, body) = world.request(row).await;
            without_credentials(&server, row, &path, &body).await;
        }
    });
}

fn judge_own(row: &Operation, scope: &str, reply: &Reply) {
    let said = format!("{} with {scope} scope: {} {}", row.id, reply.status, reply.text);
    if row.scopes.is_empty() {
        assert!(reply.status < 500 && reply.status != 403, "{said}");
    } else if !allows(row, scope) {
        assert_eq!(
            (reply.status, &reply.body["errors"][0]["code"]),
            (403, &Value::from("forbidden")),
            "{said}"
        );
    } else if let Some((_, status)) = REFUSED_ANYWAY.iter().find(|(id, _)| *id == row.id) {
        assert_eq!(reply.status, *status, "{said}");
    } else {
        assert!(reply.status < 300, "{said}");
    }
}

/// None, a wrong secret, an unknown key: 401, whatever else is wrong with the request.
async fn without_credentials(server: &Crosspoint, row: &Operation, path: &str, body: &Option<Value>) {
    if row.scopes.is_empty() {
        return;
    }
    let key = server.account_key();
    let wrong = Key { secret: "wrong".into(), ..key.clone() };
    let unknown = Key { id: format!("app_{NO_ID}"), ..key };
    for credentials in [Credentials::None, Credentials::Basic(wrong), Credentials::Basic(unknown)] {
        let api = server.api().with(credentials);
        send(&api, row, path, body).await.refused(401, "unauthorized");
        let garbage = api.call(row.method.as_str(), path).text("application/json", "{nonsense").send().await;
        garbage.refused(401, "unauthorized");
    }
}

#[test]
fn every_operation_on_a_foreign_app() {
    run(180, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let target = sink.inbox("/hook").url().to_owned();
        let own = World::create(&server, &target).await;
        let stranger = server.as_account().as_key(&other_account(&server));
        progress!("scope matrix, foreign apps");
        for row in walked().filter(|row| row.path.contains("{appId}")) {
            let foreign = World::create(&server, &target).await;
            let (path, body) = foreign.request(row).await;
            for caller in [own.app.api.clone(), own.custom.api.clone()] {
                send(&caller, row, &path, &body).await.refused(403, "forbidden");
                let nowhere = path.replace(&foreign.app.id, NO_ID);
                send(&caller, row, &nowhere, &body).await.refused(403, "forbidden");
            }
            if allows(row, "account") {
                send(&stranger, row, &path, &body).await.refused(404, "app_not_found");
                let nowhere = path.replace(&foreign.app.id, NO_ID);
                send(&stranger, row, &nowhere, &body).await.refused(404, "app_not_found");
            }
        }
    });
}

#[test]
fn every_operation_on_a_resource_of_another_app() {
    run(180, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let target = sink.inbox("/hook").url().to_owned();
        progress!("scope matrix, foreign resources");
        for row in walked().filter(|row| row.path.matches('{').count() > 1) {
            let (own, foreign) =
                (World::create(&server, &target).await, World::create(&server, &target).await);
            let (path, body) = foreign.request(row).await;
            let crossed = path.replace(&foreign.app.id, &own.app.id);
            for scope in SCOPES.into_iter().filter(|scope| allows(row, scope)) {
                let reply = send(&own.caller(row, scope).await, row, &crossed, &body).await;
                let said = format!("{} with {scope} scope: {} {}", row.id, reply.status, reply.text);
                // §1.4: a webhook path that names another integration.
                let named = scope == "integration" && row.path.contains("/webhooks");
                assert_eq!(reply.status, if named { 403 } else { 404 }, "{said}");
            }
            let untouched = foreign.request_again(row, &path, &body).await;
            assert!(untouched, "{} changed what belongs to another app", row.id);
        }
    });
}

#[test]
fn an_integration_sees_only_its_own_webhooks() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let (one, two) =
            (app.custom("one", &sink.inbox("/1")).await, app.custom("two", &sink.inbox("/2")).await);
        let hooks = |id: &str| app.path(&format!("/integrations/{id}/webhooks"));
        let body = serde_json::json!({ "target": sink.inbox("/3").url(), "triggers": ["user:remove"] });
        for owner in ["me", one.id.as_str()] {
            let list = one.api.get(&hooks(owner)).await.ok();
            assert_eq!(list["webhooks"][0]["id"], one.webhook_id);
            one.api.get(&format!("{}/{}", hooks(owner), two.webhook_id)).await.with_status(404);
        }
        one.api.post(&hooks("me"), &body).await.with_status(201);
        one.api.get(&hooks(&two.id)).await.refused(403, "forbidden");
        one.api.post(&hooks(&two.id), &body).await.refused(403, "forbidden");
        for api in [&app.api, &app.account] {
            api.get(&hooks("me")).await.with_status(404);
        }
    });
}

#[test]
fn a_users_token_is_the_wrong_door() {
    run(30, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let claims = serde_json::json!({ "scope": "user", "external_id": "someone" });
        let token = testkit::jwt_with(&app.key, jsonwebtoken::Algorithm::HS256, &claims);
        let api = server.api().with(Credentials::Bearer(token));
        api.get(&app.path("/users/someone")).await.refused(403, "forbidden");
    });
}

fn walked() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().filter(|row| NOT_WALKED.lines().all(|id| id != row.id))
}

async fn send(api: &Api, row: &Operation, path: &str, body: &Option<Value>) -> Reply {
    let call = api.call(row.method.as_str(), path);
    match body {
        _ if row.id == "UploadAttachment" => call.multipart(world::upload_form()).send().await,
        Some(body) => call.json(body).send().await,
        None => call.send().await,
    }
}

/// A key of another account on the same server.
fn other_account(server: &Crosspoint) -> Key {
    let made = server.command(&["accounts", "create", "Stranger", "--json"]);
    let text = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success(), "{text} {}", String::from_utf8_lossy(&made.stderr));
    let line: Value = serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{error}: {text}"));
    Key { id: testkit::text_at(&line, "/keyId"), secret: testkit::text_at(&line, "/keySecret") }
}
