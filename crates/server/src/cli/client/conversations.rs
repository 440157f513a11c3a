//! `crosspoint conversations`.

use client::sunshine::types::{ConversationCreateBody, ConversationFilter, ConversationUpdateBody};
use serde_json::json;

use super::body::{Data, text};
use super::session::Target;
use super::{LIMIT, show};
use crate::exit::Result;

/// List, read, make, change, close and delete conversations of an app.
#[derive(clap::Args)]
#[command(arg_required_else_help = true, after_help = "Example:\n  crosspoint conversations list --user ann")]
pub(in crate::cli) struct Conversations {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the conversations of a user.
    #[command(after_help = "Example:\n  crosspoint conversations list --user ann")]
    List {
        /// The user's id or external id.
        #[arg(long, value_name = "USER")]
        user: String,
        /// Conversations at most.
        #[arg(long, value_name = "COUNT", default_value_t = LIMIT)]
        limit: usize,
    },
    /// Read a conversation, with who is in control of it.
    #[command(after_help = "Example:\n  crosspoint conversations get 029c31f25a21b47effd7be90")]
    Get(One),
    /// Make a conversation with a user.
    #[command(after_help = "Example:\n  crosspoint conversations create --user ann")]
    Create {
        /// The user's id or external id.
        #[arg(long, value_name = "USER")]
        user: String,
        /// Its name.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Change a conversation.
    #[command(
        after_help = "Example:\n  crosspoint conversations update 029c31f25a21b47effd7be90 --name Parcel"
    )]
    Update {
        #[command(flatten)]
        one: One,
        /// Its new name.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Delete a conversation with its messages.
    #[command(after_help = "Example:\n  crosspoint conversations delete 029c31f25a21b47effd7be90")]
    Delete(One),
    /// Close a conversation and release control.
    #[command(after_help = "Example:\n  crosspoint conversations close 029c31f25a21b47effd7be90")]
    Close(One),
    /// Open a closed conversation again.
    #[command(after_help = "Example:\n  crosspoint conversations reopen 029c31f25a21b47effd7be90")]
    Reopen(One),
}

#[derive(clap::Args)]
struct One {
    /// The conversation.
    #[arg(value_name = "CONVERSATION_ID")]
    id: String,
}

impl Conversations {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| {
            let (sunshine, app) = (&session.sunshine, session.app()?);
            match self.command {
                Command::List { user, limit } => {
                    let user_id = Some(sunshine.get_user(app, &user).await?.user.id);
                    let filter = ConversationFilter { user_id, ..Default::default() };
                    let found = show::collect(sunshine.list_conversations(app, &filter), limit).await?;
                    show::list(session, &found, ["CONVERSATION", "TYPE", "IN CONTROL", "NAME"], |it| {
                        let active = show::cell(&it.active_name());
                        [it.id.clone(), it.kind.to_string(), active, show::cell(&it.display_name)]
                    });
                }
                Command::Get(one) => {
                    show::thing(session, &sunshine.get_conversation(app, &one.id).await?.conversation);
                }
                Command::Create { user, name, data } => {
                    let user_id = sunshine.get_user(app, &user).await?.user.id;
                    let fields = [
                        ("type", Some(json!("personal"))),
                        ("participants", Some(json!([{ "userId": user_id }]))),
                        ("displayName", text(&name)),
                    ];
                    let body: ConversationCreateBody = data.body(fields)?;
                    show::thing(session, &sunshine.create_conversation(app, &body).await?.conversation);
                }
                Command::Update { one, name, data } => {
                    let body: ConversationUpdateBody = data.body([("displayName", text(&name))])?;
                    show::thing(
                        session,
                        &sunshine.update_conversation(app, &one.id, &body).await?.conversation,
                    );
                }
                Command::Delete(one) => {
                    sunshine.delete_conversation(app, &one.id).await?;
                    show::deleted(session, &one.id);
                }
                Command::Close(one) => {
                    show::thing(
                        session,
                        &session.crosspoint.close_conversation(app, &one.id).await?.conversation,
                    );
                }
                Command::Reopen(one) => {
                    show::thing(
                        session,
                        &session.crosspoint.reopen_conversation(app, &one.id).await?.conversation,
                    );
                }
            }
            Ok(())
        })
    }
}
