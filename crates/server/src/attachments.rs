//! Where attachments are kept, and that a bucket is kept by one data directory only: orphans are what no
//! row names, and to one directory all files of another would be orphans.

use std::path::Path;

use store::files::{BucketTrouble, Files, TroubleKind};

use crate::config::Config;
use crate::data_dir::{BucketMark, DataDir};
use crate::exit::{Failure, Result};

/// The files of a data directory, in its folder or in the bucket of the configuration. A bucket is asked
/// nothing yet.
///
/// # Errors
/// Refused: a directory whose attachments are in a bucket that the configuration does not name.
pub(crate) fn files(config: &Config, dir: &DataDir) -> Result<Files> {
    match (config.attachments.bucket(), dir.bucket_mark()?) {
        (Some(settings), _) => Ok(Files::bucket(&settings)?),
        (None, None) => Ok(Files::local(dir.path())?),
        (None, Some(mark)) => Err(Failure::refused(format!(
            "the attachments of {} are in {}: set attachments_url and the key of the bucket, or restore a backup \
             to have them on disk again",
            dir.path().display(),
            mark.url
        ))),
    }
}

/// The same, ready for use: a bucket was tried, and belongs to this directory. One that has belonged to it
/// before and is not to be reached now keeps nobody from starting, as it would end nobody who runs.
///
/// # Errors
/// Refused: a bucket that cannot be used, or that is another directory's; attachments that were left
/// behind. Failed: a new bucket that is not to be reached, since that may pass.
pub(crate) async fn open(config: &Config, dir: &DataDir) -> Result<Files> {
    let files = files(config, dir)?;
    claim(&files, dir, false).await?;
    Ok(files)
}

/// Makes a bucket this directory's; one of a directory whose attachments are `replaced` holds nothing
/// that is needed.
pub(crate) async fn claim(files: &Files, dir: &DataDir, replaced: bool) -> Result<()> {
    let Some(url) = files.bucket_url() else { return Ok(()) };
    let refused = |trouble: BucketTrouble| match trouble.kind {
        TroubleKind::Unreachable => Failure::failed(advice(url, &trouble)),
        _ => Failure::refused(advice(url, &trouble)),
    };
    let is_ours = !replaced && dir.bucket_mark()?.is_some_and(|ours| ours.url == url);
    match files.probe().await {
        Err(BucketTrouble { kind: TroubleKind::Unreachable, said, .. }) if is_ours => {
            tracing::warn!(url, said, "the bucket does not answer: attachments are a 503 until it does");
            return Ok(());
        }
        tried => tried.map_err(refused)?,
    }
    let theirs = files.owner().await.map_err(refused)?;
    let mark = match (dir.bucket_mark()?, theirs) {
        (Some(ours), Some(theirs)) if ours.owner == theirs => match ours.url == url {
            true => return Ok(()),
            // It was copied with its owner.
            false => BucketMark { owner: theirs, url: url.to_owned() },
        },
        (_, Some(_)) => return Err(Failure::refused(taken(files, url, dir.path()))),
        // Nothing is in the bucket yet, or the last start ended here.
        (Some(ours), None) if ours.url == url => ours,
        (Some(ours), None) if !replaced => return Err(Failure::refused(elsewhere(&ours.url, url))),
        (None, None) if !replaced && has_files(&dir.attachments()) => {
            return Err(Failure::refused(left_on_disk(dir, url)));
        }
        (_, None) => BucketMark { owner: format!("{:032x}", rand::random::<u128>()), url: url.to_owned() },
    };
    dir.write_bucket_mark(&mark)?;
    files.set_owner(&mark.owner).await.map_err(refused)
}

fn taken(files: &Files, url: &str, dir: &Path) -> String {
    format!(
        "{url} holds the attachments of another data directory than {}: use another prefix in attachments_url. If \
         that directory is gone for good, remove the object {} and start again",
        dir.display(),
        files.owner_url()
    )
}

fn elsewhere(before: &str, now: &str) -> String {
    format!(
        "the attachments of this data directory are in {before}, and {now} holds none of them: copy all objects \
         (aws s3 sync {before} {now}), or correct attachments_url"
    )
}

