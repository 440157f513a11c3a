//! What a message says, for people.

use client::sunshine::types::{
    Action, Content, FormField, FormResponseField, Item, Location, Metadata, SelectOption, Text,
};

/// A button that can be pressed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    /// What stands on it.
    pub(super) label: String,
    /// What a press brings back.
    pub(super) payload: String,
    /// What comes with the message of a press.
    pub(super) metadata: Option<Metadata>,
}

/// What a message says, line by line, and the buttons that can be pressed, which have numbers from 1 on.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) lines: Vec<String>,
    pub(super) choices: Vec<Choice>,
}

impl Said {
    pub(super) fn of(content: &Content) -> Said {
        let mut said = Said::default();
        match content {
            Content::Text(Text { text, html_text, markdown_text, actions, .. }) => {
                said.first_of([text, markdown_text, html_text]);
                said.buttons(actions.as_deref());
            }
            Content::Image(image) => {
                said.medium("image", &image.alt_text, &image.media_url);
                said.first_of([&image.text, &image.markdown_text, &image.html_text]);
                said.buttons(image.actions.as_deref());
            }
            Content::File(file) => {
                said.medium("file", &file.alt_text, &file.media_url);
                said.first_of([&file.text, &file.markdown_text, &file.html_text]);
            }
            Content::Carousel(carousel) => said.items(&carousel.items),
            Content::List(list) => {
                said.items(&list.items);
                said.buttons(list.actions.as_deref());
            }
            Content::Location(place) => said.place(place),
            Content::Form(form) => {
                said.first_of([&form.text]);
                said.lines.extend(form.fields.iter().map(question));
            }
            Content::FormResponse(answers) => said.lines.extend(answers.fields.iter().map(answer)),
            Content::Template(template) => {
                said.lines.push(format!("[template {}]", serde_json::json!(template.template)));
            }
            _ => {}
        }
        if said.lines.is_empty() {
            said.lines.push(format!("[{}]", content.type_name()));
        }
        said
    }

    /// The first text that there is.
    fn first_of<const FORMS: usize>(&mut self, forms: [&Option<String>; FORMS]) {
        let text = forms.into_iter().flatten().find(|text| !text.is_empty());
        self.lines.extend(text.into_iter().flat_map(|text| text.lines()).map(str::to_owned));
    }

    fn medium(&mut self, kind: &str, name: &Option<String>, address: &str) {
        let name = name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
        self.lines.push(format!("[{kind} {name}{address}]"));
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.lines.push(item.title.clone());
            self.first_of([&item.description]);
            if let Some(address) = &item.media_url {
                self.medium("image", &item.alt_text, address);
            }
            self.buttons(Some(&item.actions));
        }
    }

    fn buttons(&mut self, actions: Option<&[Action]>) {
        for action in actions.unwrap_or_default() {
            let line = match action {
                Action::Reply(reply) => self.choice(&reply.text, &reply.payload, reply.metadata.as_ref()),
                Action::Postback(back) => self.choice(&back.text, &back.payload, back.metadata.as_ref()),
                Action::Link(link) => format!("{}: {}", link.text, link.uri),
                Action::Webview(page) => format!("{}: {}", page.text, page.uri),
                Action::Buy(buy) => {
                    let currency = buy.currency.as_deref().unwrap_or("usd").to_uppercase();
                    format!("{}: {}.{:02} {currency}", buy.text, buy.amount / 100, buy.amount % 100)
                }
                Action::LocationRequest(request) => format!("[location? {}]", request.text),
                other => format!("[{}]", other.type_name()),
            };
            self.lines.push(line);
        }
    }

    fn choice(&mut self, label: &str, payload: &str, metadata: Option<&Metadata>) -> String {
        let (label, payload) = (label.to_owned(), payload.to_owned());
        self.choices.push(Choice { label, payload, metadata: metadata.cloned() });
        self.choices
            .last()
            .map(|choice| format!("{}. {}", self.choices.len(), choice.label))
            .unwrap_or_default()
    }

    fn place(&mut self, place: &Location) {
        if let Some(names) = &place.location {
            self.lines.extend([&names.name, &names.address].into_iter().flatten().cloned());
        }
        let point = &place.coordinates;
        self.lines.push(format!("[location {}, {}]", point.lat, point.long));
    }
}

