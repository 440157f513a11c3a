//! One customer on several sides: an SMS, a bot or a user of the Sunshine API, an agent of Hubster's, a page.

use serde_json::{Value, json};
use sim::{Channel, Sim, SimConfig};
use testkit::{Crosspoint, Key, Reply, Sink, run, text_at};

use super::events::{Floor, TIME_MAX_S};
use super::listener::Listener;
use super::scene::{put, refused};
use super::shop::{Direct, Shop, activity};

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

impl Shop {
    /// The user of a conversation, as the other API names it.
    async fn user_of(&self, conversation: &str) -> String {
        let path = format!("{}/participants", self.core(conversation));
        text_at(&self.server.as_account().get(&path).await.ok(), "/participants/0/userId")
    }

    /// Links a telephone to the customer of a conversation; it is the primary client from then on.
    async fn link(&self, ann: &Direct, telephone: &str) {
        let user = self.user_of(&ann.conversation).await;
        let conversation = model::Id::from_guid(&ann.conversation).unwrap().to_string();
        let telephone = model::Id::from_guid(telephone).unwrap().to_string();
        let link = json!({ "confirmation": { "type": "immediate" }, "target": { "conversationId": conversation },
            "matchCriteria": { "type": "twilio", "integrationId": telephone, "phoneNumber": "+15145550177", "primary": true } });
        let api = self.server.as_account();
        api.post(&format!("{}/users/{user}/clients", self.app()), &link).await.ok();
    }

    async fn says(&self, conversation: &str, text: &str) -> Reply {
        self.send(conversation, None, json!({ "message": { "type": "text", "text": text } })).await
    }

