//! Integrations: the requests of the documentation as they stand, and their rules (hubster.md §4 and
//! appendix A).

use serde_json::{Value, json};
use sim::{Sim, SimConfig};
use testkit::{Crosspoint, run, text_at};

use super::scene::{NOBODY, Tenant, put, refused};

fn without_ids(mut answer: Value) -> Value {
    let members = answer.as_object_mut().unwrap();
    members.remove("integrationId");
    members.remove("hubId");
    answer
}

fn is_signing_key(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
}

fn welcome() -> Value {
    json!([{ "type": "text", "text": "Welcome to Hubster! How can we help you?" }])
}

#[test]
fn twilio_as_the_page_shows_it() {
    run(60, async {
        let sim = Sim::start(SimConfig::default()).await.unwrap();
        let server = Crosspoint::start().providers(&sim).await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let path = format!("/api/v1/integrations/hubs/{hub}");
        let account = sim.twilio();
        let (sid, token) = (account.account_sid.as_str(), account.auth_token.as_str());
        let body = json!({
            "channelId": "TwilioSMS", "name": "My cool integration name.", "statusId": 3000,
            "configuration": { "authToken": token, "accountSid": sid, "numberSid": account.numbers[0].sid }
        });
        let made = portal.post(&path, &body).await.ok();
        assert_eq!(made["hubId"], hub);
        let mut wanted = body.clone();
        wanted["integrationTypeId"] = json!("Customer");
        // What Twilio says of the number stands beside what was given.
        wanted["configuration"]["phoneNumber"] = json!(account.numbers[0].phone_number);
        wanted["configuration"]["capabilities"] = json!({ "mms": true, "sms": true, "voice": true });
        assert_eq!(without_ids(made.clone()), wanted);

        let one = format!("/api/v1/integrations/{}", text_at(&made, "/integrationId"));
        let read = portal.get(&one).await.ok();
        assert_eq!((&read["integrationTypeId"], &read["channelId"]), (&json!(2), &json!(102)));
        assert_eq!(read["inboundId"], sid);
        assert_eq!(read["configuration"]["AcccountSid"], read["configuration"]["AccountSid"]);
        assert_eq!(read["configuration"]["AuthToken"], token);
        assert_eq!(read["configuration"]["Capabilities"], json!({ "Mms": true, "Sms": true, "Voice": true }));

        // The same once more, and the same number in another hub: the provider is not asked for anything.
        let asked = sim.transcript().count();
        refused(portal.post(&path, &body).await, 400, &[700]);
        let other = format!("/api/v1/integrations/hubs/{}", tenant.hub("other").await);
        refused(portal.post(&other, &body).await, 400, &[701]);
        tenant
            .integration(&text_at(&made, "/hubId"), "Direct", "Bots", json!({ "integrationType": "Bot" }))
            .await;
        let both =
            json!({ "channelId": "TwilioSMS", "name": "Bots", "configuration": body["configuration"] });
        refused(portal.post(&path, &both).await, 400, &[700, 701]);
        assert_eq!(sim.transcript().count(), asked);
        // Its configuration cannot be changed; the rest of a change counts.
        let change =
            json!({ "name": "Renamed", "statusId": 3002, "configuration": { "authToken": "other" } });
        let changed = put(portal, &one, &change).await.ok();
        assert_eq!((&changed["name"], &changed["statusId"]), (&json!("Renamed"), &json!(3002)));
        assert_eq!(changed["configuration"], made["configuration"]);

        // The same integration, seen by the other API: its kind, and no secret.
        let apps = server.as_account().get("/v2/apps").await.ok();
        let app = text_at(&apps, "/apps/0/id");
        let seen = server.as_account().get(&format!("/v2/apps/{app}/integrations")).await.ok();
        assert_eq!(seen["integrations"][0]["type"], "twilio");
        assert_eq!(seen["integrations"][0]["status"], "inactive");
        assert!(!seen.to_string().contains(token), "{seen}");

        // A deleted integration gives the number free.
        assert_eq!(portal.delete(&one).await.text, "");
        refused(portal.get(&one).await, 404, &[799]);
        portal.post(&other, &body).await.ok();
    });
}

