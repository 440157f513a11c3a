//! Where the providers of channels are.

use std::collections::HashMap;

use super::PublicUrl;

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
}

impl ChannelsConfig {
    /// The addresses by the channel's word.
    pub fn base_urls(&self) -> HashMap<String, String> {
        let all = [
            ("TWILIO", &self.channel_base_url_twilio),
            ("MESSENGER", &self.channel_base_url_messenger),
            ("TELEGRAM", &self.channel_base_url_telegram),
        ];
        let set = all.into_iter().filter_map(|(word, url)| Some((word, url.as_ref()?)));
        set.map(|(word, url)| (word.to_owned(), url.as_str().to_owned())).collect()
    }
}
