//! `crosspoint switchboard`: who is in control.

use client::sunshine::types::{
    AcceptControlBody, OfferControlBody, PassControlBody, ReleaseControlBody,
    SwitchboardIntegrationCreateBody, SwitchboardIntegrationUpdateBody, SwitchboardUpdateBody,
};
use serde_json::Value;

use super::body::{Data, text};
use super::session::{Session, Target};
use super::show;
use crate::exit::{Failure, Result};

/// The switchboard of an app and its members; passing, offering, accepting and releasing control.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint switchboard pass 029c31f25a21b47effd7be90 agent"
)]
pub(in crate::cli) struct Switchboard {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the members of the switchboard.
    #[command(after_help = "Example:\n  crosspoint switchboard list")]
    List,
    /// Read the switchboard.
    #[command(after_help = "Example:\n  crosspoint switchboard get")]
    Get,
    /// Make the switchboard, or with --name a member of it.
    #[command(after_help = "Examples:\n  crosspoint switchboard create\n  \
                      crosspoint switchboard create --name bot --integration 5d8e2b1cd55b040010928b71")]
    Create {
        /// The member's name.
        #[arg(long, value_name = "NAME", requires = "integration")]
        name: Option<String>,
        /// The custom integration behind the member.
        #[arg(long, value_name = "ID", requires = "name")]
        integration: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Change the switchboard, or with a member that one.
    #[command(after_help = "Examples:\n  crosspoint switchboard update --default bot --enabled true\n  \
                      crosspoint switchboard update bot --data '{\"messageHistoryCount\":5}'")]
    Update {
        /// The member's id or name.
        #[arg(value_name = "MEMBER")]
        member: Option<String>,
        /// Whether the switchboard decides.
        #[arg(long, value_name = "BOOL", conflicts_with = "member")]
        enabled: Option<bool>,
        /// The member that gets new conversations, by id or name.
        #[arg(long, value_name = "MEMBER", conflicts_with = "member")]
        default: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Delete the switchboard, or with a member only that one.
    #[command(after_help = "Example:\n  crosspoint switchboard delete bot")]
    Delete {
        /// The member's id or name.
        #[arg(value_name = "MEMBER")]
        member: Option<String>,
    },
    /// Make another member active.
    #[command(after_help = "Example:\n  crosspoint switchboard pass 029c31f25a21b47effd7be90 agent")]
    Pass(Towards),
    /// Offer control to another member.
    #[command(after_help = "Example:\n  crosspoint switchboard offer 029c31f25a21b47effd7be90 agent")]
    Offer(Towards),
    /// Take control that was offered.
    #[command(after_help = "Example:\n  crosspoint switchboard accept 029c31f25a21b47effd7be90")]
    Accept(Conversation),
    /// Give control up.
    #[command(after_help = "Example:\n  crosspoint switchboard release 029c31f25a21b47effd7be90")]
    Release(Conversation),
}

#[derive(clap::Args)]
struct Conversation {
    /// The conversation.
    #[arg(value_name = "CONVERSATION_ID")]
    conversation: String,
}

#[derive(clap::Args)]
struct Towards {
    /// The conversation.
    #[arg(value_name = "CONVERSATION_ID")]
    conversation: String,
    /// The member's id or name, or next.
    #[arg(value_name = "MEMBER")]
    to: String,
}

impl Switchboard {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| match self.command {
            Command::List => list(session).await,
            Command::Get => {
                let found = session.sunshine.list_switchboards(session.app()?).await?.switchboards;
                show::thing(session, found.first().ok_or_else(no_switchboard)?);
                Ok(())
            }
            Command::Create { name, integration, data } => create(session, name, integration, data).await,
            Command::Update { member, enabled, default, data } => {
                update(session, member, enabled, default, data).await
            }
            Command::Delete { member } => delete(session, member).await,
            Command::Pass(Towards { conversation, to }) => {
                let body = PassControlBody::to(to.as_str());
                session.sunshine.pass_control(session.app()?, &conversation, &body).await?;
                show::done(session, format_args!("{to} is in control"));
                Ok(())
            }
            Command::Offer(Towards { conversation, to }) => {
                let body = OfferControlBody { switchboard_integration: to.clone(), metadata: None };
                session.sunshine.offer_control(session.app()?, &conversation, &body).await?;
                show::done(session, format_args!("control is offered to {to}"));
                Ok(())
            }
            Command::Accept(Conversation { conversation }) => {
                let body = AcceptControlBody::default();
                session.sunshine.accept_control(session.app()?, &conversation, &body).await?;
                show::done(session, "control is accepted");
                Ok(())
            }
            Command::Release(Conversation { conversation }) => {
                let body = ReleaseControlBody::default();
                session.sunshine.release_control(session.app()?, &conversation, &body).await?;
                show::done(session, "control is released");
                Ok(())
            }
        })
    }
}

