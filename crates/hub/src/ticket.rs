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
    /// A ticket for `subject` that is good until `ends_at`. Nobody can read or make one. `purpose` is a word
    /// that says what it opens: one for something else is none.
    ///
    /// # Errors
    /// Internal.
    pub fn make_ticket(&self, purpose: &str, subject: &str, ends_at: Millis) -> Result<String> {
        let sealed = self.sealer().seal(&format!("{MARK} {purpose} {} {subject}", ends_at.0))?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The subject of a ticket and its end; `None` for a text that is none, is for another purpose, or whose
    /// time is over.
    pub fn read_ticket(&self, purpose: &str, ticket: &str) -> Option<(String, Millis)> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let open = self.sealer().open(&sealed).ok()?;
        let mut parts = open.splitn(4, ' ');
        let (mark, found, end, subject) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let ends_at = Millis(end.parse().ok()?);
        let is_good = mark == MARK && found == purpose && self.now() < ends_at;
        is_good.then(|| (subject.to_owned(), ends_at))
    }
}
