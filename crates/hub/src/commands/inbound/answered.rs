//! What a person says may answer a link that waits for them.

use model::channel::InboundEvent;
use model::content::Content;
use model::record::Confirmation;
use store::rows::{clients, users};
use store::{Ctx, Tx};

use super::ready::ReadyWhat;
use super::receive::Arrival;
use crate::error::Result;
use crate::rules::choices;
use crate::rules::links::{self, Consent};
use crate::rules::words::words_for;

/// Whether something that a person said answers a link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    None,
    /// It does, and enters the history.
    Besides,
    /// It does, and does not enter the history: it answers a prompt.
    AllThatWasSaid,
}

impl Arrival<'_> {
    /// A link that waits for this person is confirmed, or refused.
    pub(super) async fn answers_link(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Answer> {
        let id = &self.event.person.external_id;
        let Some(pending) = clients::pending_for(tx, self.integration.key, id).await? else {
            return Ok(Answer::None);
        };
        let Some(link) = pending.link.clone() else { return Ok(Answer::None) };
        // Nobody becomes one with a user whose removal has begun.
        if !users::is_living(tx, pending.user).await? {
            return Ok(Answer::None);
        }
        let (text, mut payload) = self.said();
        if let Some(key) = &payload
            && let Some(choice) = choices::by_key(tx, pending.key, key).await?
        {
            payload = Some(choice.payload);
        }
        if payload.is_none()
            && let Some(text) = &text
        {
            payload = choices::by_text(tx, ctx, pending.key, text).await?.map(|choice| choice.payload);
        }
        let user = users::by_key(tx, pending.user).await?;
        let words = words_for(&self.app.settings, user.as_ref());
        let answer = links::consent(&link, words, text.as_deref(), payload.as_deref());
        match answer {
            Consent::Unclear => return Ok(Answer::None),
            Consent::Refused => links::refuse(tx, ctx, self.app, pending).await?,
            Consent::Given => {
                links::confirm(tx, ctx, self.app, pending).await?;
            }
        }
        let is_all = answer == Consent::Refused || link.confirmation == Confirmation::Prompt;
        Ok(if is_all { Answer::AllThatWasSaid } else { Answer::Besides })
    }

    /// The text and the payload of what the person said.
    pub(super) fn said(&self) -> (Option<String>, Option<String>) {
        match &self.event.what {
            ReadyWhat::Message(message) => match message.parts.first().map(|part| &part.content) {
                Some(Content::Text(text)) => (text.text.clone(), text.payload.clone()),
                _ => (None, None),
            },
            ReadyWhat::Told(InboundEvent::Postback { payload, .. }) => (None, Some(payload.clone())),
            _ => (None, None),
        }
    }
}
