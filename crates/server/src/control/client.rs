//! The command's end: a running server, or the files.

use std::io;

use store::{Options, Store};
use tokio::io::BufReader;
use tokio::net::UnixStream;
use tokio::sync::mpsc;

use super::frame::{Frame, read_bytes, read_line, write_line};
use super::socket::SocketPath;
use super::{Admin, Answer, Request};
use crate::attachments;
use crate::backup::{Contents, Part};
use crate::config::Config;
use crate::data_dir::{DataDir, Lock, SealingKey};
use crate::exit::{Failure, Result};
use crate::server::hub_settings;

/// Whom a command asks.
pub(crate) enum Connection {
    /// A running server.
    Server(BufReader<UnixStream>),
    /// The files, under the lock.
    Files(Box<(Admin, Lock)>),
}

impl Connection {
    /// Finds the running server of a data directory, or else opens the files.
    ///
    /// # Errors
    /// Refused: no store there, or another user's, no sealing key, a server that is just starting or ending.
    pub(crate) async fn open(config: &Config) -> Result<Connection> {
        let dir = DataDir::new(&config.store.data_dir);
        if let Some(stream) = connect(&dir).await {
            return Ok(Connection::Server(BufReader::new(stream)));
        }
        dir.check_owner()?;
        if !dir.has_store() {
            let path = dir.path().display();
            return Err(Failure::refused(format!(
                "there is no data in {path}; name the right place with --data-dir"
            )));
        }
        let Some(lock) = dir.try_lock()? else {
            return Err(Failure::failed("a server is just starting or ending there; try again"));
        };
        dir.check_restored()?;
        let key = SealingKey::find_or_make(config.store.sealing_key.as_ref(), &dir)?;
        let files = attachments::files(config, &dir)?;
        let store = Store::open(Options::new(dir.path()))?;
        let settings = hub_settings(config, "");
        let hub = hub::Hub::new(store.clone(), files.clone(), key.sealer(), settings);
        Ok(Connection::Files(Box::new((Admin { hub, store, files, dir, key }, lock))))
    }

    /// Asks for anything but a backup.
    pub(crate) async fn ask(&mut self, request: Request) -> Result<Answer> {
        match self {
            Connection::Files(files) => files.0.perform(request).await,
            Connection::Server(stream) => {
                write_line(stream, &request).await.map_err(lost)?;
                match read_line(stream).await.map_err(lost)? {
                    Some(Frame::Answer(answer)) => Ok(answer),
                    Some(Frame::Error { text, refused }) => Err(told(text, refused)),
                    _ => Err(gone()),
                }
            }
        }
    }

    /// Asks for a backup; its parts come in order.
    pub(crate) async fn backup(&mut self, contents: Contents) -> Result<Parts<'_>> {
        match self {
            Connection::Files(files) => {
                attachments::claim(&files.0.files, &files.0.dir, false).await?;
                Ok(Parts::Files(files.0.backup(contents)))
            }
            Connection::Server(stream) => {
                write_line(stream, &Request::Backup(contents)).await.map_err(lost)?;
                Ok(Parts::Server(stream))
            }
        }
    }

    /// Ends the conversation; files are closed in order.
    pub(crate) async fn close(self) {
        if let Connection::Files(files) = self {
            let (Admin { hub, store, .. }, _lock) = *files;
            drop(hub);
            store.close().await;
        }
    }
}

/// The parts of an archive that is being made.
pub(crate) enum Parts<'a> {
    Server(&'a mut BufReader<UnixStream>),
    Files(mpsc::Receiver<Part>),
}

impl Parts<'_> {
    /// The next part. The last is [`Part::End`] or [`Part::Failed`].
    pub(crate) async fn next(&mut self) -> Part {
        let part = match self {
            Parts::Files(parts) => Ok(parts.recv().await),
            Parts::Server(stream) => read_part(stream).await,
        };
        match part {
            Ok(Some(part)) => part,
            Ok(None) => Part::Failed(gone().to_string()),
            Err(error) => Part::Failed(lost(error).to_string()),
        }
    }
}

async fn read_part(stream: &mut BufReader<UnixStream>) -> io::Result<Option<Part>> {
    Ok(match read_line(stream).await? {
        Some(Frame::Progress { done, of }) => Some(Part::Progress { done, of }),
        Some(Frame::Bytes(count)) => Some(Part::Bytes(read_bytes(stream, count).await?)),
        Some(Frame::End) => Some(Part::End),
        Some(Frame::Error { text, .. }) => Some(Part::Failed(text)),
        Some(Frame::Answer(_)) | None => None,
    })
}

async fn connect(dir: &DataDir) -> Option<UnixStream> {
    let path = SocketPath::of(dir).ok()?;
    UnixStream::connect(&path.path).await.ok()
}

fn told(text: String, refused: bool) -> Failure {
    if refused { Failure::Refused(text) } else { Failure::Failed(text) }
}

fn lost(error: io::Error) -> Failure {
    Failure::failed(format!("the connection to the running server was lost: {error}"))
}

fn gone() -> Failure {
    Failure::failed("the running server ended the connection")
}
