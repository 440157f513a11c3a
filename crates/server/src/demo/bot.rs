//! The demo's bot: a few answers, and a way to a person.

use serde_json::{Value, json};

/// What the bot does with what a customer wrote.
#[derive(Debug, PartialEq)]
pub(super) enum Thought {
    /// It answers with this content.
    Say(Value),
    /// It says so and passes control to the agent.
    Pass(Value),
}

/// What the bot makes of a text or of a pressed button's payload.
pub(super) fn think(heard: &str) -> Thought {
    let heard_lower = heard.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| heard_lower.contains(word));
    if has(&["human", "agent", "person"]) {
        return Thought::Pass(text("Let me get somebody who knows. One moment, please."));
    }
    if has(&["hours", "open"]) {
        return Thought::Say(text("We are open from 9 to 17 o'clock, Monday to Friday."));
    }
    if has(&["parcel", "order", "delivery"]) {
        return Thought::Say(text(
            "Parcels take two days. For yours I would have to ask a human: write 'human'.",
        ));
    }
    let echo = match heard.trim() {
        "" | "/start" => "Hello! I am the bot of the demo shop. What can I do for you?".to_owned(),
        said => format!("You said: {said}. What can I do for you?"),
    };
    let reply = |label: &str, payload: &str| json!({"type": "reply", "text": label, "payload": payload});
    let actions = [reply("Opening hours", "hours"), reply("My parcel", "parcel"), reply("A human", "human")];
    Thought::Say(json!({"type": "text", "text": echo, "actions": actions}))
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

#[cfg(test)]
mod tests {
    use super::{Thought, think};

    #[test]
    fn it_answers_what_it_knows_and_passes_on_the_rest() {
        assert!(matches!(think("When are you OPEN?"), Thought::Say(content) if content["actions"].is_null()));
        assert!(matches!(think("a human, please"), Thought::Pass(_)));
        assert!(
            matches!(think("blue"), Thought::Say(content) if content["actions"][2]["payload"] == "human")
        );
    }
}
