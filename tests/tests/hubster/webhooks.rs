//! Webhooks of both APIs on one integration leave each other alone (decision 28).

use serde_json::json;
use testkit::{run, text_at};

use super::scene::put;
use super::shop::Shop;

#[test]
fn each_api_changes_its_own_webhooks_only() {
    run(60, async {
        let shop = Shop::open().await;
        let account = shop.server.as_account();
        let core = |integration: &str| {
            format!("{}/integrations/{}", shop.app(), model::Id::from_guid(integration).unwrap())
        };
        let bot = json!({ "integrationType": "Bot" });
        let bot = text_at(&shop.tenant.integration(&shop.hub, "Direct", "bot", bot).await, "/integrationId");
        let (theirs, own) = (shop.sink.inbox("/theirs"), shop.sink.inbox("/own"));
        own.unchecked();
        let triggers = ["conversation:create", "conversation:message"];
        let body = json!({ "target": theirs.url(), "triggers": triggers });
        let made = account.post(&format!("{}/webhooks", core(&bot)), &body).await.ok();
        let webhook = format!("{}/webhooks/{}", core(&bot), text_at(&made, "/webhook/id"));

        // Whatever the portal says about its own webhook, the other one stays.
        let path = format!("/api/v1/integrations/{bot}");
        let says = async |configuration| {
            put(&shop.tenant.portal, &path, &json!({ "configuration": configuration })).await.ok();
            assert_eq!(account.get(&webhook).await.ok()["webhook"]["target"], json!(theirs.url()));
        };
        says(json!({})).await;
        says(json!({ "webhookUrl": own.url() })).await;
        let ann = shop.direct("ann", false).await;
        let hi = json!({ "message": { "type": "text", "text": "Hi" } });
        shop.send(&ann.conversation, None, hi.clone()).await.ok();
        own.wait_for(1).await;
        theirs.wait_for(2).await;
        assert_eq!(theirs.kinds(), triggers);
        says(json!({})).await;
        shop.send(&ann.conversation, None, hi).await.ok();
        theirs.wait_for(3).await;
        own.settles_at(1, 200).await;

        // And the portal's is seen through the other API, which neither lists nor changes it.
        let seen = account.get(&core(&shop.agent)).await.ok();
        let foreign =
            format!("{}/webhooks/{}", core(&shop.agent), text_at(&seen, "/integration/webhooks/0/id"));
        assert_eq!(account.get(&foreign).await.ok()["webhook"]["target"], json!(shop.agents.url()));
        let listed = account.get(&format!("{}/webhooks", core(&shop.agent))).await.ok();
        assert_eq!(listed["webhooks"], json!([]));
        account.patch(&foreign, &json!({ "target": theirs.url() })).await.refused(403, "forbidden");
        account.delete(&foreign).await.refused(403, "forbidden");
        assert_eq!(account.get(&foreign).await.ok()["webhook"]["target"], json!(shop.agents.url()));
    });
}
