//! Petitions, how many there are, and how long their reviews take.

use radslag_readmodel::{
    View,
    view::{Rows, both, date, id, moment, number, text, truth, word},
};

use super::{OF_PETITION, PETITION, SECONDS, SIGNATURES, words};

/// Every petition that was handed in.
pub(super) static PETITIONS: View = View {
    name: "bi_petitions",
    title: both("Initiativ", "Petitions"),
    about: both(
        "En rad för varje initiativ från det att det lämnas in. Rubriken visas bara medan vem som helst får läsa den.",
        "One row a petition from the moment it is handed in. The title is shown only while anybody may read it.",
    ),
    from: "petitions",
    rows: Rows::Each,
    columns: &[
        PETITION,
        text("register", "register", both("Diarienummer", "Register number")),
        text(
            "title",
            "CASE WHEN listed IN (1, 2) THEN title END",
            both("Rubrik, medan den är offentlig", "Title, while it is public"),
        ),
        word("state", "state", words::states, both("Läge", "State")),
        word("answer", "answer", words::answers, both("Var svaret står", "Where the answer stands")),
        word("hearing", "hearing", words::hearings, both("Var debatten står", "Where the debate stands")),
        truth("is_public", "listed IN (1, 2)", both("Vem som helst kan läsa det", "Anybody can read it")),
        text("policy", "policy", both("Regler som det följer", "Policy it was opened under")),
        text("area", "area", both("Område, tomt om inget är angett", "Area, empty if none was given")),
        text(
            "committee",
            "committee",
            both("Nämnd, tomt om ingen är angiven", "Committee, empty if none was given"),
        ),
        text(
            "topics",
            "trim(BOTH ',' FROM topics)",
            both("Ämnen, med komma emellan", "Topics, with commas between"),
        ),
        moment("submitted", "submitted_at", both("Inlämnat", "Handed in")),
        date("review_by", "review_by", both("Ska vara granskat senast", "To be reviewed by")),
        truth(
            "review_overdue",
            "state = 'in_review' AND CAST(review_by AS date) < {today}",
            both("Granskningen är försenad", "The review is overdue"),
        ),
        moment("opened", "opened_at", both("Öppnat för underskrifter", "Opened for signatures")),
        date("deadline", "deadline", both("Sista dag att skriva under", "Last day to sign")),
        moment("closed", "closed_at", both("Stängt för underskrifter", "Closed for signatures")),
        number("signatures", "signatures", SIGNATURES, both("Antal som räknas nu", "How many count now")),
        number(
            "against",
            "against",
            SIGNATURES,
            both("Röster mot; inget där sådana inte tas emot", "Votes against; nothing where none are taken"),
        ),
        number(
            "answer_threshold",
            "answer_at",
            SIGNATURES,
            both("Antal som ger rätt till svar", "How many lead to an answer"),
        ),
        number(
            "debate_threshold",
            "debate_at",
            SIGNATURES,
            both("Antal som ger rätt till debatt", "How many lead to a debate"),
        ),
        moment("answer_due", "answer_due_at", both("Rätt till svar sedan", "An answer has been due since")),
        moment("debate_due", "debate_due_at", both("Rätt till debatt sedan", "A debate has been due since")),
        date("decide_by", "decide_by", both("Ska vara beslutat senast", "To be decided by")),
        truth(
            "decision_overdue",
            "decide_by IS NOT NULL AND state = 'closed' AND answer NOT IN ('answered', 'followed_up') \
             AND CAST(decide_by AS date) < {today}",
            both("Beslutet är försenat", "The decision is overdue"),
        ),
    ],
    guarded: false,
    seeks: &[],
};

/// How many there are of each state, from kept counts.
pub(super) static COUNTS: View = View {
    name: "bi_petition_counts",
    title: both("Antal initiativ", "Numbers of petitions"),
    about: both(
        "Hur många initiativ det finns i varje läge, efter vad listor kan begränsas med. Summera kolumnen petitions.",
        "How many petitions there are in each state, by what lists can be narrowed by. Sum the column petitions.",
    ),
    from: "petition_classes",
    rows: Rows::Each,
    columns: &[
        word("state", "value", words::states, both("Läge", "State")),
        word("answer", "answer", words::answers, both("Var svaret står", "Where the answer stands")),
        truth("is_public", "listed IN (1, 2)", both("Vem som helst kan läsa dem", "Anybody can read them")),
        text("policy", "policy", both("Regler som de följer", "Policy they were opened under")),
        text("area", "area", both("Område, tomt om inget är angett", "Area, empty if none was given")),
        text(
            "committee",
            "committee",
            both("Nämnd, tomt om ingen är angiven", "Committee, empty if none was given"),
        ),
        text(
            "topics",
            "trim(BOTH ',' FROM topics)",
            both("Ämnen, med komma emellan", "Topics, with commas between"),
        ),
        number("petitions", "rows", both("initiativ", "petitions"), both("Antal", "How many")),
    ],
    guarded: false,
    seeks: &[],
};

/// Each time a petition was reviewed, or waits for it.
pub(super) static REVIEWS: View = View {
    name: "bi_reviews",
    title: both("Granskningar", "Reviews"),
    about: both(
        "En rad för varje gång ett initiativ kom till granskning. Den som varken väntar eller är beslutad avbröts: initiativet drogs tillbaka eller föll under gränsen för stöd.",
        "One row each time a petition came to be reviewed. One that neither waits nor is decided was broken off: the petition was withdrawn, or lost its supporters.",
    ),
    from: "reviews AS r JOIN petitions AS p ON p.petition = r.petition LEFT JOIN LATERAL (SELECT n.at, n.decided \
           FROM reviews AS n WHERE n.petition = r.petition AND n.position > r.position ORDER BY n.position LIMIT 1) AS n ON true \
           WHERE r.decided = 0",
    rows: Rows::Each,
    columns: &[
        id("petition", "r.petition", OF_PETITION),
        text("register", "p.register", both("Diarienummer", "Register number")),
        text("policy", "p.policy", both("Regler som det följer", "Policy it was opened under")),
        moment("began", "r.at", both("Började vänta på granskning", "Began to wait for its review")),
        moment("decided", "CASE WHEN n.decided = 1 THEN n.at END", both("Beslutat", "Decided")),
        number(
            "seconds",
            "CASE WHEN n.decided = 1 THEN (n.at - r.at) / 1000 END",
            SECONDS,
            both(
                "Tid från att det började vänta till beslut",
                "Time from its beginning to wait to the decision",
            ),
        ),
        truth("is_waiting", "n.at IS NULL AND p.state = 'in_review'", both("Väntar nu", "Waits now")),
        date(
            "review_by",
            "CASE WHEN n.at IS NULL AND p.state = 'in_review' THEN p.review_by END",
            both("Ska vara granskat senast, medan det väntar", "To be reviewed by, while it waits"),
        ),
        truth(
            "is_overdue",
            "n.at IS NULL AND p.state = 'in_review' AND CAST(p.review_by AS date) < {today}",
            both("Väntar och är försenat", "Waits and is overdue"),
        ),
    ],
    guarded: false,
    seeks: &[],
};
