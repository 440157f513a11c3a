//! The server's end of the control socket.

use std::fs::{File, Permissions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::frame::{Frame, read_line, write_line};
use super::{Admin, Request};
use crate::backup::{Contents, Part};
use crate::data_dir::DataDir;
use crate::exit::{Failure, Result};

/// Longest path that a socket's address holds on all systems.
const PATH_BYTES_MAX: usize = 100;

/// A path to the control socket that fits into an address: a long one goes by the open folder.
pub(super) struct SocketPath {
    pub(super) path: PathBuf,
    _folder: Option<File>,
}

impl SocketPath {
    pub(super) fn of(dir: &DataDir) -> io::Result<SocketPath> {
        let path = dir.control_socket();
        if path.as_os_str().len() <= PATH_BYTES_MAX {
            return Ok(SocketPath { path, _folder: None });
        }
        let folder = File::open(dir.path())?;
        let short = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join("control.sock");
        Ok(SocketPath { path: short, _folder: Some(folder) })
    }
}

/// The socket of a running server.
pub(crate) struct Socket {
    listener: UnixListener,
}

impl Socket {
    /// Makes the socket, for its owner only. Needs the lock: a socket that is there is nobody's.
    pub(crate) fn bind(dir: &DataDir) -> Result<Socket> {
        let bound = (|| {
            let _none_may_be_there = std::fs::remove_file(dir.control_socket());
            let short = SocketPath::of(dir)?;
            let listener = UnixListener::bind(&short.path)?;
            std::fs::set_permissions(dir.control_socket(), Permissions::from_mode(0o600))?;
            Ok(listener)
        })();
        let place = dir.control_socket();
        let bound = bound
            .map_err(|error: io::Error| Failure::file(format_args!("making {}", place.display()), &error));
        Ok(Socket { listener: bound? })
    }

    /// Answers until it is dropped; the conversations that go on then end with it, so that none
    /// keeps the store open.
    pub(crate) async fn serve(&self, admin: Arc<Admin>) {
        let mut conversations = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        conversations.spawn(converse(stream, admin.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a connection to the control socket could not be accepted");
                        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    }
                },
                Some(_ended) = conversations.join_next() => {}
            }
        }
    }
}

async fn converse(stream: UnixStream, admin: Arc<Admin>) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    if let Err(error) = answer_all(&mut reader, &mut writer, &admin).await {
        tracing::debug!(%error, "a conversation over the control socket ended early");
    }
}

async fn answer_all(
    reader: &mut BufReader<OwnedReadHalf>,
    writer: &mut OwnedWriteHalf,
    admin: &Admin,
) -> io::Result<()> {
    loop {
        let request = match read_line::<Request>(reader).await {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(error)
                if error.kind() == io::ErrorKind::InvalidData || error.kind() == io::ErrorKind::Other =>
            {
                let text = format!("the running server does not understand this command: {error}");
                return write_line(writer, &Frame::Error { text, refused: false }).await;
            }
            Err(error) => return Err(error),
        };
        match request {
            Request::Backup(contents) => send_backup(writer, admin, contents).await?,
            request => {
                let frame = match admin.perform(request).await {
                    Ok(answer) => Frame::Answer(answer),
                    Err(failure) => error_frame(&failure),
                };
                write_line(writer, &frame).await?;
            }
        }
        writer.flush().await?;
    }
}

async fn send_backup(writer: &mut OwnedWriteHalf, admin: &Admin, contents: Contents) -> io::Result<()> {
    let mut parts = admin.backup(contents);
    while let Some(part) = parts.recv().await {
        match part {
            Part::Progress { done, of } => write_line(writer, &Frame::Progress { done, of }).await?,
            Part::Bytes(bytes) => {
                write_line(writer, &Frame::Bytes(bytes.len())).await?;
                writer.write_all(&bytes).await?;
            }
            Part::End => write_line(writer, &Frame::End).await?,
            Part::Failed(text) => write_line(writer, &Frame::Error { text, refused: false }).await?,
        }
    }
    Ok(())
}

fn error_frame(failure: &Failure) -> Frame {
    Frame::Error { text: failure.to_string(), refused: matches!(failure, Failure::Refused(_)) }
}
