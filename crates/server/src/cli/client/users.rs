//! `crosspoint users`.

use client::sunshine::types::{UserCreateBody, UserFilter, UserUpdateBody};
use serde_json::{Map, Value};

use super::body::{Data, text};
use super::session::Target;
use super::show;
use crate::exit::Result;

/// Find, read, make, change and delete users of an app.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint users create --external-id ann --given-name Ann"
)]
pub(in crate::cli) struct Users {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Find users by the e-mail address of an identity.
    #[command(after_help = "Example:\n  crosspoint users list --email ann@example.com")]
    List {
        /// The address.
        #[arg(long, value_name = "ADDRESS")]
        email: String,
    },
    /// Read a user.
    #[command(after_help = "Example:\n  crosspoint users get ann")]
    Get {
        /// The user's id or external id.
        #[arg(value_name = "USER")]
        id: String,
    },
    /// Make a user.
    #[command(after_help = "Example:\n  crosspoint users create --external-id ann --given-name Ann")]
    Create {
        /// Your own id of the user.
        #[arg(long, value_name = "ID")]
        external_id: Option<String>,
        #[command(flatten)]
        profile: Profile,
        #[command(flatten)]
        data: Data,
    },
    /// Change a user.
    #[command(after_help = "Example:\n  crosspoint users update ann --email ann@example.com")]
    Update {
        /// The user's id or external id.
        #[arg(value_name = "USER")]
        id: String,
        #[command(flatten)]
        profile: Profile,
        #[command(flatten)]
        data: Data,
    },
    /// Delete a user with clients and history.
    #[command(after_help = "Example:\n  crosspoint users delete ann")]
    Delete {
        /// The user's id or external id.
        #[arg(value_name = "USER")]
        id: String,
    },
}

#[derive(clap::Args)]
struct Profile {
    /// The given name.
    #[arg(long, value_name = "NAME")]
    given_name: Option<String>,
    /// The surname.
    #[arg(long, value_name = "NAME")]
    surname: Option<String>,
    /// The e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
}

impl Profile {
    /// The profile, if any of it was given.
    fn field(&self) -> Option<Value> {
        let given = [("givenName", &self.given_name), ("surname", &self.surname), ("email", &self.email)];
        let fields = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), text(value)?)));
        let fields: Map<String, Value> = fields.collect();
        (!fields.is_empty()).then_some(Value::Object(fields))
    }
}

impl Users {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| {
            let (sunshine, app) = (&session.sunshine, session.app()?);
            match self.command {
                Command::List { email } => {
                    let users = sunshine.list_users(app, &UserFilter { email: Some(email) }).await?.users;
                    show::list(session, &users, ["USER", "EXTERNAL ID", "NAME", "E-MAIL"], |user| {
                        let profile = &user.profile;
                        [
                            user.id.clone(),
                            show::cell(&user.external_id),
                            show::cell(&profile.given_name),
                            show::cell(&profile.email),
                        ]
                    });
                }
                Command::Get { id } => show::thing(session, &sunshine.get_user(app, &id).await?.user),
                Command::Create { external_id, profile, data } => {
                    let fields = [("externalId", text(&external_id)), ("profile", profile.field())];
                    let body: UserCreateBody = data.body(fields)?;
                    show::thing(session, &sunshine.create_user(app, &body).await?.user);
                }
                Command::Update { id, profile, data } => {
                    let body: UserUpdateBody = data.body([("profile", profile.field())])?;
                    show::thing(session, &sunshine.update_user(app, &id, &body).await?.user);
                }
                Command::Delete { id } => {
                    sunshine.delete_user(app, &id).await?;
                    show::deleted(session, &id);
                }
            }
            Ok(())
        })
    }
}
