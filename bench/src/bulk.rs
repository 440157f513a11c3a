//! Filling a store with many messages, through the store's own commands, without HTTP.

use std::io;
use std::path::Path;

use model::Id;
use model::content::ContentKind;
use model::record::{AppKey, ConversationKey, ConversationState};
use store::rows::conversations;
use store::rows::messages::{self, MILESTONE_DISTANCE, NewMessage};
use store::{Command, Ctx, Options, Store, StoreError, Tx};

/// Messages in one commit.
const BATCH: usize = 5_000;

/// Adds messages to conversations, one after another in a scattered order.
struct Fill {
    conversations: Vec<ConversationKey>,
    from: usize,
    count: usize,
}

impl Command for Fill {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(), StoreError> {
        let text = "All work and no play makes a hub a dull switch. ".repeat(7);
        let content = format!(r#"{{"type":"text","text":"{}"}}"#, &text[..300]);
        let mut states: std::collections::HashMap<ConversationKey, ConversationState> = Default::default();
        for number in self.from..self.from + self.count {
            let key = self.conversations[scatter(number) % self.conversations.len()];
            let state = match states.get(&key) {
                Some(state) => *state,
                None => conversations::by_key(tx, key).await?.map(|found| found.state).unwrap_or_default(),
            };
            states.insert(key, add(tx, ctx, key, state, &content).await?);
        }
        for (key, state) in states {
            conversations::save_state(tx, key, &state).await?;
        }
        Ok(())
    }
}

/// Spreads consecutive numbers, so that the messages of one conversation lie far apart.
fn scatter(number: usize) -> usize {
    number.wrapping_mul(2_654_435_761) >> 7
}

async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    key: ConversationKey,
    mut state: ConversationState,
    content: &str,
) -> Result<ConversationState, StoreError> {
    let ordinal = state.total + 1;
    let received = state.next_moment(ctx.now);
    let new = NewMessage {
        id: ctx.id(),
        conversation: key,
        previous: state.last_message,
        milestone: state.milestone,
        ordinal,
        received,
        user: None,
        shown: None,
        kind: ContentKind::Text,
        content,
        metadata: None,
        extra: None,
        original: None,
        seat: None,
    };
    state.last_message = messages::insert(tx, &new).await?;
    state.last_at = Some(received);
    state.total = ordinal;
    state.count += 1;
    if ordinal % MILESTONE_DISTANCE == 0 {
        state.milestone = state.last_message;
    }
    Ok(state)
}

/// Fills the store of a data directory whose server does not run; shows how far it is.
pub async fn fill(data_dir: &Path, conversations: &[String], messages: usize) -> io::Result<()> {
    let store = Store::open(Options::new(data_dir)).map_err(io::Error::other)?;
    let keys = find(&store, conversations).await?;
    for from in (0..messages).step_by(BATCH) {
        let count = BATCH.min(messages - from);
        store.run(Fill { conversations: keys.clone(), from, count }).await.map_err(io::Error::other)?;
        if from % 500_000 == 0 && messages > 500_000 {
            eprintln!("  {from} of {messages} messages stored");
        }
    }
    store.close().await;
    Ok(())
}

async fn find(store: &Store, ids: &[String]) -> io::Result<Vec<ConversationKey>> {
    let mut reader = store.reader().await.map_err(io::Error::other)?;
    let mut keys = Vec::with_capacity(ids.len());
    for id in ids {
        let id: Id = id.parse().map_err(io::Error::other)?;
        // The first app of a fresh store.
        let found = conversations::by_id(&mut reader, AppKey(1), id).await.map_err(io::Error::other)?;
        keys.push(found.ok_or_else(|| io::Error::other("a conversation is missing"))?.key);
    }
    Ok(keys)
}
