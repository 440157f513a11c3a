//! The life of one socket.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures::SinkExt as _;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::listeners::Seat;
use crate::protocol::{Admission, Farewell, Protocol, Turn};
use crate::settings::SocketSettings;
use crate::sockets::Sockets;
use crate::{ENDED, OPEN};

/// Records that are written in one go.
const BURST_RECORDS: usize = 64;
/// How long a client may take to answer a close.
const CLOSE_TIME_MAX: Duration = Duration::from_secs(1);

/// How a socket ended, for the metrics.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The client closed it, or went away.
    Client,
    /// It broke the protocol, or did not say what it speaks.
    Protocol,
    /// It was silent.
    Silent,
    /// It did not keep up.
    Slow,
    /// It may not listen, or no longer.
    Refused,
    /// The server stops.
    Drained,
}

impl End {
    fn as_str(self) -> &'static str {
        match self {
            End::Client => "client",
            End::Protocol => "protocol",
            End::Silent => "silent",
            End::Slow => "slow",
            End::Refused => "refused",
            End::Drained => "drained",
        }
    }
}

/// An open socket; it is counted until it is dropped.
struct Counted;

impl Counted {
    fn begin() -> Counted {
        metrics::gauge!(OPEN).increment(1.0);
        Counted
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!(OPEN).decrement(1.0);
    }
}

/// Speaks with a client until the socket ends.
pub(crate) async fn run<P: Protocol>(
    sockets: &Sockets,
    socket: WebSocket,
    protocol: P,
    admission: Admission,
) {
    let _counted = Counted::begin();
    let now = Instant::now();
    let settings = sockets.settings().clone();
    let check_at = now + spread(settings.check_every);
    let mut pump = Pump {
        sockets,
        socket,
        protocol,
        settings,
        seat: None,
        cut: CancellationToken::new(),
        opened: now,
        heard: now,
        sent: now,
        check_at,
    };
    let end = pump.live(admission).await;
    metrics::counter!(ENDED, "reason" => end.as_str()).increment(1);
}

/// Between half of a time and all of it, so that sockets that came together do not ask together.
fn spread(time: Duration) -> Duration {
    time.mul_f64(0.5 + rand::random::<f64>() / 2.0)
}

struct Pump<'a, P> {
    sockets: &'a Sockets,
    socket: WebSocket,
    protocol: P,
    settings: SocketSettings,
    /// Its place among the listeners, once the client has said what it speaks.
    seat: Option<Seat>,
    cut: CancellationToken,
    opened: Instant,
    heard: Instant,
    sent: Instant,
    check_at: Instant,
}

/// What the socket wakes up for.
enum Wake {
    Stop,
    Cut,
    Record(Utf8Bytes),
    Frame(Option<Result<Message, axum::Error>>),
    Time,
}

