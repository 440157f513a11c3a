#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::Id;
use model::patch::Patch;
use model::record::Integration;

use super::*;
use crate::error::{HubError, Result, Thing};
use crate::test_support::House;
use crate::{Grant, MemberView, OAuthClientDraft, Once, SwitchboardView};

struct Scene {
    house: House,
    grant: Grant,
    board: Id,
}

/// An app with an empty switchboard.
async fn scene() -> Scene {
    let house = House::open();
    let grant = house.app().await;
    let made = house.hub.create_switchboard(&grant).await.unwrap();
    assert!(!made.switchboard.enabled && made.default_id.is_none());
    Scene { board: made.switchboard.id, house, grant }
}

impl Scene {
    async fn integration(&self) -> String {
        self.house.integration(&self.grant, Integration::CUSTOM).await.id.to_string()
    }

    async fn link(&self, draft: MemberDraft) -> Result<MemberView> {
        self.house.hub.create_switchboard_integration(&self.grant, self.board, draft).await
    }

    /// A member of this name with an integration of its own.
    async fn member(&self, name: &str) -> Id {
        let integration_id = Some(self.integration().await);
        self.link(MemberDraft { integration_id, ..named(name) }).await.unwrap().member.id
    }

    async fn change(&self, member: Id, patch: MemberPatch) -> Result<MemberView> {
        self.house.hub.update_switchboard_integration(&self.grant, self.board, member, patch).await
    }

    async fn unlink(&self, member: Id) -> Result<()> {
        self.house.hub.delete_switchboard_integration(&self.grant, self.board, member).await
    }

    async fn update(&self, enabled: Option<bool>, default: Patch<String>) -> Result<SwitchboardView> {
        let patch = SwitchboardPatch { enabled, default };
        self.house.hub.update_switchboard(&self.grant, self.board, patch).await
    }

    /// Who is in control of a conversation.
    async fn active(&self, conversation: Id) -> Option<String> {
        let view = self.house.hub.conversation(&self.grant, conversation).await.unwrap();
        view.active.map(|member| member.name)
    }
}

fn named(name: &str) -> MemberDraft {
    MemberDraft { name: name.into(), ..MemberDraft::default() }
}

fn next(next: Patch<String>) -> MemberPatch {
    MemberPatch { next, ..MemberPatch::default() }
}

fn is_invalid<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(HubError::Invalid(_))), "{result:?}");
}

fn is_unknown<T: std::fmt::Debug>(result: Result<T>, thing: Thing) {
    assert!(matches!(&result, Err(HubError::NotFound(unknown)) if *unknown == thing), "{result:?}");
}

#[tokio::test]
async fn an_app_has_one_switchboard() {
    let scene = scene().await;
    let hub = &scene.house.hub;
    is_invalid(hub.create_switchboard(&scene.grant).await);
    let foreign = scene.house.app().await;
    is_unknown(hub.switchboard(&foreign, scene.board).await, Thing::Switchboard);
    is_unknown(hub.delete_switchboard(&foreign, scene.board).await, Thing::Switchboard);
    is_unknown(
        hub.update_switchboard(&foreign, scene.board, SwitchboardPatch::default()).await,
        Thing::Switchboard,
    );
    assert!(hub.list_switchboards(&foreign).await.unwrap().is_empty());
    hub.delete_switchboard(&scene.grant, scene.board).await.unwrap();
    is_unknown(hub.delete_switchboard(&scene.grant, scene.board).await, Thing::Switchboard);
    let second = hub.create_switchboard(&scene.grant).await.unwrap();
    assert_eq!(hub.list_switchboards(&scene.grant).await.unwrap(), [second]);
}

