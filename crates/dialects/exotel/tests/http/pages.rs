//! Pages of other origins, in which the vendor's SDK runs.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use tower::ServiceExt;

use crate::house::{APP, House, SETTING};

const ORIGIN: &str = "https://crm.example.com";

async fn ask(house: &House, method: &str, path: &str) -> (u16, HeaderMap) {
    let request = Request::builder().method(method).uri(path).header("origin", ORIGIN);
    let request = request.header("access-control-request-headers", "authorization").body(Body::empty());
    let response = house.routes.clone().oneshot(request.unwrap()).await.unwrap();
    (response.status().as_u16(), response.headers().clone())
}

#[tokio::test]
async fn a_page_may_send_its_token_and_reads_every_answer() {
    let house = House::open().await;
    for path in
        [APP, SETTING, "/v2/integrations/usermapping?user_id=x", "/v2/integrations/call/outbound_call"]
    {
        let (status, heads) = ask(&house, "OPTIONS", path).await;
        assert_eq!(
            (status, &heads["access-control-allow-origin"]),
            (204, &ORIGIN.parse().unwrap()),
            "{path}"
        );
        assert_eq!(heads["access-control-allow-headers"], "authorization, content-type");
    }
    for (method, path, wanted) in
        [("GET", APP, 401), ("GET", "/v2/integrations/nothing", 404), ("PATCH", APP, 405)]
    {
        let (status, heads) = ask(&house, method, path).await;
        assert_eq!((status, &heads["access-control-allow-origin"]), (wanted, &ORIGIN.parse().unwrap()));
        assert_eq!(heads["vary"], "Origin");
        assert!(!heads.contains_key("access-control-allow-credentials"));
    }
}

#[tokio::test]
async fn every_path_below_the_prefix_answers_in_the_envelope() {
    let house = House::open().await;
    for path in [
        "/v2/integrations",
        "/v2/integrations/",
        "/v2/integrations/app/",
        "/v2/integrations/a/apps/b/settings/",
    ] {
        let (status, _) = house.send("GET", path, "", None).await;
        assert_eq!(status, 404, "{path}");
    }
}
