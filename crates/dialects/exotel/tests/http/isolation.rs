//! Two customers, one of whom tries every route.

use serde_json::{Value, json};

use crate::house::{APP, House, Registered, SETTING};
use crate::users::{USERS, user};

/// Everything that can be seen of an app.
async fn seen(house: &House, it: &Registered, customer: &str) -> Vec<Value> {
    let mut users = house.ok("GET", USERS, &it.token, None).await;
    for user in users["Users"].as_array_mut().unwrap() {
        // It is another one every time.
        user.as_object_mut().unwrap().remove("SipSecret");
    }
    vec![
        house.ok("GET", APP, &it.token, None).await,
        house.ok("GET", APP, customer, None).await,
        house.ok("GET", SETTING, &it.token, None).await,
        house.ok("GET", "/v2/integrations/customer", customer, None).await,
        users,
    ]
}

#[tokio::test]
async fn no_route_leads_to_another_customer() {
    let house = House::open().await;
    let customer = house.customer().await;
    let (account, key) = house.hub.create_account("Stranger").await.unwrap();
    let stranger = house.token("customer", &account.id.to_guid(), &key.secret).await;
    let (ours, theirs) = (house.register(&customer, "Ours").await, house.register(&stranger, "Theirs").await);
    house
        .ok("POST", SETTING, &ours.token, Some(json!({ "Key": "callback", "Value": "https://x.com/" })))
        .await;
    house.ok("POST", USERS, &ours.token, Some(json!([user("ann")]))).await;
    let before = seen(&house, &ours, &customer).await;

    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (customer_id, app_id) = (text(&ours.app["CustomerID"]), text(&ours.app["AppID"]));
    for operation in wire::exotel::OPERATIONS {
        let path = operation.path.replace("{customer_id}", &customer_id).replace("{app_id}", &app_id);
        let path = path.replace("{user_id}", "ann");
        let method = operation.method.as_str();
        for token in [&stranger, &theirs.token, ""] {
            for query in ["", "?key=callback", "?user_id=ann"] {
                for body in [None, Some(json!({ "Key": "callback", "sip": false })), Some(json!(["ann"]))] {
                    // Deleting what is one's own is no attack on the other.
                    if method == "DELETE" && (path == APP || path.ends_with("/customer")) && !token.is_empty()
                    {
                        continue;
                    }
                    let path = format!("{path}{query}");
                    let response = house.raw(method, &path, token, body).await;
                    let shown = response.1;
                    for secret in [app_id.as_str(), "https://x.com/", "anna@example.com"] {
                        assert!(!shown.contains(secret), "{method} {path} shows {shown}");
                    }
                }
            }
        }
    }
    assert_eq!(house.ok("DELETE", APP, &theirs.token, None).await, "Deleted Successfully");
    assert_eq!(
        house.ok("DELETE", "/v2/integrations/customer", &stranger, None).await,
        "Deleted Successfully"
    );
    house.hub.sweep().await.unwrap();
    assert_eq!(seen(&house, &ours, &customer).await, before);
}

#[tokio::test]
async fn a_token_of_the_wrong_entity_opens_nothing() {
    let house = House::open().await;
    let customer = house.customer().await;
    let ours = house.register(&customer, "Ours").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (customer_id, app_id) = (text(&ours.app["CustomerID"]), text(&ours.app["AppID"]));
    let mut tried = 0;
    for operation in wire::exotel::OPERATIONS.iter().filter(|operation| !operation.scopes.is_empty()) {
        let path = operation.path.replace("{customer_id}", &customer_id).replace("{app_id}", &app_id);
        let path = path.replace("{user_id}", "ann");
        let mut wrong = vec!["", "nonsense", "a.b.c"];
        if !operation.allows(wire::Scope::App) {
            wrong.push(&ours.token);
        }
        if !operation.allows(wire::Scope::Account) {
            wrong.push(&customer);
        }
        for token in wrong {
            house.refused(401, operation.method.as_str(), &path, token, Some(json!({}))).await;
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
    house.ok("GET", APP, &ours.token, None).await;
}
