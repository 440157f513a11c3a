//! Input that no client should send: always the error form, never a 5xx, never a hang
//! (sunshine-v2.md §2, §11).

use std::time::Duration;

use serde_json::{Value, json};
use testkit::scene::{App, NO_ID, Talk, business};
use testkit::{Api, Crosspoint, Sink, progress, raw, run};
use wire::sunshine::OPERATIONS;
use wire::{Body, Operation};

use super::scope_matrix::world::World;

const JSON_BYTES_MAX: usize = 102_400;
const DEPTH_MAX: usize = 64;

fn nested(depth: usize) -> String {
    // The object around it is the first level.
    format!("{{\"unknown\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1))
}

#[test]
fn every_json_operation_refuses_what_is_no_json_object() {
    run(180, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let target = sink.inbox("/hook").url().to_owned();
        progress!("bad input: bodies of every operation");
        for row in with_body() {
            let world = World::create(&server, &target).await;
            let (path, _) = world.request(row).await;
            let api = &caller(&world, row);
            let call = |content_type: &str, body: &str| {
                api.call(row.method.as_str(), &path).text(content_type, body)
            };
            for body in
                ["{", "{\"a\":}", "[]", "null", "\"x\"", "1", "{} x", "\u{feff}{}", "{'a':1}", "\u{0}"]
            {
                call("application/json", body).send().await.refused(400, "bad_request");
            }
            let bytes = api.call(row.method.as_str(), &path).header("content-type", "application/json");
            bytes.bytes(b"{\"displayName\":\"\xff\xfe\"}".to_vec()).send().await.refused(400, "bad_request");
            call("application/json", &nested(DEPTH_MAX + 1)).send().await.refused(400, "bad_request");
            call("application/json", &"[".repeat(50_000)).send().await.refused(400, "bad_request");
            let large = format!("{{\"unknown\":\"{}\"}}", "x".repeat(JSON_BYTES_MAX));
            call("application/json", &large).send().await.refused(413, "request_entity_too_large");
            for content_type in ["text/plain", "application/xml", "json"] {
                call(content_type, "{}").send().await.refused(415, "unsupported_media_type");
            }
            let form = call("application/x-www-form-urlencoded", "{}").send().await;
            match row.body {
                Body::JsonOrForm => form.refused(400, "bad_request"),
                _ => form.refused(415, "unsupported_media_type"),
            };
            if row.body != Body::OptionalJson {
                call("application/json", "").send().await.refused(400, "bad_request");
            }
        }
    });
}

/// All but the one whose resource can never be found, which is said before its body is looked at.
fn with_body() -> impl Iterator<Item = &'static Operation> {
    let takes_json =
        |row: &&Operation| matches!(row.body, Body::Json | Body::OptionalJson | Body::JsonOrForm);
    OPERATIONS.iter().filter(takes_json).filter(|row| row.id != "SyncUser")
}

/// Somebody who may call it.
fn caller(world: &World<'_>, row: &Operation) -> Api {
    let app_may = row.scopes.iter().any(|scope| scope.as_str() == "app");
    if app_may { world.app.api.clone() } else { world.app.account.clone() }
}

#[test]
fn a_value_of_a_wrong_type_is_never_a_fault_of_ours() {
    run(240, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let target = sink.inbox("/hook").url().to_owned();
        progress!("bad input: wrong types in every body");
        for row in with_body() {
            let world = World::create(&server, &target).await;
            let (path, Some(body)) = world.request(row).await else { continue };
            let api = caller(&world, row);
            for pointer in pointers(&body) {
                let before = body.pointer(&pointer).unwrap();
                for wrong in wrong_values(before) {
                    let mut changed = body.clone();
                    *changed.pointer_mut(&pointer).unwrap() = wrong.clone();
                    let reply = api.call(row.method.as_str(), &path).json(&changed).send().await;
                    let said =
                        format!("{} with {pointer} = {wrong}: {} {}", row.id, reply.status, reply.text);
                    let typed = [400, 404].contains(&reply.status);
                    // A null clears, or stands for an absent value, where the schema lets it.
                    assert!(typed || (wrong.is_null() && reply.status < 300), "{said}");
                }
            }
        }
    });
}

