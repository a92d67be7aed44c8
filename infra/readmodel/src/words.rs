//! Words of public texts as they are indexed and searched: stemmed in Swedish and in English, since nobody says which
//! language a text is in. Each word stands as its stems and as it was written; the last one is what a prefix is
//! compared with.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

use crate::ddl::Dialect;

/// Characters of a word that count.
const LONGEST: usize = 48;
/// Rows that a search looks at, at most: the newest ones. Where there are more, the words say too little to rank them by.
pub const SEARCHED: u64 = 1_000;
/// Words of a search that count.
const MOST: usize = 24;
/// Words that stand in nearly every text: neither indexed nor looked for.
const COMMON: &[&str] = &[
    "a", "all", "alla", "allt", "an", "and", "are", "as", "att", "av", "be", "by", "de", "den", "det", "di",
    "dom", "en", "er", "ett", "for", "från", "för", "ha", "han", "har", "have", "hon", "i", "in", "inte",
    "is", "it", "ja", "jag", "kan", "man", "med", "men", "not", "när", "och", "of", "om", "on", "or", "oss",
    "our", "på", "ska", "skall", "som", "så", "that", "the", "their", "this", "till", "to", "under", "upp",
    "ut", "var", "vara", "vi", "vid", "vill", "vår", "våra", "we", "will", "with", "är", "åt",
];

/// Something to look for in a table's words columns: `Store::search`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Search {
    /// One a word; any form of it is the word.
    words: Vec<Word>,
    /// So many of the words are enough, one or two, and only in the first words column; nothing: all, in any column.
    some: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Word {
    forms: BTreeSet<String>,
    /// What the word being typed begins with.
    prefix: Option<String>,
}

impl Search {
    /// Every word, the last of which may be only begun. Common words are left out unless somebody is typing one.
    #[must_use]
    pub fn all(text: &str) -> Self {
        let written = written(text);
        let last = written.len().saturating_sub(1);
        let searched = written.iter().enumerate().filter(|(at, word)| *at == last || !is_common(word));
        let words = searched.map(|(at, word)| {
            let prefix = (at == last).then(|| word.clone());
            Word { forms: forms(word), prefix }
        });
        Self { words: words.take(MOST).collect(), some: None }
    }

    /// What resembles a title: shares so many of a hundred words of either, in the first words column only. A title that
    /// must share two words is looked for by pairs of the rarest: the longest.
    #[must_use]
    pub fn like(title: &str, per_cent: u32) -> Self {
        let written = written(title);
        let words = written.iter().filter(|word| !is_common(word));
        let words = words.map(|word| Word { forms: forms(word), prefix: None });
        let mut words: Vec<Word> = words.take(MOST).collect();
        let twice = |at: usize| words[..at].iter().any(|other| !other.forms.is_disjoint(&words[at].forms));
        let shared = (words.len() * per_cent as usize).div_ceil(100);
        if shared < 2 || (1..words.len()).any(twice) {
            return Self { words, some: Some(1) };
        }
        // Whoever shares so many of all words shares two of any that leave out but two fewer.
        words.sort_by_key(|word| std::cmp::Reverse(word.forms.iter().map(|form| form.chars().count()).max()));
        words.truncate(words.len() + 2 - shared);
        Self { words, some: Some(2) }
    }

    /// How many of the words are among indexed ones, as a words column has them.
    #[must_use]
    pub fn shared(&self, indexed: &str) -> usize {
        let indexed: BTreeSet<&str> = indexed.split(' ').collect();
        let is_there = |word: &&Word| word.forms.iter().any(|form| indexed.contains(form.as_str()));
        self.words.iter().filter(is_there).count()
    }

    /// Whether `relevance` is asked for: not of what resembles a title, which is compared with it afterwards.
    pub(crate) const fn is_ranked(&self) -> bool {
        self.some.is_none()
    }

