//! What a customer says: messages, answers to choices, reactions.

use std::borrow::Cow;

use model::channel::Choice;
use model::content::{Content, Text};
use model::record::{MessageExtra, MessageKey, Quoted, ShownAuthor};
use store::rows::{downloads, external_messages as external, messages};
use store::{Ctx, Tx};

use super::ready::{ReadyMessage, ReadyPart};
use super::receive::Arrival;
use super::speaking::Speaking;
use crate::error::Result;
use crate::rules::append::{self, Appended};
use crate::rules::beginning::Entered;

/// How far back an answer, an edit or a reaction finds a message of the customer, whose id at the provider
/// has no index.
const LOOK_BACK_MESSAGES_MAX: usize = 2_000;

impl Speaking<'_> {
    /// A message, in as many parts as it needs.
    pub(super) async fn message(&self, tx: &mut Tx, ctx: &Ctx, message: &ReadyMessage) -> Result<()> {
        self.say(tx, ctx, Some(&message.external_id), message.quoted.as_deref(), &message.parts).await
    }

    /// The parts of one message; `quoted` is the id at the provider of the message that the first one
    /// answers.
    async fn say(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        external_id: Option<&str>,
        quoted: Option<&str>,
        parts: &[ReadyPart],
    ) -> Result<()> {
        let source = self.source(external_id);
        let mut entered = self.enter(tx, ctx, parts.len(), &source).await?;
        let mut quoted = match quoted {
            Some(id) => Some(self.quoted(tx, &entered, id).await?),
            None => None,
        };
        for part in parts {
            let (source, quoted) = (Some(source.clone()), quoted.take());
            let extra = MessageExtra { source, quoted, ..MessageExtra::default() };
            self.arrival.add(tx, ctx, &mut entered, Some(self), part, extra).await?;
        }
        entered.save(tx).await
    }

    /// The press of a reply button that came back without its payload. It keeps what the customer wrote, if
    /// they wrote something.
    pub(super) async fn chosen(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        choice: &Choice,
        written: Option<&ReadyMessage>,
    ) -> Result<()> {
        let first = written.and_then(|message| message.parts.first()).map(|part| &part.content);
        let mut text = match first {
            Some(Content::Text(text)) => text.clone(),
            _ => Text { text: Some(choice.label.clone()), ..Text::default() },
        };
        text.payload = Some(choice.payload.clone());
        let metadata = choice.metadata.as_ref().and_then(|metadata| serde_json::to_string(metadata).ok());
        let part = ReadyPart { metadata, ..ReadyPart::of(Content::Text(text)) };
        let external_id = written.map(|message| message.external_id.as_str());
        let quoted = written.and_then(|message| message.quoted.as_deref());
        self.say(tx, ctx, external_id, quoted, &[part]).await
    }

    /// A reaction: its sign as a message that answers the one it is about.
    pub(super) async fn reaction(&self, tx: &mut Tx, ctx: &Ctx, about: &str, emoji: &str) -> Result<()> {
        let text = Text { text: Some(emoji.to_owned()), ..Text::default() };
        self.say(tx, ctx, None, Some(about), &[ReadyPart::of(Content::Text(text))]).await
    }

    async fn quoted(&self, tx: &mut Tx, entered: &Entered, external_id: &str) -> Result<Quoted> {
        let newest = entered.conversation.state.last_message;
        Ok(match self.arrival.by_channel_id(tx, Some(newest), external_id).await? {
            Some(message) => Quoted::Message(message),
            None => Quoted::External(external_id.to_owned()),
        })
    }
}

impl Arrival<'_> {
    /// Adds one message of somebody who speaks or, without one, of the business.
    pub(super) async fn add(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        entered: &mut Entered,
        by: Option<&Speaking<'_>>,
        part: &ReadyPart,
        extra: MessageExtra,
    ) -> Result<MessageKey> {
        let (text, files) = match &part.text {
            Some(text) => (Cow::Borrowed(text.as_str()), Vec::new()),
            None => {
                let (text, files) = self.announce_files(tx, ctx, part).await?;
                (Cow::Owned(text), files)
            }
        };
        let tokens: Vec<String> = part.media.iter().map(|medium| medium.token.clone()).collect();
        let new = Appended {
            author: by.map(|by| (by.user.key, entered.place)),
            shown: by.map_or_else(ShownAuthor::default, Speaking::shown),
            kind: part.content.kind(),
            content: &text,
            metadata: part.metadata.as_deref(),
            extra: &extra,
            attachments: &tokens,
            original: part.original.as_deref(),
        };
        let message = append::add(tx, ctx, self.app, &mut entered.conversation, &new).await?.key;
        for (file, medium) in files.into_iter().zip(&part.media) {
            downloads::insert(tx, &self.download(ctx, message, file, medium)).await?;
        }
        Ok(message)
    }

    /// The message with this id at the provider: any message of the business; a customer's only among the
    /// last ones up to `newest`.
    pub(super) async fn by_channel_id(
        &self,
        tx: &mut Tx,
        newest: Option<MessageKey>,
        external_id: &str,
    ) -> Result<Option<MessageKey>> {
        if let Some(found) = external::by_id(tx, self.integration.key, external_id).await? {
            return Ok(Some(found.message));
        }
        let Some(newest) = newest else { return Ok(None) };
        let through = self.integration.id;
        Ok(messages::of_channel(tx, newest, through, external_id, LOOK_BACK_MESSAGES_MAX).await?)
    }
}
