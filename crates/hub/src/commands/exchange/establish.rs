//! Finds or begins the conversation of a customer who is known by a key of the caller's own.

use std::sync::Arc;

use model::Id;
use model::content::{Content, Metadata};
use model::event::{EventDetail, EventType};
use model::masking::{mask_content, mask_value};
use model::record::{
    App, Client, ClientKey, ClientStatus, Conversation, Endpoint, Integration, MessageExtra, Profile, Role,
    User, UserKey, Visit,
};
use serde_json::Value;
use store::rows::conversations::{self, NewConversation};
use store::rows::{clients, endpoints, participants, users, visits};
use store::{Command, Ctx, Tx};

use super::{answering_board, check_awake};
use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::append::{self, Appended};
use crate::rules::assignment::assign_default;
use crate::rules::emit::{self, EventDraft};
use crate::rules::integrations;

/// Collections of properties of a customer, and members of a collection.
pub const PROPERTIES_COUNT_MAX: usize = 64;

/// The customer who wants to talk.
#[derive(Clone, Debug)]
pub struct EstablishDraft {
    /// Through which integration; customers must speak through it.
    pub integration: Id,
    /// The caller's key of the customer, unique for the integration.
    pub binding: String,
    /// How the customer is called, if it is said; otherwise a new one is called `friendly_name`.
    pub name: Option<String>,
    /// A name for a customer who has none.
    pub friendly_name: String,
    /// What the caller says about the customer: collections of values, merged over what is known.
    pub properties: Metadata,
    /// The visit that speaks for the customer from now on.
    pub visit: Option<Visit>,
}

/// A conversation that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Established {
    /// The conversation.
    pub conversation: Conversation,
    /// The customer.
    pub client: Client,
    /// Whether it has just begun.
    pub is_new: bool,
}

struct Establish {
    app: Arc<App>,
    draft: EstablishDraft,
}

impl Command for Establish {
    type Out = Established;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Established> {
        let integration = integrations::find(tx, self.app.key, self.draft.integration).await?;
        let endpoint = endpoints::of_integration(tx, integration.key).await?;
        let endpoint =
            endpoint.filter(|endpoint| endpoint.role == Role::Customer).or_not_found(Thing::Integration)?;
        check_awake(&self.app, &integration)?;
        answering_board(tx, &self.app).await?;
        let client = self.client(tx, ctx, &integration).await?;
        if let Some(visit) = self.draft.visit {
            visits::remove_ended(tx, ctx.now).await?;
            visits::note(tx, visit.token, client.key, visit.ends_at).await?;
        }
        let open = conversations::newest_open_of_client(tx, self.app.key, client.key).await?;
        if let Some(conversation) = open {
            return Ok(Established { conversation, client, is_new: false });
        }
        let conversation = self.begin(tx, ctx, &integration, &endpoint, &client).await?;
        Ok(Established { conversation, client, is_new: true })
    }
}

impl Establish {
    /// The customer, with what is newly known.
    async fn client(&self, tx: &mut Tx, ctx: &Ctx, integration: &Integration) -> Result<Client> {
        let draft = &self.draft;
        let known = clients::by_external_id(tx, integration.key, &draft.binding).await?;
        let is_living = match &known {
            Some(client) => users::is_living(tx, client.user).await?,
            None => false,
        };
        // Of a user whose removal has begun only the rows are left.
        if let Some(gone) = known.as_ref().filter(|_| !is_living) {
            clients::clear_external_id(tx, gone.key).await?;
        }
        if let Some(mut client) = known.filter(|_| is_living) {
            let mut known = client.raw.take().unwrap_or_default();
            merge(&mut known, &draft.properties)?;
            client.raw = Some(known);
            if let Some(name) = draft.name.as_ref().filter(|name| client.display_name.as_ref() != Some(*name))
            {
                client.display_name = Some(name.clone());
                rename(tx, client.user, name).await?;
            }
            clients::update(tx, &client).await?;
            return Ok(client);
        }
        let name = draft.name.clone().unwrap_or_else(|| draft.friendly_name.clone());
        let user = self.user(tx, ctx, name.clone()).await?;
        let mut client = Client {
            key: ClientKey::default(),
            id: ctx.id(),
            user,
            kind: integration.kind.clone(),
            status: ClientStatus::Active,
            integration: Some(integration.key),
            integration_id: Some(integration.id),
            external_id: Some(draft.binding.clone()),
            last_seen: Some(ctx.now),
            linked_at: Some(ctx.now),
            display_name: Some(name),
            avatar_url: None,
            info: None,
            raw: Some(draft.properties.clone()),
            link: None,
        };
        client.key = clients::insert(tx, self.app.key, &client).await?;
        Ok(client)
    }

