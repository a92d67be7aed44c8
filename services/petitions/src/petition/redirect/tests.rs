//! Redirection.

use radslag_kernel::{
    Opened,
    test::{Given, given as given_any},
};

use crate::petition::{course, samples::*, state::Life, *};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn propose(to: &str) -> Act {
    Act::ProposeRedirect { by: moderator(), instead: course::Instead::Authority, to: to.into() }
}

fn answer(accept: bool) -> Act {
    Act::AnswerRedirect { proof: MAILBOX, accept }
}

#[test]
fn it_goes_elsewhere_only_with_the_initiators_yes() {
    let when = noon("2008-10-12");
    let proposed = || given([submitted(), confirmed()]).when(at(when, propose("Trafikverket"))).and_then();
    given([submitted(), confirmed()]).when(at(when, propose("Trafikverket"))).then([
        course::Event::RedirectProposed {
            at: when,
            by: moderator().id,
            instead: course::Instead::Authority,
            to: Opened::Known("Trafikverket".into()),
            record: KEYS.record,
            ground: Opened::Known("Rules, 2".into()),
        }
        .into(),
    ]);
    let state = proposed().when(at(when, answer(true))).state().0.unwrap();
    assert_eq!(state.life, Life::Redirected);
    let foreign = Act::AnswerRedirect { proof: EID, accept: true };
    proposed().when(at(when, foreign)).refused(Refusal::NotTheInitiator);
    let declined = proposed().when(at(when, answer(false))).and_then();
    declined.when(at(when, answer(true))).refused(Refusal::NoRedirectProposed);
    let state = proposed().when(at(when, answer(false))).state().0.unwrap();
    assert_eq!(state.life, Life::InReview, "the review goes on");
}

#[test]
fn only_what_is_in_review_is_redirected() {
    given(open()).when(at(noon("2008-11-05"), propose("Trafikverket"))).refused(Refusal::NotInReview);
    given([submitted(), confirmed()])
        .when(at(noon("2008-10-12"), answer(true)))
        .refused(Refusal::NoRedirectProposed);
}
