//! Types of files: what an upload is, and what an address says about its file (sunshine-v2.md §7.4).

use model::file_name;
use model::limits::FILE_NAME_CHARS_MAX;
use model::media_type::{canonical, extension_of, known, of_extension};
use percent_encoding::percent_decode_str;
use url::Url;

/// A file that is not taken; the text is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Its extension is not on the list.
    #[error("File rejected. File extension not allowed")]
    Extension,
    /// Neither name nor bytes say what it is.
    #[error("File rejected. File type could not be retrieved")]
    Unknown,
    /// Its bytes are of a type that is not taken, or not the one that its name says.
    #[error("File rejected. File type not allowed")]
    Type,
}

/// Name and media type of an uploaded file, by its name, the type that its sender says, and its
/// first bytes.
pub fn judge(
    name: Option<&str>,
    declared: Option<&str>,
    head: &[u8],
) -> Result<(String, &'static str), Rejected> {
    let name = name.and_then(|name| file_name::clean(name, FILE_NAME_CHARS_MAX));
    let seen = infer::get(head).map(|kind| canonical(kind.mime_type()));
    let seen = seen.as_deref();
    match name.as_deref().and_then(extension) {
        Some(extension) => {
            let named = of_extension(&extension).ok_or(Rejected::Extension)?;
            let media_type = reconcile(named, seen, head)?;
            Ok((name.unwrap_or_default(), media_type))
        }
        None => {
            let media_type = nameless(declared, seen, head)?;
            let extension = extension_of(media_type).ok_or(Rejected::Type)?;
            Ok((format!("{}.{extension}", name.as_deref().unwrap_or(file_name::DEFAULT)), media_type))
        }
    }
}

/// The type of a file whose name says `named`: bytes of another family do not pass.
fn reconcile(named: &'static str, seen: Option<&str>, head: &[u8]) -> Result<&'static str, Rejected> {
    let Some(seen) = seen else { return Ok(named) };
    match (family(named), family(seen)) {
        // The signatures of other types are short; a text may begin with one.
        (Family::Text, _) if is_text(head) => Ok(named),
        (Family::Picture, Family::Picture) => known(seen).ok_or(Rejected::Type),
        (named_family, seen_family) if named_family == seen_family => Ok(named),
        _ => Err(Rejected::Type),
    }
}

fn nameless(declared: Option<&str>, seen: Option<&str>, head: &[u8]) -> Result<&'static str, Rejected> {
    if let Some(seen) = seen {
        return known(seen).ok_or(Rejected::Type);
    }
    match declared.and_then(|kind| known(&canonical(kind))) {
        Some(declared) => Ok(declared),
        None if is_text(head) => Ok("text/plain"),
        None => Err(Rejected::Unknown),
    }
}

/// Types whose bytes look alike.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Picture,
    Sound,
    Archive,
    OldOffice,
    Text,
    Pdf,
    Other,
}

fn family(media_type: &str) -> Family {
    match media_type {
        "image/svg+xml" | "application/xml" | "application/yaml" | "message/rfc822" => Family::Text,
        "application/pdf" => Family::Pdf,
        "application/msword"
        | "application/vnd.ms-excel"
        | "application/vnd.ms-powerpoint"
        | "application/x-ole-storage" => Family::OldOffice,
        "application/zip" => Family::Archive,
        _ if media_type.starts_with("application/vnd.openxmlformats-")
            || media_type.starts_with("application/vnd.oasis.")
            || media_type.starts_with("application/vnd.apple.") =>
        {
            Family::Archive
        }
        _ if media_type.starts_with("image/") => Family::Picture,
        _ if media_type.starts_with("audio/") || media_type.starts_with("video/") => Family::Sound,
        _ if media_type.starts_with("text/") => Family::Text,
        _ => Family::Other,
    }
}

/// Whether bytes are text; a character cut off at their end does not count.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => {
            head.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok())
        }
        Err(_) => None,
    };
    valid.is_some_and(|text| !text.contains('\0'))
}

fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_ascii_lowercase())
}

/// What the name in an address says about the type of the file; nothing for an unknown extension.
pub fn of_url(address: &str) -> Option<&'static str> {
    of_extension(&extension(&name_of_url(address)?)?)
}

/// The file name at the end of an address.
pub fn name_of_url(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let last = url.path_segments()?.next_back()?;
    file_name::clean(&percent_decode_str(last).decode_utf8_lossy(), FILE_NAME_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0";
    const PROGRAM: &[u8] = b"MZ\x90\0\x03\0\0\0";

    #[test]
    fn names_and_bytes_agree() {
        for (name, head, media_type) in [
            ("a.png", PNG, "image/png"),
            ("a.PNG", JPEG, "image/jpeg"),
            ("a.b.txt", b"hello".as_slice(), "text/plain"),
            ("a.txt", b"MZ, said the reader", "text/plain"),
            ("a.csv", b"", "text/csv"),
            ("a.svg", b"<?xml version=\"1.0\"?><svg/>", "image/svg+xml"),
            ("a.docx", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("a.pdf", b"%PDF-1.7", "application/pdf"),
            ("a.png", b"no signature", "image/png"),
        ] {
            assert_eq!(judge(Some(name), None, head), Ok((name.to_owned(), media_type)), "{name}");
        }
        for (name, head, rejected) in [
            ("a.exe", PROGRAM, Rejected::Extension),
            ("a.html", b"<html>".as_slice(), Rejected::Extension),
            ("a.png", PROGRAM, Rejected::Type),
            ("a.txt", PROGRAM, Rejected::Type),
            ("a.pdf", PNG, Rejected::Type),
            ("a.png", ZIP, Rejected::Type),
        ] {
            assert_eq!(judge(Some(name), None, head), Err(rejected), "{name}");
        }
    }

    #[test]
    fn nameless_files_are_known_by_their_bytes() {
        for (name, declared, head, found) in [
            (None, None, PNG, ("file.png", "image/png")),
            (Some("source"), Some("application/octet-stream"), JPEG, ("source.jpg", "image/jpeg")),
            (Some(""), None, b"hello \xe6\x97".as_slice(), ("file.txt", "text/plain")),
            (Some("x"), Some("text/csv; charset=utf-8"), b"a,b", ("x.csv", "text/csv")),
        ] {
            assert_eq!(judge(name, declared, head), Ok((found.0.to_owned(), found.1)));
        }
        assert_eq!(judge(None, None, b"\x01\x02\xff\xfe"), Err(Rejected::Unknown));
        assert_eq!(judge(None, None, PROGRAM), Err(Rejected::Type));
    }

    #[test]
    fn addresses_name_their_file() {
        assert_eq!(of_url("https://a.example/b/c.PDF?x=y.png#z"), Some("application/pdf"));
        assert_eq!(of_url("https://a.example/b/c"), None);
        assert_eq!(of_url("https://a.example/.png"), None);
        assert_eq!(name_of_url("https://a.example/b/my%20file.pdf").as_deref(), Some("my file.pdf"));
        assert_eq!(name_of_url("https://a.example/b/"), None);
    }

    proptest! {
        #[test]
        fn any_file_is_judged(name in "\\PC{0,200}", declared in "\\PC{0,30}", head in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok((name, _)) = judge(Some(&name), Some(&declared), &head) {
                prop_assert!(!name.is_empty() && !name.contains(['/', '\\']));
            }
            let _ = of_url(&name);
        }
    }
}
