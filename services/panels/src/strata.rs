//! What a panel is to look like: categories with their features, who has which, and how many of each there are.

use radslag_kernel::{text, words};

use crate::{
    form::{Ask, Form, WORDS_MAX, is_key},
    person::Person,
};

words! {
    /// By what people are told apart.
    Attribute {
        /// Age in the year they come.
        Age = "age",
        /// Gender.
        Gender = "gender",
        /// Where they live.
        Area = "area",
        /// A column of the register, or a question of the form.
        Other = "other",
    }
}

/// Categories a panel may have: each is a column.
pub const CATEGORIES: usize = 8;
/// Features a category may have.
pub const FEATURES: usize = 64;

/// A feature people have or haven't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Stands in columns; also the value that has it, but for ages.
    pub key: String,
    /// In Swedish.
    pub label_sv: String,
    /// In English.
    pub label_en: String,
    /// Of ages: the youngest.
    pub age_from: u16,
    /// Of ages: the oldest; 0: any.
    pub age_to: u16,
    /// People who have it; 0 if not known.
    pub population: u64,
    /// Members that must have it, where members are drawn.
    pub min: Option<u32>,
    /// Members that may have it.
    pub max: Option<u32>,
    /// More of them are wished for: a wish, no limit.
    pub wanted: bool,
}

/// A category: everybody has one of its features, or it isn't known which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Stands in columns.
    pub key: String,
    /// In Swedish.
    pub label_sv: String,
    /// In English.
    pub label_en: String,
    /// By what.
    pub attribute: Attribute,
    /// Of `Other`: the column of the register, or the question of the form.
    pub other: String,
    /// In order.
    pub features: Vec<Feature>,
}

/// All categories.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Strata {
    /// In order.
    pub categories: Vec<Category>,
}

/// Which feature somebody has in each category, by its place.
pub type Places = Vec<Option<u8>>;

/// What can't be so in strata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdrawn {
    /// Too many categories or features.
    TooMany,
    /// A category with fewer than two features tells nobody apart.
    TooFew,
    /// A key twice, or one that isn't `a-z`, `0-9` and `_`.
    Key,
    /// A label.
    Words,
    /// Ages that overlap or go backwards.
    Ages,
    /// More must have it than may.
    Quotas,
}

impl Strata {
    /// Whether there can be such strata.
    ///
    /// # Errors
    /// The first thing that can't be so.
    pub fn check(&self) -> Result<(), Misdrawn> {
        if self.categories.len() > CATEGORIES {
            return Err(Misdrawn::TooMany);
        }
        for (n, category) in self.categories.iter().enumerate() {
            if self.categories[..n].iter().any(|other| other.key == category.key) || !is_key(&category.key) {
                return Err(Misdrawn::Key);
            }
            category.check()?;
        }
        Ok(())
    }

    /// Which features a person has in a year. `Person::area` is the tenant's own name of where they live.
    #[must_use]
    pub fn places(&self, person: &Person, year: i16) -> Places {
        self.categories.iter().map(|category| category.place(person, year)).collect()
    }

    /// The first category by an attribute that nothing supplies, if there is one: neither a column of the register nor a
    /// question of the form.
    #[must_use]
    pub fn unsupplied(&self, register: &dyn Fn(&Category) -> bool, form: Option<&Form>) -> Option<usize> {
        let supplied =
            |category: &Category| register(category) || form.is_some_and(|form| category.asked_by(form));
        self.categories.iter().position(|category| !supplied(category))
    }

    /// Whether members can be counted by these as they were by others: the same categories and features, whatever they are
    /// called and however many of each there are to be.
    #[must_use]
    pub fn counts_as(&self, other: &Self) -> bool {
        let feature = |one: &Feature| (one.key.clone(), one.age_from, one.age_to);
        let shape = |one: &Category| {
            let features: Vec<_> = one.features.iter().map(feature).collect();
            (one.key.clone(), one.attribute, one.other.clone(), features)
        };
        let shapes = |strata: &Self| strata.categories.iter().map(shape).collect::<Vec<_>>();
        shapes(self) == shapes(other)
    }
}

impl Category {
    fn check(&self) -> Result<(), Misdrawn> {
        let features = &self.features;
        if features.len() > FEATURES {
            return Err(Misdrawn::TooMany);
        }
        if features.len() < 2 {
            return Err(Misdrawn::TooFew);
        }
        if (self.attribute == Attribute::Other) == self.other.is_empty() {
            return Err(Misdrawn::Key);
        }
        words(&self.label_sv, &self.label_en)?;
        for (n, feature) in features.iter().enumerate() {
            let taken = features[..n].iter().any(|other| other.key == feature.key);
            let blank = feature.key.trim().is_empty() || text::optional(&feature.key, WORDS_MAX).is_err();
            if taken || blank {
                return Err(Misdrawn::Key);
            }
            words(&feature.label_sv, &feature.label_en)?;
            if feature.min.zip(feature.max).is_some_and(|(min, max)| min > max) {
                return Err(Misdrawn::Quotas);
            }
            if self.attribute == Attribute::Age {
                let end = |one: &Feature| if one.age_to == 0 { u16::MAX } else { one.age_to };
                let meets =
                    |other: &Feature| feature.age_from <= end(other) && other.age_from <= end(feature);
                if feature.age_from > end(feature) || features[..n].iter().any(meets) {
                    return Err(Misdrawn::Ages);
                }
            }
        }
        Ok(())
    }