#[tokio::test]
async fn names_are_unique_and_integrations_linked_once() {
    let scene = scene().await;
    let (linked, free) = (scene.integration().await, scene.integration().await);
    let draft = |name: &str, id: &str| MemberDraft { integration_id: Some(id.to_owned()), ..named(name) };
    let bot = scene.link(draft("bot", &linked)).await.unwrap();
    assert_eq!((bot.member.integration_type.as_str(), bot.next_id), ("custom", None));
    let agent = scene.member("agent").await;
    let web = scene.house.integration(&scene.grant, "web").await.id.to_string();
    let both = MemberDraft { integration_type: Some("custom".into()), ..draft("x", &free) };
    let of_type = |kind: &str| MemberDraft { integration_type: Some(kind.into()), ..named("x") };
    for wrong in [
        draft("bot", &free),
        draft("next", &free),
        draft("x", &linked),
        draft("x", &web),
        both,
        named("x"),
        of_type("custom"),
        of_type("zd:agentWorkspace"),
    ] {
        is_invalid(scene.link(wrong).await);
    }
    let rename = |name: &str| MemberPatch { name: Some(name.into()), ..MemberPatch::default() };
    is_invalid(scene.change(agent, rename("bot")).await);
    is_invalid(scene.change(agent, rename("next")).await);
    assert_eq!(scene.change(agent, rename("agent")).await.unwrap().member.name, "agent");
    assert_eq!(scene.change(agent, rename("desk")).await.unwrap().member.name, "desk");
    let foreign = scene.house.app().await;
    let elsewhere = scene.house.integration(&foreign, Integration::CUSTOM).await.id.to_string();
    for unknown in [elsewhere.as_str(), "x"] {
        is_unknown(scene.link(draft("x", unknown)).await, Thing::Integration);
    }
    let listed = scene.house.hub.list_switchboard_integrations(&scene.grant, scene.board).await.unwrap();
    assert_eq!(listed.iter().map(|view| view.member.name.as_str()).collect::<Vec<_>>(), ["bot", "desk"]);
}

#[tokio::test]
async fn ten_members_are_the_most() {
    let scene = scene().await;
    let mut first = None;
    for number in 0..10 {
        let made = scene.member(&format!("m{number}")).await;
        first.get_or_insert(made);
    }
    let eleventh = MemberDraft { integration_id: Some(scene.integration().await), ..named("m10") };
    let refused = scene.link(eleventh.clone()).await;
    let too_many = HubError::TooMany { thing: Thing::SwitchboardIntegration, max: 10 };
    assert_eq!(refused.unwrap_err().to_string(), too_many.to_string());
    scene.unlink(first.unwrap()).await.unwrap();
    scene.link(eleventh).await.unwrap();
}

#[tokio::test]
async fn who_comes_next_is_set_shown_and_cleared() {
    let scene = scene().await;
    let bot = scene.member("bot").await;
    let integration_id = Some(scene.integration().await);
    let draft = MemberDraft { integration_id, next: Some(bot.to_string()), ..named("agent") };
    let agent = scene.link(draft.clone()).await.unwrap();
    assert_eq!(agent.next_id, Some(bot));
    let agent = agent.member.id;
    let changed = scene.change(bot, next(Patch::Set(agent.to_string()))).await.unwrap();
    assert_eq!(changed.next_id, Some(agent));
    let stored = scene.house.hub.switchboard_integration(&scene.grant, scene.board, bot).await.unwrap();
    assert_eq!(stored, changed);
    let unknown = scene.board.to_string();
    for name in [unknown.as_str(), "agent"] {
        let refused = scene.change(bot, next(Patch::Set(name.into()))).await;
        is_unknown(refused, Thing::SwitchboardIntegration);
        let integration_id = Some(scene.integration().await);
        let draft = MemberDraft { integration_id, next: Some(name.into()), ..named("x") };
        is_unknown(scene.link(draft).await, Thing::SwitchboardIntegration);
    }
    is_unknown(scene.change(scene.board, next(Patch::Clear)).await, Thing::SwitchboardIntegration);
    assert_eq!(scene.change(bot, next(Patch::Clear)).await.unwrap().next_id, None);
}

#[tokio::test]
async fn history_and_standby_are_kept_until_they_are_changed() {
    let scene = scene().await;
    let draft = MemberDraft {
        integration_id: Some(scene.integration().await),
        deliver_standby_events: true,
        message_history_count: Some(5),
        ..named("agent")
    };
    let agent = scene.link(draft).await.unwrap().member;
    assert_eq!((agent.deliver_standby_events, agent.message_history_count), (true, Some(5)));
    let quiet = MemberPatch { deliver_standby_events: Some(false), ..MemberPatch::default() };
    let changed = scene.change(agent.id, quiet).await.unwrap().member;
    assert_eq!((changed.deliver_standby_events, changed.message_history_count), (false, Some(5)));
    let none = MemberPatch { message_history_count: Patch::Clear, ..MemberPatch::default() };
    let changed = scene.change(agent.id, none).await.unwrap().member;
    assert_eq!((changed.deliver_standby_events, changed.message_history_count), (false, None));
}

