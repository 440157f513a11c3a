//! Where the server listens, and what it calls itself.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// Where the server listens, and what it calls itself.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Listening")]
pub struct ListenConfig {
    /// Address and port of the API. Port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: ListenAddress,
    /// Another address for metrics, which are then no longer on the API's; /healthz and /readyz are on both.
    #[arg(long, value_name = "ADDR:PORT")]
    pub admin_listen: Option<ListenAddress>,
    /// What the world calls this server, for example `https://chat.example.com`: links and providers are told
    /// it. Without it: `http://` and the address of the API.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<PublicUrl>,
}

/// An address and port to listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenAddress {
    host: String,
    port: u16,
}

impl ListenAddress {
    /// The base URL for somebody on this machine, when the system gave it `actual`: a wildcard
    /// becomes `localhost`, port 0 the real one (decision 51).
    pub fn base_url(&self, actual: SocketAddr) -> String {
        let wildcard = self.ip().is_some_and(|ip| ip.is_unspecified());
        let host = if wildcard { "localhost" } else { &self.host };
        format!("http://{host}:{}", actual.port())
    }

    /// Whether others than programs of this machine may reach it.
    pub(super) fn is_open(&self) -> bool {
        !self.ip().map_or(self.host == "localhost", |ip| ip.is_loopback())
    }

    fn ip(&self) -> Option<IpAddr> {
        self.host.trim_matches(['[', ']']).parse().ok()
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl FromStr for ListenAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<ListenAddress, &'static str> {
        let (host, port) = text.rsplit_once(':').ok_or("an address and a port, like 127.0.0.1:8080")?;
        let port = port.parse().map_err(|_| "the port is a number up to 65535")?;
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let literal = |host: &str| host.parse::<IpAddr>().is_ok();
        let name = |host: &str| host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        let fits = match bracketed {
            Some(host) => literal(host),
            None => !host.is_empty() && name(host),
        };
        match fits {
            true => Ok(ListenAddress { host: host.to_owned(), port }),
            false => Err("an address and a port, like 127.0.0.1:8080 or [::]:8080"),
        }
    }
}

/// An absolute URL without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<PublicUrl, &'static str> {
        let trimmed = text.trim_end_matches('/');
        let uri: http::Uri = trimmed.parse().map_err(|_| "not a URL")?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        if !web || uri.host().is_none_or(str::is_empty) {
            return Err("an absolute URL that begins with http:// or https://");
        }
        if uri.query().is_some() || trimmed.contains('#') {
            return Err("a URL without a query");
        }
        Ok(PublicUrl(trimmed.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn base_urls_can_be_called_from_this_machine() {
        let url = |listen: &str, actual: &str| {
            listen.parse::<ListenAddress>().unwrap().base_url(actual.parse().unwrap())
        };
        assert_eq!(url("127.0.0.1:8080", "127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(url("0.0.0.0:0", "0.0.0.0:4711"), "http://localhost:4711");
        assert_eq!(url("[::]:80", "[::]:80"), "http://localhost:80");
        assert_eq!(url("[::1]:80", "[::1]:80"), "http://[::1]:80");
        assert_eq!(url("localhost:0", "127.0.0.1:81"), "http://localhost:81");
        for wrong in ["8080", ":8080", "127.0.0.1", "127.0.0.1:99999", "::1:80", "a b:1", "[x]:1"] {
            assert!(wrong.parse::<ListenAddress>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn loopback_is_for_this_machine_alone() {
        let is_open = |listen: &str| listen.parse::<ListenAddress>().unwrap().is_open();
        assert!(["0.0.0.0:1", "[::]:1", "10.0.0.7:1", "chat.example:1"].into_iter().all(is_open));
        assert!(!["127.0.0.1:1", "127.0.0.2:1", "[::1]:1", "localhost:1"].into_iter().any(is_open));
    }

    #[test]
    fn public_urls_are_absolute_and_lose_their_slash() {
        assert_eq!("https://a.example/x/".parse::<PublicUrl>().unwrap().as_str(), "https://a.example/x");
        for wrong in ["a.example", "ftp://a.example", "https://", "https://a.example/?x=1", "/x", ""] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }
}
