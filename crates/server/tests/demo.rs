//! The demo from outside: a customer writes on simulated channels, the bot answers, the agent takes over.

// A helper of a test fails it by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

use crosspoint_server::demo::{Demo, Places};
use serde_json::{Value, json};
use sim::{Channel, Loopback, Side};

async fn started() -> Demo {
    let any = "127.0.0.1:0";
    let places =
        Places { server: any.parse().unwrap(), sim: any.parse().unwrap(), desk: any.parse().unwrap() };
    Demo::start(places).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_answers_and_passes_control_to_the_agent() {
    let demo = started().await;
    let phone = demo.sim().customer(Channel::Telegram, "1111111");
    assert_eq!(phone.start(None).await.unwrap().status, Some(200));
    let says = async |customer: &sim::Customer, words: &str| {
        let fits = |bubble: &sim::Bubble| bubble.side == Side::Business && bubble.text.contains(words);
        demo.sim().wait_for_bubble(customer, words, fits).await.unwrap()
    };
    let greeting = says(&phone, "I am the bot").await;
    assert_eq!(greeting.buttons.len(), 3);
    phone.press("Opening hours").await.unwrap();
    says(&phone, "from 9 to 17").await;
    phone.say("human").await.unwrap();
    says(&phone, "somebody who knows").await;

    let desk = Loopback::new(demo.desk_url());
    let chat = held(&desk).await;
    desk.post(&format!("/chats/{chat}/say"), &json!({"text": "Agent here."})).await.unwrap();
    says(&phone, "Agent here.").await;
    desk.post(&format!("/chats/{chat}/back"), &json!({})).await.unwrap();
    phone.say("blue").await.unwrap();
    says(&phone, "You said: blue").await;

    let sms = demo.sim().customer(Channel::Sms, "+15550001234");
    sms.say("Hello").await.unwrap();
    let numbered = says(&sms, "You said: Hello").await;
    assert!(numbered.text.contains("1. Opening hours"), "{}", numbered.text);
    sms.say("1").await.unwrap();
    says(&sms, "from 9 to 17").await;

    demo.sim().transcript().assert_clean();
    demo.stop().await;
}

/// The first conversation on the desk, once it is there.
async fn held(desk: &Loopback) -> String {
    for _ in 0..1_200 {
        let chats: Value = desk.get("/chats").await.unwrap();
        if let Some(id) = chats["chats"][0]["id"].as_str() {
            return id.to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nothing came to the desk");
}
