//! The texts of guide, FAQ and terms: data, with the numbers of the tenant's policy filled in.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::response::Response;
use radslag_runtime::Problem;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{http::pages::view::View, shell::Office};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    sv: String,
    en: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    /// Where the policy has no answer threshold or no postcode, what tells of it is left out.
    #[serde(default)]
    only: String,
    heading: Words,
    paragraphs: Vec<Words>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    title: Words,
    part: Vec<Part>,
}

static SHIPPED: LazyLock<BTreeMap<String, Text>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../pages/texts.toml")).unwrap_or_default());

pub(super) fn show(view: &View, name: &str) -> Result<Response, Problem> {
    let mut text = SHIPPED.get(name).cloned().ok_or_else(Problem::not_found)?;
    let filled = Filled::of(&view.office);
    text.part.retain(|part| filled.tells(&part.only));
    for part in &mut text.part {
        for words in &mut part.paragraphs {
            (words.sv, words.en) = (filled.fill(&words.sv), filled.fill(&words.en));
        }
    }
    view.show("text.html", json!({ "page": text }))
}

/// What stands in braces.
struct Filled {
    name: String,
    answer_at: u64,
    supporters: u32,
    debate_at: u64,
    confirm_hours: u32,
    review_days: u32,
}

impl Filled {
    fn of(office: &Office) -> Self {
        let name = office.tenant.name.clone();
        let number = |of: fn(&crate::policy::Policy) -> u64| office.policy().map_or(0, of);
        let small = |of: fn(&crate::policy::Policy) -> u32| office.policy().map_or(0, of);
        Self {
            name,
            answer_at: number(|policy| policy.answer_at),
            debate_at: number(|policy| policy.debate_at),
            supporters: small(|policy| policy.supporters),
            confirm_hours: small(|policy| policy.confirm_hours),
            review_days: small(|policy| policy.review_days),
        }
    }

    fn tells(&self, only: &str) -> bool {
        match only {
            "answer_at" => self.answer_at > 0,
            "debate_at" => self.debate_at > 0,
            "supporters" => self.supporters > 0,
            _ => true,
        }
    }

    fn fill(&self, text: &str) -> String {
        [
            ("{name}", self.name.clone()),
            ("{answer_at}", self.answer_at.to_string()),
            ("{debate_at}", self.debate_at.to_string()),
            ("{supporters}", self.supporters.to_string()),
            ("{confirm_hours}", self.confirm_hours.to_string()),
            ("{review_days}", self.review_days.to_string()),
        ]
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guide_faq_and_terms_are_shipped_and_every_brace_is_filled() {
        let numbers = Filled {
            name: "Malmö".into(),
            answer_at: 1,
            supporters: 2,
            debate_at: 3,
            confirm_hours: 4,
            review_days: 5,
        };
        for name in ["guide", "faq", "terms"] {
            let text = &SHIPPED[name];
            assert!(text.part.len() > 2, "{name}");
            for words in text.part.iter().flat_map(|part| &part.paragraphs) {
                for text in [&words.sv, &words.en] {
                    assert!(!text.is_empty() && !numbers.fill(text).contains('{'), "{text}");
                }
            }
        }
    }
}
