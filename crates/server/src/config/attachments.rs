//! Where the bytes of attachments are kept.

use std::str::FromStr;

use store::files::BucketSettings;

use super::listen::PublicUrl;
use super::secret::Secret;

/// Where the bytes of attachments are kept.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Attachments")]
pub struct AttachmentsConfig {
    /// A bucket of S3 for the bytes of attachments: `s3://BUCKET` or `s3://BUCKET/PREFIX`. Without it: the
    /// folder attachments in the data directory.
    #[arg(long, value_name = "URL")]
    pub attachments_url: Option<BucketUrl>,
    /// Where S3 is if it is not Amazon's, for example `https://minio.example.com:9000`. Without TLS only
    /// where `http://` is written here. It may lie in the own network.
    #[arg(long, value_name = "URL")]
    pub s3_endpoint: Option<PublicUrl>,
    /// The region of the bucket.
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    pub s3_region: String,
    /// The key that may write, read, list and delete in the bucket.
    #[arg(long, value_name = "ID")]
    pub s3_access_key_id: Option<String>,
    /// The secret of that key.
    #[arg(long, value_name = "SECRET")]
    pub s3_secret_access_key: Option<Secret>,
    /// Whether the bucket stands in the path of a request, not in the name of the host. Without it: yes
    /// where s3_endpoint is given.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          action = clap::ArgAction::Set, value_parser = clap::builder::BoolishValueParser::new())]
    pub s3_path_style: Option<bool>,
}

/// The address of a bucket and of a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketUrl {
    bucket: String,
    prefix: String,
}

impl FromStr for BucketUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<BucketUrl, &'static str> {
        let rest = text.strip_prefix("s3://").ok_or("s3://BUCKET or s3://BUCKET/PREFIX")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let plain = |text: &str| {
            !text.is_empty()
                && !text.starts_with('.')
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        };
        if !plain(bucket) || !(prefix.is_empty() || prefix.split('/').all(plain)) {
            return Err("s3://BUCKET or s3://BUCKET/PREFIX, of letters, digits and -._ only");
        }
        Ok(BucketUrl { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl AttachmentsConfig {
    /// The bucket and who asks; `None` for the folder.
    pub(crate) fn bucket(&self) -> Option<BucketSettings> {
        let (url, id, secret) = (
            self.attachments_url.as_ref()?,
            self.s3_access_key_id.as_ref()?,
            self.s3_secret_access_key.as_ref()?,
        );
        // The certificate of Amazon's hosts has no room for a name with dots.
        let in_path = self.s3_endpoint.is_some() || url.bucket.contains('.');
        Some(BucketSettings {
            bucket: url.bucket.clone(),
            prefix: url.prefix.clone(),
            endpoint: self.s3_endpoint.as_ref().map(|url| url.as_str().to_owned()),
            region: self.s3_region.clone(),
            path_style: self.s3_path_style.unwrap_or(in_path),
            access_key_id: id.clone(),
            secret_access_key: secret.expose().to_owned(),
        })
    }

    /// What no single option can tell.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let full = |secret: &Secret| !secret.expose().is_empty();
        let id = self.s3_access_key_id.as_ref().is_some_and(|id| !id.is_empty());
        let secret = self.s3_secret_access_key.as_ref().is_some_and(full);
        let asks_for_bucket = self.s3_endpoint.is_some()
            || self.s3_access_key_id.is_some()
            || self.s3_secret_access_key.is_some()
            || self.s3_path_style.is_some();
        match self.attachments_url {
            Some(_) if !id || !secret => Some(
                "attachments_url: s3_access_key_id and s3_secret_access_key are needed beside it; the roles of \
                 machines are not asked",
            ),
            None if asks_for_bucket => {
                Some("attachments_url: s3_… is there without it; s3://BUCKET is needed, or none of them")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::Config;

    const KEY: [(&str, &str); 2] = [("s3_access_key_id", "AKIA1"), ("s3_secret_access_key", "hidden")];

    fn config(more: &[(&str, &str)]) -> Result<Config, String> {
        Config::from_values(more.iter().copied()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_bucket_has_an_address() {
        let url = |text: &str| text.parse::<BucketUrl>();
        assert_eq!(url("s3://b").unwrap(), BucketUrl { bucket: "b".into(), prefix: String::new() });
        assert_eq!(url("s3://b.c/x/y/").unwrap(), BucketUrl { bucket: "b.c".into(), prefix: "x/y".into() });
        for wrong in
            ["b", "https://b/x", "s3://", "s3:///x", "s3://b/../x", "s3://b//x", "s3://b/a b", "s3://a:b@c"]
        {
            assert!(url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bucket_needs_its_key_and_a_key_its_bucket() {
        let bucket = [("attachments_url", "s3://b")];
        assert!(config(&bucket).unwrap_err().contains("s3_access_key_id and s3_secret_access_key"));
        let error = config(&KEY).unwrap_err();
        assert!(error.contains("attachments_url") && !error.contains("hidden"), "{error}");
        let whole = config(&[&bucket[..], &KEY].concat()).unwrap();
        assert!(!format!("{whole:?}").contains("hidden"));
        let found = whole.attachments.bucket().unwrap();
        assert_eq!((found.region.as_str(), found.path_style, found.endpoint), ("us-east-1", false, None));
        assert!(config(&[]).unwrap().attachments.bucket().is_none());
    }

    #[test]
    fn the_bucket_stands_in_the_path_where_somebody_elses_s3_is_named() {
        let style = |more: &[(&str, &str)]| {
            let all = [&[("attachments_url", "s3://b")][..], &KEY, more].concat();
            config(&all).unwrap().attachments.bucket().unwrap().path_style
        };
        let endpoint = ("s3_endpoint", "http://127.0.0.1:9000");
        assert!(style(&[endpoint]) && !style(&[endpoint, ("s3_path_style", "false")]));
        assert!(style(&[("s3_path_style", "true")]) && !style(&[]));
    }
}
