#![allow(clippy::unwrap_used, clippy::panic)]

use object_store::memory::InMemory;
use object_store::{MultipartUpload, PutMultipartOptions, PutOptions, PutPayload, PutResult};

use super::bucket::{BucketSettings, TroubleKind};
use super::*;

const TOKEN: &str = "ab000000000000000000000000000001";

fn bucket_of(objects: Arc<dyn ObjectStore>) -> Files {
    Files { objects, place: Place::Bucket("s3://b/p".into()) }
}

fn bucket() -> Files {
    bucket_of(Arc::new(InMemory::new()))
}

async fn written(files: &Files, token: &str, pieces: &[Vec<u8>]) {
    let mut file = files.write(token);
    for piece in pieces {
        file.add(Bytes::from(piece.clone())).await.unwrap();
    }
    file.finish().await.unwrap();
}

async fn read(files: &Files, token: &str, range: Option<GetRange>) -> Option<Vec<u8>> {
    let found = files.read(token, range).await.unwrap()?;
    let pieces: Vec<Bytes> = found.bytes.try_collect().await.unwrap();
    Some(pieces.concat())
}

#[tokio::test]
async fn a_file_of_any_size_comes_back_from_a_folder_and_from_a_bucket() {
    let root = tempfile::tempdir().unwrap();
    for files in [Files::local(root.path()).unwrap(), bucket()] {
        let five = 5 * 1024 * 1024;
        for (number, sizes) in
            [&[3][..], &[five], &[five - 1, 1], &[7, 2 * five + 9, 1], &[1, 1, 1]].iter().enumerate()
        {
            let token = format!("{number:032x}");
            let pieces: Vec<Vec<u8>> = sizes.iter().map(|size| vec![number as u8 + 1; *size]).collect();
            written(&files, &token, &pieces).await;
            let all = pieces.concat();
            assert_eq!(files.size(&token).await.unwrap(), Some(all.len() as u64));
            assert!(read(&files, &token, None).await.unwrap() == all, "{number}");
            let part = read(&files, &token, Some(GetRange::Bounded(1..3))).await.unwrap();
            assert_eq!(part, all[1..3]);
            files.remove(&token).await.unwrap();
            assert_eq!(files.remove_all(&[token.clone(), TOKEN.to_owned()]).await.unwrap(), []);
            assert_eq!((files.size(&token).await.unwrap(), read(&files, &token, None).await), (None, None));
        }
    }
}

#[tokio::test]
async fn a_bucket_lists_our_objects_and_nobody_elses() {
    let files = bucket();
    written(&files, TOKEN, &[vec![1]]).await;
    for foreign in ["notes.txt", "ab/notes.txt", "zz/ab000000000000000000000000000001", "ab/x/y"] {
        files.objects.put(&ObjectPath::from(foreign), "theirs".into()).await.unwrap();
    }
    files.set_owner("me").await.unwrap();
    files.probe().await.unwrap();
    assert_eq!(files.owner().await.unwrap().as_deref(), Some("me"));
    assert_eq!(files.owner_url(), "s3://b/p/crosspoint-owner");
    assert_eq!(files.tokens().try_collect::<Vec<_>>().await.unwrap(), [TOKEN]);
    assert_eq!(files.folders().await.unwrap(), ["ab"]);
    assert_eq!(files.old_files("ab", Millis(0)).await.unwrap(), []);
    let old = files.old_files("ab", Millis(i64::MAX)).await.unwrap();
    assert_eq!(
        old.iter().map(|file| (file.token.as_str(), file.is_part)).collect::<Vec<_>>(),
        [(TOKEN, false)]
    );
    files.remove_old(&old[0]).await.unwrap();
    assert_eq!(files.tokens().try_collect::<Vec<_>>().await.unwrap(), [""; 0]);
}

