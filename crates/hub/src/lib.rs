//! Commands and queries: the only place where the product's rules live.
//!
//! The hub never knows which dialect called it. A command is a value that the store runs in its
//! transaction; state and its events are written together.

mod access;
mod channel;
mod commands;
mod directory;
mod error;
mod exchange;
mod hub;
mod limiter;
mod once;
pub mod outbox;
mod page;
mod queries;
mod rules;
pub mod seal;
mod secret;
mod selector;
mod supervision;
#[cfg(test)]
mod test_support;
mod ticket;
pub mod token;
mod waits;

pub use access::{Caller, Grant, LiveKey, Reach, Scope};
pub use channel::{Lent, OpenChannel, not_connected};
pub use commands::access_token::{ClientSecretDraft, ClientSecretView, SigningPairView, VerifyingKey};
pub use commands::account::{AccountKeyView, NewAccount};
pub use commands::activity::ActivityAuthor;
pub use commands::agent::{AgentDevices, AgentDraft};
pub use commands::app::{AppDraft, AppPatch, SettingsPatch};
pub use commands::attachment::{Download, Upload, UploadDraft};
pub use commands::client::LinkDraft;
pub use commands::control::ControlDraft;
pub use commands::conversation::{ConversationDraft, ConversationPatch, Leaver, ParticipantDraft};
pub use commands::conversion::{ConversionReporter, ConversionsRefused, ConversionsTaken};
pub use commands::endpoint::{EndpointDraft, EndpointPatch, EndpointSettings, endpoint_triggers};
pub use commands::exchange::{
    Asker, EstablishDraft, Established, HandOver, HandOverDraft, PROPERTIES_COUNT_MAX, Said, SayDraft,
    SignalDraft, Signalled, Speaker,
};
pub use commands::inbound::{Newcomer, Received};
pub use commands::integration::{IntegrationDraft, IntegrationPatch, Provisioned, Provisioner};
pub use commands::message::{AuthorDraft, MessageDraft};
pub use commands::oauth::{NewOAuthClient, OAuthClientDraft, Parting, SigningKey};
pub use commands::prepared::{CannedReplyDraft, CannedReplyPatch, TransferLinkDraft, TransferLinkPatch};
pub use commands::registration::{CarrierDraft, CarrierPatch, NewRegistration, RegistrationPatch};
pub use commands::setting::SettingChange;
pub use commands::switchboard::{MemberDraft, MemberPatch, SwitchboardPatch};
pub use commands::user::{ProfilePatch, UserDraft, UserPatch};
pub use commands::webhook::WebhookPatch;
pub use error::{HubError, Result, Thing};
pub use exchange::{Endpoints, Exchange, Writer};
pub use hub::{Hub, Settings};
pub use limiter::{Limiter, RateLimit};
pub use once::Once;
pub use page::{Cursor, Page, PageRequest};
pub use queries::attachments::Bearer;
pub use queries::deliveries::{DeliveryState, DeliveryView};
pub use queries::endpoints::EndpointView;
pub use queries::events::{EventPage, EventsRequest};
pub use queries::exchanges::{Entry, Listed};
pub use queries::integrations::{IntegrationView, ResponderView};
pub use queries::messages::MessageView;
pub use queries::previews::{ChannelPreview, Previewer};
pub use queries::registrations::Registration;
pub use rules::board::{MemberView, SwitchboardView};
pub use rules::integrations::Claims;
pub use rules::integrations::health::Sign;
pub use rules::keys::{KeyView, NewKey};
pub use rules::people::UserRef;
pub use rules::seats::ConversationView;
pub use rules::webhooks::{WebhookDraft, WebhookView};
pub use selector::UserSelector;
pub use supervision::{keep_running, to_its_end};
pub use waits::WaitingCall;
