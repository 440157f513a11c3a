//! Everything that reads foreign bytes, for the fuzz targets: whatever comes gives a value or an error.

use http::{HeaderMap, HeaderValue, Method, StatusCode};
use model::Id;
use model::channel::{InboundEvent, InboundMessage};
use serde_json::{Map, json};

use crate::channel::{Account, Answer, Channel, HookRequest, Recipient};
use crate::kit::text::{Unit, cut, pieces, split, tail};
use crate::registry::by_kind;
use crate::table::settings;

/// A callback of a channel: verified, parsed, its media looked for.
pub fn callback(kind: &str, data: &[u8]) {
    with_account(kind, |channel, account| {
        let mut headers = HeaderMap::new();
        let header = data.get(..data.len().min(64)).and_then(|start| HeaderValue::from_bytes(start).ok());
        if let Some(header) = header {
            headers.insert(channel.descriptor().signature_header, header);
        }
        let query = String::from_utf8_lossy(data);
        for method in [Method::GET, Method::POST] {
            let request = HookRequest { method: &method, query: &query, headers: &headers, body: data };
            let _ = channel.verify(account, &request, 0);
            let _ = channel.handshake(account, &request);
            let Ok(hooked) = channel.parse(account, &request) else { continue };
            let events = hooked.events.iter().chain(hooked.elsewhere.iter().flat_map(|other| &other.events));
            for event in events {
                channel.ask_profile(account, &event.person.external_id);
                if let InboundEvent::Message(InboundMessage { media, .. }) = &event.event {
                    media.iter().for_each(|medium| drop(channel.fetch(account, &medium.reference, None)));
                }
            }
        }
    });
}

/// An answer of a provider to each of our requests.
pub fn answer(kind: &str, data: &[u8]) {
    with_account(kind, |channel, account| {
        let to = Recipient { external_id: "1", raw: None };
        for status in
            [StatusCode::OK, StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND, StatusCode::BAD_GATEWAY]
        {
            let answer = Answer { status, headers: &HeaderMap::new(), body: data };
            channel.judge(account, to, &answer);
            channel.read_profile(&answer);
            channel.fetch(account, &json!({ "url": "https://a.example", "fileId": "1" }), Some(&answer));
            let body = serde_json::from_slice(data).unwrap_or_default();
            for count in 1..4 {
                let answers = vec![(status, Clone::clone(&body)); count];
                channel.provision(account, &answers, "secret");
                channel.withdraw(account, &answers);
            }
        }
    });
}

/// A text that is cut for a channel: nothing is lost.
///
/// # Panics
/// When the pieces are not the text.
pub fn text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for unit in [Unit::Characters, Unit::Utf16] {
        assert_eq!(split(&text, 20, unit).concat(), text);
        pieces(&text, 20, unit);
        tail(&text, 20, unit);
        cut(&text, 20, unit);
    }
}

fn with_account(kind: &str, run: impl Fn(&dyn Channel, &Account<'_>)) {
    let Some(channel) = by_kind(kind) else { return };
    let secrets = settings(channel.descriptor());
    let account = Account {
        integration_id: Id::MIN,
        config: &Map::new(),
        secrets: &secrets,
        hook_url: "https://hub.example.com/hooks/x/1",
        base_url: None,
    };
    run(channel, &account);
}