#[test]
fn web_chat_as_the_page_shows_it() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let configuration = json!({ "allowedOrigins": ["localhost", "hubster.io"], "start": welcome() });
        let made = tenant.integration(&hub, "WebChat", "Webchat", configuration.clone()).await;
        let shown =
            json!({ "AllowedOrigins": ["localhost", "hubster.io"], "Echo": true, "Start": welcome() });
        assert_eq!((&made["integrationTypeId"], &made["configuration"]), (&json!("Customer"), &shown));
        let id = text_at(&made, "/integrationId");
        let read = portal.get(&format!("/api/v1/integrations/{id}")).await.ok();
        assert_eq!(read["channelId"], 106);
        assert_eq!(
            read["configuration"],
            json!({ "allowedOrigins": ["localhost", "hubster.io"], "echo": true, "start": welcome() })
        );

        // Update stands on the pattern of create; the id tells them apart.
        let update = json!({ "configuration": { "AllowedOrigins": ["demo1.hubster.io"] } });
        let changed = portal.post(&format!("/api/v1/integrations/hubs/{id}"), &update).await.ok();
        assert_eq!(
            changed["configuration"],
            json!({ "AllowedOrigins": ["demo1.hubster.io"], "Echo": true, "Start": [] })
        );

        let path = format!("/api/v1/integrations/hubs/{hub}");
        let wrong =
            |configuration: Value| json!({ "channelId": 106, "name": "x", "configuration": configuration });
        refused(portal.post(&path, &wrong(json!({}))).await, 400, &[301]);
        refused(portal.post(&path, &wrong(json!({ "allowedOrigins": [] }))).await, 400, &[306]);
        let start = json!([{ "type": "text" }, { "type": "fax" }, { "type": "location" }, { "type": "carousel", "items": [] },
            { "type": "location", "latitude": "north", "longitude": 5 }]);
        let faulty = wrong(json!({ "allowedOrigins": ["a"], "start": start }));
        refused(portal.post(&path, &faulty).await, 400, &[307, 303, 308, 306, 304]);
    });
}

#[test]
fn direct_as_the_page_shows_it() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let configuration =
            json!({ "integrationType": "Agent", "echo": true, "webhookUrl": "https://url_end_point.com" });
        let made = tenant.integration(&hub, "Direct", "Agents", configuration).await;
        assert_eq!(made["integrationTypeId"], "Agent");
        let first = made["configuration"].clone();
        assert_eq!((&first["integrationType"], &first["echo"]), (&json!("Agent"), &json!(true)));
        assert!(
            is_signing_key(&first["publicSigningKey"]) && is_signing_key(&first["privateSigningKey"]),
            "{first}"
        );

        // The page's own update: another URL, no type, and another case.
        let path = format!("/api/v1/integrations/hubs/{}", text_at(&made, "/integrationId"));
        let url = "http://hubster.io/v1/api/integration?customer=1";
        let update = json!({ "name": "Direct", "statusId": 3002, "configuration": { "Echo": true, "webhookUrl": url } });
        let changed = portal.post(&path, &update).await.ok();
        assert_eq!((&changed["name"], &changed["statusId"]), (&json!("Direct"), &json!(3002)));
        assert_eq!(changed["configuration"]["webhookUrl"], url);
        assert_eq!(changed["configuration"]["privateSigningKey"], first["privateSigningKey"]);

        let renew = json!({ "configuration": {
            "integrationType": 3, "echo": true, "webhookUrl": "https://url_end_point.com", "regenerateKeys": true, "start": welcome()
        }});
        let renewed = portal.post(&path, &renew).await.ok()["configuration"].clone();
        assert_eq!(renewed["start"], welcome());
        assert!(renewed.get("regenerateKeys").is_none(), "{renewed}");
        for key in ["publicSigningKey", "privateSigningKey"] {
            assert!(is_signing_key(&renewed[key]) && renewed[key] != first[key], "{renewed}");
        }
        // The whole configuration is replaced: without a URL there is nothing that the keys sign.
        let bare = portal.post(&path, &json!({ "configuration": {} })).await.ok();
        assert_eq!(bare["configuration"], json!({ "integrationType": "Agent", "echo": false }));
        let other = json!({ "configuration": { "integrationType": "Bot" } });
        refused(portal.post(&path, &other).await, 400, &[206]);

        let create = format!("/api/v1/integrations/hubs/{hub}");
        let wrong = json!({ "channelId": "Direct", "name": "x", "configuration": { "integrationType": "System", "webhookUrl": "ftp://x" } });
        refused(portal.post(&create, &wrong).await, 400, &[206, 206]);
        let missing = json!({ "channelId": "Fax", "statusId": 50000 });
        refused(portal.post(&create, &missing).await, 400, &[206, 206, 301, 301]);
    });
}

