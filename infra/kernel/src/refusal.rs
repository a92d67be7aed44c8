//! What the refusals of every kind of stream have in common: one value a rule, each with a code that never changes.

/// Makes `Refusal` of a table of rules and their codes: `refusals! { /// Over. PanelOver = "panel-over", ... }`.
#[macro_export]
macro_rules! refusals {
    ($($(#[$doc:meta])* $rule:ident $(($($part:ty),*))? = $code:literal,)*) => {
        /// The rule that forbids it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Refusal { $($(#[$doc])* $rule $(($($part),*))?),* }

        impl Refusal {
            /// Every code, in the order of the rules.
            pub const CODES: &[&str] = &[$($code),*];

            /// Stable, kebab-case, for answers.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$rule { .. } => $code),* }
            }
        }

        impl std::fmt::Display for Refusal {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::error::Error for Refusal {}
    };
}
