//! The HTTP kit: what every route of every service does the same way, bad input above all.
//!
//! A service makes a `Router` whose state gives a [`Kit`], takes what it needs by the extractors here, answers
//! refusals with [`Problem`]s, and hands the router to [`Kit::wrap`].

pub mod asking;
pub mod bi;
mod body;
mod catalogue;
mod client;
mod cursor;
mod failure;
mod headers;
mod health;
mod kit;
mod language;
mod metrics;
pub mod openapi;
mod path;
mod problem;
mod query;
mod served;
mod shell;
mod system;
pub mod tlog;
mod token;
mod trace;
mod upload;
mod written;

pub use asking::{Api, Asking, Holder, Reading, Who};
pub use body::{FileBody, FormBody, JsonBody};
pub use catalogue::{Catalogue, CatalogueError};
pub use client::{Client, Peer};
pub use cursor::{BadCursor, Cursors};
pub use headers::{IdempotencyKey, IfMatch, ReadTag, Seen};
pub use health::{Health, Unready};
pub use kit::{Kit, KitError};
pub use language::Language;
pub use metrics::{Metrics, Reach, Reached};
pub use path::{PathId, PathIds, Tenant};
pub use problem::Problem;
pub use query::{AtLeast, Page, Position, QueryOf};
pub use shell::RequestId;
pub use token::MailboxSession;
pub use trace::Traceparent;
pub use upload::{Upload, Uploaded};
pub use written::Written;
