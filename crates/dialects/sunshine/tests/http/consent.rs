//! The consent page: what guards it, and what it answers (decision 20).

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hub::{Hub, NewOAuthClient, OAuthClientDraft};
use url::form_urlencoded::Serializer;

use crate::house::{House, KEY_ID, SECRET};

const BACK: &str = "https://partner.example/back?from=hub";

/// A page, or the way back.
struct Page {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Page {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a hidden field.
    fn hidden(&self, name: &str) -> String {
        let (_, behind) = self.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        behind.split('"').next().unwrap().to_owned()
    }

    fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    fn notice(&self) -> Option<&str> {
        let (_, behind) = self.text.split_once("role=\"alert\">")?;
        behind.split('<').next()
    }
}

/// Somebody at the page of a partner.
struct Visit {
    house: House,
    path: String,
}

impl Visit {
    async fn of(name: &str) -> Visit {
        let house = House::open().await;
        let partner = partner(&house.hub, name).await;
        let path =
            format!("/oauth/authorize?response_type=code&client_id={}&state=a%20%26b", partner.client.id);
        Visit { house, path }
    }

    async fn open(&self) -> Page {
        self.send(Request::get(&self.path).body(Body::empty()).unwrap()).await
    }

    async fn submit(&self, cookie: &str, fields: &[(&str, &str)]) -> Page {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(&self.path).header("cookie", cookie);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Page {
        let (head, body) = self.house.call(request).await.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Page { status: head.status, headers: head.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

async fn partner(hub: &Hub, name: &str) -> NewOAuthClient {
    let draft =
        OAuthClientDraft { name: name.to_owned(), redirect_uris: vec![BACK.to_owned()], remove_url: None };
    hub.create_oauth_client(draft).await.unwrap()
}

#[tokio::test]
async fn the_page_lets_nobody_in_between() {
    let visit = Visit::of("partner").await;
    let page = visit.open().await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    let policy = page.header("content-security-policy");
    for part in
        ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self' https:;"]
    {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !page.text.contains("<script"));
    let cookie = page.header("set-cookie");
    for part in ["; Path=/oauth/authorize;", "; HttpOnly;", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
}

#[tokio::test]
async fn names_are_text() {
    let visit = Visit::of("<b onclick=\"x\">'&").await;
    let page = visit.open().await;
    assert!(page.text.contains("&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;"), "{}", page.text);
    assert!(!page.text.contains("onclick=\""));
    let (hub, grant) = (&visit.house.hub, &visit.house.grant);
    let draft = hub::AppDraft { name: "</label><script>".to_owned(), ..hub::AppDraft::default() };
    hub.create_app(&grant.caller, None, draft).await.unwrap();
    let fields = [("csrf", &*page.hidden("csrf")), ("keyId", KEY_ID), ("secret", SECRET)];
    let choice = visit.submit(&page.cookie(), &fields).await;
    assert_eq!(choice.status, 200, "{}", choice.text);
    assert!(choice.text.contains("&lt;/label&gt;&lt;script&gt;") && !choice.text.contains("<script"));
}

#[tokio::test]
async fn a_form_from_elsewhere_is_not_taken() {
    let visit = Visit::of("partner").await;
    let page = visit.open().await;
    let (csrf, cookie) = (page.hidden("csrf"), page.cookie());
    let other = visit.open().await;
    assert_ne!(other.hidden("csrf"), csrf);
    for (cookie, csrf) in
        [("", &*csrf), (&*cookie, ""), (&*cookie, &*other.hidden("csrf")), ("crosspoint-consent=x", "x")]
    {
        for decision in ["continue", "deny"] {
            let fields = [("csrf", csrf), ("keyId", KEY_ID), ("secret", SECRET), ("decision", decision)];
            let refused = visit.submit(cookie, &fields).await;
            assert_eq!(refused.status, 400, "{}", refused.text);
            assert!(refused.notice().unwrap().contains("try again"));
        }
    }
}

#[tokio::test]
async fn allowing_leads_back_with_a_code() {
    let visit = Visit::of("partner").await;
    let page = visit.open().await;
    let (csrf, cookie) = (page.hidden("csrf"), page.cookie());
    let fields = [("csrf", &*csrf), ("keyId", KEY_ID), ("secret", SECRET), ("decision", "continue")];
    let choice = visit.submit(&cookie, &fields).await;
    let app = visit.house.grant.app.id.to_string();
    assert!(choice.text.contains(&app) && !choice.text.contains(SECRET), "{}", choice.text);
    let session = choice.hidden("session");
    let decide = async |app: &str, decision: &str| {
        let fields = [("csrf", &*csrf), ("session", &*session), ("app", app), ("decision", decision)];
        visit.submit(&cookie, &fields).await
    };
    for wrong in ["", "x", crate::house::NO_ID] {
        let again = decide(wrong, "allow").await;
        assert_eq!(again.status, 400, "{}", again.text);
        assert!(again.notice().unwrap().contains("choose"));
    }
    let back = decide(&app, "allow").await;
    assert_eq!(back.status, 302);
    assert_eq!((back.header("cache-control"), back.header("referrer-policy")), ("no-store", "no-referrer"));
    let address = back.header("location");
    assert!(address.starts_with(&format!("{BACK}&code=")) && address.ends_with("&state=a+%26b"), "{address}");
    let back = decide(&app, "deny").await;
    assert_eq!(back.header("location"), format!("{BACK}&error=access_denied&state=a+%26b"));
}

#[tokio::test]
async fn of_very_many_apps_each_can_be_chosen() {
    let visit = Visit::of("partner").await;
    let (hub, caller) = (&visit.house.hub, &visit.house.grant.caller);
    let mut last = visit.house.grant.app.id;
    for _ in 0..60 {
        last = hub.create_app(caller, None, hub::AppDraft::default()).await.unwrap().id;
    }
    let last = last.to_string();
    let page = visit.open().await;
    let (csrf, cookie) = (page.hidden("csrf"), page.cookie());
    let fields = [("csrf", &*csrf), ("keyId", KEY_ID), ("secret", SECRET)];
    let first = visit.submit(&cookie, &fields).await;
    let session = first.hidden("session");
    assert!(!first.text.contains(&last) && !first.text.contains(" required"));
    let more = [("csrf", &*csrf), ("session", &*session), ("after", &*first.hidden("after"))];
    assert!(visit.submit(&cookie, &more).await.text.contains(&last));
    let typed = [("csrf", &*csrf), ("session", &*session), ("appId", &*last), ("decision", "allow")];
    assert_eq!(visit.submit(&cookie, &typed).await.status, 302);
}

#[tokio::test]
async fn only_an_accounts_own_key_goes_on() {
    let visit = Visit::of("partner").await;
    let page = visit.open().await;
    let (csrf, cookie) = (page.hidden("csrf"), page.cookie());
    let app_key = visit.house.hub.create_app_key(&visit.house.grant, "key").await.unwrap();
    let app_key = (app_key.credential.id.as_str(), app_key.secret.as_str());
    for (id, secret) in [(KEY_ID, "wrong"), ("act_unknown", SECRET), app_key, ("", "")] {
        let fields = [("csrf", &*csrf), ("keyId", id), ("secret", secret), ("decision", "continue")];
        let refused = visit.submit(&cookie, &fields).await;
        assert_eq!((refused.status.as_u16(), refused.notice().is_some()), (401, true), "{id}");
    }
}

#[tokio::test]
async fn what_was_shown_to_one_partner_opens_no_other_door() {
    let visit = Visit::of("one").await;
    let page = visit.open().await;
    let (csrf, cookie) = (page.hidden("csrf"), page.cookie());
    let fields = [("csrf", &*csrf), ("keyId", KEY_ID), ("secret", SECRET)];
    let session = visit.submit(&cookie, &fields).await.hidden("session");
    let app = visit.house.grant.app.id.to_string();

    let request = Request::get(visit.house.path("")).header("authorization", format!("Bearer {session}"));
    let refused = visit.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(refused.status, 401, "it is no token of the API");

    let two = partner(&visit.house.hub, "two").await.client.id;
    let Visit { house, .. } = visit;
    let other = Visit { path: format!("/oauth/authorize?response_type=code&client_id={two}"), house };
    let fields = [("csrf", &*csrf), ("session", &*session), ("app", &*app), ("decision", "allow")];
    let refused = other.submit(&cookie, &fields).await;
    assert_eq!((refused.status.as_u16(), refused.notice().is_some()), (401, true));
}
