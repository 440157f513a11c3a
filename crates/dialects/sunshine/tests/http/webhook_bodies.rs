//! What is posted to webhooks.

use crosspoint_dialect_sunshine::SunshineRenderer;
use hub::outbox::{EventRenderer, Subscriber};
use model::record::{EventForm, IntegrationKey, Subscription, SubscriptionKey};
use model::{Id, Millis};
use serde_json::{Value, json};

use crate::house::House;

fn subscriber(house: &House, in_full: bool) -> Subscriber {
    let subscription = Subscription {
        key: SubscriptionKey(1),
        id: "5f4eaef81e3dcc117c7ba48a".parse::<Id>().unwrap(),
        app: house.grant.app.key,
        integration: IntegrationKey(1),
        form: EventForm::Sunshine,
        target: "https://a.example".to_owned(),
        triggers: i64::MAX,
        sealed_secret: Vec::new(),
        include_full_user: in_full,
        include_full_source: in_full,
        settled_through: 0,
        created_at: Millis(0),
    };
    Subscriber { subscription, secret: "s".to_owned(), paused: false }
}

#[tokio::test]
async fn a_body_names_app_webhook_and_event() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let body = json!({ "author": { "type": "user", "userExternalId": "ann" }, "content": { "type": "text", "text": "hi" } });
    let posted = house.post(&format!("{talk}/messages"), body).await.is(201)["messages"][0].clone();

    let (views, _) = house.hub.outbox().after(0, 10, |_, _, _| true).await.unwrap();
    let renderer = SunshineRenderer::new(house.hub.clone());
    assert_eq!(renderer.form(), EventForm::Sunshine);
    let render = |at: usize, in_full: bool| -> Value {
        serde_json::from_slice(&renderer.render(&views[at], &subscriber(&house, in_full))).unwrap()
    };
    let created = render(0, false);
    assert_eq!(created["app"], json!({ "id": house.grant.app.id.to_string() }));
    assert_eq!(created["webhook"], json!({ "id": "5f4eaef81e3dcc117c7ba48a", "version": "v2" }));
    let event = &created["events"][0];
    assert_eq!(
        (&event["type"], &event["payload"]["creationReason"]),
        (&json!("conversation:create"), &json!("none"))
    );
    assert_eq!(event["payload"]["user"]["externalId"], "ann");

    let mut message = render(1, false)["events"][0]["payload"]["message"].clone();
    let user = message["author"].as_object_mut().unwrap().remove("user").unwrap();
    assert_eq!(
        user,
        json!({ "id": posted["author"]["userId"], "externalId": "ann", "authenticated": false })
    );
    assert_eq!(message, posted, "but for the user it is the message of the reply");
    assert_eq!(render(1, true)["events"][0]["payload"]["message"]["author"]["user"]["identities"], json!([]));
}
