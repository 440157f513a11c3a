#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{AgentDevices, AgentDraft};
use crate::error::{HubError, Thing};
use crate::test_support::House;

fn draft(external_id: &str) -> AgentDraft {
    AgentDraft {
        external_id: external_id.into(),
        name: "Anna Bell".into(),
        email: "anna@example.com".into(),
        carrier_account: "sid".into(),
        carrier_name: "Anna Bell".into(),
        phone: Some("+15145550100".into()),
        line: "+15145550199".into(),
    }
}

#[tokio::test]
async fn they_are_added_all_or_none_and_belong_to_their_app() {
    let house = House::open();
    let (ours, theirs) = (house.app().await, house.app().await);
    let added = house.hub.add_agents(&ours, vec![draft("a"), draft("b")]).await.unwrap();
    assert_eq!(added.iter().map(|agent| agent.place).collect::<Vec<_>>(), [1, 2]);
    for wrong in [
        vec![],
        vec![draft("c"), draft("c")],
        vec![draft("c"), draft("a")],
        vec![draft("c"), draft("")],
        vec![draft("c"), AgentDraft { email: "none".into(), ..draft("d") }],
        vec![draft("c"), AgentDraft { phone: Some(String::new()), ..draft("d") }],
        (0..501).map(|n| draft(&n.to_string())).collect(),
    ] {
        let refused = house.hub.add_agents(&ours, wrong).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    }
    assert_eq!(house.hub.list_agents(&ours, 0, 10).await.unwrap(), added);
    assert_eq!(house.hub.list_agents(&ours, 1, 10).await.unwrap(), added[1..]);
    assert_eq!(house.hub.agent(&ours, "a").await.unwrap(), added[0]);
    let unknown = house.hub.agent(&theirs, "a").await;
    assert!(matches!(unknown, Err(HubError::NotFound(Thing::Agent))), "{unknown:?}");
    house.hub.add_agents(&theirs, vec![draft("a")]).await.unwrap();
    house.hub.remove_all_agents(&theirs).await.unwrap();
    assert_eq!(house.hub.list_agents(&ours, 0, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn one_device_stays_on() {
    let house = House::open();
    let app = house.app().await;
    let silent = AgentDraft { phone: None, ..draft("b") };
    let added = house.hub.add_agents(&app, vec![draft("a"), silent]).await.unwrap();
    assert!(added[0].rings_phone && added[0].rings_sip && !added[1].rings_phone && added[1].rings_sip);
    let set = |phone, sip| AgentDevices { phone, sip };
    let changed = house.hub.set_agent_devices(&app, "a", set(None, Some(false))).await.unwrap();
    assert!(changed.rings_phone && !changed.rings_sip);
    for wrong in [set(Some(false), None), set(Some(false), Some(false))] {
        let refused = house.hub.set_agent_devices(&app, "a", wrong).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    }
    assert_eq!(house.hub.agent(&app, "a").await.unwrap(), changed);
    let unknown = house.hub.set_agent_devices(&app, "z", set(None, Some(true))).await;
    assert!(matches!(unknown, Err(HubError::NotFound(Thing::Agent))), "{unknown:?}");
}

#[tokio::test]
async fn they_are_removed_all_or_none() {
    let house = House::open();
    let app = house.app().await;
    let many = (0..500).map(|n| draft(&n.to_string())).collect();
    house.hub.add_agents(&app, many).await.unwrap();
    house.hub.add_agents(&app, vec![draft("last")]).await.unwrap();
    for wrong in [vec!["1", "nobody"], vec!["1", "1"]] {
        let wrong = wrong.into_iter().map(String::from).collect();
        let refused = house.hub.remove_agents(&app, wrong).await;
        assert!(matches!(refused, Err(HubError::NotFound(Thing::Agent))), "{refused:?}");
    }
    house.hub.remove_agents(&app, vec!["1".into(), "2".into()]).await.unwrap();
    assert_eq!(house.hub.list_agents(&app, 0, 1_000).await.unwrap().len(), 499);
    house.hub.remove_all_agents(&app).await.unwrap();
    assert!(house.hub.list_agents(&app, 0, 1).await.unwrap().is_empty());
}
