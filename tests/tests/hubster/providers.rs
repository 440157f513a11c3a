//! Integrations that need something of the operator's own at a provider: Messenger and Slack (hubster.md
//! §4.3, §4.7; decision 35).

use serde_json::json;
use sim::{Channel, Sim, SimConfig};
use testkit::{Crosspoint, run, text_at};

use super::scene::{Tenant, put, refused};
use super::shop::{Shop, activity};

#[test]
fn a_page_uses_the_operators_app() {
    run(60, async {
        let app = Sim::start(SimConfig::default()).await.unwrap().meta_app();
        let shop = Shop::open_with(|builder| {
            let builder = builder.env("CROSSPOINT_META_APP_ID", &app.app_id);
            builder.env("CROSSPOINT_META_APP_SECRET", &app.app_secret)
        })
        .await;
        let token = json!({ "pageAccessToken": shop.sim.page().access_token });
        let made = shop.tenant.integration(&shop.hub, "Messenger", "My cool integration name.", token).await;
        let wanted = json!({ "appId": app.app_id, "pageId": shop.sim.page().page_id, "pageAccessToken": shop.sim.page().access_token });
        assert_eq!(made["configuration"], wanted);
        let one = format!("/api/v1/integrations/{}", text_at(&made, "/integrationId"));
        let read = shop.tenant.portal.get(&one).await.ok();
        assert_eq!((&read["channelId"], &read["inboundId"]), (&json!(101), &wanted["pageId"]));
        assert_eq!(read["configuration"]["PageAccessToken"], wanted["pageAccessToken"]);

        // There and back: callbacks are verified with the operator's secret.
        let ann = shop.sim.customer(Channel::Messenger, "6543210987654321");
        assert_eq!(ann.say("Hello").await.unwrap().status, Some(200));
        let heard = shop.agents.wait_for(1).await.remove(0);
        assert_eq!(activity(&heard)["sender"]["channelType"], "Messenger");
        let conversation = text_at(&heard.body, "/conversationId");
        shop.answer(&conversation, json!({ "type": "text", "text": "Good morning" })).await.ok();
        shop.sim.wait_for_bubble(&ann, "the answer", |bubble| bubble.text == "Good morning").await.unwrap();
        // Its configuration cannot be changed; the attempt is ignored.
        let change = json!({ "name": "fb", "configuration": { "pageAccessToken": "other" } });
        let changed = put(&shop.tenant.portal, &one, &change).await.ok();
        assert_eq!((&changed["name"], &changed["configuration"]), (&json!("fb"), &wanted));
        // One page is in one hub; the provider tells which it is, and keeps what it had agreed to.
        let other = format!("/api/v1/integrations/hubs/{}", shop.tenant.hub("other").await);
        let token = json!({ "pageAccessToken": shop.sim.page().access_token });
        let again = json!({ "channelId": "Messenger", "name": "again", "configuration": token });
        refused(shop.tenant.portal.post(&other, &again).await, 400, &[701]);
        assert_eq!(ann.say("Still there?").await.unwrap().status, Some(200));
        shop.agents.wait_for(2).await;
        // The operator's secret is nobody's to see.
        let seen = shop.server.as_account().get(&format!("{}/integrations", shop.app())).await.ok();
        assert!(!seen.to_string().contains(&app.app_secret), "{seen}");
        shop.sim.transcript().assert_clean();
    });
}

