//! Facebook Messenger, there and back.

use serde_json::json;
use sim::Channel;
use testkit::{run, text_at};

use super::{Street, conversation_of};

#[test]
fn a_customer_on_messenger_is_answered_and_reads() {
    run(60, async {
        let street = Street::build().await;
        let integration = street.messenger().await;
        assert_eq!(integration["pageName"], "Simulated page");
        let ann = street.sim.customer(Channel::Messenger, "7000000000000001");
        ann.say("Hello").await.unwrap();
        let told = street.event("conversation:message").await;
        assert_eq!(text_at(told.payload(), "/message/content/text"), "Hello");
        let conversation = conversation_of(&told);
        let actions =
            json!([{ "type": "reply", "text": "Yes", "payload": "YES", "metadata": { "asked": "early" } }]);
        let content = json!({ "type": "text", "text": "Good morning?", "actions": actions });
        let message = street.answer(&conversation, content).await;
        street
            .sim
            .wait_for_bubble(&ann, "the answer", |bubble| bubble.text.contains("morning"))
            .await
            .unwrap();
        let accepted = street.event("conversation:message:delivery:channel").await;
        assert_eq!(text_at(accepted.payload(), "/message/id"), message);
        let arrived = street.event("conversation:message:delivery:user").await;
        assert_eq!(text_at(arrived.payload(), "/message/id"), message);
        ann.press("Yes").await.unwrap();
        let answers = street.events("conversation:message", 3).await;
        assert_eq!(text_at(answers[2].payload(), "/message/content/payload"), "YES");
        assert_eq!(answers[2].payload()["message"]["metadata"], json!({ "asked": "early" }));
        // A user who is made by a message has no locale until Messenger is asked for the profile.
        let known = street.event("user:update").await;
        assert_eq!(text_at(known.payload(), "/reason"), "localeDetection");
        assert_eq!(text_at(known.payload(), "/source/type"), "messenger");
        street.sim.transcript().assert_clean();
    });
}
