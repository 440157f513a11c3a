#![allow(clippy::unwrap_used)]
use serde_json::json;

use super::*;
use crate::run;

fn hook(number: u32) -> Value {
    json!({
        "app": { "id": "5e4af71a81966cfff3ef6550" },
        "webhook": { "id": "5e4af71a81966cfff3ef6551", "version": "v2" },
        "events": [{
            "id": format!("5e4af71a81966cfff3ef{number:04}"), "createdAt": "2020-01-01T00:00:00.000Z",
            "type": "conversation:remove",
            "payload": { "conversation": { "id": "5e4af71a81966cfff3ef6553", "type": "personal" } }
        }]
    })
}

async fn post(inbox: &Inbox, body: &Value) -> Result<u16, reqwest::Error> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(300)).build()?;
    let answer = client.post(inbox.url()).body(body.to_string()).header("x-a", "b").send().await?;
    Ok(answer.status().as_u16())
}

#[test]
fn a_sink_records_in_order_and_answers_as_scripted() {
    run(20, async {
        let sink = Sink::start().await;
        let (bot, other) = (sink.inbox("/bot"), sink.inbox("/other"));
        bot.script([Answer::Status(500), Answer::Close, Answer::Hang, Answer::slow(50)]);
        assert_eq!(post(&bot, &hook(1)).await.unwrap(), 500);
        assert!(post(&bot, &hook(2)).await.is_err(), "it closes");
        assert!(post(&bot, &hook(3)).await.unwrap_err().is_timeout(), "it hangs");
        assert_eq!(post(&bot, &hook(4)).await.unwrap(), 200);
        bot.otherwise(Answer::With(429, vec![("retry-after", "1".into())]));
        assert_eq!(post(&bot, &hook(5)).await.unwrap(), 429);
        assert_eq!(post(&other, &hook(6)).await.unwrap(), 200);
        let hooks = bot.wait_for(5).await;
        let ids: Vec<&str> = hooks.iter().map(Hook::event_id).collect();
        assert_eq!(ids[0], "5e4af71a81966cfff3ef0001");
        assert!(ids.is_sorted());
        assert_eq!(hooks[0].header("X-A"), "b");
        assert_eq!(hooks[4].open, 1, "what hung up is no longer open");
        assert_eq!(other.kinds(), ["conversation:remove"]);
    });
}

#[test]
#[should_panic(expected = "break the contract")]
fn a_sink_is_strict_at_its_end() {
    run(20, async {
        let sink = Sink::start().await;
        let inbox = sink.inbox("/bot");
        let mut body = hook(1);
        body["events"][0]["payload"]["conversation"]["type"] = json!("crowd");
        post(&inbox, &body).await.unwrap();
    });
}
