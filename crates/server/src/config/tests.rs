#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use clap::CommandFactory;

use super::layers::{from_toml, names};
use super::*;

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("crosspoint.toml");
    std::fs::write(&path, text).unwrap();
    (dir, path)
}

#[test]
fn flags_beat_the_environment_and_that_beats_the_file() {
    let (_dir, path) =
        file("readers = 2\ncommit_batch = 3\nlog_format = \"json\"\nwebhook_allow_private = true\n");
    let environment =
        pairs(&[("CROSSPOINT_READERS", "5"), ("CROSSPOINT_COMMIT_BATCH", "6"), ("PATH", "/bin")]);
    let flags = pairs(&[("readers", "7")]).into_iter().collect();
    let loaded = load(flags, Some(&path), environment).unwrap();
    assert_eq!((loaded.config.store.readers, loaded.config.store.commit_batch), (7, 6));
    assert_eq!(loaded.config.log.log_format, LogFormat::Json);
    assert!(loaded.config.delivery.webhook_allow_private);
    assert_eq!(loaded.config.store.event_retention_days, 7);
    assert_eq!(loaded.warnings, Vec::<String>::new());
}

#[test]
fn the_environment_names_the_file_and_empty_variables_are_absent() {
    let (_dir, path) = file("readers = 9\n");
    let environment = pairs(&[("CROSSPOINT_CONFIG", path.to_str().unwrap()), ("CROSSPOINT_READERS", "")]);
    assert_eq!(load(Values::new(), None, environment).unwrap().config.store.readers, 9);
}

#[test]
fn an_unknown_key_of_the_file_is_refused_and_an_unknown_variable_warns() {
    let (_dir, path) = file("datadir = \"x\"\n");
    let error = load(Values::new(), Some(&path), []).unwrap_err().to_string();
    assert!(error.contains("datadir") && error.contains("crosspoint.toml"), "{error}");
    let loaded = load(Values::new(), None, pairs(&[("CROSSPOINT_DATADIR", "x")])).unwrap();
    assert!(loaded.warnings[0].contains("CROSSPOINT_DATADIR"), "{:?}", loaded.warnings);
}

#[test]
fn a_name_that_is_nearly_one_is_told_what_is_meant() {
    for (given, meant) in
        [("datadir", "is data_dir meant"), ("listn", "is listen meant"), ("public-url", "public_url")]
    {
        let error = from_toml(&format!("{given} = \"x\"\n")).unwrap_err().to_string();
        assert!(error.contains(meant), "{error}");
    }
    let error = from_toml("colour = \"red\"\n").unwrap_err().to_string();
    assert!(error.contains("crosspoint config default"), "{error}");
}

#[test]
fn a_server_for_others_without_a_public_address_is_warned() {
    let warning = |values: &[(&str, &str)]| Config::from_values(values.iter().copied()).unwrap().warning();
    let open = ("listen", "0.0.0.0:8080");
    assert!(warning(&[open]).unwrap().contains("public_url"));
    assert_eq!(warning(&[open, ("public_url", "https://chat.example.com")]), None);
    assert_eq!(warning(&[("listen", "127.0.0.1:0")]), None);
}

#[test]
fn a_wrong_value_is_named_with_its_place() {
    let error = load(Values::new(), None, pairs(&[("CROSSPOINT_READERS", "many")])).unwrap_err().to_string();
    assert!(error.contains("CROSSPOINT_READERS") && error.contains("many"), "{error}");
    for text in ["readers = [1]", "[readers]\nx = 1", "readers = 0", "listen = 8080", "readers = "] {
        let (_dir, path) = file(text);
        let error = load(Values::new(), Some(&path), []).unwrap_err().to_string();
        assert!(error.contains("crosspoint.toml"), "{text}: {error}");
    }
}

#[test]
fn what_this_version_cannot_do_is_refused() {
    let refused = |name: &str, value: &str| Config::from_values([(name, value)]).unwrap_err().to_string();
    assert!(refused("database_url", "postgres://me:hidden@db/x").contains("not in this version"));
    assert!(!refused("database_url", "postgres://me:hidden@db/x").contains("hidden"));
    assert!(refused("nats_url", "nats://bus").contains("not in this version"));
    assert!(!refused("sealing_key", "hidden").contains("hidden"));
    assert!(refused("account_key_id", "act_000000000000000000000000").contains("account_key_secret"));
    assert!(refused("rate_limit_burst", "5").contains("rate_limit_per_second"));
    assert!(refused("log", "crosspoint=loud").contains("log"));
    let half = [("account_key_id", "key"), ("account_key_secret", "hidden")];
    let error = Config::from_values(half).unwrap_err().to_string();
    assert!(error.contains("act_") && !error.contains("hidden"), "{error}");
}

#[test]
fn a_file_that_is_no_toml_is_told_by_its_line_and_not_by_what_stands_there() {
    for text in [
        "readers = 2\naccount_key_secret = \"hidden",
        "readers = 2\nsealing_key = hidden+/=\n",
        "readers = 2\nhidden\n",
        "account_key_secret = \"hidden\"\naccount_key_secret = \"hidden\"",
        "readers = 2\naccount_key_secret = \"hidden\\q\"",
    ] {
        let error = from_toml(text).unwrap_err().to_string();
        assert!(error.starts_with("line 2: ") && !error.contains("hidden"), "{error}");
    }
}

#[test]
fn a_secret_of_digits_stays_a_text_and_is_never_shown() {
    let seeded = [("account_key_id", "act_000000000000000000000001"), ("account_key_secret", "0123456789")];
    let config = Config::from_values(seeded).unwrap();
    assert_eq!(config.api.account_key_secret.as_ref().unwrap().expose(), "0123456789");
    assert!(!format!("{config:?}").contains("0123456789"));
}

#[test]
fn the_default_file_is_complete_and_shows_the_defaults() {
    assert_eq!(from_toml(DEFAULT_FILE).unwrap(), Values::new());
    let shown: String = DEFAULT_FILE
        .lines()
        .filter_map(|line| {
            line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
        })
        .map(|line| format!("{line}\n"))
        .collect();
    let shown = from_toml(&shown).unwrap();
    assert_eq!(shown.keys().cloned().collect::<Vec<_>>(), {
        let mut names = names();
        names.sort();
        names
    });
    for argument in Options::command().get_arguments() {
        let default = argument.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
        if let Some(default) = default {
            assert_eq!(shown[argument.get_id().as_str()], default, "{}", argument.get_id());
        }
        assert!(argument.get_help().is_some(), "{} is not described", argument.get_id());
    }
}
