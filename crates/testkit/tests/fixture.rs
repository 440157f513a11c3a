//! The fixture itself: it starts, follows and judges a program, here a fake of the server.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crosspoint_testkit::{Builder, Crosspoint, run};

fn fake(misbehaviour: &str) -> Builder {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/fake_server.py");
    let server = Crosspoint::start().program(&program).env("FAKE", misbehaviour);
    server.drain_within(std::time::Duration::from_millis(300))
}

/// What the end of a server says; `None` when it is satisfied.
fn end_of(server: Builder, during: fn(&Crosspoint)) -> Option<String> {
    let ended = catch_unwind(AssertUnwindSafe(|| {
        run(60, async {
            let server = server.await;
            during(&server);
        });
    }));
    let panic = ended.err()?;
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
}

#[test]
fn a_clean_server_ends_in_silence() {
    assert_eq!(end_of(fake(""), |_| ()), None);
}

#[test]
fn every_misbehaviour_is_told() {
    let cases = [
        ("error", "something broke"),
        ("pending", "pending Some(1.0)"),
        ("dead", "dead Some(1.0)"),
        ("exit", "SIGTERM ended it with Some(3)"),
        ("refuses", "ended at its start"),
    ];
    for (misbehaviour, said) in cases {
        let end =
            end_of(fake(misbehaviour), |_| ()).unwrap_or_else(|| panic!("{misbehaviour} went unnoticed"));
        assert!(end.contains(said), "{misbehaviour}: {end}");
    }
}

#[test]
fn what_is_expected_is_no_misbehaviour() {
    assert_eq!(end_of(fake("error").expect_error_log("something broke"), |_| ()), None);
    assert_eq!(end_of(fake("dead").expect_dead(1), |_| ()), None);
    assert_eq!(end_of(fake("pending").may_end_undrained(), |_| ()), None);
}

#[test]
fn a_fault_that_a_lost_task_met_is_told_at_the_end() {
    let lost = |server: &Crosspoint| {
        let api = server.as_account();
        let task = crosspoint_testkit::runtime().spawn(async move { api.get("/v2/apps").await });
        while !task.is_finished() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    };
    let end = end_of(fake("fault"), lost).unwrap_or_default();
    assert!(end.contains("status 500"), "{end}");
}

#[test]
fn it_is_killed_and_started_again_on_its_port() {
    run(60, async {
        let mut server = fake("").await;
        let before = server.base();
        server.as_account().get("/v2/apps").await.ok();
        server.kill9();
        let gone = server.as_account().call("GET", "/v2/apps").try_send().await;
        assert!(gone.is_err());
        server.restart().await;
        assert_eq!(server.base(), before);
        assert_eq!(server.as_account().get("/v2/apps").await.ok()["apps"], serde_json::json!([]));
        assert!(server.succeeded_operations().contains("ListApps"));
        assert_eq!(server.sigterm().0, Some(0));
    });
}
