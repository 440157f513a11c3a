//! Where the providers of channels are.

use std::collections::HashMap;

use ::channels::slack::SlackClient;
use hub::Lent;
use serde_json::{Map, Value};

use super::{PublicUrl, Secret};

/// Where the providers of channels are.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Channels")]
pub struct ChannelsConfig {
    /// An address in place of all of Twilio's, for a simulator or a proxy; the paths stay.
    #[arg(long, value_name = "URL")]
    pub channel_base_url_twilio: Option<PublicUrl>,
    /// The same for Messenger's Graph API.
    #[arg(long, value_name = "URL")]
    pub channel_base_url_messenger: Option<PublicUrl>,
    /// The same for Telegram's Bot API.
    #[arg(long, value_name = "URL")]
    pub channel_base_url_telegram: Option<PublicUrl>,
    /// The same for Slack.
    #[arg(long, value_name = "URL")]
    pub channel_base_url_slack: Option<PublicUrl>,
    /// An app of the operator's at Meta, for pages that are connected without an app of their own, as
    /// Hubster's API does it.
    #[arg(long, value_name = "ID")]
    pub meta_app_id: Option<String>,
    /// The secret of that app.
    #[arg(long, value_name = "SECRET")]
    pub meta_app_secret: Option<Secret>,
    /// A client of the operator's at Slack, for workspaces that install it through Hubster's API.
    #[arg(long, value_name = "ID")]
    pub slack_client_id: Option<String>,
    /// The secret of that client.
    #[arg(long, value_name = "SECRET")]
    pub slack_client_secret: Option<Secret>,
}

impl ChannelsConfig {
    /// The addresses by the channel's word.
    pub fn base_urls(&self) -> HashMap<String, String> {
        let all = [
            ("TWILIO", &self.channel_base_url_twilio),
            ("MESSENGER", &self.channel_base_url_messenger),
            ("TELEGRAM", &self.channel_base_url_telegram),
            (::channels::slack::BASE_URL_WORD, &self.channel_base_url_slack),
        ];
        let set = all.into_iter().filter_map(|(word, url)| Some((word, url.as_ref()?)));
        set.map(|(word, url)| (word.to_owned(), url.as_str().to_owned())).collect()
    }

    /// What is lent to integrations that bring none of their own (decision 35).
    pub fn lent(&self) -> HashMap<String, Lent> {
        let (Some(id), Some(secret)) = (&self.meta_app_id, &self.meta_app_secret) else {
            return HashMap::new();
        };
        let one = |name: &str, value: &str| Map::from_iter([(name.to_owned(), Value::from(value))]);
        let lent = Lent {
            own_secret: "appSecret",
            config: one("appId", id),
            secrets: one("appSecret", secret.expose()),
        };
        HashMap::from([("messenger".to_owned(), lent)])
    }

    /// The operator's client at Slack.
    pub fn slack(&self) -> Option<SlackClient> {
        let (id, secret) = (self.slack_client_id.clone()?, self.slack_client_secret.as_ref()?);
        Some(SlackClient { id, secret: secret.expose().to_owned() })
    }

    /// Which pair of options is there by half only.
    pub(super) fn half_pair(&self) -> Option<&'static str> {
        let pairs = [
            ("meta_app_id and meta_app_secret", self.meta_app_id.is_some(), self.meta_app_secret.is_some()),
            (
                "slack_client_id and slack_client_secret",
                self.slack_client_id.is_some(),
                self.slack_client_secret.is_some(),
            ),
        ];
        pairs.into_iter().find(|(_, id, secret)| id != secret).map(|(names, ..)| names)
    }
}
