//! `crosspoint messages`. The API neither reads nor changes a single message.

use client::sunshine::types::{Message, MessagePost};
use serde_json::{Value, json};

use super::body::{Data, text};
use super::said::Said;
use super::session::Target;
use super::{LIMIT, show};
use crate::exit::Result;

/// List, post, preview and delete messages of a conversation.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint messages create 029c31f25a21b47effd7be90 --text Hello"
)]
pub(in crate::cli) struct Messages {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the newest messages, the oldest of them first.
    #[command(after_help = "Example:\n  crosspoint messages list 029c31f25a21b47effd7be90 --limit 20")]
    List {
        /// The conversation.
        #[arg(value_name = "CONVERSATION_ID")]
        conversation: String,
        /// Messages at most.
        #[arg(long, value_name = "COUNT", default_value_t = LIMIT)]
        limit: usize,
    },
    /// Post a message of the business, or of a user.
    #[command(
        after_help = "Examples:\n  crosspoint messages create 029c31f25a21b47effd7be90 --text Hello\n  \
                      crosspoint messages create 029c31f25a21b47effd7be90 --as-user ann --text Hi"
    )]
    Create {
        /// The conversation.
        #[arg(value_name = "CONVERSATION_ID")]
        conversation: String,
        /// What it says.
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        /// The user who says it, by id or external id; the business when nobody is named.
        #[arg(long, value_name = "USER")]
        as_user: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Show what each channel would make of a message; nothing is sent.
    #[command(after_help = "Example:\n  crosspoint messages preview --text Hello")]
    Preview {
        /// What it says.
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Delete a message, or all of a conversation.
    #[command(
        after_help = "Example:\n  crosspoint messages delete 029c31f25a21b47effd7be90 5d94817cd55b040010928b77"
    )]
    Delete {
        /// The conversation.
        #[arg(value_name = "CONVERSATION_ID")]
        conversation: String,
        /// The message.
        #[arg(value_name = "MESSAGE_ID", required_unless_present = "all", conflicts_with = "all")]
        message: Option<String>,
        /// All of the conversation.
        #[arg(long)]
        all: bool,
    },
}

impl Messages {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| {
            let (sunshine, app) = (&session.sunshine, session.app()?);
            match self.command {
                Command::List { conversation, limit } => {
                    let mut found = show::collect(sunshine.list_messages(app, &conversation), limit).await?;
                    found.reverse();
                    show::list(session, &found, ["MESSAGE", "RECEIVED", "FROM", "WHAT"], |it| {
                        [
                            it.id.clone(),
                            it.received.clone(),
                            author(it),
                            Said::of(&it.content).lines.join(" · "),
                        ]
                    });
                }
                Command::Create { conversation, text: said, as_user, data } => {
                    let author = match as_user {
                        None => json!({ "type": "business" }),
                        Some(user) => {
                            json!({ "type": "user", "userId": sunshine.get_user(app, &user).await?.user.id })
                        }
                    };
                    let content = text(&said).map(|said| json!({ "type": "text", "text": said }));
                    let body: MessagePost = data.body([("author", Some(author)), ("content", content)])?;
                    let made = sunshine.post_message(app, &conversation, &body).await?.messages;
                    let fields = made.first().map_or(Value::Null, |made| json!(made));
                    show::thing(session, &fields);
                }
                Command::Preview { text: said, data } => {
                    let author = json!({ "type": "business" });
                    let content = text(&said).map(|said| json!({ "type": "text", "text": said }));
                    let body: MessagePost = data.body([("author", Some(author)), ("content", content)])?;
                    let found = session.crosspoint.preview_message(app, &body).await?.previews;
                    show::list(session, &found, ["CHANNEL", "REQUESTS", "LOSES"], |it| {
                        let lost: Vec<_> = it.losses.iter().map(|loss| loss.part.as_str()).collect();
                        let losses = it.refused.clone().unwrap_or_else(|| lost.join(" "));
                        let sender = it.sender.as_ref().map(|sender| format!(" ({sender})"));
                        let channel = format!("{}{}", it.channel, sender.unwrap_or_default());
                        [channel, it.requests.len().to_string(), losses]
                    });
                }
                Command::Delete { conversation, message, all: _ } => {
                    match &message {
                        Some(message) => sunshine.delete_message(app, &conversation, message).await?,
                        None => sunshine.delete_all_messages(app, &conversation).await?,
                    };
                    show::done(
                        session,
                        format_args!("{} deleted", message.as_deref().unwrap_or("all messages are")),
                    );
                }
            }
            Ok(())
        })
    }
}

/// Who wrote a message.
pub(super) fn author(message: &Message) -> String {
    message.author.display_name.clone().unwrap_or_else(|| message.author.kind.to_string())
}
