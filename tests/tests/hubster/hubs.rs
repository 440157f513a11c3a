//! Hubs (hubster.md §2.2), and what holds for every route: errors, methods, other origins.

use serde_json::json;
use testkit::{Crosspoint, run, text_at};

use super::scene::{NOBODY, Tenant, put, refused};

#[test]
fn a_hub_is_made_changed_read_and_removed() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let portal = &tenant.portal;
        let body = json!({ "name": "Support", "description": "First line", "closeDormantConversation": 30 });
        let made = portal.post("/api/v1/hubs", &body).await.ok();
        let id = text_at(&made, "/hubId");
        assert_eq!(made["statusId"], 2000);
        assert_eq!((&made["name"], &made["closeDormantConversation"]), (&json!("Support"), &json!(30)));
        let path = format!("/api/v1/hubs/{id}");
        assert_eq!(portal.get(&path).await.ok(), made);
        assert_eq!(
            portal.get(&format!("/api/v1/hubs/{}", id.to_uppercase().replace('-', ""))).await.ok(),
            made
        );

        let changed =
            put(portal, &path, &json!({ "StatusId": "2002", "closeDormantConversation": 0 })).await.ok();
        assert_eq!((&changed["statusId"], &changed["description"]), (&json!(2002), &json!("First line")));
        assert!(changed.get("closeDormantConversation").is_none(), "{changed}");

        refused(portal.post("/api/v1/hubs", &body).await, 400, &[600]);
        refused(portal.post("/api/v1/hubs", &json!({ "statusId": 50000 })).await, 400, &[301, 301, 206]);
        let wrong = json!({ "name": 5, "description": "x", "closeDormantConversation": -1 });
        refused(portal.post("/api/v1/hubs", &wrong).await, 400, &[302, 209]);
        refused(portal.call("POST", "/api/v1/hubs").send().await, 400, &[300]);
        refused(portal.call("POST", "/api/v1/hubs").text("text/plain", "[1]").send().await, 400, &[300]);
        let long = json!({ "name": "n".repeat(101), "description": "x" });
        refused(portal.post("/api/v1/hubs", &long).await, 400, &[207]);

        // The same hub, seen by the other API.
        let apps = server.as_account().get("/v2/apps").await.ok();
        assert_eq!(apps["apps"][0]["displayName"], "Support");

        assert_eq!(portal.delete(&path).await.text, "");
        refused(portal.get(&path).await, 404, &[699]);
        portal.post("/api/v1/hubs", &body).await.ok();
    });
}

#[test]
fn hubs_are_listed_in_numbered_pages() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        for name in ["a", "b", "c"] {
            tenant.hub(name).await;
        }
        let page = tenant.portal.get("/api/v1/hubs?pageNumber=1&pageSize=2").await.ok();
        assert_eq!(
            (&page["total"], &page["pageNumber"], &page["pageSize"]),
            (&json!(3), &json!(1), &json!(2))
        );
        assert_eq!(page["results"][0]["name"], "c");
        assert_eq!(tenant.portal.get("/api/v1/hubs").await.ok()["pageSize"], 50);
        for (query, code) in
            [("pageNumber=x", 210), ("pageNumber=-1", 209), ("pageSize=0", 207), ("pageSize=101", 207)]
        {
            refused(tenant.portal.get(&format!("/api/v1/hubs?{query}")).await, 400, &[code]);
        }
    });
}

#[test]
fn every_route_answers_in_hubsters_form_and_to_other_origins() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let portal = &tenant.portal;
        refused(portal.get("/api/v1/hubs/not-a-guid").await, 400, &[203]);
        refused(portal.get(&format!("/api/v1/hubs/{NOBODY}")).await, 404, &[699]);
        refused(portal.get("/api/v1/nothing/here").await, 404, &[105]);
        refused(portal.patch(&format!("/api/v1/hubs/{NOBODY}"), &json!({})).await, 501, &[103]);

        let origin = "https://shop.example.org";
        let asked = server.api().call("OPTIONS", "/api/v1/hubs").header("origin", origin).send().await;
        assert_eq!(asked.status, 204);
        assert_eq!(asked.header("access-control-allow-origin"), origin);
        assert_eq!(asked.header("access-control-allow-credentials"), "true");
        assert!(asked.header("access-control-allow-headers").contains("authorization"));
        let refusal = server.api().call("GET", "/api/v1/hubs").header("origin", origin).send().await;
        assert_eq!((refusal.status, refusal.header("access-control-allow-origin")), (401, origin));
        assert_eq!(refusal.header("vary"), "Origin");
    });
}
