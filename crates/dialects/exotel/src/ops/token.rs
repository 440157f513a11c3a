//! ExotelCreateToken: `POST /v2/integrations/token`.

use std::sync::Arc;

use hub::{Hub, LiveKey};
use model::record::KeyKind;
use wire::exotel::types::{Entity, TokenRequest};

use super::read_id;
use crate::http::auth::{issue, kind};
use crate::http::call::{Data, OpenCall, data};
use crate::http::error::{ApiError, Result};

pub(super) async fn create_token(call: OpenCall) -> Result<Data> {
    let asked: TokenRequest = call.request.json()?;
    let Some(kind) = kind(&asked.entity) else {
        return Err(ApiError::bad_request(format!("Entity: must be {}", Entity::KNOWN.join(" or "))));
    };
    let Some(key) = find(&call.request.hub, kind, &asked).await? else {
        let known = known(&call.request.hub, kind, &asked.id).await?;
        let counted = call.request.config.limiter.check_refused(known.as_deref());
        counted.map_err(ApiError::too_many_requests)?;
        return Err(ApiError::unauthorized("check the entity, its id and its secret"));
    };
    data(&issue(&call.request.hub, &key, &asked.entity)?)
}

/// The id that is named, in one spelling, if there is something of this id.
async fn known(hub: &Hub, kind: KeyKind, named: &str) -> Result<Option<String>> {
    let (id, is_known) = match (read_id(named), kind) {
        (Some(id), KeyKind::App) => (id.to_string(), hub.knows_app(id).await?),
        (Some(id), _) => (id.to_string(), hub.knows_account(&id.to_string()).await?),
        (None, _) => (named.to_owned(), hub.live_key(named).await?.is_some()),
    };
    Ok(is_known.then_some(id))
}

/// The key that is meant: named by itself or by whom it belongs to.
async fn find(hub: &Hub, kind: KeyKind, asked: &TokenRequest) -> Result<Option<Arc<LiveKey>>> {
    let secret = asked.secret.expose();
    let found = match (read_id(&asked.id), kind) {
        (Some(id), KeyKind::App) => hub.key_of_app(id, secret).await?,
        (Some(id), _) => hub.key_of_account(id, secret).await?,
        (None, _) => hub.live_key(&asked.id).await?.filter(|key| key.secret_is(secret)),
    };
    Ok(found.filter(|key| key.kind == kind))
}