#[test]
fn system_as_the_page_shows_it() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let events = json!(["message:customer", "message:agent", "message:bot"]);
        let configuration = json!({ "webhookUrl": "https://url_end_point.com", "events": events });
        let made = tenant.integration(&hub, "System", "My cool integration name.", configuration).await;
        let id = text_at(&made, "/integrationId");
        assert_eq!(made["configuration"]["events"], events);
        assert!(is_signing_key(&made["configuration"]["privateSigningKey"]), "{made}");
        // Read, it is written by names, and nothing differs.
        assert_eq!(portal.get(&format!("/api/v1/integrations/{id}")).await.ok(), made);
        let renew = json!({ "configuration": { "webhookUrl": "https://a.example", "regenerateKeys": true, "events": ["message"] } });
        let renewed = portal.post(&format!("/api/v1/integrations/hubs/{id}"), &renew).await.ok();
        assert_eq!(renewed["configuration"]["events"], json!(["message"]));
        assert_ne!(renewed["configuration"]["privateSigningKey"], made["configuration"]["privateSigningKey"]);
        let path = format!("/api/v1/integrations/hubs/{hub}");
        let wrong = json!({ "channelId": "System", "name": "x", "configuration": { "events": ["fax"] } });
        refused(portal.post(&path, &wrong).await, 400, &[301, 206]);
        let empty = json!({ "channelId": "System", "name": "x", "configuration": { "events": [], "webhookUrl": "https://a.example" } });
        refused(portal.post(&path, &empty).await, 400, &[306]);
    });
}

#[test]
fn messenger_slack_and_the_rest() {
    run(60, async {
        let sim = Sim::start(SimConfig::default()).await.unwrap();
        let server = Crosspoint::start().providers(&sim).await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let path = format!("/api/v1/integrations/hubs/{hub}");
        // Without an app of the operator's at Meta a page can be spoken for and not heard (decision 35).
        let token = json!({ "pageAccessToken": sim.page().access_token });
        let page = tenant.integration(&hub, "Messenger", "fb", token).await;
        let shown = json!({ "appId": sim.meta_app().app_id, "pageId": sim.page().page_id, "pageAccessToken": sim.page().access_token });
        assert_eq!((&page["integrationTypeId"], &page["configuration"]), (&json!("Customer"), &shown));
        let app = text_at(&server.as_account().get("/v2/apps").await.ok(), "/apps/0/id");
        let seen = server.as_account().get(&format!("/v2/apps/{app}/integrations")).await.ok();
        assert_eq!(text_at(&seen, "/integrations/0/health/reason"), "inbound cannot be verified");
        let hook = format!("/hooks/messenger/{}", text_at(&seen, "/integrations/0/id"));
        let told = reqwest::Client::new().post(format!("{}{hook}", server.base())).body("{}");
        let told = told.header("x-hub-signature-256", "sha256=00").send().await.unwrap();
        assert_eq!(told.status().as_u16(), 403);
        // Without the server's own client at Slack nothing can be exchanged (PRT000103).
        let slack =
            json!({ "channelId": "Slack", "name": "s", "configuration": { "code": "c", "state": "s" } });
        refused(portal.post(&path, &slack).await, 501, &[103]);
        let incomplete = json!({ "channelId": 1001, "name": "s", "configuration": {} });
        refused(portal.post(&path, &incomplete).await, 400, &[301, 301]);
        let kik = json!({ "channelId": "Kik", "name": "k", "configuration": {} });
        refused(portal.post(&path, &kik).await, 501, &[103]);
        let bot = json!({ "botToken": sim.bot().token });
        let telegram = tenant.integration(&hub, "Telegram", "t", bot.clone()).await;
        assert_eq!(telegram["configuration"], bot);
    });
}

