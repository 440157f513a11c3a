//! A change of the data as a value that is sent to where the transaction lives.

use std::future::Future;
use std::sync::{Mutex, PoisonError};

use model::id::IdMint;
use model::{Id, Millis};

use crate::error::StoreError;
use crate::tx::Tx;

/// What a command gets besides the transaction: the time, and ids that rise in commit order.
pub struct Ctx {
    /// The moment at which the command runs.
    pub now: Millis,
    mint: Mutex<IdMint>,
}

impl Ctx {
    pub(crate) fn new(now: Millis, mint: IdMint) -> Ctx {
        Ctx { now, mint: Mutex::new(mint) }
    }

    pub(crate) fn newest_id(&self) -> Id {
        self.mint.lock().unwrap_or_else(PoisonError::into_inner).newest()
    }

    /// A new id.
    pub fn id(&self) -> Id {
        let mut mint = self.mint.lock().unwrap_or_else(PoisonError::into_inner);
        mint.next(self.now, rand::random)
    }
}

/// A change of the data.
///
/// The store may run a command more than once before one of the runs commits, so it must have no
/// effect but through `tx`. It should read and check before it first writes: a command that fails
/// before its first write costs its neighbours nothing.
pub trait Command: Send + Sync + 'static {
    /// What the change gives back.
    type Out: Send + 'static;
    /// How it can fail; a failed command changes nothing.
    type Error: From<StoreError> + Send + 'static;

    /// Makes the change.
    fn run<'a>(
        &'a self,
        tx: &'a mut Tx,
        ctx: &'a Ctx,
    ) -> impl Future<Output = Result<Self::Out, Self::Error>> + Send + 'a;
}
