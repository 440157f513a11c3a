//! Users: create, find, change, forget, delete (sunshine-v2.md §4.1–4.4).

use std::time::Duration;

use serde_json::{Value, json};
use testkit::scene::{App, NO_ID};
use testkit::{Credentials, Crosspoint, Sink, raw, run, text_at};

#[test]
fn creating_and_finding() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let anonymous = app.post("/users", json!({})).await;
        let user = &anonymous["user"];
        assert_eq!(
            (&user["authenticated"], &user["metadata"], &user["profile"]),
            (&json!(false), &json!({}), &json!({}))
        );
        assert_eq!(user["identities"], json!([]));
        assert!(user["signedUpAt"].is_string() && user.get("externalId").is_none());
        app.get(&format!("/users/{}", text_at(user, "/id"))).await;

        let body = json!({
            "externalId": "Ann", "signedUpAt": "2020-05-21T10:54:59+02:00", "toBeRetained": true,
            "profile": {
                "givenName": "Ann", "surname": "Lee", "email": "ann@example.org",
                "avatarUrl": "https://a.example/a.png", "locale": "fr-CA"
            },
            "metadata": { "lang": "en-ca", "n": 1.5, "vip": false }
        });
        let made = app.post("/users", body.clone()).await["user"].clone();
        assert_eq!(made["signedUpAt"], "2020-05-21T08:54:59.000Z");
        for field in ["externalId", "profile", "metadata", "toBeRetained"] {
            assert_eq!(made[field], body[field], "{field}");
        }
        assert_eq!(app.get("/users/Ann").await["user"], made);
        app.api.get(&app.path("/users/ann")).await.refused(404, "user_not_found");
        app.api.post(&app.path("/users"), &body).await.refused(409, "conflict");
    });
}

#[test]
fn external_ids_hold_any_character() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let ids = [
            ("a/b", "a%2Fb"),
            ("a b", "a%20b"),
            ("a+b", "a%2Bb"),
            ("plus+literal", "plus+literal"),
            ("50%", "50%25"),
            ("ann@example.org", "ann@example.org"),
            ("?#&=", "%3F%23%26%3D"),
            ("中文 🙂", "%E4%B8%AD%E6%96%87%20%F0%9F%99%82"),
            ("5e4af71a81966cfff3ef6550", "5e4af71a81966cfff3ef6550"),
            ("sync", "sync"),
        ];
        for (external_id, segment) in ids {
            let id = app.user(external_id).await;
            assert_eq!(app.get(&format!("/users/{segment}")).await["user"]["id"], id, "{external_id}");
        }
        // A URL library takes %2E%2E for a step up; a client that does not means the user.
        let id = app.user("..").await;
        let key = Credentials::Basic(app.key.clone()).header().unwrap();
        let path = app.path("/users/%2E%2E");
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: {key}\r\nconnection: close\r\n\r\n");
        let base = server.base();
        let exchange = move || raw::exchange(&base, request.as_bytes(), Duration::from_secs(30));
        let answer = tokio::task::spawn_blocking(exchange).await.unwrap().unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.contains(&format!("\"id\":\"{id}\"")), "{answer}");
        // Ruby writes a space as a plus.
        let id = app.user("two words").await;
        assert_eq!(app.get("/users/two+words").await["user"]["id"], id);
        let phone = app.user("+1 555 0100").await;
        assert_eq!(app.get("/users/%2B1+555+0100").await["user"]["id"], phone);
        let clients = app.api.get(&format!("/sc{}", app.path("/users/%2B1+555+0100/clients"))).await.ok();
        assert_eq!(clients["clients"], json!([]));
        app.api.get(&app.path("/users/+1+555+0100")).await.with_status(404);
        // A plus that is one is found first.
        let plus = app.user("two+words").await;
        assert_eq!(app.get("/users/two+words").await["user"]["id"], plus);
        let longest = "x".repeat(1_024);
        app.user(&longest).await;
        app.get(&format!("/users/{longest}")).await;
        for bad in [json!(""), json!("x".repeat(1_025)), json!(5), json!(true)] {
            app.api
                .post(&app.path("/users"), &json!({ "externalId": bad }))
                .await
                .refused(400, "bad_request");
        }
    });
}

#[test]
fn brands_keep_equal_external_ids_apart() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let none = app.user("same").await;
        let mut branded = Vec::new();
        for brand in ["one", "two"] {
            let made = app.post("/users", json!({ "externalId": "same", "brandId": brand })).await;
            assert_eq!(made["user"]["brandId"], brand);
            branded.push(text_at(&made, "/user/id"));
        }
        assert_eq!(app.get("/users/same").await["user"]["id"], none);
        assert_eq!(app.get("/users/same?brandId=two").await["user"]["id"], branded[1]);
        assert_eq!(app.get(&format!("/users/{}", branded[0])).await["user"]["brandId"], "one");
        let body = json!({ "externalId": "same", "brandId": "one" });
        app.api.post(&app.path("/users"), &body).await.refused(409, "conflict");
        let body = json!({ "brandId": "x".repeat(25) });
        app.api.post(&app.path("/users"), &body).await.refused(400, "bad_request");
    });
}

