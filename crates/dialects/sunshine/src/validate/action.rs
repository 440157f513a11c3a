//! Buttons (sunshine-v2.md §6.3).

use model::content::{Action, ActionKind};
use wire::sunshine::limits::ACTIONS_COUNT_MAX;
use wire::sunshine::types::{self, Buy, Link, LocationRequest, Postback, Reply, WebviewSize};

use super::{At, Checked, Invalid, metadata, one_of, refuse, text, url};

/// Currency of a price that names none.
const CURRENCY_DEFAULT: &str = "usd";

/// The buttons below a text or picture. Replies stand alone; one webview at most opens by itself.
pub(crate) fn of_message(actions: Option<Vec<types::Action>>) -> Checked<Vec<Action>> {
    let Some(actions) = actions else { return Ok(Vec::new()) };
    super::count(actions.len(), 0, ACTIONS_COUNT_MAX).at("actions")?;
    let actions = each(actions, action)?;
    let replies = actions.iter().filter(|action| action.kind == ActionKind::Reply).count();
    if replies > 0 && replies < actions.len() {
        return refuse("reply cannot be combined with other types").at("actions");
    }
    Ok(actions)
}

/// The buttons of an item or list: `min` to `max` of buy, link, postback and webview.
pub(crate) fn of_structure(actions: Vec<types::Action>, min: usize, max: usize) -> Checked<Vec<Action>> {
    super::count(actions.len(), min, max).at("actions")?;
    each(actions, |action| match action {
        types::Action::Reply(_) | types::Action::LocationRequest(_) => {
            refuse("must be one of buy, link, postback, webview").at("type")
        }
        other => self::action(other),
    })
}

/// Refuses more than one webview that opens by itself in a whole message.
pub(crate) fn check_opening<'a>(actions: impl Iterator<Item = &'a Action>) -> Checked {
    match actions.filter(|action| action.open_on_receive == Some(true)).count() {
        0 | 1 => Ok(()),
        _ => refuse("only one action of a message can have openOnReceive"),
    }
}

fn each(
    actions: Vec<types::Action>,
    check: impl Fn(types::Action) -> Checked<Action>,
) -> Checked<Vec<Action>> {
    let numbered = actions.into_iter().enumerate();
    numbered.map(|(index, action)| check(action).nth("actions", index)).collect()
}

fn action(action: types::Action) -> Checked<Action> {
    match action {
        types::Action::Buy(action) => buy(action),
        types::Action::Link(action) => link(action),
        types::Action::LocationRequest(LocationRequest { text, metadata }) => {
            base(ActionKind::LocationRequest, text, metadata)
        }
        types::Action::Postback(Postback { text, payload, metadata }) => {
            Ok(Action { payload: Some(payload), ..base(ActionKind::Postback, text, metadata)? })
        }
        types::Action::Reply(action) => reply(action),
        types::Action::Webview(action) => webview(action),
        _ => refuse(format!("must be one of {}", types::Action::KNOWN.join(", "))).at("type"),
    }
}

/// What every button has.
fn base(kind: ActionKind, text: String, metadata: Option<types::Metadata>) -> Checked<Action> {
    // The description allows an empty reply, which some channels do not.
    if kind != ActionKind::Reply {
        text::within(&text, 1, usize::MAX).at("text")?;
    }
    metadata::whole(metadata.as_ref())?;
    Ok(Action {
        kind,
        text,
        payload: None,
        uri: None,
        fallback: None,
        amount: None,
        currency: None,
        icon_url: None,
        default: None,
        size: None,
        open_on_receive: None,
        extra_channel_options: None,
        metadata,
    })
}

fn buy(Buy { text, amount, currency, metadata }: Buy) -> Checked<Action> {
    let currency = currency.map_or_else(|| CURRENCY_DEFAULT.to_owned(), |code| code.to_ascii_lowercase());
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return refuse("must be an ISO 4217 code").at("currency");
    }
    let base = base(ActionKind::Buy, text, metadata)?;
    Ok(Action { amount: Some(amount), currency: Some(currency), ..base })
}

fn link(Link { uri, text, default, metadata, extra_channel_options }: Link) -> Checked<Action> {
    url::uri(&uri).at("uri")?;
    let extra_channel_options = options(extra_channel_options)?;
    let base = base(ActionKind::Link, text, metadata)?;
    Ok(Action { uri: Some(uri), default, extra_channel_options, ..base })
}

fn reply(Reply { text, payload, metadata, icon_url }: Reply) -> Checked<Action> {
    text::opt(icon_url.as_ref(), url::web).at("iconUrl")?;
    let base = base(ActionKind::Reply, text, metadata)?;
    Ok(Action { payload: Some(payload), icon_url, ..base })
}

fn webview(webview: types::Webview) -> Checked<Action> {
    url::unlimited_web(&webview.uri).at("uri")?;
    url::uri(&webview.fallback).at("fallback")?;
    let size = webview.size.map(|size| {
        let is_known = size.is_known();
        one_of(size.as_str().to_owned(), is_known, WebviewSize::KNOWN).at("size")
    });
    let size = size.transpose()?;
    let extra_channel_options = options(webview.extra_channel_options)?;
    let base = base(ActionKind::Webview, webview.text, webview.metadata)?;
    Ok(Action {
        uri: Some(webview.uri),
        fallback: Some(webview.fallback),
        default: webview.default,
        size,
        open_on_receive: webview.open_on_receive,
        extra_channel_options,
        ..base
    })
}

