//! A row of a register or of a list of volunteers, and what it says of a person.

use std::fmt;

use crate::{panel::import::Columns, person::Person};

/// A row. Empty and 0: not given.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Twelve digits.
    pub person_number: String,
    /// First and last.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// As given.
    pub postcode: String,
    /// As given.
    pub town: String,
    /// From its own column, or from the personal number.
    pub birth_year: u16,
    /// From its own column, or from the personal number.
    pub gender: String,
    /// From its own column.
    pub area: String,
    /// As given.
    pub mailbox: String,
    /// As given.
    pub phone: String,
    /// Who shares it lives together.
    pub household: String,
    /// Protected identity.
    pub protected: bool,
    /// In the order of `Columns::others`.
    pub others: Vec<String>,
    /// Of the file.
    pub line: u32,
}

impl fmt::Debug for Row {
    /// Never shows who it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({}, ..)", self.line)
    }
}

impl Row {
    /// The person it is about. `area`: the tenant's own name of where they live, for a postcode.
    #[must_use]
    pub fn person(&self, columns: &Columns, area: &dyn Fn(&str) -> String) -> Person {
        let row = self.clone();
        let answers = columns.others.iter().cloned().zip(row.others);
        Person {
            name: row.name,
            mailbox: row.mailbox,
            language: String::new(),
            street: row.street,
            area: if row.area.is_empty() { area(&row.postcode) } else { row.area },
            postcode: row.postcode,
            town: row.town,
            birth_year: row.birth_year,
            gender: row.gender,
            phone: row.phone,
            answers: answers.filter(|(_, text)| !text.is_empty()).collect(),
            protected: row.protected,
            resident: true,
            consent_version: 0,
        }
    }

    /// What stands for the person within the panel, before it is made a tag: the personal number, else the mailbox, else name,
    /// address and year of birth.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        if !self.person_number.is_empty() {
            Identity::Person(&self.person_number)
        } else if !self.mailbox.is_empty() {
            Identity::Mailbox(&self.mailbox)
        } else {
            let parts = [&self.name, &self.street, &self.postcode];
            let parts =
                parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase());
            Identity::Described(format!("{}\n{}", parts.join("\n"), self.birth_year))
        }
    }

    /// Whom they live with, however it is written; empty if the register doesn't say.
    #[must_use]
    pub fn lives(&self) -> String {
        self.household.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let texts = [
            &self.person_number,
            &self.name,
            &self.street,
            &self.postcode,
            &self.town,
            &self.gender,
            &self.area,
            &self.mailbox,
            &self.phone,
            &self.household,
        ];
        let others = self.others.iter().map(|text| text.len() + 4).sum::<usize>();
        texts.iter().map(|text| text.len() + 2).sum::<usize>() + others + 12
    }
}

/// What stands for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity<'a> {
    /// A personal number as twelve digits.
    Person(&'a str),
    /// A mailbox as typed.
    Mailbox(&'a str),
    /// Name, street, postcode and year of birth.
    Described(String),
}
