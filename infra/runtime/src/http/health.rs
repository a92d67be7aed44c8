//! Whether this process can serve, and if not, why: named checks, asked when somebody asks.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::StatusCode;
use serde::Serialize;

use super::Problem;

type Check = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// The checks behind `/readyz`. A clone is the same registry.
#[derive(Clone, Default)]
pub struct Health(Arc<RwLock<BTreeMap<String, Check>>>);

/// A check that fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unready {
    /// Of the check.
    pub name: String,
    /// For an operator: names files and positions, never folders or people. Everybody may read it.
    pub reason: String,
}

impl Health {
    /// Adds a check, or replaces the one of that name. It must answer at once: read a flag, don't do I/O.
    pub fn check(
        &self,
        name: impl Into<String>,
        check: impl Fn() -> Result<(), String> + Send + Sync + 'static,
    ) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(name.into(), Arc::new(check));
    }

    /// Sets a check that always answers the same, until it is set again or removed.
    pub fn set(&self, name: impl Into<String>, state: Result<(), String>) {
        self.check(name, move || state.clone());
    }

    /// Removes a check.
    pub fn remove(&self, name: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// The checks that fail, by name. The log has their reasons as they are; here files have lost their folders.
    #[must_use]
    pub fn unready(&self) -> Vec<Unready> {
        // Copied first: a check may add a check.
        let checks = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let failed = checks.into_iter().filter_map(|(name, check)| Some((name, check().err()?)));
        failed.map(|(name, reason)| Unready { name, reason: without_folders(&reason) }).collect()
    }

    /// As a problem, if any check fails.
    ///
    /// # Errors
    /// `503 not-ready` with the checks that fail.
    pub fn ready(&self) -> Result<(), Problem> {
        let unready = self.unready();
        if unready.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = unready.iter().map(|one| format!("{}: {}", one.name, one.reason)).collect();
        let checks = serde_json::to_value(&unready).unwrap_or_default();
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready");
        Err(problem
            .detail(lines.join("; "))
            .member("checks", checks)
            .retry_after(std::time::Duration::from_secs(1)))
    }
}

/// Errors name files by their whole path. In each clause, what stands before a path's last `/` goes: a folder's name may
/// have spaces, so of two paths in one clause only the second one's file is left.
fn without_folders(reason: &str) -> String {
    let clauses = reason.split(": ").map(|clause| {
        let Some((before, _)) = clause.split_once('/') else { return clause.to_owned() };
        let start = before.rfind(char::is_whitespace).map_or("", |space| &before[..=space]);
        let (_, file) = clause.trim_end_matches('/').rsplit_once('/').unwrap_or_default();
        format!("{start}{file}")
    });
    clauses.collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_files_without_their_folders() {
        let check = |reason: &str, told: &str| assert_eq!(without_folders(reason), told);
        check("the clock jumped by 60001 ms", "the clock jumped by 60001 ms");
        check(
            "the log failed: /srv/a b/malmo/segments/03.segment is damaged at byte 4096: the checksum is wrong",
            "the log failed: 03.segment is damaged at byte 4096: the checksum is wrong",
        );
        check("data/ground/malmo is in use by process 7", "malmo is in use by process 7");
        check("there is no log in /srv/ground/", "there is no log in ground");
        check("renaming \"/srv/a.new\" failed", "renaming a.new\" failed");
        check("/", "");
    }

    #[test]
    fn readiness_names_every_check_that_fails() {
        let health = Health::default();
        health.check("bus", || Ok(()));
        health.set("log malmo/petitions", Err("disk full".into()));
        health.set("clock", Err("jumped".into()));
        let names: Vec<String> = health.unready().into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["clock", "log malmo/petitions"]);
        health.set("clock", Ok(()));
        health.remove("log malmo/petitions");
        assert!(health.ready().is_ok());
    }
}