    /// There is nothing to look for.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// As the database asks for it. Words are letters and digits, so nothing needs escaping.
    pub(crate) fn expression(&self, dialect: Dialect, first: &str) -> String {
        let (or, and) = match dialect {
            Dialect::Sqlite => (" OR ", " AND "),
            Dialect::Postgres => (" | ", " & "),
        };
        let word = |word: &Word| {
            let plain = word.forms.iter().map(|form| self.term(dialect, form, false));
            let begun = word.prefix.iter().map(|prefix| self.term(dialect, prefix, true));
            format!("({})", plain.chain(begun).collect::<Vec<_>>().join(or))
        };
        let words = self.words.iter().map(word).collect::<Vec<_>>();
        let all = match self.some {
            None => words.join(and),
            Some(1) => words.join(or),
            Some(_) => {
                let pair = |at: usize| format!("({}{and}({}))", words[at], words[at + 1..].join(or));
                (0..words.len().saturating_sub(1)).map(pair).collect::<Vec<_>>().join(or)
            }
        };
        if dialect == Dialect::Sqlite && self.some.is_some() { format!("{{{first}}} : ({all})") } else { all }
    }

    fn term(&self, dialect: Dialect, form: &str, begun: bool) -> String {
        match dialect {
            Dialect::Sqlite => format!("\"{form}\"{}", if begun { " *" } else { "" }),
            Dialect::Postgres => {
                let marks =
                    format!("{}{}", if begun { "*" } else { "" }, if self.some.is_some() { "A" } else { "" });
                format!("'{form}'{}{marks}", if marks.is_empty() { "" } else { ":" })
            }
        }
    }
}

/// What is indexed of some texts; nothing if they have no words.
#[must_use]
pub fn index<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let words = texts.into_iter().flat_map(written).filter(|word| !is_common(word));
    let forms = words.flat_map(|word| forms(&word)).collect::<Vec<_>>().join(" ");
    (!forms.is_empty()).then_some(forms)
}

/// How much two titles have in common: words of both, of a hundred words of either.
#[must_use]
pub fn likeness(one: &str, other: &str) -> u32 {
    let words = |text: &str| -> Vec<BTreeSet<String>> {
        written(text).iter().filter(|word| !is_common(word)).map(|word| stems(word)).collect()
    };
    let (one, other) = (words(one), words(other));
    let is_there = |word: &&BTreeSet<String>| other.iter().any(|same| !same.is_disjoint(word));
    let both = one.iter().filter(is_there).count();
    let either = (one.len() + other.len()).saturating_sub(both).max(1);
    u32::try_from((both * 100 / either).min(100)).unwrap_or(0)
}

/// Its stems in both languages, and itself.
fn forms(word: &str) -> BTreeSet<String> {
    let mut forms = stems(word);
    forms.insert(word.to_owned());
    forms
}

fn stems(word: &str) -> BTreeSet<String> {
    let swedish = Stemmer::create(Algorithm::Swedish);
    // Snowball leaves "skolan" as it is: the definite form of a word that ends in a.
    let indefinite = word.strip_suffix("ans").or(word.strip_suffix("an")).filter(|stem| stem.len() > 2);
    let found = [swedish.stem(word), Stemmer::create(Algorithm::English).stem(word)];
    let found = found.into_iter().map(std::borrow::Cow::into_owned);
    found
        .chain(indefinite.map(|stem| swedish.stem(stem).into_owned()))
        .filter(|stem| !stem.is_empty())
        .collect()
}

fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
}

/// Words in lower case: letters and digits, everything else stands between them.
fn written(text: &str) -> Vec<String> {
    let text = composed(&text.to_lowercase());
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(LONGEST).collect()).collect()
}

