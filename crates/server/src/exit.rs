//! How the program ends when it cannot do what it was asked.

use hub::HubError;
use store::StoreError;

use crate::config::ConfigError;

/// Why the program ends, with the exit code that goes with it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It refused to begin: configuration, port, lock, store version. Exit code 2.
    #[error("{0}")]
    Refused(String),
    /// It failed at work, or the server refused. Exit code 1.
    #[error("{0}")]
    Failed(String),
}

/// Result of whatever may end the program.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// The exit code of the program's contract.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Failed(_) => 1,
            Failure::Refused(_) => 2,
        }
    }

    /// Refused to begin.
    pub fn refused(text: impl Into<String>) -> Failure {
        Failure::Refused(text.into())
    }

    /// Failed at work.
    pub fn failed(text: impl Into<String>) -> Failure {
        Failure::Failed(text.into())
    }

    /// Failed at a file: what was tried, and why it did not work.
    pub fn file(what: impl std::fmt::Display, error: &std::io::Error) -> Failure {
        Failure::Failed(format!("{what}: {error}"))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Failure {
        Failure::Refused(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::Newer { .. } | StoreError::Setting(_) => Failure::Refused(error.to_string()),
            other => Failure::Failed(other.to_string()),
        }
    }
}

impl From<HubError> for Failure {
    fn from(error: HubError) -> Failure {
        match error {
            HubError::Internal(source) => source.into(),
            other => Failure::Failed(other.to_string()),
        }
    }
}
