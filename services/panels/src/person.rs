//! A person, as they or a register say: sealed wherever it stands, and shown by nothing here.

use std::fmt;

use radslag_kernel::Tag;

/// What is known of somebody. Empty and 0: not known.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// As they are called.
    pub name: String,
    /// As typed: letters go there.
    pub mailbox: String,
    /// `sv` or `en`: of letters.
    pub language: String,
    /// Street and number.
    pub street: String,
    /// As typed.
    pub postcode: String,
    /// Of the address.
    pub town: String,
    /// 0 if not known.
    pub birth_year: u16,
    /// In the words of the form or the register.
    pub gender: String,
    /// As typed.
    pub phone: String,
    /// The part of the tenant they live in.
    pub area: String,
    /// To the panel's own questions, by key.
    pub answers: Vec<(String, String)>,
    /// Protected identity: counted and drawn, never listed or printed.
    pub protected: bool,
    /// They say that they live here.
    pub resident: bool,
    /// The version of the consent they gave; 0 if none.
    pub consent_version: u32,
}

impl fmt::Debug for Person {
    /// Never shows who it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(..)")
    }
}

impl Person {
    /// What somebody says of themselves over what was known: only what they say counts anew.
    #[must_use]
    pub fn with(mut self, said: &Self) -> Self {
        let keep = |known: &mut String, said: &String| {
            if !said.trim().is_empty() {
                known.clone_from(said);
            }
        };
        keep(&mut self.name, &said.name);
        keep(&mut self.mailbox, &said.mailbox);
        keep(&mut self.language, &said.language);
        keep(&mut self.street, &said.street);
        keep(&mut self.postcode, &said.postcode);
        keep(&mut self.town, &said.town);
        keep(&mut self.gender, &said.gender);
        keep(&mut self.phone, &said.phone);
        keep(&mut self.area, &said.area);
        if said.birth_year > 0 {
            self.birth_year = said.birth_year;
        }
        for (key, text) in &said.answers {
            self.answers.retain(|(known, _)| known != key);
            self.answers.push((key.clone(), text.clone()));
        }
        self.resident |= said.resident;
        self.consent_version = self.consent_version.max(said.consent_version);
        self
    }

    /// The answer to one of the panel's own questions.
    #[must_use]
    pub fn answer(&self, key: &str) -> &str {
        self.answers.iter().find(|(known, _)| known == key).map_or("", |(_, text)| text)
    }

    /// The age they have or get in a year; `None` if nothing is known of it.
    #[must_use]
    pub const fn age_in(&self, year: i16) -> Option<u16> {
        if self.birth_year == 0 || year < 0 {
            return None;
        }
        (year as u16).checked_sub(self.birth_year)
    }
}

/// By which a person is found again within their panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tags {
    /// Of the mailbox.
    pub mailbox: Option<Tag>,
    /// Of the personal number, or of the eID.
    pub person: Option<Tag>,
    /// Of name and year of birth.
    pub name: Option<Tag>,
    /// Of the household.
    pub household: Option<Tag>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_says_stands_over_what_the_register_said() {
        let known =
            Person { name: "Planted".into(), town: "Malmö".into(), birth_year: 1970, ..Person::default() };
        let said = Person {
            mailbox: "planted@malmo.se".into(),
            town: "Lund".into(),
            answers: vec![("tenure".into(), "rental".into())],
            ..Person::default()
        };
        let now = known.with(&said);
        assert_eq!((now.name.as_str(), now.town.as_str(), now.birth_year), ("Planted", "Lund", 1970));
        assert_eq!(now.answer("tenure"), "rental");
        assert_eq!(format!("{now:?}"), "Person(..)");
    }

    #[test]
    fn an_age_is_the_year_less_the_year_of_birth() {
        let born = |birth_year| Person { birth_year, ..Person::default() };
        assert_eq!(
            (born(1992).age_in(2008), born(0).age_in(2008), born(2009).age_in(2008)),
            (Some(16), None, None)
        );
    }
}
