//! What every channel can do, and the values that pass through it.

use http::{HeaderMap, Method, StatusCode};
use model::Id;
use model::channel::{Choice, Feature, Inbound, SendError, Support};
use model::content::{Content, Metadata};
use model::event::ActivityKind;
use model::record::Client;
use serde_json::{Map, Value};

use crate::plan::Plan;

/// Among the secrets, the address that the provider was told when the integration was set up.
pub const REGISTERED_URL: &str = "registeredUrl";

/// A channel as data.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    /// Its integration type and the word in `/hooks/{channel}/…`, for example `twilio`.
    pub kind: &'static str,
    /// The word in `CROSSPOINT_CHANNEL_BASE_URL_…`, for example `TWILIO`.
    pub base_url_word: &'static str,
    /// The provider's own address: scheme and host, where a single one serves.
    pub base_url: &'static str,
    /// Largest callback in bytes.
    pub hook_bytes_max: usize,
    /// Sends a second of one integration, at most.
    pub sends_per_second: u32,
    /// Sends a second to one person, at most; 0 for no limit of its own.
    pub sends_per_second_to_one: u32,
    /// How it shows each kind of content and button; what is missing is refused.
    pub support: &'static [(Feature, Support)],
    /// Other senders of an integration, who show messages in another way.
    pub senders: &'static [Sender],
    /// Whether the business may write to somebody who has never written.
    pub may_begin: bool,
    /// The settings and secrets that its functions read, by name: what examples fill in.
    pub settings: &'static [&'static str],
    /// The header by which a callback proves who has sent it, in lower case.
    pub signature_header: &'static str,
}

/// A sender of a channel that has several kinds, for example Twilio's WhatsApp sender.
#[derive(Clone, Copy, Debug)]
pub struct Sender {
    /// Its word in previews.
    pub word: &'static str,
    /// What it is called in texts for people.
    pub title: &'static str,
    /// What the external ids of people begin with who are reached by it.
    pub prefix: &'static str,
    /// How it shows each kind of content and button; what is missing is refused.
    pub support: &'static [(Feature, Support)],
}

/// An integration of a channel, opened.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// Its public id.
    pub integration_id: Id,
    /// Its settings that may be shown.
    pub config: &'a Metadata,
    /// Its settings that may not.
    pub secrets: &'a Map<String, Value>,
    /// Where the provider calls us back, whole: the address that it was told, or is told now.
    pub hook_url: &'a str,
    /// Takes the place of the provider's scheme and host, path kept; `None` for the real provider.
    pub base_url: Option<&'a str>,
}

impl Account<'_> {
    /// Whether an address is where the provider calls this integration back, or did before our own address
    /// changed.
    pub fn is_hook_url(&self, url: &str) -> bool {
        !url.is_empty() && (url == self.hook_url || url == self.text(REGISTERED_URL))
    }

    /// A setting or secret as text; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.secrets.get(name).or_else(|| self.config.get(name)).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A callback of a provider, as it came.
#[derive(Clone, Copy)]
pub struct HookRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The query without its question mark; empty for none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, untouched.
    pub body: &'a [u8],
}

/// What a callback says, once it is verified.
#[derive(Clone, Debug, Default)]
pub struct Hooked {
    /// What happened, in the provider's order, for this integration.
    pub events: Vec<Inbound>,
    /// The same for other integrations of this kind: a provider with one callback address for several
    /// (channels.md §0.4).
    pub elsewhere: Vec<Elsewhere>,
    /// Things that name nobody, or nothing that we could keep: they are counted and no more.
    pub ignored: usize,
    /// Requests that are due after the answer, best effort: acknowledging a button, for example.
    pub follow_ups: Vec<Plan>,
    /// Why the provider takes nothing of this integration any more, if it says so; for people.
    pub refused: Option<String>,
}

/// Events for another integration of the same kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Elsewhere {
    /// Settings that the integration must have, every one of them, compared as text (a number may be
    /// kept as a number): the one that names it, and the one that proves that the sender may speak for it.
    pub settings: Vec<(&'static str, String)>,
    /// What happened there.
    pub events: Vec<Inbound>,
}

/// What a provider is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct HookReply {
    /// The status.
    pub status: StatusCode,
    /// The content type.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// Why a callback is not taken. Neither says more to the caller.
#[derive(Clone, Debug, PartialEq)]
pub enum HookError {
    /// The signature is missing or wrong; answered with this status.
    Unverified(StatusCode),
    /// It is not what the provider sends; the text is for the log and holds nothing of the body.
    Unreadable(&'static str),
}

/// A message that is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// What it says; every medium is a `MediaRef::Url` that the provider can fetch.
    pub content: Content,
    /// The raw payload for this channel (`override.<kind>.payload`), to be sent as it is with the
    /// recipient filled in.
    pub raw: Option<Value>,
    /// The provider's id of the message that it answers.
    pub quoted: Option<String>,
}

/// A pace beside that of the whole integration and of one person: so many at once, then one after each
/// period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnPace {
    /// Its name in the channel.
    pub name: &'static str,
    /// Whether it is kept for each person by themselves.
    pub is_of_one: bool,
    /// At once.
    pub burst: u32,
    /// Milliseconds until there is room for another one.
    pub period_ms: u64,
}

