//! Where the program under test lies.

use std::path::PathBuf;
use std::sync::OnceLock;

/// `CROSSPOINT_BIN`, else the release build, else the debug build of this workspace.
pub fn path() -> PathBuf {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let found = find();
            crate::progress_line(&format!("program under test: {}", found.display()));
            found
        })
        .clone()
}

fn find() -> PathBuf {
    if let Some(named) = std::env::var_os("CROSSPOINT_BIN") {
        return PathBuf::from(named);
    }
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from(workspace), PathBuf::from);
    let builds = ["release", "debug"].map(|profile| target.join(profile).join("crosspoint"));
    let found = builds.into_iter().find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("no binary: build it with `cargo build --release -p crosspoint` first"))
}
