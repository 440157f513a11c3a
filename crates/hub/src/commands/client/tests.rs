#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::event::{ClientAddReason, ClientRemoveReason, EventType, Reason};
use model::limits::LINK_LIFE_MS;
use model::record::{
    Client, ClientStatus, Confirmation, ConversationKey, Device, DeviceKey, Integration, User,
};
use model::{ErrorCode, Id};
use store::rows::{clients, devices, participants};

use super::*;
use crate::error::{HubError, Result, Thing};
use crate::page::{Cursor, PageRequest};
use crate::rules::people::ensure_sdk_client;
use crate::test_support::{House, participant};
use crate::{Grant, UserRef};

fn page(cursor: Cursor, size: usize) -> PageRequest {
    PageRequest { cursor, size }
}

fn named(user: &User) -> UserRef {
    UserRef::new(user.id.to_string())
}

fn link(integration: &Integration, conversation: Id) -> LinkDraft {
    LinkDraft {
        kind: integration.kind.clone(),
        integration_id: integration.id,
        address: "+15145551234".into(),
        subject: None,
        confirmation: Confirmation::UserActivity,
        message: None,
        primary: true,
        conversation_id: conversation,
    }
}

struct Scene {
    house: House,
    grant: Grant,
    user: User,
    conversation: Id,
    integration: Integration,
}

async fn scene() -> Scene {
    let house = House::open();
    let grant = house.app().await;
    let user = house.user(&grant, "u").await;
    let conversation = house.conversation(&grant, &[&user]).await;
    let integration = house.integration(&grant, "whatsapp").await;
    Scene { house, grant, user, conversation, integration }
}

impl Scene {
    async fn link(&self) -> Client {
        let draft = link(&self.integration, self.conversation);
        self.house.hub.create_client(&self.grant, named(&self.user), draft).await.unwrap()
    }

    async fn refused(&self, draft: LinkDraft) -> HubError {
        self.house.hub.create_client(&self.grant, named(&self.user), draft).await.unwrap_err()
    }

    async fn clients(&self) -> Vec<Client> {
        let all = page(Cursor::Start, 100);
        self.house.hub.list_clients(&self.grant, &named(&self.user), all).await.unwrap().items
    }

    async fn key(&self) -> ConversationKey {
        self.house.hub.conversation(&self.grant, self.conversation).await.unwrap().conversation.key
    }
}

#[tokio::test]
async fn a_link_begins_pending_and_is_told_in_its_conversation() {
    let scene = scene().await;
    let client = scene.link().await;

    assert_eq!((client.status, client.kind.as_str()), (ClientStatus::Pending, "whatsapp"));
    assert_eq!(client.integration_id, Some(scene.integration.id));
    assert_eq!((&client.external_id, client.linked_at), (&None, None));
    let stored = scene.clients().await;
    assert_eq!(stored, std::slice::from_ref(&client));
    let link = client.link.unwrap();
    assert_eq!((link.address.as_str(), link.confirmation), ("+15145551234", Confirmation::UserActivity));
    let event = scene.house.events_of(&[EventType::ClientAdd]).await.pop().unwrap();
    assert_eq!(
        (event.conversation, event.user, event.client),
        (scene.key().await, scene.user.key, client.key)
    );
    assert_eq!(event.detail.unwrap().reason, Some(Reason::ClientAdd(ClientAddReason::ChannelLinking)));
    let members =
        scene.house.hub.list_participants(&scene.grant, scene.conversation, page(Cursor::Start, 9)).await;
    assert!(members.unwrap().items[0].clients.is_empty(), "a pending link takes no part");
}

#[tokio::test]
async fn a_link_needs_an_integration_of_its_type_and_a_conversation_of_the_user() {
    let scene = scene().await;
    let good = link(&scene.integration, scene.conversation);
    let stranger = scene.house.user(&scene.grant, "stranger").await;
    let foreign = scene.house.conversation(&scene.grant, &[&stranger]).await;
    let group = scene.house.conversation(&scene.grant, &[&scene.user, &stranger]).await;

    let unknown = LinkDraft { integration_id: scene.user.id, ..good.clone() };
    assert!(matches!(scene.refused(unknown).await, HubError::NotFound(Thing::Integration)));
    let mismatch = LinkDraft { kind: "twilio".into(), ..good.clone() };
    assert!(matches!(scene.refused(mismatch).await, HubError::Invalid(_)));
    for conversation_id in [foreign, scene.user.id] {
        let draft = LinkDraft { conversation_id, ..good.clone() };
        assert!(matches!(scene.refused(draft).await, HubError::NotFound(Thing::Conversation)));
    }
    assert!(matches!(
        scene.refused(LinkDraft { conversation_id: group, ..good }).await,
        HubError::Invalid(_)
    ));
    assert!(scene.clients().await.is_empty());
}

