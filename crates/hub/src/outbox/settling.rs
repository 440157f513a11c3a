//! What became of a send.

use model::channel::{Choice, ReceiptState, SendError};
use model::event::EventType;
use model::record::{Client, ClientKey, Integration, IntegrationKey, MessageKey, SubscriptionKey};
use model::{ErrorCode, Millis};
use store::rows::deliveries::Lane;
use store::rows::external_messages::{self as external, ExternalMessage, ExternalState};
use store::rows::sends::{self, Progress};
use store::rows::{apps, clients, integrations};
use store::{Command, Ctx, Tx};

use super::Outbox;
use crate::error::{HubError, Result};
use crate::rules::clients::{LinkEnd, end_link};
use crate::rules::integrations::health::{self, Sign};
use crate::rules::receipts::{self, Told};
use crate::rules::{links, moved, standing};

/// Which send it is.
#[derive(Clone, Copy, Debug)]
pub struct SendPlace {
    /// The channel's subscription.
    pub subscription: SubscriptionKey,
    /// The event.
    pub event: i64,
    /// Its lane.
    pub lane: Lane,
    /// The integration.
    pub integration: IntegrationKey,
    /// Who was to get it.
    pub client: ClientKey,
    /// The message.
    pub message: MessageKey,
}

/// How a send ended.
#[derive(Clone, Debug)]
pub enum SendOutcome {
    /// The provider has everything.
    Accepted {
        /// Its ids, in order.
        external_ids: Vec<String>,
        /// When the last request was begun, so that the provider's own time of it is not before.
        sent_at: Millis,
        /// Whether the provider tells when it has arrived.
        tells_arrival: bool,
    },
    /// It will not be sent.
    Failed {
        /// Why.
        error: SendError,
        /// Whether the person wants to hear nothing.
        blocked: bool,
        /// The provider's ids of the parts that it had accepted before.
        external_ids: Vec<String>,
        /// Whether the person may have got something of it all the same.
        may_have_come: bool,
    },
}

impl SendOutcome {
    /// Whether the person may have something newer before them.
    fn may_have_come(&self) -> bool {
        match self {
            SendOutcome::Accepted { .. } => true,
            SendOutcome::Failed { external_ids, may_have_come, .. } => {
                *may_have_come || !external_ids.is_empty()
            }
        }
    }
}

struct SettleSend {
    place: SendPlace,
    is_link: bool,
    outcome: SendOutcome,
}

/// Choices are offered before they are sent: the answer may be faster than the provider's.
struct Offer {
    place: SendPlace,
    /// Those that the person may see from now on; none once it is known that they have not come.
    choices: Vec<Choice>,
}

impl Command for Offer {
    type Out = bool;
    type Error = HubError;

    /// Gives whether they are new.
    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let SendPlace { client, event, .. } = self.place;
        match self.choices.as_slice() {
            [] => sends::take_back_offer(tx, client, event).await.map(|()| false),
            choices => sends::offer(tx, client, event, choices, ctx.now).await,
        }
        .map_err(HubError::from)
    }
}

struct NoteProgress {
    subscription: SubscriptionKey,
    event: i64,
    progress: Progress,
}

impl Command for NoteProgress {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        Ok(sends::save(tx, self.subscription, self.event, &self.progress).await?)
    }
}

impl Command for SettleSend {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let place = &self.place;
        if sends::progress(tx, place.subscription, place.event).await?.done {
            return Ok(());
        }
        // A link whose client is gone meanwhile has ended before; the send is over all the same.
        let integration = integrations::by_key(tx, place.integration).await?;
        let client = clients::by_key(tx, place.client).await?;
        match self.outcome.may_have_come() {
            true => sends::close_offers(tx, place.client, place.event).await?,
            false => sends::take_back_offer(tx, place.client, place.event).await?,
        }
        match (&integration, client) {
            (Some(integration), Some(client)) if self.is_link => {
                self.link(tx, ctx, integration, client).await?;
            }
            (Some(integration), client) if !self.is_link => {
                self.message(tx, ctx, integration, client).await?;
            }
            _ => {}
        }
        let done = Progress { done: true, ..Progress::default() };
        sends::save(tx, place.subscription, place.event, &done).await?;
        sends::advance_lane(tx, place.subscription, place.lane, place.event).await?;
        Ok(())
    }
}

