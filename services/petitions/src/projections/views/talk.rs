//! Comments, inquiries and objections: how many, how long they wait, and nothing of what they say.

use radslag_readmodel::{
    View,
    view::{Rows, both, date, id, moment, number, text, truth, word},
};

use super::{PETITION, SECONDS, words};

/// How many comments stand where, from kept counts.
pub(super) static COMMENT_COUNTS: View = View {
    name: "bi_comment_counts",
    title: both("Antal kommentarer", "Numbers of comments"),
    about: both(
        "Hur många kommentarer på varje initiativ som väntar, visas eller är borttagna. De som förföll är inte med.",
        "How many comments on each petition wait, are shown or were removed. Those that expired aren't in it.",
    ),
    from: "comment_states",
    rows: Rows::Each,
    columns: &[
        PETITION,
        word("state", "value", words::comments, both("Läge", "State")),
        number("comments", "rows", both("kommentarer", "comments"), both("Antal", "How many")),
    ],
    guarded: false,
    seeks: &[],
};

/// What a moderator has to look at.
pub(super) static COMMENTS_WAITING: View = View {
    name: "bi_comments_waiting",
    title: both("Kommentarer som väntar", "Comments that wait"),
    about: both(
        "En rad för varje kommentar som en moderator har att titta på, också de som visas och är anmälda.",
        "One row for each comment that a moderator has to look at, those that are shown and were reported included.",
    ),
    from: "comments WHERE queue = 1",
    rows: Rows::Each,
    columns: &[
        PETITION,
        word("state", "state", words::comments, both("Läge", "State")),
        truth("is_reply", "reply = 1", both("Svarar på en annan kommentar", "Replies to another comment")),
        number(
            "reports",
            "COALESCE(reports, 0)",
            both("anmälningar", "reports"),
            both("Hur ofta den anmälts", "How often it was reported"),
        ),
        moment("written", "written_at", both("Skriven", "Written")),
        date("review_by", "review_by", both("Ska vara granskad senast", "To be reviewed by")),
        truth(
            "is_overdue",
            "CAST(review_by AS date) < {today}",
            both("Granskningen är försenad", "The review is overdue"),
        ),
    ],
    guarded: false,
    seeks: &[],
};

/// Tips and questions to politicians.
pub(super) static INQUIRIES: View = View {
    name: "bi_inquiries",
    title: both("Frågor och tips", "Inquiries"),
    about: both(
        "En rad för varje fråga till en politiker och varje tips. Rubriken visas när det är besvarat offentligt; vem som frågar och vem som svarar står inte här.",
        "One row for each question to a politician and each tip. The title is shown once it is answered in public; who asks and who answers doesn't stand here.",
    ),
    from: "inquiries",
    rows: Rows::Each,
    columns: &[
        id("inquiry", "inquiry", both("Ärendets id", "The inquiry's id")),
        text("register", "register", both("Diarienummer", "Register number")),
        word("kind", "kind", words::kinds, both("Slag", "Kind")),
        word("state", "state", words::inquiries, both("Läge", "State")),
        truth("is_public", "listed = 1", both("Besvarat offentligt", "Answered in public")),
        text(
            "title",
            "CASE WHEN listed = 1 THEN title END",
            both("Rubrik, medan den är offentlig", "Title, while it is public"),
        ),
        moment("received", "received_at", both("Mottaget", "Received")),
        date("review_by", "review_by", both("Ska vara granskat senast", "To be reviewed by")),
        date("answer_by", "due", both("Politikern ska ha svarat senast", "The politician is to answer by")),
        truth(
            "is_overdue",
            "(state = 'in_review' AND CAST(review_by AS date) < {today}) OR (state = 'assigned' AND CAST(due AS date) < {today})",
            both("Granskning eller svar är försenat", "The review or the answer is overdue"),
        ),
        moment("answered", "answered_at", both("Besvarat", "Answered")),
        number(
            "seconds",
            "(answered_at - received_at) / 1000",
            SECONDS,
            both("Tid till svar", "Time to the answer"),
        ),
    ],
    guarded: false,
    seeks: &[],
};

/// Objections.
pub(super) static OBJECTIONS: View = View {
    name: "bi_objections",
    title: both("Invändningar", "Objections"),
    about: both(
        "En rad för varje invändning mot ett beslut. Vem som invände och varför står inte här.",
        "One row for each objection to a decision. Who objected and why doesn't stand here.",
    ),
    from: "objections",
    rows: Rows::Each,
    columns: &[
        PETITION,
        word("about", "about", words::objections, both("Mot vad", "About what")),
        moment("raised", "raised_at", both("Framförd", "Raised")),
        date("decide_by", "decide_by", both("Ska vara beslutad senast", "To be decided by")),
        truth("is_waiting", "waits = 1", both("Väntar på beslut", "Waits to be decided")),
        truth(
            "is_overdue",
            "waits = 1 AND CAST(decide_by AS date) < {today}",
            both("Beslutet är försenat", "The decision is overdue"),
        ),
        word("outcome", "outcome", words::verdicts, both("Vad det blev", "What came of it")),
        moment("decided", "decided_at", both("Beslutad", "Decided")),
    ],
    guarded: false,
    seeks: &[],
};
