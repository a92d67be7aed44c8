//! What committees have to answer, and how long they take.

use radslag_readmodel::{
    View,
    view::{Rows, both, date, id, moment, number, text, truth, word},
};

use super::{OF_PETITION, SECONDS, words};

/// A committee's part of a petition, or a petition whose answer is due and that none has yet.
pub(super) static ANSWERS: View = View {
    name: "bi_answers",
    title: both("Svar", "Answers"),
    about: both(
        "En rad för varje nämnds del av ett initiativ, och en för varje initiativ som ska få svar men inte är överlämnat än.",
        "One row for each committee's part of a petition, and one for each petition whose answer is due but that isn't handed over yet.",
    ),
    from: "petitions AS p LEFT JOIN answer_parts AS a ON a.petition = p.petition LEFT JOIN LATERAL (SELECT g.outcome, g.given_at \
           FROM answers AS g WHERE g.petition = a.petition AND g.part = a.part ORDER BY g.version DESC LIMIT 1) AS g ON true \
           WHERE p.answer = 'due' OR a.part IS NOT NULL",
    rows: Rows::Each,
    columns: &[
        id("petition", "p.petition", OF_PETITION),
        text("register", "p.register", both("Diarienummer", "Register number")),
        number(
            "part",
            "a.part",
            both("del", "part"),
            both("Delens nummer; inget före överlämningen", "The part's number; nothing before the handover"),
        ),
        word(
            "state",
            "COALESCE(a.state, 'due')",
            words::parts,
            both("Var svaret står", "Where the answer stands"),
        ),
        text(
            "committee",
            "CASE WHEN p.listed IN (1, 2) THEN COALESCE(a.committee, p.committee) END",
            both("Nämnd, medan initiativet är offentligt", "Committee, while the petition is public"),
        ),
        moment("due", "p.answer_due_at", both("Rätt till svar sedan", "An answer has been due since")),
        moment("sent", "a.sent_at", both("Överlämnat", "Handed over")),
        moment("received", "a.received_at", both("Mottaget", "Received")),
        truth(
            "receipt_overdue",
            "COALESCE(a.overdue, 0) = 1",
            both("Ingen mottagning i tid", "No receipt in time"),
        ),
        date(
            "answer_by",
            "COALESCE(a.answer_by, p.decide_by)",
            both("Ska vara besvarat senast", "To be answered by"),
        ),
        truth(
            "is_overdue",
            "COALESCE(a.state, 'due') IN ('due', 'handed_over', 'refused', 'in_process', 'awaiting_initiator') \
             AND CAST(COALESCE(a.answer_by, p.decide_by) AS date) < {today}",
            both("Svaret är försenat", "The answer is overdue"),
        ),
        date(
            "reply_by",
            "a.reply_by",
            both("Initiativtagaren ska ha svarat senast", "The initiator is to reply by"),
        ),
        word(
            "outcome",
            "g.outcome",
            words::outcomes,
            both("Vad nämnden beslutade sist", "What the committee decided last"),
        ),
        moment("answered", "g.given_at", both("Besvarat", "Answered")),
        number(
            "seconds",
            "(g.given_at - p.answer_due_at) / 1000",
            SECONDS,
            both(
                "Tid från rätt till svar till det senaste svaret",
                "Time from the answer's being due to the last answer",
            ),
        ),
    ],
    guarded: false,
    seeks: &[],
};
