//! Bytes over a socket, for what no HTTP client would send.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::run::PATIENCE;

/// How long a server may be silent while it answers what takes no time.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(5).saturating_mul(PATIENCE);

/// Sends bytes to `base` (`http://host:port`) and reads until the server closes or `time` is over.
/// `None` when the connection was refused; a time-out gives what came so far.
pub fn exchange(base: &str, bytes: &[u8], time: Duration) -> Option<Vec<u8>> {
    let address = base.strip_prefix("http://")?.trim_end_matches('/');
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(time)).ok()?;
    stream.set_write_timeout(Some(time)).ok()?;
    // A server that refuses while it reads may close before everything is written.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        match stream.read(&mut chunk) {
            // A child of the test that ends interrupts reads that have a time-out.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => return Some(answer),
            Ok(count) => answer.extend_from_slice(&chunk[..count]),
        }
    }
}

/// A blocking GET for places where no runtime may be entered; gives status and body.
pub fn get(base: &str, path: &str) -> Option<(u16, String)> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let answer = exchange(base, request.as_bytes(), ANSWER_TIME_MAX)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((status_of(head)?, body.to_owned()))
}

/// The status in the first line of an answer.
pub fn status_of(head: &str) -> Option<u16> {
    head.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()
}