impl SettleSend {
    async fn message(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        integration: &Integration,
        client: Option<Client>,
    ) -> Result<()> {
        let (kind, told) = match &self.outcome {
            SendOutcome::Accepted { external_ids, tells_arrival, .. } => {
                let told = Told { external_ids: external_ids.clone(), is_final: !tells_arrival, error: None };
                (EventType::DeliveryChannel, told)
            }
            SendOutcome::Failed { error, external_ids, .. } => {
                let told = Told { external_ids: external_ids.clone(), is_final: true, error: Some(error) };
                (EventType::DeliveryFailure, told)
            }
        };
        let Some(conversation) = self.place.lane.conversation() else { return Ok(()) };
        let (ids, at) = (told.external_ids.clone(), (conversation, self.place.message));
        let Some(mut client) = client else {
            return receipts::tell_without_client(tx, ctx, kind, integration, self.place.message, told).await;
        };
        receipts::tell_in(tx, ctx, kind, integration, client.user, at, told).await?;
        let early = self.note_ids(tx, ctx, &client, &ids).await?;
        receipts::apply_early(tx, ctx, integration, &client, early).await?;
        if let SendOutcome::Failed { blocked: true, .. } = &self.outcome {
            standing::set_blocked(tx, ctx, integration.app, &mut client, true).await?;
        }
        Ok(())
    }

    /// Stores the provider's ids; gives what it has told of them already, by the id or by a moment.
    async fn note_ids(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        client: &Client,
        ids: &[String],
    ) -> Result<Vec<(ExternalMessage, ReceiptState)>> {
        let state = match &self.outcome {
            SendOutcome::Accepted { tells_arrival: true, .. } => ExternalState::Sent,
            SendOutcome::Accepted { .. } => ExternalState::Arrived,
            SendOutcome::Failed { .. } => ExternalState::Failed,
        };
        let (sent_at, has_arrived) = match self.outcome {
            SendOutcome::Accepted { sent_at, tells_arrival: true, .. } => {
                (sent_at, sent_at <= clients::arrived_up_to(tx, client.key).await?)
            }
            SendOutcome::Accepted { sent_at, .. } => (sent_at, false),
            SendOutcome::Failed { .. } => (ctx.now, false),
        };
        let parts = if ids.len() > 1 { ids.to_vec() } else { Vec::new() };
        let (message, client) = (self.place.message, client.key);
        let mut told = Vec::new();
        for id in ids {
            let early: Option<ReceiptState> = external::early(tx, self.place.integration, id).await?;
            let new =
                ExternalMessage { external_id: id.clone(), message, client, state, parts: parts.clone() };
            external::insert(tx, self.place.integration, &new, sent_at).await?;
            told.extend(early.or(has_arrived.then_some(ReceiptState::Delivered)).map(|early| (new, early)));
        }
        Ok(told)
    }

    /// The channel has found the person of a link, or does not reach them.
    async fn link(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        integration: &Integration,
        mut client: Client,
    ) -> Result<()> {
        let Some(app) = apps::by_key(tx, integration.app).await? else { return Ok(()) };
        let Some(link) = client.link.clone() else { return Ok(()) };
        match &self.outcome {
            SendOutcome::Failed { error, .. } => {
                end_link(tx, ctx, app.key, client, LinkEnd::Failed(error.clone())).await
            }
            SendOutcome::Accepted { .. } => {
                links::matched(tx, ctx, &app, &mut client).await?;
                if links::is_immediate(&link) {
                    links::confirm(tx, ctx, &app, client).await?;
                }
                Ok(())
            }
        }
    }
}

/// The channel calls the person by another id.
struct Follow {
    place: SendPlace,
    to: String,
}

