//! The control interface, `/sim/…`, and the page, `/`.

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::action::{Action, Done};
use crate::chat::{Channel, ChatKey};
use crate::customer::Customer;
use crate::error::SimError;
use crate::fault::Fault;
use crate::http::{Incoming, Reply};
use crate::shared::{Handle, Shared};
use crate::transcript::{Entry, Verdict};
use crate::world::World;

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// The picture of every customer who has one.
pub(crate) const PICTURE: &str = "/sim/picture.png";

/// Entries of the transcript in one answer.
const ENTRIES_MAX: usize = 200;

/// Somebody does something: the body of `POST /sim/act` and a line of a script.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Act {
    channel: Channel,
    /// The number, page or bot; absent: the first one.
    #[serde(default)]
    account: Option<String>,
    customer: String,
    #[serde(flatten)]
    action: Action,
}

impl Act {
    /// Does it.
    pub(crate) async fn carry_out(self, shared: &Handle) -> Result<Done, SimError> {
        let account = self.account.or_else(|| shared.look(|world| first_account(world, self.channel)));
        let account =
            account.ok_or_else(|| SimError::NoAccount(self.channel.word(), "of any name".to_owned()))?;
        let key = ChatKey { channel: self.channel, account, customer: self.customer };
        Customer { shared: shared.clone(), key }.act(self.action).await
    }
}

fn first_account(world: &World, channel: Channel) -> Option<String> {
    accounts(world).into_iter().find(|(known, ..)| *known == channel).map(|(_, account, _)| account)
}

/// Everything that a customer can write to: channel, address, name.
fn accounts(world: &World) -> Vec<(Channel, String, String)> {
    let numbers = || world.twilio.iter().flat_map(|account| &account.numbers);
    let sms =
        numbers().map(|number| (Channel::Sms, number.phone_number.clone(), number.phone_number.clone()));
    let whatsapp = numbers().filter(|number| number.whatsapp);
    let whatsapp =
        whatsapp.map(|number| (Channel::Whatsapp, number.phone_number.clone(), number.phone_number.clone()));
    let pages = world.pages.iter().map(|page| (Channel::Messenger, page.page_id.clone(), page.name.clone()));
    let bots = world.bots.iter().map(|state| &state.bot);
    let bots = bots.map(|bot| (Channel::Telegram, bot.id.to_string(), format!("@{}", bot.username)));
    bots.chain(sms).chain(whatsapp).chain(pages).collect()
}

pub(crate) async fn handle(shared: Handle, request: Incoming) -> Reply {
    // Pictures are shown by other pages, too.
    if request.path == PICTURE || request.segments.first().map(String::as_str) != Some("sim") {
        return asset(&request);
    }
    if !same_site(&request) {
        return refused(403, "the control interface answers its own page and programs only");
    }
    match route(&shared, &request).await {
        Ok(body) => Reply::json(200, &body),
        Err(Unanswered::NoRoute) => refused(404, "there is no such route; see docs/simulator.md"),
        Err(Unanswered::Cannot(error)) => refused(400, &error.to_string()),
    }
}

enum Unanswered {
    NoRoute,
    Cannot(SimError),
}

impl From<SimError> for Unanswered {
    fn from(error: SimError) -> Unanswered {
        Unanswered::Cannot(error)
    }
}

async fn route(shared: &Handle, request: &Incoming) -> Result<Value, Unanswered> {
    let (get, post, delete) =
        (request.method == Method::GET, request.method == Method::POST, request.method == Method::DELETE);
    match request.parts().as_slice() {
        ["sim", "accounts"] if get => Ok(shared.look(|world| show_accounts(world, &shared.origin))),
        ["sim", "chats"] if get => Ok(shared.look(show_chats)),
        ["sim", "chats", channel, account, customer] if get => {
            let channel = channel.parse().map_err(SimError::Unreadable)?;
            let key = ChatKey { channel, account: (*account).to_owned(), customer: (*customer).to_owned() };
            Ok(show_chat(shared, &key))
        }
        ["sim", "act"] if post => {
            let act: Act = read(request)?;
            Ok(json!(act.carry_out(shared).await?))
        }
        ["sim", "faults"] if get => Ok(json!({"faults": shared.look(|world| world.faults.clone())})),
        ["sim", "faults"] if post => {
            let fault: Fault = read(request)?;
            shared.with(|world| world.faults.push(fault));
            Ok(json!({"faults": shared.look(|world| world.faults.clone())}))
        }
        ["sim", "faults"] if delete => {
            shared.with(|world| world.faults.clear());
            Ok(json!({"faults": []}))
        }
        ["sim", "transcript"] if get => Ok(show_transcript(shared, request)),
        ["sim", "transcript"] if delete => {
            shared.with(|world| world.transcript.clear());
            Ok(json!({}))
        }
        _ => Err(Unanswered::NoRoute),
    }
}

