//! Short ways to make what requests need. What is left out is unset and can be set afterwards.

use crate::patch::Patch;
use serde_json::{Map, json};

use super::{
    AppCreateBody, Author, AuthorType, Content, Conversation, ConversationCreateBody, ConversationTruncated,
    ConversationType, IntegrationCreateBody, IntegrationType, KeyCreateBody, MessagePost, ParticipantSpec,
    PassControlBody, SwitchboardIntegrationCreateBody, SwitchboardUpdateBody, Text, Trigger,
    WebhookCreateBody,
};

impl AppCreateBody {
    /// An app with this name, 1–100 characters.
    pub fn new(display_name: impl Into<String>) -> AppCreateBody {
        AppCreateBody { display_name: display_name.into(), settings: None, metadata: None }
    }
}

impl KeyCreateBody {
    /// A key with this name.
    pub fn new(display_name: impl Into<String>) -> KeyCreateBody {
        KeyCreateBody { display_name: display_name.into() }
    }
}

impl ConversationCreateBody {
    /// A conversation with one user.
    pub fn personal(user_id: impl Into<String>) -> ConversationCreateBody {
        let user = ParticipantSpec { user_id: Some(user_id.into()), ..ParticipantSpec::default() };
        ConversationCreateBody {
            participants: Some(vec![user]),
            ..ConversationCreateBody::of(ConversationType::Personal)
        }
    }

    /// A conversation of this type, without participants.
    pub fn of(kind: ConversationType) -> ConversationCreateBody {
        ConversationCreateBody {
            kind,
            participants: None,
            display_name: None,
            description: None,
            icon_url: None,
            metadata: None,
        }
    }
}

impl IntegrationCreateBody {
    /// An integration of this type, without the fields that its type may need.
    pub fn new(kind: IntegrationType) -> IntegrationCreateBody {
        IntegrationCreateBody { kind, display_name: None, fields: Map::new() }
    }

    /// A custom integration with its first webhook, which it must have.
    pub fn custom(display_name: impl Into<String>, webhook: &WebhookCreateBody) -> IntegrationCreateBody {
        let mut body = IntegrationCreateBody::new(IntegrationType::Custom);
        body.display_name = Some(display_name.into());
        body.fields.insert("webhooks".to_owned(), json!([webhook]));
        body
    }
}

impl WebhookCreateBody {
    /// A webhook that is told of these at this address.
    pub fn new(target: impl Into<String>, triggers: impl IntoIterator<Item = Trigger>) -> WebhookCreateBody {
        WebhookCreateBody {
            target: target.into(),
            triggers: triggers.into_iter().collect(),
            include_full_user: None,
            include_full_source: None,
        }
    }
}

impl Author {
    /// The business.
    pub fn business() -> Author {
        Author::of(AuthorType::Business)
    }

    /// The user with this id.
    pub fn user(user_id: impl Into<String>) -> Author {
        Author { user_id: Some(user_id.into()), ..Author::of(AuthorType::User) }
    }

    fn of(kind: AuthorType) -> Author {
        Author {
            kind,
            subtypes: None,
            user_id: None,
            user_external_id: None,
            brand_id: None,
            display_name: None,
            avatar_url: None,
        }
    }
}

impl Content {
    /// A plain text, up to 4,096 characters.
    pub fn text(text: impl Into<String>) -> Content {
        Content::Text(Text { text: Some(text.into()), ..Text::default() })
    }
}

impl MessagePost {
    /// A message of this author that says this.
    pub fn new(author: Author, content: Content) -> MessagePost {
        MessagePost { author, content, destination: None, metadata: None, overrides: None, schema: None }
    }
}

impl PassControlBody {
    /// To this switchboard integration: its id, its name, or `next`.
    pub fn to(switchboard_integration: impl Into<String>) -> PassControlBody {
        PassControlBody {
            switchboard_integration: switchboard_integration.into(),
            metadata: None,
            reason: None,
        }
    }
}

impl SwitchboardIntegrationCreateBody {
    /// A custom integration under this name.
    pub fn new(
        name: impl Into<String>,
        integration_id: impl Into<String>,
    ) -> SwitchboardIntegrationCreateBody {
        let integration_id = Some(integration_id.into());
        SwitchboardIntegrationCreateBody { name: name.into(), integration_id, ..Default::default() }
    }
}

impl SwitchboardUpdateBody {
    /// Switched on, with this switchboard integration for new conversations.
    pub fn enabled_for(default_switchboard_integration_id: impl Into<String>) -> SwitchboardUpdateBody {
        SwitchboardUpdateBody {
            enabled: Some(true),
            default_switchboard_integration_id: Patch::Value(default_switchboard_integration_id.into()),
        }
    }
}

impl ConversationTruncated {
    /// The name of who is in control.
    pub fn active_name(&self) -> Option<&str> {
        self.active_switchboard_integration.as_ref()?.name.as_deref()
    }
}

impl Conversation {
    /// The name of who is in control.
    pub fn active_name(&self) -> Option<&str> {
        self.active_switchboard_integration.as_ref()?.name.as_deref()
    }
}
