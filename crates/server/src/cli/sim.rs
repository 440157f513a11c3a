//! `crosspoint sim`: the providers, imitated, and customers who write through them.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Value, json};
use sim::{Loopback, Provider, Receipts, Sim, SimConfig};

use super::output;
use super::place::block_on;
use super::serve::Signals;
use crate::demo::no_simulator;
use crate::exit::{Failure, Result};

const EXAMPLE: &str = "Examples:
  crosspoint sim                                           # then open http://127.0.0.1:9090
  CROSSPOINT_CHANNEL_BASE_URL_TELEGRAM=http://127.0.0.1:9090/telegram crosspoint serve
  crosspoint sim say telegram 1111111 'Where is my parcel?'
  crosspoint sim press telegram 1111111 'Opening hours'
  crosspoint sim chat telegram 1111111
  crosspoint sim fault rateLimit --provider telegram --times 3 --with '{\"retryAfterS\": 5}'
  crosspoint sim transcript --refused";

/// Imitate Twilio, Messenger and Telegram on this machine, and be the customer.
///
/// The providers judge what they are sent as the real ones would. Without a command below it starts the
/// simulator; the commands act on one that runs.
#[derive(clap::Args)]
#[command(after_help = EXAMPLE, args_conflicts_with_subcommands = true)]
pub(super) struct Simulate {
    #[command(flatten)]
    start: Start,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Args)]
struct Start {
    /// Where it listens; loopback only.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
    listen: SocketAddr,
    /// The seed of its ids and of faults with a chance: the same seed repeats a run.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How long a provider takes to answer.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency_ms: u64,
    /// Enforce the providers' rates (Telegram: 1 message a second to a chat).
    #[arg(long)]
    rates: bool,
    /// Play this script, one JSON object a line; it may begin before the server (docs/simulator.md).
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// A customer writes.
    #[command(after_help = "Example:\n  crosspoint sim say sms +15550001234 'Where is my parcel?'")]
    Say {
        #[command(flatten)]
        who: Who,
        /// What.
        text: String,
    },
    /// A customer presses the newest button with this label.
    #[command(after_help = "Example:\n  crosspoint sim press telegram 1111111 Yes")]
    Press {
        #[command(flatten)]
        who: Who,
        /// What stands on it.
        button: String,
    },
    /// A customer does anything else: {"do": "block"}, {"do": "location", "latitude": 1, "longitude": 2}, …
    #[command(
        after_help = "Example:\n  crosspoint sim act telegram 1111111 '{\"do\":\"start\",\"payload\":\"ref42\"}'"
    )]
    Act {
        #[command(flatten)]
        who: Who,
        /// One JSON object; docs/simulator.md lists them.
        action: String,
    },
    /// Show what the customer sees.
    #[command(after_help = "Example:\n  crosspoint sim chat telegram 1111111")]
    Chat {
        #[command(flatten)]
        who: Who,
    },
    /// Show accounts, credentials and addresses.
    #[command(after_help = "Example:\n  crosspoint sim accounts")]
    Accounts(At),
    /// Arm a fault: rateLimit, serverError, slow, hang, reset, lostAnswer, deadToken, blockedUser, …
    #[command(after_help = "Example:\n  crosspoint sim fault serverError --provider twilio --times 5")]
    Fault {
        /// Which.
        fault: String,
        /// Only at twilio, messenger or telegram.
        #[arg(long, value_name = "NAME")]
        provider: Option<String>,
        /// How often; without it until `heal`.
        #[arg(long, value_name = "N")]
        times: Option<u32>,
        /// What it needs besides, as a JSON object: {"ms": 2000}, {"retryAfterS": 5}.
        #[arg(long, value_name = "JSON")]
        with: Option<String>,
        #[command(flatten)]
        at: At,
    },
    /// Take all faults away.
    #[command(after_help = "Example:\n  crosspoint sim heal")]
    Heal(At),
    /// Show what went over the wire, and what was thought of it.
    #[command(after_help = "Example:\n  crosspoint sim transcript --refused")]
    Transcript {
        /// Only what was not accepted.
        #[arg(long)]
        refused: bool,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        at: At,
    },
}

/// Which simulator.
#[derive(clap::Args)]
struct At {
    /// The address of the running simulator.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9090")]
    sim: String,
}

