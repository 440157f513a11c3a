//! A running simulator.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::chat::{Channel, ChatKey, Provider};
use crate::config::SimConfig;
use crate::customer::Customer;
use crate::error::SimError;
use crate::fault::Fault;
use crate::http::{is_loopback, serve};
use crate::messenger::{MetaApp, Page};
use crate::shared::{Handle, Shared};
use crate::slack::SlackApp;
use crate::telegram::{Bot, BotState, Webhook, flush};
use crate::transcript::Transcript;
use crate::twilio::{Number, Service, TwilioAccount};
use crate::{front, script};

/// How long [`Sim::wait_for`] waits.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// A running simulator. It ends when it is dropped.
pub struct Sim {
    shared: Handle,
    serving: JoinHandle<()>,
}

impl Sim {
    /// Starts one, with an account at each provider: [`Sim::twilio`], [`Sim::page`], [`Sim::meta_app`],
    /// [`Sim::bot`].
    ///
    /// # Errors
    /// When the address is taken or is not loopback.
    pub async fn start(config: SimConfig) -> Result<Sim, SimError> {
        if !is_loopback(config.listen) {
            return Err(SimError::NotLoopback(config.listen));
        }
        let wrong = |error| SimError::Listen(config.listen, error);
        let listener = TcpListener::bind(config.listen).await.map_err(wrong)?;
        let address = listener.local_addr().map_err(wrong)?;
        let shared = Arc::new(Shared::new(config, format!("http://{address}")));
        let sim = {
            let shared_by_requests = Arc::clone(&shared);
            let handle = move |request| front::handle(Arc::clone(&shared_by_requests), request);
            Sim { shared, serving: tokio::spawn(serve(listener, handle)) }
        };
        sim.add_twilio(first_twilio());
        sim.add_messenger(first_meta_app(), first_page());
        sim.add_bot(first_bot());
        sim.shared.with(|world| world.slack.push(first_slack_app()));
        Ok(sim)
    }

    /// Where its page is: `http://127.0.0.1:9090`.
    pub fn url(&self) -> &str {
        &self.shared.origin
    }

    /// What `CROSSPOINT_CHANNEL_BASE_URL_…` of a provider wants.
    pub fn base_url(&self, provider: Provider) -> String {
        format!("{}/{}", self.shared.origin, provider.word())
    }

    /// The Twilio account that is there from the beginning.
    pub fn twilio(&self) -> TwilioAccount {
        self.shared.look(|world| world.twilio.first().cloned()).unwrap_or_else(first_twilio)
    }

    /// The Messenger page that is there from the beginning.
    pub fn page(&self) -> Page {
        self.shared.look(|world| world.pages.first().cloned()).unwrap_or_else(first_page)
    }

    /// The Meta app that is there from the beginning.
    pub fn meta_app(&self) -> MetaApp {
        self.shared.look(|world| world.meta_apps.first().cloned()).unwrap_or_else(first_meta_app)
    }

    /// The conversion events that a Messenger page's data set has taken, oldest first.
    pub fn conversions(&self, page_id: &str) -> Vec<serde_json::Value> {
        self.shared.look(|world| {
            let own = world.datasets.iter().find(|dataset| dataset.page_id == page_id);
            own.map(|dataset| dataset.events.clone()).unwrap_or_default()
        })
    }

    /// The Telegram bot that is there from the beginning.
    pub fn bot(&self) -> Bot {
        self.shared.look(|world| world.bots.first().map(|state| state.bot.clone())).unwrap_or_else(first_bot)
    }

    /// The app at Slack that is there from the beginning.
    pub fn slack_app(&self) -> SlackApp {
        self.shared.look(|world| world.slack.first().cloned()).unwrap_or_else(first_slack_app)
    }

    /// Lets somebody install that app: the code that their browser would bring back.
    pub fn slack_code(&self) -> String {
        self.shared.with(|world| {
            let code = format!("simulated-slack-code-{}", world.ids.token());
            if let Some(app) = world.slack.first_mut() {
                app.codes.push(code.clone());
            }
            code
        })
    }

