//! The vendor's own browser SDK, run by Node.js.

use testkit::{Crosspoint, run};

use super::settings::register;
use crate::program::official_clients::{TESTS_TIME_MAX, bounded, install, prepared};

#[test]
fn the_browser_sdk_starts_and_knows_who_is_unknown() {
    run(480, async {
        let home = prepared("exotel");
        install(&home, "package-lock.json", &[&["npm", "ci", "--no-progress", "--ignore-scripts"]]);
        let server = Crosspoint::start().await;
        let app = register(&server, "Desk").await;
        let env = [
            ("CROSSPOINT_URL", server.base()),
            ("CROSSPOINT_APP_ID", app.id),
            ("CROSSPOINT_APP_SECRET", app.secret),
        ];
        let (good, said) = bounded(&home, &["node", "--test"], &env, TESTS_TIME_MAX);
        assert!(good, "the SDK failed:\n{said}\n--- server ---\n{}", server.log_lines().join("\n"));
    });
}