#[tokio::test]
async fn the_default_is_a_member() {
    let scene = scene().await;
    let bot = scene.member("bot").await;
    for unknown in [scene.board.to_string(), "bot".to_owned()] {
        is_unknown(scene.update(Some(true), Patch::Set(unknown)).await, Thing::SwitchboardIntegration);
    }
    let stored = scene.house.hub.switchboard(&scene.grant, scene.board).await.unwrap();
    assert!(!stored.switchboard.enabled, "a refused change changes nothing");
    let changed = scene.update(Some(true), Patch::Set(bot.to_string())).await.unwrap();
    assert_eq!((changed.switchboard.enabled, changed.default_id), (true, Some(bot)));
    let off = scene.update(Some(false), Patch::Keep).await.unwrap();
    assert_eq!((off.switchboard.enabled, off.default_id), (false, Some(bot)));
    assert_eq!(scene.update(None, Patch::Clear).await.unwrap().default_id, None);
}

#[tokio::test]
async fn whoever_writes_meets_the_board_as_it_is_now() {
    let scene = scene().await;
    let (house, grant) = (&scene.house, &scene.grant);
    // Each writes into a conversation of their own, which is new.
    let answers = async |who: &str| {
        let user = house.user(grant, who).await;
        let conversation = house.conversation(grant, &[&user]).await;
        house.say(grant, conversation, Some(&user), "hello").await;
        scene.active(conversation).await
    };
    assert_eq!(answers("ann").await, None);
    let (bot, agent) = (scene.member("bot").await, scene.member("agent").await);
    scene.update(Some(true), Patch::Set(bot.to_string())).await.unwrap();
    assert_eq!(answers("ben").await.as_deref(), Some("bot"));
    scene.update(None, Patch::Set(agent.to_string())).await.unwrap();
    assert_eq!(answers("cat").await.as_deref(), Some("agent"));
    scene.update(Some(false), Patch::Keep).await.unwrap();
    assert_eq!(answers("dan").await, None);
    house.hub.delete_switchboard(grant, scene.board).await.unwrap();
    assert_eq!(answers("eve").await, None);
}

#[tokio::test]
async fn what_is_used_is_not_removed_and_its_seat_goes_to_nobody() {
    let scene = scene().await;
    let (bot, agent) = (scene.member("bot").await, scene.member("agent").await);
    scene.change(bot, next(Patch::Set(agent.to_string()))).await.unwrap();
    scene.update(Some(true), Patch::Set(agent.to_string())).await.unwrap();
    let user = scene.house.user(&scene.grant, "ann").await;
    let talk = scene.house.conversation(&scene.grant, &[&user]).await;
    assert_eq!(scene.active(talk).await.as_deref(), Some("agent"));
    is_invalid(scene.unlink(agent).await);
    scene.update(None, Patch::Clear).await.unwrap();
    is_invalid(scene.unlink(agent).await);
    scene.change(bot, next(Patch::Clear)).await.unwrap();
    scene.unlink(agent).await.unwrap();
    is_unknown(scene.unlink(agent).await, Thing::SwitchboardIntegration);
    assert_eq!(scene.active(talk).await, None);
    let late = scene.member("late").await;
    assert_eq!(scene.active(talk).await, None, "a new member does not inherit a seat");
    scene.update(None, Patch::Set(late.to_string())).await.unwrap();
    scene.house.say(&scene.grant, talk, Some(&user), "anybody?").await;
    assert_eq!(scene.active(talk).await.as_deref(), Some("late"));
}

