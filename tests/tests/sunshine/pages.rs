//! Pages and filters in every spelling that a client sends (sunshine-v2.md §3).

use serde_json::{Value, json};
use testkit::scene::{App, NO_ID, business};
use testkit::{Crosspoint, run, text_at};

fn ids(page: &Value, list: &str) -> Vec<String> {
    page[list].as_array().unwrap().iter().map(|it| text_at(it, "/id")).collect()
}

struct Shelf {
    app: App,
    user: String,
    ids: Vec<String>,
}

impl Shelf {
    /// A user with `count` conversations.
    async fn create(server: &Crosspoint, count: usize) -> Shelf {
        let app = App::create(server).await;
        let user = app.user("shelf").await;
        let mut ids = Vec::new();
        for _ in 0..count {
            ids.push(app.conversation(&user).await);
        }
        Shelf { app, user, ids }
    }

    async fn list(&self, query: &str) -> Value {
        self.app.get(&format!("/conversations?{query}")).await
    }
}

#[test]
fn a_list_is_walked_forwards_and_backwards() {
    run(60, async {
        let server = Crosspoint::start().await;
        let shelf = Shelf::create(&server, 7).await;
        let filter = format!("filter[userId]={}", shelf.user);
        let mut cursor = String::new();
        let mut seen = Vec::new();
        for size in [3, 3, 1] {
            let page = shelf.list(&format!("{filter}&page[size]=3{cursor}")).await;
            let found = ids(&page, "conversations");
            assert_eq!(found.len(), size);
            seen.extend(found);
            let more = seen.len() < 7;
            assert_eq!(page["meta"]["hasMore"], more);
            assert_eq!(page["meta"]["afterCursor"].is_string(), more, "{}", page["meta"]);
            assert_eq!(page["links"]["next"].is_string(), more, "{}", page["links"]);
            if more {
                cursor = format!("&page[after]={}", text_at(&page, "/meta/afterCursor"));
            }
        }
        assert_eq!(seen, shelf.ids, "by creation");
        // The page right before a cursor, still in the list's own order.
        let page = shelf.list(&format!("{filter}&page[size]=2&page[before]={}", shelf.ids[5])).await;
        assert_eq!(ids(&page, "conversations"), shelf.ids[3..5]);
        assert_eq!(page["meta"]["hasMore"], true, "more precede");
        let page = shelf.list(&format!("{filter}&page[size]=2&page[before]={}", shelf.ids[2])).await;
        assert_eq!(ids(&page, "conversations"), shelf.ids[0..2]);
        assert_eq!(page["meta"]["hasMore"], false);
    });
}

#[test]
fn links_are_absolute_and_lead_on() {
    run(60, async {
        let server = Crosspoint::start().await;
        let shelf = Shelf::create(&server, 5).await;
        let mut page = shelf.list(&format!("filter[userId]={}&page[size]=2", shelf.user)).await;
        let mut seen = ids(&page, "conversations");
        while let Some(next) = page["links"]["next"].as_str() {
            assert!(next.starts_with(&server.base()), "{next}");
            page = shelf.app.api.get(next).await.ok();
            seen.extend(ids(&page, "conversations"));
        }
        assert_eq!(seen, shelf.ids);
        let back = text_at(&page, "/links/prev");
        let page = shelf.app.api.get(&back).await.ok();
        assert_eq!(ids(&page, "conversations"), shelf.ids[2..4]);
    });
}

#[test]
fn only_pages_that_exist_are_told_of() {
    run(60, async {
        let server = Crosspoint::start().await;
        let shelf = Shelf::create(&server, 2).await;
        let talk = shelf.app.talk("customer").await;
        let mut posted = Vec::new();
        for text in ["one", "two"] {
            posted.push(talk.post(&shelf.app.api, &business(text)).await);
        }
        let (lowest, highest) = ("0".repeat(24), "f".repeat(24));
        let conversations = shelf.app.path(&format!("/conversations?filter[userId]={}", shelf.user));
        let messages = format!("{}/messages?", talk.path);
        for (path, items, first, last) in [
            (conversations, "conversations", &shelf.ids[0], &shelf.ids[1]),
            (messages.clone(), "messages", &posted[0], &posted[1]),
        ] {
            let list = async |cursor: String| shelf.app.api.get(&format!("{path}&{cursor}")).await.ok();
            for cursor in [format!("page[after]={lowest}"), format!("page[before]={highest}")] {
                let page = list(cursor).await;
                assert_eq!(ids(&page, items), [first.clone(), last.clone()]);
                assert_eq!((&page["meta"], page.get("links")), (&json!({ "hasMore": false }), None));
            }
            let page = list(format!("page[after]={first}")).await;
            assert_eq!(page["meta"], json!({ "hasMore": false, "beforeCursor": last }));
            let page = list(format!("page[before]={last}")).await;
            assert_eq!(page["meta"], json!({ "hasMore": false, "afterCursor": first }));
        }
        shelf.app.api.delete(&format!("{}/messages/{}", talk.path, posted[0])).await.ok();
        let page = shelf.app.api.get(&format!("{messages}page[after]={}", posted[0])).await.ok();
        assert_eq!(page["meta"], json!({ "hasMore": false }), "the first one is gone");
    });
}

