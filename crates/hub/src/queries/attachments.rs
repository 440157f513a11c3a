//! Reading attachments.

use std::sync::Arc;

use model::Id;
use model::record::{Access, Attachment};
use model::time::DAY_MS;
use store::GetRange;
use store::files::FileRead;
use store::rows::{attachments, downloads};

use crate::access::{Caller, Grant, Reach};
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// An attachment that is being read.
pub struct Download {
    /// What is known about it.
    pub attachment: Attachment,
    /// Its bytes.
    pub file: FileRead,
}

/// How long a signed address of a private attachment, made for a provider, stays valid. A send is tried for
/// about 24 hours, and where the address is a line of the text, the customer follows it when they read it.
const SIGNED_LIFE_MS: i64 = 7 * DAY_MS;

/// What its ticket is for; the subject is the attachment's token.
const PURPOSE: &str = "attachment";

/// Who asks for the bytes of an attachment, and how they prove it.
#[derive(Clone, Copy, Default)]
pub struct Bearer<'a> {
    /// The caller, if there are credentials that hold.
    pub caller: Option<&'a Arc<Caller>>,
    /// The ticket of the address, as [`Hub::address_for_providers`] makes it.
    pub ticket: Option<&'a str>,
}

impl Hub {
    /// The address under which a provider can fetch an attachment without a key: that of a private one is
    /// signed and good for seven days (sunshine-v2.md §7.8).
    ///
    /// # Errors
    /// Of the store.
    pub async fn address_for_providers(&self, token: &str, name: &str) -> Result<String> {
        let url = self.attachment_url(token, name);
        let found = attachments::by_token(&mut *self.reader().await?, token).await?;
        if found.is_none_or(|found| found.access == Access::Public) {
            return Ok(url);
        }
        let ticket = self.make_ticket(PURPOSE, token, self.now().plus(SIGNED_LIFE_MS))?;
        Ok(format!("{url}?ticket={ticket}"))
    }

    /// Opens the attachment of a URL. A private one needs a caller of its app, or a ticket.
    ///
    /// # Errors
    /// `Coming` while its bytes are still being fetched; `NotFound` for an unknown token, `Forbidden` for a
    /// private attachment and a caller without the right key, or none.
    pub async fn download(
        &self,
        token: &str,
        bearer: Bearer<'_>,
        range: Option<GetRange>,
    ) -> Result<Download> {
        let attachment = self.opened(token, bearer).await?;
        match self.files().read(token, range).await? {
            Some(file) => Ok(Download { attachment, file }),
            None => Err(self.not_there(token).await?),
        }
    }

    /// The attachment of a URL and the bytes of its file, without opening it.
    ///
    /// # Errors
    /// As [`Hub::download`].
    pub async fn describe_download(&self, token: &str, bearer: Bearer<'_>) -> Result<(Attachment, u64)> {
        let attachment = self.opened(token, bearer).await?;
        match self.files().size(token).await? {
            Some(size) => Ok((attachment, size)),
            None => Err(self.not_there(token).await?),
        }
    }

    /// The attachment, for somebody who may read it.
    async fn opened(&self, token: &str, bearer: Bearer<'_>) -> Result<Attachment> {
        let (attachment, app_id) = {
            let mut reader = self.reader().await?;
            let found = attachments::by_token(&mut reader, token).await?.or_not_found(Thing::Attachment)?;
            let app_id =
                attachments::app_id_of(&mut reader, found.app).await?.or_not_found(Thing::Attachment)?;
            (found, app_id)
        };
        if attachment.access == Access::Private && !self.is_opened(token, bearer.ticket) {
            self.check_reach(bearer.caller, app_id).await?;
        }
        Ok(attachment)
    }

    /// Why an attachment has no file.
    async fn not_there(&self, token: &str) -> Result<HubError> {
        let is_coming = downloads::is_waiting(&mut *self.reader().await?, token).await?;
        Ok(if is_coming { HubError::Coming } else { HubError::NotFound(Thing::Attachment) })
    }

    /// Whether a ticket is one for this attachment whose time is not over.
    fn is_opened(&self, token: &str, ticket: Option<&str>) -> bool {
        let read = ticket.and_then(|ticket| self.read_ticket(PURPOSE, ticket));
        read.is_some_and(|(of, _)| of == token)
    }

    async fn check_reach(&self, caller: Option<&Arc<Caller>>, app_id: Id) -> Result<()> {
        let denied = || HubError::Forbidden("the attachment is private: a key of its app is needed".into());
        let caller = caller.ok_or_else(denied)?;
        let is_of_app = match &caller.reach {
            Reach::Account => self.grant(caller.clone(), app_id).await.is_ok(),
            Reach::App { app_id: opened } | Reach::Integration { app_id: opened, .. } => *opened == app_id,
        };
        if is_of_app { Ok(()) } else { Err(denied()) }
    }

    /// One attachment of an app, by the token in its URL.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn attachment(&self, grant: &Grant, token: &str) -> Result<Attachment> {
        let mut reader = self.reader().await?;
        let found = attachments::by_token(&mut reader, token).await?;
        found.filter(|found| found.app == grant.app.key).or_not_found(Thing::Attachment)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use model::Millis;

    use super::*;
    use crate::UploadDraft;
    use crate::test_support::House;

    async fn uploaded(house: &House, grant: &Grant, access: Access) -> Attachment {
        let draft = UploadDraft { access, for_message: false, conversation: None };
        let mut upload = house.hub.begin_upload(grant, draft).await.unwrap();
        upload.add(b"%PDF"[..].into()).await.unwrap();
        let name = "bill 1.pdf".to_owned();
        house.hub.finish_upload(grant, upload, name, "application/pdf".to_owned()).await.unwrap()
    }

    #[tokio::test]
    async fn an_address_for_providers_opens_one_private_attachment_for_a_week() {
        let house = House::open();
        let grant = house.app().await;
        let open = uploaded(&house, &grant, Access::Public).await;
        let url = house.hub.address_for_providers(&open.token, &open.name).await.unwrap();
        assert_eq!(url, house.hub.attachment_url(&open.token, &open.name), "a public one needs nothing");

        let bill = uploaded(&house, &grant, Access::Private).await;
        let other = uploaded(&house, &grant, Access::Private).await;
        let url = house.hub.address_for_providers(&bill.token, &bill.name).await.unwrap();
        let (plain, ticket) = url.split_once("?ticket=").unwrap();
        assert_eq!(plain, house.hub.attachment_url(&bill.token, &bill.name));
        let opens = async |token: &str, ticket: &str| {
            let bearer = Bearer { caller: None, ticket: Some(ticket) };
            house.hub.download(token, bearer, None).await.is_ok()
        };
        assert!(opens(&bill.token, ticket).await);
        assert!(!opens(&other.token, ticket).await, "a ticket is for one attachment");
        let at = ticket.len() / 2;
        let letter = if ticket.as_bytes()[at] == b'A' { "B" } else { "A" };
        let bent = format!("{}{letter}{}", &ticket[..at], &ticket[at + 1..]);
        for wrong in [
            "",
            "x",
            &bent,
            &ticket[1..],
            &house.hub.make_ticket("connection", &bill.token, Millis(i64::MAX)).unwrap(),
        ] {
            assert!(!opens(&bill.token, wrong).await, "{wrong}");
        }
        house.clock.advance(SIGNED_LIFE_MS - 1);
        assert!(opens(&bill.token, ticket).await);
        house.clock.advance(1);
        assert!(!opens(&bill.token, ticket).await, "its time is over");
    }
}