    /// Adds an account.
    pub fn add_twilio(&self, account: TwilioAccount) {
        self.shared.with(|world| world.twilio.push(account));
    }

    /// Adds a page and, when it is not there yet, its app.
    pub fn add_messenger(&self, app: MetaApp, page: Page) {
        self.shared.with(|world| {
            if !world.meta_apps.iter().any(|known| known.app_id == app.app_id) {
                world.meta_apps.push(app);
            }
            world.pages.push(page);
        });
    }

    /// Adds a bot.
    pub fn add_bot(&self, bot: Bot) {
        self.shared.with(|world| world.bots.push(BotState::new(bot)));
    }

    /// Gives the bot of this token another one, as `/revoke` at BotFather does, or the Twilio account of it
    /// another auth token. The former opens nothing any more.
    pub fn renew_token(&self, former: &str, token: &str) {
        self.shared.with(|world| {
            let bots = world.bots.iter_mut().map(|state| &mut state.bot.token);
            let accounts = world.twilio.iter_mut().map(|account| &mut account.auth_token);
            bots.chain(accounts).filter(|known| *known == former).for_each(|known| token.clone_into(known));
        });
    }

    /// Somebody who may write to the account that is there from the beginning.
    pub fn customer(&self, channel: Channel, who: &str) -> Customer {
        let account = match channel {
            Channel::Sms | Channel::Whatsapp => {
                self.twilio().numbers.into_iter().next().map(|number| number.phone_number).unwrap_or_default()
            }
            Channel::Messenger => self.page().page_id,
            Channel::Telegram => self.bot().id.to_string(),
        };
        self.customer_of(channel, &account, who)
    }

    /// Somebody who may write to this number, page or bot.
    pub fn customer_of(&self, channel: Channel, account: &str, who: &str) -> Customer {
        let key = ChatKey { channel, account: account.to_owned(), customer: who.to_owned() };
        self.shared.with(|world| {
            world.chat(&key);
        });
        Customer { shared: Arc::clone(&self.shared), key }
    }

    /// The supergroup that a Telegram group has become, as somebody who may write there.
    pub fn supergroup(&self, group: &Customer) -> Option<Customer> {
        let to = self.shared.look(|world| world.chats.get(group.key())?.upgraded_to.clone())?;
        Some(self.customer_of(Channel::Telegram, &group.key().account, &to))
    }

    /// Sets where a Twilio number's messages are told, as a person would in Twilio's console.
    pub fn set_sms_url(&self, phone_number: &str, url: &str) {
        self.shared.with(|world| {
            let numbers = world.twilio.iter_mut().flat_map(|account| &mut account.numbers);
            for number in numbers.filter(|number| number.phone_number == phone_number) {
                url.clone_into(&mut number.sms_url);
            }
        });
    }

    /// Subscribes an app and its page to all events at this address, without a handshake.
    pub fn set_messenger_callback(&self, page_id: &str, url: &str, fields: &[&str]) {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        self.shared.with(|world| {
            let Some(page) = world.pages.iter_mut().find(|page| page.page_id == page_id) else { return };
            page.subscribed_fields.clone_from(&fields);
            let app_id = page.app_id.clone();
            if let Some(app) = world.meta_apps.iter_mut().find(|app| app.app_id == app_id) {
                url.clone_into(&mut app.callback_url);
                app.fields = fields;
            }
        });
    }

    /// Sets a bot's webhook without judging it.
    pub fn set_bot_webhook(&self, bot_id: i64, webhook: Webhook) {
        self.shared.with(|world| {
            if let Some(state) = world.bots.iter_mut().find(|state| state.bot.id == bot_id) {
                state.webhook = Some(webhook);
            }
        });
        flush(&self.shared, bot_id);
    }

    /// The webhook of a bot.
    pub fn bot_webhook(&self, bot_id: i64) -> Option<Webhook> {
        self.shared.look(|world| world.bots.iter().find(|state| state.bot.id == bot_id)?.webhook.clone())
    }

    /// Arms a fault.
    pub fn fault(&self, fault: Fault) {
        self.shared.with(|world| world.faults.push(fault));
    }