#[test]
fn every_spelling_of_a_client_is_understood() {
    run(60, async {
        let server = Crosspoint::start().await;
        let shelf = Shelf::create(&server, 5).await;
        let (user, first) = (&shelf.user, &shelf.ids[0]);
        let spellings = [
            // Java, and people by hand: brackets raw or encoded.
            format!("filter[userId]={user}&page[after]={first}&page[size]=2"),
            format!("filter%5BuserId%5D={user}&page%5Bafter%5D={first}&page%5Bsize%5D=2"),
            // Python: one JSON text each.
            format!(
                "filter=%7B%22userId%22%3A%20%22{user}%22%7D\
                 &page=%7B%22after%22%3A%20%22{first}%22%2C%20%22size%22%3A%202%7D"
            ),
            // Ruby before 3.4: the text of a hash.
            format!(
                "filter=%7B%3AuserId%3D%3E%22{user}%22%7D\
                 &page=%7B%3Aafter%3D%3E%22{first}%22%2C%20%3Asize%3D%3E2%7D"
            ),
            // Ruby from 3.4 on.
            format!(
                "filter=%7BuserId%3A%20%22{user}%22%7D&page=%7Bafter%3A%20%22{first}%22%2C%20size%3A%202%7D"
            ),
            // The same with form encoding of spaces.
            format!(
                "filter=%7B%22userId%22%3A+%22{user}%22%7D&page=%7B%22after%22%3A+%22{first}%22%2C+%22size%22%3A+2%7D"
            ),
            // Empty values count as absent.
            format!(
                "filter[userId]={user}&filter[userExternalId]=&page[after]={first}&page[before]=&page[size]=2"
            ),
        ];
        for query in spellings {
            let page = shelf.list(&query).await;
            assert_eq!(ids(&page, "conversations"), shelf.ids[1..3], "{query}");
        }
        // JavaScript sends the first property only.
        let page = shelf.list(&format!("filter%5BuserId%5D={user}&page%5Bafter%5D={first}")).await;
        assert_eq!(ids(&page, "conversations"), shelf.ids[1..]);
        let page = shelf.list("filter[userExternalId]=shelf").await;
        assert_eq!(ids(&page, "conversations"), shelf.ids);
    });
}

#[test]
fn bad_pages_and_filters_are_refused() {
    run(60, async {
        let server = Crosspoint::start().await;
        let shelf = Shelf::create(&server, 2).await;
        let filter = format!("filter[userId]={}", shelf.user);
        let first = &shelf.ids[0];
        let pages = [
            "page[size]=0".to_owned(),
            "page[size]=101".into(),
            "page[size]=-1".into(),
            "page[size]=ten".into(),
            "page[size]=99999999999999999999".into(),
            "page[after]=abc".into(),
            format!("page[after]={}", "z".repeat(24)),
            format!("page[before]={first}0"),
            format!("page[after]={first}&page[before]={first}"),
            "page=ten".into(),
            "page=%7Bsize".into(),
        ];
        for page in &pages {
            let path = shelf.app.path(&format!("/conversations?{filter}&{page}"));
            let reply = shelf.app.api.get(&path).await;
            assert_eq!(reply.status, 400, "{page}: {}", reply.text);
        }
        for query in ["", "filter=nonsense", "filter[nobody]=x"] {
            let path = shelf.app.path(&format!("/conversations?{query}"));
            shelf.app.api.get(&path).await.refused(400, "bad_request");
        }
        let both = format!("/conversations?{filter}&filter[userExternalId]=shelf");
        shelf.app.api.get(&shelf.app.path(&both)).await.refused(400, "bad_request");
        let nobody = shelf.app.path(&format!("/conversations?filter[userId]={NO_ID}"));
        shelf.app.api.get(&nobody).await.refused(404, "user_not_found");
        // A cursor that was never there is a place in the order.
        let page = shelf.list(&format!("{filter}&page[after]={NO_ID}")).await;
        assert_eq!(ids(&page, "conversations"), shelf.ids);
    });
}

