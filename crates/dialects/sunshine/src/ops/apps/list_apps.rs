//! ListApps: `GET /v2/apps`.

use hub::Page;
use wire::sunshine::types::AppListResponse;

use crate::http::call::CallerCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_apps(call: CallerCall) -> Result<Reply> {
    let query = &call.request.query;
    let page = query.page()?;
    let page = match query.nested("filter", "serviceAccountId")? {
        None => call.request.hub.list_apps(&call.caller, page).await?,
        // There are no service accounts: an unknown one has no apps (sunshine-v2.md §1.1).
        Some(_) => Page { items: Vec::new(), has_previous: false, has_next: false, backwards: false },
    };
    let (meta, links) = show::page::meta(&call.request, &page, |app| app.id);
    Ok(Reply::ok(&AppListResponse { apps: page.items.iter().map(show::app::app).collect(), meta, links }))
}
