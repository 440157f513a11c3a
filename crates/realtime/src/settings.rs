//! How sockets are kept.

use std::time::Duration;

/// How sockets are kept. The times are those of the published servers.
#[derive(Clone, Debug)]
pub struct SocketSettings {
    /// Open sockets of one integration, at most.
    pub per_integration_max: usize,
    /// Open sockets of one visitor of a page, at most. A browser has one for each of its windows.
    pub per_visit_max: usize,
    /// Largest record that a client may send, bytes.
    pub record_bytes_max: usize,
    /// Time in which a client has to say what it speaks.
    pub greeting_time: Duration,
    /// A keep-alive is sent when nothing else was sent for so long.
    pub keep_alive: Duration,
    /// A client that is silent for so long is gone.
    pub silence_max: Duration,
    /// How often it is looked whether a socket may still listen.
    pub check_every: Duration,
    /// A write that takes longer is given up, with the socket.
    pub write_time_max: Duration,
    /// Records that may wait for a slow client.
    pub waiting_records_max: usize,
    /// Bytes of records that may wait for a slow client.
    pub waiting_bytes_max: usize,
}

impl Default for SocketSettings {
    fn default() -> SocketSettings {
        SocketSettings {
            per_integration_max: 10_000,
            per_visit_max: 10,
            record_bytes_max: 32 * 1024,
            greeting_time: Duration::from_secs(15),
            keep_alive: Duration::from_secs(15),
            silence_max: Duration::from_secs(30),
            check_every: Duration::from_secs(15),
            write_time_max: Duration::from_secs(10),
            waiting_records_max: 256,
            waiting_bytes_max: 4 * 1024 * 1024,
        }
    }
}