#[test]
fn changing_merges_and_null_clears() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let body = json!({
            "externalId": "ann", "profile": { "givenName": "Ann", "surname": "Lee" }, "metadata": { "a": 1, "b": 2 }
        });
        app.post("/users", body).await;
        let change = |body: Value| {
            let app = app.clone();
            async move { app.patch("/users/ann", body).await["user"].clone() }
        };
        let user = change(json!({ "profile": { "givenName": "Anna" } })).await;
        assert_eq!(user["profile"], json!({ "givenName": "Anna", "surname": "Lee" }));
        let user =
            change(json!({ "profile": { "surname": null }, "metadata": { "b": null, "c": "x" } })).await;
        assert_eq!(user["profile"], json!({ "givenName": "Anna" }));
        assert_eq!(user["metadata"], json!({ "a": 1, "c": "x" }));
        let user = change(json!({ "metadata": null })).await;
        assert_eq!(user["metadata"], json!({}));
        let user = change(json!({ "externalId": "eve", "id": NO_ID, "authenticated": true })).await;
        assert_eq!(
            (&user["externalId"], &user["authenticated"]),
            (&json!("ann"), &json!(false)),
            "read-only"
        );
        assert_eq!(change(json!({})).await, user);
        let bad = [
            json!({ "profile": { "givenName": "" } }),
            json!({ "profile": { "givenName": "x".repeat(129) } }),
            json!({ "profile": { "email": "nobody" } }),
            json!({ "profile": { "avatarUrl": "no uri" } }),
            json!({ "profile": { "locale": "x".repeat(65) } }),
            json!({ "profile": [] }),
            json!({ "metadata": { "a": {} } }),
            json!({ "metadata": { "a": "x".repeat(4_096) } }),
            json!({ "signedUpAt": "yesterday" }),
            json!({ "toBeRetained": "yes" }),
        ];
        for body in bad {
            let reply = app.api.patch(&app.path("/users/ann"), &body).await;
            assert_eq!(reply.status, 400, "{body}: {}", reply.text);
        }
        assert_eq!(app.get("/users/ann").await["user"], user, "a refusal changes nothing");
        // Room for 4 KB is a matter of the whole, not of one change.
        change(json!({ "metadata": { "a": "x".repeat(2_500) } })).await;
        let more = json!({ "metadata": { "b": "x".repeat(2_500) } });
        app.api.patch(&app.path("/users/ann"), &more).await.refused(400, "bad_request");
    });
}

#[test]
fn forgetting_keeps_the_user_and_the_history() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let body = json!({
            "externalId": "ann", "profile": { "givenName": "Ann", "locale": "fr" }, "metadata": { "a": 1 }
        });
        let user = text_at(&app.post("/users", body).await, "/user/id");
        let conversation = app.conversation(&user).await;
        let said = json!({
            "author": { "type": "user", "userId": user }, "content": { "type": "text", "text": "it is me" }
        });
        let posted = app.post(&format!("/conversations/{conversation}/messages"), said).await;
        assert_eq!(posted["messages"][0]["author"]["displayName"], "Ann");
        let bare = app.api.delete(&app.path("/users/ann/personalinformation")).await.ok();
        let user = &bare["user"];
        assert_eq!(
            (&user["profile"], &user["metadata"], &user["identities"]),
            (&json!({}), &json!({}), &json!([]))
        );
        assert_eq!(user["externalId"], "ann");
        // Old messages may be many, so their names go by and by.
        testkit::eventually(10, "messages without the name", || async {
            let listed = app.get(&format!("/conversations/{conversation}/messages")).await;
            assert_eq!(listed["messages"][0]["content"]["text"], "it is me");
            (!listed.to_string().contains("\"Ann\"")).then_some(())
        })
        .await;
        app.api.delete(&app.path("/users/bob/personalinformation")).await.refused(404, "user_not_found");
    });
}

#[test]
fn deleting_takes_what_is_the_users_own() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let (ann, bob) = (app.user("ann").await, app.user("bob").await);
        let personal = app.conversation(&ann).await;
        let participant = |id: &str| json!({ "userId": id, "subscribeSDKClient": false });
        let body = json!({ "type": "sdkGroup", "participants": [participant(&ann), participant(&bob)] });
        let group = text_at(&app.post("/conversations", body).await, "/conversation/id");
        for user in [&ann, &bob] {
            let said = json!({ "author": { "type": "user", "userId": user }, "content": { "type": "text", "text": "hi" } });
            app.post(&format!("/conversations/{group}/messages"), said).await;
        }
        app.delete("/users/ann").await;
        app.api.get(&app.path("/users/ann")).await.refused(404, "user_not_found");
        app.api.delete(&app.path("/users/ann")).await.refused(404, "user_not_found");
        let gone = app.path(&format!("/conversations/{personal}"));
        app.api.get(&gone).await.refused(404, "conversation_not_found");
        let what = "messages and participants of the group without the user";
        testkit::eventually(10, what, || async {
            let participants = app.get(&format!("/conversations/{group}/participants")).await;
            let messages = app.get(&format!("/conversations/{group}/messages")).await;
            let left =
                (participants["participants"].as_array()?.len(), messages["messages"].as_array()?.len());
            (left == (1, 1)).then_some(())
        })
        .await;
        let again = app.user("ann").await;
        assert_ne!(again, ann);
    });
}

