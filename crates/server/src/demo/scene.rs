//! What stands in the demo's app: two channels, bot and agent, and who hears a customer first.

use http::Method;
use serde_json::{Value, json};
use sim::{Loopback, Sim};

/// The ids of what was made.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) app: String,
    /// The secrets of the webhooks of bot and agent; each comes back as `x-api-key`.
    pub(super) bot_secret: String,
    pub(super) agent_secret: String,
}

impl Scene {
    /// Makes everything, over public routes alone.
    pub(super) async fn build(api: &Loopback, sim: &Sim, desk: &str) -> Result<Scene, String> {
        let made = api.post("/v2/apps", &json!({"displayName": "Demo shop"})).await?;
        let app = id(&made, "app");
        let base = format!("/v2/apps/{app}");
        let integrations = format!("{base}/integrations");
        let custom = async |name: &str| {
            let webhook = json!({"target": format!("{desk}/{name}"), "includeFullUser": true,
                "triggers": ["conversation:message", "conversation:postback", "switchboard:passControl"]});
            let body = json!({"type": "custom", "displayName": name, "webhooks": [webhook]});
            let made = api.post(&integrations, &body).await?;
            let secret = made["integration"]["webhooks"][0]["secret"].as_str().unwrap_or_default().to_owned();
            Ok::<_, String>((id(&made, "integration"), secret))
        };
        let (bot, bot_secret) = custom("bot").await?;
        let (agent, agent_secret) = custom("agent").await?;
        switchboard(api, &base, &bot, &agent).await?;

        let telegram = json!({"type": "telegram", "displayName": "Telegram", "token": sim.bot().token});
        api.post(&integrations, &telegram).await?;
        let account = sim.twilio();
        let number = account.numbers.first().map(|number| number.sid.clone());
        let twilio = json!({"type": "twilio", "displayName": "SMS", "accountSid": account.account_sid,
            "authToken": account.auth_token, "phoneNumberSid": number});
        api.post(&integrations, &twilio).await?;
        Ok(Scene { app, bot_secret, agent_secret })
    }
}

/// The bot hears customers first and passes control to the agent.
async fn switchboard(api: &Loopback, base: &str, bot: &str, agent: &str) -> Result<(), String> {
    let made = api.post(&format!("{base}/switchboards"), &json!({})).await?;
    let board = format!("{base}/switchboards/{}", id(&made, "switchboard"));
    let member = async |name: &str, integration: &str| {
        let body = json!({"name": name, "integrationId": integration, "deliverStandbyEvents": false});
        let made = api.post(&format!("{board}/switchboardIntegrations"), &body).await?;
        Ok::<_, String>(id(&made, "switchboardIntegration"))
    };
    let first = member("bot", bot).await?;
    member("agent", agent).await?;
    let body = json!({"enabled": true, "defaultSwitchboardIntegrationId": first});
    api.call(Method::PATCH, &board, Some(&body)).await.map(drop)
}

fn id(made: &Value, what: &str) -> String {
    made[what]["id"].as_str().unwrap_or_default().to_owned()
}