/// Which customer.
#[derive(clap::Args)]
struct Who {
    /// sms, whatsapp, messenger or telegram.
    channel: String,
    /// A number as +15550001234, or an id.
    customer: String,
    /// The number, page or bot that is written to; without it the first one.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    #[command(flatten)]
    at: At,
}

impl Simulate {
    pub(super) fn run(self) -> Result<()> {
        let Some(command) = self.command else {
            return block_on(self.start.run());
        };
        block_on(async { command.run().await.map_err(|text| Failure::failed(with_advice(text))) })
    }
}

/// What a command is told, and what to do where nobody has answered.
fn with_advice(text: String) -> String {
    match text.starts_with("no connection") {
        true => format!("{text}: is crosspoint sim running? --sim names the address that it has printed"),
        false => text,
    }
}

impl Start {
    async fn run(self) -> Result<()> {
        let mut signals = Signals::listen()?;
        let script = match &self.script {
            Some(path) => {
                let what = format!("reading {}", path.display());
                Some(std::fs::read_to_string(path).map_err(|error| Failure::file(what, &error))?)
            }
            None => None,
        };
        let config = SimConfig {
            listen: self.listen,
            seed: self.seed,
            latency_ms: self.latency_ms,
            enforce_rates: self.rates,
            receipts: Receipts::Read,
            receipt_delay_ms: 400,
            ..SimConfig::default()
        };
        let sim = Sim::start(config).await.map_err(|error| no_simulator(&error, "--listen"))?;
        greet(&sim);
        let playing = async {
            if let Some(script) = script {
                match sim.play(&script).await {
                    Ok(()) => output::note("The script has been played."),
                    Err(error) => output::note(format_args!("crosspoint: {error}")),
                }
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = signals.next() => {}
            () = playing => {}
        }
        Ok(())
    }
}

fn greet(sim: &Sim) {
    let (twilio, page, bot) = (sim.twilio(), sim.page(), sim.bot());
    output::line("The providers are simulated.");
    output::line("");
    output::line(format_args!("  Phone and transcript  {}", sim.url()));
    output::line("");
    output::line("  Start the server with");
    for provider in Provider::ALL {
        let word = provider.word().to_uppercase();
        output::line(format_args!("    CROSSPOINT_CHANNEL_BASE_URL_{word}={}", sim.base_url(provider)));
    }
    output::line("    CROSSPOINT_WEBHOOK_ALLOW_PRIVATE=true");
    output::line("");
    output::line("  and make integrations of");
    output::line(format_args!("    {}", json!({"type": "telegram", "token": bot.token})));
    let number = twilio.numbers.first().map(|number| number.sid.clone());
    let (sid, token) = (twilio.account_sid, twilio.auth_token);
    let shown = json!({"type": "twilio", "accountSid": sid, "authToken": token, "phoneNumberSid": number});
    output::line(format_args!("    {shown}"));
    let app = sim.meta_app();
    let (access, secret) = (page.access_token, app.app_secret);
    let shown =
        json!({"type": "messenger", "pageAccessToken": access, "appId": app.app_id, "appSecret": secret});
    output::line(format_args!("    {shown}"));
    output::line("");
}

impl Who {
    fn client(&self) -> Loopback {
        self.at.client()
    }

    async fn act(&self, mut action: Value) -> Result<(), String> {
        action["channel"] = self.channel.as_str().into();
        action["customer"] = self.customer.as_str().into();
        if let Some(account) = &self.account {
            action["account"] = account.as_str().into();
        }
        let done = self.client().post("/sim/act", &action).await?;
        output::line(match done["status"].as_u64() {
            Some(status) => format!("the callback was answered with {status}"),
            None => "nobody was told: make an integration with a credential of crosspoint sim accounts first, and see \
                     that the server runs"
                .to_owned(),
        });
        Ok(())
    }

