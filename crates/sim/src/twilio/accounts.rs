//! Accounts, numbers and messaging services (channels.md §5.5).

use http::Method;
use serde_json::{Value, json};

use crate::http::client::is_web_address;
use crate::http::{Incoming, Refusal, Reply, pairs};
use crate::shared::Handle;

use super::errors::{bad, not_found};
use super::{Number, Service};

pub(super) fn account(shared: &Handle, account_sid: &str) -> Result<Reply, Refusal> {
    let status = shared.with(|world| world.twilio_account(account_sid).map(|account| account.status.clone()));
    let status = status.ok_or_else(|| not_found(account_sid))?;
    Ok(Reply::json(
        200,
        &json!({
            "sid": account_sid, "friendly_name": "Simulated account", "status": status, "type": "Full",
            "uri": format!("/2010-04-01/Accounts/{account_sid}.json"),
        }),
    ))
}

/// Reads or changes a number.
pub(super) fn number(
    shared: &Handle,
    request: &Incoming,
    account_sid: &str,
    number_sid: &str,
) -> Result<Reply, Refusal> {
    let sid = number_sid.trim_end_matches(".json");
    let changes = changes(request)?;
    shared.with(|world| {
        let account = world.twilio_account(account_sid).ok_or_else(|| not_found(&request.path))?;
        let number = account.numbers.iter_mut().find(|number| number.sid == sid);
        let number = number.ok_or_else(|| not_found(&request.path))?;
        for (name, value) in &changes {
            match name.as_str() {
                "SmsUrl" => number.sms_url.clone_from(value),
                "SmsMethod" => number.sms_method.clone_from(value),
                "StatusCallback" => number.status_callback.clone_from(value),
                _ => {}
            }
        }
        Ok(Reply::json(200, &show_number(account_sid, number)))
    })
}

/// The numbers of an account, all or those with one number.
pub(super) fn list_numbers(shared: &Handle, request: &Incoming, account_sid: &str) -> Reply {
    let wanted = request.query("PhoneNumber");
    let shown: Vec<Value> = shared.with(|world| {
        let numbers =
            world.twilio_account(account_sid).map(|account| account.numbers.clone()).unwrap_or_default();
        let fitting =
            numbers.iter().filter(|number| wanted.is_none_or(|wanted| wanted == number.phone_number));
        fitting.map(|number| show_number(account_sid, number)).collect()
    });
    Reply::json(200, &json!({"incoming_phone_numbers": shown, "page": 0, "page_size": 50}))
}

fn show_number(account_sid: &str, number: &Number) -> Value {
    json!({
        "sid": number.sid, "account_sid": account_sid, "phone_number": number.phone_number,
        "friendly_name": number.phone_number, "sms_url": number.sms_url, "sms_method": number.sms_method,
        "status_callback": number.status_callback, "status": "in-use",
        "capabilities": {"voice": true, "sms": true, "mms": number.mms, "fax": false},
        "uri": format!("/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{}.json", number.sid),
    })
}

/// Reads or changes a messaging service.
pub(super) fn service(
    shared: &Handle,
    request: &Incoming,
    account_sid: &str,
    sid: &str,
) -> Result<Reply, Refusal> {
    let changes = changes(request)?;
    shared.with(|world| {
        let account = world.twilio_account(account_sid).ok_or_else(|| not_found(&request.path))?;
        let service = account.services.iter_mut().find(|service| service.sid == sid);
        let service = service.ok_or_else(|| not_found(&format!("/Services/{sid}")))?;
        for (name, value) in &changes {
            match name.as_str() {
                "InboundRequestUrl" => service.inbound_request_url.clone_from(value),
                "InboundMethod" => service.inbound_method.clone_from(value),
                "StatusCallback" => service.status_callback.clone_from(value),
                "UseInboundWebhookOnNumber" => service.use_inbound_webhook_on_number = value == "true",
                _ => {}
            }
        }
        Ok(Reply::json(200, &show_service(account_sid, service)))
    })
}

fn show_service(account_sid: &str, service: &Service) -> Value {
    json!({
        "sid": service.sid, "account_sid": account_sid, "friendly_name": "Simulated service",
        "inbound_request_url": service.inbound_request_url, "inbound_method": service.inbound_method,
        "status_callback": service.status_callback,
        "use_inbound_webhook_on_number": service.use_inbound_webhook_on_number,
        "url": format!("https://messaging.twilio.com/v1/Services/{}", service.sid),
    })
}

/// The fields of a change, judged; none for a GET.
fn changes(request: &Incoming) -> Result<Vec<(String, String)>, Refusal> {
    if request.method != Method::POST {
        return Ok(Vec::new());
    }
    let form = if request.media_type() == "application/x-www-form-urlencoded" {
        pairs(&request.body)
    } else {
        Vec::new()
    };
    for (name, value) in &form {
        match name.as_str() {
            "SmsUrl" if !value.is_empty() && !is_web_address(value) => {
                return Err(bad("twilio.number.url", 21502, "SmsUrl is not valid"));
            }
            "StatusCallback" | "InboundRequestUrl" if !value.is_empty() && !is_web_address(value) => {
                return Err(bad("twilio.number.url", 21402, &format!("Invalid Url: {name}")));
            }
            "SmsMethod" | "InboundMethod" if !matches!(value.as_str(), "GET" | "POST") => {
                return Err(bad("twilio.number.method", 21403, &format!("{name} is not valid")));
            }
            _ => {}
        }
    }
    Ok(form)
}
