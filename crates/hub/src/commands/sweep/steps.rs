//! What goes wrong in one place is in nobody's way.

use store::{Command, StoreError};

use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Steps that do not need each other: one that fails is told, and the others are done all the same.
pub(super) struct Steps(pub Result<()>);

impl Steps {
    pub(super) fn note(&mut self, step: &'static str, ended: Result<()>) {
        if let Err(error) = ended {
            tracing::error!(error = said(&error), step, "a part of the sweep failed; it is tried again");
            self.0 = std::mem::replace(&mut self.0, Ok(())).and(Err(error));
        }
    }
}

impl Hub {
    /// Runs a command over many until it gives that all are done. If one of them is damaged, it is run over
    /// each alone, so that the others are done.
    pub(crate) async fn run_for_each<K, C>(
        &self,
        step: &'static str,
        keys: &[K],
        number: impl Fn(&K) -> i64,
        command: impl Fn(&[K]) -> C,
    ) -> Result<()>
    where
        C: Command<Out = bool, Error = HubError>,
    {
        match self.run_until_done(keys, &command).await {
            Err(error) if is_damage(&error) => {}
            ended => return ended,
        }
        for key in keys {
            let alone = self.run_until_done(std::slice::from_ref(key), &command).await;
            unless_damaged(step, number(key), alone)?;
        }
        Ok(())
    }

    async fn run_until_done<K, C>(&self, keys: &[K], command: &impl Fn(&[K]) -> C) -> Result<()>
    where
        C: Command<Out = bool, Error = HubError>,
    {
        while !keys.is_empty() && !self.run(command(keys)).await? {}
        Ok(())
    }
}

/// Whether the fault is of the one row that was read or changed, so that others of its kind can be done.
pub(super) fn is_damage(error: &HubError) -> bool {
    matches!(error, HubError::Internal(StoreError::Damaged(_) | StoreError::Panicked))
}

/// One of many: what is damaged is left out and told; any other error ends the step.
pub(crate) fn unless_damaged<T>(
    step: &'static str,
    key: i64,
    ended: Result<T, impl Into<HubError>>,
) -> Result<Option<T>> {
    match ended.map_err(Into::into) {
        Ok(done) => Ok(Some(done)),
        Err(error) if is_damage(&error) => {
            left_out(step, 1, &key.to_string(), &said(&error));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Tells that so many were left out, one of them by name.
pub(super) fn left_out(step: &'static str, count: usize, one: &str, why: &str) {
    metrics::counter!("crosspoint_sweep_left_out_total", "step" => step).increment(count as u64);
    tracing::error!(error = why, step, one, count, "the sweep leaves out what it cannot read or remove");
}

/// With its cause.
fn said(error: &HubError) -> String {
    match error {
        HubError::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
