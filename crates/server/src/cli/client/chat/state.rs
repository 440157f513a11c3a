//! What a chat shows and what keys do; no terminal, no server.

use client::sunshine::types::{Content, ControlPayload, Payload};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::super::said::{Choice, Said};
use super::super::show::printable;
use super::Side;

/// The longest text of a message, in characters.
const TEXT_CHARS_MAX: usize = wire::sunshine::limits::TEXT_CHARS_MAX;
/// Lines that are kept.
const LINES_MAX: usize = 1_000;

/// One line of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Somebody said something.
    Said { who: String, mine: bool, text: String },
    /// What it says besides.
    More(String),
    /// Something happened.
    Happened(String),
}

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    /// Nothing that the server has to know.
    None,
    /// To say this.
    Say(String),
    /// To press the button with this number.
    Press(usize, Choice),
    /// To be in control.
    TakeOver,
    /// To hand control back.
    GiveBack,
    /// To end.
    Leave,
}

/// What a chat shows.
#[derive(Debug)]
pub(super) struct State {
    pub(super) side: Side,
    pub(super) conversation: String,
    pub(super) lines: Vec<Line>,
    pub(super) input: String,
    pub(super) in_control: Option<String>,
    pub(super) status: String,
    /// The buttons of the newest message that has any.
    choices: Vec<Choice>,
    /// Messages that are shown: one that was listed may be told of, too.
    known: std::collections::HashSet<String>,
}

impl State {
    pub(super) fn new(side: Side, conversation: String) -> State {
        State {
            side,
            conversation,
            lines: Vec::new(),
            input: String::new(),
            in_control: None,
            status: String::new(),
            choices: Vec::new(),
            known: std::collections::HashSet::new(),
        }
    }

    /// A message.
    pub(super) fn said(&mut self, id: &str, by_user: bool, name: &Option<String>, content: &Content) {
        if !self.known.insert(id.to_owned()) {
            return;
        }
        let mine = by_user == (self.side == Side::Customer);
        let who = name.clone().unwrap_or_else(|| if by_user { "customer" } else { "business" }.to_owned());
        let Said { lines, choices } = Said::of(content);
        let mut lines = lines.iter().map(|line| printable(line));
        let text = lines.next().unwrap_or_default();
        self.add(Line::Said { who: printable(&who), mine, text });
        lines.for_each(|line| self.add(Line::More(line)));
        if !choices.is_empty() {
            self.choices = choices;
        }
    }

    /// Something that happened, if it belongs to this conversation.
    pub(super) fn tell(&mut self, payload: Payload) {
        match payload {
            Payload::Message(told) if told.conversation.id == self.conversation => {
                let message = told.message;
                let by_user = message.author.user_id.is_some();
                self.said(&message.id, by_user, &message.author.display_name, &message.content);
                self.in_control =
                    told.conversation.active_switchboard_integration.and_then(|active| active.name);
            }
            Payload::Control(told) if told.conversation.id == self.conversation => self.control(*told),
            _ => {}
        }
    }

    fn control(&mut self, told: ControlPayload) {
        let now = told.conversation.active_switchboard_integration.and_then(|active| active.name);
        let pending = told.conversation.pending_switchboard_integration.and_then(|pending| pending.name);
        if let Some(pending) = pending {
            self.add(Line::Happened(format!("control is offered to {}", printable(&pending))));
        }
        if now != self.in_control {
            let who = now.as_deref().map_or_else(|| "nobody".to_owned(), printable);
            self.add(Line::Happened(format!("{who} is in control")));
        }
        self.in_control = now;
    }

    fn add(&mut self, line: Line) {
        if self.lines.len() == LINES_MAX {
            self.lines.remove(0);
        }
        self.lines.push(line);
    }

    /// A key that was pressed.
    pub(super) fn key(&mut self, key: KeyEvent) -> Act {
        if key.kind == KeyEventKind::Release {
            return Act::None;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => Act::Leave,
            KeyCode::Char('c' | 'd') if control => Act::Leave,
            KeyCode::F(2) if self.side == Side::Agent => Act::TakeOver,
            KeyCode::F(3) if self.side == Side::Agent => Act::GiveBack,
            KeyCode::Char('u') if control => {
                self.input.clear();
                Act::None
            }
            KeyCode::Backspace => {
                self.input.pop();
                Act::None
            }
            KeyCode::Char(letter) if !control => self.paste(letter.encode_utf8(&mut [0; 4])),
            KeyCode::Enter if !self.input.trim().is_empty() => self.enter(),
            _ => Act::None,
        }
    }

    /// What was typed; `/1` of a customer who sees numbered buttons presses the first.
    fn enter(&mut self) -> Act {
        let number = self.input.trim().strip_prefix('/').and_then(|number| number.parse::<usize>().ok());
        let Some(number) = number.filter(|_| self.side == Side::Customer && !self.choices.is_empty()) else {
            return Act::Say(std::mem::take(&mut self.input));
        };
        match number.checked_sub(1).and_then(|index| self.choices.get(index)) {
            Some(choice) => {
                self.input.clear();
                Act::Press(number, choice.clone())
            }
            None => {
                self.status = format!("there are buttons from /1 to /{}", self.choices.len());
                Act::None
            }
        }
    }

    /// Whether there is something to press.
    pub(super) fn has_choices(&self) -> bool {
        self.side == Side::Customer && !self.choices.is_empty()
    }

