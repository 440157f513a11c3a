//! The strict end of a started server.

use std::time::{Duration, Instant};

use super::Crosspoint;
use crate::run::PATIENCE;

impl Drop for Crosspoint {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.kill9();
            eprintln!("--- last lines of the server ---\n{}\n---", self.log.tail(40));
            return;
        }
        let mut complaints = Vec::new();
        if self.child.is_some() {
            complaints.extend(self.undelivered());
            let (code, _) = self.sigterm();
            if code != Some(0) {
                complaints.push(format!("SIGTERM ended it with {code:?}"));
            }
        }
        complaints.extend(
            self.log.errors().into_iter().filter(|line| {
                !self.settings.expected_errors.iter().any(|part| line.contains(part.as_str()))
            }),
        );
        complaints.extend(self.watch.complaints());
        if let Some(dir) = &self.own_dir {
            let _ = std::fs::remove_dir_all(dir);
        }
        assert!(complaints.is_empty(), "the server's end is not clean:\n  {}", complaints.join("\n  "));
    }
}

impl Crosspoint {
    /// Waits until nothing is pending; says what is pending or dead against expectation.
    fn undelivered(&self) -> Vec<String> {
        let end = Instant::now() + self.settings.drain_time_max.saturating_mul(PATIENCE);
        loop {
            let metrics = self.metrics();
            let pending = metrics.value("crosspoint_outbox_pending");
            let dead = metrics.value("crosspoint_deliveries_dead");
            let drained = self.settings.undrained || pending == Some(0.0);
            #[allow(clippy::cast_precision_loss)]
            let as_expected = dead == Some(self.settings.dead as f64);
            if drained && as_expected {
                return Vec::new();
            }
            if Instant::now() > end {
                let wanted = self.settings.dead;
                return vec![format!("outbox: pending {pending:?}, dead {dead:?} (wanted 0 and {wanted})")];
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}
