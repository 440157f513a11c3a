//! Finding out whether the store takes writes.

use store::rows::accounts;
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Writes the default account, and leaves it as it was.
struct TouchAccount;

impl Command for TouchAccount {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        match accounts::oldest(tx).await? {
            Some(account) => Ok(accounts::touch(tx, account.key).await?),
            None => Ok(()),
        }
    }
}

impl Hub {
    /// Whether something that changes nothing can be written.
    pub(crate) async fn can_write(&self) -> bool {
        self.run(TouchAccount).await.is_ok()
    }
}
