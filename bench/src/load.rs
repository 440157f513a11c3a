//! Load: a number of connections, each sending as fast as it is answered, for a time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::http::Connection;

/// What a round of load gave.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// Answers a second.
    pub rate: f64,
    /// Latency that half of the answers kept, milliseconds.
    pub p50_ms: f64,
    /// Latency that 99 of 100 answers kept, milliseconds.
    pub p99_ms: f64,
    /// Answers with another status than expected.
    pub unexpected: usize,
    /// All answers, with those that do not count for the rate.
    pub answers: usize,
}

/// Sends requests over `connections` connections for `time`; `request` makes the n-th of a
/// connection. Answers of the first tenth of the time do not count.
pub async fn run(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    expected: u16,
    request: Arc<dyn Fn(usize, usize) -> Arc<Vec<u8>> + Send + Sync>,
) -> io::Result<Round> {
    let begin = Instant::now();
    let counted_from = begin + time / 10;
    let end = begin + time;
    let mut tasks = Vec::with_capacity(connections);
    for connection in 0..connections {
        let request = request.clone();
        tasks.push(tokio::spawn(async move {
            let mut open = Connection::open(address).await?;
            let (mut latencies, mut unexpected, mut n) = (Vec::new(), 0usize, 0usize);
            while Instant::now() < end {
                let bytes = request(connection, n);
                let sent = Instant::now();
                let answer = open.call(&bytes).await?;
                n += 1;
                unexpected += usize::from(answer.status != expected);
                if sent >= counted_from {
                    latencies.push(sent.elapsed());
                }
            }
            io::Result::Ok((latencies, unexpected, n))
        }));
    }
    let (mut latencies, mut unexpected, mut answers) = (Vec::new(), 0, 0);
    for task in tasks {
        let (some, wrong, all) = task.await.map_err(io::Error::other)??;
        latencies.extend(some);
        unexpected += wrong;
        answers += all;
    }
    latencies.sort_unstable();
    let at = |share: f64| {
        let place = ((latencies.len() as f64 - 1.0) * share).max(0.0) as usize;
        latencies.get(place).map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
    };
    let counted = (end - counted_from).as_secs_f64();
    Ok(Round {
        rate: latencies.len() as f64 / counted,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        unexpected,
        answers,
    })
}
