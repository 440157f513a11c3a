//! As much of a browser as the consent page needs: forms, cookies, no redirects.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use testkit::Key;

/// Pages between the first request and the redirect; more would be a loop.
const PAGES_MAX: usize = 4;

pub struct Browser {
    http: reqwest::Client,
    base: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(base: &str) -> Browser {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Browser { http, base: base.to_owned(), cookies: BTreeMap::new() }
    }

    /// Opens a page and submits its forms, with the key and the app, until a redirect leads away.
    pub async fn consent(&mut self, path: &str, key: &Key, app: &str) -> String {
        self.submit(path, key, app).await.unwrap_or_else(|(status, page)| panic!("{status}: {page}"))
    }

    /// The same where a page may refuse; gives the status and the page then.
    pub async fn submit(&mut self, path: &str, key: &Key, app: &str) -> Result<String, (u16, String)> {
        let mut request = self.http.get(format!("{}{path}", self.base));
        let mut place = path.to_owned();
        for _ in 0..PAGES_MAX {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let response = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
            for cookie in response.headers().get_all(SET_COOKIE) {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap_or_default();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            if response.status().is_redirection() {
                return Ok(response.headers()[LOCATION].to_str().unwrap().to_owned());
            }
            let status = response.status();
            let page = response.text().await.unwrap();
            if !status.is_success() {
                return Err((status.as_u16(), page));
            }
            assert!(page.contains("<form"), "{status}: {page}");
            let (action, fields) = fill(&page, key, app);
            if !action.is_empty() {
                place = action;
            }
            let body: Vec<String> =
                fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
            request = self
                .http
                .post(format!("{}{place}", self.base))
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body.join("&"));
        }
        panic!("{PAGES_MAX} pages and no end");
    }
}

/// The form's action and its fields: what is hidden stays, the rest is filled in by its kind.
fn fill(page: &str, key: &Key, app: &str) -> (String, Vec<(String, String)>) {
    let form = page.split("<form").nth(1).unwrap();
    let action = attribute(form.split('>').next().unwrap(), "action");
    let mut fields = Vec::new();
    for tag in
        form.split('<').filter(|tag| ["input", "select", "button"].iter().any(|name| tag.starts_with(name)))
    {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = attribute(tag, "name");
        let kind = attribute(tag, "type");
        let value = match kind.as_str() {
            _ if name.is_empty() => continue,
            "hidden" => attribute(tag, "value"),
            "password" => key.secret.clone(),
            "radio" if attribute(tag, "value") != app => continue,
            "radio" => app.to_owned(),
            "submit" if attribute(tag, "value").contains("den") => continue,
            "submit" => attribute(tag, "value"),
            _ if tag.starts_with("select") || name.to_lowercase().contains("app") => app.to_owned(),
            _ => key.id.clone(),
        };
        if !fields.iter().any(|(before, _)| *before == name) {
            fields.push((name, value));
        }
    }
    (action, fields)
}

fn attribute(tag: &str, name: &str) -> String {
    let found = tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    found.unwrap_or_default().replace("&amp;", "&").replace("&quot;", "\"")
}

fn escape(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
