//! Pictures of people and conversations that are attachments of ours. One that was uploaded for a message
//! goes with its messages (sunshine-v2.md §7.3): a message may show it besides its media, nothing else may.

use model::content::Content;
use model::patch::Patch;
use model::record::{AppKey, ShownAuthor};
use serde_json::{Map, Value};
use store::Read;
use store::rows::attachments;

use crate::error::{HubError, Result};
use crate::hub::Hub;

/// A picture that is meant to stay and is an attachment of ours.
#[derive(Clone, Debug)]
pub(crate) struct LastingPicture {
    field: String,
    token: String,
}

impl LastingPicture {
    /// The attachment with a token, shown in a field.
    pub(crate) fn of(field: &str, token: String) -> LastingPicture {
        LastingPicture { field: field.to_owned(), token }
    }

    /// Refuses one that goes with a message.
    pub(crate) async fn check(&self, read: &mut Read) -> Result<()> {
        match attachments::by_token(read, &self.token).await? {
            Some(found) if found.for_message => Err(HubError::invalid(format!(
                "{}: this attachment goes with its message; one that stays is uploaded without for=message",
                self.field
            ))),
            _ => Ok(()),
        }
    }
}

impl Hub {
    /// The token in the address of an attachment of ours.
    pub(crate) fn token_of<'a>(&self, url: &'a str) -> Option<&'a str> {
        let path = url.strip_prefix(self.settings().public_url.as_str())?.strip_prefix("/attachments/")?;
        path.split(['/', '?']).next()
    }

    /// What has to be checked of a picture that is meant to stay: nothing of one that is elsewhere.
    pub(crate) fn lasting(&self, field: &'static str, url: Option<&String>) -> Option<LastingPicture> {
        Some(LastingPicture::of(field, self.token_of(url?)?.to_owned()))
    }

    /// The same of all settings of an integration, whatever they are called.
    pub(crate) fn lasting_in(&self, settings: &Map<String, Value>) -> Vec<LastingPicture> {
        let mut found = Vec::new();
        for (field, value) in settings {
            match value {
                Value::String(url) => {
                    let token = self.token_of(url).map(str::to_owned);
                    found.extend(token.map(|token| LastingPicture::of(field, token)));
                }
                Value::Object(settings) => {
                    let inner = self.lasting_in(settings).into_iter();
                    found.extend(
                        inner.map(|it| LastingPicture::of(&format!("{field}.{}", it.field), it.token)),
                    );
                }
                _ => {}
            }
        }
        found
    }

    /// The same of a change.
    pub(crate) fn lasting_change(
        &self,
        field: &'static str,
        change: &Patch<String>,
    ) -> Option<LastingPicture> {
        match change {
            Patch::Set(url) => self.lasting(field, Some(url)),
            Patch::Keep | Patch::Clear => None,
        }
    }

    /// Tokens of what a message shows besides its media and what goes with it: the author's picture and those
    /// on its buttons.
    pub(crate) async fn pictures_of(
        &self,
        app: AppKey,
        author: &ShownAuthor,
        content: &Content,
    ) -> Result<Vec<String>> {
        let actions = match content {
            Content::Text(text) => text.actions.as_slice(),
            Content::Image(media) | Content::File(media) => media.actions.as_slice(),
            _ => &[],
        };
        let urls =
            author.avatar_url.iter().chain(actions.iter().filter_map(|action| action.icon_url.as_ref()));
        let mut tokens = Vec::new();
        for token in urls.filter_map(|url| self.token_of(url)) {
            let found = attachments::by_token(&mut *self.reader().await?, token).await?;
            if found.is_some_and(|found| found.app == app && found.for_message) {
                tokens.push(token.to_owned());
            }
        }
        Ok(tokens)
    }
}