#[test]
fn a_workspace_of_slack_is_connected_by_its_code() {
    run(60, async {
        let sim = Sim::start(SimConfig::default()).await.unwrap();
        let slack = sim.slack_app();
        let server = Crosspoint::start()
            .providers(&sim)
            .env("CROSSPOINT_SLACK_CLIENT_ID", &slack.client_id)
            .env("CROSSPOINT_SLACK_CLIENT_SECRET", &slack.client_secret)
            .await;
        let tenant = Tenant::of(&server).await;
        let (hub, portal) = (tenant.hub("h").await, &tenant.portal);
        let path = format!("/api/v1/integrations/hubs/{hub}");
        let code = sim.slack_code();
        let configuration = json!({ "code": code, "state": "1603933721542.secret" });
        let made =
            tenant.integration(&hub, "Slack", "My cool integration name.", configuration.clone()).await;
        assert_eq!((&made["integrationTypeId"], &made["channelId"]), (&json!("Agent"), &json!("Slack")));
        let shown = json!({ "botAccessToken": slack.bot_token, "appAccessToken": slack.user_token,
            "defaultPublicChannel": "general", "teamId": slack.team_id, "botName": slack.bot_name });
        assert_eq!(made["configuration"], shown);
        let one = format!("/api/v1/integrations/{}", text_at(&made, "/integrationId"));
        let read = portal.get(&one).await.ok();
        assert_eq!((&read["integrationTypeId"], &read["channelId"]), (&json!(3), &json!(1001)));
        assert_eq!(
            read["configuration"],
            json!({ "BotAccessToken": slack.bot_token, "AppAccessToken": slack.user_token,
                "DefaultPublicChannel": "general", "TeamId": slack.team_id, "BotName": slack.bot_name })
        );
        let listed = portal.get(&format!("{path}/Slack")).await.ok();
        assert_eq!(listed[0]["configuration"]["BotAccessToken"], "xoxb...");

        // A code is good once, and a workspace for one hub.
        let again = |name: &str, code: &str| json!({ "channelId": 1001, "name": name, "configuration": { "code": code, "nonce": "n" } });
        refused(portal.post(&path, &again("other", &code)).await, 400, &[206]);
        refused(portal.post(&path, &again("other", &sim.slack_code())).await, 400, &[701]);
        // A name that is taken costs no code.
        let kept = sim.slack_code();
        refused(portal.post(&path, &again("My cool integration name.", &kept)).await, 400, &[700]);
        assert!(sim.slack_app().codes.contains(&kept));
        // Its configuration cannot be changed; the rest of a change counts.
        let change = json!({ "statusId": 3002, "configuration": { "code": "x" } });
        let changed = put(portal, &one, &change).await.ok();
        assert_eq!((&changed["statusId"], &changed["configuration"]), (&json!(3002), &shown));
        portal.delete(&one).await.ok();
        portal.post(&path, &again("other", &kept)).await.ok();
    });
}

#[test]
fn files_are_uploaded_and_shown() {
    run(60, async {
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        let shop = Shop::open().await;
        let ann = shop.direct("ann", false).await;
        let path = format!("/api/v1/resources/{}", ann.conversation);
        let form = |files: &[(&str, &[u8])]| {
            let part = |(name, content): &(&str, &[u8])| {
                reqwest::multipart::Part::bytes(content.to_vec()).file_name((*name).to_owned())
            };
            let parts = files.iter().map(part);
            parts.fold(reqwest::multipart::Form::new().text("note", "x"), |form, part| {
                form.part("files", part)
            })
        };
        let send = async |files: &[(&str, &[u8])]| {
            shop.tenant.engine.call("POST", &path).multipart(form(files)).send().await
        };
        let uploaded = send(&[("eva.png", PNG), ("report.txt", b"hello")]).await.ok();
        assert_eq!(
            (&uploaded[0]["mimeType"], &uploaded[0]["label"]),
            (&json!("image/png"), &json!("eva.png"))
        );
        assert_eq!((&uploaded[1]["mimeType"], &uploaded[1]["size"]), (&json!("text/plain"), &json!(5)));
        let url = text_at(&uploaded[0], "/url");
        let fetched = reqwest::get(&url).await.unwrap();
        assert_eq!((fetched.status().as_u16(), fetched.bytes().await.unwrap().as_ref()), (200, PNG));
        // Shown by the agent, it reaches the customer.
        let said = shop.answer(&ann.conversation, json!({ "type": "image", "url": url })).await.ok();
        let heard = ann.inbox.wait_for(1).await.remove(0);
        assert_eq!(activity(&heard)["message"], json!({ "type": "image", "url": url }));
        assert_eq!(activity(&heard)["interactionId"], said["interactionId"]);

        refused(send(&[]).await, 400, &[8500]);
        refused(send(&[("a.exe", b"MZ\x90\0\x03")]).await, 400, &[8502]);
        refused(send(&[("a.txt", b"")]).await, 400, &[8502]);
        refused(shop.tenant.engine.post(&path, &json!({})).await, 400, &[8500]);
        let stranger = Tenant::another(&shop.server).await;
        refused(stranger.engine.post(&path, &json!({})).await, 404, &[6500]);
        refused(shop.tenant.portal.post(&path, &json!({})).await, 401, &[102]);
    });
}
