//! A tenant's own wording of a template in a language (stream `template-<name>-<language>`). It is checked when it is saved:
//! what a letter lacks is noticed by who writes it and not by who gets it.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Happens, Instant, KeyRef, Opened, SubjectId};

use crate::templates::{self, Fault};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Their own words hold.
    Edited { at: Instant, by: SubjectId, key: KeyRef, wording: Opened<Wording> },
    /// The shipped ones hold again.
    Reset { at: Instant, by: SubjectId },
}

/// Of which template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Its name.
    pub template: String,
    /// `sv` or `en`.
    pub language: String,
    /// The first line is the subject.
    pub text: String,
}

impl Happens for Event {
    fn at(&self) -> Instant {
        match self {
            Self::Edited { at, .. } | Self::Reset { at, .. } => *at,
        }
    }
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// An official writes their own.
    Edit { at: Instant, by: SubjectId, key: KeyRef, wording: Wording },
    /// An official takes the shipped one.
    Reset { at: Instant, by: SubjectId },
}

/// The rule that forbids it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such template.
    UnknownTemplate,
    /// Something is wrong with it.
    Text(Fault),
}

impl Refusal {
    /// Every code.
    pub const CODES: &[&str] = &[
        "unknown-template",
        "template-too-long",
        "template-without-subject",
        "template-malformed",
        "template-unknown-variable",
        "template-without-link",
    ];

    /// Stable, kebab-case, for answers.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownTemplate => "unknown-template",
            Self::Text(Fault::TooLong) => "template-too-long",
            Self::Text(Fault::SubjectMissing) => "template-without-subject",
            Self::Text(Fault::Malformed(_)) => "template-malformed",
            Self::Text(Fault::UnknownVariable(_)) => "template-unknown-variable",
            Self::Text(Fault::LinkMissing) => "template-without-link",
        }
    }
}

/// The tenant's own words, if there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(pub Option<String>);

/// Drives the rules.
#[derive(Clone, Copy, Debug)]
pub enum Decider {}

impl radslag_kernel::Decider for Decider {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Edit { wording, .. } if state.0.as_ref() == Some(&wording.text) => Ok(Vec::new()),
            Command::Edit { at, by, key, wording } => {
                if templates::shipped(&wording.template, &wording.language).is_none() {
                    return Err(Refusal::UnknownTemplate);
                }
                templates::check(&wording.template, &wording.text).map_err(Refusal::Text)?;
                Ok(vec![Event::Edited { at, by, key, wording: Opened::Known(wording) }])
            }
            Command::Reset { at, by } if state.0.is_some() => Ok(vec![Event::Reset { at, by }]),
            Command::Reset { .. } => Ok(Vec::new()),
        }
    }

    fn evolve(state: &mut State, event: &Event) {
        state.0 = match event {
            Event::Edited { wording, .. } => wording.known().map(|wording| wording.text.clone()),
            Event::Reset { .. } => None,
        };
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use radslag_kernel::test::given;

    use super::*;

    const AT: Instant = Instant::from_millis(1_224_108_000_000);
    const BY: SubjectId = SubjectId::from_bytes([1; 16]);
    const KEY: KeyRef = KeyRef(81);

    fn wording(text: &str) -> Wording {
        Wording { template: "approved".into(), language: "sv".into(), text: text.into() }
    }

    fn edit(text: &str) -> Command {
        Command::Edit { at: AT, by: BY, key: KEY, wording: wording(text) }
    }

    fn edited(text: &str) -> Event {
        Event::Edited { at: AT, by: BY, key: KEY, wording: Opened::Known(wording(text)) }
    }

    pub(crate) fn every_event() -> Vec<Event> {
        vec![Event::Reset { at: AT, by: BY }, edited(OWN)]
    }

    const OWN: &str = "Subject: Planted {{ title }}\n\nSe {{ link }}, {{ name }}.";

    #[test]
    fn a_tenants_own_words_hold_until_they_are_taken_back() {
        given::<Decider>([]).when(edit(OWN)).then([edited(OWN)]);
        given::<Decider>([edited(OWN)]).when(edit(OWN)).then([]);
        let reset = || Command::Reset { at: AT, by: BY };
        given::<Decider>([edited(OWN)]).when(reset()).then([Event::Reset { at: AT, by: BY }]);
        given::<Decider>([]).when(reset()).then([]);
    }

    #[test]
    fn a_template_that_lacks_its_link_or_names_what_isnt_known_is_not_saved() {
        for (text, fault) in [
            ("Subject: x\n\nNothing.", Fault::LinkMissing),
            ("Subject: x\n\n{{ link }} {{ mailbox }}", Fault::UnknownVariable("mailbox".into())),
            ("{{ link }}", Fault::SubjectMissing),
        ] {
            given::<Decider>([]).when(edit(text)).refused(Refusal::Text(fault));
        }
        let unknown = Wording { template: "nonsense".into(), ..wording(OWN) };
        let edit = Command::Edit { at: AT, by: BY, key: KEY, wording: unknown };
        given::<Decider>([]).when(edit).refused(Refusal::UnknownTemplate);
    }
}
