#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::Id;
use model::Millis;
use model::event::{ClientRemoveReason, EventType};
use model::patch::Patch;
use model::record::{ClientStatus, Confirmation, Identity, Press};
use model::switchboard::Action;
use serde_json::{Value, json};
use store::rows::awaited_answers::{self, AwaitedAnswer};
use store::rows::{clients, conversations, presses, sweeps};

use super::*;
use crate::error::Thing;
use crate::page::{Cursor, PageRequest};
use crate::test_support::{House, participant, text_of};
use crate::{
    Bearer, ControlDraft, Grant, LinkDraft, MemberDraft, SwitchboardPatch, UserPatch, UserRef, UserSelector,
};

const ALL: PageRequest = PageRequest { cursor: Cursor::Start, size: 1_000 };

async fn merge_users(house: &House, grant: &Grant, surviving: &User, discarded: &User) -> User {
    let (app, surviving, discarded) = (grant.app.key, named(surviving), named(discarded));
    house
        .write(move |tx, ctx| {
            let (surviving, discarded) = (surviving.clone(), discarded.clone());
            Box::pin(async move {
                let surviving = surviving.find(tx, app).await?;
                let discarded = discarded.find(tx, app).await?;
                merge(tx, ctx, app, surviving, discarded, UserMergeReason::ByCaller, None).await
            })
        })
        .await
}

fn named(user: &User) -> UserRef {
    UserRef::new(user.id.to_string())
}

fn selector(user: &User) -> UserSelector {
    UserSelector::Id(user.id.to_string())
}

async fn conversations_of(house: &House, grant: &Grant, user: &User) -> Vec<(Id, bool)> {
    let page = house.hub.list_conversations(grant, &selector(user), ALL).await.unwrap();
    page.items.iter().map(|view| (view.conversation.id, view.conversation.is_default)).collect()
}

async fn merge_detail(house: &House) -> model::event::MergeDetail {
    let mut events = house.events_of(&[EventType::UserMerge]).await;
    assert_eq!(events.len(), 1, "it is told once");
    let detail = events.pop().unwrap().detail.unwrap();
    assert_eq!(detail.reason, Some(Reason::UserMerge(UserMergeReason::ByCaller)));
    *detail.merge.unwrap()
}

#[tokio::test]
async fn the_surviving_user_keeps_its_names_and_gets_what_the_other_knew() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    let patch = |value: Value| UserPatch {
        metadata: Patch::Set(value.as_object().unwrap().clone()),
        ..UserPatch::default()
    };
    let big = "x".repeat(4_000);
    house.hub.update_user(&grant, named(&kept), patch(json!({ "a": "kept", "big": big }))).await.unwrap();
    let mut change = patch(json!({ "a": "gone", "b": 1, "large": "y".repeat(100) }));
    change.to_be_retained = Patch::Set(true);
    change.profile = Patch::Set(crate::ProfilePatch {
        surname: Patch::Set("Doe".into()),
        ..crate::ProfilePatch::default()
    });
    house.hub.update_user(&grant, named(&gone), change).await.unwrap();
    let identity =
        Identity { kind: "email".into(), value: "g@example.org".into(), verification: "sso".into() };
    let (owner, added) = (gone.clone(), identity.clone());
    house
        .write(move |tx, _| {
            let (owner, added) = (owner.clone(), added.clone());
            Box::pin(async move { Ok(users::add_identity(tx, &owner, &added).await?) })
        })
        .await;

    let merged = merge_users(&house, &grant, &kept, &gone).await;

    assert_eq!((merged.id, merged.external_id.as_deref()), (kept.id, Some("kept")));
    assert_eq!(Value::from(merged.metadata.clone()), json!({ "a": "kept", "big": big, "b": 1 }));
    assert_eq!(merged.profile.full_name().as_deref(), Some("KEPT Doe"));
    assert_eq!((merged.to_be_retained, &merged.identities), (Some(true), &vec![identity]));
    assert_eq!(house.hub.user(&grant, &UserRef::new("kept")).await.unwrap(), merged);
    for name in [UserRef::new("gone"), named(&gone)] {
        assert!(matches!(house.hub.user(&grant, &name).await, Err(HubError::NotFound(Thing::User))));
    }
    let detail = merge_detail(&house).await;
    assert_eq!((&detail.surviving, detail.discarded.id), (&merged, gone.id));
    assert_eq!(detail.discarded.external_id.as_deref(), Some("gone"), "as it was");
    assert_eq!(Value::from(detail.discarded_metadata.unwrap()), json!({ "large": "y".repeat(100) }));
    assert!(detail.conversations.is_none() && detail.clients.is_none());
    assert_ne!(house.user(&grant, "gone").await.id, gone.id, "the external id makes a new user");
}

