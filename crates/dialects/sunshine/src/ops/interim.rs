//! Interim.
use hub::UserDraft;
use serde_json::{Value, json};

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

fn s(v: &Value, k: &str) -> Option<String> { v.get(k).and_then(Value::as_str).map(str::to_owned) }

pub(crate) async fn create_user(call: AppCall) -> Result<Reply> {
    let b: Value = call.request.json()?;
    let draft = UserDraft { external_id: s(&b, "externalId"), ..UserDraft::default() };
    let v = call.request.hub.create_user(&call.grant, draft).await?;
    Ok(Reply::created(&json!({"user": show::user::user(&v)})))
}
