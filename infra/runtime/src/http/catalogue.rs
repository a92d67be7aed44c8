//! The words of problems, in both languages: one TOML of the kit's, and one a service.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Language;
use crate::said::Said;

const SHIPPED: &str = include_str!("problems.toml");

/// Titles, details and hints by code.
#[derive(Clone, Debug)]
pub struct Catalogue(BTreeMap<String, Entry>);

/// One problem's words. `{names}` are filled in from the problem's values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) status: u16,
    pub(super) title: Words,
    pub(super) detail: Option<Words>,
    pub(super) hint: Option<Words>,
}

/// The same in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    sv: String,
    en: String,
}

impl Words {
    pub(super) fn fill(&self, language: Language, values: &[(&'static str, String)]) -> String {
        let mut text = match language {
            Language::Swedish => self.sv.clone(),
            Language::English => self.en.clone(),
        };
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

impl Catalogue {
    /// The kit's own.
    ///
    /// # Errors
    /// If it is wrong, which the tests rule out.
    pub fn shipped() -> Result<Self, CatalogueError> {
        Self(BTreeMap::new()).with(SHIPPED)
    }

    /// With a service's: a table a code, with `status`, `title = { sv, en }` and, if there are any, `detail` and
    /// `hint`.
    ///
    /// # Errors
    /// If it is malformed, or has a code that is taken.
    pub fn with(mut self, text: &str) -> Result<Self, CatalogueError> {
        let more: BTreeMap<String, Entry> = toml::from_str(text)
            .map_err(|error| CatalogueError::Malformed(Said::of(error.message()).sentence()))?;
        for (code, entry) in more {
            if !(400..600).contains(&entry.status) {
                return Err(CatalogueError::Malformed(format!("`{code}` has no status of an error")));
            }
            if self.0.insert(code.clone(), entry).is_some() {
                return Err(CatalogueError::Twice(code));
            }
        }
        Ok(self)
    }

    /// Every code with its status, for the docs and for tests that hold a service's refusals against it.
    pub fn codes(&self) -> impl Iterator<Item = (&str, u16)> {
        self.0.iter().map(|(code, entry)| (code.as_str(), entry.status))
    }

    pub(super) fn entry(&self, code: &str) -> Option<&Entry> {
        self.0.get(code)
    }
}

/// What is wrong with a catalogue. The product doesn't start with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Not the shape of one.
    #[error("the catalogue of problems is malformed: {0}")]
    Malformed(String),
    /// Two problems of one code.
    #[error("two problems have the code `{0}`")]
    Twice(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_in_both_languages() {
        let catalogue = Catalogue::shipped().unwrap();
        let hint = catalogue.entry("too-many-requests").unwrap().hint.clone().unwrap();
        let values = [("retry_after_s", "7".to_owned())];
        assert_eq!(hint.fill(Language::Swedish, &values), "Vänta 7 sekunder. Inget har sparats.");
        assert_eq!(hint.fill(Language::English, &values), "Wait 7 seconds. Nothing was saved.");
    }

    #[test]
    fn a_code_stands_in_one_catalogue_only() {
        let text = "[not-found]\nstatus = 404\ntitle = { sv = \"a\", en = \"b\" }";
        let error = Catalogue::shipped().unwrap().with(text).unwrap_err();
        assert_eq!(error, CatalogueError::Twice("not-found".into()));
    }

    #[test]
    fn a_problem_without_a_translation_is_refused() {
        let text = "[mine]\nstatus = 409\ntitle = { sv = \"a\" }";
        let error = Catalogue::shipped().unwrap().with(text).unwrap_err();
        assert_eq!(error, CatalogueError::Malformed("`en` is missing".into()));
    }
}
