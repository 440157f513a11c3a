//! What the simulator itself cannot do.

/// Why the simulator did not do what a test, a script or a person asked.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// Its address could not be taken.
    #[error("listening on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// It serves loopback alone.
    #[error("the simulator listens on loopback only, not on {0}")]
    NotLoopback(std::net::SocketAddr),
    /// There is no such account.
    #[error("there is no {0} account {1}")]
    NoAccount(&'static str, String),
    /// There is no such message or button.
    #[error("{0}")]
    NotThere(String),
    /// A customer cannot do this on this channel.
    #[error("a customer of {0} cannot {1}")]
    NotOnThisChannel(&'static str, &'static str),
    /// A request of the control interface or a script that is not understood.
    #[error("{0}")]
    Unreadable(String),
    /// What was waited for has not come.
    #[error("waited {0} ms for {1}")]
    TimedOut(u64, String),
}
