//! What every answer on the paths of Exotel's integrations core has to be: an envelope or, where one of
//! the newer operations succeeds, its twin.

use serde_json::{Value, json};

const FIELDS: [&str; 5] = ["RequestId", "Status", "Code", "Error", "Data"];

/// Whether a path is one of this API.
pub fn is_exotels(path: &str) -> bool {
    path.starts_with("/v2/integrations/")
}

/// The body of an answer, if it is as it has to be.
pub fn check_reply(status: u16, content_type: &str, text: &str) -> Result<Value, String> {
    if content_type != "application/json" {
        return Err(format!("content type {content_type:?} with body {text:?}"));
    }
    if status >= 500 && !matches!(status, 501 | 503) {
        return Err(format!("{status}: {text}"));
    }
    let body: Value = serde_json::from_str(text).map_err(|error| format!("{error}: {text}"))?;
    let fields: Vec<&str> = body.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let good = status == 200;
    let fits = match good {
        true if fields == ["success", "data"] => body["success"] == true,
        true => body["Status"] == "Success" && body["Error"] == "",
        false => body["Status"] == "Failed" && body["Data"].is_null() && body["Error"] != "",
    };
    let is_envelope = fields == FIELDS && body["Code"] == json!(status);
    match fits && (is_envelope || good && body.get("success").is_some()) {
        true => Ok(body),
        false => Err(format!("{status} with {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_say_what_the_status_says() {
        let kind = "application/json";
        let good = r#"{"RequestId":"r","Status":"Success","Code":200,"Error":"","Data":[]}"#;
        let bad = r#"{"RequestId":"r","Status":"Failed","Code":404,"Error":"none","Data":null}"#;
        assert!(check_reply(200, kind, good).is_ok() && check_reply(404, kind, bad).is_ok());
        assert!(check_reply(200, kind, r#"{"success":true,"data":{}}"#).is_ok());
        for (status, text) in [(404, good), (200, bad), (400, bad), (200, "{}"), (404, r#"{"errors":[]}"#)] {
            assert!(check_reply(status, kind, text).is_err(), "{status} {text}");
        }
        assert!(check_reply(200, "text/plain", good).is_err());
    }
}