    /// Gives texts back that were not said, in front of what was typed meanwhile.
    pub(super) fn give_back(&mut self, unsaid: impl IntoIterator<Item = String>) {
        let typed = std::mem::take(&mut self.input);
        let texts = unsaid.into_iter().chain(Some(typed).filter(|text| !text.is_empty()));
        self.input = texts.collect::<Vec<_>>().join(" ");
    }

    /// A text that was put in at once.
    pub(super) fn paste(&mut self, text: &str) -> Act {
        let left = TEXT_CHARS_MAX.saturating_sub(self.input.chars().count());
        self.input.extend(printable(text).chars().take(left));
        Act::None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn press(state: &mut State, code: KeyCode) -> Act {
        state.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn told(trigger: &str, payload: serde_json::Value) -> Payload {
        Payload::read(&trigger.into(), payload).unwrap()
    }

    #[test]
    fn what_is_typed_is_said_once() {
        let mut state = State::new(Side::Customer, "c1".to_owned());
        assert_eq!(press(&mut state, KeyCode::Enter), Act::None, "nothing is no message");
        for letter in "hix".chars() {
            assert_eq!(press(&mut state, KeyCode::Char(letter)), Act::None);
        }
        press(&mut state, KeyCode::Backspace);
        assert_eq!(press(&mut state, KeyCode::Enter), Act::Say("hi".to_owned()));
        assert_eq!(state.input, "");
        assert_eq!(state.paste(&"x".repeat(5_000)), Act::None);
        assert_eq!(state.input.len(), TEXT_CHARS_MAX);
        assert_eq!(press(&mut state, KeyCode::Esc), Act::Leave);
    }

    #[test]
    fn what_was_not_said_is_there_to_be_said_again() {
        let mut state = State::new(Side::Customer, "c1".to_owned());
        state.give_back(["first".to_owned()]);
        assert_eq!(state.input, "first");
        state.give_back(Vec::new());
        assert_eq!(press(&mut state, KeyCode::Enter), Act::Say("first".to_owned()));
        state.paste("third");
        state.give_back(["first".to_owned(), "second".to_owned()]);
        assert_eq!(state.input, "first second third");
    }

    #[test]
    fn a_number_presses_a_button_of_the_newest_message_that_has_any() {
        let asked = json!({ "type": "text", "text": "Really?", "actions": [
            { "type": "reply", "text": "Yes", "payload": "y" }, { "type": "postback", "text": "No", "payload": "n" }] });
        let asked: Content = serde_json::from_value(asked).unwrap();
        let typed = |state: &mut State, text: &str| {
            state.paste(text);
            press(state, KeyCode::Enter)
        };
        let mut state = State::new(Side::Customer, "c1".to_owned());
        assert_eq!(typed(&mut state, "/2"), Act::Say("/2".to_owned()), "nothing can be pressed");
        state.said("m1", false, &None, &asked);
        state.said("m2", false, &None, &Content::text("Well?"));
        let shown: Vec<_> = state.lines.iter().filter(|line| matches!(line, Line::More(_))).collect();
        assert_eq!(shown, [&Line::More("1. Yes".to_owned()), &Line::More("2. No".to_owned())]);
        let no = Choice { label: "No".to_owned(), payload: "n".to_owned(), metadata: None };
        assert_eq!(typed(&mut state, "/2 "), Act::Press(2, no));
        assert_eq!(
            (typed(&mut state, "/3"), state.status.as_str()),
            (Act::None, "there are buttons from /1 to /2")
        );
        let mut agent = State::new(Side::Agent, "c1".to_owned());
        agent.said("m1", false, &None, &asked);
        assert_eq!(typed(&mut agent, "/1"), Act::Say("/1".to_owned()));
    }

    #[test]
    fn only_an_agent_takes_over() {
        let mut customer = State::new(Side::Customer, "c1".to_owned());
        let mut agent = State::new(Side::Agent, "c1".to_owned());
        assert_eq!(press(&mut customer, KeyCode::F(2)), Act::None);
        assert_eq!(press(&mut agent, KeyCode::F(2)), Act::TakeOver);
        assert_eq!(press(&mut agent, KeyCode::F(3)), Act::GiveBack);
    }

    #[test]
    fn messages_and_control_of_this_conversation_are_shown() {
        let mut state = State::new(Side::Agent, "c1".to_owned());
        let message = |conversation: &str, id: &str| {
            told(
                "conversation:message",
                json!({
                "conversation": { "id": conversation, "type": "personal",
                    "activeSwitchboardIntegration": { "id": "s1", "name": "bot" } },
                "message": { "id": id, "received": "t", "author": { "type": "user", "userId": "u1", "displayName": "Ann" },
                    "content": { "type": "text", "text": "help\u{1b}[2J" } } }),
            )
        };
        for (conversation, id) in [("c1", "m1"), ("c1", "m1"), ("c2", "m2")] {
            state.tell(message(conversation, id));
        }
        let said = Line::Said { who: "Ann".to_owned(), mine: false, text: "help [2J".to_owned() };
        assert_eq!((state.lines.as_slice(), state.in_control.as_deref()), ([said].as_slice(), Some("bot")));
        let passed = json!({ "conversation": { "id": "c1", "type": "personal",
            "activeSwitchboardIntegration": { "id": "s2", "name": "agent" } } });
        state.tell(told("switchboard:passControl", passed));
        assert_eq!(state.lines[1], Line::Happened("agent is in control".to_owned()));
        let released = json!({ "conversation": { "id": "c1", "type": "personal" } });
        state.tell(told("switchboard:releaseControl", released));
        assert_eq!(state.lines[2], Line::Happened("nobody is in control".to_owned()));
    }
}
