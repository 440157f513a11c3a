//! The consent page: plain HTML without scripts. Every text that is put in is escaped.

mod html;

use axum::http::StatusCode;
use hub::Page;
use model::record::App;

use self::html::{Escaped, escape};
use super::asked::{Asked, is_secure};
use super::session::{self, COOKIE_NAME, LIFE_S};
use crate::http::call::Request;
use crate::http::reply::Reply;

const STYLE: &str = include_str!("page.css");

/// What all pages of one consent show and carry.
pub(super) struct Look<'a> {
    pub(super) request: &'a Request,
    asked: &'a Asked,
    csrf: String,
}

impl<'a> Look<'a> {
    /// The value in a browser's cookie is kept, so that several pages can be open.
    pub(super) fn new(request: &'a Request, asked: &'a Asked) -> Look<'a> {
        let csrf = session::cookie(&request.headers).map_or_else(session::random, str::to_owned);
        Look { request, asked, csrf }
    }
}

/// The first page: who asks, and for an account's key.
pub(super) fn sign_in(look: &Look<'_>, notice: Option<&str>) -> String {
    let fields = r#"<label for="keyId">Account key id</label>
<input id="keyId" name="keyId" type="text" placeholder="act_…" required autofocus autocomplete="username" autocapitalize="none" spellcheck="false">
<label for="secret">Secret</label>
<input id="secret" name="secret" type="password" required autocomplete="current-password">
<div class="actions">
<button type="submit" name="decision" value="continue" class="main">Continue</button>
<button type="submit" name="decision" value="deny" formnovalidate>Deny</button>
</div>"#;
    let lead = "Show that you may decide this with a key of your account. The partner does not get it.";
    body(look, notice, &escape(lead), &form(look, "", fields))
}

/// The second page: the choice of an app. Whoever has very many may name one instead.
pub(super) fn choose(look: &Look<'_>, session: &str, apps: &Page<App>, notice: Option<&str>) -> String {
    let all_shown = !apps.has_next && !apps.has_previous;
    let attributes = match (all_shown, apps.items.len()) {
        (true, 1) => " required checked",
        (true, _) => " required",
        (false, _) => "",
    };
    let choices: String = apps.items.iter().map(|app| choice(app, attributes)).collect();
    let others = if all_shown { String::new() } else { others(apps) };
    let allow = r#"<button type="submit" name="decision" value="allow" class="main">Allow</button>"#;
    let (lead, allow) = match apps.items.is_empty() {
        true => ("This account has no app that could be opened.", ""),
        false => ("Choose the app that it may work with.", allow),
    };
    let session = format!(r#"<input type="hidden" name="session" value="{}">"#, escape(session));
    let fields = format!(
        r#"{session}
<fieldset><legend>App</legend>{choices}</fieldset>
{others}
<div class="actions">
{allow}
<button type="submit" name="decision" value="deny" formnovalidate>Deny</button>
</div>"#
    );
    let forms = form(look, "", &fields) + &form(look, r#" id="more""#, &session);
    body(look, notice, &escape(lead), &forms)
}

/// The way to the apps that are not shown.
fn others(apps: &Page<App>) -> String {
    let next = apps.items.last().filter(|_| apps.has_next).map(|last| {
        let id = last.id;
        // Of another form, so that the Enter key does not mean it.
        format!(
            r#"<button type="submit" form="more" name="after" value="{id}" class="more">More apps</button>"#
        )
    });
    format!(
        r#"{}<label for="appId">Or the id of another app</label>
<input id="appId" name="appId" type="text" autocomplete="off" autocapitalize="none" spellcheck="false">"#,
        next.unwrap_or_default()
    )
}

fn choice(app: &App, attributes: &str) -> String {
    format!(
        r#"<label class="choice"><input type="radio" name="app" value="{id}"{attributes}><span>{}<small>{id}</small></span></label>"#,
        escape(&app.name),
        id = app.id
    )
}

/// A form posts to the very address of the page, so that what was asked for stays.
fn form(look: &Look<'_>, attributes: &str, fields: &str) -> String {
    let csrf = escape(&look.csrf);
    format!(
        r#"<form method="post"{attributes}>
<input type="hidden" name="csrf" value="{csrf}">
{fields}
</form>
"#
    )
}

fn body(look: &Look<'_>, notice: Option<&str>, lead: &Escaped, forms: &str) -> String {
    let notice = notice.map(|text| format!("<p class=\"notice\" role=\"alert\">{}</p>\n", escape(text)));
    format!(
        r#"<h1><b>{partner}</b> asks for access</h1>
{notice}<p>It will be able to read and change users, conversations and messages of one app, and to hear about
them by webhooks. It gets no access to settings, integrations and keys of the app.</p>
<p>{lead}</p>
{forms}<p class="back">You will be taken back to <b>{place}</b>.</p>"#,
        partner = escape(&look.asked.partner),
        notice = notice.unwrap_or_default(),
        place = escape(&look.asked.place()),
    )
}

/// The page around a body, with everything that keeps others out of it.
pub(super) fn reply(look: &Look<'_>, status: StatusCode, body: String) -> Reply {
    let nonce = session::random();
    let page = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} asks for access</title>
<link rel="icon" href="data:,">
<style nonce="{nonce}">
{STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"#,
        title = escape(&look.asked.partner),
    );
    let path = &look.request.path;
    let secure = if is_secure(&look.request.hub) { "; Secure" } else { "" };
    let csrf = &look.csrf;
    guarded(Reply::html(status, page))
        .header("content-security-policy", policy(look.asked, &nonce))
        .header("x-frame-options", "DENY".to_owned())
        .header("x-content-type-options", "nosniff".to_owned())
        .header(
            "set-cookie",
            format!("{COOKIE_NAME}={csrf}; Path={path}; Max-Age={LIFE_S}; HttpOnly; SameSite=Lax{secure}"),
        )
}

/// Browsers hold the redirect behind a form, too, against `form-action`, and a partner may lead on to
/// anywhere; so it names where the partner is only when that is without TLS.
fn policy(asked: &Asked, nonce: &str) -> String {
    let place = asked.place();
    let back = if place.starts_with("http:") { format!(" {place}") } else { String::new() };
    format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self' https:{back}; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Takes the browser back to the partner.
pub(super) fn lead_back(address: String) -> Reply {
    guarded(Reply::redirect(&address))
}

/// What the address and the page hold is nobody else's business.
fn guarded(reply: Reply) -> Reply {
    reply.header("cache-control", "no-store".to_owned()).header("referrer-policy", "no-referrer".to_owned())
}