    async fn user(&self, tx: &mut Tx, ctx: &Ctx, name: String) -> Result<UserKey> {
        let user = User {
            key: UserKey::default(),
            id: ctx.id(),
            app: self.app.key,
            external_id: None,
            brand_id: None,
            authenticated: false,
            signed_up_at: ctx.now,
            to_be_retained: None,
            profile: Profile { given_name: Some(name), ..Profile::default() },
            metadata: Metadata::new(),
            identities: Vec::new(),
            zendesk_id: None,
            created_at: ctx.now,
        };
        Ok(users::insert(tx, &user).await?)
    }

    async fn begin(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        integration: &Integration,
        endpoint: &Endpoint,
        client: &Client,
    ) -> Result<Conversation> {
        let app = self.app.key;
        let new = NewConversation {
            id: ctx.id(),
            app,
            group: false,
            owner: Some(client.user),
            is_default: conversations::default_of(tx, app, client.user).await?.is_none(),
            name: None,
            description: None,
            icon_url: None,
            metadata: None,
            created_at: ctx.now,
        };
        let key = conversations::insert(tx, &new).await?;
        let place = participants::insert(tx, ctx.id(), key, new.id, client.user, 0).await?;
        participants::associate(tx, place, client.key, ctx.now).await?;
        let mut conversation = conversations::by_key(tx, key).await?.or_not_found(Thing::Conversation)?;
        assign_default(tx, app, &mut conversation.state, integration.default_responder).await?;
        let detail = EventDetail { reason: Some("none".into()), ..EventDetail::default() };
        let draft = EventDraft { user: client.user, detail: Some(detail), ..EventDraft::default() };
        let state = &mut conversation.state;
        emit::in_conversation(tx, ctx, EventType::ConversationCreate, app, key, state, draft).await?;
        for message in &endpoint.greeting {
            let Some(content) = &message.content else { continue };
            self.greet(tx, ctx, &mut conversation, content.clone(), message.said().clone()).await?;
        }
        conversations::save_state(tx, key, &conversation.state).await?;
        Ok(conversation)
    }

    async fn greet(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        conversation: &mut Conversation,
        mut content: Content,
        mut original: Value,
    ) -> Result<()> {
        if self.app.settings.mask_credit_card_numbers {
            mask_content(&mut content);
            mask_value(&mut original);
        }
        let text = serde_json::to_string(&content).map_err(|error| HubError::invalid(error.to_string()))?;
        let extra = MessageExtra { original: Some(original), ..MessageExtra::default() };
        let new = Appended {
            author: None,
            shown: Default::default(),
            kind: content.kind(),
            content: &text,
            metadata: None,
            extra: &extra,
            attachments: &[],
            original: None,
        };
        append::append(tx, ctx, &self.app, conversation, new).await?;
        Ok(())
    }
}

/// A customer is called otherwise now.
async fn rename(tx: &mut Tx, user: UserKey, name: &str) -> Result<()> {
    let mut user = users::by_key(tx, user).await?.or_not_found(Thing::User)?;
    user.profile.given_name = Some(name.to_owned());
    user.profile.surname = None;
    Ok(users::update(tx, &user).await?)
}

/// Merges collections member by member; anything else replaces what was there. Names are the same whatever
/// their case; the newest spelling stays.
///
/// # Errors
/// `TooMany` for more than [`PROPERTIES_COUNT_MAX`] collections, or members of one.
fn merge(known: &mut Metadata, given: &Metadata) -> Result<()> {
    for (name, value) in given {
        let there = remove_any_case(known, name);
        let merged = match (there, value) {
            (Some(Value::Object(mut there)), Value::Object(more)) => {
                for (key, value) in more {
                    remove_any_case(&mut there, key);
                    there.insert(key.clone(), value.clone());
                }
                check_count(&there)?;
                Value::Object(there)
            }
            _ => value.clone(),
        };
        known.insert(name.clone(), merged);
    }
    check_count(known)
}

fn remove_any_case(members: &mut Metadata, name: &str) -> Option<Value> {
    let known = members.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned()?;
    members.shift_remove(&known)
}

fn check_count(members: &Metadata) -> Result<()> {
    match members.len() <= PROPERTIES_COUNT_MAX {
        true => Ok(()),
        false => Err(HubError::TooMany { thing: Thing::Property, max: PROPERTIES_COUNT_MAX as i64 }),
    }
}

impl Hub {
    /// Finds the open conversation of a customer, or begins one: then the integration's greeting is
    /// said.
    ///
    /// # Errors
    /// `NotFound` for an integration through which no customers speak, `Paused`, `NobodyAnswers`, `TooMany`
    /// properties.
    pub async fn establish(&self, grant: &Grant, draft: EstablishDraft) -> Result<Established> {
        self.run(Establish { app: grant.app.clone(), draft }).await
    }
}