impl Command for Follow {
    type Out = bool;
    type Error = HubError;

    /// Gives whether the sweeper has something to do.
    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let integration = integrations::by_key(tx, self.place.integration).await?;
        let client = clients::by_key(tx, self.place.client).await?;
        let from = client.and_then(|client| client.external_id);
        let (Some(integration), Some(from)) = (integration, from) else { return Ok(false) };
        moved::follow(tx, ctx, (integration.app, integration.key), &from, &self.to).await
    }
}

/// An integration's token is refused: its sends wait.
struct Hold {
    place: SendPlace,
    reason: String,
}

impl Command for Hold {
    type Out = bool;
    type Error = HubError;

    /// Gives whether that is news.
    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let place = &self.place;
        let found = integrations::by_key(tx, place.integration).await?;
        let Some(mut integration) = found else { return Ok(false) };
        if !health::note(tx, ctx, &mut integration, &Sign::Refused(self.reason.clone())).await? {
            return Ok(false);
        }
        // The first message that met it tells; it is not lost, so this is not its final event.
        if let Some(client) = clients::by_key(tx, place.client).await?
            && place.message != MessageKey(0)
            && let Some(conversation) = place.lane.conversation()
        {
            let error = SendError { code: ErrorCode::Unauthorized, message: self.reason.clone() };
            let told = Told { external_ids: Vec::new(), is_final: false, error: Some(&error) };
            let at = (conversation, place.message);
            receipts::tell_in(tx, ctx, EventType::DeliveryFailure, &integration, client.user, at, told)
                .await?;
        }
        Ok(true)
    }
}

impl Outbox {
    /// The provider refuses an integration's token: it turns to error, which the first message that met
    /// it tells, and its sends wait.
    pub async fn hold(&self, place: SendPlace, reason: String) -> Result<()> {
        self.hub.run(Hold { place, reason }).await?;
        Ok(())
    }

    /// The provider says that the person of a send, or the group, has another id from now on.
    pub async fn follow(&self, place: SendPlace, to: &str) -> Result<()> {
        if self.hub.run(Follow { place, to: to.to_owned() }).await? {
            self.hub.wake_sweeper();
        }
        Ok(())
    }

    /// How far the requests of an event came: after a crash the sending goes on behind those that the
    /// provider has accepted. `unknown` says that the answer to the next one was lost.
    pub async fn note_progress(
        &self,
        place: &SendPlace,
        accepted: usize,
        external_ids: &[String],
        unknown: bool,
    ) -> Result<()> {
        let accepted = i64::try_from(accepted).unwrap_or(i64::MAX);
        let progress = Progress { accepted, external_ids: external_ids.to_vec(), unknown, done: false };
        let (subscription, event) = (place.subscription, place.event);
        self.hub.run(NoteProgress { subscription, event, progress }).await
    }

    /// The person may see these choices from now on, and answer. Gives whether that is new: an earlier
    /// attempt may have offered them and not have heard whether they came.
    pub async fn offer(&self, place: &SendPlace, choices: &[Choice]) -> Result<bool> {
        self.hub.run(Offer { place: *place, choices: choices.to_vec() }).await
    }

    /// The provider has not taken the message, so that nobody has seen its choices: a number means what
    /// it meant before.
    pub async fn take_back_offer(&self, place: &SendPlace) -> Result<()> {
        self.hub.run(Offer { place: *place, choices: Vec::new() }).await.map(|_| ())
    }

    /// A send is over: its events are told, and it is not made again.
    pub async fn settle_send(&self, place: SendPlace, is_link: bool, outcome: SendOutcome) -> Result<()> {
        self.hub.run(SettleSend { place, is_link, outcome }).await?;
        self.hub.wake_sweeper();
        Ok(())
    }

    /// Notes what says how an integration does.
    pub async fn note_sign(&self, integration: &Integration, sign: Sign) -> Result<()> {
        self.hub.note_sign(integration, sign).await
    }
}
