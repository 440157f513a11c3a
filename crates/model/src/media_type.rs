//! Types of files that the product takes, from whoever they come (sunshine-v2.md §7.4).

/// Extensions and their media types; the first extension of a type is the one that a nameless file
/// gets. What is not here is refused.
const EXTENSIONS: [(&str, &str); 59] = [
    ("3gp", "video/3gpp"),
    ("3g2", "video/3gpp2"),
    ("7z", "application/x-7z-compressed"),
    ("aac", "audio/aac"),
    ("amr", "audio/amr"),
    ("avi", "video/x-msvideo"),
    ("bmp", "image/bmp"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("eml", "message/rfc822"),
    ("gif", "image/gif"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("ics", "text/calendar"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jfif", "image/jpeg"),
    ("key", "application/vnd.apple.keynote"),
    ("txt", "text/plain"),
    ("log", "text/plain"),
    ("m4a", "audio/mp4"),
    ("mp4a", "audio/mp4"),
    ("m4v", "video/x-m4v"),
    ("mov", "video/quicktime"),
    ("qt", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mpga", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("neon", "text/plain"),
    ("numbers", "application/vnd.apple.numbers"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("ogv", "video/ogg"),
    ("pages", "application/vnd.apple.pages"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("pps", "application/vnd.ms-powerpoint"),
    ("ppsx", "application/vnd.openxmlformats-officedocument.presentationml.slideshow"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("svg", "image/svg+xml"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("vcf", "text/vcard"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("wmv", "video/x-ms-wmv"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
];

/// One name for types that have several, without parameters.
pub fn canonical(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let canonical = match essence.as_str() {
        "application/x-yaml" | "text/yaml" => "application/yaml",
        "application/x-zip-compressed" => "application/zip",
        "audio/m4a" | "audio/x-m4a" => "audio/mp4",
        "audio/mp3" => "audio/mpeg",
        "audio/opus" => "audio/ogg",
        "audio/x-wav" | "audio/wave" => "audio/wav",
        "image/jpg" => "image/jpeg",
        "text/x-vcard" => "text/vcard",
        "text/xml" => "application/xml",
        _ => return essence,
    };
    canonical.to_owned()
}

/// A type of the list; `None` for any other.
pub fn known(media_type: &str) -> Option<&'static str> {
    EXTENSIONS.iter().map(|(_, known)| *known).find(|known| *known == media_type)
}

/// The extension of a type of the list.
pub fn extension_of(media_type: &str) -> Option<&'static str> {
    EXTENSIONS.iter().find(|(_, known)| *known == media_type).map(|(extension, _)| *extension)
}

/// The type that an extension, in small letters and without its dot, stands for.
pub fn of_extension(extension: &str) -> Option<&'static str> {
    EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, media_type)| *media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_each_extension_once() {
        let mut names: Vec<&str> = EXTENSIONS.iter().map(|(extension, _)| *extension).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), EXTENSIONS.len());
    }

    #[test]
    fn a_type_has_one_name() {
        assert_eq!(canonical("Audio/OPUS; codecs=opus"), "audio/ogg");
        assert_eq!(canonical("text/html"), "text/html");
        assert_eq!(known(&canonical("text/x-vcard")).and_then(extension_of), Some("vcf"));
    }
}
