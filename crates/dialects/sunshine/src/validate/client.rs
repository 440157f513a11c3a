//! Linking a channel to a user (sunshine-v2.md §4.7).

use hub::LinkDraft;
use model::content::{ActionKind, Content};
use model::record::Confirmation;
use model::{email, phone};
use wire::sunshine::types::{self, ClientCreateBody, ConfirmationType, MailMatch, MatchCriteria, PhoneMatch};

use super::{At, Checked, Invalid, id, message, refuse};

/// Channels that can be linked.
const LINKABLE: [&str; 4] = ["mailgun", "messagebird", "twilio", "whatsapp"];

/// What is matched: channel, integration, address, subject of a mail, primary.
struct Matched {
    kind: &'static str,
    integration_id: String,
    address: String,
    subject: Option<String>,
    primary: bool,
}

/// A link that is to be made.
pub(crate) fn create(body: ClientCreateBody) -> Checked<LinkDraft> {
    let ClientCreateBody { match_criteria, confirmation, target } = body;
    let matched = matched(match_criteria).at("matchCriteria")?;
    let integration_id = id::parse(&matched.integration_id).at("integrationId").at("matchCriteria")?;
    let (confirmation, message) = self::confirmation(confirmation).at("confirmation")?;
    Ok(LinkDraft {
        kind: matched.kind.to_owned(),
        integration_id,
        address: matched.address,
        subject: matched.subject,
        confirmation,
        message,
        primary: matched.primary,
        conversation_id: id::parse(&target.conversation_id).at("conversationId").at("target")?,
    })
}

fn matched(criteria: MatchCriteria) -> Checked<Matched> {
    match criteria {
        MatchCriteria::Mailgun(mail) => by_mail(mail),
        MatchCriteria::MessageBird(phone) => by_phone("messagebird", phone),
        MatchCriteria::Twilio(phone) => by_phone("twilio", phone),
        MatchCriteria::WhatsApp(phone) => by_phone("whatsapp", phone),
        _ => refuse(format!("must be one of {}", LINKABLE.join(", "))).at("type"),
    }
}

fn by_phone(kind: &'static str, given: PhoneMatch) -> Checked<Matched> {
    let number = phone::normalise(&given.phone_number).map_err(|error| Invalid::new(error.to_string()));
    Ok(Matched {
        kind,
        integration_id: given.integration_id,
        address: number.at("phoneNumber")?,
        subject: None,
        primary: given.primary.unwrap_or(true),
    })
}

fn by_mail(given: MailMatch) -> Checked<Matched> {
    email::check(&given.address).map_err(|error| Invalid::new(error.to_string())).at("address")?;
    Ok(Matched {
        kind: "mailgun",
        integration_id: given.integration_id,
        address: given.address,
        subject: given.subject,
        primary: given.primary.unwrap_or(true),
    })
}

fn confirmation(given: types::Confirmation) -> Checked<(Confirmation, Option<Content>)> {
    let kind = match given.kind {
        ConfirmationType::Immediate => Confirmation::Immediate,
        ConfirmationType::UserActivity => Confirmation::UserActivity,
        ConfirmationType::Prompt => Confirmation::Prompt,
        _ => {
            return refuse(format!("must be one of {}", ConfirmationType::KNOWN.join(", "))).at("type");
        }
    };
    let asked = given.message.map(|post| asking(*post)).transpose().at("message")?;
    Ok((kind, asked))
}

/// The message that asks for consent: a text or a picture, with no buttons but links.
fn asking(post: types::MessagePost) -> Checked<Content> {
    let draft = message::message(post)?;
    let actions = match &draft.content {
        Content::Text(text) => &text.actions,
        Content::Image(image) => &image.actions,
        _ => return refuse("must be of type text or image").at("content"),
    };
    if actions.iter().any(|action| action.kind != ActionKind::Link) {
        return refuse("only actions of type link are allowed").at("actions").at("content");
    }
    Ok(draft.content)
}