#[tokio::test]
async fn what_was_pressed_goes_over_with_the_messages() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    let mine = house.conversation(&grant, &[&kept]).await;
    let other = house.conversation(&grant, &[&gone]).await;
    for (conversation, user) in [(mine, &kept), (other, &gone)] {
        house.say(&grant, conversation, Some(user), "hello").await;
    }
    let app = grant.app.key;
    for (conversation, at) in [(mine, 5), (other, 4), (other, 6)] {
        house
            .write(move |tx, ctx| {
                Box::pin(async move {
                    let key = conversations::by_id(tx, app, conversation).await?.unwrap().key;
                    let press = Press { at: Millis(at), id: ctx.id(), seat: None, payload: at.to_string() };
                    Ok(presses::insert(tx, key, &press).await?)
                })
            })
            .await;
    }
    merge_users(&house, &grant, &kept, &gone).await;
    let reader = &mut house.hub.reader().await.unwrap();
    let key = conversations::by_id(reader, app, mine).await.unwrap().unwrap().key;
    let found = presses::after(reader, key, Millis(0), 10).await.unwrap();
    assert_eq!(found.iter().map(|press| press.payload.as_str()).collect::<Vec<_>>(), ["4", "5", "6"]);
}

#[tokio::test]
async fn files_stay_with_the_messages_that_went_over() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    let mine = house.conversation(&grant, &[&kept]).await;
    let other = house.conversation(&grant, &[&gone]).await;
    let (file, content) = house.picture(&grant).await;
    house.post(&grant, other, Some(&gone), content).await;
    merge_users(&house, &grant, &kept, &gone).await;
    let is_there = async || {
        house.hub.sweep().await.unwrap();
        house.hub.download(&file.token, Bearer::default(), None).await.is_ok()
    };
    assert!(is_there().await, "the conversation is gone, the message is not");
    house.hub.delete_all_messages(&grant, mine).await.unwrap();
    assert!(!is_there().await);
}

#[tokio::test]
async fn default_conversations_become_one_in_the_order_of_time() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    let mine = house.conversation(&grant, &[&kept]).await;
    let other = house.conversation(&grant, &[&gone]).await;
    let mut expected = Vec::new();
    for n in 0..150 {
        let (conversation, author) = if n % 3 == 0 { (other, &gone) } else { (mine, &kept) };
        let author = (n % 2 == 0).then_some(author);
        let said = house.say(&grant, conversation, author, &format!("text {n}")).await;
        expected.push((said.message.id, author.map(|_| kept.id)));
        if n == 99 {
            read_all(&house, &grant, mine, &kept).await;
            read_all(&house, &grant, other, &gone).await;
        }
    }
    house.hub.delete_message(&grant, other, expected.remove(123).0).await.unwrap();
    let unread = 24;

    merge_users(&house, &grant, &kept, &gone).await;
    house.hub.sweep().await.unwrap();

    assert_eq!(conversations_of(&house, &grant, &kept).await, [(mine, true)]);
    assert!(matches!(house.hub.conversation(&grant, other).await, Err(HubError::NotFound(_))));
    let page = house.hub.list_messages(&grant, mine, ALL).await.unwrap();
    let found: Vec<_> = page.items.iter().map(|view| (view.message.id, view.author_id)).collect();
    assert_eq!(found, expected, "every message, every author the surviving user");
    assert!(page.items.is_sorted_by(|a, b| a.message.received < b.message.received));
    let detail = merge_detail(&house).await;
    let (surviving, discarded) = detail.conversations.unwrap();
    assert_eq!((surviving.id, discarded.id), (mine, other));
    let member = &house.hub.list_participants(&grant, mine, ALL).await.unwrap().items[0];
    assert_eq!(member.unread_count, unread);
    assert!(house.events_of(&[EventType::ConversationRemove]).await.is_empty());

    // The chain goes on, and pages are found from any place of it.
    let next = house.say(&grant, mine, Some(&kept), "next").await.message.id;
    for at in [0, 1, 63, 64, 65, 127, 128, 147] {
        let before = PageRequest { cursor: Cursor::Before(expected[at].0), size: 10 };
        let page = house.hub.list_messages(&grant, mine, before).await.unwrap();
        let found: Vec<Id> = page.items.iter().map(|view| view.message.id).collect();
        let wanted: Vec<Id> = expected[at.saturating_sub(10)..at].iter().map(|(id, _)| *id).collect();
        assert_eq!(found, wanted, "in front of {at}");
        let after = PageRequest { cursor: Cursor::After(expected[at].0), size: 10 };
        let page = house.hub.list_messages(&grant, mine, after).await.unwrap();
        let found: Vec<Id> = page.items.iter().map(|view| view.message.id).collect();
        let behind = expected[at + 1..].iter().map(|(id, _)| *id).chain([next]);
        assert_eq!(found, behind.take(10).collect::<Vec<_>>(), "behind {at}");
    }
}

