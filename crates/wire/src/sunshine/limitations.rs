//! What stands behind the operations, for those behind which not everything does.

/// Operations that answer as described, but behind which something is missing, with what is missing. Every
/// other operation does what the description says.
pub const LIMITATIONS: &[(&str, &str)] = &[
    (
        "DownloadMessageRef",
        "answers, nothing behind it: 400, since Apple Messages, which alone has such references, is not connected",
    ),
    (
        "PostConversionEvents",
        "Messenger only: 400 for instagram and whatsapp, since these channels are not connected",
    ),
    ("SyncUser", "answers, nothing behind it: 404, since nothing gives a user a Zendesk id"),
];

/// What is missing behind an operation; `None` for one that is whole.
pub fn limitation(operation: &str) -> Option<&'static str> {
    LIMITATIONS.iter().find(|(id, _)| *id == operation).map(|(_, missing)| *missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limitation_is_of_an_operation() {
        for (id, _) in LIMITATIONS {
            assert!(crate::sunshine::operation(id).is_some(), "{id}");
        }
        assert_eq!(limitation("PostMessage"), None);
    }
}
