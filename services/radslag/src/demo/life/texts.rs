//! What made-up people are called, wish and say, in the language of a tenant.

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The texts of a language. `{}` stands for a place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    first: Vec<String>,
    last: Vec<String>,
    /// Text, topic.
    wishes: Vec<[String; 2]>,
    reasons: Vec<String>,
    pub(crate) comments: Vec<String>,
    pub(crate) replies: Vec<String>,
    /// Title, text, answer.
    pub(crate) questions: Vec<[String; 3]>,
    /// The same.
    pub(crate) tips: Vec<[String; 3]>,
    /// Outcome, text.
    pub(crate) answers: Vec<[String; 2]>,
    pub(crate) follow_ups: Vec<String>,
    /// Code, text.
    pub(crate) refusals: Vec<[String; 2]>,
    /// The same, of a code that hides.
    pub(crate) hidden: [String; 2],
    committees: Vec<String>,
    places: Vec<String>,
    /// Of a bulk invalidation.
    pub(crate) notice: String,
}

#[derive(Deserialize)]
struct Languages {
    sv: Texts,
    en: Texts,
}

impl Texts {
    /// In `sv` or `en`.
    pub(crate) fn of(language: &str) -> Result<Self> {
        let all: Languages = serde_json::from_str(include_str!("../../../seed/life.json"))
            .context("the texts can't be read")?;
        Ok(if language == "sv" { all.sv } else { all.en })
    }

    /// The nth name. Lists of 41 and 43 and postcodes of 80,000 make no two people the same.
    pub(crate) fn name(&self, n: u64) -> String {
        format!("{} {}", nth(&self.first, n), nth(&self.last, n / self.first.len().max(1) as u64))
    }

    /// The nth wish: another one each time until every wish was made of every place.
    pub(crate) fn wish(&self, n: u64) -> String {
        let [wish, _] = self.nth_wish(n);
        wish.replace("{}", nth(&self.places, n))
    }

    /// What the nth wish is about, in a name of the tenant's list.
    pub(crate) fn topic(&self, n: u64) -> &str {
        let [_, topic] = self.nth_wish(n);
        topic
    }

    /// The committee that the nth wish goes to.
    pub(crate) fn committee(&self, n: u64) -> &str {
        nth(&self.committees, n)
    }

    fn nth_wish(&self, n: u64) -> [&str; 2] {
        let at = n.checked_rem(self.wishes.len() as u64).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.wishes.get(at)).map_or(["", ""], |[wish, topic]| [wish, topic])
    }

    /// Why.
    pub(crate) fn reason(&self, n: u64) -> &str {
        nth(&self.reasons, n)
    }

    /// A text about a place.
    pub(crate) fn about(&self, text: &str, n: u64) -> String {
        text.replace("{}", nth(&self.places, n))
    }
}

/// The nth of a list that begins again; empty of an empty one.
fn nth(list: &[String], n: u64) -> &str {
    let at = n.checked_rem(list.len() as u64).and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| list.get(at)).map_or("", String::as_str)
}

/// What stands in an address: a title without what isn't a-z and 0-9, and a number.
pub(crate) fn url_key(title: &str, n: usize) -> String {
    let mut key = String::new();
    for letter in title.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => key.push(letter),
            'å' | 'ä' => key.push('a'),
            'ö' => key.push('o'),
            _ if !key.is_empty() && !key.ends_with('-') => key.push('-'),
            _ => {}
        }
    }
    key.truncate(34);
    format!("{}-{}", key.trim_end_matches('-'), n + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_wishes_and_answers_are_there_in_both_languages() {
        for language in ["sv", "en"] {
            let texts = Texts::of(language).unwrap();
            let names: std::collections::BTreeSet<String> = (0..1_763).map(|n| texts.name(n)).collect();
            assert_eq!(names.len(), 41 * 43, "{language}");
            let wishes: std::collections::BTreeSet<String> = (0..230).map(|n| texts.wish(n)).collect();
            assert_eq!(wishes.len(), 230, "{language}");
            assert!(wishes.iter().all(|wish| !wish.contains(['{', '}'])));
            for answer in &texts.answers {
                assert!(radslag_petitions::petition::answer::Outcome::of(&answer[0]).is_some(), "{answer:?}");
            }
        }
    }

    #[test]
    fn what_wishes_are_about_stands_in_the_lists_of_every_tenant() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("demo.toml");
        std::fs::write(&file, include_str!("../../../demo.toml")).unwrap();
        for tenant in radslag_runtime::config::load(Some(&file), []).unwrap().config.tenants {
            let texts = Texts::of(&tenant.locale[..2]).unwrap();
            for n in 0..100 {
                let (topic, committee) = (texts.topic(n), texts.committee(n));
                assert!(tenant.topics.iter().any(|known| known == topic), "{}: {topic}", tenant.id);
                assert!(
                    tenant.committees.iter().any(|known| known == committee),
                    "{}: {committee}",
                    tenant.id
                );
            }
        }
    }

    #[test]
    fn a_url_key_is_one() {
        assert_eq!(url_key("Öppna en fritidsgård vid Åparken", 4), "oppna-en-fritidsgard-vid-aparken-5");
        assert_eq!(url_key("Fler, fler!", 119), "fler-fler-120");
        assert!(url_key(&"a ".repeat(40), 1_999).len() <= 40);
    }
}
