//! Media of customers: fetched by delivery, kept by the hub (decision 27).

use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use model::Millis;
use model::content::{Content, MediaRef, Text};
use model::event::EventType;
use model::limits::{MEDIUM_WAIT_MS, SWEEP_SLICE_ROWS_MAX};
use model::record::{IntegrationKey, Message, MessageKey};
use store::files::FileWrite;
use store::rows::downloads::{self, Download};
use store::rows::{apps, attachments, conversations, messages, users};
use store::{Command, Ctx, Tx};

use super::{EventView, Outbox};
use crate::channel::OpenChannel;
use crate::error::{HubError, Result};
use crate::rules::emit::{self, EventDraft};
use crate::rules::words::{Words, words_for};

/// A medium that is to be fetched, and by whom.
#[derive(Clone, Debug)]
pub struct WaitingMedium {
    /// Names it in the other calls.
    pub key: i64,
    /// Whose provider has it.
    pub integration: IntegrationKey,
    /// The integration; `None` when it is gone.
    pub channel: Option<OpenChannel>,
    /// What the channel needs to fetch it.
    pub medium: model::channel::InboundMedia,
    /// Attempts so far.
    pub attempts: i64,
    /// When it was asked for.
    pub since: Millis,
    token: String,
}

/// What became of a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEnd {
    /// Its file is there.
    Stored {
        /// MIME type, as the bytes or the provider say.
        media_type: String,
        /// Bytes.
        size: u64,
    },
    /// It will not come; why, for people.
    Refused(String),
}

/// One of our own attachments that goes out, not read yet.
#[derive(Clone, Debug)]
pub struct OwnFile {
    token: String,
    /// MIME type.
    pub media_type: String,
    /// Bytes.
    pub size: usize,
}

/// A file that is being written.
pub struct MediumFile {
    file: FileWrite,
}

impl MediumFile {
    /// Adds bytes.
    pub async fn add(&mut self, bytes: Bytes) -> Result<()> {
        Ok(self.file.add(bytes).await?)
    }

    /// Ends the file; it is durable when this returns.
    pub async fn finish(self) -> Result<()> {
        Ok(self.file.finish().await?)
    }
}

struct Postpone {
    key: i64,
    attempts: i64,
    next_at: Millis,
}

impl Command for Postpone {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        Ok(downloads::postpone(tx, self.key, self.attempts, self.next_at).await?)
    }
}

struct BeginMedia;

impl Command for BeginMedia {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        Ok(downloads::make_due(tx, ctx.now, SWEEP_SLICE_ROWS_MAX).await?)
    }
}

struct SettleMedium {
    key: i64,
    end: FileEnd,
}