#[test]
fn lists_mask_secrets_and_show_integrations_of_either_api() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        tenant
            .integration(
                &hub,
                "Direct",
                "a",
                json!({ "integrationType": "Agent", "webhookUrl": "https://a.example" }),
            )
            .await;
        tenant.integration(&hub, "Direct", "c", json!({ "integrationType": "Customer" })).await;
        let app = text_at(&server.as_account().get("/v2/apps").await.ok(), "/apps/0/id");
        let custom = json!({ "type": "custom", "displayName": "bot", "webhooks": [{ "target": "https://b.example", "triggers": ["conversation:message"] }] });
        server.as_account().post(&format!("/v2/apps/{app}/integrations"), &custom).await.ok();

        let page = portal.get(&format!("/api/v1/integrations?hubId={hub}&pageSize=10")).await.ok();
        assert_eq!(page["total"], 3, "{page}");
        let key = text_at(&page, "/results/0/configuration/privateSigningKey");
        assert!(key.len() == 7 && key.ends_with("..."), "{key}");
        assert_eq!(page["results"][2]["channelId"], "System");
        assert_eq!(page["results"][2]["configuration"]["webhookUrl"], "https://b.example");
        assert_eq!(portal.get("/api/v1/integrations").await.ok()["total"], 3);

        for channel in ["Direct", "direct", "1"] {
            let listed = portal.get(&format!("/api/v1/integrations/hubs/{hub}/{channel}")).await.ok();
            assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
        }
        refused(portal.get(&format!("/api/v1/integrations/hubs/{hub}/Fax")).await, 400, &[206]);
        refused(portal.get(&format!("/api/v1/integrations/hubs/{NOBODY}/Direct")).await, 404, &[699]);
        refused(portal.get(&format!("/api/v1/integrations?hubId={NOBODY}")).await, 404, &[699]);
        // What the id does not name decides which thing was not found.
        let path = format!("/api/v1/integrations/hubs/{NOBODY}");
        refused(portal.post(&path, &json!({ "channelId": "Direct" })).await, 404, &[699]);
        refused(portal.post(&path, &json!({ "name": "x" })).await, 404, &[799]);
    });
}

#[test]
fn agents_and_bots_come_to_the_switchboard_and_leave_it() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let agent = tenant.integration(&hub, "Direct", "agent", json!({ "integrationType": "Agent" })).await;
        let bot = tenant.integration(&hub, "Direct", "bot", json!({ "integrationType": "Bot" })).await;
        let account = server.as_account();
        let app = text_at(&account.get("/v2/apps").await.ok(), "/apps/0/id");
        let board = async || {
            let shown =
                account.get(&format!("/v2/apps/{app}/switchboards")).await.ok()["switchboards"][0].clone();
            let id = text_at(&shown, "/id");
            let path = format!("/v2/apps/{app}/switchboards/{id}/switchboardIntegrations");
            let members = account.get(&path).await.ok()["switchboardIntegrations"].clone();
            let default = shown["defaultSwitchboardIntegrationId"].as_str().unwrap_or_default().to_owned();
            let name = members.as_array().unwrap().iter().find(|it| it["id"] == default.as_str());
            (
                shown["enabled"].clone(),
                members.as_array().unwrap().len(),
                name.map(|it| text_at(it, "/integrationId")),
            )
        };
        let core_id = |integration: &Value| {
            let guid = text_at(integration, "/integrationId");
            model::Id::from_guid(&guid).unwrap().to_string()
        };
        assert_eq!(board().await, (json!(true), 2, Some(core_id(&bot))));
        // A paused bot is not the first to answer.
        let bot_path = format!("/api/v1/integrations/{}", text_at(&bot, "/integrationId"));
        put(portal, &bot_path, &json!({ "statusId": 3002 })).await.ok();
        assert_eq!(board().await.2, Some(core_id(&agent)));
        put(portal, &bot_path, &json!({ "statusId": 3000 })).await.ok();
        assert_eq!(board().await.2, Some(core_id(&bot)));
        portal.delete(&bot_path).await.ok();
        assert_eq!(board().await, (json!(true), 1, Some(core_id(&agent))));
        for number in 2..=10 {
            tenant
                .integration(
                    &hub,
                    "Direct",
                    &format!("agent {number}"),
                    json!({ "integrationType": "Agent" }),
                )
                .await;
        }
        let eleventh =
            json!({ "channelId": 1, "name": "eleventh", "configuration": { "integrationType": "Agent" } });
        refused(portal.post(&format!("/api/v1/integrations/hubs/{hub}"), &eleventh).await, 400, &[207]);
        assert_eq!(portal.get(&format!("/api/v1/integrations?hubId={hub}")).await.ok()["total"], 10);
    });
}
