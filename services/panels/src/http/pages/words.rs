//! What people read for the words of the rules: `pages/words.toml`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    sv: String,
    en: String,
}

type Words = BTreeMap<String, BTreeMap<String, Label>>;

static SHIPPED: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../../../pages/words.toml")).unwrap_or_default());

/// A word of a kind in a language; empty if there is none, which a test holds.
pub(super) fn of(kind: &str, word: &str, lang: &str) -> &'static str {
    let label = SHIPPED.get(kind).and_then(|words| words.get(word));
    label.map_or("", |label| if lang == "sv" { &label.sv } else { &label.en })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        form::Ask,
        meeting,
        member::Standing,
        panel::{Phase, Replacement, draw},
        questions::Question,
    };

    #[test]
    fn every_word_of_the_rules_is_told_in_both_languages() {
        let told = |kind: &str, words: Vec<&str>| {
            for word in words {
                for lang in ["sv", "en"] {
                    assert!(!of(kind, word, lang).is_empty(), "{kind} {word} {lang}");
                }
            }
        };
        told("phase", Phase::ALL.iter().map(|one| one.word()).collect());
        told("question", Question::ALL.iter().map(|one| one.word()).collect());
        told("standing", Standing::ALL.iter().map(|one| one.word()).collect());
        told("kind", draw::Kind::ALL.iter().map(|one| one.word()).collect());
        told("drawing", draw::Standing::ALL.iter().map(|one| one.word()).collect());
        told("meeting", meeting::Phase::ALL.iter().map(|one| one.word()).collect());
        told("replacement", Replacement::ALL.iter().map(|one| one.word()).collect());
        let asks = Ask::ALL.iter().filter(|ask| **ask != Ask::Other);
        told("field", asks.map(|one| one.word()).chain(["mailbox", "resident", "consent_version"]).collect());
        assert_eq!(of("phase", "nonsense", "sv"), "");
    }
}