impl Command for SettleMedium {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let Some(download) = downloads::by_key(tx, self.key).await? else { return Ok(()) };
        let message = messages::by_key(tx, download.message).await?;
        let attachment = attachments::by_token(tx, &download.token).await?;
        downloads::remove(tx, download.key).await?;
        match &self.end {
            FileEnd::Stored { media_type, size } => {
                let bytes = i64::try_from(*size).unwrap_or(i64::MAX);
                attachments::describe(tx, download.attachment, media_type, bytes).await?;
                if let Some(message) = message {
                    describe(tx, &message, &download, media_type, *size).await?;
                }
            }
            FileEnd::Refused(reason) => {
                let name = attachment.map_or_else(|| "the file".to_owned(), |attachment| attachment.name);
                attachments::mark_deleted(tx, download.attachment, ctx.now).await?;
                let showing = message.and_then(|message| Some((still_shown(&message, &download)?, message)));
                if let Some((content, message)) = showing {
                    let words = words_of(tx, &message).await?;
                    let note = format!("({name} {}: {reason})", words.not_received);
                    replace(tx, &message, content, &note).await?;
                    if ctx.now.since(download.created_at) > MEDIUM_WAIT_MS {
                        tell_again(tx, ctx, &message).await?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Writes type and size into the content.
async fn describe(
    tx: &mut Tx,
    message: &Message,
    download: &Download,
    media_type: &str,
    size: u64,
) -> Result<()> {
    let Ok(mut content) = serde_json::from_str::<Content>(&message.content) else { return Ok(()) };
    for mut slot in content.media_mut() {
        if is_of(slot.media, download) {
            slot.describe(media_type, size);
        }
    }
    write(tx, message, &content).await
}

/// The content of a message that still shows what was to be fetched: it may have been edited meanwhile, or
/// deleted.
fn still_shown(message: &Message, download: &Download) -> Option<Content> {
    let mut content = serde_json::from_str::<Content>(&message.content).ok()?;
    let is_shown = content.media_mut().into_iter().any(|slot| is_of(slot.media, download));
    (is_shown && !message.deleted).then_some(content)
}

fn is_of(media: &MediaRef, download: &Download) -> bool {
    matches!(media, MediaRef::Attachment { token, .. } if *token == download.token)
}

/// The words of the person who wrote a message.
async fn words_of(tx: &mut Tx, message: &Message) -> Result<&'static Words> {
    let user = users::by_key(tx, message.author.user.unwrap_or_default()).await?;
    let app = match &user {
        Some(user) => apps::by_key(tx, user.app).await?,
        None => None,
    };
    Ok(words_for(&app.map(|app| app.settings).unwrap_or_default(), user.as_ref()))
}

/// A text that names the file and the reason takes the place of what did not come.
async fn replace(tx: &mut Tx, message: &Message, content: Content, note: &str) -> Result<()> {
    let caption = match content {
        // A sticker has no caption; its emoji is what is left of it.
        Content::Image(media) | Content::File(media) => media.text.or(media.alt_text),
        _ => None,
    };
    let text = match caption {
        Some(caption) => format!("{caption}\n\n{note}"),
        None => note.to_owned(),
    };
    let text = model::fit::cut(&text, model::limits::TEXT_CHARS_MAX, model::fit::Unit::Characters);
    write(tx, message, &Content::Text(Text { text: Some(text), ..Text::default() })).await
}

async fn write(tx: &mut Tx, message: &Message, content: &Content) -> Result<()> {
    let text = serde_json::to_string(content).map_err(|error| HubError::invalid(error.to_string()))?;
    Ok(messages::replace_content(tx, message.key, content.kind(), &text).await?)
}

/// The lane has not waited for so long: the message is told again as it is now.
async fn tell_again(tx: &mut Tx, ctx: &Ctx, message: &Message) -> Result<()> {
    let Some(mut found) = conversations::by_key(tx, message.conversation).await? else { return Ok(()) };
    let user = message.author.user.unwrap_or_default();
    let draft = EventDraft { user, message: message.key, ..EventDraft::default() };
    emit::and_save(tx, ctx, EventType::ConversationMessage, &mut found, draft).await
}

impl Outbox {
    /// One of our own attachments, by its address; `None` for an address of somebody else, or a file of more
    /// than `bytes_max`.
    pub async fn own_file(&self, url: &str, bytes_max: usize) -> Result<Option<OwnFile>> {
        let ours = format!("{}/attachments/", self.hub.settings().public_url);
        let Some(path) = url.strip_prefix(&ours) else { return Ok(None) };
        let token = path.split(['/', '?']).next().unwrap_or_default();
        let found = attachments::by_token(&mut *self.hub.reader().await?, token).await?;
        Ok(found.and_then(|found| {
            let size = usize::try_from(found.size).ok().filter(|size| *size <= bytes_max)?;
            Some(OwnFile { token: token.to_owned(), media_type: found.media_type, size })
        }))
    }

    /// Its bytes; `None` when it is gone.
    pub async fn own_bytes(&self, own: &OwnFile) -> Result<Option<Bytes>> {
        let Some(mut file) = self.hub.files().read(&own.token, None).await? else { return Ok(None) };
        let mut bytes = Vec::with_capacity(own.size);
        while let Some(piece) = file.bytes.next().await {
            let failed = |error: std::io::Error| store::StoreError::Engine(format!("attachments: {error}"));
            bytes.extend_from_slice(&piece.map_err(failed)?);
        }
        Ok(Some(Bytes::from(bytes)))
    }

    /// What a stopped server was fetching is nobody's now: it is due at once.
    pub async fn begin_media(&self) -> Result<()> {
        self.hub.run(BeginMedia).await
    }

    /// Up to `limit` media that are due, of each integration at most `share`.
    pub async fn due_media(&self, share: usize, limit: usize) -> Result<Vec<WaitingMedium>> {
        let due = downloads::due(&mut *self.hub.reader().await?, self.now(), share, limit).await?;
        let mut waiting = Vec::with_capacity(due.len());
        for download in due {
            let channel = self.hub.channel_by_key(download.integration).await?;
            let Download { key, integration, medium, attempts, created_at, token, .. } = download;
            let since = created_at;
            waiting.push(WaitingMedium { key, integration, channel, medium, attempts, since, token });
        }
        Ok(waiting)
    }

    /// Returns when a medium may have come to be fetched.
    pub async fn media_to_fetch(&self) {
        self.hub.media().notified().await;
    }

    /// Begins the file of a medium.
    pub async fn write_medium(&self, medium: &WaitingMedium) -> Result<MediumFile> {
        Ok(MediumFile { file: self.hub.files().write(&medium.token) })
    }

    /// A medium is tried again later.
    pub async fn postpone_medium(&self, key: i64, attempts: i64, next_at: Millis) -> Result<()> {
        self.hub.run(Postpone { key, attempts, next_at }).await
    }

    /// A medium came, or will not come.
    pub async fn settle_medium(&self, key: i64, end: FileEnd) -> Result<()> {
        self.hub.run(SettleMedium { key, end }).await?;
        self.hub.media_settled().send_modify(|count| *count += 1);
        Ok(())
    }

    /// The same for the message of an event; without one there is nothing to wait for.
    pub(crate) async fn wait_for_media_of(&self, event: &EventView) -> Result<()> {
        match &event.message {
            Some(view) => self.wait_for_media(view.message.key, event.at).await,
            None => Ok(()),
        }
    }

    /// Waits until every medium of a message is there or will not come, but not longer than its
    /// conversation's events wait.
    pub async fn wait_for_media(&self, message: MessageKey, since: Millis) -> Result<()> {
        let mut settled = self.hub.media_settled().subscribe();
        // An event of the future, from when the clock was ahead, waits no longer than others.
        let longest = tokio::time::Instant::now() + Duration::from_millis(MEDIUM_WAIT_MS as u64);
        loop {
            settled.borrow_and_update();
            let is_waiting = downloads::has_waiting(&mut *self.hub.reader().await?, message).await?;
            let left = MEDIUM_WAIT_MS - self.now().since(since);
            let Ok(left @ 1..) = u64::try_from(left) else { return Ok(()) };
            if !is_waiting || tokio::time::Instant::now() >= longest {
                return Ok(());
            }
            // A clock that is moved by hand does not wake anybody.
            let pause = Duration::from_millis(left.min(1_000));
            let _settled_or_time = tokio::time::timeout(pause, settled.changed()).await;
        }
    }
}
