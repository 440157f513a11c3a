//! ListSwitchboards: `GET /v2/apps/{appId}/switchboards`.

use wire::sunshine::types::SwitchboardListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_switchboards(call: AppCall) -> Result<Reply> {
    let found = call.request.hub.list_switchboards(&call.grant).await?;
    let switchboards = found.iter().map(show::switchboard::switchboard).collect();
    Ok(Reply::ok(&SwitchboardListResponse { switchboards }))
}
