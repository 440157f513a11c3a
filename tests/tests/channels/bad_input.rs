//! What is no callback: refused with the status that says so and nothing else, counted, and logged without
//! anything of it.

use serde_json::json;
use sim::{messenger_signature, twilio_signature};
use testkit::{eventually, run, text_at};

use super::Street;

/// Stands in every body that is refused; the log must not have it.
const MARK: &str = "s3cret-in-the-body";

/// Signs a body as a provider does.
type Sign = dyn Fn(&[u8]) -> String;

/// One channel's integration, and how its provider signs.
pub(super) struct Hook {
    pub(super) kind: &'static str,
    pub(super) path: String,
    pub(super) header: &'static str,
    /// The status of what nobody has signed.
    unsigned: u16,
    pub(super) sign: Box<Sign>,
    /// Signed bodies that the provider never sends.
    junk: Vec<String>,
    pub(super) content_type: &'static str,
}

/// The fields of a form.
fn fields(form: &[u8]) -> Vec<(String, String)> {
    let plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'#';
    let written =
        |byte: &u8| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    let query: String = form.iter().map(written).collect();
    let mut url = reqwest::Url::parse("http://form.example/").unwrap();
    url.set_query(Some(&query));
    url.query_pairs().into_owned().collect()
}

pub(super) async fn hooks(street: &Street) -> [Hook; 3] {
    let telegram = format!("/hooks/telegram/{}", text_at(&street.telegram().await, "/id"));
    let messenger = format!("/hooks/messenger/{}", text_at(&street.messenger().await, "/id"));
    let twilio = format!("/hooks/twilio/{}", text_at(&street.twilio().await, "/id"));
    let secret = street.sim.bot_webhook(street.sim.bot().id).unwrap().secret_token.unwrap();
    let (meta, token) = (street.sim.meta_app(), street.sim.twilio().auth_token);
    let url = format!("{}{twilio}", street.server.base());
    [
        Hook {
            kind: "telegram",
            path: telegram,
            header: "x-telegram-bot-api-secret-token",
            unsigned: 401,
            sign: Box::new(move |_| secret.clone()),
            junk: vec![MARK.into(), json!({ "hello": MARK }).to_string(), json!([MARK]).to_string()],
            content_type: "application/json",
        },
        Hook {
            kind: "messenger",
            path: messenger,
            header: "x-hub-signature-256",
            unsigned: 403,
            sign: Box::new(move |body| messenger_signature(&meta.app_secret, body)),
            junk: vec![
                MARK.into(),
                json!({ "object": "user", "entry": [MARK] }).to_string(),
                json!({ "object": "page", "entry": MARK }).to_string(),
            ],
            content_type: "application/json",
        },
        Hook {
            kind: "twilio",
            path: twilio,
            header: "x-twilio-signature",
            unsigned: 401,
            sign: Box::new(move |body| twilio_signature(&token, &url, &fields(body))),
            junk: vec![format!("a={MARK}"), format!("MessageSid={MARK}"), format!("Body={MARK}")],
            content_type: "application/x-www-form-urlencoded",
        },
    ]
}

