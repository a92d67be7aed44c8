//! Signatures by time, area and state: all from counts that the engine keeps, so that none of them is ever read.

use radslag_readmodel::{
    View,
    view::{Column, Rows, Seek, Shows, both, day, hour, number, text, truth, word},
};

use super::{OF_PETITION, PETITION, SIGNATURES, words};

const SIDE: Column = word(
    "side",
    "CASE against WHEN 1 THEN 'against' ELSE 'for' END",
    words::sides,
    both("För eller mot", "For or against"),
);
const METHOD: Column =
    word("method", "value", words::methods, both("Hur de skrevs under", "How they were given"));
const COUNTED: Column = number("signatures", "rows", SIGNATURES, both("Antal", "How many"));
const HOUR: Column = hour("hour", "hour", both("Timmens början", "The beginning of the hour"));
const DAY: Column = day("day", "hour", both("Dagens början", "The beginning of the day"));

/// All of a tenant's, by hour.
pub(super) static HOURLY: View = View {
    name: "bi_signatures_hourly",
    title: both("Underskrifter per timme", "Signatures by hour"),
    about: both(
        "Underskrifter på alla initiativ som räknas nu, efter den timme då de först räknades. De som ströks sedan är inte med.",
        "Signatures of all petitions that count now, by the hour in which they first counted. Those struck out since aren't in it.",
    ),
    from: "signing_hours",
    rows: Rows::Each,
    columns: &[HOUR, SIDE, METHOD, COUNTED],
    guarded: false,
    seeks: &[],
};

/// The same by day.
pub(super) static DAILY: View = View {
    name: "bi_signatures_daily",
    title: both("Underskrifter per dag", "Signatures by day"),
    about: both(
        "Underskrifter på alla initiativ som räknas nu, efter den dag där organisationen är då de först räknades.",
        "Signatures of all petitions that count now, by the day where the organisation is on which they first counted.",
    ),
    from: "signing_hours",
    rows: Rows::Summed,
    columns: &[DAY, SIDE, METHOD, COUNTED],
    guarded: false,
    seeks: &[],
};

/// By petition and hour.
pub(super) static OF_PETITION_HOURLY: View = View {
    name: "bi_petition_signatures_hourly",
    title: both("Underskrifter per initiativ och timme", "Signatures by petition and hour"),
    about: both(
        "Underskrifter som räknas nu, efter den timme då de först räknades. En initiativtagare som räknas utan att skriva under är inte med.",
        "Signatures that count now, by the hour in which they first counted. An initiator who counts without signing isn't in it.",
    ),
    from: "signature_hours",
    rows: Rows::Each,
    columns: &[PETITION, HOUR, SIDE, METHOD, COUNTED],
    guarded: false,
    seeks: &[
        Seek { table: "signature_hours", by: &[Shows::Id("petition"), Shows::Hour("hour")] },
        Seek { table: "signature_hours", by: &[Shows::Hour("hour")] },
    ],
};

/// The same by day.
pub(super) static OF_PETITION_DAILY: View = View {
    name: "bi_petition_signatures_daily",
    title: both("Underskrifter per initiativ och dag", "Signatures by petition and day"),
    about: both(
        "Underskrifter som räknas nu, efter den dag där organisationen är då de först räknades. Fråga om ett initiativ i taget.",
        "Signatures that count now, by the day where the organisation is on which they first counted. Ask for one petition at a time.",
    ),
    from: "signature_hours",
    rows: Rows::Summed,
    columns: &[PETITION, DAY, SIDE, METHOD, COUNTED],
    guarded: false,
    seeks: &[],
};

/// By petition and area, with the cells hidden that the public pages hide: `breakdown::suppressed` says the same in Rust.
pub(super) static BY_AREA: View = View {
    name: "bi_signatures_by_area",
    title: both("Underskrifter per område", "Signatures by area"),
    about: both(
        "Färre än fem visas inte, och inte heller så många andra att de skulle kunna räknas ut. Ett initiativ där det inte går att dölja har inga rader.",
        "Fewer than five aren't shown, nor as many others as it takes to keep them from being computed. A petition where nothing can hide them has no rows.",
    ),
    from: "(SELECT *, min(place) FILTER (WHERE place >= small AND place >= 2 AND together >= 10) OVER (PARTITION BY petition) AS hidden \
           FROM (SELECT encode(petition, 'hex') AS petition, value, rows, row_number() OVER cell AS place, sum(rows) OVER cell AS together, \
           count(*) FILTER (WHERE rows < 5) OVER (PARTITION BY encode(petition, 'hex')) AS small FROM signature_areas WHERE rows > 0 \
           WINDOW cell AS (PARTITION BY encode(petition, 'hex') ORDER BY rows, value)) AS ranked) AS told \
           WHERE small = 0 OR hidden IS NOT NULL",
    rows: Rows::Each,
    columns: &[
        text("petition", "petition", OF_PETITION),
        text("area", "value", both("Området, tomt om det är okänt", "The area, empty if it isn't known")),
        number(
            "signatures",
            "CASE WHEN small = 0 OR place > hidden THEN rows END",
            SIGNATURES,
            both("Antal, inget om det inte visas", "How many, nothing if that isn't shown"),
        ),
        truth(
            "is_hidden",
            "NOT (small = 0 OR place > hidden)",
            both("Antalet visas inte", "The number isn't shown"),
        ),
    ],
    guarded: true,
    seeks: &[Seek { table: "signature_areas", by: &[Shows::Id("petition")] }],
};

/// How many stand where.
pub(super) static STATES: View = View {
    name: "bi_signature_states",
    title: both("Underskrifternas läge", "States of signatures"),
    about: both(
        "Hur många underskrifter på varje initiativ som räknas, granskas, är strukna, tillbakadragna eller ersatta.",
        "How many signatures of each petition count, wait for review, were struck out, withdrawn or replaced.",
    ),
    from: "signature_states",
    rows: Rows::Each,
    columns: &[PETITION, word("state", "value", words::signature_states, both("Läge", "State")), COUNTED],
    guarded: false,
    seeks: &[],
};
