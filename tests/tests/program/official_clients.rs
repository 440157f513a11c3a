//! The vendor's own clients, unchanged, against a started server. They are installed on demand into
//! the build directory; whatever keeps them from running fails the test.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use testkit::{Crosspoint, PATIENCE, progress, run};

/// An installation over a slow line.
const INSTALL_TIME_MAX: Duration = Duration::from_secs(300).saturating_mul(PATIENCE);
pub(crate) const TESTS_TIME_MAX: Duration = Duration::from_secs(150).saturating_mul(PATIENCE);

#[test]
fn javascript_drives_the_main_job() {
    run(480, async {
        let home = prepared("js");
        install(&home, "package-lock.json", &[&["npm", "ci", "--no-progress"]]);
        let server = Crosspoint::start().await;
        against(&server, &home, &["node", "--test"]);
    });
}

#[test]
fn python_reads_nearly_everything() {
    run(480, async {
        let home = prepared("python");
        install_python(&home);
        let server = Crosspoint::start().await;
        against(&server, &home, &[".venv/bin/python", "-m", "unittest", "--verbose"]);
    });
}

/// A copy of `tests/clients/<name>` below the build directory.
pub(crate) fn prepared(name: &str) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(name);
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(name);
    std::fs::create_dir_all(&home).unwrap();
    for entry in std::fs::read_dir(&source).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, home.join(path.file_name().unwrap())).unwrap();
        }
    }
    home
}

/// Makes the virtual environment that `requirements.txt` wants.
pub(crate) fn install_python(home: &Path) {
    let pip = [".venv/bin/python", "-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"];
    install(home, "requirements.txt", &[&["python3", "-m", "venv", "--clear", ".venv"], &pip]);
}

/// Runs the steps unless they ran before with the same list of versions.
pub(crate) fn install(home: &Path, versions: &str, steps: &[&[&str]]) {
    let wanted = std::fs::read_to_string(home.join(versions)).unwrap();
    let stamp = home.join("installed.stamp");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return;
    }
    for step in steps {
        progress!("{}", step.join(" "));
        let (good, said) = bounded(home, step, &[], INSTALL_TIME_MAX);
        assert!(good, "{step:?} in {} failed:\n{said}", home.display());
    }
    std::fs::write(&stamp, wanted).unwrap();
}

fn against(server: &Crosspoint, home: &Path, command: &[&str]) {
    let key = server.account_key();
    let env = [
        ("CROSSPOINT_URL", server.base()),
        ("CROSSPOINT_KEY_ID", key.id),
        ("CROSSPOINT_KEY_SECRET", key.secret),
    ];
    let (good, said) = bounded(home, command, &env, TESTS_TIME_MAX);
    assert!(good, "{command:?} failed:\n{said}\n--- server ---\n{}", server.log_lines().join("\n"));
}

/// Runs a command with a time limit; gives success and everything it said.
pub(crate) fn bounded(
    home: &Path,
    command: &[&str],
    env: &[(&str, String)],
    time: Duration,
) -> (bool, String) {
    let output = home.join("output.txt");
    let file = std::fs::File::create(&output).unwrap();
    let mut child = Command::new(program(home, command[0]))
        .args(&command[1..])
        .current_dir(home)
        .envs(env.iter().map(|(name, value)| (*name, value)))
        .stdin(Stdio::null())
        .stdout(file.try_clone().unwrap())
        .stderr(file)
        .spawn()
        .unwrap_or_else(|error| panic!("{} cannot be started, it is a prerequisite: {error}", command[0]));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if began.elapsed() > time {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let said = std::fs::read_to_string(&output).unwrap_or_default();
    match status {
        Some(status) => (status.success(), said),
        None => (false, format!("{said}\nit took more than {time:?}")),
    }
}

fn program(home: &Path, name: &str) -> PathBuf {
    if name.contains('/') { home.join(name) } else { PathBuf::from(name) }
}
