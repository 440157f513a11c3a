//! What a log of the client holds.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use crosspoint_client::Credentials;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::fake::{Fake, json, refusal};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

#[tokio::test]
async fn a_span_names_the_operation_and_no_secret_and_nobody() {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || written.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let fake = Fake::start([refusal(429, "retry-after", "0"), json(200, r#"{"users":[]}"#)]).await;
    let sunshine = fake.with(Credentials::basic("act_1", "hush-1")).sunshine();
    let _read_or_not = sunshine.get_user("a1", "ann@shop.example.com").await;
    let token = r#"{"RequestId":"r","Status":"Success","Code":200,"Error":"","Data":"hush-2"}"#;
    let fake = Fake::start([json(200, token), json(401, "{}")]).await;
    let exotel =
        fake.with(Credentials::exotel_app("4a39ab1c-0000-8000-8000-000000000000", "hush-3")).exotel();
    let _refused = exotel.get_user("bob@shop.example.com").await;

    let log = log.text();
    for part in [
        r#"operation="GetUser""#,
        r#"method="GET""#,
        r#"path="/v2/apps/{appId}/users/{userIdOrExternalId}""#,
        "the call is sent again",
        "status=200",
        r#"operation="ExotelGetUsers""#,
    ] {
        assert!(log.contains(part), "no {part} in\n{log}");
    }
    // The Basic header is "act_1:hush-1" in base64.
    for secret in ["hush", "YWN0XzE6aHVzaC0x", "ann@", "bob@"] {
        assert!(!log.contains(secret), "{secret} stands in\n{log}");
    }
}
