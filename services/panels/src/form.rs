//! Whom a panel takes, and what it asks of them: the form that everybody fills in, and what is told at once of what is
//! missing in it.

use radslag_kernel::{text, text::Fault, words};

use crate::person::Person;

words! {
    /// What is asked, beside the mailbox, which always is.
    Ask {
        /// Name.
        Name = "name",
        /// Street and number.
        Street = "street",
        /// Postcode.
        Postcode = "postcode",
        /// Town.
        Town = "town",
        /// Year of birth.
        BirthYear = "birth_year",
        /// Gender.
        Gender = "gender",
        /// Telephone.
        Phone = "phone",
        /// A question of the panel's own.
        Other = "other",
    }
}

/// Questions a form may have.
pub const FIELDS_MAX: usize = 20;
/// Choices a question may have.
pub const CHOICES_MAX: usize = 50;
/// Characters of a key, a label, a choice or an answer.
pub const WORDS_MAX: usize = 100;
/// Characters of a consent.
pub const CONSENT_MAX: usize = 4_000;

/// A question of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What.
    pub ask: Ask,
    /// Without it nobody is taken.
    pub required: bool,
    /// Of the panel's own questions: `a-z`, `0-9` and `_`.
    pub key: String,
    /// In Swedish, of the panel's own questions.
    pub label_sv: String,
    /// In English, of the panel's own questions.
    pub label_en: String,
    /// To choose from; none: free text.
    pub choices: Vec<String>,
}

impl Field {
    /// One of the questions that need no words of the panel's own.
    #[must_use]
    pub const fn of(ask: Ask, required: bool) -> Self {
        Self {
            ask,
            required,
            key: String::new(),
            label_sv: String::new(),
            label_en: String::new(),
            choices: Vec::new(),
        }
    }
}

/// Whom a panel takes, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Form {
    /// The youngest; 0: any.
    pub age_min: u16,
    /// The oldest; 0: any.
    pub age_max: u16,
    /// Only who lives here.
    pub residents_only: bool,
    /// In order.
    pub fields: Vec<Field>,
    /// Of the consent, from 1; 0 where none is asked for.
    pub consent_version: u32,
    /// In Swedish.
    pub consent_sv: String,
    /// In English.
    pub consent_en: String,
}

/// What can't be so in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misformed {
    /// The youngest is older than the oldest.
    Ages,
    /// An age limit without the year of birth.
    AgeUnknown,
    /// A question twice.
    Twice,
    /// Too many questions or choices.
    TooMany,
    /// A key that isn't `a-z`, `0-9` and `_`.
    Key,
    /// A label, a choice or the consent.
    Words,
}

/// What is wrong with what somebody typed: told at once, since the form itself says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// An answer breaks a rule of its field.
    Text(Asked, Fault),
    /// Younger than the panel takes.
    TooYoung(u16),
    /// Older than the panel takes.
    TooOld(u16),
    /// Doesn't say that they live here.
    NotResident,
    /// Doesn't consent, or to another text than the one that holds.
    Consent,
    /// Not one of the choices.
    NoSuchChoice(Asked),
}

/// Which question it is: the mailbox, or one of the form's by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Always asked for, unless somebody proves otherwise who they are.
    Mailbox,
    /// By its place in the form.
    Field(u8),
}

impl Form {
    /// Whether there can be such a form.
    ///
    /// # Errors
    /// The first thing that can't be so.
    pub fn check(&self) -> Result<(), Misformed> {
        if self.age_max > 0 && self.age_min > self.age_max {
            return Err(Misformed::Ages);
        }
        let aged = self.age_min > 0 || self.age_max > 0;
        if aged && !self.fields.iter().any(|field| field.ask == Ask::BirthYear && field.required) {
            return Err(Misformed::AgeUnknown);
        }
        if self.fields.len() > FIELDS_MAX || self.fields.iter().any(|field| field.choices.len() > CHOICES_MAX)
        {
            return Err(Misformed::TooMany);
        }
        for (n, field) in self.fields.iter().enumerate() {
            let same = |other: &Field| other.ask == field.ask && other.key == field.key;
            if self.fields[..n].iter().any(same) {
                return Err(Misformed::Twice);
            }
            if field.ask == Ask::Other {
                if !is_key(&field.key) {
                    return Err(Misformed::Key);
                }
                words(&field.label_sv)?;
                words(&field.label_en)?;
            }
            field.choices.iter().try_for_each(|choice| words(choice))?;
        }
        if self.consent_version > 0 {
            for consent in [&self.consent_sv, &self.consent_en] {
                text::required(consent, CONSENT_MAX).map_err(|_| Misformed::Words)?;
            }
        }
        Ok(())
    }