/// Every value inside a body.
fn pointers(body: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let mut walk = vec![(String::new(), body)];
    while let Some((path, value)) = walk.pop() {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(name, it)| (format!("{path}/{name}"), it)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(at, it)| (format!("{path}/{at}"), it)).collect()
            }
            _ => vec![],
        };
        all.extend(children.iter().map(|(path, _)| path.clone()));
        walk.extend(children);
    }
    all
}

fn wrong_values(before: &Value) -> Vec<Value> {
    let all =
        [json!(null), json!(17), json!("wrong"), json!(true), json!([]), json!([[]]), json!({ "a": {} })];
    let same = |it: &Value| std::mem::discriminant(it) == std::mem::discriminant(before);
    all.into_iter().filter(|it| !same(it)).collect()
}

#[test]
fn limits_of_bodies_are_met_exactly() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let users = app.path("/users");
        let post = |body: String| app.api.call("POST", &users).text("application/json", &body).send();
        post(nested(DEPTH_MAX)).await.with_status(201);
        post(nested(DEPTH_MAX + 1)).await.refused(400, "bad_request");
        let padded = |bytes: usize| {
            let frame = "{\"unknown\":\"\"}".len();
            format!("{{\"unknown\":\"{}\"}}", "x".repeat(bytes - frame))
        };
        post(padded(JSON_BYTES_MAX)).await.with_status(201);
        post(padded(JSON_BYTES_MAX + 1)).await.refused(413, "request_entity_too_large");
        // Brackets inside a text are no nesting; the last of two equal keys wins.
        post(format!("{{\"unknown\":\"{}\\\"[\"}}", "[".repeat(500))).await.with_status(201);
        let twice = post("{\"externalId\":\"first\",\"externalId\":\"last\"}".into()).await.ok();
        assert_eq!(twice["user"]["externalId"], "last");
        for content_type in ["application/json; charset=utf-8", "Application/JSON;charset=UTF8"] {
            app.api.call("POST", &users).text(content_type, "{}").send().await.with_status(201);
        }
    });
}

#[test]
fn large_bodies_are_refused_while_they_are_read() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let key = testkit::Credentials::Basic(app.key.clone()).header().unwrap();
        let head = |length: &str| {
            format!(
                "POST {} HTTP/1.1\r\nhost: x\r\nauthorization: {key}\r\ncontent-type: application/json\r\n{length}\r\n\r\n",
                app.path("/users")
            )
        };
        let base = server.base();
        let ask = |bytes: Vec<u8>| {
            let base = base.clone();
            async move {
                let exchange = move || raw::exchange(&base, &bytes, Duration::from_secs(30));
                let answer = tokio::task::spawn_blocking(exchange).await.unwrap().unwrap();
                let answer = String::from_utf8_lossy(&answer).into_owned();
                (raw::status_of(&answer), answer)
            }
        };
        // Announced, but never sent.
        let (status, answer) = ask(head("content-length: 10000000000").into_bytes()).await;
        assert_eq!(status, Some(413), "{answer}");
        assert!(answer.contains("request_entity_too_large"), "{answer}");
        // In pieces, without an end.
        let mut endless = head("transfer-encoding: chunked").into_bytes();
        for _ in 0..200 {
            endless.extend_from_slice(format!("400\r\n{}\r\n", "x".repeat(0x400)).as_bytes());
        }
        let (status, answer) = ask(endless).await;
        assert_eq!(status, Some(413), "{answer}");
    });
}

#[test]
fn unknown_routes_and_methods_answer_in_the_error_form() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let unknown = [
            "/",
            "/v2",
            "/v2/",
            "/v1/apps",
            "/v2/app",
            "/v2/apps/",
            "/v2/nothing",
            "/sc",
            "/sc/v2/nothing",
            "/favicon.ico",
            "/v2/apps//users",
            "/console/",
            "/%",
            "/%zz",
            "/v2/apps/%00/users/x",
        ];
        for path in unknown {
            for api in [&app.api, &server.api()] {
                let reply = api.get(path).await;
                assert!(
                    matches!(reply.status, 400 | 401 | 403 | 404),
                    "{path}: {} {}",
                    reply.status,
                    reply.text
                );
            }
        }
        server.api().get("/nothing/here").await.refused(404, "not_found");
        app.api.get("/v2/nothing").await.refused(404, "not_found");
        let trailing = app.path("/users/");
        app.api.get(&trailing).await.with_status(404);
        for method in ["PUT", "DELETE"] {
            let reply = app.api.call(method, &app.path("/users")).send().await;
            reply.refused(405, "method_not_allowed");
        }
        app.api.call("POST", &app.path("")).json(&json!({})).send().await.refused(405, "method_not_allowed");
    });
}

