//! Finds or begins the conversation of a customer who is known by a key of the caller's own.

use std::sync::Arc;

use model::Id;
use model::channel::Person;
use model::content::{Content, Metadata};
use model::masking::{mask_content, mask_value};
use model::record::{App, Client, Conversation, Endpoint, Integration, MessageExtra, Role, Visit};
use serde_json::Value;
use store::rows::{clients, conversations, endpoints, participants, users, visits};
use store::{Command, Ctx, Tx};

use super::{answering_board, check_awake};
use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::append::{self, Appended};
use crate::rules::arrival::{self, Known};
use crate::rules::beginning::{self, Beginning};
use crate::rules::integrations;

/// Most collections of properties that a customer has, and most members that a collection has.
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
        let name = draft.name.as_deref().and_then(arrival::name);
        let known = arrival::known(tx, integration, &draft.binding).await?;
        let Some(Known { mut client, mut user, .. }) = known else {
            let name = name.unwrap_or_else(|| draft.friendly_name.clone());
            let person = Person {
                external_id: draft.binding.clone(),
                display_name: Some(name.clone()),
                given_name: Some(name),
                raw: draft.properties.clone(),
                ..Person::default()
            };
            let (client, _) = arrival::newcomer(tx, ctx, &self.app, integration, &person).await?;
            return Ok(client);
        };
        let mut properties = client.raw.take().unwrap_or_default();
        merge(&mut properties, &draft.properties)?;
        client.raw = Some(properties);
        if name.is_some() && client.display_name != name {
            client.display_name.clone_from(&name);
            (user.profile.given_name, user.profile.surname) = (name, None);
            users::update(tx, &user).await?;
        }
        clients::update(tx, &client).await?;
        Ok(client)
    }

    async fn begin(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        integration: &Integration,
        endpoint: &Endpoint,
        client: &Client,
    ) -> Result<Conversation> {
        let responder = integration.default_responder;
        let why = Beginning { responder, ..Beginning::default() };
        let mut begun = beginning::begin(tx, ctx, self.app.key, client.user, why).await?;
        participants::associate(tx, begun.place, client.key, ctx.now).await?;
        for message in &endpoint.greeting {
            let Some(content) = &message.content else { continue };
            self.greet(tx, ctx, &mut begun.conversation, content.clone(), message.said().clone()).await?;
        }
        begun.save(tx).await?;
        Ok(begun.conversation)
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
