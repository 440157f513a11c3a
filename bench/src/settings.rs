//! A thousand settings in one answer, beside a page of a hundred messages on the same server.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::Budget;
use crate::http::request;
use crate::load::{self, Round};
use crate::system::{Kind, Scene, System, authorization, fresh_dir, message_body, text};
use crate::table::Table;

const SETTINGS: usize = 1_000;
const MESSAGES: usize = 100;
/// Bytes of each value: about as long as an address.
const VALUE_BYTES: usize = 64;

/// Measures and adds its table.
pub async fn all(budget: &Budget, report: &mut String) -> io::Result<()> {
    eprintln!("settings");
    let folder = fresh_dir("settings")?;
    let system = System::start(Kind::Full, &folder).await?;
    let scene = Scene::make(&system, 1).await?;
    let message: Value = serde_json::from_str(&message_body()).map_err(io::Error::other)?;
    for _ in 0..MESSAGES {
        system.call("POST", &scene.messages_path(0), &message).await?;
    }
    for number in 0..SETTINGS {
        let path = format!("/v2/apps/{}/settings/key-{number}", scene.app);
        system.call("PUT", &path, &json!({ "value": "v".repeat(VALUE_BYTES) })).await?;
    }
    let key =
        system.call("POST", &format!("/v2/apps/{}/keys", scene.app), &json!({"displayName": "k"})).await?;
    let asked = json!({
        "Id": text(&key, "/key/id"), "Secret": text(&key, "/key/secret"), "Entity": "app",
    });
    let token = text(&system.call("POST", "/v2/integrations/token", &asked).await?, "/Data");
    let list = request("GET", "/v2/integrations/app_setting", &token, "");
    let page = request("GET", &scene.messages_path(0), &authorization(), "");
    let mut table = Table::new(&["One answer", "1 connection /s", "p50 ms", "p99 ms", "ratio to the page"]);
    let page = measure(&system, budget, page).await?;
    let list = measure(&system, budget, list).await?;
    for (name, round) in [("the last 100 messages", &page), ("1,000 settings", &list)] {
        table.row(vec![
            name.into(),
            format!("{:.0}", round.rate),
            format!("{:.2}", round.p50_ms),
            format!("{:.2}", round.p99_ms),
            format!("{:.2}", round.rate / page.rate),
        ]);
    }
    report.push_str(&table.markdown());
    report.push('\n');
    system.stop();
    std::fs::remove_dir_all(folder)
}

async fn measure(system: &System, budget: &Budget, bytes: Vec<u8>) -> io::Result<Round> {
    let bytes = Arc::new(bytes);
    let round = load::run(system.address, 1, budget.round, 200, Arc::new(move |_, _| bytes.clone())).await?;
    assert_eq!(round.unexpected, 0, "answers other than 200");
    Ok(round)
}
