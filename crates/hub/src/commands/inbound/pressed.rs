//! What a customer does without saying something: pressing a button, coming by a link, typing.

use model::content::{Content, Text};
use model::event::{ActivityKind, EventDetail, EventType, Postback};
use model::record::MessageExtra;
use serde_json::Value;
use store::{Ctx, Tx};

use super::ready::ReadyPart;
use super::receive::Arrival;
use super::speaking::Speaking;
use crate::error::Result;
use crate::rules::{arrival, receipts};

impl Speaking<'_> {
    /// A button that was pressed. With `echo_postback` its label is a message besides, which comes first.
    pub(super) async fn press(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        pressed: Postback,
        label: Option<&str>,
    ) -> Result<()> {
        let source = self.source(None);
        let Some(mut entered) = self.enter_silently(tx, ctx, &source, None).await? else {
            return Ok(());
        };
        if let Some(label) = label.filter(|_| self.arrival.app.settings.echo_postback) {
            let (text, payload) = (Some(label.to_owned()), Some(pressed.payload.clone()));
            let part = ReadyPart::of(Content::Text(Text { text, payload, ..Text::default() }));
            let extra = MessageExtra { source: Some(source.clone()), ..MessageExtra::default() };
            self.arrival.add(tx, ctx, &mut entered, Some(self), &part, extra).await?;
        }
        let detail = EventDetail { postback: Some(pressed), source: Some(source), ..EventDetail::default() };
        self.tell(tx, ctx, EventType::ConversationPostback, &mut entered.conversation, detail).await
    }

    /// How the customer came: told with the beginning of the conversation, or by an event of its own.
    pub(super) async fn referral(&self, tx: &mut Tx, ctx: &Ctx, referral: &Value) -> Result<()> {
        let source = self.source(None);
        let Some(mut entered) = self.enter_silently(tx, ctx, &source, Some(referral)).await? else {
            return Ok(());
        };
        if entered.has_begun {
            return entered.save(tx).await;
        }
        let (referral, source) = (Some(referral.clone()), Some(source));
        let detail = EventDetail { referral, source, ..EventDetail::default() };
        self.tell(tx, ctx, EventType::ConversationReferral, &mut entered.conversation, detail).await
    }
}

impl Arrival<'_> {
    /// The customer types, or stops.
    pub(super) async fn typing(&self, tx: &mut Tx, ctx: &Ctx, starts: bool) -> Result<()> {
        let Some(known) = self.known(tx).await? else { return Ok(()) };
        let found = arrival::conversation(tx, self.app, &known.client, &known.user).await?;
        let Some(mut conversation) = found.map(|spoken| spoken.conversation) else { return Ok(()) };
        let activity = if starts { ActivityKind::TypingStart } else { ActivityKind::TypingStop };
        let detail = EventDetail {
            activity: Some(activity),
            source: Some(receipts::source(self.integration, &known.client)),
            ..EventDetail::default()
        };
        known.tell(tx, ctx, EventType::ConversationTyping, &mut conversation, detail).await
    }
}
