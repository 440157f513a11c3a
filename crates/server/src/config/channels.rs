//! Where the providers of channels are.

use std::collections::HashMap;
use std::sync::LazyLock;

use ::channels::Channel;
use ::channels::slack::SlackClient;
use hub::Lent;
use serde_json::{Map, Value};

use super::{PublicUrl, Secret};

/// Addresses in place of the providers' own, by the channel's word. Every channel of the registry has an
/// option.
#[derive(Clone, Debug, Default)]
pub struct BaseUrls(HashMap<&'static str, PublicUrl>);

/// A channel's word and its option.
struct BaseUrlOption {
    word: &'static str,
    id: &'static str,
    long: &'static str,
    help: String,
}

/// The options; their names live as long as the program, as clap wants it.
static BASE_URL_OPTIONS: LazyLock<Vec<BaseUrlOption>> = LazyLock::new(|| {
    let of_channel = |channel: &&dyn Channel| channel.descriptor().base_url_word;
    let words = ::channels::all().iter().map(of_channel).chain([::channels::slack::BASE_URL_WORD]);
    let option = |word: &'static str| {
        let name = word.to_ascii_lowercase();
        let title: String = word.chars().take(1).chain(name.chars().skip(1)).collect();
        BaseUrlOption {
            word,
            id: format!("channel_base_url_{name}").leak(),
            long: format!("channel-base-url-{name}").leak(),
            help: format!(
                "An address in place of all of {title}'s, for a simulator or a proxy; the paths stay"
            ),
        }
    };
    words.map(option).collect()
});

impl clap::FromArgMatches for BaseUrls {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<BaseUrls, clap::Error> {
        let given =
            |option: &BaseUrlOption| Some((option.word, matches.get_one::<PublicUrl>(option.id)?.clone()));
        Ok(BaseUrls(BASE_URL_OPTIONS.iter().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        self.0.extend(BaseUrls::from_arg_matches(matches)?.0);
        Ok(())
    }
}

impl clap::Args for BaseUrls {
    fn augment_args(command: clap::Command) -> clap::Command {
        let argument = |option: &'static BaseUrlOption| {
            let argument = clap::Arg::new(option.id).long(option.long).value_name("URL").help(&option.help);
            argument.value_parser(clap::value_parser!(PublicUrl))
        };
        command.args(BASE_URL_OPTIONS.iter().map(argument))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        BaseUrls::augment_args(command)
    }
}

/// Where the providers of channels are.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Channels")]
pub struct ChannelsConfig {
    /// Addresses in place of the providers' own.
    #[command(flatten)]
    pub base_urls: BaseUrls,
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
        self.base_urls.0.iter().map(|(word, url)| ((*word).to_owned(), url.as_str().to_owned())).collect()
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