fn no_switchboard() -> Failure {
    Failure::failed("the app has no switchboard; crosspoint switchboard create makes it")
}

/// The id of the app's switchboard.
pub(super) async fn board(session: &Session) -> Result<String> {
    let found = session.sunshine.list_switchboards(session.app()?).await?.switchboards;
    found.into_iter().next().map(|board| board.id).ok_or_else(no_switchboard)
}

/// The id of a member that is named by id or name.
async fn member_id(session: &Session, board: &str, named: &str) -> Result<String> {
    let members = session.sunshine.list_switchboard_integrations(session.app()?, board).await?;
    let mut members = members.switchboard_integrations.into_iter();
    let found = members.find(|member| member.id == named || member.name == named);
    found
        .map(|member| member.id)
        .ok_or_else(|| Failure::failed(format!("the switchboard has no member {named:?}")))
}

async fn list(session: &Session) -> Result<()> {
    let board = board(session).await?;
    let members = session.sunshine.list_switchboard_integrations(session.app()?, &board).await?;
    let heads = ["MEMBER", "NAME", "INTEGRATION", "HEARS OTHERS"];
    show::list(session, &members.switchboard_integrations, heads, |member| {
        let hears = member.deliver_standby_events.to_string();
        [member.id.clone(), member.name.clone(), member.integration_id.clone(), hears]
    });
    Ok(())
}

async fn create(
    session: &Session,
    name: Option<String>,
    integration: Option<String>,
    data: Data,
) -> Result<()> {
    let (sunshine, app) = (&session.sunshine, session.app()?);
    if name.is_none() {
        show::thing(session, &sunshine.create_switchboard(app).await?.switchboard);
        return Ok(());
    }
    let fields = [("name", text(&name)), ("integrationId", text(&integration))];
    let body: SwitchboardIntegrationCreateBody = data.body(fields)?;
    let board = board(session).await?;
    let made = sunshine.create_switchboard_integration(app, &board, &body).await?;
    show::thing(session, &made.switchboard_integration);
    Ok(())
}

async fn update(
    session: &Session,
    member: Option<String>,
    enabled: Option<bool>,
    default: Option<String>,
    data: Data,
) -> Result<()> {
    let (sunshine, app, board) = (&session.sunshine, session.app()?, board(session).await?);
    if let Some(member) = member {
        let member = member_id(session, &board, &member).await?;
        let body: SwitchboardIntegrationUpdateBody = data.body([])?;
        let changed = sunshine.update_switchboard_integration(app, &board, &member, &body).await?;
        show::thing(session, &changed.switchboard_integration);
        return Ok(());
    }
    let default = match default {
        Some(member) => Some(Value::String(member_id(session, &board, &member).await?)),
        None => None,
    };
    let fields = [("enabled", enabled.map(Value::Bool)), ("defaultSwitchboardIntegrationId", default)];
    let body: SwitchboardUpdateBody = data.body(fields)?;
    show::thing(session, &sunshine.update_switchboard(app, &board, &body).await?.switchboard);
    Ok(())
}

async fn delete(session: &Session, member: Option<String>) -> Result<()> {
    let (sunshine, app, board) = (&session.sunshine, session.app()?, board(session).await?);
    match member {
        None => sunshine.delete_switchboard(app, &board).await?,
        Some(member) => {
            let member = member_id(session, &board, &member).await?;
            sunshine.delete_switchboard_integration(app, &board, &member).await?
        }
    };
    show::done(session, "deleted");
    Ok(())
}
