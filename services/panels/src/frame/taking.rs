//! Which rows a panel can use: of people it may take by their age, each once.

use std::collections::HashSet;

use radslag_kernel::mailbox;
use sha2::{Digest as _, Sha256};

use crate::{
    frame::{
        csv::Unusable,
        row::{Identity, Row},
    },
    panel::Panel,
    strata::Attribute,
};

/// Looks at rows as they come; of whom it has seen it keeps a hash.
pub struct Taking {
    age_min: u16,
    age_max: u16,
    by_age: bool,
    year: i16,
    seen: HashSet<[u8; 16]>,
}

impl Taking {
    /// For a panel in a year.
    #[must_use]
    pub fn of(panel: &Panel, year: i16) -> Self {
        let (age_min, age_max) = panel.form().map_or((0, 0), |form| (form.age_min, form.age_max));
        let mut categories = panel.strata().into_iter().flat_map(|strata| &strata.categories);
        let by_age =
            age_min > 0 || age_max > 0 || categories.any(|category| category.attribute == Attribute::Age);
        Self { age_min, age_max, by_age, year, seen: HashSet::new() }
    }

    /// Whether the panel can use it.
    ///
    /// # Errors
    /// Why not.
    pub fn take(&mut self, row: &Row) -> Result<(), Unusable> {
        if !self.seen.insert(seen(row)) {
            return Err(Unusable::Twice);
        }
        if !self.by_age {
            return Ok(());
        }
        let born = (row.birth_year > 0).then_some(i32::from(row.birth_year)).ok_or(Unusable::BirthYear)?;
        let age = i32::from(self.year) - born;
        let old = self.age_max > 0 && age > i32::from(self.age_max);
        if age < i32::from(self.age_min) || old { Err(Unusable::NotTaken) } else { Ok(()) }
    }
}

fn seen(row: &Row) -> [u8; 16] {
    let (kind, text) = match row.identity() {
        Identity::Person(number) => (0, number.to_owned()),
        Identity::Mailbox(typed) => (1, mailbox::canonical(typed)),
        Identity::Described(text) => (2, text),
    };
    let hash: [u8; 32] = Sha256::new().chain_update([kind]).chain_update(text).finalize().into();
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::samples::{ENROLS, recruiting};

    fn taking() -> Taking {
        use radslag_kernel::Decider as _;
        let history = recruiting(ENROLS);
        Taking::of(&crate::panel::Decider::fold(&history).0.unwrap(), 2008)
    }

    fn row(name: &str, birth_year: u16) -> Row {
        Row { name: name.into(), birth_year, ..Row::default() }
    }

    #[test]
    fn a_row_of_somebody_too_young_or_of_unknown_age_is_left_out() {
        // Ale's panel takes people of 16 and older.
        let mut taking = taking();
        assert_eq!(taking.take(&row("Anna", 1992)), Ok(()));
        assert_eq!(taking.take(&row("Bo", 1993)), Err(Unusable::NotTaken));
        assert_eq!(taking.take(&row("Cia", 0)), Err(Unusable::BirthYear));
    }

    #[test]
    fn the_same_person_is_taken_once_however_they_are_written() {
        let mut taking = taking();
        let at = |mailbox: &str| Row { mailbox: mailbox.into(), ..row("Anna", 1970) };
        assert_eq!(taking.take(&at("anna@ale.se")), Ok(()));
        assert_eq!(taking.take(&at("Anna@Ale.se")), Err(Unusable::Twice));
        assert_eq!(taking.take(&row("Bo  Ek", 1970)), Ok(()));
        assert_eq!(taking.take(&row("bo ek", 1970)), Err(Unusable::Twice));
        assert_eq!(taking.take(&row("bo ek", 1971)), Ok(()));
    }
}
