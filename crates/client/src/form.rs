//! How each API writes its answers and its refusals.

use serde::de::DeserializeOwned;
use wire::{BodyError, parse_body};

use crate::error::Reason;
#[cfg(any(feature = "hubster", feature = "exotel"))]
use crate::error::one_line;

/// How an API writes its answers and its refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The thing itself; refusals are a list of codes and titles (sunshine-v2.md §2).
    #[cfg(feature = "sunshine")]
    Sunshine,
    /// The thing itself, or nothing at all; refusals are numbers with texts, or OAuth's (hubster.md §8).
    #[cfg(feature = "hubster")]
    Hubster,
    /// An envelope around either; the newer operations have another one when they succeed (exotel.md).
    #[cfg(feature = "exotel")]
    Exotel,
}

/// Why something was refused.
#[derive(Default)]
pub(crate) struct Reasons {
    pub(crate) reasons: Vec<Reason>,
    /// The id of the request, where the body names it.
    pub(crate) request_id: Option<String>,
}

impl Form {
    /// Whether POSTs can be made repeatable with a key.
    pub(crate) fn knows_keys(self) -> bool {
        match self {
            #[cfg(feature = "sunshine")]
            Form::Sunshine => true,
            #[cfg(feature = "hubster")]
            Form::Hubster => false,
            #[cfg(feature = "exotel")]
            Form::Exotel => false,
        }
    }

    /// Reads what was asked for.
    pub(crate) fn value<T: DeserializeOwned>(self, body: &[u8]) -> Result<T, BodyError> {
        match self {
            #[cfg(feature = "sunshine")]
            Form::Sunshine => parse_body(body),
            #[cfg(feature = "hubster")]
            Form::Hubster if body.is_empty() => parse_body(b"null"),
            #[cfg(feature = "hubster")]
            Form::Hubster => parse_body(body),
            #[cfg(feature = "exotel")]
            Form::Exotel => exotel::value(body),
        }
    }

    /// Reads a refusal; what is none of the API's has no reasons.
    pub(crate) fn reasons(self, body: &[u8]) -> Reasons {
        match self {
            #[cfg(feature = "sunshine")]
            Form::Sunshine => sunshine::reasons(body),
            #[cfg(feature = "hubster")]
            Form::Hubster => hubster::reasons(body),
            #[cfg(feature = "exotel")]
            Form::Exotel => exotel::reasons(body),
        }
        .unwrap_or_default()
    }
}

#[cfg(feature = "sunshine")]
mod sunshine {
    use wire::sunshine::types::ErrorResponse;

    use super::{Reason, Reasons, parse_body};

    pub(super) fn reasons(body: &[u8]) -> Option<Reasons> {
        let body: ErrorResponse = parse_body(body).ok()?;
        let reasons = body.errors.into_iter();
        let reasons = reasons.map(|entry| Reason::new(Some(entry.code), &entry.title)).collect();
        Some(Reasons { reasons, request_id: None })
    }
}

#[cfg(feature = "hubster")]
mod hubster {
    use wire::hubster::types::{ErrorEntry, ErrorEnvelope, OAuthError};

    use super::{Reason, Reasons, one_line, parse_body};

    pub(super) fn reasons(body: &[u8]) -> Option<Reasons> {
        if let Ok(envelope) = parse_body::<ErrorEnvelope>(body) {
            let reasons = envelope.errors.into_iter().map(reason).collect();
            return Some(Reasons { reasons, request_id: envelope.tracking_id.as_deref().map(one_line) });
        }
        let refusal: OAuthError = parse_body(body).ok()?;
        let title = refusal.error_description.unwrap_or_default();
        let reason = Reason::new(Some(refusal.error), &title);
        Some(Reasons { reasons: vec![reason], request_id: None })
    }

    /// The whole code stands at the end of the description: ` (code: PRT000301)`.
    fn reason(entry: ErrorEntry) -> Reason {
        let whole = entry.description.rsplit_once(" (code: ");
        match whole.and_then(|(title, code)| Some((title, code.strip_suffix(')')?))) {
            Some((title, code)) => Reason::new(Some(code.to_owned()), title),
            None => Reason::new(Some(entry.code.to_string()), &entry.description),
        }
    }
}

#[cfg(feature = "exotel")]
mod exotel {
    use serde::de::DeserializeOwned;
    use serde_json::Value;
    use wire::body::from_value;
    use wire::exotel::settings::Success;
    use wire::exotel::types::Envelope;

    use super::{BodyError, Reason, Reasons, one_line, parse_body};

    pub(super) fn value<T: DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
        let whole: Value = parse_body(body)?;
        let newer = whole.get("success").is_some();
        let (name, data) = if newer {
            ("data", from_value::<Success<Value>>(&whole)?.data)
        } else {
            ("Data", from_value::<Envelope<Value>>(&whole)?.data.unwrap_or(Value::Null))
        };
        from_value(&data).map_err(|error| {
            let dot = if error.path.is_empty() || error.path.starts_with('[') { "" } else { "." };
            BodyError { path: format!("{name}{dot}{}", error.path), ..error }
        })
    }

    pub(super) fn reasons(body: &[u8]) -> Option<Reasons> {
        let envelope: Envelope<Value> = parse_body(body).ok()?;
        let reason = Reason::new(None, &envelope.error);
        Some(Reasons { reasons: vec![reason], request_id: Some(one_line(&envelope.request_id)) })
    }
}

#[cfg(all(test, feature = "sunshine", feature = "hubster", feature = "exotel"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_a_server_says_stays_one_line_and_steers_no_terminal() {
        let said = r"a\nb\r\u001b[2J\u2028c";
        for (form, body) in [
            (Form::Sunshine, format!(r#"{{"errors":[{{"code":"{said}","title":"{said}"}}]}}"#)),
            (Form::Hubster, format!(r#"{{"error":"{said}","error_description":"{said}"}}"#)),
            (
                Form::Exotel,
                format!(
                    r#"{{"RequestId":"{said}","Status":"Failed","Code":400,"Error":"{said}","Data":null}}"#
                ),
            ),
        ] {
            let told = form.reasons(body.as_bytes());
            let reason = told.reasons.first().unwrap();
            let texts = [Some(&reason.title), reason.code.as_ref(), told.request_id.as_ref()];
            for text in texts.into_iter().flatten() {
                assert_eq!(text, "a b  [2J c", "{form:?}");
            }
        }
    }
}