#[tokio::test]
async fn a_new_link_to_the_same_integration_cancels_the_one_before() {
    let scene = scene().await;
    let first = scene.link().await;
    let second = scene.link().await;

    assert_eq!(scene.clients().await, std::slice::from_ref(&second));
    let events = scene.house.events_of(&[EventType::ClientAdd, EventType::ClientRemove]).await;
    let told: Vec<_> = events.iter().map(|event| (event.kind, event.client)).collect();
    let expected = [
        (EventType::ClientAdd, first.key),
        (EventType::ClientRemove, first.key),
        (EventType::ClientAdd, second.key),
    ];
    assert_eq!(told, expected);
    assert!(events.windows(2).all(|pair| pair[1].previous == pair[0].sequence), "one lane");
    let detail = events[1].detail.as_ref().unwrap();
    assert_eq!(detail.reason, Some(Reason::ClientRemove(ClientRemoveReason::LinkCancelled)));
    assert_eq!((detail.error.is_some(), detail.client.as_ref().unwrap().id), (true, first.id));
}

#[tokio::test]
async fn a_link_that_nobody_completes_fails_after_its_time() {
    let scene = scene().await;
    scene.link().await;
    scene.house.clock.advance(LINK_LIFE_MS - 1);
    assert_eq!(scene.house.hub.expire_links(10).await.unwrap(), 0);
    scene.house.clock.advance(1);
    assert_eq!(scene.house.hub.expire_links(10).await.unwrap(), 1);
    assert_eq!(scene.house.hub.expire_links(10).await.unwrap(), 0);

    assert!(scene.clients().await.is_empty());
    let event = scene.house.events_of(&[EventType::ClientRemove]).await.pop().unwrap();
    assert_eq!(event.conversation, scene.key().await);
    let detail = event.detail.unwrap();
    assert_eq!(
        (detail.reason, detail.error.unwrap().code),
        (Some(Reason::ClientRemove(ClientRemoveReason::LinkFailed)), ErrorCode::LinkExpired)
    );
}

#[tokio::test]
async fn a_link_whose_conversation_is_gone_ends_in_the_lane_of_its_user() {
    let mut scene = scene().await;
    scene.conversation = scene.house.conversation(&scene.grant, &[&scene.user]).await;
    scene.link().await;
    scene.house.hub.delete_conversation(&scene.grant, scene.conversation).await.unwrap();
    scene.house.hub.sweep().await.unwrap();
    scene.house.clock.advance(LINK_LIFE_MS);
    scene.house.hub.expire_links(10).await.unwrap();
    let event = scene.house.events_of(&[EventType::ClientRemove]).await.pop().unwrap();
    assert_eq!((event.conversation, event.user), (ConversationKey(0), scene.user.key));
}

#[tokio::test]
async fn clients_are_listed_in_pages() {
    let scene = scene().await;
    let mut ids = vec![scene.link().await.id];
    for kind in ["twilio", "messagebird", "mailgun"] {
        let integration = scene.house.integration(&scene.grant, kind).await;
        let draft = link(&integration, scene.conversation);
        ids.push(scene.house.hub.create_client(&scene.grant, named(&scene.user), draft).await.unwrap().id);
    }
    let list = async |cursor| {
        let page =
            scene.house.hub.list_clients(&scene.grant, &named(&scene.user), page(cursor, 2)).await.unwrap();
        let found: Vec<Id> = page.items.iter().map(|client| client.id).collect();
        (found, page.has_previous, page.has_next)
    };
    assert_eq!(list(Cursor::Start).await, (ids[..2].to_vec(), false, true));
    assert_eq!(list(Cursor::After(ids[1])).await, (ids[2..].to_vec(), true, false));
    assert_eq!(list(Cursor::Before(ids[3])).await, (ids[1..3].to_vec(), true, true));
    let missing =
        scene.house.hub.list_clients(&scene.grant, &UserRef::new("x"), page(Cursor::Start, 2)).await;
    assert!(matches!(missing, Err(HubError::NotFound(Thing::User))));
}