/// A question of a form, with what can be chosen.
fn question(field: &FormField) -> String {
    let options = field.options.as_deref().map(|options| format!(" ({})", labels(options, " / ")));
    format!("{}{}", field.label, options.unwrap_or_default())
}

/// An answer, behind its question.
fn answer(field: &FormResponseField) -> String {
    let chosen = || field.select.as_deref().map(|chosen| labels(chosen, ", "));
    let given = field.text.clone().or_else(|| field.email.clone()).or_else(chosen);
    format!("{}: {}", field.label, given.unwrap_or_default())
}

fn labels(options: &[SelectOption], between: &str) -> String {
    options.iter().map(|option| option.label.as_str()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    fn said(content: Value) -> Said {
        Said::of(&serde_json::from_value(content).unwrap())
    }

    #[test]
    fn a_message_is_told_whole() {
        let buttons = json!([{ "type": "reply", "text": "Yes", "payload": "y" },
            { "type": "link", "text": "Details", "uri": "https://a.example/1" },
            { "type": "postback", "text": "Track", "payload": "t" },
            { "type": "buy", "text": "Pay", "amount": 1205, "currency": "cad" },
            { "type": "locationRequest", "text": "Where?" }, { "type": "new", "text": "?" }]);
        let items = json!([{ "title": "Shoes", "description": "Red", "mediaUrl": "https://a.example/s.png",
            "actions": [{ "type": "postback", "text": "Buy", "payload": "b1" }] },
            { "title": "Hat", "actions": [{ "type": "postback", "text": "Buy", "payload": "b2" }] }]);
        let fields = json!([{ "type": "text", "name": "n", "label": "Name?" }, { "type": "select", "name": "s",
            "label": "Size?", "options": [{ "name": "s", "label": "Small" }, { "name": "l", "label": "Large" }] }]);
        let place = json!({ "type": "location", "coordinates": { "lat": 45.5, "long": -73.5 },
            "location": { "name": "HQ", "address": "Main St 1" } });
        for (content, wanted) in [
            (
                json!({ "type": "text", "text": "Your\norder?", "actions": buttons }),
                &[
                    "Your",
                    "order?",
                    "1. Yes",
                    "Details: https://a.example/1",
                    "2. Track",
                    "Pay: 12.05 CAD",
                    "[location? Where?]",
                    "[new]",
                ][..],
            ),
            (json!({ "type": "text", "markdownText": "*hi*" }), &["*hi*"]),
            (
                json!({ "type": "image", "mediaUrl": "https://a.example/a.png", "altText": "A cat", "text": "Look" }),
                &["[image A cat, https://a.example/a.png]", "Look"],
            ),
            (
                json!({ "type": "file", "mediaUrl": "https://a.example/a.pdf" }),
                &["[file https://a.example/a.pdf]"],
            ),
            (
                json!({ "type": "carousel", "items": items }),
                &["Shoes", "Red", "[image https://a.example/s.png]", "1. Buy", "Hat", "2. Buy"],
            ),
            (place, &["HQ", "Main St 1", "[location 45.5, -73.5]"]),
            (json!({ "type": "form", "fields": fields }), &["Name?", "Size? (Small / Large)"]),
            (
                json!({ "type": "formResponse", "fields": [{ "type": "select", "name": "s", "label": "Size?",
                    "select": [{ "name": "l", "label": "Large" }] }] }),
                &["Size?: Large"],
            ),
            (json!({ "type": "template", "template": { "a": 1 } }), &["[template {\"a\":1}]"]),
            (json!({ "type": "hologram" }), &["[hologram]"]),
        ] {
            assert_eq!(said(content).lines, wanted);
        }
    }

    #[test]
    fn numbered_buttons_bring_their_payload() {
        let content = json!({ "type": "text", "text": "?", "actions": [
            { "type": "reply", "text": "Yes", "payload": "y", "metadata": { "a": 1 } },
            { "type": "reply", "text": "No", "payload": "n" }] });
        let choices = said(content).choices;
        let payloads: Vec<_> = choices.iter().map(|it| (it.label.as_str(), it.payload.as_str())).collect();
        assert_eq!(payloads, [("Yes", "y"), ("No", "n")]);
        assert!(choices[0].metadata.is_some());
    }
}
