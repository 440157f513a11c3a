//! Which parts of a content are texts, for rules that change texts before they are stored.

use super::{Action, Carousel, Content, Form, FormField, FormOption, FormResponse, Item, List, Location};

/// A text inside a content.
pub enum TextSlot<'a> {
    /// A plain one.
    Plain(&'a mut String),
    /// Sanitised rich text.
    Html(&'a mut String),
}

/// The texts that were found so far.
#[derive(Default)]
struct Found<'a>(Vec<TextSlot<'a>>);

impl<'a> Found<'a> {
    fn plain(&mut self, texts: impl IntoIterator<Item = &'a mut String>) {
        self.0.extend(texts.into_iter().map(TextSlot::Plain));
    }

    fn html(&mut self, text: &'a mut Option<String>) {
        self.0.extend(text.as_mut().map(TextSlot::Html));
    }

    fn actions(&mut self, actions: &'a mut [Action]) {
        for action in actions {
            self.plain([&mut action.text]);
            self.plain(&mut action.payload);
        }
    }

    fn items(&mut self, items: &'a mut [Item]) {
        for item in items {
            self.plain([&mut item.title]);
            self.plain(&mut item.description);
            self.plain(&mut item.alt_text);
            self.actions(&mut item.actions);
        }
    }

    fn options(&mut self, options: &'a mut Option<Vec<FormOption>>) {
        for option in options.iter_mut().flatten() {
            self.plain([&mut option.name, &mut option.label]);
        }
    }

    fn fields(&mut self, fields: &'a mut [FormField]) {
        for field in fields {
            self.plain([&mut field.name, &mut field.label]);
            self.plain(&mut field.placeholder);
            self.plain(&mut field.text);
            self.options(&mut field.options);
            self.options(&mut field.select);
        }
    }
}

impl Content {
    /// Every text of the content that people read or that a button gives back. Addresses, metadata and a
    /// provider's own template are none.
    pub fn texts_mut(&mut self) -> Vec<TextSlot<'_>> {
        let mut found = Found::default();
        match self {
            Content::Text(text) => {
                found.plain(&mut text.text);
                found.html(&mut text.html_text);
                found.plain(&mut text.payload);
                found.actions(&mut text.actions);
            }
            Content::Image(media) | Content::File(media) => {
                found.plain(&mut media.text);
                found.html(&mut media.html_text);
                found.plain(&mut media.alt_text);
                found.actions(&mut media.actions);
            }
            Content::Carousel(Carousel { items, text, .. }) => {
                found.items(items);
                found.plain(text);
            }
            Content::List(List { items, actions, .. }) => {
                found.items(items);
                found.actions(actions);
            }
            Content::Form(Form { fields, text, .. }) => {
                found.fields(fields);
                found.plain(text);
            }
            Content::FormResponse(FormResponse { fields, text_fallback }) => {
                found.fields(fields);
                found.plain(text_fallback);
            }
            Content::Location(Location { location, text, .. }) => {
                found.plain(text);
                if let Some(place) = location {
                    found.plain(&mut place.address);
                    found.plain(&mut place.name);
                }
            }
            Content::Template(_) => {}
        }
        found.0
    }
}
