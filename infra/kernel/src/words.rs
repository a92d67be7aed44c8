//! Choices with a word each, which stands in commands, catalogues and rows and never changes.

/// `words! { /// Where they met. Channel { /// At a counter. Counter = "counter", ... } }` makes the enum, `ALL`, `word` and `of`.
#[macro_export]
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$case_doc])* $case),* }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$case),*];

            /// The word in commands and in the catalogue.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word),* }
            }

            /// The one with a word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    )*};
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "what the macro makes is public wherever it stands")]
mod tests {
    words! {
        /// How loud.
        Voice {
            /// Not at all.
            Silent = "silent",
            /// As one speaks.
            Spoken = "spoken",
        }
    }

    #[test]
    fn a_word_is_of_the_one_that_has_it() {
        assert_eq!(
            Voice::ALL.iter().map(|one| Voice::of(one.word())).collect::<Vec<_>>(),
            [Some(Voice::Silent), Some(Voice::Spoken)]
        );
        assert_eq!(Voice::of("loud"), None);
    }
}
