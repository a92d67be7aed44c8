//! What people call the words in the tables, from the catalogue.

use std::collections::BTreeMap;

use radslag_readmodel::view::Called;

use crate::{catalogue::Catalogue, policy::Label};

fn called(of: fn(&'static Catalogue) -> &'static BTreeMap<String, Label>) -> Vec<Called> {
    let labels = of(Catalogue::shipped()).iter();
    labels.map(|(word, label)| Called::new(word, &label.sv, &label.en)).collect()
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $of:ident;)*) => {
        $($(#[$doc])* pub(super) fn $name() -> Vec<Called> { called(|words| &words.$of) })*
    };
}

words! {
    /// States of a petition.
    states = state;
    /// Where its answer stands.
    answers = answer;
    /// Where its hearing stands.
    hearings = hearing;
    /// What a committee decided.
    outcomes = outcome;
    /// Where a signature stands.
    signature_states = signature;
    /// Which way it came.
    methods = method;
    /// For or against.
    sides = side;
    /// Where a batch of lists on paper stands.
    papers = paper;
    /// Where a bulk invalidation stands.
    bulks = bulk;
    /// What a notice tells.
    corrections = correction;
    /// Where a comment stands.
    comments = comment;
    /// Where an inquiry stands.
    inquiries = inquiry;
    /// What kind of inquiry it is.
    kinds = kind;
    /// What an objection is about.
    objections = objection;
    /// What came of it.
    verdicts = verdict;
}

/// Where a committee's part stands, or an answer that no committee has yet.
pub(super) fn parts() -> Vec<Called> {
    let due = answers().into_iter().filter(|called| called.word == "due");
    due.chain(called(|words| &words.part)).collect()
}