#[test]
fn ids_of_any_form_are_not_found() {
    run(90, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("customer").await;
        let long = "x".repeat(5_000);
        let odd = [
            "x",
            "0",
            "-1",
            "%2e%2e%2f%2e%2e",
            "%00",
            "%ff%fe",
            "%F0%9F%99%82",
            "'%20OR%201=1--",
            "%22",
            "{}",
            "null",
            "FFFFFFFFFFFFFFFFFFFFFFFF",
            "00000000000000000000000",
            "0000000000000000000000000",
            NO_ID,
            &long,
            "a+b",
            "me",
        ];
        let below = [
            "/conversations/{}",
            "/conversations/{}/messages",
            "/conversations/{}/participants",
            "/integrations/{}",
            "/integrations/{}/keys",
            "/integrations/{}/webhooks",
            "/users/{}",
            "/users/{}/clients",
            "/users/{}/devices",
        ];
        for id in odd {
            for template in below {
                let reply = app.api.get(&app.path(&template.replace("{}", id))).await;
                assert!(
                    matches!(reply.status, 400 | 404),
                    "{template} {id}: {} {}",
                    reply.status,
                    reply.text
                );
            }
            let message = format!("{}/messages/{id}", talk.path);
            let reply = app.api.delete(&message).await;
            assert!(matches!(reply.status, 400 | 404), "{message}: {} {}", reply.status, reply.text);
            let reply = app.account.get(&format!("/v2/apps/{id}")).await;
            assert!(matches!(reply.status, 400 | 404), "app {id}: {} {}", reply.status, reply.text);
        }
    });
}

#[test]
fn titles_name_the_field() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("customer").await;
        let messages = format!("{}/messages", talk.path);
        let long = json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "x".repeat(4_097) } });
        app.api.post(&messages, &long).await.bad_request("content.text");
        app.api.post(&messages, &json!({ "author": { "type": "business" } })).await.bad_request("content");
        app.api.post(&app.path("/users"), &json!({ "externalId": 5 })).await.bad_request("externalId");
        let profile = json!({ "profile": { "email": "nobody" } });
        app.api.post(&app.path("/users"), &profile).await.bad_request("profile.email");
        app.account.post("/v2/apps", &json!({})).await.bad_request("displayName");
    });
}

#[test]
fn many_bad_requests_leave_a_working_server() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("customer").await;
        let base = server.base();
        let garbage: [&[u8]; 7] = [
            b"\r\n\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"POST /v2/apps HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
            b"GET /v2/apps HTTP/1.1\r\nhost: x\r\n\xff\xff: \x00\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ];
        for bytes in garbage {
            let (base, bytes) = (base.clone(), bytes.to_vec());
            let exchange = move || raw::exchange(&base, &bytes, Duration::from_millis(300));
            let answer = tokio::task::spawn_blocking(exchange).await.unwrap().unwrap_or_default();
            let text = String::from_utf8_lossy(&answer).into_owned();
            assert!(raw::status_of(&text).is_none_or(|status| status < 500), "{text}");
        }
        many_at_once(&app.api, &talk).await;
        talk.answers(&app.api, "still here").await;
    });
}

async fn many_at_once(api: &Api, talk: &Talk) {
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let (api, path) = (api.clone(), format!("{}/messages", talk.path));
            tokio::spawn(async move {
                let body = match number % 3 {
                    0 => business(&"x".repeat(5_000)),
                    1 => json!({ "author": { "type": "nobody" }, "content": [] }),
                    _ => json!({ "author": { "type": "business" }, "content": { "type": "riddle" } }),
                };
                api.post(&path, &body).await.refused(400, "bad_request");
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a refusal");
    }
}
