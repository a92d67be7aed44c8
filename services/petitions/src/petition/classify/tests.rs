//! What a petition is about.

use radslag_kernel::{
    Opened,
    test::{Given, given as given_any},
};

use crate::petition::{
    course::{self, Classes},
    samples::*,
    *,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn classes(topics: &[&str]) -> Classes {
    let topics = topics.iter().map(ToString::to_string).collect();
    Classes { area: "Centrum".into(), committee: "Tekniska nämnden".into(), topics }
}

fn classify(topics: &[&str]) -> Command {
    let act = Act::Classify { by: moderator(), classes: classes(topics), unknown: false };
    at(noon("2008-11-01"), act)
}

fn classified(topics: &[&str]) -> Event {
    let ground = Opened::Known("Rules, 2".into());
    let (at, by, record) = (noon("2008-11-01"), moderator().id, KEYS.record);
    course::Event::Classified { at, by, classes: classes(topics), record, ground }.into()
}

#[test]
fn the_newest_classification_holds_and_the_same_again_is_none() {
    given(open()).when(classify(&["Trafik", "Park", "Trafik"])).then([classified(&["Park", "Trafik"])]);
    let once = || given(open()).when(classify(&["Trafik"])).and_then();
    once().when(classify(&["Trafik"])).then([]);
    once().when(classify(&[])).then([classified(&[])]);
}

#[test]
fn only_what_everybody_may_know_of_is_classified() {
    for hidden in [vec![submitted()], vec![submitted(), confirmed()]] {
        given(hidden).when(classify(&[])).refused(Refusal::NotPublished);
    }
    let planned = calendar().start_of(day("2008-12-01"));
    given([submitted(), confirmed(), approved(planned)]).when(classify(&[])).then([classified(&[])]);
}

#[test]
fn a_name_stands_in_the_tenants_lists_and_topics_are_three_at_most() {
    let act = Act::Classify { by: moderator(), classes: classes(&[]), unknown: true };
    given(open()).when(at(noon("2008-11-01"), act)).refused(Refusal::UnknownClass);
    given(open()).when(classify(&["A", "B", "C", "D"])).refused(Refusal::TooManyTopics);
}

#[test]
fn a_classification_has_a_ground_and_is_not_of_ones_own_petition() {
    let by = Official { ground: " ".into(), ..moderator() };
    let act = Act::Classify { by, classes: classes(&[]), unknown: false };
    given(open()).when(at(noon("2008-11-01"), act)).refused(Refusal::GroundMissing);
    let by = Official { tags: vec![MAILBOX], ..moderator() };
    let act = Act::Classify { by, classes: classes(&[]), unknown: false };
    given(open()).when(at(noon("2008-11-01"), act)).refused(Refusal::ConflictOfInterest);
}