    /// Whether somebody can be taken in a year, by what they say of themselves. `mailbox`: whether one is needed.
    ///
    /// # Errors
    /// The first thing that is lacking.
    pub fn takes(&self, person: &Person, year: i16, mailbox: bool) -> Result<(), Lacking> {
        if mailbox || !person.mailbox.is_empty() {
            text::mailbox(&person.mailbox).map_err(|fault| Lacking::Text(Asked::Mailbox, fault))?;
            if !person.mailbox.contains('@') {
                return Err(Lacking::Text(Asked::Mailbox, Fault::Missing));
            }
        }
        for (n, field) in self.fields.iter().enumerate() {
            self.filled(person, field, Asked::Field(n as u8), year)?;
        }
        if self.age_min > 0 || self.age_max > 0 {
            match person.age_in(year) {
                Some(age) if age < self.age_min => return Err(Lacking::TooYoung(self.age_min)),
                Some(age) if self.age_max > 0 && age > self.age_max => {
                    return Err(Lacking::TooOld(self.age_max));
                }
                Some(_) | None => {}
            }
        }
        if self.residents_only && !person.resident {
            return Err(Lacking::NotResident);
        }
        if self.consent_version > 0 && person.consent_version != self.consent_version {
            return Err(Lacking::Consent);
        }
        Ok(())
    }

    fn filled(&self, person: &Person, field: &Field, asked: Asked, year: i16) -> Result<(), Lacking> {
        let fault = |fault| Lacking::Text(asked, fault);
        let typed = match field.ask {
            Ask::Name => {
                return match (field.required, person.name.trim().is_empty()) {
                    (false, true) => Ok(()),
                    _ => text::name(&person.name).map_err(fault),
                };
            }
            Ask::BirthYear => {
                let known = person.age_in(year).is_some_and(|age| age <= 125);
                return match (person.birth_year, field.required) {
                    (0, false) => Ok(()),
                    (0, true) => Err(fault(Fault::Missing)),
                    _ if known => Ok(()),
                    _ => Err(Lacking::NoSuchChoice(asked)),
                };
            }
            Ask::Street => &person.street,
            Ask::Postcode => &person.postcode,
            Ask::Town => &person.town,
            Ask::Gender => &person.gender,
            Ask::Phone => return phone(&person.phone, field.required).map_err(fault),
            Ask::Other => person.answer(&field.key),
        };
        let check = if field.required { text::required } else { text::optional };
        check(typed, WORDS_MAX).map_err(fault)?;
        let chosen =
            typed.is_empty() || field.choices.is_empty() || field.choices.iter().any(|one| one == typed);
        if chosen { Ok(()) } else { Err(Lacking::NoSuchChoice(asked)) }
    }

    /// Whether it asks something.
    #[must_use]
    pub fn asks(&self, ask: Ask) -> bool {
        self.fields.iter().any(|field| field.ask == ask)
    }

    /// Whether it asks one of the panel's own questions.
    #[must_use]
    pub fn asks_other(&self, key: &str) -> bool {
        self.fields.iter().any(|field| field.ask == Ask::Other && field.key == key)
    }
}

/// A number may begin with `+`.
fn phone(typed: &str, required: bool) -> Result<(), Fault> {
    let typed = typed.trim();
    let check = if required { text::required } else { text::optional };
    check(typed.strip_prefix('+').unwrap_or(typed), WORDS_MAX)
}

fn words(label: &str) -> Result<(), Misformed> {
    text::required(label, WORDS_MAX).map_err(|_| Misformed::Words)
}