fn left_on_disk(dir: &DataDir, url: &str) -> String {
    let folder = dir.attachments();
    let folder = folder.display();
    format!(
        "{folder} holds attachments that nobody would find in {url}: copy them (aws s3 sync {folder} {url}) and \
         move the folder away, or leave out attachments_url"
    )
}

/// Whether a folder of attachments has a file in one of its folders.
fn has_files(folder: &Path) -> bool {
    let groups = std::fs::read_dir(folder).into_iter().flatten().flatten();
    groups.flat_map(|group| std::fs::read_dir(group.path())).flatten().next().is_some()
}

/// What the operator can do about it.
fn advice(url: &str, trouble: &BucketTrouble) -> String {
    let advice = match trouble.kind {
        TroubleKind::NoBucket => {
            "there is no such bucket; make it, or correct attachments_url or s3_endpoint"
        }
        TroubleKind::WrongKey => {
            "the key is refused; correct s3_access_key_id and s3_secret_access_key, which belong together"
        }
        TroubleKind::Denied => {
            "the key of s3_access_key_id may not do this; allow it to list the bucket and to put, get and delete its \
             objects, or use another key"
        }
        TroubleKind::OtherRegion => "the bucket is in another region; correct s3_region",
        TroubleKind::Clock => "the clock of this machine is wrong; set it",
        TroubleKind::Unreachable => {
            "no S3 answers there; correct s3_endpoint, or see that this machine reaches it"
        }
    };
    format!("{} in {url}: {advice} ({})", trouble.doing, trouble.said)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_trouble_names_what_to_change() {
        for (kind, named) in [
            (TroubleKind::NoBucket, "attachments_url"),
            (TroubleKind::WrongKey, "s3_secret_access_key"),
            (TroubleKind::Denied, "list"),
            (TroubleKind::OtherRegion, "s3_region"),
            (TroubleKind::Clock, "clock"),
            (TroubleKind::Unreachable, "s3_endpoint"),
        ] {
            let text = advice("s3://b", &BucketTrouble { kind, doing: "writing", said: "No.".into() });
            assert!(
                text.starts_with("writing in s3://b: ") && text.contains(named) && text.contains("No."),
                "{text}"
            );
        }
    }

    #[cfg(feature = "s3")]
    #[tokio::test]
    async fn a_bucket_that_is_not_to_be_reached_keeps_only_those_from_starting_who_never_had_it() {
        let root = tempfile::tempdir().unwrap();
        let dir = DataDir::new(root.path());
        // The port was free a moment ago.
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = Config::from_values([
            ("data_dir", root.path().to_str().unwrap()),
            ("attachments_url", "s3://b/p"),
            ("s3_endpoint", &format!("http://{nobody}")),
            ("s3_access_key_id", "id"),
            ("s3_secret_access_key", "secret"),
        ])
        .unwrap();
        let error = open(&config, &dir).await.unwrap_err();
        assert_eq!(error.exit_code(), 1, "it may pass: {error}");
        dir.write_bucket_mark(&BucketMark { owner: "1".into(), url: "s3://b/other".into() }).unwrap();
        assert_eq!(open(&config, &dir).await.unwrap_err().exit_code(), 1);
        dir.write_bucket_mark(&BucketMark { owner: "1".into(), url: "s3://b/p".into() }).unwrap();
        assert_eq!(open(&config, &dir).await.unwrap().bucket_url(), Some("s3://b/p"));
    }

    #[tokio::test]
    async fn a_directory_whose_attachments_are_in_a_bucket_does_not_begin_on_disk() {
        let root = tempfile::tempdir().unwrap();
        let dir = DataDir::new(root.path());
        let config = Config::from_values([("data_dir", root.path().to_str().unwrap())]).unwrap();
        assert!(open(&config, &dir).await.unwrap().bucket_url().is_none());
        let mark = BucketMark { owner: "1".into(), url: "s3://b/p".into() };
        dir.write_bucket_mark(&mark).unwrap();
        assert_eq!(dir.bucket_mark().unwrap(), Some(mark));
        let error = open(&config, &dir).await.unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(
            error.to_string().contains("s3://b/p") && error.to_string().contains("attachments_url"),
            "{error}"
        );
    }
}