/// Some keyboards write a letter and its mark apart.
fn composed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let letter = match (out.chars().next_back(), c) {
            (Some('a'), '\u{30a}') => Some('å'),
            (Some('a'), '\u{308}') => Some('ä'),
            (Some('o'), '\u{308}') => Some('ö'),
            (Some('u'), '\u{308}') => Some('ü'),
            (Some('e'), '\u{301}') => Some('é'),
            _ => None,
        };
        if letter.is_some() {
            out.pop();
        }
        out.push(letter.unwrap_or(c));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_stand_in_order_for_the_search_among_them() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn a_word_is_found_by_its_other_forms_in_both_languages() {
        for (one, other) in [("skolor", "skolan"), ("cykelbanor", "cykelbanan"), ("benches", "bench")] {
            assert!(!stems(one).is_disjoint(&stems(other)), "{one} {other}");
        }
        assert_eq!(index(["Fler skolor"]), Some("fler skol skolor".into()));
        assert_eq!(index(["och att", ""]), None);
    }

    #[test]
    fn the_last_word_may_be_only_begun() {
        let search = Search::all("Fler cykelb");
        assert_eq!(search.expression(Dialect::Sqlite, "t"), "(\"fler\") AND (\"cykelb\" OR \"cykelb\" *)");
        assert_eq!(search.expression(Dialect::Postgres, "t"), "('fler') & ('cykelb' | 'cykelb':*)");
    }

    #[test]
    fn what_resembles_a_title_shares_any_word_of_it() {
        let search = Search::like("Bänkar i parken", 30);
        assert_eq!(
            search.expression(Dialect::Sqlite, "title_words"),
            "{title_words} : ((\"bänk\" OR \"bänkar\") OR (\"park\" OR \"parken\"))"
        );
        assert_eq!(
            search.expression(Dialect::Postgres, "title_words"),
            "('bänk':A | 'bänkar':A) | ('park':A | 'parken':A)"
        );
    }

    #[test]
    fn what_must_share_two_words_is_looked_for_by_pairs_of_the_longest() {
        let expression = |title, per_cent| Search::like(title, per_cent).expression(Dialect::Postgres, "t");
        assert_eq!(
            expression("bro väg park stig", 30),
            "(('park':A) & (('stig':A) | ('bro':A) | ('väg':A))) | (('stig':A) & (('bro':A) | ('väg':A))) \
             | (('bro':A) & (('väg':A)))"
        );
        // Three of five: who shares three shares two of any four.
        assert!(!expression("bro väg park stig torg", 60).contains("väg"));
        // One word said twice may be shared alone.
        assert!(!expression("park parken bro väg", 30).contains('&'));
    }

    #[test]
    fn no_similar_title_is_missed_by_looking_for_pairs() {
        let words = ["bro", "väg", "park", "stig", "torg", "lampa", "bänk"];
        let titles: Vec<String> = (1_u32..128)
            .map(|set| {
                let chosen = words.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
                chosen.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
            })
            .collect();
        for title in &titles {
            let search = Search::like(title, 30);
            let needed = search.some.unwrap();
            for other in titles.iter().filter(|other| likeness(title, other) >= 30) {
                assert!(search.shared(&index([&**other]).unwrap()) >= needed, "{title} / {other}");
            }
        }
    }

    #[test]
    fn nothing_typed_can_become_part_of_the_expression() {
        for text in ["\" OR * NEAR(", "' | !'a' & ':*", "{x} : y", "\\", "--", "a\0b"] {
            let words = Search::all(text).words;
            let letters = |form: &String| form.chars().all(char::is_alphanumeric);
            assert!(words.iter().flat_map(|word| &word.forms).all(letters), "{text}");
        }
        assert!(Search::all("!?").is_empty());
    }

    #[test]
    fn a_letter_and_its_mark_apart_are_the_letter() {
        assert_eq!(written("Ba\u{308}nk A\u{30a}r"), ["bänk", "år"]);
    }

    #[test]
    fn titles_are_alike_by_the_words_they_share() {
        assert_eq!(likeness("Bänkar i parken", "En bänk i varje park"), 66);
        assert_eq!(likeness("Bänkar i parken", "Sänk skatten"), 0);
        assert_eq!(likeness("", ""), 0);
    }
}
