//! A sheet's lines: as typed, as read by the second person, and what stands.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::paper::{
    event::Event,
    refusal::Refusal,
    typed::{Terms, Typed},
};

/// Where a line stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of a variant: the variant says what they are")]
pub enum Standing {
    /// As typed.
    Taken,
    /// The second person read something else.
    Differing(Opened<Typed>),
    /// Settled: what stands, or that it can't be read.
    Settled(Opened<Option<Typed>>),
    /// Not taken: why, and as it came.
    Refused { reason: Opened<String>, raw: Opened<String> },
    /// It stands, and isn't counted; why.
    Dropped(Opened<String>),
}

impl Standing {
    /// The word in answers and in the catalogue.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Differing(_) => "differing",
            Self::Settled(_) => "settled",
            Self::Refused { .. } => "refused",
            Self::Dropped(_) => "dropped",
        }
    }
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// In its batch; of a file, the line of the file.
    pub number: u32,
    /// Its own.
    pub item: ItemId,
    /// What it is sealed under; 0 once destroyed.
    pub key: KeyRef,
    /// As typed first; of one that wasn't taken nothing.
    pub typed: Opened<Typed>,
    /// Where it stands.
    pub standing: Standing,
}

impl Line {
    /// What counts of it.
    #[must_use]
    pub fn stands(&self) -> Option<&Typed> {
        match &self.standing {
            Standing::Taken => self.typed.known(),
            Standing::Settled(settled) => settled.known()?.as_ref(),
            Standing::Differing(_) | Standing::Refused { .. } | Standing::Dropped(_) => None,
        }
    }

    /// Whether it will be a signature, or may be, if its batch is taken further.
    pub(super) const fn waits(&self) -> bool {
        match &self.standing {
            Standing::Taken | Standing::Differing(_) | Standing::Settled(Opened::Known(Some(_))) => true,
            Standing::Settled(_) | Standing::Refused { .. } | Standing::Dropped(_) => false,
        }
    }
}

/// What is kept of a line that two people read differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What was typed first.
    First,
    /// What the second person read.
    Second,
    /// It can't be read: it isn't counted.
    Neither,
}

impl Kept {
    /// The one with a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "first" => Some(Self::First),
            "second" => Some(Self::Second),
            "neither" => Some(Self::Neither),
            _ => None,
        }
    }
}

/// A sheet.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Its lines, by number.
    pub lines: Vec<Line>,
}

impl Sheet {
    /// Of its stream.
    #[must_use]
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut sheet = Self::default();
        events.into_iter().for_each(|event| sheet.evolve(event));
        sheet
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Entered { item, key, number, typed, .. } => {
                let (typed, standing) = (typed.clone(), Standing::Taken);
                self.lines.push(Line { number: *number, item: *item, key: *key, typed, standing });
            }
            Event::Refused { item, key, number, reason, raw, .. } => {
                let (reason, raw) = (reason.clone(), raw.clone());
                let (typed, standing) = (Opened::Gone, Standing::Refused { reason, raw });
                self.lines.push(Line { number: *number, item: *item, key: *key, typed, standing });
            }
            Event::Differed { item, typed, .. } => self.stands(*item, Standing::Differing(typed.clone())),
            Event::Settled { item, typed, .. } => self.stands(*item, Standing::Settled(typed.clone())),
            Event::Dropped { item, reason, .. } => self.stands(*item, Standing::Dropped(reason.clone())),
            Event::Erased { item, .. } => self.erased(*item),
            Event::Registered { .. }
            | Event::ImportStarted { .. }
            | Event::PartReceived { .. }
            | Event::ImportReceived { .. }
            | Event::ImportFinished { .. }
            | Event::ImportCancelled { .. }
            | Event::Counted { .. }
            | Event::SheetReinstated { .. }
            | Event::Struck { .. }
            | Event::SheetEntered { .. }
            | Event::SheetChecked { .. }
            | Event::SheetSettled { .. }
            | Event::Accepted { .. }
            | Event::SheetCounted { .. }
            | Event::Undone { .. }
            | Event::SheetStruck { .. } => {}
        }
    }

    fn erased(&mut self, item: ItemId) {
        let Some(line) = self.lines.iter_mut().find(|line| line.item == item) else { return };
        (line.key, line.typed) = (KeyRef::default(), Opened::Gone);
        line.standing = match &line.standing {
            Standing::Taken => Standing::Taken,
            Standing::Differing(_) => Standing::Differing(Opened::Gone),
            Standing::Settled(_) => Standing::Settled(Opened::Gone),
            Standing::Refused { .. } => Standing::Refused { reason: Opened::Gone, raw: Opened::Gone },
            Standing::Dropped(_) => Standing::Dropped(Opened::Gone),
        };
    }

    fn stands(&mut self, item: ItemId, standing: Standing) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.item == item) {
            line.standing = standing;
        }
    }

    /// What a second person read, line by line: an event for each that they read differently or not at all.
    ///
    /// # Errors
    /// `UnknownLine` for a number that isn't a taken line's.
    pub fn compare(
        &self,
        (at, by): (Instant, SubjectId),
        read: &[(u32, Typed)],
    ) -> Result<Vec<Event>, Refusal> {
        let taken = || self.lines.iter().filter(|line| line.standing == Standing::Taken);
        if read.iter().any(|(number, _)| !taken().any(|line| line.number == *number)) {
            return Err(Refusal::UnknownLine);
        }
        let differing = taken().filter_map(|line| {
            let second = read.iter().find(|(number, _)| *number == line.number);
            let second = second.map(|(_, typed)| typed.clone()).unwrap_or_default();
            let same = line.typed.known().is_some_and(|first| is_same(first, &second));
            let (item, key) = (line.item, line.key);
            (!same).then_some(Event::Differed { at, by, item, key, typed: Opened::Known(second) })
        });
        Ok(differing.collect())
    }

    /// Settles a difference.
    ///
    /// # Errors
    /// `UnknownLine`, `NotDiffering`; `LineNotTaken` if what is kept breaks a rule of lines.
    pub fn settle(
        &self,
        (at, by): (Instant, SubjectId),
        number: u32,
        kept: Kept,
        terms: &Terms,
    ) -> Result<Event, Refusal> {
        let line = self.lines.iter().find(|line| line.number == number).ok_or(Refusal::UnknownLine)?;
        let Standing::Differing(second) = &line.standing else { return Err(Refusal::NotDiffering) };
        let typed = match kept {
            Kept::First => line.typed.known().cloned(),
            Kept::Second => second.known().cloned(),
            Kept::Neither => None,
        };
        if kept != Kept::Neither && typed.as_ref().is_none_or(|typed| terms.check(typed).is_err()) {
            return Err(Refusal::LineNotTaken);
        }
        Ok(Event::Settled { at, by, item: line.item, key: line.key, typed: Opened::Known(typed) })
    }
}

/// Spaces and letter size are no difference.
fn is_same(first: &Typed, second: &Typed) -> bool {
    let view = |typed: &Typed| {
        [&typed.name, &typed.postcode, &typed.number, &typed.address, &typed.date]
            .map(|field| field.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect::<String>())
    };
    view(first) == view(second)
}