async fn read_all(house: &House, grant: &Grant, conversation: Id, user: &User) {
    use crate::ActivityAuthor;
    use model::event::ActivityKind;
    let author = ActivityAuthor::User(selector(user));
    house.hub.post_activity(grant, conversation, ActivityKind::Read, author).await.unwrap();
}

#[tokio::test]
async fn a_default_conversation_that_is_too_long_stays_beside_the_other() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    let mine = house.conversation(&grant, &[&kept]).await;
    let other = house.conversation(&grant, &[&gone]).await;
    house.say(&grant, mine, Some(&kept), "first").await;
    for n in 0..500 {
        house.say(&grant, other, Some(&gone), &n.to_string()).await;
    }
    merge_users(&house, &grant, &kept, &gone).await;
    house.hub.sweep().await.unwrap();

    assert_eq!(conversations_of(&house, &grant, &kept).await, [(mine, true), (other, false)]);
    let page = house.hub.list_messages(&grant, other, ALL).await.unwrap();
    assert_eq!((page.items.len(), page.items[0].author_id), (500, Some(kept.id)));
    assert!(merge_detail(&house).await.conversations.is_none());
    let said = house.say(&grant, other, Some(&kept), "goes on").await;
    assert_eq!(text_of(&said), "goes on");
}

#[tokio::test]
async fn an_empty_default_conversation_goes_whatever_the_other_holds() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    let mine = house.conversation(&grant, &[&kept]).await;
    let other = house.conversation(&grant, &[&gone]).await;
    for conversation in [mine, other] {
        house.say(&grant, conversation, None, "deleted").await;
        house.hub.delete_all_messages(&grant, conversation).await.unwrap();
    }
    house.say(&grant, mine, None, "stays").await;
    merge_users(&house, &grant, &kept, &gone).await;
    house.hub.sweep().await.unwrap();

    assert_eq!(conversations_of(&house, &grant, &kept).await, [(mine, true)]);
    let page = house.hub.list_messages(&grant, mine, ALL).await.unwrap();
    assert_eq!(page.items.iter().map(text_of).collect::<Vec<_>>(), ["stays"]);
    assert!(merge_detail(&house).await.conversations.is_some());
}

#[tokio::test]
async fn groups_clients_and_links_go_over() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    let mine = house.conversation(&grant, &[&kept]).await;
    let other = house.conversation(&grant, &[&gone]).await;
    let group = house.conversation(&grant, &[]).await;
    let both = house.conversation(&grant, &[]).await;
    let joining = |user: &User| crate::ParticipantDraft { subscribe_sdk_client: true, ..participant(user) };
    house.hub.join_conversation(&grant, group, joining(&gone)).await.unwrap();
    house.hub.join_conversation(&grant, both, joining(&gone)).await.unwrap();
    house.hub.join_conversation(&grant, both, joining(&kept)).await.unwrap();
    let (sms, mail) = (house.integration(&grant, "twilio").await, house.integration(&grant, "twilio").await);
    let link = |integration: &model::record::Integration, conversation: Id| LinkDraft {
        kind: "twilio".into(),
        integration_id: integration.id,
        address: "+15145551234".into(),
        subject: None,
        confirmation: Confirmation::Immediate,
        message: None,
        primary: true,
        conversation_id: conversation,
    };
    let own = house.hub.create_client(&grant, named(&kept), link(&sms, mine)).await.unwrap();
    let replaced = house.hub.create_client(&grant, named(&gone), link(&sms, other)).await.unwrap();
    let moved = house.hub.create_client(&grant, named(&gone), link(&mail, other)).await.unwrap();
    let told = house.events().await.len();

    merge_users(&house, &grant, &kept, &gone).await;
    house.hub.sweep().await.unwrap();

    let found = house.hub.list_clients(&grant, &named(&kept), ALL).await.unwrap().items;
    let sdk = found.iter().filter(|client| client.kind == clients::SDK).collect::<Vec<_>>();
    assert_eq!((found.len(), sdk.len()), (3, 1), "one for the messenger: {found:?}");
    let link_of = |id: Id| found.iter().find(|client| client.id == id).and_then(|client| client.link.clone());
    assert!(link_of(own.id).is_some() && link_of(replaced.id).is_none());
    let target = house.hub.conversation(&grant, mine).await.unwrap().conversation.key;
    assert_eq!(link_of(moved.id).unwrap().conversation, target, "leads to the conversation that stays");
    for conversation in [group, both] {
        let members = house.hub.list_participants(&grant, conversation, ALL).await.unwrap().items;
        assert_eq!(members.len(), 1);
        assert_eq!((members[0].user, members[0].clients.len()), (kept.key, 1));
        assert_eq!(members[0].clients[0].id, sdk[0].id);
    }
    let events = house.events().await.split_off(told);
    let told: Vec<_> = events.iter().map(|event| (event.kind, event.user)).collect();
    assert_eq!(told, [(EventType::ClientRemove, kept.key), (EventType::UserMerge, kept.key)]);
    let cancelled = events[0].detail.as_ref().unwrap();
    assert_eq!(cancelled.reason, Some(Reason::ClientRemove(ClientRemoveReason::LinkCancelled)));
    assert_eq!(cancelled.client.as_ref().unwrap().status, ClientStatus::Pending);
}

