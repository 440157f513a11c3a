//! Adds people who answer, all or none.

use std::collections::HashSet;

use model::limits::{AGENT_TEXT_BYTES_MAX, AGENTS_AT_ONCE_MAX, APP_AGENTS_MAX};
use model::record::{Agent, AgentKey, AppKey};
use store::rows::{agents, apps};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// A person who is to answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentDraft {
    /// The business's own id, unique in the app.
    pub external_id: String,
    /// Given name and surname.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// The account at the carrier.
    pub carrier_account: String,
    /// How the carrier calls them.
    pub carrier_name: String,
    /// Their own telephone.
    pub phone: Option<String>,
    /// The business's number that they speak from.
    pub line: String,
}

impl AgentDraft {
    fn check(&self) -> Result<()> {
        let texts = [
            ("external id", Some(&self.external_id)),
            ("name", Some(&self.name)),
            ("carrier account", Some(&self.carrier_account)),
            ("carrier name", Some(&self.carrier_name)),
            ("phone", self.phone.as_ref()),
            ("line", Some(&self.line)),
        ];
        for (field, text) in texts {
            let fits =
                |text: &String| (1..=AGENT_TEXT_BYTES_MAX).contains(&text.len()) && !text.contains('\0');
            if !text.is_none_or(fits) {
                let text = format!("{field}: must have 1 to {AGENT_TEXT_BYTES_MAX} bytes without NUL");
                return Err(HubError::Invalid(text));
            }
        }
        model::email::check(&self.email).map_err(|error| HubError::Invalid(format!("email: {error}")))
    }
}

struct AddAgents {
    app: AppKey,
    drafts: Vec<AgentDraft>,
}

impl Command for AddAgents {
    type Out = Vec<Agent>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Agent>> {
        apps::by_key(tx, self.app).await?.or_not_found(Thing::App)?;
        let max = APP_AGENTS_MAX as i64;
        if agents::count(tx, self.app).await? + self.drafts.len() as i64 > max {
            return Err(HubError::TooMany { thing: Thing::Agent, max });
        }
        let mut place = agents::last_place(tx, self.app).await?;
        let mut added = Vec::with_capacity(self.drafts.len());
        for draft in &self.drafts {
            if agents::by_external_id(tx, self.app, &draft.external_id).await?.is_some() {
                return Err(taken(draft));
            }
            place += 1;
            let mut agent = self.agent(ctx, draft, place);
            agent.key = agents::insert(tx, &agent).await?;
            added.push(agent);
        }
        Ok(added)
    }
}

impl AddAgents {
    fn agent(&self, ctx: &Ctx, draft: &AgentDraft, place: i64) -> Agent {
        let draft = draft.clone();
        Agent {
            key: AgentKey::default(),
            id: ctx.id(),
            app: self.app,
            place,
            external_id: draft.external_id,
            name: draft.name,
            email: draft.email,
            carrier_account: draft.carrier_account,
            carrier_name: draft.carrier_name,
            rings_phone: draft.phone.is_some(),
            phone: draft.phone,
            line: draft.line,
            rings_sip: true,
            created_at: ctx.now,
            updated_at: ctx.now,
        }
    }
}

fn taken(draft: &AgentDraft) -> HubError {
    HubError::Invalid(format!("{}: there is an agent with this id already", draft.external_id))
}

impl Hub {
    /// Adds people who answer, all or none, in the order in which they are given. Whoever has a telephone
    /// is called on it and in their program, others in their program only.
    ///
    /// # Errors
    /// `Invalid` for none or more than 500 at once, for texts beyond their limits, and for an id that is
    /// named twice or is there already; `TooMany`.
    pub async fn add_agents(&self, grant: &Grant, drafts: Vec<AgentDraft>) -> Result<Vec<Agent>> {
        if !(1..=AGENTS_AT_ONCE_MAX).contains(&drafts.len()) {
            return Err(HubError::Invalid(format!("1 to {AGENTS_AT_ONCE_MAX} agents can be added at once")));
        }
        let mut named = HashSet::new();
        for draft in &drafts {
            draft.check()?;
            if !named.insert(draft.external_id.as_str()) {
                return Err(taken(draft));
            }
        }
        self.run(AddAgents { app: grant.app.key, drafts }).await
    }
}
