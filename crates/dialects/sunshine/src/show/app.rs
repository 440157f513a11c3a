//! Apps and their settings (sunshine-v2.md §10.4).

use model::record::{App, AppSettings};
use wire::sunshine::types;

/// An app.
pub(crate) fn app(app: &App) -> types::App {
    types::App {
        id: app.id.to_string(),
        display_name: Some(app.name.clone()),
        settings: Some(settings(&app.settings)),
        metadata: Some(app.metadata.clone()).filter(|metadata| !metadata.is_empty()),
        subdomain: None,
    }
}

/// An app with what stands for its subdomain: any text that stays the same will do.
pub(crate) fn with_subdomain(app: &App) -> types::App {
    types::App { subdomain: Some(app.id.to_string()), ..self::app(app) }
}

fn settings(settings: &AppSettings) -> types::AppSettings {
    let retention = settings.conversation_retention_seconds;
    types::AppSettings {
        conversation_retention_seconds: retention.and_then(|seconds| u64::try_from(seconds).ok()),
        mask_credit_card_numbers: Some(settings.mask_credit_card_numbers),
        use_animal_names: Some(settings.use_animal_names),
        echo_postback: Some(settings.echo_postback),
        ignore_auto_conversation_start: Some(settings.ignore_auto_conversation_start),
        multi_convo_enabled: Some(settings.multi_convo_enabled),
        app_localization_enabled: Some(settings.app_localization_enabled),
        end_session_enabled: Some(settings.end_session_enabled),
        disable_conversation_reopen: Some(settings.disable_conversation_reopen),
    }
}