#[tokio::test]
async fn what_is_too_much_for_one_transaction_is_moved_in_slices() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    for _ in 0..250 {
        house.conversation(&grant, &[&gone]).await;
    }
    merge_users(&house, &grant, &kept, &gone).await;
    let waiting = sweeps::waiting(&mut house.hub.reader().await.unwrap(), 0, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(conversations_of(&house, &grant, &kept).await.len(), 100);
    house.hub.sweep().await.unwrap();
    let all = conversations_of(&house, &grant, &kept).await;
    assert_eq!((all.len(), all.iter().filter(|(_, is_default)| *is_default).count()), (250, 1));
}

#[tokio::test]
async fn who_was_merged_goes_with_the_user_who_is_deleted() {
    let house = House::open();
    let grant = house.app().await;
    let (a, b, c) =
        (house.user(&grant, "a").await, house.user(&grant, "b").await, house.user(&grant, "c").await);
    let friend = house.user(&grant, "friend").await;
    let group = house.conversation(&grant, &[&a, &friend]).await;
    house.say(&grant, group, Some(&a), "of a").await;
    house.say(&grant, group, Some(&friend), "of friend").await;
    for _ in 0..250 {
        house.conversation(&grant, &[&a]).await;
    }
    merge_users(&house, &grant, &b, &a).await;
    merge_users(&house, &grant, &c, &b).await;
    house.hub.delete_user(&grant, named(&c)).await.unwrap();
    house.hub.sweep().await.unwrap();

    let page = house.hub.list_messages(&grant, group, ALL).await.unwrap();
    assert_eq!(page.items.iter().map(text_of).collect::<Vec<_>>(), ["of friend"]);
    assert_eq!(house.events_of(&[EventType::ConversationRemove]).await.len(), 250);
    let last = house.events().await.pop().unwrap();
    let reader = &mut house.hub.reader().await.unwrap();
    for key in [a.key, b.key, c.key] {
        assert_eq!(users::by_key(reader, key).await.unwrap(), None);
    }
    assert!(sweeps::waiting(reader, 0, 10).await.unwrap().is_empty());
    assert_eq!((last.kind, last.user), (EventType::UserRemove, c.key));
}

/// Two users with a conversation each on a board with a bot, which answers first, and two agents.
struct Office {
    house: House,
    grant: Grant,
    board: Id,
    users: [User; 2],
    talks: [Id; 2],
}

impl Office {
    async fn open() -> Office {
        let house = House::open();
        let grant = house.app().await;
        let board = house.hub.create_switchboard(&grant).await.unwrap().switchboard.id;
        let mut members = Vec::new();
        for name in ["bot", "agent", "boss"] {
            let integration_id = Some(house.integration(&grant, "custom").await.id.to_string());
            let draft = MemberDraft { name: name.into(), integration_id, ..MemberDraft::default() };
            let made = house.hub.create_switchboard_integration(&grant, board, draft).await.unwrap();
            members.push(made.member.id);
        }
        let default = Patch::Set(members[0].to_string());
        let patch = SwitchboardPatch { enabled: Some(true), default };
        house.hub.update_switchboard(&grant, board, patch).await.unwrap();
        let users = [house.user(&grant, "kept").await, house.user(&grant, "gone").await];
        let mut talks = [Id::MIN; 2];
        for (talk, user) in talks.iter_mut().zip(&users) {
            *talk = house.conversation(&grant, &[user]).await;
            house.say(&grant, *talk, Some(user), "hello").await;
        }
        Office { house, grant, board, users, talks }
    }

