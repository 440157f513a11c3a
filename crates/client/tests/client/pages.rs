//! Walking lists and following events.

use crosspoint_client::crosspoint::Start;
use futures::{StreamExt as _, TryStreamExt as _};

use crate::fake::{Fake, json, refusal};

fn apps(ids: &[&str], more: bool) -> axum::http::Response<axum::body::Body> {
    let apps: Vec<_> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
    let cursor = more.then_some(ids[ids.len() - 1]);
    json(
        200,
        &serde_json::json!({ "apps": apps, "meta": { "hasMore": more, "afterCursor": cursor } }).to_string(),
    )
}

#[tokio::test]
async fn a_walk_goes_over_all_pages() {
    let fake = Fake::start([apps(&["1", "2"], true), apps(&["3"], true), apps(&["4"], false)]).await;
    let walk = fake.client().sunshine().list_apps().page_size(2).stream();
    let ids: Vec<String> = walk.map_ok(|app| app.id).try_collect().await.unwrap();
    assert_eq!(ids, ["1", "2", "3", "4"]);
    let queries: Vec<_> = fake.asked().iter().map(|asked| asked.uri.query().unwrap().to_owned()).collect();
    let size = "page%5Bsize%5D=2";
    assert_eq!(
        queries,
        [size.to_owned(), format!("{size}&page%5Bafter%5D=2"), format!("{size}&page%5Bafter%5D=3")]
    );
}

#[tokio::test]
async fn messages_are_walked_from_the_newest() {
    let message = |id: &str| {
        serde_json::json!({ "id": id, "received": "t", "author": { "type": "business" },
            "content": { "type": "text", "text": id } })
    };
    let page = |ids: &[&str], more: bool| {
        let messages: Vec<_> = ids.iter().map(|id| message(id)).collect();
        let meta = serde_json::json!({ "hasMore": more, "beforeCursor": ids[0], "afterCursor": "x" });
        json(200, &serde_json::json!({ "messages": messages, "meta": meta }).to_string())
    };
    let fake = Fake::start([page(&["3", "4"], true), page(&["1", "2"], false)]).await;
    let walk = fake.client().sunshine().list_messages("a1", "c1").stream();
    let ids: Vec<String> = walk.map_ok(|message| message.id).try_collect().await.unwrap();
    assert_eq!(ids, ["4", "3", "2", "1"]);
    assert_eq!(fake.asked()[1].uri.query(), Some("page%5Bbefore%5D=3"));
}

#[tokio::test]
async fn an_error_ends_a_walk() {
    let fake = Fake::start([apps(&["1"], true), refusal(400, "x", "y")]).await;
    let items: Vec<_> = fake.client().sunshine().list_apps().stream().collect().await;
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].as_ref().unwrap_err().status(), Some(400));
}

#[tokio::test]
async fn following_goes_on_behind_an_error() {
    let page = |ids: &[&str], cursor: &str| {
        let events: Vec<_> = ids
            .iter()
            .map(|id| serde_json::json!({ "id": id, "createdAt": "t", "type": "x:y", "payload": {} }))
            .collect();
        let meta = serde_json::json!({ "hasMore": false, "afterCursor": cursor });
        json(200, &serde_json::json!({ "events": events, "meta": meta }).to_string())
    };
    let script = [
        page(&[], "05"),
        page(&["06", "07"], "09"),
        refusal(500, "x", "y"),
        page(&[], "09"),
        page(&["10"], "10"),
    ];
    let fake = Fake::start(script).await;
    let mut events = fake.client().crosspoint().follow("a1", Start::Now);
    let mut told = Vec::new();
    while told.len() < 4 {
        told.push(events.next().await.unwrap().map(|event| event.id).map_err(|error| error.status()));
    }
    assert_eq!(told, [Ok("06".into()), Ok("07".into()), Err(Some(500)), Ok("10".into())]);
    let after: Vec<_> = fake
        .asked()
        .iter()
        .map(|asked| asked.uri.query().unwrap().split('&').next().unwrap().to_owned())
        .collect();
    assert_eq!(after, ["after=ffffffffffffffffffffffff", "after=05", "after=09", "after=09", "after=09"]);
}

#[tokio::test]
async fn following_a_server_without_events_begins_with_its_first() {
    let empty = r#"{"events":[],"meta":{"hasMore":false,"afterCursor":"ffffffffffffffffffffffff"}}"#;
    let first =
        r#"{"events":[{"id":"01","createdAt":"t","type":"x:y","payload":{}}],"meta":{"hasMore":false}}"#;
    let fake = Fake::start([json(200, empty), json(200, first)]).await;
    let mut events = fake.client().crosspoint().follow("a1", Start::Now);
    assert_eq!(events.next().await.unwrap().unwrap().id, "01");
    assert_eq!(fake.asked()[1].uri.query(), Some("limit=100&wait=30"));
}

#[tokio::test]
async fn following_ends_behind_an_error_that_would_come_again() {
    for status in [401, 403, 404] {
        let fake = Fake::start([refusal(503, "x", "y"), refusal(status, "x", "y")]).await;
        let events = fake.client().crosspoint().follow("a1", Start::Oldest);
        let told: Vec<_> = events.map_err(|error| error.status()).collect().await;
        assert_eq!(told, [Err(Some(status))], "the call itself asks again behind 503");
        assert_eq!(fake.asked().len(), 2);
    }
}
