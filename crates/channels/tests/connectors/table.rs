//! The descriptors tell the truth.

use crosspoint_channels::table::{markdown, shown};
use crosspoint_channels::{Channel, all, by_kind};
use model::channel::{Feature, Support};

use super::support::person;

#[test]
fn descriptors_say_what_rendering_does() {
    let mut wrong = Vec::new();
    let mut compare = |channel: &dyn Channel, who: &str, promised: &[(Feature, Support)]| {
        let listed: Vec<Feature> = promised.iter().map(|(feature, _)| *feature).collect();
        let kind = channel.descriptor().kind;
        assert_eq!(listed, Feature::ALL, "{kind} to {who} lists every feature in order");
        for (feature, support) in promised {
            let shown = shown(channel, who, *feature);
            if shown.support() != *support {
                wrong.push(format!("{kind} to {who}: {} is {support:?}, but {shown:?}", feature.name()));
            }
        }
        assert!(promised.iter().any(|(_, support)| *support == Support::Refused));
    };
    for channel in all() {
        let descriptor = channel.descriptor();
        let who = person(descriptor.kind);
        compare(*channel, who, descriptor.support);
        for sender in descriptor.senders {
            compare(*channel, &format!("{}{who}", sender.prefix), sender.support);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_a_row_for_each_feature() {
    let table = markdown();
    assert_eq!(table.lines().count(), Feature::ALL.len() + 2);
    assert!(table.contains("| reply | fallback: a numbered line"), "{table}");
    let columns = table.lines().next().map(|line| line.matches('|').count());
    assert!(
        table.lines().all(|line| Some(line.replace("\\|", "").matches('|').count()) == columns),
        "{table}"
    );
}

/// What others are told of a conversation needs both of every channel.
#[test]
fn every_channel_says_how_it_is_reached_and_whether_reading_is_told() {
    for channel in all() {
        let kind = channel.descriptor().kind;
        let addresses = channel.own_addresses();
        assert!(!addresses.is_empty(), "{kind} has no setting that says how people reach the business");
    }
    let tells = |kind: &str, who: &str| by_kind(kind).is_some_and(|channel| channel.tells_reading(who));
    assert!(tells("twilio", "whatsapp:+15550001234") && !tells("twilio", "+15550001234"));
    assert!(tells("messenger", "4711") && !tells("telegram", "4711"));
}
