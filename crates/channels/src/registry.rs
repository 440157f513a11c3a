//! Every channel, a line each.

use crate::Channel;

static ALL: &[&dyn Channel] =
    &[&crate::twilio::Twilio, &crate::messenger::Messenger, &crate::telegram::Telegram];

/// Every channel that we speak.
pub fn all() -> &'static [&'static dyn Channel] {
    ALL
}

/// The channel of an integration type; `None` for types that have no connector.
pub fn by_kind(kind: &str) -> Option<&'static dyn Channel> {
    all().iter().copied().find(|channel| channel.descriptor().kind == kind)
}