#[test]
fn messages_come_in_hundreds_newest_page_first() {
    run(90, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("customer").await;
        let mut posted = Vec::new();
        for number in 0..230 {
            posted.push(talk.post(&app.api, &business(&format!("m{number}"))).await);
        }
        let list = |query: String| {
            let (app, path) = (app.clone(), talk.path.clone());
            async move { app.api.get(&format!("{path}/messages{query}")).await.ok() }
        };
        let newest = list(String::new()).await;
        assert_eq!(ids(&newest, "messages"), posted[130..], "oldest first inside the page");
        assert_eq!(newest["meta"]["hasMore"], true, "more precede");
        assert_eq!(newest["meta"]["beforeCursor"], posted[130]);
        let middle = list(format!("?page[before]={}", posted[130])).await;
        assert_eq!(ids(&middle, "messages"), posted[30..130]);
        let oldest = app.api.get(&text_at(&middle, "/links/prev")).await.ok();
        assert_eq!(ids(&oldest, "messages"), posted[..30]);
        assert_eq!(oldest["meta"]["hasMore"], false);
        assert!(oldest["links"].get("prev").is_none(), "{}", oldest["links"]);
        let forward = list(format!("?page[after]={}", posted[29])).await;
        assert_eq!(ids(&forward, "messages"), posted[30..130]);
        assert_eq!(forward["meta"]["hasMore"], true, "more follow");
        // Java and Python always send a size, which is not looked at.
        for size in ["page[size]=25", "page=%7B%22size%22%3A%2025%7D"] {
            assert_eq!(ids(&list(format!("?{size}")).await, "messages").len(), 100);
        }
    });
}

#[test]
fn other_lists_page_too() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let mut integrations = Vec::new();
        for kind in ["web", "ios", "android", "web"] {
            integrations
                .push(text_at(&app.post("/integrations", json!({ "type": kind })).await, "/integration/id"));
        }
        let page = app.get("/integrations?page[size]=3").await;
        assert_eq!(ids(&page, "integrations"), integrations[..3]);
        let page = app.get("/integrations?filter[types]=web,pigeon").await;
        assert_eq!(ids(&page, "integrations"), [integrations[0].clone(), integrations[3].clone()]);
        let page = app.get("/integrations?filter=%7B%22types%22%3A%22ios%22%7D").await;
        assert_eq!(ids(&page, "integrations"), integrations[1..2]);
        let page = app.get("/integrations?filter=%7B%22types%22%3A%5B%22ios%22%2C%22android%22%5D%7D").await;
        assert_eq!(ids(&page, "integrations"), integrations[1..3]);
        let page = app.get("/integrations?filter[types]=pigeon").await;
        assert_eq!(page["integrations"], json!([]));

        for number in 0..3 {
            app.account.post("/v2/apps", &json!({ "displayName": format!("App {number}") })).await.ok();
        }
        let page = app.account.get("/v2/apps?page[size]=2").await.ok();
        assert_eq!(page["meta"]["hasMore"], true);
        assert_eq!(ids(&page, "apps")[0], app.id);
        let rest = app.account.get(&text_at(&page, "/links/next")).await.ok();
        assert_eq!(ids(&rest, "apps").len(), 2);
        let nobody = app.account.get(&format!("/v2/apps?filter[serviceAccountId]=svc_{NO_ID}")).await.ok();
        assert_eq!(nobody["apps"], json!([]));

        let (member, other) = (app.user("a").await, app.user("b").await);
        let participant = |id: &str| json!({ "userId": id, "subscribeSDKClient": false });
        let group =
            json!({ "type": "sdkGroup", "participants": [participant(&member), participant(&other)] });
        let path = format!(
            "/conversations/{}",
            text_at(&app.post("/conversations", group).await, "/conversation/id")
        );
        let page = app.get(&format!("{path}/participants?page[size]=1")).await;
        assert_eq!(page["participants"][0]["userId"], member);
        let cursor = text_at(&page, "/meta/afterCursor");
        let page = app.get(&format!("{path}/participants?page[size]=1&page[after]={cursor}")).await;
        assert_eq!(page["participants"][0]["userId"], other);
        assert_eq!(page["meta"]["hasMore"], false);
    });
}