    async fn chat(&self) -> Result<(), String> {
        let chats = self.client().get("/sim/chats").await?;
        let fits = |chat: &&Value| {
            chat["channel"] == self.channel
                && chat["customer"] == self.customer
                && self.account.as_ref().is_none_or(|account| chat["account"] == account.as_str())
        };
        let chat = chats["chats"].as_array().and_then(|chats| chats.iter().find(fits));
        let chat =
            chat.ok_or("there is no such chat: the customer has not written yet (crosspoint sim say)")?;
        let account = chat["account"].as_str().unwrap_or_default();
        // A plus sign stands for itself in a path.
        let path = format!("/sim/chats/{}/{account}/{}", self.channel, self.customer);
        let shown = self.client().get(&path).await?;
        for bubble in shown["bubbles"].as_array().into_iter().flatten() {
            let side = if bubble["side"] == "customer" { "customer" } else { "business" };
            output::line(format_args!("{side:9} {}", in_words(bubble)));
        }
        Ok(())
    }
}

fn in_words(bubble: &Value) -> String {
    let mut words: Vec<String> = ["title", "text"]
        .iter()
        .filter_map(|name| bubble[*name].as_str().filter(|text| !text.is_empty()).map(str::to_owned))
        .collect();
    let media = bubble["media"].as_array().into_iter().flatten();
    words.extend(media.map(|medium| format!("({})", medium["contentType"].as_str().unwrap_or_default())));
    let buttons = bubble["buttons"].as_array().into_iter().flatten();
    words.extend(buttons.map(|button| format!("[{}]", button["label"].as_str().unwrap_or_default())));
    words.join(" ")
}

impl At {
    fn client(&self) -> Loopback {
        Loopback::new(self.sim.trim_end_matches('/'))
    }
}

impl Command {
    async fn run(self) -> Result<(), String> {
        match self {
            Command::Say { who, text } => who.act(json!({"do": "say", "text": text})).await,
            Command::Press { who, button } => who.act(json!({"do": "press", "button": button})).await,
            Command::Act { who, action } => {
                who.act(object(&action, "the action", r#"{"do": "block"}"#)?).await
            }
            Command::Chat { who } => who.chat().await,
            Command::Accounts(at) => {
                let accounts = at.client().get("/sim/accounts").await?;
                output::line(serde_json::to_string_pretty(&accounts).unwrap_or_default());
                Ok(())
            }
            Command::Fault { fault, provider, times, with, at } => {
                let with = with.as_deref().unwrap_or("{}");
                let mut body = object(with, "--with", r#"{"ms": 2000}"#)?;
                body["fault"] = fault.into();
                body["provider"] = json!(provider);
                body["times"] = json!(times);
                let armed = at.client().post("/sim/faults", &body).await?;
                let count = armed["faults"].as_array().map_or(0, Vec::len);
                output::line(format_args!("{count} armed"));
                Ok(())
            }
            Command::Heal(at) => at.client().call(http::Method::DELETE, "/sim/faults", None).await.map(drop),
            Command::Transcript { refused, json, at } => transcript(&at, refused, json).await,
        }
    }
}

/// A JSON object that somebody has typed.
fn object(text: &str, what: &str, example: &str) -> Result<Value, String> {
    let parsed = serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
    parsed.ok_or_else(|| format!("{what} must be a JSON object as {example}; docs/simulator.md lists them"))
}

async fn transcript(at: &At, refused: bool, json: bool) -> Result<(), String> {
    let query = if refused { "newest&refused" } else { "newest" };
    let all = at.client().get(&format!("/sim/transcript?{query}")).await?;
    let shown = all["entries"].as_array().cloned().unwrap_or_default();
    if let Some(fitting) = all["fitting"].as_u64().filter(|fitting| *fitting > shown.len() as u64) {
        output::note(format_args!("the last {} of {fitting}", shown.len()));
    }
    if json {
        output::json(&shown);
        return Ok(());
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = shown.iter().map(|entry| {
        let to_provider = entry["direction"] == "toProvider";
        [
            entry["number"].to_string(),
            if to_provider { "to".to_owned() } else { "from".to_owned() },
            text(&entry["provider"]),
            text(&entry["operation"]),
            entry["status"].as_u64().map(|status| status.to_string()).unwrap_or_default(),
            text(&entry["verdict"]),
            format!("{} {}{}", text(&entry["rule"]), text(&entry["why"]), text(&entry["fault"])),
        ]
    });
    output::table(
        ["NO", "WAY", "PROVIDER", "OPERATION", "STATUS", "VERDICT", "WHY"],
        &rows.collect::<Vec<_>>(),
    );
    Ok(())
}