/// Of questions, categories and features: stands in addresses and columns.
#[must_use]
pub fn is_key(key: &str) -> bool {
    let odd = |byte: u8| !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    !key.is_empty() && key.len() <= 40 && !key.bytes().any(odd)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Ale's of 2008: sixteen and older, five fields.
    pub(crate) fn ale() -> Form {
        let asks = [Ask::Name, Ask::Street, Ask::BirthYear];
        let mut fields: Vec<_> = asks.map(|ask| Field::of(ask, true)).into();
        fields.push(Field::of(Ask::Phone, false));
        let (consent_sv, consent_en) =
            ("Kommunen får spara uppgifterna.".into(), "You may keep this.".into());
        Form { age_min: 16, fields, consent_version: 1, consent_sv, consent_en, ..Form::default() }
    }

    pub(crate) fn planted() -> Person {
        Person {
            name: "Planted Person".into(),
            mailbox: "planted@ale.se".into(),
            language: "sv".into(),
            street: "Planted Street 1".into(),
            birth_year: 1992,
            phone: "+46 70 planted".into(),
            consent_version: 1,
            ..Person::default()
        }
    }

    #[test]
    fn what_the_form_shows_is_told_at_once() {
        let form = ale();
        let told = |change: fn(&mut Person)| {
            let mut person = planted();
            change(&mut person);
            form.takes(&person, 2008, true)
        };
        assert_eq!(told(|_| ()), Ok(()));
        assert_eq!(told(|one| one.birth_year = 1993), Err(Lacking::TooYoung(16)));
        assert_eq!(told(|one| one.birth_year = 0), Err(Lacking::Text(Asked::Field(2), Fault::Missing)));
        assert_eq!(told(|one| one.birth_year = 1800), Err(Lacking::NoSuchChoice(Asked::Field(2))));
        assert_eq!(told(|one| one.name.clear()), Err(Lacking::Text(Asked::Field(0), Fault::Missing)));
        assert_eq!(told(|one| one.street = "=1".into()), Err(Lacking::Text(Asked::Field(1), Fault::Formula)));
        assert_eq!(told(|one| one.phone.clear()), Ok(()));
        assert_eq!(told(|one| one.mailbox.clear()), Err(Lacking::Text(Asked::Mailbox, Fault::Missing)));
        assert_eq!(told(|one| one.consent_version = 0), Err(Lacking::Consent));
        let old = Form { age_max: 15, age_min: 0, ..ale() };
        assert_eq!(old.takes(&planted(), 2008, true), Err(Lacking::TooOld(15)));
        let residents = Form { residents_only: true, ..ale() };
        assert_eq!(residents.takes(&planted(), 2008, true), Err(Lacking::NotResident));
    }

    #[test]
    fn a_choice_is_one_of_the_form() {
        let choices = vec!["rental".into(), "owner".into()];
        let (label_sv, label_en) = ("Upplåtelseform".into(), "Tenure".into());
        let own =
            Field { ask: Ask::Other, required: true, key: "tenure".into(), label_sv, label_en, choices };
        let form = Form { fields: vec![own], ..Form::default() };
        let says = |text: &str| Person { answers: vec![("tenure".into(), text.into())], ..planted() };
        assert_eq!(form.takes(&says("rental"), 2008, true), Ok(()));
        assert_eq!(form.takes(&says("castle"), 2008, true), Err(Lacking::NoSuchChoice(Asked::Field(0))));
    }

    #[test]
    fn a_form_that_can_not_be_is_refused() {
        let wrong = |change: fn(&mut Form)| {
            let mut form = ale();
            change(&mut form);
            form.check()
        };
        assert_eq!(wrong(|_| ()), Ok(()));
        assert_eq!(wrong(|form| form.age_max = 15), Err(Misformed::Ages));
        assert_eq!(
            wrong(|form| form.fields.retain(|field| field.ask != Ask::BirthYear)),
            Err(Misformed::AgeUnknown)
        );
        assert_eq!(wrong(|form| form.fields.push(Field::of(Ask::Name, false))), Err(Misformed::Twice));
        assert_eq!(wrong(|form| form.fields.push(Field::of(Ask::Other, false))), Err(Misformed::Key));
        assert_eq!(wrong(|form| form.consent_en.clear()), Err(Misformed::Words));
        assert_eq!(
            wrong(|form| form.fields = vec![Field::of(Ask::Other, false); 21]),
            Err(Misformed::AgeUnknown)
        );
    }
}