/// Status and body of an answer.
async fn call(
    street: &Street,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> (u16, String) {
    let url = format!("{}{path}", street.server.base());
    let mut request = reqwest::Client::new().request(method.parse().unwrap(), url).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let reply = request.send().await.unwrap();
    (reply.status().as_u16(), reply.text().await.unwrap())
}

fn counted(street: &Street, kind: &str, outcome: &str) -> f64 {
    let series = format!("crosspoint_hook_requests_total{{channel=\"{kind}\",outcome=\"{outcome}\"}}");
    street.server.metrics().value(&series).unwrap_or(0.0)
}

#[test]
fn a_hook_refuses_what_its_provider_does_not_send() {
    run(120, async {
        let street = Street::build().await;
        let hooks = hooks(&street).await;
        for hook in &hooks {
            let Hook { kind, path, header, unsigned, sign, junk, content_type } = hook;
            let refused = |status: u16| (status, String::new());
            for body in junk {
                let signature = sign(body.as_bytes());
                let (kind_of_body, signed) = (("content-type", *content_type), (*header, signature.as_str()));
                let post =
                    async |headers: &[(&str, &str)]| call(&street, "POST", path, headers, body.clone()).await;
                // Whose signature is missing, wrong, or there twice learns nothing more than that.
                assert_eq!(post(&[kind_of_body]).await, refused(*unsigned), "{kind} {body}");
                assert_eq!(post(&[kind_of_body, (*header, MARK)]).await, refused(*unsigned), "{kind} {body}");
                assert_eq!(post(&[kind_of_body, signed, signed]).await, refused(*unsigned), "{kind} {body}");
                assert_eq!(post(&[kind_of_body, signed]).await, refused(400), "{kind} {body}");
                assert_eq!(
                    post(&[("content-type", "image/png"), signed]).await,
                    refused(400),
                    "{kind} {body}"
                );
            }
            assert_eq!(counted(&street, kind, "unverified"), 9.0, "{kind}");
            assert_eq!(counted(&street, kind, "unreadable"), 6.0, "{kind}");
            for method in ["PUT", "DELETE", "PATCH"] {
                assert_eq!(call(&street, method, path, &[], String::new()).await.0, 405, "{kind} {method}");
            }
            assert_eq!(counted(&street, kind, "method"), 3.0, "{kind}");
            let long = "a".repeat((4 << 20) + 1);
            assert_eq!(call(&street, "POST", path, &[], long).await, refused(413), "{kind}");
            for id in ["nothing", testkit::scene::NO_ID] {
                let path = format!("/hooks/{kind}/{id}");
                assert_eq!(call(&street, "POST", &path, &[], MARK.into()).await, refused(404), "{path}");
            }
            assert_eq!(counted(&street, kind, "unknown"), 2.0, "{kind}");
        }
        // Each integration answers under its own channel's word alone.
        let other = hooks[0].path.replace("telegram", "messenger");
        assert_eq!(call(&street, "POST", &other, &[], MARK.into()).await.0, 404);
        nothing_of_it_is_logged(&street, &hooks).await;
        assert_eq!(street.inbox.kinds(), Vec::<String>::new());
    });
}

async fn nothing_of_it_is_logged(street: &Street, hooks: &[Hook]) {
    let told = |hook: &Hook, what: &str| {
        let of_hook = |line: &&String| line.contains(what) && line.contains(hook.kind);
        street.server.log_lines().iter().filter(of_hook).count()
    };
    for hook in hooks {
        // What a server has written comes to us a moment later.
        let what = format!("everything of {} in the log", hook.kind);
        let all = [("a callback could not be read", 6), ("a callback was not signed by its provider", 9)];
        eventually(20, &what, async || {
            all.iter().all(|(what, count)| told(hook, what) >= *count).then_some(())
        })
        .await;
        for (what, count) in all {
            assert_eq!(told(hook, what), count, "{}: {what}", hook.kind);
        }
    }
    let log = street.server.log_lines();
    let (bot, meta, page, twilio) =
        (street.sim.bot(), street.sim.meta_app(), street.sim.page(), street.sim.twilio());
    let mut secrets = vec![MARK.to_owned(), bot.token, meta.app_secret, page.access_token, twilio.auth_token];
    secrets.extend(hooks.iter().flat_map(|hook| hook.junk.iter().map(|body| (hook.sign)(body.as_bytes()))));
    for line in &log {
        for secret in &secrets {
            assert!(!line.contains(secret.as_str()), "{secret} in {line}");
        }
    }
}

#[test]
fn an_integration_that_is_switched_off_is_gone_for_its_provider() {
    run(60, async {
        let mut street = Street::build().await;
        let hooks = hooks(&street).await;
        street.server.kill9();
        // Nothing in the API switches one off for good: another version may have.
        let database = street.server.dir().join("crosspoint.db");
        let connection = rusqlite::Connection::open(database).unwrap();
        let off = "UPDATE integrations SET status = $1 WHERE kind <> 'custom'";
        let inactive = model::record::IntegrationStatus::Inactive as i64;
        assert_eq!(connection.execute(off, [inactive]).unwrap(), 3);
        drop(connection);
        street.server.restart().await;
        for hook in &hooks {
            let body = hook.junk[0].clone();
            let signature = (hook.sign)(body.as_bytes());
            let answer = call(&street, "POST", &hook.path, &[(hook.header, &signature)], body).await;
            assert_eq!(answer, (410, String::new()), "{}", hook.kind);
            assert_eq!(counted(&street, hook.kind, "inactive"), 1.0);
        }
    });
}