    /// Takes all faults away.
    pub fn heal(&self) {
        self.shared.with(|world| world.faults.clear());
    }

    /// Everything that went over the wire so far.
    pub fn transcript(&self) -> Transcript {
        self.shared.look(|world| world.transcript.clone())
    }

    /// Forgets the transcript.
    pub fn clear_transcript(&self) {
        self.shared.with(|world| world.transcript.clear());
    }

    /// Waits until the transcript shows something; looks again whenever anything happens.
    ///
    /// # Errors
    /// When it has not come after 60 seconds.
    pub async fn wait_for(
        &self,
        what: &str,
        mut shows: impl FnMut(&Transcript) -> bool,
    ) -> Result<(), SimError> {
        self.wait(what, || self.shared.look(|world| shows(&world.transcript).then_some(()))).await
    }

    /// Waits until the customer's phone shows something, and gives what was found.
    ///
    /// # Errors
    /// When it has not come after 60 seconds.
    pub async fn wait_for_bubble(
        &self,
        customer: &Customer,
        what: &str,
        mut fits: impl FnMut(&crate::chat::Bubble) -> bool,
    ) -> Result<crate::chat::Bubble, SimError> {
        self.wait(what, || customer.bubbles().into_iter().find(|bubble| fits(bubble))).await
    }

    async fn wait<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> Result<T, SimError> {
        let mut changes = self.shared.changes();
        let waiting = async {
            loop {
                changes.mark_unchanged();
                if let Some(found) = look() {
                    return found;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let late = |_| SimError::TimedOut(60_000, what.to_owned());
        tokio::time::timeout(WAIT_MAX, waiting).await.map_err(late)
    }

    /// Plays a script: a list of requests of the control interface, one JSON object a line.
    ///
    /// # Errors
    /// At the first line that is not understood or cannot be done.
    pub async fn play(&self, text: &str) -> Result<(), SimError> {
        script::play(&self.shared, text).await
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.serving.abort();
        self.shared.stop();
    }
}

fn first_twilio() -> TwilioAccount {
    let number = "+15557654321".to_owned();
    TwilioAccount {
        account_sid: "AC00000000000000000000000000000001".to_owned(),
        auth_token: "simulated-twilio-auth-token".to_owned(),
        status: "active".to_owned(),
        numbers: vec![Number {
            sid: "PN00000000000000000000000000000001".to_owned(),
            phone_number: number.clone(),
            mms: true,
            whatsapp: true,
            sms_method: "POST".to_owned(),
            ..Number::default()
        }],
        services: vec![Service {
            sid: "MG00000000000000000000000000000001".to_owned(),
            inbound_method: "POST".to_owned(),
            numbers: vec![number],
            use_inbound_webhook_on_number: true,
            advanced_opt_out: true,
            ..Service::default()
        }],
    }
}

fn first_meta_app() -> MetaApp {
    MetaApp {
        app_id: "1517776481860111".to_owned(),
        app_secret: "simulated-meta-app-secret".to_owned(),
        ..MetaApp::default()
    }
}

fn first_page() -> Page {
    Page {
        page_id: "108032747240001".to_owned(),
        name: "Simulated page".to_owned(),
        access_token: "EAAsimulatedPageAccessToken".to_owned(),
        app_id: first_meta_app().app_id,
        subscribed_fields: Vec::new(),
        human_agent: true,
    }
}

fn first_slack_app() -> SlackApp {
    SlackApp {
        client_id: "1234567890.1234567890".to_owned(),
        client_secret: "simulated-slack-client-secret".to_owned(),
        team_id: "T0SIMULATED".to_owned(),
        bot_name: "crosspoint_sim".to_owned(),
        bot_token: "xoxb-simulated-bot-token".to_owned(),
        user_token: "xoxp-simulated-user-token".to_owned(),
        codes: Vec::new(),
    }
}

fn first_bot() -> Bot {
    Bot {
        token: "4200000042:AAHsimulatedTelegramBotToken0000000".to_owned(),
        id: 4_200_000_042,
        username: "crosspoint_sim_bot".to_owned(),
        first_name: "Simulated bot".to_owned(),
    }
}
