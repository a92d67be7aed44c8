//! Dashboards: the views of both services on PostgreSQL, who reads them, and what Grafana is provisioned with.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod areas;
mod database;
mod grafana;
mod home;
mod plans;
mod planted;
mod roles;
mod views;