/// Who gets it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipient<'a> {
    /// The client's external id.
    pub external_id: &'a str,
    /// The client's `raw`: what the channel once told about the person.
    pub raw: Option<&'a Metadata>,
}

impl<'a> From<&'a Client> for Recipient<'a> {
    fn from(client: &'a Client) -> Recipient<'a> {
        Recipient { external_id: client.external_id.as_deref().unwrap_or_default(), raw: client.raw.as_ref() }
    }
}

/// A message in a provider's form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendered {
    /// The requests, in order; each is one message of the provider.
    pub requests: Vec<Plan>,
    /// What could not be shown as it was meant.
    pub losses: Vec<Loss>,
    /// Buttons whose press does not bring their payload back, in the order of their numbers.
    ///
    /// The hub keeps them with the message and turns the customer's answer into the payload. A text is
    /// looked up in the newest choices of the person, until they have answered or something newer is sent
    /// ([`model::channel::chosen_by_text`], then [`model::channel::chosen_by_label`]); the
    /// payload of a postback or text in all that are kept, the newest first
    /// ([`model::channel::chosen_by_key`]): keys depend on all that a button means, so that no button is ever
    /// taken for another one.
    pub choices: Vec<Choice>,
}

/// A part of a message that a channel shows as something simpler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The part, as a path: `content.items[0].mediaUrl`.
    pub part: String,
    /// What became of it, for people.
    pub became: String,
}

/// An answer of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

/// What an answer to a send means (channels.md §0.2).
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The provider has it; its ids of the message.
    Accepted(Vec<String>),
    /// Not now; after this many milliseconds, if the provider said so.
    Retry {
        /// Milliseconds.
        after_ms: Option<i64>,
        /// For the log.
        reason: String,
    },
    /// Never.
    Permanent(SendError),
    /// Never in this form; perhaps in the plan's other one, without which it is the same as `Permanent`.
    Unfit(SendError),
    /// Never, since the person wants to hear nothing: the client becomes blocked.
    Blocked(SendError),
    /// The integration's token is refused: the integration turns to error, and its sends wait.
    DeadToken(String),
    /// The person, or the group, has another id from now on: it is sent there once.
    Moved {
        /// That id.
        to: String,
        /// The error that the message ends with if sending it there fails, too.
        error: SendError,
    },
}

/// The next step of setting up, or undoing, an integration at the provider.
#[derive(Clone, Debug, PartialEq)]
pub enum Provision {
    /// Send this and come back with the answer.
    Call(Plan),
    /// Done. Settings that are kept and shown, and what undoing needs.
    Done {
        /// Added to the integration's settings.
        config: Metadata,
        /// Added to the integration's secrets, for example a callback's secret token.
        secrets: Map<String, Value>,
    },
    /// The same, although something does not work; the text is for people and names no secret.
    Partly {
        /// Added to the integration's settings.
        config: Metadata,
        /// What does not work.
        caveat: &'static str,
    },
    /// The provider refuses; the text is for the caller and names no secret.
    Refused(String),
}

/// The next step of telling a provider of conversions.
#[derive(Clone, Debug, PartialEq)]
pub enum Conversion {
    /// Send this and come back with the answer.
    Call(Plan),
    /// The provider has them.
    Taken {
        /// The provider's data set that they went to.
        dataset_id: String,
        /// How many it has counted.
        received: u64,
    },
    /// The provider refuses; the text is for the caller and names no secret.
    Refused(String),
    /// It refuses the integration's token; the same for the text.
    DeadToken(String),
}

/// A step of fetching a medium.
#[derive(Clone, Debug, PartialEq)]
pub enum MediaStep {
    /// Its address has to be asked for first: come back with the answer.
    Resolve(Plan),
    /// Get the bytes. Hosts that a redirect may lead to: whatever the guard lets through.
    Get(Plan),
    /// It cannot be fetched, and why.
    Gone(String),
}

