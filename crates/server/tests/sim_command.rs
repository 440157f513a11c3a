//! `crosspoint sim` from outside: it starts, plays a script, and its commands talk to it.

// A helper of a test fails it by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_crosspoint");

/// A simulator that ends with the test.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Running {
        let mut child = Command::new(BINARY)
            .args(["sim", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.map(Result::unwrap).find(|line| line.contains("Phone and transcript")).unwrap();
        Running { child, url: line.split_whitespace().last().unwrap().to_owned() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(BINARY).arg("sim").args(arguments).args(["--sim", &self.url]).output().unwrap()
    }

    fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[test]
fn a_person_acts_from_the_command_line() {
    let sim = Running::start(&[]);
    let said = sim.text(&["say", "telegram", "1111111", "Where is my parcel?"]);
    assert!(said.contains("nobody was told"), "{said}");
    assert_eq!(sim.text(&["chat", "telegram", "1111111"]), "customer  Where is my parcel?\n");
    sim.text(&["act", "telegram", "1111111", r#"{"do":"location","latitude":45.5,"longitude":-73.5}"#]);
    assert!(sim.text(&["accounts"]).contains("authToken"));

    assert_eq!(sim.text(&["fault", "slow", "--with", r#"{"ms": 5}"#, "--times", "2"]), "1 armed\n");
    sim.text(&["heal"]);
    assert_eq!(sim.text(&["fault", "serverError", "--provider", "twilio"]), "1 armed\n");
    assert_eq!(sim.text(&["transcript", "--json"]), "[]\n");
}

#[test]
fn what_is_wrong_is_said_with_exit_code_1() {
    let sim = Running::start(&[]);
    for arguments in [
        ["say", "pigeon", "1", "Hi"].as_slice(),
        &["press", "telegram", "1111111", "Nothing"],
        &["act", "telegram", "1111111", "{"],
        &["act", "telegram", "1111111", "[]"],
        &["act", "sms", "+15550001234", r#"{"do":"dance"}"#],
        &["chat", "telegram", "9"],
        &["fault", "flood"],
    ] {
        let output = sim.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        assert!(String::from_utf8(output.stderr).unwrap().starts_with("crosspoint: "), "{arguments:?}");
    }
    let refused = Command::new(BINARY).args(["sim", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
}

#[test]
fn a_script_is_played() {
    let mut script = tempfile::NamedTempFile::new().unwrap();
    writeln!(script, "# a customer").unwrap();
    let line = r#"{"act":{"channel":"sms","customer":"+15550001234","do":"say","text":"Hello"}}"#;
    writeln!(script, "{line}").unwrap();
    let sim = Running::start(&["--script", script.path().to_str().unwrap()]);
    let mut seen = String::new();
    for _ in 0..1_200 {
        let output = sim.run(&["chat", "sms", "+15550001234"]);
        seen = String::from_utf8(output.stdout).unwrap();
        if output.status.success() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(seen, "customer  Hello\n");
}
