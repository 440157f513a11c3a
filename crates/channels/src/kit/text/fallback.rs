//! What stands in place of the things that a channel does not know (channels.md §0.3). Places and
//! answers of forms read as everywhere else (`model::fallback`).

use model::channel::{Choice, Shown};
use model::content::{Action, ActionKind, Form, FormResponse, Item, Location};
use model::fallback::{FallbackAnswer, form_response_text, map_url};

use super::{lines, price};
use crate::channel::Loss;
use crate::kit::outbound::lose_icon;

/// Numbers the buttons of a message that come back as text.
#[derive(Default)]
pub struct Numbering {
    /// The buttons so far.
    pub choices: Vec<Choice>,
    /// What became of parts of the message.
    pub losses: Vec<Loss>,
}

impl Numbering {
    /// Notes what became of a part.
    pub fn lose(&mut self, part: impl Into<String>, became: impl Into<String>) {
        self.losses.push(Loss { part: part.into(), became: became.into() });
    }

    /// A button as a line: a number to answer with, an address, or its label alone.
    pub fn line(&mut self, part: &str, action: &Action) -> String {
        match action.kind {
            ActionKind::Reply | ActionKind::Postback => {
                let payload = action.payload.clone().unwrap_or_default();
                let label = action.text.clone();
                let (metadata, shown) = (action.metadata.clone(), Shown::Numbered);
                self.choices.push(Choice { kind: action.kind, label, payload, key: None, metadata, shown });
                self.lose(part, "a numbered line; the answer may be the number or the label");
                lose_icon(&mut self.losses, part, action);
                // A reply may be an icon alone: then its number stands alone.
                format!("{}. {}", self.choices.len(), action.text).trim_end().to_owned()
            }
            ActionKind::Link | ActionKind::Webview => {
                self.lose(part, "a line with the address");
                link_line(action)
            }
            ActionKind::Buy => {
                self.lose(part, "a line with the price, without payment");
                buy_line(action)
            }
            ActionKind::LocationRequest => {
                self.lose(part, "its label as text");
                action.text.clone()
            }
        }
    }

    /// The buttons, a line each; `part` is the path of their list.
    pub fn all(&mut self, part: &str, actions: &[Action]) -> String {
        let numbered = actions.iter().enumerate();
        let all: Vec<String> =
            numbered.map(|(at, action)| self.line(&format!("{part}[{at}]"), action)).collect();
        all.join("\n")
    }

    /// One item; `part` is its path.
    pub fn item(&mut self, part: &str, item: &Item) -> String {
        let buttons = self.all(&format!("{part}.actions"), &item.actions);
        lines([item.title.as_str(), item.description.as_deref().unwrap_or_default(), &buttons])
    }

    /// A form as one question a line.
    pub fn form(&mut self, form: &Form) -> String {
        self.lose("content.fields", "one question a line; the answers come back as plain text");
        let questions = form.fields.iter().map(|field| match &field.options {
            Some(options) => {
                let labels: Vec<&str> = options.iter().map(|option| option.label.as_str()).collect();
                format!("{} ({})", field.label, labels.join(" / "))
            }
            None => field.label.clone(),
        });
        let questions: Vec<String> = questions.collect();
        lines(
            std::iter::once(form.text.as_deref().unwrap_or_default())
                .chain(questions.iter().map(String::as_str)),
        )
    }
}

/// Two texts with a blank line between, where both say something.
pub fn blocks(first: &str, second: &str) -> String {
    match (first.is_empty(), second.is_empty()) {
        (false, false) => format!("{first}\n\n{second}"),
        _ => format!("{first}{second}"),
    }
}

/// `Label: address`.
pub fn link_line(action: &Action) -> String {
    format!("{}: {}", action.text, address(action).unwrap_or_default())
}

/// `Label: price`, or the address where there is one.
pub fn buy_line(action: &Action) -> String {
    match (&action.uri, action.amount) {
        (Some(uri), _) => format!("{}: {uri}", action.text),
        (None, Some(amount)) => {
            format!("{}: {}", action.text, price(amount, action.currency.as_deref().unwrap_or("usd")))
        }
        (None, None) => action.text.clone(),
    }
}

/// Where a link leads; of a webview what is meant for channels that have none.
pub fn address(action: &Action) -> Option<&str> {
    let fallback = action.fallback.as_deref().filter(|_| action.kind == ActionKind::Webview);
    fallback.or(action.uri.as_deref())
}

/// A place: name, address, link to a map.
pub fn location(location: &Location) -> String {
    let place = location.location.as_ref();
    let name = place.and_then(|place| place.name.as_deref()).unwrap_or_default();
    let address = place.and_then(|place| place.address.as_deref()).unwrap_or_default();
    lines([name, address, &map_url(location.coordinates.lat, location.coordinates.long)])
}

/// The answers of a form.
pub fn form_response(response: &FormResponse) -> String {
    if let Some(text) = &response.text_fallback {
        return text.clone();
    }
    let answers: Vec<FallbackAnswer<'_>> = response.fields.iter().map(answer).collect();
    form_response_text(&answers)
}

fn answer(field: &model::content::FormField) -> FallbackAnswer<'_> {
    let texts = field.text.iter().chain(&field.email).map(String::as_str);
    let chosen = field.select.iter().flatten().map(|option| option.label.as_str());
    FallbackAnswer { label: &field.label, values: texts.chain(chosen).collect() }
}