/// A bucket that never answers, or that refuses.
#[derive(Debug)]
enum Broken {
    Silent,
    Refusing(&'static str),
}

impl Broken {
    async fn answer<T>(&self) -> object_store::Result<T> {
        match self {
            Broken::Silent => std::future::pending().await,
            Broken::Refusing(code) => Err(object_store::Error::PermissionDenied {
                path: "x".into(),
                source: format!("403: <Error><Code>{code}</Code><Message>No.</Message></Error>").into(),
            }),
        }
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken")
    }
}

type Shared<T> = object_store::Result<T>;

#[async_trait::async_trait]
impl ObjectStore for Broken {
    async fn put_opts(&self, _: &ObjectPath, _: PutPayload, _: PutOptions) -> Shared<PutResult> {
        self.answer().await
    }

    async fn put_multipart_opts(
        &self,
        _: &ObjectPath,
        _: PutMultipartOptions,
    ) -> Shared<Box<dyn MultipartUpload>> {
        self.answer().await
    }

    async fn get_opts(&self, _: &ObjectPath, _: GetOptions) -> Shared<object_store::GetResult> {
        self.answer().await
    }

    async fn delete(&self, _: &ObjectPath) -> Shared<()> {
        self.answer().await
    }

    fn list(&self, _: Option<&ObjectPath>) -> BoxStream<'static, Shared<object_store::ObjectMeta>> {
        stream::pending().boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&ObjectPath>) -> Shared<object_store::ListResult> {
        self.answer().await
    }

    async fn copy(&self, _: &ObjectPath, _: &ObjectPath) -> Shared<()> {
        self.answer().await
    }

    async fn copy_if_not_exists(&self, _: &ObjectPath, _: &ObjectPath) -> Shared<()> {
        self.answer().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_is_silent_is_away_for_every_question() {
    let files = bucket_of(Arc::new(Broken::Silent));
    let away = |error: StoreError| {
        assert!(matches!(&error, StoreError::Away(text) if text.contains("within")), "{error}")
    };
    away(files.read(TOKEN, None).await.err().unwrap());
    away(files.size(TOKEN).await.unwrap_err());
    away(files.remove(TOKEN).await.unwrap_err());
    away(files.folders().await.unwrap_err());
    away(files.old_files("ab", Millis(0)).await.unwrap_err());
    away(files.tokens().try_next().await.unwrap_err());
    let mut small = files.write(TOKEN);
    small.add(Bytes::from_static(b"a")).await.unwrap();
    away(small.finish().await.unwrap_err());
    away(files.write(TOKEN).add(vec![0; 5 * 1024 * 1024].into()).await.unwrap_err());
    assert_eq!(files.probe().await.unwrap_err().kind, TroubleKind::Unreachable);
}

#[tokio::test]
async fn what_a_bucket_says_is_understood_and_shown_without_its_frame() {
    for (code, kind) in [
        ("InvalidAccessKeyId", TroubleKind::WrongKey),
        ("SignatureDoesNotMatch", TroubleKind::WrongKey),
        ("AccessDenied", TroubleKind::Denied),
        ("NoSuchBucket", TroubleKind::NoBucket),
        ("PermanentRedirect", TroubleKind::OtherRegion),
        ("RequestTimeTooSkewed", TroubleKind::Clock),
    ] {
        let trouble = bucket_of(Arc::new(Broken::Refusing(code))).probe().await.unwrap_err();
        assert_eq!((trouble.kind, trouble.doing), (kind, "writing"));
        assert_eq!(trouble.to_string(), format!("{code}: No."));
    }
}

#[test]
fn neither_the_settings_nor_the_client_show_the_secret() {
    let settings = BucketSettings {
        bucket: "b".into(),
        prefix: "p".into(),
        endpoint: Some("http://127.0.0.1:1".into()),
        region: "us-east-1".into(),
        path_style: true,
        access_key_id: "hidden-id".into(),
        secret_access_key: "hidden-secret".into(),
    };
    let shown = format!("{settings:?} {:?}", Files::bucket(&settings));
    assert!(shown.contains('b') && !shown.contains("hidden"), "{shown}");
    #[cfg(feature = "s3")]
    assert_eq!(Files::bucket(&settings).unwrap().bucket_url(), Some("s3://b/p"));
}
