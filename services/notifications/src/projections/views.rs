//! What dashboards read of letters: how many stand where, never which or to whom. The SQL and the dictionary are made of it.

use radslag_readmodel::{
    View,
    view::{Both, Called, Column, Rows, Seek, Shows, both, day, hour, id, moment, number, text, word},
};

use crate::catalogue::Catalogue;

/// Of letters.
pub const OF_DELIVERIES: &[&View] = &[&LETTERS_HOURLY, &LETTERS_DAILY];

/// Of subscriptions.
pub const OF_SUBSCRIPTIONS: &[&View] = &[&SUBSCRIBERS];

/// Of mailings.
pub const OF_MAILINGS: &[&View] = &[&MAILINGS];

const LETTERS: Both = both("brev", "letters");

/// Whoever hands something in for somebody else's mailbox and looks here must not see what came of it: answers count as one
/// template, and one that wasn't written counts as sent. What was erased is neither.
const FROM: &str = "(SELECT hour, rows, \
    CASE WHEN value = '' THEN 'erased' WHEN template IN ('', 'confirm_signature', 'confirm_signature_again', 'already_signed', \
    'no_free_slot', 'initiator_signs', 'blocked', 'change_vote', 'confirm_initiator', 'confirm_support', 'coinitiator_named', \
    'confirm_comment', 'comment_repeated', 'comment_blocked', 'confirm_inquiry', 'inquiry_blocked', 'objection_received', \
    'session_link', 'subscription_confirm') THEN 'reply' ELSE template END AS template, \
    CASE value WHEN '' THEN 'erased' WHEN 'silent' THEN 'sent' ELSE value END AS state FROM delivery_hours) AS letters";

const ABOUT: Both = both(
    "Svar på inlämningar räknas som ett slag, och som skickade också om det inte fanns något att säga: vad som blev av en inlämning vet bara den som har brevlådan.",
    "Answers to submissions count as one sort, and as sent also where there was nothing to say: only the mailbox's owner knows what came of a submission.",
);
const TEMPLATE: Column =
    word("template", "template", templates, both("Vad brevet gäller", "What the letter is about"));
const STATE: Column = word("state", "state", states, both("Läge", "State"));
const COUNTED: Column = number("letters", "rows", LETTERS, both("Antal", "How many"));

/// By the hour they were planned in.
static LETTERS_HOURLY: View = View {
    name: "bi_letters_hourly",
    title: both("Brev per timme", "Letters by hour"),
    about: ABOUT,
    from: FROM,
    rows: Rows::Summed,
    columns: &[
        hour("hour", "hour", both("Timmen då de planerades", "The hour they were planned in")),
        TEMPLATE,
        STATE,
        COUNTED,
    ],
    guarded: false,
    seeks: &[Seek { table: "delivery_hours", by: &[Shows::Hour("hour")] }],
};

/// By the day they were planned on.
static LETTERS_DAILY: View = View {
    name: "bi_letters_daily",
    title: both("Brev per dag", "Letters by day"),
    about: ABOUT,
    from: FROM,
    rows: Rows::Summed,
    columns: &[
        day("day", "hour", both("Dagen då de planerades", "The day they were planned on")),
        TEMPLATE,
        STATE,
        COUNTED,
    ],
    guarded: false,
    seeks: &[],
};

/// How many subscribe to what.
static SUBSCRIBERS: View = View {
    name: "bi_subscribers",
    title: both("Prenumeranter", "Subscribers"),
    about: both(
        "Hur många som har bekräftat att de prenumererar på varje lista.",
        "How many have confirmed that they subscribe to each list.",
    ),
    from: "subscription_lists WHERE state = 'confirmed' AND value <> ''",
    rows: Rows::Each,
    columns: &[
        text("list", "value", both("Listan", "The list")),
        number("subscribers", "rows", both("prenumeranter", "subscribers"), both("Antal", "How many")),
    ],
    guarded: false,
    seeks: &[],
};

/// Letters to many.
static MAILINGS: View = View {
    name: "bi_mailings",
    title: both("Utskick", "Mailings"),
    about: both("En rad för varje utskick, utan dess text.", "One row for each mailing, without its text."),
    from: "mailings",
    rows: Rows::Each,
    columns: &[
        id("mailing", "mailing", both("Utskickets id", "The mailing's id")),
        word("state", "state", mailings, both("Läge", "State")),
        number(
            "revision",
            "revision",
            both("version", "version"),
            both("Textens version", "The version of its text"),
        ),
        moment("changed", "changed_at", both("Senast ändrat", "Last changed")),
        number("letters", "letters", LETTERS, both("Planerade brev", "Letters planned")),
    ],
    guarded: false,
    seeks: &[],
};

fn templates() -> Vec<Called> {
    let labels = Catalogue::shipped().template.iter();
    labels.map(|(word, label)| Called::new(word, &label.sv, &label.en)).collect()
}

fn states() -> Vec<Called> {
    let labels = Catalogue::shipped().state.iter();
    labels
        .map(|(word, label)| match word.as_str() {
            "sent" => Called::new(word, "skickat, eller inget att säga", "sent, or nothing to say"),
            word => Called::new(word, &label.sv, &label.en),
        })
        .collect()
}

fn mailings() -> Vec<Called> {
    let labels = Catalogue::shipped().mailing.iter();
    labels.map(|(word, label)| Called::new(word, &label.sv, &label.en)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::REPLIES;

    #[test]
    fn every_answer_to_a_submission_counts_as_one_template() {
        let (_, listed) = FROM.split_once("template IN (").unwrap();
        let (listed, _) = listed.split_once(')').unwrap();
        let listed: Vec<&str> = listed.split(", ").map(|name| name.trim_matches('\'')).collect();
        let expected: Vec<&str> = std::iter::once("").chain(REPLIES.iter().copied()).collect();
        assert_eq!(listed, expected);
    }
}