impl<P: Protocol> Pump<'_, P> {
    async fn live(&mut self, admission: Admission) -> End {
        loop {
            let until = self.next_deadline();
            let (stopping, cut) = (self.sockets.stopping(), &self.cut);
            let wake = tokio::select! {
                biased;
                () = stopping.cancelled() => Wake::Stop,
                () = cut.cancelled() => Wake::Cut,
                Some(record) = next_record(&mut self.seat) => Wake::Record(record),
                frame = self.socket.recv() => Wake::Frame(frame),
                () = sleep_until(until) => Wake::Time,
            };
            let ended = match wake {
                Wake::Stop => Err(self.part(&Farewell::Draining, End::Drained).await),
                Wake::Cut => Err(End::Slow),
                Wake::Record(record) => self.write_records(record).await,
                Wake::Frame(frame) => self.take(frame, &admission).await,
                Wake::Time => self.on_time(&admission).await,
            };
            if let Err(end) = ended {
                return end;
            }
        }
    }

    fn next_deadline(&self) -> Instant {
        if self.seat.is_none() {
            return self.opened + self.settings.greeting_time;
        }
        let (ping, silent) = (self.sent + self.settings.keep_alive, self.heard + self.settings.silence_max);
        ping.min(silent).min(self.check_at)
    }

    async fn on_time(&mut self, admission: &Admission) -> Result<(), End> {
        let now = Instant::now();
        if self.seat.is_none() {
            return match now >= self.opened + self.settings.greeting_time {
                true => Err(self.close(1000, End::Protocol).await),
                false => Ok(()),
            };
        }
        if now >= self.heard + self.settings.silence_max {
            return Err(self.close(1000, End::Silent).await);
        }
        if now >= self.check_at {
            self.check_at = now + self.settings.check_every;
            if let Err(why) = (admission.again)().await {
                return Err(self.part(&Farewell::Refused(why), End::Refused).await);
            }
        }
        if now >= self.sent + self.settings.keep_alive {
            let ping = self.protocol.keep_alive();
            self.write([ping]).await?;
        }
        Ok(())
    }

    /// Takes what the client has sent.
    async fn take(
        &mut self,
        frame: Option<Result<Message, axum::Error>>,
        admission: &Admission,
    ) -> Result<(), End> {
        let frame = match frame {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => {
                tracing::debug!(%error, "a socket broke");
                return Err(End::Client);
            }
            None => return Err(End::Client),
        };
        self.heard = Instant::now();
        let bytes = match &frame {
            Message::Text(text) => text.as_bytes(),
            Message::Binary(bytes) => bytes.as_ref(),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(self.answer_close().await),
        };
        let mut replies = Vec::new();
        match self.protocol.receive(bytes, &mut replies) {
            Turn::Continue => self.write(replies).await,
            Turn::Greeted => self.admit(replies, admission).await,
            Turn::Leave => {
                self.write(replies).await?;
                Err(self.close(1000, End::Client).await)
            }
            Turn::End(code) => {
                self.write(replies).await?;
                Err(self.close(code, End::Protocol).await)
            }
        }
    }

    /// Seats the socket before it is greeted, so that nothing that happens afterwards is missed. One
    /// that may not listen is told so in a frame of its own.
    async fn admit(&mut self, replies: Vec<Utf8Bytes>, admission: &Admission) -> Result<(), End> {
        let seated = match &admission.first {
            Ok(interest) => self.sockets.seat(interest.clone()).map_err(Farewell::Full),
            Err(why) => Err(Farewell::Refused(why.clone())),
        };
        let refused = match seated {
            Ok(seat) => {
                self.cut = seat.cut();
                self.seat = Some(seat);
                None
            }
            Err(why) => Some(why),
        };
        self.write(replies).await?;
        match refused {
            Some(why) => Err(self.part(&why, End::Refused).await),
            None => Ok(()),
        }
    }

    /// Writes a record and those that wait behind it.
    async fn write_records(&mut self, first: Utf8Bytes) -> Result<(), End> {
        let mut records = vec![first];
        if let Some(seat) = &mut self.seat {
            records.extend(std::iter::from_fn(|| seat.next_now()).take(BURST_RECORDS - 1));
        }
        self.write(records).await
    }

    async fn write(&mut self, records: impl IntoIterator<Item = Utf8Bytes>) -> Result<(), End> {
        let socket = &mut self.socket;
        let writing = async {
            let mut any = false;
            for record in records {
                socket.feed(Message::Text(record)).await?;
                any = true;
            }
            if any { socket.flush().await } else { Ok(()) }
        };
        let written = tokio::select! {
            biased;
            () = self.cut.cancelled() => return Err(End::Slow),
            written = timeout(self.settings.write_time_max, writing) => written,
        };
        match written {
            Ok(Ok(())) => {
                self.sent = Instant::now();
                Ok(())
            }
            Ok(Err(_)) => Err(End::Client),
            Err(_) => Err(End::Slow),
        }
    }

    /// Says why the socket ends, and ends it.
    async fn part(&mut self, why: &Farewell, end: End) -> End {
        let (record, code) = self.protocol.farewell(why);
        if let Some(record) = record
            && let Err(end) = self.write([record]).await
        {
            return end;
        }
        self.close(code, end).await
    }

    /// Closes, and waits a little for the client's answer, so that the last record arrives.
    async fn close(&mut self, code: u16, end: End) -> End {
        self.seat = None;
        let frame = CloseFrame { code, reason: Utf8Bytes::default() };
        let closing = async {
            self.socket.send(Message::Close(Some(frame))).await?;
            while let Some(Ok(frame)) = self.socket.recv().await {
                if matches!(frame, Message::Close(_)) {
                    break;
                }
            }
            Ok::<_, axum::Error>(())
        };
        let _a_client_that_does_not_answer_is_gone = timeout(CLOSE_TIME_MAX, closing).await;
        end
    }

    /// The client closes: the answer is on its way, and has to be written out.
    async fn answer_close(&mut self) -> End {
        let _gone = timeout(CLOSE_TIME_MAX, self.socket.flush()).await;
        End::Client
    }
}

/// The next record, once the socket listens.
async fn next_record(seat: &mut Option<Seat>) -> Option<Utf8Bytes> {
    match seat {
        Some(seat) => seat.next().await,
        None => std::future::pending().await,
    }
}
