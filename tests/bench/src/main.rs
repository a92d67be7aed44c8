//! Rådslag's figures: one subcommand a subject, one module a subcommand. Nothing here is a test; nothing here is timed in CI.

mod api;
mod bulk;
mod bus;
mod home;
mod house;
mod lists;
mod log;
mod machine;
mod output;
mod place;
mod progress;
mod proofs;
mod rebuild;
mod statistics;
mod tally;
mod views;

use clap::{Parser, Subcommand};

/// The one of the product; peers that run in this program get it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "radslag-bench", about = "Measures Rådslag on this machine", version)]
struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Subcommand)]
enum Subject {
    /// Durable appends: the log beside tephra, PostgreSQL and a bare file
    Log(log::Arguments),
    /// Confirmed signatures over HTTP on one petition, with count reads beside them
    Api(api::Arguments),
    /// Signatures invalidated in bulk while signing goes on
    Bulk(bulk::Arguments),
    /// List, search and detail pages over many petitions and signatures
    Lists(lists::Arguments),
    /// The read tables of petitions made again from their log
    Rebuild(rebuild::Arguments),
    /// How soon events are rows in PostgreSQL and messages at a consumer, and how many a second travel
    Bus(bus::Arguments),
    /// What proving a log costs: the tree, tiles, receipts
    Proofs(proofs::Arguments),
    /// Each panel of the shipped dashboards, over the counts of a large installation
    Views(views::Arguments),
    /// Counting: participatory budgets beside pabutools, raking, a million answers
    Tally(tally::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().subject {
        Subject::Log(arguments) => log::run(arguments),
        Subject::Api(arguments) => api::run(arguments),
        Subject::Bulk(arguments) => bulk::run(&arguments),
        Subject::Lists(arguments) => lists::run(&arguments),
        Subject::Rebuild(arguments) => rebuild::run(&arguments),
        Subject::Bus(arguments) => bus::run(&arguments),
        Subject::Proofs(arguments) => proofs::run(&arguments),
        Subject::Views(arguments) => views::run(&arguments),
        Subject::Tally(arguments) => tally::run(&arguments),
    }
}