    async fn pass(&self, talk: usize, to: &str) {
        let draft = ControlDraft { action: Action::Pass { target: to.into() }, metadata: None, reason: None };
        self.house.hub.act_on_control(&self.grant, self.talks[talk], draft).await.unwrap();
    }

    async fn merge(&self) -> Option<String> {
        merge_users(&self.house, &self.grant, &self.users[0], &self.users[1]).await;
        let view = self.house.hub.conversation(&self.grant, self.talks[0]).await.unwrap();
        view.active.map(|member| member.name)
    }
}

#[tokio::test]
async fn whoever_was_handed_the_other_conversation_keeps_the_customer() {
    let office = Office::open().await;
    office.pass(1, "agent").await;
    let told = office.house.events_of(&[EventType::PassControl]).await.len();
    assert_eq!(office.merge().await.as_deref(), Some("agent"));
    let passed = office.house.events_of(&[EventType::PassControl]).await.split_off(told);
    assert_eq!(passed.len(), 1, "it is told");
    let mine = {
        let reader = &mut office.house.hub.reader().await.unwrap();
        conversations::by_id(reader, office.grant.app.key, office.talks[0]).await.unwrap().unwrap()
    };
    let members = office.house.hub.list_switchboard_integrations(&office.grant, office.board).await.unwrap();
    let seat = |index: usize| members[index].member.seat;
    let detail = passed[0].detail.clone().unwrap();
    assert_eq!((passed[0].conversation, passed[0].control.active()), (mine.key, Some(seat(1))));
    assert_eq!((detail.previous_active, detail.target), (Some(seat(0).0), Some(seat(1).0)));
}

#[tokio::test]
async fn a_merge_takes_nobodys_conversation_away_that_was_handed_to_them() {
    let office = Office::open().await;
    office.pass(0, "boss").await;
    office.pass(1, "agent").await;
    let told = office.house.events_of(&[EventType::PassControl]).await.len();
    assert_eq!(office.merge().await.as_deref(), Some("boss"));
    assert_eq!(office.house.events_of(&[EventType::PassControl]).await.len(), told);
}

#[tokio::test]
async fn what_was_closed_or_came_by_itself_moves_no_control() {
    // The other conversation was handed over once more after it was closed.
    let office = Office::open().await;
    office.house.hub.close_conversation(&office.grant, office.talks[1]).await.unwrap();
    office.pass(1, "agent").await;
    assert_eq!(office.merge().await.as_deref(), Some("bot"));
    // A bot has it by itself.
    let office = Office::open().await;
    office.pass(0, "agent").await;
    assert_eq!(office.merge().await.as_deref(), Some("agent"));
    // So has whoever answers first on a channel.
    let office = Office::open().await;
    let members = office.house.hub.list_switchboard_integrations(&office.grant, office.board).await.unwrap();
    let boss = members[2].member.seat;
    let mut channel = office.house.channel(&office.grant, "telegram").await;
    channel.default_responder = Some(boss);
    office
        .house
        .write(move |tx, _| {
            let channel = channel.clone();
            Box::pin(async move { Ok(store::rows::integrations::update(tx, &channel).await?) })
        })
        .await;
    office.pass(1, "boss").await;
    assert_eq!(office.merge().await.as_deref(), Some("bot"));
}

#[tokio::test]
async fn a_conversation_that_waits_for_an_answer_still_does() {
    let house = House::open();
    let grant = house.app().await;
    let (kept, gone) = (house.user(&grant, "kept").await, house.user(&grant, "gone").await);
    let mine = house.conversation(&grant, &[&kept]).await;
    let other = house.conversation(&grant, &[&gone]).await;
    let app = grant.app.key;
    house
        .write(move |tx, _| {
            Box::pin(async move {
                let conversation = conversations::by_id(tx, app, other).await?.unwrap().key;
                let waits = AwaitedAnswer { conversation, opened_at: Millis(1), due_at: Millis(2) };
                Ok(awaited_answers::put(tx, &waits).await?)
            })
        })
        .await;
    merge_users(&house, &grant, &kept, &gone).await;
    let reader = &mut house.hub.reader().await.unwrap();
    let key = conversations::by_id(reader, app, mine).await.unwrap().unwrap().key;
    let due = awaited_answers::due(reader, Millis(2), 9).await.unwrap();
    assert_eq!(due, [AwaitedAnswer { conversation: key, opened_at: Millis(1), due_at: Millis(2) }]);
}
