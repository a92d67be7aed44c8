//! The register of received documents: one stream a year (`register-<year>`), appended to with each hand-in, so that its
//! version is the next number and no number is given twice or left out.

use radslag_kernel::Instant;

use crate::petition::Register;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    /// When.
    pub at: Instant,
    /// The number.
    pub register: Register,
}

/// The stream of a year.
#[must_use]
pub fn stream(year: u16) -> String {
    format!("register-{year}")
}

/// What to append when the year's stream stands at `version`.
#[must_use]
pub const fn next(year: u16, version: u64, at: Instant) -> Entered {
    Entered { at, register: Register { year, number: version + 1 } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_version_of_the_years_stream() {
        let entered = next(2008, 16, Instant::default());
        assert_eq!((entered.register.to_string(), stream(2008)), ("2008-17".into(), "register-2008".into()));
    }
}