#[test]
fn listing_by_identity_needs_the_filter() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        app.api.get(&app.path("/users")).await.refused(400, "bad_request");
        let spellings = [
            "filter[identities.email]=a@example.org",
            "filter%5Bidentities.email%5D=a%40example.org",
            "filter=%7B%22identities.email%22%3A%22a@example.org%22%7D",
        ];
        for query in spellings {
            assert_eq!(app.get(&format!("/users?{query}")).await["users"], json!([]));
        }
    });
}

#[test]
fn nobody_has_a_zendesk_id() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let path = app.path("/users/35436/sync");
        app.api.post_nothing(&path).await.with_status(404);
        app.api.post(&path, &json!({ "survivingZendeskId": "1" })).await.with_status(404);
    });
}

/// Every row of a running server's store that holds a text.
fn rows_with(server: &Crosspoint, text: &str) -> Vec<String> {
    let store = rusqlite::Connection::open(server.dir().join("crosspoint.db")).unwrap();
    let mut tables = store.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut found = Vec::new();
    for table in tables {
        let mut rows = store.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let value = row.get_ref(column).unwrap();
                let bytes = value.as_bytes_or_null().ok().flatten().unwrap_or_default();
                if String::from_utf8_lossy(bytes).contains(text) {
                    found.push(format!("{table}: {}", String::from_utf8_lossy(bytes)));
                }
            }
        }
    }
    found
}

#[test]
fn nothing_that_happened_still_knows_a_user_that_was_deleted() {
    const ADDRESS: &str = "ann@example.org";
    run(60, async {
        let (mut server, sink) = (Crosspoint::start().await, Sink::start().await);
        let mut app = App::create(&server).await;
        let inbox = sink.inbox("/ends");
        let triggers = ["user:merge", "client:add", "client:remove", "conversation:leave", "user:remove"];
        let hook = json!({ "target": inbox.url(), "triggers": triggers, "includeFullUser": true });
        app.custom_with("crm", hook).await;
        for (name, zendesk_id) in [("ann", "1"), ("ann's phone", "2")] {
            let profile = json!({ "givenName": name, "email": ADDRESS });
            let body = json!({ "externalId": name, "profile": profile, "metadata": { "mail": ADDRESS } });
            app.post("/users", body).await;
            server.kill9();
            let rows = rusqlite::Connection::open(server.dir().join("crosspoint.db")).unwrap();
            let set = "UPDATE users SET zendesk_id = ?1 WHERE external_id = ?2";
            assert_eq!(rows.execute(set, [zendesk_id, name]).unwrap(), 1);
            drop(rows);
            server.restart().await;
            app.api = server.api().as_key(&app.key);
        }
        let bob = app.user("bob").await;
        let ann = text_at(&app.get("/users/ann").await, "/user/id");
        let participant = |id: &str| json!({ "userId": id, "subscribeSDKClient": true });
        let personal = json!({ "type": "personal", "participants": [participant(&ann)] });
        let group = json!({ "type": "sdkGroup", "participants": [participant(&ann), participant(&bob)] });
        for body in [personal, group] {
            let conversation = text_at(&app.post("/conversations", body).await, "/conversation/id");
            let said = json!({ "author": { "type": "user", "userId": ann }, "content": { "type": "text", "text": "hi" } });
            app.post(&format!("/conversations/{conversation}/messages"), said).await;
        }
        app.post("/users/2/sync", json!({ "survivingZendeskId": "1" })).await;
        assert!(rows_with(&server, ADDRESS).iter().any(|row| row.starts_with("events")), "merges are kept");
        app.delete("/users/ann").await;

        let told = testkit::eventually(20, "the end", || async {
            let told: Vec<String> = inbox.hooks().iter().map(|hook| hook.body.to_string()).collect();
            told.iter().any(|body| body.contains("\"user:remove\"")).then_some(told)
        })
        .await;
        let of = |kind: &str| told.iter().find(|body| body.contains(&format!("\"{kind}\""))).unwrap();
        assert!(of("client:remove").contains(ADDRESS), "the user is shown once more: {told:?}");
        assert!(of("user:remove").contains("\"externalId\":\"ann\""), "{told:?}");
        testkit::eventually(20, "events and rows without the address", || async {
            // Whatever is deleted wakes the sweeper.
            app.user("other").await;
            app.delete("/users/other").await;
            let listed = app.get("/events?limit=100").await.to_string();
            let is_forgotten = !listed.contains(ADDRESS) && rows_with(&server, ADDRESS).is_empty();
            (is_forgotten && listed.contains("user:remove")).then_some(())
        })
        .await;
    });
}
