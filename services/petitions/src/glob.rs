//! Globs as officials type them: `*` is any run of characters, `?` is one, everything else itself, whatever its case.

/// Whether a text is one the pattern describes. Both are compared in lower case.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut from) = (0, 0);
    // Where the last `*` stands, and how far the text was when it began: the only place to come back to.
    let mut star = None;
    while from < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(one) if *one == '?' || *one == text[from] => (at, from) = (at + 1, from + 1),
            Some(_) | None => {
                let Some((stood, taken)) = star else { return false };
                star = Some((stood, taken + 1));
                (at, from) = (stood + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

/// Whether a pattern would describe nearly everything: no letter or digit in it.
#[must_use]
pub fn is_too_wide(pattern: &str) -> bool {
    !pattern.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_star_is_any_run_and_a_question_mark_one() {
        for (pattern, text, same) in [
            ("*.example", "mail.example", true),
            ("*.example", "example", false),
            ("bot-??@*", "BOT-17@spam.example", true),
            ("bot-??@*", "bot-1@spam.example", false),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("", "", true),
            ("", "a", false),
            ("***", "", true),
            ("å*", "Åsa", true),
            ("a.c", "abc", false),
        ] {
            assert_eq!(matches(pattern, text), same, "{pattern} {text}");
        }
        assert!(is_too_wide("*@*.*") && !is_too_wide("*@a*"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn what_stands_between_stars_stands_in_the_text(front in "[a-c]{0,4}", end in "[a-c]{0,4}", text in "[a-c]{0,12}") {
            let both = text.len() >= front.len() + end.len();
            let same = both && text.starts_with(&front) && text.ends_with(&end);
            prop_assert_eq!(matches(&format!("{front}*{end}"), &text), same);
        }

        #[test]
        fn no_pattern_takes_long(text in "a{0,60}") {
            prop_assert!(!matches("a*a*a*a*a*a*a*a*a*a*b", &text));
        }
    }
}
