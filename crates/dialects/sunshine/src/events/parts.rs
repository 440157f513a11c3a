//! What payloads are made of.

use std::sync::Arc;

use hub::MessageView;
use hub::outbox::{ConversationBrief, EventView};
use model::event::{EventDetail, EventType};
use model::record::{Client, Device, User};
use model::{Id, Millis};
use wire::sunshine::types::{self, ConversationTruncated, ConversationType, UserTruncated, UserView};

use crate::show;

/// How much of users and sources a subscriber wants to see (sunshine-v2.md §9.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// Users with profile, metadata and identities.
    pub(crate) full_user: bool,
    /// Sources with client and device.
    pub(crate) full_source: bool,
}

/// An event, taken apart.
pub(super) struct Parts<'a> {
    pub(super) kind: EventType,
    pub(super) at: Millis,
    pub(super) conversation: Option<&'a ConversationBrief>,
    pub(super) user: Option<&'a User>,
    pub(super) message: Option<&'a MessageView>,
    pub(super) client: Option<&'a Client>,
    pub(super) source_client: Option<&'a Client>,
    pub(super) source_device: Option<&'a Device>,
    pub(super) detail: &'a EventDetail,
    pub(super) people: &'a [Arc<User>],
}

impl<'a> Parts<'a> {
    pub(super) fn of(view: &'a EventView) -> Parts<'a> {
        Parts {
            kind: view.kind,
            at: view.at,
            conversation: view.conversation.as_ref(),
            user: view.user.as_deref(),
            message: view.message.as_ref(),
            client: view.client.as_ref(),
            source_client: view.source_client.as_ref(),
            source_device: view.source_device.as_ref(),
            detail: &view.detail,
            people: &view.people,
        }
    }

    /// The conversation; every event but those of a user's lane has one.
    pub(super) fn conversation(&self) -> ConversationTruncated {
        self.conversation_if_any().unwrap_or_else(|| ConversationTruncated {
            id: Id::MIN.to_string(),
            kind: ConversationType::Personal,
            metadata: None,
            active_switchboard_integration: None,
            pending_switchboard_integration: None,
        })
    }

    pub(super) fn conversation_if_any(&self) -> Option<ConversationTruncated> {
        self.conversation.map(show::conversation::truncated)
    }

    /// The user. One who was removed while the event waited has only an id that nobody has.
    pub(super) fn user(&self, look: Look) -> UserView {
        let gone =
            || UserView::Truncated(UserTruncated { id: Id::MIN.to_string(), ..UserTruncated::default() });
        self.user.map_or_else(gone, |user| show::user::view(user, look.full_user))
    }

    /// The client. As for the user.
    pub(super) fn client(&self) -> types::Client {
        self.client.map_or_else(gone_client, show::client::client)
    }

    /// Where the event came from.
    pub(super) fn source(&self, look: Look) -> types::Source {
        self.complete(show::source::source(self.detail.source.as_ref()), look)
    }

    /// A source with client and device, for those who want them.
    pub(super) fn complete(&self, mut source: types::Source, look: Look) -> types::Source {
        if look.full_source {
            source.client = self.source_client.map(|client| Box::new(show::client::client(client)));
            source.device = self.source_device.map(|device| Box::new(show::device::device(device)));
        }
        source
    }

    /// A user that a message refers to.
    pub(super) fn person(&self, id: Id) -> Option<&'a User> {
        self.people.iter().find(|user| user.id == id).map(|user| &**user)
    }
}

fn gone_client() -> types::Client {
    types::Client {
        id: Id::MIN.to_string(),
        kind: types::ClientType::Sdk,
        status: None,
        integration_id: None,
        external_id: None,
        last_seen: None,
        linked_at: None,
        display_name: None,
        avatar_url: None,
        info: None,
        raw: None,
    }
}
