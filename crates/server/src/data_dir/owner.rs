//! Whose a data directory is: what another user makes in it, the server could not open.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::DataDir;
use crate::exit::{Failure, Result};

impl DataDir {
    /// Refuses to work on the files of another user's server. A command that root runs would leave a lock and
    /// a log of the database behind that are root's.
    ///
    /// # Errors
    /// Refused: the database is another user's, or this one may not even look.
    pub fn check_owner(&self) -> Result<()> {
        let database = self.database();
        match std::fs::metadata(&database) {
            Ok(about) => check(&database, about.uid(), rustix::process::geteuid().as_raw()),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let path = self.path().display();
                Err(Failure::refused(format!(
                    "this user may not look into the data directory {path}: run the command as the user of the \
                     server (sudo -u USER crosspoint …)"
                )))
            }
            Err(_) => Ok(()),
        }
    }

    /// The user of the directory, where it is another one than the user of this process.
    pub fn foreign_owner(&self) -> Option<u32> {
        let owner = std::fs::metadata(self.path()).ok()?.uid();
        (owner != rustix::process::geteuid().as_raw()).then_some(owner)
    }
}

fn check(file: &Path, owner: u32, user: u32) -> Result<()> {
    match owner == user {
        true => Ok(()),
        false => Err(Failure::refused(format!(
            "{} is user {owner}'s, and this is user {user}: run the command as that user (sudo -u '#{owner}' \
             crosspoint …), since the server could not open what another one leaves behind",
            file.display()
        ))),
    }
}

/// A file of a data directory that may not be opened.
pub(super) fn not_ours(file: &Path) -> Failure {
    let folder = file.parent().unwrap_or(file).display();
    Failure::refused(format!(
        "{} may not be opened, since another user has made it: run this as that user, or give the directory to \
         this one (chown -R USER {folder})",
        file.display()
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_database_is_worked_on_by_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path());
        data.check_owner().unwrap();
        std::fs::write(data.database(), "").unwrap();
        data.check_owner().unwrap();
        assert_eq!(data.foreign_owner(), None);
        let refused = check(&data.database(), 999, 0).unwrap_err();
        assert_eq!(refused.exit_code(), 2);
        assert!(refused.to_string().contains("sudo -u '#999'"), "{refused}");
    }
}
