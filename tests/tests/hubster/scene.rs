//! A tenant with its tokens, and what nearly every test needs.

use serde_json::{Value, json};
use testkit::{Api, Credentials, Crosspoint, Key, Reply, text_at};

/// A GUID that is well written and names nothing.
pub const NOBODY: &str = "b205b3ec-a9d7-4243-b88c-017533957deb";

/// Who administers an account, and who talks in it.
pub struct Tenant {
    pub portal: Api,
    pub engine: Api,
    pub key: Key,
}

impl Tenant {
    /// The tenant of the seeded key.
    pub async fn of(server: &Crosspoint) -> Tenant {
        Tenant::with_key(server.api(), server.account_key()).await
    }

    /// Another tenant on the same server.
    pub async fn another(server: &Crosspoint) -> Tenant {
        let made = server.command(&["accounts", "create", "other", "--json"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        let key = Key { id: text_at(&made, "/keyId"), secret: text_at(&made, "/keySecret") };
        Tenant::with_key(server.api(), key).await
    }

    /// The tenant of an account key, by a client without credentials.
    pub async fn with_key(api: Api, key: Key) -> Tenant {
        let buy = async |resource: &str| {
            let client_id = format!("hubster.{resource}.api.{}", key.id);
            let reply = buy(&api, &client_id, &key.secret).await.ok();
            api.with(Credentials::Bearer(text_at(&reply, "/access_token")))
        };
        Tenant { portal: buy("portal").await, engine: buy("engine").await, key }
    }

    /// A new hub; gives its id.
    pub async fn hub(&self, name: &str) -> String {
        let body = json!({ "name": name, "description": "for a test" });
        text_at(&self.portal.post("/api/v1/hubs", &body).await.ok(), "/hubId")
    }

    /// A new integration in a hub.
    pub async fn integration(&self, hub: &str, channel: &str, name: &str, configuration: Value) -> Value {
        let body = json!({ "channelId": channel, "name": name, "configuration": configuration });
        self.portal.post(&format!("/api/v1/integrations/hubs/{hub}"), &body).await.ok()
    }
}

/// Asks for an access token as the published clients do: without encoding anything.
pub async fn buy(api: &Api, client_id: &str, secret: &str) -> Reply {
    let form = format!("grant_type=client_credentials&client_id={client_id}&client_secret={secret}");
    api.call("POST", "/connect/token").text("application/x-www-form-urlencoded", &form).send().await
}

/// PUT with a JSON body.
pub async fn put(api: &Api, path: &str, body: &Value) -> Reply {
    api.call("PUT", path).json(body).send().await
}

/// Which part of the API answers at a path: the letters of its codes (hubster.md §2).
fn letters_at(path: &str) -> &'static str {
    const FOLDERS: [(&str, &str); 8] = [
        ("/inbound/", "ENG"),
        ("/engine-chat-hub", "ENG"),
        ("/api/v1/conversations/", "ENG"),
        ("/api/v1/interactions/", "ENG"),
        ("/api/v1/resources/", "ENG"),
        ("/api/v1/integrations/web-chat/", "ENG"),
        ("/connect/", "IDT"),
        ("/.well-known/", "IDT"),
    ];
    FOLDERS.iter().find(|(folder, _)| path.starts_with(folder)).map_or("PRT", |(_, letters)| letters)
}

/// Asserts a refusal: its status, and the codes of its faults in any order, each whole at the end of its
/// description.
#[track_caller]
pub fn refused(reply: Reply, status: u16, codes: &[u64]) {
    let body = reply.body.clone();
    assert_eq!(reply.status, status, "{} → {}", reply.request, reply.text);
    let mut found: Vec<u64> =
        body["errors"].as_array().unwrap().iter().filter_map(|it| it["code"].as_u64()).collect();
    let mut wanted = codes.to_vec();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted, "{} → {}", reply.request, reply.text);
    let path = reply.request.split_whitespace().find(|word| word.starts_with('/')).unwrap();
    let letters = letters_at(path);
    for error in body["errors"].as_array().unwrap() {
        let end = format!(" (code: {letters}{:06})", error["code"].as_u64().unwrap());
        assert!(error["description"].as_str().unwrap().ends_with(&end), "{} → {}", reply.request, reply.text);
    }
}
