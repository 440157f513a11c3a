//! Tickets: short texts that this server, or another with the same sealing key, has given out a moment
//! ago and knows again without having kept anything.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Millis;

use crate::error::Result;
use crate::hub::Hub;

/// What every ticket begins with inside, so that nothing else that is sealed passes for one.
const MARK: &str = "ticket";

impl Hub {
    /// A ticket for `subject` that is good until `ends_at`. Nobody can read or make one.
    ///
    /// # Errors
    /// Internal.
    pub fn make_ticket(&self, subject: &str, ends_at: Millis) -> Result<String> {
        let sealed = self.sealer().seal(&format!("{MARK} {} {subject}", ends_at.0))?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The subject of a ticket and its end; `None` for a text that is none, or whose time is over.
    pub fn read_ticket(&self, ticket: &str) -> Option<(String, Millis)> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let open = self.sealer().open(&sealed).ok()?;
        let mut parts = open.splitn(3, ' ');
        let (mark, end, subject) = (parts.next()?, parts.next()?, parts.next()?);
        let ends_at = Millis(end.parse().ok()?);
        (mark == MARK && self.now() < ends_at).then(|| (subject.to_owned(), ends_at))
    }
}
