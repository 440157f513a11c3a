//! Users of an app.

use serde_json::{Value, json};

use crate::house::{House, Registered};

pub(crate) const USERS: &str = "/v2/integrations/usermapping";

pub(crate) fn user(id: &str) -> Value {
    json!({
        "AppUserId": id, "AppUsername": "Anna Bell", "Email": "anna@example.com", "ExotelAccountSid": "sid-1",
        "ExotelUserName": "Anna Bell", "AgentNumber": "+919561900000", "VirtualNumber": "+911135124165",
    })
}

async fn opened() -> (House, Registered) {
    let house = House::open().await;
    let app = house.register(&house.customer().await, "Desk").await;
    (house, app)
}

#[tokio::test]
async fn users_are_added_found_paged_and_removed() {
    let (house, Registered { app, token }) = opened().await;
    let mut silent = user("b");
    silent["AgentNumber"] = json!("");
    let added = house.ok("POST", USERS, &token, Some(json!([user("ann+bell@x.com"), silent]))).await;
    let first = &added[0];
    let fields: Vec<&String> = first.as_object().unwrap().keys().collect();
    let wanted = [
        "CustomerId",
        "AppID",
        "AppUserId",
        "ExotelAccountSid",
        "ExotelUserId",
        "AppUsername",
        "ExotelUserName",
        "AgentNumber",
        "ActiveDeviceId",
        "PhoneDeviceID",
        "SipDeviceID",
        "VirtualNumber",
        "Email",
        "OutboundActive",
        "Role",
        "SipId",
        "SipSecret",
        "IsActive",
        "UserDetail",
        "CreatedAt",
        "UpdatedAt",
        "customer_id",
    ];
    assert_eq!(fields, wanted);
    assert_eq!((&first["AppID"], &first["customer_id"]), (&app["AppID"], &app["CustomerID"]));
    assert_eq!((&added[1]["AgentNumber"], &added[1]["OutboundActive"]), (&json!(""), &json!(false)));
    assert!(first["SipId"].as_str().unwrap().starts_with("sip:agent"));

    // As the vendor's SDK asks, and as others do.
    for query in ["ann+bell@x.com", "ann%2Bbell%40x.com"] {
        let found = house.ok("GET", &format!("{USERS}?user_id={query}"), &token, None).await;
        assert_eq!((&found["ExotelUserId"], &found["Email"]), (&first["ExotelUserId"], &first["Email"]));
    }
    house.refused(404, "GET", &format!("{USERS}?user_id=nobody"), &token, None).await;
    house.refused(404, "GET", &format!("{USERS}?user_id="), &token, None).await;

    let page = house.ok("GET", &format!("{USERS}?page_size=1"), &token, None).await;
    assert_eq!((&page["Users"][0]["AppUserId"], &page["PageSize"]), (&json!("ann+bell@x.com"), &json!(1)));
    let last = page["LastEvaluatedValue"].as_str().unwrap();
    let next = house.ok("GET", &format!("{USERS}?page_size=1&last_value={last}"), &token, None).await;
    assert_eq!((&next["Users"][0]["AppUserId"], &next["LastEvaluatedValue"]), (&json!("b"), &json!("")));
    let whole = house.ok("GET", USERS, &token, None).await;
    assert_eq!((whole["Users"].as_array().unwrap().len(), &whole["PageSize"]), (2, &json!(20)));
    for query in ["page_size=0", "page_size=1001", "page_size=x", "last_value=-1"] {
        house.refused(400, "GET", &format!("{USERS}?{query}"), &token, None).await;
    }

    let some = "/v2/integrations/users";
    house.refused(404, "DELETE", some, &token, Some(json!(["b", "nobody"]))).await;
    house.refused(400, "DELETE", some, &token, Some(json!([]))).await;
    assert_eq!(house.ok("DELETE", some, &token, Some(json!(["b"]))).await, "Deleted Successfully");
    assert_eq!(house.ok("DELETE", USERS, &token, None).await, "Deleted Successfuly");
    assert_eq!(house.ok("GET", USERS, &token, None).await["Users"], json!([]));
    assert_eq!(house.ok("DELETE", USERS, &token, None).await, "Deleted Successfuly");
}

#[tokio::test]
async fn users_that_are_refused_change_nothing() {
    let (house, Registered { token, .. }) = opened().await;
    house.ok("POST", USERS, &token, Some(json!([user("kept")]))).await;
    let with = |field: &str, value: Value| {
        let mut changed = user("new");
        changed[field] = value;
        changed
    };
    for body in [
        json!([]),
        json!({}),
        user("alone"),
        json!([user("new"), user("new")]),
        json!([user("new"), user("kept")]),
        json!([with("AppUserId", json!(""))]),
        json!([with("AppUserId", Value::Null)]),
        json!([with("AppUsername", json!("Anna"))]),
        json!([with("AppUsername", json!("Ann Bell"))]),
        json!([with("ExotelUserName", json!("Anna Lee"))]),
        json!([with("Email", json!("nowhere"))]),
        json!([with("ExotelAccountSid", json!(""))]),
        json!([with("VirtualNumber", Value::Null)]),
    ] {
        house.refused(400, "POST", USERS, &token, Some(body)).await;
    }
    house.refused(400, "POST", USERS, &token, None).await;
    let kept = house.ok("GET", USERS, &token, None).await;
    assert_eq!(kept["Users"].as_array().unwrap().len(), 1);
}