    async fn establish(&self, ann: &Direct) -> Reply {
        let body = json!({ "integrationId": ann.integration, "binding": "b", "channelType": "Direct" });
        self.tenant.engine.post("/api/v1/conversations/establish", &body).await
    }
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

#[test]
fn a_customer_keeps_their_own_side_when_a_telephone_is_linked() {
    run(60, async {
        let shop = Shop::open().await;
        let telephone = shop.twilio().await;
        let ann = shop.direct("ann", false).await;
        shop.says(&ann.conversation, "one").await.ok();
        shop.agents.wait_for(1).await;
        shop.link(&ann, &telephone).await;
        // Whatever is primary at the provider: the business is heard here, too.
        shop.answer(&ann.conversation, text("linked")).await.ok();
        let heard = ann.inbox.wait_for(1).await.remove(0);
        assert_eq!(activity(&heard)["recipient"]["integrationId"], json!(ann.integration));
        let reply = shop.says(&ann.conversation, "two").await.ok();
        assert_eq!(reply["integrationId"], json!(ann.integration));
        let told = shop.agents.wait_for(2).await.remove(1);
        let sender = &activity(&told)["sender"];
        assert_eq!(
            (&sender["integrationId"], &sender["channelType"]),
            (&json!(ann.integration), &json!("Direct"))
        );
        shop.answer(&ann.conversation, text("here")).await.ok();
        ann.inbox.wait_for(2).await;
        // By name, it is the customer on this integration; elsewhere nobody.
        let named = json!({ "message": text("three") });
        shop.send(&ann.conversation, Some(&ann.integration), named.clone()).await.ok();
        let told = shop.agents.wait_for(3).await.remove(2);
        assert_eq!(activity(&told)["eventTrigger"], "message:customer");
        let takeover =
            json!({ "event": { "type": "payload", "payloadType": "hubster.takeover", "payload": {} } });
        refused(shop.send(&ann.conversation, Some(&ann.integration), takeover).await, 400, &[5002]);
        let kept = shop.tenant.engine.get(&format!("/api/v1/conversations/{}", ann.conversation)).await.ok();
        assert_eq!(kept["integrationId"], json!(ann.integration));
        assert_eq!(shop.establish(&ann).await.ok()["conversationId"], json!(ann.conversation));
        // Neither rests nor ends with the telephone.
        shop.pause(&telephone, true).await;
        shop.says(&ann.conversation, "four").await.ok();
        let path = format!("/api/v1/integrations/{telephone}");
        shop.tenant.portal.call("DELETE", &path).send().await.ok();
        shop.says(&ann.conversation, "five").await.ok();
        shop.answer(&ann.conversation, text("still here")).await.ok();
        ann.inbox.wait_for(3).await;
        let list = format!("/api/v1/interactions/activities/{}?type=Agent&leid=0", ann.conversation);
        let list = shop.tenant.engine.get(&list).await.ok();
        let through = |activity: &Value| {
            let side = if activity["eventTrigger"] == "message:customer" { "sender" } else { "recipient" };
            activity[side]["integrationId"] == json!(ann.integration)
        };
        assert!(list.as_array().unwrap().iter().all(through), "{list}");
    });
}

#[test]
fn a_customer_gets_their_own_open_conversation_and_no_other() {
    run(60, async {
        let shop = Shop::open().await;
        let (ann, bob) = (shop.direct("ann", false).await, shop.direct("bob", false).await);
        shop.says(&ann.conversation, "hello").await.ok();
        let (user, other) = (shop.user_of(&ann.conversation).await, shop.user_of(&bob.conversation).await);
        let api = shop.server.as_account();
        let conversations = format!("{}/conversations", shop.app());
        // Newer ones, in which she does not take part through this client, or with others.
        let personal = json!({ "type": "personal", "participants": [{ "userId": user }] });
        api.post(&conversations, &personal).await.ok();
        let group = json!({ "type": "sdkGroup",
            "participants": [{ "userId": user, "subscribeSDKClient": true }, { "userId": other, "subscribeSDKClient": true }] });
        api.post(&conversations, &group).await.ok();
        let again = shop.establish(&ann).await.ok();
        assert_eq!((&again["conversationId"], &again["isNew"]), (&json!(ann.conversation), &json!(false)));
        // An older one that is open counts, too.
        api.post(&format!("{}/close", shop.core(&ann.conversation)), &json!({})).await.ok();
        let second = text_at(&shop.establish(&ann).await.ok(), "/conversationId");
        assert_ne!(second, ann.conversation);
        api.post(&format!("{}/reopen", shop.core(&ann.conversation)), &json!({})).await.ok();
        api.post(&format!("{}/close", shop.core(&second)), &json!({})).await.ok();
        assert_eq!(shop.establish(&ann).await.ok()["conversationId"], json!(ann.conversation));
        // Who is deleted begins anew at once.
        api.call("DELETE", &format!("{}/users/{user}", shop.app())).send().await.ok();
        let anew = shop.establish(&ann).await.ok();
        assert_eq!(anew["isNew"], true);
        assert_ne!(anew["conversationId"], json!(ann.conversation));
        shop.says(&text_at(&anew, "/conversationId"), "hello again").await.ok();
        assert_ne!(shop.user_of(&text_at(&anew, "/conversationId")).await, user);
    });
}

#[test]
fn an_agent_answers_customers_of_the_other_api() {
    run(60, async {
        let shop = Shop::open().await;
        let api = shop.server.as_account();
        let user = api.post(&format!("{}/users", shop.app()), &json!({ "externalId": "zoe" })).await.ok();
        let user = text_at(&user, "/user/id");
        let wish = json!({ "type": "personal", "participants": [{ "userId": user }] });
        let made = api.post(&format!("{}/conversations", shop.app()), &wish).await.ok();
        let core = text_at(&made, "/conversation/id");
        let said = json!({ "author": { "type": "user", "userId": user }, "content": { "type": "text", "text": "Hi" } });
        let messages = format!("{}/conversations/{core}/messages", shop.app());
        api.post(&messages, &said).await.ok();
        let heard = shop.agents.wait_for(1).await.remove(0);
        let conversation = text_at(&heard.body, "/conversationId");
        shop.answer(&conversation, text("Hello")).await.ok();
        let list = api.get(&messages).await.ok();
        assert_eq!(list["messages"][1]["content"]["text"], "Hello");
        // A customer who is on no channel of this API does not speak through it.
        refused(shop.says(&conversation, "me").await, 404, &[6500]);
        let engine = &shop.tenant.engine;
        let shown = engine.get(&format!("/api/v1/conversations/{conversation}")).await.ok();
        assert_eq!(shown["integrationId"], "00000000-0000-0000-0000-000000000000");
        let open = engine.get(&format!("/api/v1/conversations/hubs/{}/established", shop.hub)).await.ok();
        assert_eq!(open[0]["conversationId"], json!(conversation));
    });
}

#[test]
fn what_a_customer_has_seen_the_callback_address_is_told() {
    run(60, async {
        let shop = Shop::open().await;
        let callback = shop.sink.inbox("/callback");
        callback.unchecked();
        let api = shop.server.as_account();
        let path = format!("{}/settings/callback", shop.app());
        api.call("PUT", &path).json(&json!({ "value": callback.url() })).send().await.ok();
        let ann = shop.direct("ann", false).await;
        shop.says(&ann.conversation, "hello").await.ok();
        shop.answer(&ann.conversation, text("here")).await.ok();
        let before = callback.wait_for(1).await.len();
        shop.send(&ann.conversation, None, json!({ "event": { "type": "seen" } })).await.ok();
        let told = callback.wait_for(before + 1).await.remove(before);
        assert_eq!(told.body["CallStatus"], "read");
    });
}

#[test]
fn seats_of_agents_and_bots_are_not_the_other_apis_to_take() {
    run(60, async {
        let shop = Shop::open().await;
        let api = shop.server.as_account();
        let boards = format!("{}/switchboards", shop.app());
        let board = text_at(&api.get(&boards).await.ok(), "/switchboards/0/id");
        let seats = format!("{boards}/{board}/switchboardIntegrations");
        let seat = text_at(&api.get(&seats).await.ok(), "/switchboardIntegrations/0/id");
        for path in [format!("{seats}/{seat}"), format!("{boards}/{board}")] {
            let reply = api.call("DELETE", &path).send().await;
            assert_eq!(reply.status, 403, "{}", reply.text);
        }
        let ann = shop.direct("ann", false).await;
        shop.says(&ann.conversation, "hello").await.ok();
        shop.agents.wait_for(1).await;
        // Nobody hands over to itself.
        let own = json!({ "integrationId": shop.agent });
        let event = json!({ "type": "payload", "payloadType": "hubster.handover", "payload": own });
        let reply = shop.send(&ann.conversation, Some(&shop.agent), json!({ "event": event })).await;
        refused(reply, 400, &[5002]);
    });
}
