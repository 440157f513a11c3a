//! Customers.

use crosspoint_dialect_exotel::ExotelConfig;
use hub::{Limiter, RateLimit};
use serde_json::{Value, json};

use crate::house::{APP, House, KEY_ID, SECRET, SETTING};

const CUSTOMER: &str = "/v2/integrations/customer";

fn asked(name: &str) -> Option<Value> {
    Some(json!({ "CustomerName": name, "Email": "owner@example.com" }))
}

async fn open_to_all() -> House {
    House::open_with(ExotelConfig { customer_registration: true, ..ExotelConfig::default() }).await
}

#[tokio::test]
async fn only_the_operator_makes_customers_unless_the_configuration_says_so() {
    let house = House::open().await;
    let (status, error) = house.send("POST", CUSTOMER, "", asked("Shop")).await;
    assert!(status == 401 && error.as_str().unwrap().contains("crosspoint accounts create"), "{error}");
    assert_eq!(house.hub.list_accounts().await.unwrap().len(), 1);
    let shown = house.ok("GET", CUSTOMER, &house.customer().await, None).await;
    let fields: Vec<&String> = shown.as_object().unwrap().keys().collect();
    let wanted = [
        "CustomerID",
        "CustomerSecret",
        "CustomerName",
        "Email",
        "CustomerSetting",
        "CreatedAt",
        "UpdatedAt",
        "DeletedAt",
    ];
    assert_eq!(fields, wanted);
    assert_eq!((&shown["CustomerSecret"], &shown["DeletedAt"]), (&json!("********"), &json!(false)));
}

#[tokio::test]
async fn a_customer_is_made_read_and_deleted_with_its_apps() {
    let house = open_to_all().await;
    let made = house.ok("POST", CUSTOMER, "", asked("Shop")).await;
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    let token = house.token("customer", &text("CustomerID"), &text("CustomerSecret")).await;
    let shown = house.ok("GET", CUSTOMER, &token, None).await;
    assert_eq!((&shown["CustomerName"], &shown["Email"]), (&json!("Shop"), &json!("owner@example.com")));
    let app = house.register(&token, "Desk").await;
    let operators = house.register(&house.customer().await, "Other").await;
    house.refused(401, "DELETE", CUSTOMER, &app.token, None).await;
    assert_eq!(house.ok("DELETE", CUSTOMER, &token, None).await, "Deleted Successfully");

    for (path, token) in [(CUSTOMER, &token), (APP, &token), (SETTING, &app.token)] {
        house.refused(401, "GET", path, token, None).await;
    }
    let again = json!({ "Id": text("CustomerID"), "Secret": text("CustomerSecret"), "Entity": "customer" });
    house.refused(401, "POST", "/v2/integrations/token", "", Some(again)).await;
    house.hub.sweep().await.unwrap();
    house.refused(401, "GET", SETTING, &app.token, None).await;
    assert_eq!(house.hub.list_accounts().await.unwrap().len(), 1);
    house.ok("GET", SETTING, &operators.token, None).await;
}

#[tokio::test]
async fn the_operators_own_account_stays() {
    let house = open_to_all().await;
    house.ok("POST", CUSTOMER, "", asked("Shop")).await;
    let token = house.token("customer", KEY_ID, SECRET).await;
    house.refused(400, "DELETE", CUSTOMER, &token, None).await;
    house.ok("GET", CUSTOMER, &token, None).await;
}

#[tokio::test]
async fn customers_that_are_refused_are_not_made() {
    let house = open_to_all().await;
    for body in [
        json!({ "CustomerName": "Shop" }),
        json!({ "Email": "owner@example.com" }),
        json!({ "CustomerName": " ", "Email": "owner@example.com" }),
        json!({ "CustomerName": "Shop", "Email": "nowhere" }),
        json!([]),
    ] {
        house.refused(400, "POST", CUSTOMER, "", Some(body)).await;
    }
    assert_eq!(house.hub.list_accounts().await.unwrap().len(), 1);
}

/// The statuses of requests up to the first that is one too many. Of a rate of one a second, a busy machine
/// may get some back meanwhile, but not a hundred.
async fn until_refused(ask: impl AsyncFn(usize) -> u16) -> Vec<u16> {
    let mut found = Vec::new();
    while found.len() < 100 && found.last() != Some(&429) {
        found.push(ask(found.len()).await);
    }
    found
}

#[tokio::test]
async fn who_makes_customers_shares_one_rate_and_no_other() {
    let rate = RateLimit { per_second: 1.try_into().unwrap(), burst: 2.try_into().unwrap() };
    let house =
        House::open_with(ExotelConfig { limiter: Limiter::new(Some(rate)), ..ExotelConfig::default() }).await;
    let found = until_refused(async |_| house.send("POST", CUSTOMER, "", asked("Shop")).await.0).await;
    assert!(found.contains(&429) && found[0] == 401, "{found:?}");
    house.token("customer", KEY_ID, SECRET).await;
}

#[tokio::test]
async fn who_makes_customers_is_counted_before_the_body_is_read() {
    let rate = RateLimit { per_second: 1.try_into().unwrap(), burst: 2.try_into().unwrap() };
    let house =
        House::open_with(ExotelConfig { limiter: Limiter::new(Some(rate)), ..ExotelConfig::default() }).await;
    let found = until_refused(async |_| house.send("POST", CUSTOMER, "", None).await.0).await;
    assert!(
        found[..2] == [400, 400] && found.contains(&429),
        "a body that is missing counts, too: {found:?}"
    );
}

#[tokio::test]
async fn secrets_are_guessed_no_faster_than_the_rate() {
    let rate = RateLimit { per_second: 1.try_into().unwrap(), burst: 3.try_into().unwrap() };
    let house =
        House::open_with(ExotelConfig { limiter: Limiter::new(Some(rate)), ..ExotelConfig::default() }).await;
    let buy = async |id: &str, secret: &str| {
        let body = json!({ "Id": id, "Secret": secret, "Entity": "customer" });
        house.send("POST", "/v2/integrations/token", "", Some(body)).await.0
    };
    let guesses = [buy(KEY_ID, "a").await, buy(KEY_ID, "b").await, buy(KEY_ID, "c").await];
    assert_eq!(guesses, [401; 3]);
    // Whoever names nobody counts together, under whatever ids.
    let made_up = until_refused(async |number| buy(&format!("act_{number:024x}"), "a").await).await;
    assert!(made_up.contains(&429) && made_up[0] == 401, "{made_up:?}");
    let wrong = until_refused(async |_| buy(KEY_ID, "d").await).await;
    assert!(wrong.contains(&429), "{wrong:?}");
    for _ in 0..6 {
        assert_eq!(buy(KEY_ID, SECRET).await, 200, "whoever guesses does not keep the owner out");
    }
}
