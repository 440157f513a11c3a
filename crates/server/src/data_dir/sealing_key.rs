//! The key under which secrets are sealed at rest (rule 8 of the design, decision 52).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub::seal::{SEALING_KEY_BYTES, Sealer};

use super::{DataDir, write_durably};
use crate::config::Secret;
use crate::exit::{Failure, Result};

/// The file of the key in a data directory.
pub const KEY_FILE: &str = "sealing.key";

/// The sealing key in base64. Its `Debug` shows nothing.
#[derive(Clone, Debug)]
pub struct SealingKey {
    text: Secret,
    sealer: Sealer,
}

impl SealingKey {
    /// The key of the configuration, else of the file. Without both it is made, but only where no
    /// store exists yet: another key could not open what is in it.
    ///
    /// # Errors
    /// Refused: no key beside an existing store, or a file that holds none.
    pub fn find_or_make(configured: Option<&Secret>, dir: &DataDir) -> Result<SealingKey> {
        match SealingKey::find(configured, dir)? {
            Some(key) => Ok(key),
            None if dir.has_store() => Err(Failure::refused(missing(dir.path()))),
            None => SealingKey::make(dir),
        }
    }

    /// The key of the configuration, else of the file.
    pub fn find(configured: Option<&Secret>, dir: &DataDir) -> Result<Option<SealingKey>> {
        if let Some(text) = configured {
            return SealingKey::read(text.expose(), "sealing_key").map(Some);
        }
        let path = path(dir.path());
        match std::fs::read_to_string(&path) {
            Ok(text) => SealingKey::read(text.trim(), &path.display().to_string()).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::refused(format!("reading {}: {error}", path.display()))),
        }
    }

    /// The key as text, for a backup.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// What seals with it.
    pub fn sealer(&self) -> Sealer {
        self.sealer.clone()
    }

    fn make(dir: &DataDir) -> Result<SealingKey> {
        let text = STANDARD.encode(rand::random::<[u8; SEALING_KEY_BYTES]>());
        write_durably(&path(dir.path()), format!("{text}\n").as_bytes(), 0o600)?;
        SealingKey::read(&text, KEY_FILE)
    }

    fn read(text: &str, place: &str) -> Result<SealingKey> {
        match Sealer::from_base64(text) {
            Some(sealer) => Ok(SealingKey { text: Secret::from(text.to_owned()), sealer }),
            None => Err(Failure::refused(format!("{place}: 32 bytes in base64 are needed"))),
        }
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join(KEY_FILE)
}

fn missing(dir: &Path) -> String {
    format!(
        "the sealing key is missing: {} has a store, but no {KEY_FILE}, and CROSSPOINT_SEALING_KEY is not set. \
         Without the key the secrets in the store cannot be read; put it back",
        dir.display()
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn it_is_made_once_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path());
        let made = SealingKey::find_or_make(None, &data).unwrap();
        let mode = std::fs::metadata(dir.path().join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(data.database(), "").unwrap();
        let found = SealingKey::find_or_make(None, &data).unwrap();
        assert_eq!(found.expose(), made.expose());
        let sealed = made.sealer().seal("secret").unwrap();
        assert_eq!(found.sealer().open(&sealed).unwrap(), "secret");
        assert!(!format!("{made:?}").contains(made.expose()));
    }

    #[test]
    fn a_missing_or_broken_one_beside_a_store_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path());
        std::fs::write(data.database(), "").unwrap();
        assert_eq!(SealingKey::find_or_make(None, &data).unwrap_err().exit_code(), 2);
        std::fs::write(dir.path().join(KEY_FILE), "short").unwrap();
        assert_eq!(SealingKey::find_or_make(None, &data).unwrap_err().exit_code(), 2);
        let configured = Secret::from(STANDARD.encode([7; SEALING_KEY_BYTES]));
        SealingKey::find_or_make(Some(&configured), &data).unwrap();
    }
}
