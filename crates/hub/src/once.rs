//! Doing a thing once: a request that is repeated under the same idempotency key finds its first
//! result (decision 19).

use std::sync::Arc;

use model::Millis;
use model::limits::IDEMPOTENCY_LIFE_MS;
use model::record::{
    App, Client, Conversation, Credential, CredentialKey, Integration, Message, Participant, Subscription,
    Switchboard, SwitchboardIntegration, User,
};
use model::switchboard::Refusal;
use sha2::{Digest, Sha256};
use store::rows::idempotency;
use store::{Command, Ctx, Read, Tx};

use crate::access::{Caller, Grant};
use crate::error::{HubError, Result};
use crate::hub::Hub;

/// The key under which a request is remembered, and what it asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    key: String,
    request_hash: Vec<u8>,
}

impl Once {
    /// A request under a key. Method, target (the path with its query) and body tell it from another.
    pub fn new(key: &str, method: &str, target: &str, body: &[u8]) -> Once {
        let mut hash = Sha256::new();
        for part in [method.as_bytes(), target.as_bytes(), body] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Once { key: key.to_owned(), request_hash: hash.finalize().to_vec() }
    }
}

/// What names a result, so that a repeat can show the thing as it is now.
pub(crate) trait ResultName {
    /// The public id; empty for a result without one. `None` for an outcome that is no success.
    fn result_name(&self) -> Option<String>;
}

macro_rules! named_by_id {
    ($($t:ty),*) => { $(impl ResultName for $t {
        fn result_name(&self) -> Option<String> { Some(self.id.to_string()) }
    })* };
}

named_by_id!(
    App,
    Client,
    Conversation,
    Credential,
    Integration,
    Message,
    Participant,
    Subscription,
    Switchboard,
    SwitchboardIntegration,
    User
);

impl ResultName for () {
    fn result_name(&self) -> Option<String> {
        Some(String::new())
    }
}

impl ResultName for Option<Refusal> {
    fn result_name(&self) -> Option<String> {
        self.is_none().then(String::new)
    }
}

impl<A: ResultName, B> ResultName for (A, B) {
    fn result_name(&self) -> Option<String> {
        self.0.result_name()
    }
}

/// A command that is done once.
struct OnlyOnce<C> {
    caller: Arc<Caller>,
    once: Once,
    command: C,
}

impl<C> Command for OnlyOnce<C>
where
    C: Command<Error = HubError>,
    C::Out: ResultName,
{
    type Out = C::Out;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<C::Out> {
        let (credential, once) = (self.caller.credential, &self.once);
        refuse_repeat(tx, credential, once, ctx.now).await?;
        let out = self.command.run(tx, ctx).await?;
        if let Some(result) = out.result_name() {
            idempotency::remember(tx, credential, &once.key, &once.request_hash, &result, ctx.now).await?;
        }
        Ok(out)
    }
}

/// Refuses what was done before.
async fn refuse_repeat(read: &mut Read, credential: CredentialKey, once: &Once, now: Millis) -> Result<()> {
    let first = idempotency::find(read, credential, &once.key).await?;
    match first.filter(|first| now.since(first.created_at) < IDEMPOTENCY_LIFE_MS) {
        None => Ok(()),
        Some(first) if first.request_hash == once.request_hash => {
            Err(HubError::Repeated { result: first.result })
        }
        Some(_) => Err(HubError::Conflict("the idempotency key was used for another request".into())),
    }
}

impl Grant {
    /// The same grant for a request that is to be done once.
    pub fn once(mut self, once: Once) -> Grant {
        self.once = Some(once);
        self
    }
}

impl Hub {
    /// Refuses a request that was made before, ahead of what cannot be taken back. Its command refuses
    /// it, too.
    pub(crate) async fn check_once(&self, grant: &Grant) -> Result<()> {
        let Some(once) = &grant.once else { return Ok(()) };
        refuse_repeat(&mut *self.reader().await?, grant.caller.credential, once, self.now()).await
    }

    /// Runs a command of a request that may carry an idempotency key.
    pub(crate) async fn run_once<C>(&self, grant: &Grant, command: C) -> Result<C::Out>
    where
        C: Command<Error = HubError>,
        C::Out: ResultName,
    {
        self.run_once_for(&grant.caller, grant.once.clone(), command).await
    }

    /// The same for a request that concerns no app yet.
    pub(crate) async fn run_once_for<C>(
        &self,
        caller: &Arc<Caller>,
        once: Option<Once>,
        command: C,
    ) -> Result<C::Out>
    where
        C: Command<Error = HubError>,
        C::Out: ResultName,
    {
        match once {
            None => self.run(command).await,
            Some(once) => self.run(OnlyOnce { caller: caller.clone(), once, command }).await,
        }
    }
}
