//! Forms and strata as JSON.

use radslag_runtime::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{form, strata};

/// Whom a panel takes and what it asks of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    /// The youngest; 0: any.
    #[serde(default)]
    age_min: u16,
    /// The oldest; 0: any.
    #[serde(default)]
    age_max: u16,
    #[serde(default)]
    residents_only: bool,
    fields: Vec<Field>,
    /// 0: none is asked for.
    #[serde(default)]
    consent_version: u32,
    #[serde(default)]
    consent_sv: String,
    #[serde(default)]
    consent_en: String,
}

/// A field of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    /// `name`, `street`, `postcode`, `town`, `birth_year`, `gender`, `phone` or `other`.
    ask: String,
    #[serde(default)]
    required: bool,
    /// Of `other`.
    #[serde(default)]
    key: String,
    #[serde(default)]
    label_sv: String,
    #[serde(default)]
    label_en: String,
    /// Of which one is chosen; none: free text.
    #[serde(default)]
    choices: Vec<String>,
}

/// What a panel is to look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Strata {
    categories: Vec<Category>,
}

/// By what people are told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    key: String,
    label_sv: String,
    label_en: String,
    /// `age`, `gender`, `area` or `other`.
    attribute: String,
    /// Of `other`: the form's question or the register's column.
    #[serde(default)]
    other: String,
    features: Vec<Feature>,
}

/// One of its features.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Feature {
    key: String,
    label_sv: String,
    label_en: String,
    /// Of ages.
    #[serde(default)]
    age_from: u16,
    /// Of ages; 0: any.
    #[serde(default)]
    age_to: u16,
    /// People who have it; 0: not known.
    #[serde(default)]
    population: u64,
    min: Option<u32>,
    max: Option<u32>,
    /// More of them are wished for.
    #[serde(default)]
    wanted: bool,
}

fn unknown(pointer: String, known: &[&str]) -> Problem {
    Problem::invalid(pointer, format!("one of {}", known.join(", ")))
}

impl Form {
    /// As rules know it.
    pub(super) fn form(&self) -> Result<form::Form, Problem> {
        let field = |(at, field): (usize, &Field)| {
            let words = || form::Ask::ALL.iter().map(|ask| ask.word()).collect::<Vec<_>>();
            let ask = form::Ask::of(&field.ask);
            let ask = ask.ok_or_else(|| unknown(format!("/fields/{at}/ask"), &words()))?;
            let Field { required, key, label_sv, label_en, choices, .. } = field.clone();
            Ok(form::Field { ask, required, key, label_sv, label_en, choices })
        };
        let Self { age_min, age_max, residents_only, consent_version, consent_sv, consent_en, .. } =
            self.clone();
        let fields = self.fields.iter().enumerate().map(field).collect::<Result<_, Problem>>()?;
        Ok(form::Form { age_min, age_max, residents_only, fields, consent_version, consent_sv, consent_en })
    }

    /// As it is shown.
    pub(super) fn of(form: &form::Form) -> Self {
        let field = |field: form::Field| {
            let form::Field { ask, required, key, label_sv, label_en, choices } = field;
            Field { ask: ask.word().into(), required, key, label_sv, label_en, choices }
        };
        let form::Form { age_min, age_max, residents_only, fields, consent_version, consent_sv, consent_en } =
            form.clone();
        let fields = fields.into_iter().map(field).collect();
        Self { age_min, age_max, residents_only, fields, consent_version, consent_sv, consent_en }
    }
}

impl Strata {
    /// As rules know them.
    pub(super) fn strata(&self) -> Result<strata::Strata, Problem> {
        let feature = |feature: &Feature| {
            let Feature { key, label_sv, label_en, age_from, age_to, population, min, max, wanted } =
                feature.clone();
            strata::Feature { key, label_sv, label_en, age_from, age_to, population, min, max, wanted }
        };
        let category = |(at, category): (usize, &Category)| {
            let words = || strata::Attribute::ALL.iter().map(|one| one.word()).collect::<Vec<_>>();
            let attribute = strata::Attribute::of(&category.attribute);
            let attribute =
                attribute.ok_or_else(|| unknown(format!("/categories/{at}/attribute"), &words()))?;
            let Category { key, label_sv, label_en, other, .. } = category.clone();
            let features = category.features.iter().map(feature).collect();
            Ok(strata::Category { key, label_sv, label_en, attribute, other, features })
        };
        let categories = self.categories.iter().enumerate().map(category);
        Ok(strata::Strata { categories: categories.collect::<Result<_, Problem>>()? })
    }
}
