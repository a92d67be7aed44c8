//! Panels: what they are for, how their members are found and drawn, who is in them when, and what everybody sees of it.
//! All of it is pure but `shell`, which reads, stamps time and keys and appends, and `http`, which serves.

pub mod announced;
pub mod candidates;
pub mod event;
pub mod form;
pub mod frame;
pub mod http;
pub mod meeting;
pub mod member;
pub mod panel;
pub mod person;
pub mod projections;
pub mod questions;
pub mod representing;
pub mod reserves;
pub mod shell;
pub mod strata;
pub mod waves;
pub mod wire;

pub use event::Event;
