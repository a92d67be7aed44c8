//! What was struck out and put back in bulk, as everybody is told, and lists on paper in numbers.

use radslag_readmodel::{
    View,
    view::{Rows, both, date, id, moment, number, word},
};

use super::{PETITION, SIGNATURES, words};

/// Public notices, without their words.
pub(super) static CORRECTIONS: View = View {
    name: "bi_corrections",
    title: both("Rättelser", "Corrections"),
    about: both(
        "En rad för varje offentlig rättelse av ett initiativs antal.",
        "One row for each public correction of a petition's count.",
    ),
    from: "corrections",
    rows: Rows::Each,
    columns: &[
        PETITION,
        id("bulk", "bulk", both("Strykningen som den hör till", "The bulk invalidation it belongs to")),
        word("kind", "kind", words::corrections, both("Vad som gjordes", "What was done")),
        word(
            "side",
            "CASE against WHEN 1 THEN 'against' ELSE 'for' END",
            words::sides,
            both("För eller mot", "For or against"),
        ),
        moment("told", "at", both("Meddelad", "Told")),
        number("changed", "number", SIGNATURES, both("Hur många som ändrades", "How many changed")),
        number(
            "before",
            "before",
            SIGNATURES,
            both("Antal utan rättelsen", "The count without the correction"),
        ),
        number("after", "after", SIGNATURES, both("Antal med rättelsen", "The count with the correction")),
    ],
    guarded: false,
    seeks: &[],
};

/// Bulk invalidations, without their conditions.
pub(super) static BULKS: View = View {
    name: "bi_bulk_invalidations",
    title: both("Strykningar", "Bulk invalidations"),
    about: both(
        "En rad för varje strykning av många underskrifter efter villkor, också de som bara räknades.",
        "One row for each invalidation of many signatures by conditions, those that were only counted included.",
    ),
    from: "bulks",
    rows: Rows::Each,
    columns: &[
        id("bulk", "bulk", both("Strykningens id", "The bulk invalidation's id")),
        word("state", "state", words::bulks, both("Läge", "State")),
        number(
            "matched",
            "matched",
            SIGNATURES,
            both("Hur många som villkoren träffade", "How many the conditions found"),
        ),
        number("struck", "struck", SIGNATURES, both("Strukna", "Struck out")),
        number("restored", "restored", SIGNATURES, both("Återställda", "Restored")),
        number(
            "skipped",
            "skipped",
            SIGNATURES,
            both("Ändrade av någon annan under tiden", "Changed by somebody else meanwhile"),
        ),
        moment("prepared", "prepared_at", both("Räknad", "Counted")),
        moment("started", "started_at", both("Börjad", "Started")),
        moment("ended", "ended_at", both("Avslutad", "Ended")),
    ],
    guarded: false,
    seeks: &[],
};

/// Lists on paper.
pub(super) static PAPER_BATCHES: View = View {
    name: "bi_paper_batches",
    title: both("Listor på papper", "Lists on paper"),
    about: both(
        "En rad för varje bunt av namnlistor, i antal rader.",
        "One row for each batch of lists, in numbers of lines.",
    ),
    from: "papers",
    rows: Rows::Each,
    columns: &[
        PETITION,
        id("batch", "batch", both("Buntens id", "The batch's id")),
        word("state", "state", words::papers, both("Läge", "State")),
        date("received_on", "received", both("Inkommen", "Received")),
        number("taken", "taken", LINES, both("Rader som togs emot", "Lines that were taken")),
        number("refused", "refused", LINES, both("Rader som inte togs emot", "Lines that weren't taken")),
        number("counted", "counted", SIGNATURES, both("Räknade", "Counted")),
        number(
            "uncompared",
            "uncompared",
            SIGNATURES,
            both(
                "Räknade som inte kunde jämföras med andra sätt att skriva under",
                "Counted that couldn't be compared with other ways to sign",
            ),
        ),
        number(
            "dropped",
            "dropped",
            LINES,
            both(
                "Rader som fanns redan på ett säkrare sätt",
                "Lines that were there already in a stronger way",
            ),
        ),
        number(
            "struck",
            "struck",
            SIGNATURES,
            both("Strukna när bunten togs bort", "Struck out when the batch was undone"),
        ),
    ],
    guarded: false,
    seeks: &[],
};

const LINES: radslag_readmodel::view::Both = both("rader", "lines");