/// The options of single channels as an object.
fn options(options: Option<types::ExtraChannelOptions>) -> Checked<Option<types::Metadata>> {
    let Some(options) = options else { return Ok(None) };
    let share_button = options.messenger.as_ref().and_then(|options| options.webview_share_button.as_deref());
    if share_button.is_some_and(|value| value != "hide") {
        return refuse("must be hide").at("extraChannelOptions.messenger.webview_share_button");
    }
    match serde_json::to_value(&options) {
        Ok(serde_json::Value::Object(fields)) => Ok((!fields.is_empty()).then_some(fields)),
        Ok(_) | Err(_) => Err(Invalid::new("must be an object")).at("extraChannelOptions"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    fn read(actions: Value) -> Vec<types::Action> {
        serde_json::from_value(actions).unwrap()
    }

    fn refusal(actions: Value) -> String {
        of_message(Some(read(actions))).unwrap_err().to_string()
    }

    #[test]
    fn every_type_keeps_its_form() {
        let link = json!({ "type": "link", "text": "b", "uri": "tel:+1514", "default": true,
            "extraChannelOptions": { "messenger": { "messenger_extensions": true, "webview_share_button": "hide" } } });
        let webview = json!({ "type": "webview", "text": "c", "uri": "https://a.example", "fallback": "https://b.example",
            "size": "tall", "openOnReceive": true });
        let others = json!([
            { "type": "buy", "text": "a", "amount": 1_000, "currency": "cad", "metadata": { "k": 1 } },
            link, webview,
            { "type": "locationRequest", "text": "d" },
            { "type": "postback", "text": "e", "payload": "" },
        ]);
        let replies =
            json!([{ "type": "reply", "text": "f", "payload": "p", "iconUrl": "https://a.example/i.png" }]);
        for actions in [others, replies] {
            let core = of_message(Some(read(actions.clone()))).unwrap();
            let Value::Array(shown) = serde_json::to_value(&core).unwrap() else { unreachable!() };
            assert_eq!(Value::Array(shown), actions);
        }
    }

    #[test]
    fn a_price_without_currency_is_in_dollars() {
        let core = of_message(Some(read(json!([{ "type": "buy", "text": "a", "amount": 5 }])))).unwrap();
        assert_eq!(core.first().unwrap().currency.as_deref(), Some("usd"));
        let refused = refusal(json!([{ "type": "buy", "text": "a", "amount": 5, "currency": "dollar" }]));
        assert_eq!(refused, "actions[0].currency: must be an ISO 4217 code");
    }

    #[test]
    fn wrong_buttons_are_named() {
        for (actions, title) in [
            (
                json!([{ "type": "x", "text": "a" }]),
                "actions[0].type: must be one of buy, link, locationRequest, postback, reply, webview",
            ),
            (
                json!([{ "type": "link", "text": "", "uri": "https://a.example" }]),
                "actions[0].text: must not be empty",
            ),
            (json!([{ "type": "link", "text": "a", "uri": "a" }]), "actions[0].uri: must be an absolute URI"),
            (
                json!([{ "type": "link", "text": "a", "uri": "tel:1",
                "extraChannelOptions": { "messenger": { "webview_share_button": "show" } } }]),
                "actions[0].extraChannelOptions.messenger.webview_share_button: must be hide",
            ),
            (
                json!([{ "type": "webview", "text": "a", "uri": "https://a.example", "fallback": "https://a.example", "size": "x" }]),
                "actions[0].size: must be one of compact, tall, full",
            ),
            (
                json!([{ "type": "postback", "text": "a", "payload": "b", "metadata": { "a": [] } }]),
                "actions[0].metadata: \"a\": must be a string, a number or a boolean",
            ),
            (
                json!([{ "type": "reply", "text": "a", "payload": "b" }, { "type": "locationRequest", "text": "a" }]),
                "actions: reply cannot be combined with other types",
            ),
        ] {
            assert_eq!(refusal(actions), title);
        }
        let many: Vec<Value> =
            (0..26).map(|_| json!({ "type": "reply", "text": "a", "payload": "b" })).collect();
        assert_eq!(refusal(Value::Array(many)), "actions: must not have more than 25 entries");
    }

    #[test]
    fn a_reply_may_be_an_icon_alone() {
        let reply =
            json!([{ "type": "reply", "text": "", "payload": "p", "iconUrl": "https://a.example/i.png" }]);
        assert_eq!(of_message(Some(read(reply))).unwrap().first().unwrap().text, "");
    }

    #[test]
    fn items_take_four_types() {
        for kind in ["reply", "locationRequest"] {
            let actions = read(json!([{ "type": kind, "text": "a", "payload": "b" }]));
            let refused = of_structure(actions, 1, 3).unwrap_err().to_string();
            assert_eq!(refused, "actions[0].type: must be one of buy, link, postback, webview");
        }
        assert_eq!(
            of_structure(Vec::new(), 1, 3).unwrap_err().to_string(),
            "actions: must have 1 to 3 entries"
        );
    }

    #[test]
    fn one_webview_opens_by_itself() {
        let webview = json!({ "type": "webview", "text": "c", "uri": "https://a.example", "fallback": "https://b.example",
            "openOnReceive": true });
        let one = of_message(Some(read(json!([webview])))).unwrap();
        assert_eq!(check_opening(one.iter()), Ok(()));
        assert!(check_opening(one.iter().chain(one.iter())).is_err());
    }
}
