//! Commands that agents and bots write in place of a message (hubster.md §5.6).

use hub::{Asker, Grant, Hub, HubError, Said, Signalled};
use model::Id;
use model::record::{CannedReply, TransferLink};
use serde_json::Value;
use wire::hubster::codes::{self, ErrorCode};
use wire::hubster::types::{CommandAnswer, Message, Property, Transfer};

use crate::http::error::{ApiError, Result};
use crate::message;
use crate::read::{ACTIVITY, Check};

/// What stands in front of a command.
const MARK: &str = "::";

/// A command that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// A canned reply.
    Respond(Asked),
    /// A transfer link, and whether the customer is taken there at once.
    Transfer(Asked, bool),
}

/// What a command is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The thing of this name.
    Named(String),
    /// All of them, or those of a category.
    List(Option<String>),
}

/// The command in a message, if it is one: a text of one line that begins with the mark, with nothing
/// beside it.
///
/// # Errors
/// 9000 without a command, 9001 for an unknown one, 9200 without a name, 9299 for what is not understood.
pub(super) fn read(message: &Value) -> Result<Option<Command>> {
    let text = message.get("text").and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let is_text =
        message.get("type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("text"));
    let is_alone = message::is_empty(message.get("items")) && message::is_empty(message.get("actions"));
    let Some(line) = text.strip_prefix(MARK).filter(|line| is_text && is_alone && !line.contains('\n'))
    else {
        return Ok(None);
    };
    let mut words = line.split_whitespace();
    let Some(word) = words.next() else {
        return Err(ApiError::of(codes::COMMAND_EMPTY, "`::` stands without a command."));
    };
    match word.to_ascii_lowercase().as_str() {
        "resp" => Ok(Some(Command::Respond(options("resp", words)?.0))),
        "trans" => options("trans", words).map(|(asked, force)| Some(Command::Transfer(asked, force))),
        _ => Err(ApiError::of(
            codes::COMMAND_UNKNOWN,
            format!("Command '{word}' is unknown; there are `::resp` and `::trans`."),
        )),
    }
}

fn options<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Result<(Asked, bool)> {
    let (mut force, mut list) = (false, false);
    // Words behind an option are its value, up to the next option.
    let (mut name, mut category) = (Vec::new(), Vec::new());
    let mut into: Option<&mut Vec<&str>> = None;
    for given in words {
        match given.to_ascii_lowercase().as_str() {
            "-n" | "--name" => into = Some(&mut name),
            "-l" | "--list" => {
                list = true;
                into = Some(&mut category);
            }
            "-force" | "--force" if word == "trans" => {
                force = true;
                into = None;
            }
            option => match &mut into {
                Some(value) if !option.starts_with('-') => value.push(given),
                _ => {
                    let text = format!("'{given}' is not understood; see `::{word} --list`.");
                    return Err(ApiError::of(codes::COMMAND_FAILED, text));
                }
            },
        }
    }
    if list {
        let category = category.join(" ");
        return Ok((Asked::List(Some(category).filter(|category| !category.is_empty())), force));
    }
    match name.join(" ") {
        name if name.is_empty() => Err(no_name(word, "No name is given")),
        name => Ok((Asked::Named(name), force)),
    }
}

fn no_name(word: &str, text: &str) -> ApiError {
    ApiError::of(codes::COMMAND_NAME_UNKNOWN, format!("{text}; see `::{word} --list`."))
}

/// Does what a command says, in the name of an agent or bot.
pub(super) async fn run(
    hub: &Hub,
    grant: &Grant,
    conversation: Id,
    asker: Asker,
    command: Command,
) -> Result<Said> {
    let done = match command {
        Command::Respond(Asked::Named(name)) => {
            let Some(reply) = hub.canned_reply_named(grant, &name).await? else {
                let any = !hub.list_canned_replies(grant).await?.is_empty();
                return Err(unknown("resp", &name, any));
            };
            hub.say_canned_reply(grant, conversation, asker, reply, signalled).await
        }
        Command::Respond(Asked::List(category)) => {
            let replies = hub.list_canned_replies(grant).await?;
            let shown = listed(&replies, category.as_deref())?;
            hub.answer_endpoint(grant, conversation, asker, answer("resp", shown)).await
        }
        Command::Transfer(Asked::Named(name), force) => {
            let Some(link) = hub.transfer_link_named(grant, &name).await? else {
                let any = !hub.list_transfer_links(grant).await?.is_empty();
                return Err(unknown("trans", &name, any));
            };
            hub.signal_for(grant, conversation, asker, transfer(link, force)).await
        }
        Command::Transfer(Asked::List(_), _) => {
            let links = hub.list_transfer_links(grant).await?;
            if links.is_empty() {
                return Err(none());
            }
            let shown = links.into_iter().map(|link| (link.name, link.description)).collect();
            hub.answer_endpoint(grant, conversation, asker, answer("trans", shown)).await
        }
    };
    done.map_err(|error: HubError| error.into())
}

fn none() -> ApiError {
    ApiError::of(codes::COMMANDS_NONE, "The hub has no such commands.")
}

fn unknown(word: &str, name: &str, any: bool) -> ApiError {
    match any {
        true => no_name(word, &format!("Command name '{name}' was not found")),
        false => none(),
    }
}

/// Names and descriptions of the canned replies of a category, or of all.
fn listed(replies: &[CannedReply], category: Option<&str>) -> Result<Vec<(String, Option<String>)>> {
    let fits = |reply: &&CannedReply| {
        let own = reply.category.as_deref();
        category.is_none_or(|wanted| own.is_some_and(|own| own.eq_ignore_ascii_case(wanted)))
    };
    let found: Vec<_> =
        replies.iter().filter(fits).map(|reply| (reply.name.clone(), reply.description.clone())).collect();
    let missing: (ErrorCode, String) = match (category, replies.is_empty()) {
        (_, true) => return Err(none()),
        (Some(category), false) if found.is_empty() => {
            (codes::COMMANDS_NONE_IN_CATEGORY, format!("Category '{category}' has no commands."))
        }
        _ => return Ok(found),
    };
    Err(ApiError::of(missing.0, missing.1))
}

/// The answer to a question for commands: a message of a type that only the platform writes.
fn answer(word: &str, commands: Vec<(String, Option<String>)>) -> Value {
    let property = |(key, description): (String, Option<String>)| Property {
        key,
        value: description.unwrap_or_default(),
        kind: None,
    };
    let properties = Some(commands.into_iter().map(property).collect());
    Message::Command(CommandAnswer { title: Some(word.to_owned()), subtitle: None, properties }).to_json()
}

/// The event that takes a customer to another page (§5.4).
fn transfer(link: TransferLink, force: bool) -> Value {
    let TransferLink { url, label, mount_delay_ms: mount, .. } = link;
    Transfer { url, label, mount, force }.event().to_json()
}

/// What an event of a canned reply signals; it was checked when the reply was made.
fn signalled(body: &Value) -> Signalled {
    match message::event(&mut Check::new(&ACTIVITY), body, "event") {
        Some(event) => event.signalled(body),
        None => Signalled::Own(body.clone()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn text(text: &str) -> Value {
        json!({ "type": "text", "text": text })
    }

    fn named(name: &str) -> Asked {
        Asked::Named(name.to_owned())
    }

    #[test]
    fn commands_of_the_documentation() {
        for (line, wanted) in [
            ("::resp -n contact.eva.green", Command::Respond(named("contact.eva.green"))),
            ("  ::RESP --name  contact eva ", Command::Respond(named("contact eva"))),
            ("::trans -force -n shopify", Command::Transfer(named("shopify"), true)),
            ("::trans -n shopify --force", Command::Transfer(named("shopify"), true)),
            ("::trans -n shopify", Command::Transfer(named("shopify"), false)),
            ("::resp --list", Command::Respond(Asked::List(None))),
            ("::resp --list contacts", Command::Respond(Asked::List(Some("contacts".into())))),
            ("::trans --list", Command::Transfer(Asked::List(None), false)),
        ] {
            assert_eq!(read(&text(line)).unwrap(), Some(wanted), "{line}");
        }
    }

    #[test]
    fn empty_lists_are_nothing_beside_a_command() {
        let message = json!({ "type": "text", "text": "::resp -n x", "items": [], "actions": [] });
        assert_eq!(read(&message).unwrap(), Some(Command::Respond(named("x"))));
    }

    #[test]
    fn other_messages_are_no_commands() {
        let item = json!({ "type": "image", "url": "https://x.io" });
        let with_items = json!({ "type": "text", "text": "::resp -n x", "items": [item] });
        for message in [
            text("hello"),
            text("a ::resp -n x"),
            text("::resp\n-n x"),
            with_items,
            json!({ "type": "image" }),
        ] {
            assert_eq!(read(&message).unwrap(), None, "{message}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_a_message_a_command_or_refused(line in "(::)?( ?(resp|trans|-n|--list|-force|[a-z-]{0,6})){0,5}") {
            let is_marked = line.trim().starts_with(MARK);
            match read(&text(&line)) {
                Ok(None) => prop_assert!(!is_marked),
                Ok(Some(_)) | Err(_) => prop_assert!(is_marked),
            }
        }
    }
}
