//! What dashboards read, each view described once: the SQL and the dictionary are made of it. Titles stand in a view only while
//! everybody may read them, names never.

mod answers;
mod corrections;
mod petitions;
mod signatures;
mod talk;
mod words;

use radslag_readmodel::{
    View,
    view::{Both, Column, both, id},
};

/// Of petitions, their signatures and answers.
pub const OF_PETITIONS: &[&View] = &[
    &petitions::PETITIONS,
    &petitions::COUNTS,
    &petitions::REVIEWS,
    &signatures::HOURLY,
    &signatures::DAILY,
    &signatures::OF_PETITION_HOURLY,
    &signatures::OF_PETITION_DAILY,
    &signatures::BY_AREA,
    &signatures::STATES,
    &answers::ANSWERS,
    &corrections::PAPER_BATCHES,
];

/// Of bulk invalidations.
pub const OF_BULKS: &[&View] = &[&corrections::CORRECTIONS, &corrections::BULKS];

/// Of comments.
pub const OF_COMMENTS: &[&View] = &[&talk::COMMENT_COUNTS, &talk::COMMENTS_WAITING];

/// Of inquiries.
pub const OF_INQUIRIES: &[&View] = &[&talk::INQUIRIES];

/// Of objections.
pub const OF_OBJECTIONS: &[&View] = &[&talk::OBJECTIONS];

const PETITION: Column = id("petition", "petition", OF_PETITION);
const OF_PETITION: Both = both("Initiativets id", "The petition's id");

const SIGNATURES: Both = both("underskrifter", "signatures");
const SECONDS: Both = both("sekunder", "seconds");
