//! Simulated providers that all tests of a process share: integrations can be made without an account
//! anywhere. A test that plays customers starts its own.

use std::sync::OnceLock;

use sim::{Sim, SimConfig};

use crate::run::runtime;

/// The simulator. It has the accounts that every simulator has from the beginning.
pub fn shared() -> &'static Sim {
    static SHARED: OnceLock<Sim> = OnceLock::new();
    SHARED.get_or_init(|| {
        let (made, ready) = std::sync::mpsc::channel();
        runtime().spawn(async move {
            let _the_test_waits = made.send(Sim::start(SimConfig::default()).await);
        });
        ready.recv().expect("the simulator's task").expect("a simulator")
    })
}
