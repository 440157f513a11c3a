//! Apps and their settings (sunshine-v2.md §10.4).

use hub::{AppDraft, AppPatch, SettingsPatch};
use model::patch::Patch;
use wire::sunshine::limits::DISPLAY_NAME_CHARS_MAX;
use wire::sunshine::types::{AppCreateBody, AppSettings, AppSettingsUpdate, AppUpdateBody};

use super::patch::{nullable, required};
use super::{At, Checked, Invalid, metadata, text};

/// An app that is to be made.
pub(crate) fn create(body: AppCreateBody) -> Checked<AppDraft> {
    text::name(&body.display_name, DISPLAY_NAME_CHARS_MAX).at("displayName")?;
    metadata::whole(body.metadata.as_ref())?;
    let settings = body.settings.map(whole_settings).transpose().at("settings")?;
    Ok(AppDraft {
        name: body.display_name,
        settings: settings.unwrap_or_default(),
        metadata: body.metadata.unwrap_or_default(),
        ..AppDraft::default()
    })
}

/// A change of an app.
pub(crate) fn update(body: AppUpdateBody) -> Checked<AppPatch> {
    let name = |name: &String| text::name(name, DISPLAY_NAME_CHARS_MAX);
    Ok(AppPatch {
        name: required(body.display_name, name).at("displayName")?,
        settings: body.settings.map(settings).transpose().at("settings")?.unwrap_or_default(),
        metadata: nullable(body.metadata, metadata::changes).at("metadata")?,
        ..AppPatch::default()
    })
}

fn seconds(seconds: u64) -> Checked<i64> {
    let checked = i64::try_from(seconds).map_err(|_| Invalid::new("is too large"));
    checked.at("conversationRetentionSeconds")
}

fn whole_settings(given: AppSettings) -> Checked<SettingsPatch> {
    let retention = given.conversation_retention_seconds.map(seconds).transpose()?;
    Ok(SettingsPatch {
        conversation_retention_seconds: retention.map_or(Patch::Keep, Patch::Set),
        mask_credit_card_numbers: given.mask_credit_card_numbers,
        use_animal_names: given.use_animal_names,
        echo_postback: given.echo_postback,
        ignore_auto_conversation_start: given.ignore_auto_conversation_start,
        multi_convo_enabled: given.multi_convo_enabled,
        app_localization_enabled: given.app_localization_enabled,
        end_session_enabled: given.end_session_enabled,
        disable_conversation_reopen: given.disable_conversation_reopen,
        ..SettingsPatch::default()
    })
}

fn settings(change: AppSettingsUpdate) -> Checked<SettingsPatch> {
    let retention = match nullable(change.conversation_retention_seconds, |_| Ok(()))? {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(value) => Patch::Set(seconds(value)?),
    };
    Ok(SettingsPatch {
        conversation_retention_seconds: retention,
        mask_credit_card_numbers: change.mask_credit_card_numbers,
        use_animal_names: change.use_animal_names,
        echo_postback: change.echo_postback,
        ignore_auto_conversation_start: change.ignore_auto_conversation_start,
        multi_convo_enabled: change.multi_convo_enabled,
        app_localization_enabled: change.app_localization_enabled,
        end_session_enabled: change.end_session_enabled,
        disable_conversation_reopen: change.disable_conversation_reopen,
        ..SettingsPatch::default()
    })
}
