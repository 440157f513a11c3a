//! Settings of an app and what they need of each other (sunshine-v2.md §10.4).

use model::patch::Patch;
use model::record::AppSettings;

use crate::error::{HubError, Result};

/// A change of an app's settings, one by one; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SettingsPatch {
    /// Messages are deleted after this many seconds without activity; 0 is never.
    pub conversation_retention_seconds: Patch<i64>,
    /// Card numbers in texts are masked before they are stored.
    pub mask_credit_card_numbers: Option<bool>,
    /// People without a name are called by an animal's.
    pub use_animal_names: Option<bool>,
    /// A postback also leaves its button's text in the conversation.
    pub echo_postback: Option<bool>,
    /// Following or starting on a channel begins no conversation.
    pub ignore_auto_conversation_start: Option<bool>,
    /// Users may have several conversations in the messenger; cannot be switched off again.
    pub multi_convo_enabled: Option<bool>,
    /// Our own texts follow the user's locale.
    pub app_localization_enabled: Option<bool>,
    /// Users may end a conversation; needs `multi_convo_enabled`.
    pub end_session_enabled: Option<bool>,
    /// A closed conversation is not reopened; needs `multi_convo_enabled`.
    pub disable_conversation_reopen: Option<bool>,
    /// For people: what the app is for.
    pub description: Patch<String>,
    /// Conversations close after this many days without a message.
    pub auto_close_days: Patch<i64>,
    /// Whether all integrations rest.
    pub paused: Option<bool>,
}

impl SettingsPatch {
    /// The settings after the change.
    pub(super) fn apply(&self, current: &AppSettings) -> Result<AppSettings> {
        let mut settings = current.clone();
        self.conversation_retention_seconds.clone().apply(&mut settings.conversation_retention_seconds);
        self.description.clone().apply(&mut settings.description);
        self.auto_close_days.clone().apply(&mut settings.auto_close_days);
        for (change, field) in [
            (self.mask_credit_card_numbers, &mut settings.mask_credit_card_numbers),
            (self.use_animal_names, &mut settings.use_animal_names),
            (self.echo_postback, &mut settings.echo_postback),
            (self.ignore_auto_conversation_start, &mut settings.ignore_auto_conversation_start),
            (self.multi_convo_enabled, &mut settings.multi_convo_enabled),
            (self.app_localization_enabled, &mut settings.app_localization_enabled),
            (self.end_session_enabled, &mut settings.end_session_enabled),
            (self.disable_conversation_reopen, &mut settings.disable_conversation_reopen),
            (self.paused, &mut settings.paused),
        ] {
            if let Some(value) = change {
                *field = value;
            }
        }
        check(current, &settings)?;
        Ok(settings)
    }
}

fn check(before: &AppSettings, after: &AppSettings) -> Result<()> {
    if after.conversation_retention_seconds.is_some_and(|seconds| seconds < 0) {
        return Err(HubError::invalid("settings.conversationRetentionSeconds: must not be negative"));
    }
    if after.auto_close_days.is_some_and(|days| days <= 0) {
        return Err(HubError::invalid("settings.autoCloseDays: must be greater than 0"));
    }
    if before.multi_convo_enabled && !after.multi_convo_enabled {
        return Err(HubError::invalid("settings.multiConvoEnabled: cannot be switched off again"));
    }
    for (name, on) in [
        ("endSessionEnabled", after.end_session_enabled),
        ("disableConversationReopen", after.disable_conversation_reopen),
    ] {
        if on && !after.multi_convo_enabled {
            return Err(HubError::Invalid(format!("settings.{name}: needs multiConvoEnabled")));
        }
    }
    Ok(())
}
