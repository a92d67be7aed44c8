//! Why a panel's command is refused: one value a rule, with a code that never changes.

use radslag_kernel::{refusals, text::Fault};

use crate::{form::Misformed, questions::Question, strata::Misdrawn};

/// A field that something is typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Of the panel.
    Name,
    /// Of the panel.
    Purpose,
    /// Of the panel.
    Promises,
    /// To a question.
    Answer,
    /// Who is to decide a question.
    UndecidedBy,
    /// Who decided on the panel.
    Who,
    /// Why it ended.
    Reason,
    /// Of an official's act.
    Ground,
    /// Who is wanted more.
    Wanted,
    /// Where the value of a draw comes from.
    Source,
    /// The value of a draw.
    Value,
}

refusals! {
    /// There is no such panel.
    UnknownPanel = "unknown-panel",
    /// A text breaks a rule of its field.
    Text(Field, Fault) = "panel-text-not-allowed",
    /// A form that can't be so.
    Form(Misformed) = "form-not-allowed",
    /// Strata that can't be so.
    Strata(Misdrawn) = "strata-not-allowed",
    /// It is over.
    PanelEnded = "panel-ended",
    /// It was decided already.
    DecidedAlready = "panel-decided-already",
    /// Nobody has decided on it.
    NotDecided = "panel-not-decided",
    /// A panel has members.
    SizeNotAllowed = "size-not-allowed",
    /// Nobody could come.
    NoWayIn = "no-way-in",
    /// It has begun already.
    StartedAlready = "panel-started-already",
    /// One of the eleven questions is open.
    QuestionOpen(Question) = "question-open",
    /// Whoever comes by themselves fills in a form, and there is none.
    FormMissing = "form-missing",
    /// Neither register nor form supplies what a category goes by; the category by its place.
    AttributeNotSupplied(u8) = "attribute-not-supplied",
    /// People are counted by other categories already.
    StrataFixed = "strata-fixed",
    /// It isn't recruiting.
    NotRecruiting = "panel-not-recruiting",
    /// It isn't at work.
    NotActive = "panel-not-active",
    /// It isn't at rest.
    NotResting = "panel-not-resting",
    /// It has no terms.
    NoTerms = "panel-without-terms",
    /// Members are still asked about the term before.
    TermNotSettled = "term-not-settled",
    /// The time for it isn't up.
    NotYet = "not-yet",
    /// A term that ends before it begins, or before anybody could answer.
    TermDatesNotAllowed = "term-dates-not-allowed",
    /// Letters about that are under way, or were sent.
    ToldAlready = "told-already",
    /// Another import is coming.
    ImportUnderWay = "import-under-way",
    /// There is no such import, or it isn't one of that kind.
    UnknownImport = "unknown-import",
    /// It is over, or its time is.
    ImportOver = "import-over",
    /// Nobody is in it.
    ImportEmpty = "import-empty",
    /// The same file is here already.
    ImportedAlready = "imported-already",
    /// There is no register to draw from.
    RegisterMissing = "register-missing",
    /// There is no such draw.
    UnknownDraw = "unknown-draw",
    /// A draw is under way.
    DrawUnderWay = "draw-under-way",
    /// The panel's members aren't found that way.
    NotDrawnSo = "not-drawn-so",
    /// Nobody, or more than can be drawn at once.
    PlacesNotAllowed = "places-not-allowed",
    /// Nobody is left to take a place.
    ReserveEmpty = "reserve-empty",
    /// More are there than a quota allows: nobody can be drawn until it is widened.
    QuotaExceeded = "quota-exceeded",
    /// More places than people.
    MorePlacesThanPeople = "more-places-than-people",
    /// From a day to a year.
    ReplyTimeNotAllowed = "reply-time-not-allowed",
    /// Whoever commits can't enter the value.
    SamePersonTwice = "draw-takes-two",
    /// Its value was entered: it can't be drawn again.
    DrawMade = "draw-made-already",
    /// No value was entered yet.
    DrawNotMade = "draw-not-made",
    /// It was cancelled.
    DrawCancelled = "draw-cancelled",
    /// Somebody objected already.
    ObjectedAlready = "draw-objected-already",
    /// Nobody objected.
    NotObjected = "draw-not-objected",
    /// Somebody decided already.
    ObjectionDecided = "draw-objection-decided",
    /// Whoever had a part in the draw doesn't decide about it.
    TookPart = "draw-part-taken",
    /// It was erased already.
    AlreadyErased = "panel-erased-already",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        assert_eq!(Refusal::QuestionOpen(Question::Promise).to_string(), "question-open");
        expect_test::expect![[r#"
            unknown-panel panel-text-not-allowed form-not-allowed strata-not-allowed panel-ended panel-decided-already panel-not-decided size-not-allowed no-way-in panel-started-already question-open form-missing attribute-not-supplied strata-fixed panel-not-recruiting panel-not-active panel-not-resting panel-without-terms term-not-settled not-yet term-dates-not-allowed told-already import-under-way unknown-import import-over import-empty imported-already register-missing unknown-draw draw-under-way not-drawn-so places-not-allowed reserve-empty quota-exceeded more-places-than-people reply-time-not-allowed draw-takes-two draw-made-already draw-not-made draw-cancelled draw-objected-already draw-not-objected draw-objection-decided draw-part-taken panel-erased-already
        "#]]
        .assert_eq(&format!("{}\n", Refusal::CODES.join(" ")));
    }
}
