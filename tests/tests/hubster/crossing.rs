//! One customer, three sides: an SMS, a bot of the Sunshine API and an agent of Hubster's on a socket.

use serde_json::json;
use sim::{Channel, Sim, SimConfig};
use testkit::{Crosspoint, Key, Sink, run, text_at};

use super::events::{Floor, TIME_MAX_S};
use super::listener::Listener;
use super::scene::put;

/// A floor with a simulated telephone number.
struct Line {
    sim: Sim,
    server: Crosspoint,
    floor: Floor,
    sms: String,
}

impl Line {
    async fn open() -> Line {
        let sim = Sim::start(SimConfig::default()).await.unwrap();
        let server = Crosspoint::start().providers(&sim).await;
        let floor = Floor::open(&server).await;
        let account = sim.twilio();
        let configuration = json!({ "accountSid": account.account_sid, "authToken": account.auth_token, "numberSid": account.numbers[0].sid });
        let sms = floor.tenant.integration(&floor.hub, "TwilioSMS", "telephones", configuration).await;
        Line { sms: text_at(&sms, "/integrationId"), sim, server, floor }
    }

    /// Sets the status of the telephones.
    async fn set(&self, status: u16) {
        let path = format!("/api/v1/integrations/{}", self.sms);
        put(&self.floor.tenant.portal, &path, &json!({ "statusId": status })).await.ok();
    }
}

#[test]
fn a_bot_passes_a_customer_with_a_telephone_to_an_agent_on_a_socket() {
    run(TIME_MAX_S, async {
        let Line { sim, server, floor, sms } = Line::open().await;
        // The hub is an app; its bot is an integration of the other API, and answers first.
        let api = server.as_account();
        let app = format!("/v2/apps/{}", model::Id::from_guid(&floor.hub).unwrap());
        let sink = Sink::start().await;
        let inbox = sink.inbox("/bot");
        let custom = json!({ "type": "custom", "displayName": "bot", "webhooks": [{ "target": inbox.url(), "triggers": ["conversation:message"] }] });
        let bot = text_at(&api.post(&format!("{app}/integrations"), &custom).await.ok(), "/integration/id");
        let key =
            api.post(&format!("{app}/integrations/{bot}/keys"), &json!({ "displayName": "k" })).await.ok();
        let as_bot = api.as_key(&Key::from_reply(&key));
        let board = text_at(&api.get(&format!("{app}/switchboards")).await.ok(), "/switchboards/0/id");
        let board = format!("{app}/switchboards/{board}");
        let seats = api.get(&format!("{board}/switchboardIntegrations")).await.ok();
        let agent_seat = text_at(&seats, "/switchboardIntegrations/0/id");
        let seat = json!({ "name": "bot", "integrationId": bot, "deliverStandbyEvents": false });
        let seat = api.post(&format!("{board}/switchboardIntegrations"), &seat).await.ok();
        let first =
            json!({ "defaultSwitchboardIntegrationId": text_at(&seat, "/switchboardIntegration/id") });
        api.patch(&board, &first).await.ok();

        let mut agent = Listener::connected(&floor.base, &floor.agents, &floor.token, json!({})).await;
        let ann = sim.customer(Channel::Sms, "+15145550100");
        ann.say("When are you open?").await.unwrap();
        let told = inbox.wait_for(1).await.remove(0);
        let core = text_at(told.payload(), "/conversation/id");
        let conversation = format!("{app}/conversations/{core}");
        let answer = json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "From nine to five." } });
        as_bot.post(&format!("{conversation}/messages"), &answer).await.ok();
        sim.wait_for_bubble(&ann, "the bot's answer", |bubble| bubble.text == "From nine to five.")
            .await
            .unwrap();

        as_bot
            .post(&format!("{conversation}/passControl"), &json!({ "switchboardIntegration": agent_seat }))
            .await
            .ok();
        ann.say("A human, please").await.unwrap();
        // What the bot heard the agent did not.
        let heard = agent.activity().await;
        assert_eq!(heard["message"]["text"], "A human, please");
        assert_eq!(heard["conversationId"], core.parse::<model::Id>().unwrap().to_guid());
        assert_eq!(
            (&heard["sender"]["channelType"], &heard["sender"]["integrationId"]),
            (&json!("TwilioSMS"), &json!(sms))
        );
        floor.answer(&text_at(&heard, "/conversationId"), "I am one").await;
        assert_eq!(agent.activity().await["isEcho"], true);
        sim.wait_for_bubble(&ann, "the agent's answer", |bubble| bubble.text == "I am one").await.unwrap();
        // The first question and its own answer: nothing since it passed control.
        inbox.settles_at(2, 200).await;
        sim.transcript().assert_clean();
    });
}

#[test]
fn a_picture_keeps_its_place_and_what_a_paused_number_brings_waits() {
    run(TIME_MAX_S, async {
        let line = Line::open().await;
        let floor = &line.floor;
        let mut agent = Listener::connected(&floor.base, &floor.agents, &floor.token, json!({})).await;
        let telegram = json!({ "botToken": line.sim.bot().token });
        floor.tenant.integration(&floor.hub, "Telegram", "telegrams", telegram).await;
        let eve = line.sim.customer(Channel::Telegram, "1111111");
        eve.picture("").await.unwrap();
        eve.say("Can this be mended?").await.unwrap();
        let picture = agent.activity().await;
        assert_eq!(picture["message"]["type"], "image", "{picture}");
        // The file is there when it is told.
        let url = text_at(&picture, "/message/url");
        assert_eq!(line.server.api().get(&url).await.status, 200);
        assert_eq!(agent.text().await, "Can this be mended?");

        let ann = line.sim.customer(Channel::Sms, "+15145550100");
        line.set(3002).await;
        ann.say("one").await.unwrap();
        ann.say("two").await.unwrap();
        floor.ask(&floor.establish("bob").await, "from elsewhere").await;
        assert_eq!(agent.text().await, "from elsewhere");
        line.set(3000).await;
        assert_eq!((agent.text().await, agent.text().await), ("one".to_owned(), "two".to_owned()));
    });
}

#[test]
fn agents_and_bots_are_told_apart_for_who_asks_for_it() {
    run(TIME_MAX_S, async {
        for (is_asked, subtypes) in [(true, json!(["agent"])), (false, json!(null))] {
            let is_asked = is_asked.to_string();
            let server = Crosspoint::start().env("CROSSPOINT_EMIT_AUTHOR_SUBTYPES", &is_asked).await;
            let floor = Floor::open(&server).await;
            let conversation = floor.establish("ann").await;
            floor.ask(&conversation, "Hello").await;
            floor.answer(&conversation, "Hello yourself").await;
            let id = |guid: &str| model::Id::from_guid(guid).unwrap();
            let path = format!("/v2/apps/{}/conversations/{}/messages", id(&floor.hub), id(&conversation));
            let messages = server.as_account().get(&path).await.ok();
            assert_eq!(messages["messages"][1]["author"]["type"], "business", "{messages}");
            assert_eq!(messages["messages"][1]["author"]["subtypes"], subtypes, "{messages}");
        }
    });
}
