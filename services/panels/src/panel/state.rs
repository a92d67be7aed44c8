//! Where a panel stands: what its events add up to.

use std::collections::BTreeMap;

use radslag_kernel::{AggregateId, Instant, KeyRef, Opened, words};

use crate::{
    form::Form,
    panel::{
        draw::Draw,
        event::{Answer, Event, Texts, Told, Wanted},
        import::Import,
    },
    questions::Question,
    strata::Strata,
};

words! {
    /// Where it stands.
    Phase {
        /// Being planned: private.
        Planned = "planned",
        /// Decided on: public.
        Decided = "decided",
        /// Looking for members.
        Recruiting = "recruiting",
        /// At work.
        Active = "active",
        /// At rest: nothing is asked of its members.
        Resting = "resting",
        /// Over.
        Ended = "ended",
    }
    /// What happens when a drawn member leaves.
    Replacement {
        /// The place stays empty.
        None = "none",
        /// Its leader says when the next in line gets it.
        Asked = "asked",
        /// The next in line gets it at once.
        Automatic = "automatic",
    }
}

impl Phase {
    /// Whether everybody may see it.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Planned)
    }

    /// Whether somebody can become a member, or stop being one.
    #[must_use]
    pub const fn has_members(self) -> bool {
        matches!(self, Self::Recruiting | Self::Active | Self::Resting)
    }
}

/// How members are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Recruiting {
    /// People drawn from a register are invited.
    pub invites: bool,
    /// Whoever the form takes may come by themselves.
    pub enrols: bool,
    /// Whoever comes is a volunteer; members are drawn from them.
    pub drawn: bool,
}

/// The keys of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Its texts.
    pub document: KeyRef,
    /// Grounds, and what officials alone read.
    pub record: KeyRef,
    /// Who is in it.
    pub tags: KeyRef,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Instant,
    /// Members it is to have.
    pub size: u32,
    /// How they are found.
    pub recruiting: Recruiting,
    /// How long a term is; 0: as long as the panel.
    pub term_months: u32,
    /// When one leaves.
    pub replacement: Replacement,
    /// Who decided.
    pub who: Opened<String>,
}

/// A term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// From 1.
    pub number: u32,
    /// When it ends.
    pub ends_at: Instant,
    /// Until when members of the one before can say that they stay; nothing once that is settled.
    pub renew_by: Option<Instant>,
}

/// Letters that go to members, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// What about.
    pub about: Told,
    /// Members up to this position were told.
    pub upto: u64,
}

/// A panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// Its keys.
    pub keys: Keys,
    /// Which dialogue it is part of.
    pub dialogue: Option<AggregateId>,
    /// What it is for.
    pub texts: Opened<Texts>,
    /// Answers to the eleven questions.
    pub answers: BTreeMap<Question, Opened<Answer>>,
    /// What is asked of who comes, with its version.
    pub form: Option<(u32, Opened<Form>)>,
    /// What it is to look like, with its version.
    pub strata: Option<(u32, Opened<Strata>)>,
    /// What was decided.
    pub decided: Option<Decided>,
    /// Where it stands.
    pub phase: Phase,
    /// When it began to look for members.
    pub started_at: Option<Instant>,
    /// Why it ended.
    pub ended: Option<Opened<String>>,
    /// Who is wanted more, in an official's words.
    pub wanted: Option<Opened<Wanted>>,
    /// The term that runs.
    pub term: Option<Term>,
    /// What was imported.
    pub imports: Vec<Import>,
    /// What was drawn.
    pub draws: Vec<Draw>,
    /// Letters under way.
    pub telling: Vec<Telling>,
    /// Its texts were destroyed.
    pub erased: bool,
}

impl Panel {
    /// The form, unless it was erased.
    #[must_use]
    pub fn form(&self) -> Option<&Form> {
        self.form.as_ref().and_then(|(_, form)| form.known())
    }

    /// The strata, unless they were erased or there are none.
    #[must_use]
    pub fn strata(&self) -> Option<&Strata> {
        self.strata.as_ref().and_then(|(_, strata)| strata.known())
    }

    /// How members are found.
    #[must_use]
    pub fn recruiting(&self) -> Recruiting {
        self.decided.as_ref().map(|decided| decided.recruiting).unwrap_or_default()
    }
}

/// A panel, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(pub Option<Panel>);

impl State {
    pub(super) fn evolve(&mut self, event: &Event) {
        if let Event::Planned { dialogue, keys, texts, .. } = event {
            self.0 = Some(Panel {
                keys: *keys,
                dialogue: *dialogue,
                texts: texts.clone(),
                answers: BTreeMap::new(),
                form: None,
                strata: None,
                decided: None,
                phase: Phase::Planned,
                started_at: None,
                ended: None,
                wanted: None,
                term: None,
                imports: Vec::new(),
                draws: Vec::new(),
                telling: Vec::new(),
                erased: false,
            });
        }
        if let Some(panel) = &mut self.0 {
            panel.evolve(event);
        }
    }
}

impl Panel {
    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Planned { .. } => {}
            Event::Changed { texts, .. } => self.texts = texts.clone(),
            Event::Answered { question, answer, .. } => {
                self.answers.insert(*question, answer.clone());
            }
            Event::FormSet { version, form, .. } => self.form = Some((*version, form.clone())),
            Event::StrataSet { version, strata, .. } => self.strata = Some((*version, strata.clone())),
            Event::Decided { at, size, recruiting, term_months, replacement, who, .. } => {
                let (at, size, recruiting, who) = (*at, *size, *recruiting, who.clone());
                let (term_months, replacement) = (*term_months, *replacement);
                self.decided = Some(Decided { at, size, recruiting, term_months, replacement, who });
                self.phase = Phase::Decided;
            }
            Event::Moved { at, to, .. } => {
                if *to == Phase::Recruiting {
                    self.started_at = Some(*at);
                }
                self.phase = *to;
            }
            Event::Ended { reason, .. } => (self.phase, self.ended) = (Phase::Ended, Some(reason.clone())),
            Event::WantedSet { wanted, .. } => {
                let empty = wanted.known().is_some_and(|wanted| wanted.sv.is_empty() && wanted.en.is_empty());
                self.wanted = (!empty).then(|| wanted.clone());
            }
            Event::TermBegun { term, ends_at, renew_by, .. } => {
                self.term = Some(Term { number: *term, ends_at: *ends_at, renew_by: *renew_by });
            }
            Event::TermSettled { .. } => {
                if let Some(term) = &mut self.term {
                    term.renew_by = None;
                }
            }
            Event::Told { about, upto, finished, .. } => {
                self.telling.retain(|telling| telling.about != *about);
                if !finished {
                    self.telling.push(Telling { about: *about, upto: *upto });
                }
            }
            Event::Erased { .. } => self.forget(),
            Event::Import(event) => self.imported(event),
            Event::Draw(event) => self.drew(event),
        }
    }

    fn forget(&mut self) {
        self.erased = true;
        (self.texts, self.form, self.strata, self.wanted) = (Opened::Gone, None, None, None);
        self.answers.values_mut().for_each(|answer| *answer = Opened::Gone);
        if let Some(decided) = &mut self.decided {
            decided.who = Opened::Gone;
        }
        self.ended = self.ended.as_ref().map(|_| Opened::Gone);
    }
}