#[tokio::test]
async fn a_removed_client_leaves_every_conversation() {
    let scene = scene().await;
    let (user, integration) = (scene.user.clone(), scene.integration.clone());
    let key = scene.key().await;
    let linked = scene
        .house
        .write(move |tx, ctx| {
            let (user, integration) = (user.clone(), integration.clone());
            Box::pin(async move {
                let mut client = ensure_sdk_client(tx, ctx, &user).await?;
                client.id = ctx.id();
                client.kind = integration.kind.clone();
                client.status = ClientStatus::Active;
                client.integration = Some(integration.key);
                client.external_id = Some("+15145551234".into());
                client.key = clients::insert(tx, user.app, &client).await?;
                let place = participants::key_of(tx, key, user.key).await?.unwrap();
                participants::associate(tx, place, client.key, ctx.now).await?;
                Ok(client)
            })
        })
        .await;
    let parts = async || {
        let all = page(Cursor::Start, 9);
        let members = scene.house.hub.list_participants(&scene.grant, scene.conversation, all).await.unwrap();
        members.items[0].clients.iter().map(|client| client.id).collect::<Vec<_>>()
    };
    assert_eq!(parts().await, [linked.id]);
    let pending = scene.link().await;
    let stranger = scene.house.user(&scene.grant, "stranger").await;
    let remove = |user: &User, id| scene.house.hub.remove_client(&scene.grant, named(user), id);
    let foreign = remove(&stranger, linked.id).await;
    assert!(matches!(foreign, Err(HubError::NotFound(Thing::Client))));

    remove(&scene.user, linked.id).await.unwrap();
    remove(&scene.user, pending.id).await.unwrap();

    assert!(parts().await.is_empty());
    let again = remove(&scene.user, linked.id).await;
    assert!(matches!(again, Err(HubError::NotFound(Thing::Client))));
    let left = scene.clients().await;
    assert_eq!(left.iter().map(|client| client.kind.as_str()).collect::<Vec<_>>(), ["sdk"]);
    let refused = remove(&scene.user, left[0].id).await;
    assert!(matches!(refused, Err(HubError::Invalid(_))), "that of the messenger goes with its user");
    assert_eq!(scene.clients().await, left);
    let events = scene.house.events_of(&[EventType::ClientRemove]).await;
    let told: Vec<_> = events.iter().map(|event| (event.conversation, event.user, event.client)).collect();
    let lane = ConversationKey(0);
    assert_eq!(told, [linked.key, pending.key].map(|client| (lane, scene.user.key, client)));
    let detail = events[0].detail.as_ref().unwrap();
    assert_eq!(
        (detail.reason, detail.client.as_ref().unwrap().id),
        (Some(Reason::ClientRemove(ClientRemoveReason::ByCaller)), linked.id)
    );
}

#[tokio::test]
async fn a_user_has_one_client_for_the_messenger() {
    let scene = scene().await;
    for _ in 0..2 {
        let stranger = scene.house.user(&scene.grant, &format!("{:?}", scene.clients().await.len())).await;
        let group = scene.house.conversation(&scene.grant, &[&scene.user, &stranger]).await;
        let subscribed = crate::ParticipantDraft { subscribe_sdk_client: true, ..participant(&scene.user) };
        let left = crate::Leaver::User(subscribed.user.clone());
        scene.house.hub.leave_conversation(&scene.grant, group, left).await.unwrap();
        scene.house.hub.join_conversation(&scene.grant, group, subscribed).await.unwrap();
    }
    let found = scene.clients().await;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].status, found[0].integration_id), (ClientStatus::Inactive, None));
}

#[tokio::test]
async fn devices_are_listed_last_seen_first() {
    let scene = scene().await;
    let (user, integration) = (scene.user.clone(), scene.integration.clone());
    let ids: Vec<Id> = scene
        .house
        .write(move |tx, ctx| {
            let (user, integration) = (user.clone(), integration.clone());
            Box::pin(async move {
                let client = ensure_sdk_client(tx, ctx, &user).await?;
                let mut ids = Vec::new();
                for minutes in [5, 9, 7] {
                    let device = device(ctx.id(), &client, ctx.now.plus(minutes * 60_000));
                    devices::insert(tx, user.key, client.key, integration.key, &device).await?;
                    ids.push(device.id);
                }
                Ok(ids)
            })
        })
        .await;
    let (hub, grant, user) = (&scene.house.hub, &scene.grant, named(&scene.user));
    let found = hub.list_devices(grant, &user).await.unwrap();
    assert_eq!(found.iter().map(|device| device.id).collect::<Vec<_>>(), [ids[1], ids[2], ids[0]]);
    assert_eq!(found[0].integration_id, scene.integration.id);
    assert_eq!(hub.device(grant, &user, ids[0]).await.unwrap(), found[2]);
    let stranger = named(&scene.house.user(&scene.grant, "stranger").await);
    for (user, id) in [(&user, scene.user.id), (&stranger, ids[0])] {
        let missing: Result<Device> = hub.device(grant, user, id).await;
        assert!(matches!(missing, Err(HubError::NotFound(Thing::Device))));
    }
    assert!(hub.list_devices(grant, &stranger).await.unwrap().is_empty());
}

fn device(id: Id, client: &Client, last_seen: model::Millis) -> Device {
    Device {
        key: DeviceKey(0),
        id,
        kind: "web".into(),
        guid: id.to_string(),
        client_id: client.id,
        active: true,
        integration_id: client.id,
        last_seen,
        push_token: None,
        info: None,
        app_version: None,
    }
}
