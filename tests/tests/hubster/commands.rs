//! Transfer and response commands (hubster.md §2.3, §2.4).

use serde_json::json;
use testkit::{Crosspoint, run, text_at};

use super::scene::{NOBODY, Tenant, put, refused};

#[test]
fn a_transfer_command_from_its_making_to_its_end() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let path = format!("/api/v1/commands/transfers/{hub}");
        let body = json!({ "name": "shopify", "description": "The shop", "url": "https://mysite.io", "linkDescription": "Click here", "mountDelay": 1000 });
        let made = portal.post(&path, &body).await.ok();
        let one = format!("/api/v1/commands/transfers/{}", text_at(&made, "/commandId"));
        assert_eq!((&made["hubId"], &made["mountDelay"]), (&json!(hub), &json!(1000)));
        assert_eq!(portal.get(&one).await.ok(), made);
        let changed = put(portal, &one, &json!({ "mountDelay": -1 })).await.ok();
        assert_eq!((&changed["mountDelay"], &changed["linkDescription"]), (&json!(-1), &json!("Click here")));
        assert_eq!(portal.get(&format!("/api/v1/commands/transfers/hub/{hub}")).await.ok(), json!([changed]));
        refused(portal.post(&path, &body).await, 400, &[600]);
        refused(portal.post(&path, &json!({ "url": "nowhere" })).await, 400, &[301, 206, 301]);
        assert_eq!(portal.delete(&one).await.text, "");
        refused(portal.get(&one).await, 404, &[105]);
        refused(portal.delete(&one).await, 404, &[105]);
        refused(portal.get(&format!("/api/v1/commands/transfers/hub/{NOBODY}")).await, 404, &[699]);
    });
}

#[test]
fn a_response_command_gives_its_responses_back_as_they_came() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let path = format!("/api/v1/commands/responses/{hub}");
        // Messages of the documentation.
        let responses = json!([
            { "type": "text", "text": "Select one of the following options", "actions": [
                { "type": "postback", "title": "Yes", "payload": "Yes", "channels": [{ "type": "Webchat", "metadata": [{ "key": "type", "value": "primary" }] }] },
                { "type": "reply", "title": "No", "payload": "No" },
                { "type": "link", "title": "hubster", "url": "https://hubster.io" }] },
            { "type": "carousel", "items": [{ "title": "Victorious", "content": "…", "urlType": "image", "url": "http://site.com/image1.png",
                "actions": [{ "type": "reply", "title": "Select", "payload": "Victorious" }, { "type": "link", "title": "More Info", "url": "https://hubster.io" }] }] },
            { "type": "location", "address": "2640 Matheson, Mississauga, ON", "latitude": 43.8425254, "longitude": -79.5240196 },
            { "type": "contact", "title": "Eva Green", "subtitle": "Mighty Health", "imageUrl": "https://site.com/eva.png",
                "properties": [{ "key": "Cell", "value": "(416) 555-0001", "type": "phone;cell" }] },
            { "type": "attachment", "label": "Year end report", "mimeType": "pdf", "url": "http://site.com/myfile.pdf" },
            { "type": "vimeo", "url": "player.vimeo.com/video/12345678" }
        ]);
        let body = json!({ "name": "contact-eva.green", "category": "contacts", "integrationTypeId": "customer", "type": "message", "responses": responses });
        let made = portal.post(&path, &body).await.ok();
        assert_eq!((&made["responses"], &made["integrationTypeId"]), (&responses, &json!("customer")));
        let one = format!("/api/v1/commands/responses/{}", text_at(&made, "/commandId"));
        assert_eq!(portal.get(&one).await.ok(), made);
        assert_eq!(portal.get(&format!("/api/v1/commands/responses/hub/{hub}")).await.ok(), json!([made]));
        refused(put(portal, &one, &json!({ "type": "event" })).await, 400, &[301]);
        let event = json!({ "type": "payload", "payloadType": "x", "payload": { "any": null } });
        let changed = put(portal, &one, &json!({ "type": "event", "responses": [event] })).await.ok();
        assert_eq!((&changed["type"], &changed["responses"]), (&json!("event"), &json!([event])));
        refused(put(portal, &one, &json!({ "responses": [{ "type": "payload" }] })).await, 400, &[301, 301]);

        refused(portal.post(&path, &json!({})).await, 400, &[301, 301, 301, 301]);
        let wrong = json!({ "name": "x", "integrationTypeId": "bot", "type": "message", "responses": [] });
        refused(portal.post(&path, &wrong).await, 400, &[206, 306]);
        assert_eq!(portal.delete(&one).await.text, "");
        refused(portal.get(&one).await, 404, &[105]);
    });
}