fn read<T: serde::de::DeserializeOwned>(request: &Incoming) -> Result<T, SimError> {
    serde_json::from_slice(&request.body).map_err(|error| SimError::Unreadable(error.to_string()))
}

fn refused(status: u16, why: &str) -> Reply {
    Reply::json(status, &json!({"error": why}))
}

/// Another site's page in the same browser must not act here.
fn same_site(request: &Incoming) -> bool {
    !matches!(request.header("sec-fetch-site"), Some("cross-site" | "same-site"))
}

fn show_accounts(world: &World, origin: &str) -> Value {
    let shown = accounts(world)
        .into_iter()
        .map(|(channel, account, name)| json!({"channel": channel, "account": account, "name": name}));
    let twilio = world.twilio.iter().map(|account| {
        let numbers: Vec<Value> = account
            .numbers
            .iter()
            .map(|number| {
                json!({"sid": number.sid,
            "phoneNumber": number.phone_number, "smsUrl": number.sms_url})
            })
            .collect();
        let services: Vec<&str> = account.services.iter().map(|service| service.sid.as_str()).collect();
        json!({"accountSid": account.account_sid, "authToken": account.auth_token, "numbers": numbers,
            "messagingServiceSids": services})
    });
    let pages = world.pages.iter().map(|page| {
        let app = world.meta_apps.iter().find(|app| app.app_id == page.app_id);
        json!({"pageId": page.page_id, "pageAccessToken": page.access_token, "appId": page.app_id,
            "appSecret": app.map(|app| &app.app_secret), "callbackUrl": app.map(|app| &app.callback_url)})
    });
    let bots = world.bots.iter().map(|state| {
        json!({"token": state.bot.token, "username": state.bot.username,
            "webhook": state.webhook.as_ref().map(|webhook| &webhook.url)})
    });
    json!({
        "accounts": shown.collect::<Vec<_>>(),
        "baseUrls": {
            "twilio": format!("{origin}/twilio"), "messenger": format!("{origin}/messenger"),
            "telegram": format!("{origin}/telegram"),
        },
        "credentials": {
            "twilio": twilio.collect::<Vec<_>>(), "messenger": pages.collect::<Vec<_>>(),
            "telegram": bots.collect::<Vec<_>>(),
        },
    })
}

fn show_chats(world: &World) -> Value {
    let shown = world.chats.iter().map(|(key, chat)| {
        let newest = chat.bubbles.last();
        json!({"channel": key.channel, "account": key.account, "customer": key.customer,
            "messages": chat.bubbles.len(), "atMs": newest.map(|bubble| bubble.at_ms),
            "newest": newest.map(|bubble| &bubble.text)})
    });
    json!({"chats": shown.collect::<Vec<_>>()})
}

fn show_chat(shared: &Shared, key: &ChatKey) -> Value {
    const TYPING_MS: i64 = 20_000;
    let now_ms = shared.now_ms();
    shared.look(|world| {
        let Some(chat) = world.chats.get(key) else { return json!({"bubbles": []}) };
        let typing = chat.typing_at_ms.is_some_and(|at| now_ms - at < TYPING_MS);
        json!({"bubbles": chat.bubbles, "typing": typing, "blocked": chat.blocked, "optedOut": chat.opted_out,
            "seenAtMs": chat.seen_at_ms})
    })
}

fn show_transcript(shared: &Shared, request: &Incoming) -> Value {
    let after: u64 = request.query("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let newest = request.query("newest").is_some();
    let refused = request.query("refused").is_some();
    shared.look(|world| {
        let fits = |entry: &&Entry| {
            entry.number > after && (!refused || !matches!(entry.verdict, Verdict::Accepted))
        };
        let fitting = world.transcript.entries().filter(fits);
        let count = fitting.clone().count();
        let entries: Vec<_> = if newest {
            let mut entries: Vec<_> = fitting.rev().take(ENTRIES_MAX).collect();
            entries.reverse();
            entries
        } else {
            fitting.take(ENTRIES_MAX).collect()
        };
        json!({"entries": entries, "fitting": count, "count": world.transcript.count()})
    })
}

fn asset(request: &Incoming) -> Reply {
    match request.path.as_str() {
        "/" => Reply::bytes("text/html; charset=utf-8", PAGE)
            .header("content-security-policy", "default-src 'self'; img-src * data:; media-src *"),
        PICTURE => Reply::bytes("image/png", crate::media::small_picture()),
        "/page.css" => Reply::bytes("text/css; charset=utf-8", STYLE),
        "/page.js" => Reply::bytes("text/javascript; charset=utf-8", SCRIPT),
        _ => refused(404, "there is nothing here"),
    }
}
