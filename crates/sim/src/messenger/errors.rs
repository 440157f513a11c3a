//! Meta's error bodies (channels.md §2.4).

use serde_json::json;

use crate::http::Refusal;

/// A refusal of Graph, before it has its trace id.
#[derive(Debug)]
pub(super) struct Graph {
    rule: &'static str,
    status: u16,
    code: u32,
    subcode: Option<u32>,
    message: String,
    /// Title and text for the person at the screen.
    told: Option<(String, String)>,
}

impl Graph {
    pub(super) fn subcode(mut self, subcode: u32) -> Graph {
        self.subcode = Some(subcode);
        self
    }

    pub(super) fn told(mut self, title: &str, text: &str) -> Graph {
        self.told = Some((title.to_owned(), text.to_owned()));
        self
    }

    pub(super) fn finish(self, trace: &str) -> Refusal {
        let mut error = json!({"message": self.message, "type": "OAuthException", "code": self.code});
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = subcode.into();
        }
        if let Some((title, text)) = self.told {
            error["is_transient"] = false.into();
            error["error_user_title"] = title.into();
            error["error_user_msg"] = text.into();
        }
        error["fbtrace_id"] = trace.into();
        Refusal::new(self.rule, self.message, self.status, &json!({"error": error}))
    }
}

pub(super) fn error(rule: &'static str, status: u16, code: u32, message: &str) -> Graph {
    Graph { rule, status, code, subcode: None, message: message.to_owned(), told: None }
}

/// Code 100.
pub(super) fn parameter(rule: &'static str, message: &str) -> Graph {
    error(rule, 400, 100, &format!("(#100) {message}"))
}

pub(super) fn dead_token(why: &str) -> Graph {
    let message = format!("Error validating access token: {why}.");
    error("messenger.token", 401, 190, &message)
}

pub(super) fn blocked() -> Graph {
    error("messenger.blocked", 400, 551, "(#551) This person isn't available right now.").subcode(1_545_041)
}

pub(super) fn window() -> Graph {
    let message = "(#10) This message is sent outside of allowed window.";
    error("messenger.window", 403, 10, message).subcode(2_018_278)
}