    fn place(&self, person: &Person, year: i16) -> Option<u8> {
        let value = match self.attribute {
            Attribute::Age => {
                let age = person.age_in(year)?;
                let has = |one: &Feature| age >= one.age_from && (one.age_to == 0 || age <= one.age_to);
                return self.features.iter().position(has).map(|at| at as u8);
            }
            Attribute::Gender => &person.gender,
            Attribute::Area => &person.area,
            Attribute::Other => person.answer(&self.other),
        };
        let value = value.trim();
        if value.is_empty() {
            return None;
        }
        let same = |one: &Feature| {
            let names = [&one.key, &one.label_sv, &one.label_en];
            names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(value) || name.to_lowercase() == value.to_lowercase())
        };
        self.features.iter().position(same).map(|at| at as u8)
    }

    /// Whether the form asks for it.
    fn asked_by(&self, form: &Form) -> bool {
        match self.attribute {
            Attribute::Age => form.asks(Ask::BirthYear),
            Attribute::Gender => form.asks(Ask::Gender),
            Attribute::Area => form.asks(Ask::Postcode),
            Attribute::Other => form.asks_other(&self.other),
        }
    }
}

fn words(swedish: &str, english: &str) -> Result<(), Misdrawn> {
    let check = |label| text::required(label, WORDS_MAX).map_err(|_| Misdrawn::Words);
    check(swedish)?;
    check(english)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::form::Field;

    pub(crate) fn feature(key: &str) -> Feature {
        let (label_sv, label_en) = (format!("{key} på svenska"), format!("{key} in English"));
        Feature {
            key: key.into(),
            label_sv,
            label_en,
            age_from: 0,
            age_to: 0,
            population: 0,
            min: None,
            max: None,
            wanted: false,
        }
    }

    pub(crate) fn ages(key: &str, age_from: u16, age_to: u16) -> Feature {
        Feature { age_from, age_to, population: 100, ..feature(key) }
    }

    pub(crate) fn category(key: &str, attribute: Attribute, features: Vec<Feature>) -> Category {
        let (label_sv, label_en) = (format!("{key} på svenska"), format!("{key} in English"));
        let other = if attribute == Attribute::Other { key.to_owned() } else { String::new() };
        Category { key: key.into(), label_sv, label_en, attribute, other, features }
    }

    /// Age and gender, as most panels have them.
    pub(crate) fn strata() -> Strata {
        let old = Feature { wanted: true, ..ages("71_and_over", 71, 0) };
        let age = vec![ages("18_30", 18, 30), ages("31_70", 31, 70), old];
        let gender = vec![feature("woman"), feature("man")];
        Strata {
            categories: vec![
                category("age", Attribute::Age, age),
                category("gender", Attribute::Gender, gender),
            ],
        }
    }

    #[test]
    fn everybody_has_one_feature_of_a_category_or_it_is_not_known_which() {
        let person =
            |birth_year, gender: &str| Person { birth_year, gender: gender.into(), ..Person::default() };
        let places = |birth_year, gender| strata().places(&person(birth_year, gender), 2008);
        assert_eq!(places(1990, "woman"), [Some(0), Some(0)]);
        assert_eq!(places(1937, "MAN"), [Some(2), Some(1)]);
        assert_eq!(places(1990, "man på svenska"), [Some(0), Some(1)]);
        assert_eq!(places(0, "other"), [None, None]);
        assert_eq!(places(1995, ""), [None, None]);
    }

    #[test]
    fn a_category_that_nothing_supplies_is_found() {
        let form = |asks: &[Ask]| Form {
            fields: asks.iter().map(|ask| Field::of(*ask, true)).collect(),
            ..Form::default()
        };
        let nothing = |_: &Category| false;
        assert_eq!(strata().unsupplied(&nothing, Some(&form(&[Ask::BirthYear]))), Some(1));
        assert_eq!(strata().unsupplied(&nothing, Some(&form(&[Ask::BirthYear, Ask::Gender]))), None);
        let genders = |category: &Category| category.attribute == Attribute::Gender;
        assert_eq!(strata().unsupplied(&genders, None), Some(0));
        assert_eq!(strata().unsupplied(&genders, Some(&form(&[Ask::BirthYear]))), None);
    }

    #[test]
    fn strata_that_can_not_be_are_refused() {
        let wrong = |change: fn(&mut Strata)| {
            let mut strata = strata();
            change(&mut strata);
            strata.check()
        };
        assert_eq!(wrong(|_| ()), Ok(()));
        assert_eq!(wrong(|all| all.categories[0].features[1].age_from = 30), Err(Misdrawn::Ages));
        assert_eq!(wrong(|all| all.categories[0].features.truncate(1)), Err(Misdrawn::TooFew));
        assert_eq!(wrong(|all| all.categories[1].key = "age".into()), Err(Misdrawn::Key));
        assert_eq!(wrong(|all| all.categories[1].features[1].key = "woman".into()), Err(Misdrawn::Key));
        assert_eq!(wrong(|all| all.categories[1].label_sv.clear()), Err(Misdrawn::Words));
        assert_eq!(wrong(|all| all.categories = vec![all.categories[0].clone(); 9]), Err(Misdrawn::TooMany));
        let crossed = |all: &mut Strata| {
            (all.categories[1].features[0].min, all.categories[1].features[0].max) = (Some(3), Some(2));
        };
        assert_eq!(wrong(crossed), Err(Misdrawn::Quotas));
    }

    #[test]
    fn members_are_counted_on_by_strata_that_differ_in_words_and_numbers_only() {
        let mut other = strata();
        other.categories[0].label_en = "Years".into();
        other.categories[0].features[0].population = 7;
        assert!(strata().counts_as(&other));
        other.categories[0].features[0].age_to = 29;
        assert!(!strata().counts_as(&other));
    }
}
