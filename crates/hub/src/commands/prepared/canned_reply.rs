//! Makes, changes and removes canned replies.

use model::Id;
use model::limits::PREPARED_MAX;
use model::record::{AppKey, CannedReply, Prepared, ReplyKind, Role};
use store::rows::canned_replies as rows;
use store::{Command, Ctx, Read, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// A canned reply that a caller wants.
#[derive(Clone, Debug)]
pub struct CannedReplyDraft {
    /// Unique in the app.
    pub name: String,
    /// For lists.
    pub category: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Who receives it.
    pub receiver: Role,
    /// What becomes of it.
    pub kind: ReplyKind,
    /// What is sent; at least one.
    pub items: Vec<Prepared>,
}

/// A change of a canned reply.
#[derive(Clone, Debug, Default)]
pub struct CannedReplyPatch {
    /// Unique in the app.
    pub name: Option<String>,
    /// For lists.
    pub category: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Who receives it.
    pub receiver: Option<Role>,
    /// What becomes of it.
    pub kind: Option<ReplyKind>,
    /// What is sent; at least one.
    pub items: Option<Vec<Prepared>>,
}

async fn check_name(read: &mut Read, app: AppKey, name: &str, own: Option<Id>) -> Result<()> {
    match rows::by_name(read, app, name).await?.filter(|found| Some(found.id) != own) {
        Some(_) => Err(HubError::NameTaken(Thing::CannedReply)),
        None => Ok(()),
    }
}

async fn find(read: &mut Read, app: AppKey, id: Id) -> Result<CannedReply> {
    rows::by_id(read, id).await?.filter(|found| found.app == app).or_not_found(Thing::CannedReply)
}

struct Create(AppKey, CannedReplyDraft);

impl Command for Create {
    type Out = CannedReply;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<CannedReply> {
        let Create(app, draft) = self;
        if rows::count(tx, *app).await? >= PREPARED_MAX as i64 {
            return Err(HubError::TooMany { thing: Thing::CannedReply, max: PREPARED_MAX as i64 });
        }
        check_name(tx, *app, &draft.name, None).await?;
        let CannedReplyDraft { name, category, description, receiver, kind, items } = draft.clone();
        let (id, app, created_at) = (ctx.id(), *app, ctx.now);
        let reply = CannedReply { id, app, name, category, description, receiver, kind, items, created_at };
        rows::save(tx, &reply).await?;
        Ok(reply)
    }
}

struct Update(AppKey, Id, CannedReplyPatch);

impl Command for Update {
    type Out = CannedReply;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<CannedReply> {
        let Update(app, id, patch) = self;
        let mut reply = find(tx, *app, *id).await?;
        if let Some(name) = &patch.name {
            check_name(tx, *app, name, Some(*id)).await?;
            reply.name.clone_from(name);
        }
        let CannedReplyPatch { category, description, receiver, kind, items, .. } = patch.clone();
        reply.category = category.or(reply.category);
        reply.description = description.or(reply.description);
        reply.receiver = receiver.unwrap_or(reply.receiver);
        reply.kind = kind.unwrap_or(reply.kind);
        reply.items = items.unwrap_or(reply.items);
        rows::save(tx, &reply).await?;
        Ok(reply)
    }
}

struct Delete(AppKey, Id);

impl Command for Delete {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        let reply = find(tx, self.0, self.1).await?;
        Ok(rows::remove(tx, reply.id).await?)
    }
}

impl Hub {
    /// Makes a canned reply.
    ///
    /// # Errors
    /// `NameTaken`, `TooMany`.
    pub async fn create_canned_reply(&self, grant: &Grant, draft: CannedReplyDraft) -> Result<CannedReply> {
        self.run(Create(grant.app.key, draft)).await
    }

    /// Changes a canned reply.
    ///
    /// # Errors
    /// `NotFound`, `NameTaken`.
    pub async fn update_canned_reply(
        &self,
        grant: &Grant,
        id: Id,
        patch: CannedReplyPatch,
    ) -> Result<CannedReply> {
        self.run(Update(grant.app.key, id, patch)).await
    }

    /// Removes a canned reply.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_canned_reply(&self, grant: &Grant, id: Id) -> Result<()> {
        self.run(Delete(grant.app.key, id)).await
    }
}