/// A provider. All functions are pure; an account whose settings are incomplete gives errors, never a
/// panic. What has a body here is what most providers do, or lack.
pub trait Channel: Send + Sync + 'static {
    /// The channel as data.
    fn descriptor(&self) -> &'static Descriptor;

    /// Answers a provider that asks whether we are there, before any event. `None` when the request is
    /// no such question.
    fn handshake(&self, account: &Account<'_>, request: &HookRequest<'_>) -> Option<HookReply> {
        let _ = (account, request);
        None
    }

    /// Whether the provider has sent this: constant time, over the untouched bytes. `now_ms` is for
    /// windows of time.
    ///
    /// # Errors
    /// `Unverified`.
    fn verify(&self, account: &Account<'_>, request: &HookRequest<'_>, now_ms: i64) -> Result<(), HookError>;

    /// What the callback says. What is unknown inside a valid envelope becomes an unsupported message.
    ///
    /// # Errors
    /// `Unreadable`.
    fn parse(&self, account: &Account<'_>, request: &HookRequest<'_>) -> Result<Hooked, HookError>;

    /// What a provider is answered once its callback is durable.
    fn reply(&self) -> HookReply {
        HookReply { status: StatusCode::OK, content_type: "text/plain", body: String::new() }
    }

    /// The message in the provider's form, split where it is too long.
    ///
    /// # Errors
    /// A permanent refusal, when the channel cannot show it in any way.
    fn render(
        &self,
        account: &Account<'_>,
        to: Recipient<'_>,
        message: &Outgoing,
    ) -> Result<Rendered, SendError>;

    /// The request that tells what the business does; `None` where the channel does not show it.
    fn activity(&self, account: &Account<'_>, to: Recipient<'_>, kind: ActivityKind) -> Option<Plan> {
        let _ = (account, to, kind);
        None
    }

    /// What the answer to a request of [`Channel::render`] means.
    fn judge(&self, account: &Account<'_>, to: Recipient<'_>, answer: &Answer<'_>) -> Verdict;

    /// A question that changes nothing and that the provider answers while it works: it is asked before a
    /// request whose answer was lost is made again. `None` where there is none.
    fn probe(&self, account: &Account<'_>) -> Option<Plan> {
        let _ = account;
        None
    }

    /// A slower pace that a request of [`Channel::render`] has to keep besides.
    fn own_pace(&self, to: Recipient<'_>, plan: &Plan) -> Option<OwnPace> {
        let _ = (to, plan);
        None
    }

    /// Settings of an integration that is nobody's, enough to render for a preview.
    fn sample(&self) -> Metadata {
        Metadata::new()
    }

    /// Whether the provider tells when a message has reached the person. Without it the acceptance is
    /// the last that is heard of a message.
    fn tells_arrival(&self) -> bool {
        true
    }

    /// The settings, of those that are shown, that say which sender of the provider an integration speaks
    /// for. Where other secrets speak for another sender, what setting up has done for the former one is
    /// undone. A channel without any sets nothing up that could be undone while another one lives.
    fn identity(&self) -> &'static [&'static str] {
        &[]
    }

    /// The settings, of those that are shown, that say how people reach the business on this channel, the
    /// best first: what others are told of a conversation names the first that is there.
    fn own_addresses(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether the provider tells when this person has read a message. Without it, that a message was
    /// delivered is the last that is heard of it.
    fn tells_reading(&self, external_id: &str) -> bool {
        let _ = external_id;
        false
    }

    /// Whether undoing the set-up of one integration would undo that of others of the same sender: then
    /// it is left while one of them lives. `false` where `withdraw` looks first whether what it finds is
    /// its own.
    fn shares_set_up(&self) -> bool {
        true
    }

    /// The name of the sender that only one integration can be connected to, since the provider calls back
    /// one address for it; `None` where there may be several, or where the settings do not tell.
    fn sole_account(&self, account: &Account<'_>) -> Option<String> {
        let _ = account;
        None
    }

    /// Whether a living integration can take over the callback address that it shares with a leaving one.
    fn is_heir(&self, leaving: &Account<'_>, living: &Account<'_>) -> bool {
        let _ = (leaving, living);
        false
    }

    /// The next step of giving the callback address that a leaving integration shares with others to one of
    /// them, if it is still the leaving one's. `Refused` has it tried again.
    fn hand_over(
        &self,
        leaving: &Account<'_>,
        heir: &Account<'_>,
        answers: &[(StatusCode, Value)],
    ) -> Provision {
        let _ = (leaving, heir, answers);
        Provision::Done { config: Metadata::new(), secrets: Map::new() }
    }

    /// The next step of setting an integration up at the provider. `answers` are the bodies of the steps
    /// so far with their statuses; `secret` is fresh randomness of 32 bytes in hex for a callback's token.
    fn provision(&self, account: &Account<'_>, answers: &[(StatusCode, Value)], secret: &str) -> Provision;

    /// The next step of undoing it: on deletion, after a crash, up to a day later. `Refused` has it tried
    /// again: it is for trouble that passes, not for a provider that will never agree.
    fn withdraw(&self, account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision;

    /// The next step of fetching a medium; `answer` is that of the step before.
    fn fetch(&self, account: &Account<'_>, reference: &Value, answer: Option<&Answer<'_>>) -> MediaStep;

    /// The next step of telling the provider what a person did at the business's: `payload` is the caller's,
    /// in the provider's form, `answers` are those of the steps so far.
    fn convert(
        &self,
        account: &Account<'_>,
        to: Recipient<'_>,
        payload: &Map<String, Value>,
        answers: &[(StatusCode, Value)],
    ) -> Conversion {
        let _ = (account, to, payload, answers);
        Conversion::Refused("this channel takes no conversion events".to_owned())
    }

    /// A question for name and picture of a person who has written for the first time; `None` where the
    /// callback has said it all.
    fn ask_profile(&self, account: &Account<'_>, external_id: &str) -> Option<Plan> {
        let _ = (account, external_id);
        None
    }

    /// The answer to it; the external id is filled in by the caller.
    fn read_profile(&self, answer: &Answer<'_>) -> Option<model::channel::Person> {
        let _ = answer;
        None
    }
}
