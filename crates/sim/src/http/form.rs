//! Forms in both encodings.

use bytes::Bytes;

use super::incoming::Incoming;

/// The pairs of a form or a query, decoded, in their order.
pub(crate) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// A file in a form.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) field: String,
    pub(crate) name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// The texts and the files of a multipart form; `None` when it is none.
pub(crate) async fn multipart(request: &Incoming) -> Option<(Vec<(String, String)>, Vec<Upload>)> {
    let boundary = multer::parse_boundary(request.header("content-type")?).ok()?;
    let body = request.body.clone();
    let whole = futures::stream::once(async move { Ok::<_, std::convert::Infallible>(body) });
    let mut form = multer::Multipart::new(whole, boundary);
    let (mut texts, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = form.next_field().await.ok()? {
        let field_name = field.name().unwrap_or_default().to_owned();
        let name = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(ToString::to_string);
        let bytes = field.bytes().await.ok()?;
        if name.is_some() || content_type.is_some() {
            files.push(Upload { field: field_name, name, content_type, bytes });
        } else {
            texts.push((field_name, String::from_utf8(bytes.to_vec()).ok()?));
        }
    }
    Some((texts, files))
}
