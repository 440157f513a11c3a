//! `crosspoint webhooks`.

use client::sunshine::types::{WebhookCreateBody, WebhookUpdateBody};
use serde_json::{Map, Value};

use super::body::{Data, text};
use super::session::Target;
use super::show;
use crate::exit::Result;

/// List, read, make, change and delete webhooks of an integration.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint webhooks create 5d8e2b1cd55b040010928b71 --target https://bot.example.com/hook \
                  --trigger conversation:message"
)]
pub(in crate::cli) struct Webhooks {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the webhooks of an integration.
    #[command(after_help = "Example:\n  crosspoint webhooks list 5d8e2b1cd55b040010928b71")]
    List {
        /// The integration.
        #[arg(value_name = "INTEGRATION_ID")]
        integration: String,
    },
    /// Read a webhook with its secret.
    #[command(
        after_help = "Example:\n  crosspoint webhooks get 5d8e2b1cd55b040010928b71 5d8f3c2cd55b040010928b72"
    )]
    Get(One),
    /// Make a webhook.
    #[command(
        after_help = "Example:\n  crosspoint webhooks create 5d8e2b1cd55b040010928b71 --target https://bot.example.com/hook \
                      --trigger conversation:message"
    )]
    Create {
        /// The integration.
        #[arg(value_name = "INTEGRATION_ID")]
        integration: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        data: Data,
    },
    /// Change a webhook.
    #[command(
        after_help = "Example:\n  crosspoint webhooks update 5d8e2b1cd55b040010928b71 5d8f3c2cd55b040010928b72 \
                      --target https://bot.example.com/v2"
    )]
    Update {
        #[command(flatten)]
        one: One,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        data: Data,
    },
    /// Delete a webhook.
    #[command(
        after_help = "Example:\n  crosspoint webhooks delete 5d8e2b1cd55b040010928b71 5d8f3c2cd55b040010928b72"
    )]
    Delete(One),
}

#[derive(clap::Args)]
struct One {
    /// The integration.
    #[arg(value_name = "INTEGRATION_ID")]
    integration: String,
    /// The webhook.
    #[arg(value_name = "WEBHOOK_ID")]
    id: String,
}

#[derive(clap::Args)]
pub(super) struct Fields {
    /// Where events are posted.
    #[arg(long = "target", value_name = "URL")]
    to: Option<String>,
    /// What it is told of; once for each.
    #[arg(long = "trigger", value_name = "TRIGGER")]
    triggers: Vec<String>,
}

impl Fields {
    /// What was given, by the names of the body.
    pub(super) fn given(&self) -> [(&'static str, Option<Value>); 2] {
        let triggers = (!self.triggers.is_empty()).then(|| Value::from(self.triggers.clone()));
        [("target", text(&self.to)), ("triggers", triggers)]
    }

    /// The whole webhook, if any of it was given.
    pub(super) fn object(&self) -> Option<Map<String, Value>> {
        let given = self.given().into_iter();
        let fields: Map<_, _> = given.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        (!fields.is_empty()).then_some(fields)
    }
}

impl Webhooks {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| {
            let (sunshine, app) = (&session.sunshine, session.app()?);
            match self.command {
                Command::List { integration } => {
                    let found = sunshine.list_webhooks(app, &integration).await?.webhooks;
                    show::list(session, &found, ["WEBHOOK", "TARGET", "TRIGGERS"], |it| {
                        let triggers: Vec<_> = it.triggers.iter().map(|trigger| trigger.as_str()).collect();
                        [it.id.clone(), it.target.clone(), triggers.join(" ")]
                    });
                }
                Command::Get(one) => {
                    show::thing(
                        session,
                        &sunshine.get_webhook(app, &one.integration, &one.id).await?.webhook,
                    );
                }
                Command::Create { integration, fields, data } => {
                    let body: WebhookCreateBody = data.body(fields.given())?;
                    show::thing(session, &sunshine.create_webhook(app, &integration, &body).await?.webhook);
                }
                Command::Update { one, fields, data } => {
                    let body: WebhookUpdateBody = data.body(fields.given())?;
                    let changed = sunshine.update_webhook(app, &one.integration, &one.id, &body).await?;
                    show::thing(session, &changed.webhook);
                }
                Command::Delete(one) => {
                    sunshine.delete_webhook(app, &one.integration, &one.id).await?;
                    show::deleted(session, &one.id);
                }
            }
            Ok(())
        })
    }
}
