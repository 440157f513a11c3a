//! The commands of the vendor's pages, run by a shell as they stand there: only host and placeholders
//! are filled in.

use std::process::Command;

use serde_json::{Value, json};
use testkit::{Crosspoint, run};

const HOST: &str = "https://integrationscore.us3.qaexotel.com";

const ADD: &str = r#"curl --location --request POST 'https://integrationscore.us3.qaexotel.com/v2/integrations/app_setting' \
--header 'Authorization: {{AuthCode}}' \
--header 'Content-Type: application/json' \
--data-raw '{ "Key": {{configKey}}, "Value" : {{configValue}} }'"#;
const GET_ONE: &str = r#"curl --location -g --request GET 'https://integrationscore.us3.qaexotel.com/v2/integrations/app_setting?key={{configKey}}' \
--header 'Authorization: {{AuthCode}}'"#;
const GET_ALL: &str = r#"curl --location --request GET 'https://integrationscore.us3.qaexotel.com/v2/integrations/app_setting' \
--header 'Authorization: {{AuthCode}}'"#;
const DELETE: &str = r#"curl --location -g --request DELETE 'https://integrationscore.us3.qaexotel.com/v2/integrations/app_setting?key={{configKey}}' \
--header 'Authorization: {{AuthCode}}'"#;

/// Runs a command and gives status, request id of the head, and body.
fn shell(server: &Crosspoint, command: &str, filled: &[(&str, &str)]) -> (u16, String, Value) {
    let command = command.replacen("curl ", "curl --silent --show-error --noproxy '*' --include ", 1);
    let command = command.replace(HOST, &server.base());
    let command =
        filled.iter().fold(command, |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value));
    let output = Command::new("sh").args(["-c", &command]).output().expect("a shell with curl");
    let text = String::from_utf8(output.stdout).expect("text");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{command}: {text} {said}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let id = head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap_or_default();
    (status, id.trim().to_owned(), serde_json::from_str(body).expect("JSON"))
}

/// The data of an envelope in the documented form.
fn succeeded((status, id, envelope): (u16, String, Value)) -> Value {
    let fields: Vec<&String> = envelope.as_object().expect("an envelope").keys().collect();
    assert_eq!(fields, ["RequestId", "Status", "Code", "Error", "Data"]);
    assert_eq!((status, &envelope["Code"], &envelope["Error"]), (200, &json!(200), &json!("")), "{envelope}");
    assert_eq!((&envelope["Status"], &envelope["RequestId"]), (&json!("Success"), &json!(id)));
    let groups: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12], "{id} is a UUID");
    envelope["Data"].clone()
}

fn refused(status: u16, (found, _, envelope): (u16, String, Value)) {
    assert_eq!((found, &envelope["Code"]), (status, &json!(status)), "{envelope}");
    assert_eq!((&envelope["Status"], &envelope["Data"]), (&json!("Failed"), &Value::Null));
}

#[test]
fn the_commands_of_the_pages_work_as_they_stand_there() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = super::settings::register(&server, "Desk").await;
        let (key, value) = ("callback", "https://webhook.site/a4089342-b169-451d-a84d-c588856641a3");
        let (token, quoted) = (app.token.as_str(), [format!("\"{key}\""), format!("\"{value}\"")]);
        let in_body =
            [("AuthCode", token), ("configKey", quoted[0].as_str()), ("configValue", quoted[1].as_str())];
        let in_query = [("AuthCode", token), ("configKey", key)];
        let setting = json!({ "CustomerID": app.customer_id, "AppID": app.id, "Key": key, "Value": value });

        assert_eq!(succeeded(shell(&server, GET_ALL, &in_query)), json!([]));
        assert_eq!(succeeded(shell(&server, ADD, &in_body)), setting);
        assert_eq!(succeeded(shell(&server, GET_ONE, &in_query)), setting);
        assert_eq!(succeeded(shell(&server, GET_ALL, &in_query)), json!([setting]));
        for (command, filled) in [(ADD, &in_body[..]), (GET_ONE, &in_query), (DELETE, &in_query)] {
            let filled = filled.iter().map(|(name, value)| match *name {
                "AuthCode" => (*name, "nonsense"),
                _ => (*name, *value),
            });
            refused(401, shell(&server, command, &filled.collect::<Vec<_>>()));
        }
        assert_eq!(succeeded(shell(&server, DELETE, &in_query)), "Deleted Successfully");
        refused(404, shell(&server, GET_ONE, &in_query));
        refused(404, shell(&server, DELETE, &in_query));
        assert_eq!(succeeded(shell(&server, GET_ALL, &in_query)), json!([]));
    });
}
