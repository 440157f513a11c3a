//! How a list goes on: cursors only where there is such a page, `hasMore` about the direction that
//! was asked for, links with the filter kept (sunshine-v2.md §3.3–3.5).

use hub::Page;
use model::Id;
use url::form_urlencoded::Serializer;
use wire::sunshine::types::{Links, Meta};

use crate::http::call::Request;

/// Cursors and links of a page.
pub(crate) fn meta<T>(request: &Request, page: &Page<T>, id: impl Fn(&T) -> Id) -> (Meta, Option<Links>) {
    let cursor = |item: Option<&T>, exists: bool| item.filter(|_| exists).map(|item| id(item).to_string());
    let meta = Meta {
        has_more: if page.backwards { page.has_previous } else { page.has_next },
        after_cursor: cursor(page.items.last(), page.has_next),
        before_cursor: cursor(page.items.first(), page.has_previous),
    };
    let links = Links {
        prev: meta.before_cursor.as_deref().map(|before| link(request, "before", before)),
        next: meta.after_cursor.as_deref().map(|after| link(request, "after", after)),
    };
    let has_links = links.prev.is_some() || links.next.is_some();
    (meta, has_links.then_some(links))
}

/// The address of a neighbouring page.
fn link(request: &Request, direction: &str, cursor: &str) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in request.query.without_page() {
        query.append_pair(name, value);
    }
    if let Ok(Some(size)) = request.query.nested("page", "size") {
        query.append_pair("page[size]", &size);
    }
    query.append_pair(&format!("page[{direction}]"), cursor);
    format!("{}{}?{}", request.hub.settings().public_url, request.path, query.finish())
}
