//! Whom a message of the business is for on the channels. It is decided once, with the message, and its event
//! keeps it: whenever a channel comes to look, all of them see the same
//! (`docs/decisions/013-who-gets-a-message.md`).

use model::record::{
    AppKey, ClientKey, ClientStatus, Conversation, ConversationKey, Destination, IntegrationKey,
    MessageExtra, UserKey,
};
use store::rows::participants::{self, Way};
use store::rows::{clients, subscriptions};
use store::{Read, Tx};

use crate::error::Result;
use crate::rules::links;
use crate::rules::webhooks::CHANNEL_FORM;

/// Clients of one conversation that are looked at, and links of one user.
const LOOK_MAX: usize = 20;

/// Who gets a message, and through which integration; zeros for nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recipient {
    pub client: ClientKey,
    pub integration: IntegrationKey,
}

/// Whether an app has channels, as commands remember it. A channel comes and goes with its integration.
struct HasChannels(bool);

/// Who is to get what the business says in a conversation: the client that the message names, else the
/// primary one (sunshine-v2.md §6.4). Asks nothing in an app without channels, and of groups, where no
/// channel takes part.
pub(crate) async fn recipient(
    tx: &mut Tx,
    app: AppKey,
    conversation: &Conversation,
    extra: &MessageExtra,
) -> Result<Recipient> {
    let destination = extra.destination.as_ref();
    // What has a source was written at the provider, past us.
    let stays = extra.source.is_some() || destination == Some(&Destination::Silent);
    if stays || conversation.group || !has_channels(tx, app).await? {
        return Ok(Recipient::default());
    }
    let (ways, is_linking) = participants::ways_of_conversation(tx, conversation.key, LOOK_MAX).await?;
    let meant = ways.iter().find(|way| is_meant(way, destination));
    match (meant, conversation.owner) {
        (Some(way), _) => Ok(through(way)),
        (None, Some(owner)) if is_linking && destination.is_none() => {
            linking(tx, owner, conversation.key).await
        }
        (None, _) => Ok(Recipient::default()),
    }
}

fn is_meant(way: &Way, destination: Option<&Destination>) -> bool {
    // A client of an integration that is deleted reaches nobody.
    if way.kind != clients::SDK && way.integration.is_none() {
        return false;
    }
    match destination {
        // Beside the primary client the messenger hears everything.
        None => way.kind != clients::SDK,
        Some(Destination::Integration(id)) => way.integration.is_some_and(|(_, own)| own == *id),
        Some(Destination::Kind(kind)) => way.kind == *kind,
        Some(Destination::Silent) => false,
    }
}

fn through(way: &Way) -> Recipient {
    match way.integration {
        Some((integration, _)) if way.kind != clients::SDK => Recipient { client: way.client, integration },
        _ => Recipient::default(),
    }
}

/// Nobody takes part through a channel, but a link that asks nothing is under way: the message comes behind
/// it in the conversation's lane.
async fn linking(read: &mut Read, user: UserKey, conversation: ConversationKey) -> Result<Recipient> {
    let found = clients::links_of(read, user, LOOK_MAX).await?;
    let here = found.into_iter().filter(|client| {
        let link = client.link.as_ref();
        client.status == ClientStatus::Pending
            && link.is_some_and(|link| link.conversation == conversation && links::is_immediate(link))
    });
    let newest = here.max_by_key(|client| client.key.0);
    Ok(newest
        .and_then(|client| Some(Recipient { client: client.key, integration: client.integration? }))
        .unwrap_or_default())
}

async fn has_channels(tx: &mut Tx, app: AppKey) -> Result<bool> {
    if let Some(known) = tx.recall::<HasChannels>(app.0) {
        return Ok(known.0);
    }
    let count = subscriptions::count_of_app(tx, app, CHANNEL_FORM).await?;
    Ok(tx.remember(app.0, HasChannels(count > 0)).0)
}
