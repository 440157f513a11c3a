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
    let client = reqwest::Client::builder().no_proxy().build()?;
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
        let hanging = {
            let bot = bot.clone();
            tokio::spawn(async move { post(&bot, &hook(3)).await })
        };
        bot.wait_for(3).await;
        assert_eq!(post(&bot, &hook(4)).await.unwrap(), 200);
        assert!(!hanging.is_finished(), "it hangs");
        hanging.abort();
        bot.otherwise(Answer::With(429, vec![("retry-after", "1".into())]));
        assert_eq!(post(&bot, &hook(5)).await.unwrap(), 429);
        assert_eq!(post(&other, &hook(6)).await.unwrap(), 200);
        // What has hung up is no longer open, once the sink has noticed.
        for number in 6.. {
            if bot.hooks().last().unwrap().open == 1 {
                break;
            }
            post(&bot, &hook(number)).await.unwrap();
        }
        let hooks = bot.hooks();
        let ids: Vec<&str> = hooks.iter().map(Hook::event_id).collect();
        assert_eq!(ids[0], "5e4af71a81966cfff3ef0001");
        assert!(ids.is_sorted());
        assert_eq!(hooks[0].header("X-A"), "b");
        assert_eq!(other.kinds(), ["conversation:remove"]);
    });
}

#[test]
fn a_gate_keeps_answers_back_until_it_is_opened() {
    run(20, async {
        let sink = Sink::start().await;
        let bot = sink.inbox("/bot");
        let gate = Gate::shut();
        bot.script([Answer::behind(&gate, 503)]);
        let waiting = {
            let bot = bot.clone();
            tokio::spawn(async move { post(&bot, &hook(1)).await.unwrap() })
        };
        bot.wait_for(1).await;
        assert_eq!(post(&bot, &hook(2)).await.unwrap(), 200);
        assert!(!waiting.is_finished());
        assert_eq!(bot.hooks()[1].open, 2);
        gate.open();
        assert_eq!(waiting.await.unwrap(), 503);
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