#[tokio::test]
async fn a_seat_can_go_to_another_integration() {
    let scene = scene().await;
    let old = scene.integration().await;
    let made = scene.link(MemberDraft { integration_id: Some(old.clone()), ..named("bot") }).await.unwrap();
    let (bot, taken) = (made.member.id, scene.member("agent").await);
    let taken = scene.house.hub.switchboard_integration(&scene.grant, scene.board, taken).await.unwrap();
    let relink = |id: Option<String>, kind: Option<&str>| MemberPatch {
        integration_id: id,
        integration_type: kind.map(str::to_owned),
        ..MemberPatch::default()
    };
    // Callers echo what they read.
    let echoed = scene.change(bot, relink(Some(old.clone()), Some("custom"))).await.unwrap();
    assert_eq!(echoed, made);
    is_invalid(scene.change(bot, relink(Some(taken.member.integration_id.to_string()), None)).await);
    is_invalid(scene.change(bot, relink(Some(old.clone()), Some("partner"))).await);
    is_invalid(scene.change(bot, relink(None, Some("partner"))).await);
    let new = scene.integration().await;
    is_invalid(scene.change(bot, relink(Some(new.clone()), Some("partner"))).await);
    let moved = scene.change(bot, relink(Some(new.clone()), None)).await.unwrap();
    assert_eq!((moved.member.id, moved.member.integration_id.to_string()), (bot, new));
    scene.house.hub.delete_integration(&scene.grant, old.parse().unwrap()).await.expect("it is free again");
}

#[tokio::test]
async fn a_partner_that_never_came_in_cannot_be_linked() {
    let scene = scene().await;
    let draft = OAuthClientDraft {
        name: "partner".into(),
        redirect_uris: vec!["https://partner.example/back".into()],
        remove_url: None,
    };
    let partner = scene.house.hub.create_oauth_client(draft).await.unwrap();
    let draft = MemberDraft { integration_type: Some(partner.client.id), ..named("partner") };
    is_unknown(scene.link(draft).await, Thing::Integration);
}

#[tokio::test]
async fn a_deleted_switchboard_leaves_integrations_and_empty_seats() {
    let scene = scene().await;
    let integration = scene.integration().await;
    let draft = MemberDraft { integration_id: Some(integration.clone()), ..named("bot") };
    let bot = scene.link(draft).await.unwrap().member.id;
    scene.update(Some(true), Patch::Set(bot.to_string())).await.unwrap();
    let user = scene.house.user(&scene.grant, "ann").await;
    let talk = scene.house.conversation(&scene.grant, &[&user]).await;
    assert_eq!(scene.active(talk).await.as_deref(), Some("bot"));
    let before = scene.house.events().await.len();
    scene.update(Some(false), Patch::Keep).await.unwrap();
    assert_eq!(scene.active(talk).await, None, "nobody while it is off");
    scene.update(Some(true), Patch::Keep).await.unwrap();
    assert_eq!(scene.active(talk).await.as_deref(), Some("bot"));
    scene.house.hub.delete_switchboard(&scene.grant, scene.board).await.unwrap();
    assert_eq!(scene.active(talk).await, None);
    assert_eq!(scene.house.events().await.len(), before, "no event tells it");
    let hub = &scene.house.hub;
    is_unknown(hub.list_switchboard_integrations(&scene.grant, scene.board).await, Thing::Switchboard);
    hub.delete_integration(&scene.grant, integration.parse().unwrap()).await.expect("it is not linked");
}

#[tokio::test]
async fn repeated_requests_make_one_of_each() {
    let house = House::open();
    let grant = house.app().await;
    let once = |path: &str| grant.clone().once(Once::new(path, "POST", path, b"{}"));
    let made = house.hub.create_switchboard(&once("/switchboards")).await.unwrap().switchboard.id;
    let again = house.hub.create_switchboard(&once("/switchboards")).await;
    let Err(HubError::Repeated { result }) = again else { panic!("{again:?}") };
    assert_eq!(result, made.to_string());
    let integration = house.integration(&grant, Integration::CUSTOM).await.id.to_string();
    let draft = || MemberDraft { integration_id: Some(integration.clone()), ..named("bot") };
    let member = house.hub.create_switchboard_integration(&once("/members"), made, draft()).await.unwrap();
    let again = house.hub.create_switchboard_integration(&once("/members"), made, draft()).await;
    let Err(HubError::Repeated { result }) = again else { panic!("{again:?}") };
    assert_eq!(result, member.member.id.to_string());
}
