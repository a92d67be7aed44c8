//! What stands in a view, column by column, as the database has it and as people read it.

use crate::view::{Both, Column, Shows, View, both};

/// A column as it is in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its type, as `information_schema.columns` calls it.
    pub kind: &'static str,
    /// What is counted, or what sort of thing it is.
    pub unit: Both,
    /// What it means in Swedish.
    pub sv: String,
    /// What it means in English.
    pub en: String,
}

const MOMENT: &str = "timestamp with time zone";
const POSITION: Both = both("position i loggen", "position in the log");
const TIME: Both = both("tidpunkt", "moment");
const DATE: Both = both("datum", "date");
const TEXT: Both = both("text", "text");
const WORD: Both = both("ord", "word");

/// Before a view's own columns.
pub(super) const TENANT: &str = "tenant";
/// After them.
pub(super) const POSITION_READ: &str = "as_of_position";
/// After it.
pub(super) const TIME_READ: &str = "as_of";

impl View {
    /// Every column, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let first = entry(TENANT, "text", WORD, both("Organisationens id", "The organisation's id"));
        let read = both(
            "Hur färsk raden är: loggens händelser före den här positionen är med",
            "How fresh the row is: events of the log before this position are in it",
        );
        let when = both(
            "Hur färsk raden är: när den sista händelse som är med skrevs i loggen",
            "How fresh the row is: when the last event that is in it was written to the log",
        );
        let last = [entry(POSITION_READ, "bigint", POSITION, read), entry(TIME_READ, MOMENT, TIME, when)];
        let own = self.columns.iter().flat_map(Column::entries);
        std::iter::once(first).chain(own).chain(last).collect()
    }
}

fn entry(name: &str, kind: &'static str, unit: Both, meaning: Both) -> Entry {
    Entry { name: name.into(), kind, unit, sv: meaning.sv.into(), en: meaning.en.into() }
}

impl Column {
    fn entries(&self) -> Vec<Entry> {
        let one = |kind, unit| vec![entry(self.name, kind, unit, self.meaning)];
        match self.shows {
            Shows::Id(_) => one("text", both("32 hexadecimala siffror", "32 hexadecimal digits")),
            Shows::Text(_) => one("text", TEXT),
            Shows::Number(_, unit) => one("bigint", unit),
            Shows::Truth(_) => one("boolean", both("ja eller nej", "yes or no")),
            Shows::Date(_) => one("date", DATE),
            Shows::Moment(_) | Shows::Hour(_) | Shows::Day(_) => vec![
                self.part("at", MOMENT, TIME, both("tidpunkten", "the moment")),
                self.part(
                    "on",
                    "date",
                    DATE,
                    both("datumet där organisationen är", "the date where the organisation is"),
                ),
            ],
            Shows::Word(..) => {
                let stable = both("ord för program, ändras inte", "a word for programs, never changes");
                let mut word = self.part("", "text", WORD, stable);
                word.name = self.name.into();
                vec![
                    word,
                    self.part("sv", "text", TEXT, both("på svenska", "in Swedish")),
                    self.part("en", "text", TEXT, both("på engelska", "in English")),
                ]
            }
        }
    }

    fn part(&self, suffix: &str, kind: &'static str, unit: Both, which: Both) -> Entry {
        Entry {
            name: format!("{}_{suffix}", self.name),
            kind,
            unit,
            sv: format!("{}: {}", self.meaning.sv, which.sv),
            en: format!("{}: {}", self.meaning.en, which.en),
        }
    }
}
