//! The descriptors tell the truth.

use crosspoint_channels::all;
use crosspoint_channels::table::{markdown, shown};
use model::channel::{Feature, Support};

use super::support::person;

#[test]
fn descriptors_say_what_rendering_does() {
    let mut wrong = Vec::new();
    for channel in all() {
        let descriptor = channel.descriptor();
        let listed: Vec<Feature> = descriptor.support.iter().map(|(feature, _)| *feature).collect();
        assert_eq!(listed, Feature::ALL, "{} lists every feature in order", descriptor.kind);
        for (feature, support) in descriptor.support {
            let shown = shown(*channel, person(descriptor.kind), *feature);
            if shown.support() != *support {
                wrong.push(format!("{}: {} is {support:?}, but {shown:?}", descriptor.kind, feature.name()));
            }
        }
        assert!(descriptor.support.iter().any(|(_, support)| *support == Support::Refused));
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
