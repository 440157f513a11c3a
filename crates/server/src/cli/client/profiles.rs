//! Saved places and keys: one file that only its owner can read.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wire::Secret;

use super::super::output;
use crate::exit::{Failure, Result};

/// The name of a profile that is not named.
pub(super) const DEFAULT: &str = "default";

/// Where a server is, and who asks there.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Profile {
    /// The server's address.
    pub(super) url: String,
    /// The key's id.
    pub(super) key_id: String,
    /// The key's secret.
    pub(super) key_secret: Secret,
    /// The app that is meant when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) app: Option<String>,
}

/// All saved profiles by name.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Profiles(pub(super) BTreeMap<String, Profile>);

impl Profiles {
    /// Reads the file; without one there are no profiles.
    pub(super) fn read() -> Result<Profiles> {
        let path = path()?;
        let unreadable = || format!("{} cannot be read; crosspoint login writes it anew", path.display());
        found(&path)?.ok_or_else(|| Failure::refused(unreadable()))
    }

    /// The same for login, which begins anew when the file cannot be read.
    pub(super) fn read_or_none() -> Result<Profiles> {
        Ok(found(&path()?)?.unwrap_or_default())
    }

    /// Writes the file: beside the old one, which it then replaces, with mode 600 from the beginning. An old
    /// one that cannot be read is kept.
    pub(super) fn write(&self) -> Result<PathBuf> {
        let path = path()?;
        let failed = |error: std::io::Error| Failure::file(path.display(), &error);
        if let Some(folder) = path.parent() {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        }
        let text = toml::to_string(self).map_err(|error| Failure::failed(error.to_string()))?;
        let beside = path.with_extension(format!("{}.new", std::process::id()));
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)
            .map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        if found(&path)?.is_none() {
            keep_aside(&path)?;
        }
        std::fs::rename(&beside, &path).map_err(failed)?;
        Ok(path)
    }
}

/// The profiles in a file; None when there is one that holds something else.
fn found(path: &Path) -> Result<Option<Profiles>> {
    match std::fs::read(path) {
        // What a parser says of the file could quote a secret.
        Ok(bytes) => Ok(std::str::from_utf8(&bytes).ok().and_then(|text| toml::from_str(text).ok())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Some(Profiles::default())),
        Err(error) => Err(Failure::refused(format!("{}: {error}", path.display()))),
    }
}

/// Gives a file that cannot be read another name, which only its owner can read: it may hold secrets.
fn keep_aside(path: &Path) -> Result<()> {
    let aside = |number: u32| path.with_extension(format!("unreadable-{number}"));
    let Some(aside) = (1..=u32::MAX).map(aside).find(|aside| !aside.exists()) else { return Ok(()) };
    let failed = |error: std::io::Error| Failure::file(path.display(), &error);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    std::fs::rename(path, &aside).map_err(failed)?;
    output::note(format_args!("{} could not be read and is kept as {}", path.display(), aside.display()));
    Ok(())
}

/// `$XDG_CONFIG_HOME/crosspoint/profiles.toml`, with `~/.config` when the variable is not set.
fn path() -> Result<PathBuf> {
    let given = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = given("XDG_CONFIG_HOME").or_else(|| given("HOME").map(|home| home.join(".config")));
    let folder = folder.ok_or_else(|| Failure::refused("neither XDG_CONFIG_HOME nor HOME is set"))?;
    Ok(folder.join("crosspoint").join("profiles.toml"))
}
