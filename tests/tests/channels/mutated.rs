//! Signed callbacks that no provider sends: whatever comes is answered, stored or refused, and the server
//! lives.

use std::path::{Path, PathBuf};

use serde_json::Value;
use testkit::{eventually, run};

use super::bad_input::{Hook, hooks};
use super::{LINES, Street};

#[path = "../../../crates/channels/tests/connectors/mutation.rs"]
mod mutation;

/// The callbacks that a provider publishes, made to be for this street.
fn fixtures(street: &Street, kind: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/channels/fixtures").join(kind);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.contains(".expected.") && !name.starts_with("answer_")
    });
    paths.sort();
    let page = street.sim.page().page_id;
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap().trim_end().replace("PAGE1", &page);
    paths.into_iter().map(|path| read(path).into_bytes()).collect()
}

/// The body with ids of its own, so that it is not known from another one.
fn renewed(body: Vec<u8>, round: usize) -> Vec<u8> {
    if let Ok(mut value) = serde_json::from_slice::<Value>(&body) {
        renew(&mut value, round);
        return value.to_string().into_bytes();
    }
    let Ok(text) = String::from_utf8(body.clone()) else { return body };
    let id = format!("{round:032}");
    text.replace("SM00000000000000000000000000000001", &format!("SM{id}")).into_bytes()
}

fn renew(value: &mut Value, round: usize) {
    match value {
        Value::Array(entries) => entries.iter_mut().for_each(|entry| renew(entry, round)),
        Value::Object(fields) => {
            for (name, inner) in fields {
                match (name.as_str(), &*inner) {
                    ("mid", Value::String(_)) => *inner = format!("m_{round}").into(),
                    ("update_id" | "message_id", Value::Number(_)) => *inner = (100_000 + round).into(),
                    _ => renew(inner, round),
                }
            }
        }
        _ => {}
    }
}

/// The status that a callback was answered with.
async fn post(street: &Street, hook: &Hook, body: Vec<u8>) -> u16 {
    let url = format!("{}{}", street.server.base(), hook.path);
    let signature = (hook.sign)(&body);
    let request = reqwest::Client::new().post(url).header("content-type", hook.content_type);
    request.header(hook.header, signature).body(body).send().await.unwrap().status().as_u16()
}

#[test]
fn no_signed_callback_breaks_the_server() {
    run(240, async {
        // Files that the fixtures name are nowhere: their events wait for them.
        let street = Street::build_with(Default::default(), |builder| builder.may_end_undrained()).await;
        let hooks = hooks(&street).await;
        assert_eq!(hooks.len(), LINES.len());
        for hook in &hooks {
            let mut taken = 0;
            for (round, body) in mutation::mutated(&fixtures(&street, hook.kind)).into_iter().enumerate() {
                let body = renewed(body, round);
                let text = String::from_utf8_lossy(&body).into_owned();
                let status = post(&street, hook, body).await;
                assert!(matches!(status, 200 | 400), "{} answered {status} to {text}", hook.kind);
                taken += usize::from(status == 200);
            }
            assert!(taken > 25, "{}: only {taken} were taken", hook.kind);
        }
        // It goes on: what a customer says afterwards is told.
        for line in LINES {
            let text = format!("still there, {:?}?", line.channel);
            street.sim.customer(line.channel, line.who).say(&text).await.unwrap();
            eventually(60, &text, || async {
                let hooks = street.inbox.hooks();
                hooks.into_iter().find(|hook| hook.payload()["message"]["content"]["text"] == *text)
            })
            .await;
        }
        let log = street.server.log_lines();
        let wrong: Vec<&String> =
            log.iter().filter(|line| line.contains("ERROR") || line.contains("panicked")).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    });
}
