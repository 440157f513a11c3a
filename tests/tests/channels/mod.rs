//! Customers on simulated providers: what they write reaches webhooks, and what the business answers
//! reaches their phones.

mod bad_input;
mod changing;
mod conversions;
mod faults;
mod leaving;
mod media;
mod messenger;
mod mutated;
mod outgoing;
mod pigeons;
mod receipts;
mod recipients;
mod setting_up;
mod telegram;
mod twilio;
mod unconnected;
mod whatsapp;

use serde_json::{Value, json};
use sim::{Channel, Customer, Provider, Sim, SimConfig};
use testkit::scene::App;
use testkit::{Crosspoint, Hook, Inbox, Sink, text_at};

/// A channel and somebody on it, for what holds on every one.
#[derive(Clone, Copy, Debug)]
struct Line {
    channel: Channel,
    provider: Provider,
    /// Who writes.
    who: &'static str,
    /// What the provider calls a send.
    send: &'static str,
    /// What it calls the callback of a message.
    callback: &'static str,
}

const TELEGRAM: Line = Line {
    channel: Channel::Telegram,
    provider: Provider::Telegram,
    who: "1111111",
    send: "sendMessage",
    callback: "message",
};
const MESSENGER: Line = Line {
    channel: Channel::Messenger,
    provider: Provider::Messenger,
    who: "7000000000000001",
    send: "me/messages",
    callback: "messages",
};
const SMS: Line = Line {
    channel: Channel::Sms,
    provider: Provider::Twilio,
    who: "+15145550100",
    send: "Messages.create",
    callback: "message",
};
const WHATSAPP: Line = Line { channel: Channel::Whatsapp, ..SMS };

/// One for each connector.
const LINES: [Line; 3] = [TELEGRAM, MESSENGER, SMS];

/// A server whose providers are simulated, and a business that hears everything.
struct Street {
    server: Crosspoint,
    sim: Sim,
    app: App,
    inbox: Inbox,
    _sink: Sink,
}

impl Street {
    async fn build() -> Street {
        Street::build_with(SimConfig::default(), |builder| builder).await
    }

    async fn build_with(
        config: SimConfig,
        change: impl FnOnce(testkit::Builder) -> testkit::Builder,
    ) -> Street {
        let sim = Sim::start(config).await.unwrap();
        let server = change(Crosspoint::start().providers(&sim)).await;
        let sink = Sink::start().await;
        let inbox = sink.inbox("/business");
        let app = App::create(&server).await;
        app.custom("business", &inbox).await;
        Street { server, sim, app, inbox, _sink: sink }
    }

    /// Creates an integration and gives it.
    async fn integration(&self, body: Value) -> Value {
        self.app.post("/integrations", body).await["integration"].take()
    }

    async fn telegram(&self) -> Value {
        self.integration(json!({ "type": "telegram", "token": self.sim.bot().token })).await
    }

    async fn twilio(&self) -> Value {
        let account = self.sim.twilio();
        let number = account.numbers[0].sid.clone();
        let (sid, token) = (account.account_sid, account.auth_token);
        self.integration(
            json!({ "type": "twilio", "accountSid": sid, "authToken": token, "phoneNumberSid": number }),
        )
        .await
    }

    async fn messenger(&self) -> Value {
        let (page, meta) = (self.sim.page(), self.sim.meta_app());
        self.integration(json!({
            "type": "messenger", "pageAccessToken": page.access_token, "appId": meta.app_id,
            "appSecret": meta.app_secret,
        }))
        .await
    }

    /// Connects the channel of a line.
    async fn connect(&self, line: Line) -> Value {
        match line.provider {
            Provider::Telegram => self.telegram().await,
            Provider::Messenger => self.messenger().await,
            _ => self.twilio().await,
        }
    }

    /// The same; then its customer writes. Gives the customer and the conversation.
    async fn begun(&self, line: Line) -> (Customer, String) {
        self.connect(line).await;
        let customer = self.sim.customer(line.channel, line.who);
        customer.say("Hello").await.unwrap();
        let conversation = conversation_of(&self.event("conversation:message").await);
        (customer, conversation)
    }

    /// How many events of a type have come so far.
    fn count(&self, kind: &str) -> usize {
        self.inbox.kinds().iter().filter(|came| *came == kind).count()
    }

    /// The first event of a type, once it has come.
    async fn event(&self, kind: &str) -> Hook {
        self.events(kind, 1).await.remove(0)
    }

    /// That many events of a type, once they have come.
    async fn events(&self, kind: &str, count: usize) -> Vec<Hook> {
        testkit::eventually(20, &format!("{count} × {kind}, there are {:?}", self.inbox.kinds()), || async {
            let found: Vec<Hook> =
                self.inbox.hooks().into_iter().filter(|hook| hook.kind() == kind).collect();
            (found.len() >= count).then_some(found)
        })
        .await
    }

    /// Posts a message of the business into a conversation; gives its id.
    async fn answer(&self, conversation: &str, content: Value) -> String {
        let body = json!({ "author": { "type": "business" }, "content": content });
        let posted = self.app.post(&format!("/conversations/{conversation}/messages"), body).await;
        text_at(&posted, "/messages/0/id")
    }

    async fn answer_text(&self, conversation: &str, text: &str) -> String {
        self.answer(conversation, json!({ "type": "text", "text": text })).await
    }
}

/// Calls a hook as a stranger; gives status and body.
async fn knock(street: &Street, method: &str, path: &str, body: &str, secret: Option<&str>) -> (u16, String) {
    let url = format!("{}{path}", street.server.base());
    let mut request = reqwest::Client::new().request(method.parse().unwrap(), url).body(body.to_owned());
    if let Some(secret) = secret {
        request = request.header("x-telegram-bot-api-secret-token", secret);
    }
    let reply = request.send().await.unwrap();
    (reply.status().as_u16(), reply.text().await.unwrap())
}

fn conversation_of(hook: &Hook) -> String {
    text_at(hook.payload(), "/conversation/id")
}
