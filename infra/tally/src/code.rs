//! Personal codes on invitations and questionnaires: 50 bits in Crockford's base 32, with his check symbol (modulo 37).
//!
//! Eleven symbols, `7K3M-9QX2-TBE`, the last of which checks the others: one mistyped symbol is always found, and so are two
//! neighbours that changed places. Case doesn't matter, O is 0, I and L are 1, hyphens and spaces are passed over.

use std::fmt;

/// Symbols of a code before the one that checks them.
const SYMBOLS: usize = 10;
const BITS_PER_SYMBOL: u32 = 5;
/// What stands for 0 to 31, and for 32 to 36 in the last place.
const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
const MODULUS: u64 = 37;

/// A code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(u64);

/// Why something isn't a code. Nothing is said about whether it is anybody's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It hasn't eleven symbols.
    #[error("a code has 11 letters and digits, not {0}")]
    Length(usize),
    /// It has something that isn't in the alphabet, or only in the last place.
    #[error("`{0}` can't stand in a code")]
    Symbol(char),
    /// The last symbol doesn't fit the others.
    #[error("the code is mistyped: its last symbol doesn't fit the others")]
    Check,
}

impl Code {
    /// How many bits it has.
    pub const BITS: u32 = SYMBOLS as u32 * BITS_PER_SYMBOL;

    /// Of a number below 2^50; of a larger one its lowest bits.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number & ((1 << Self::BITS) - 1))
    }

    /// The number it was made of.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Whether its last symbol is a letter or digit other than U. Who makes codes passes over the others, a seventh of them, for
    /// people would take `*`, `~`, `$` and `=` for something else.
    #[must_use]
    pub const fn is_plain(self) -> bool {
        self.0 % MODULUS < 32
    }

    /// Reads one.
    ///
    /// # Errors
    /// `Length`, `Symbol`, `Check`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let typed = text.chars().filter(|c| *c != '-' && !c.is_whitespace());
        let length = typed.clone().count();
        if length != SYMBOLS + 1 {
            return Err(Error::Length(length));
        }
        let (mut number, mut last) = (0, 0);
        for (at, symbol) in typed.enumerate() {
            let value = value(symbol).filter(|value| at == SYMBOLS || *value < 32);
            let value = value.ok_or(Error::Symbol(symbol))?;
            if at == SYMBOLS {
                last = value;
            } else {
                number = number << BITS_PER_SYMBOL | value;
            }
        }
        if number % MODULUS == last { Ok(Self(number)) } else { Err(Error::Check) }
    }
}

fn value(symbol: char) -> Option<u64> {
    let symbol = match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == symbol).map(|value| value as u64)
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for at in 0..=SYMBOLS {
            let value = match SYMBOLS.checked_sub(at + 1) {
                Some(behind) => (self.0 >> (behind as u32 * BITS_PER_SYMBOL)) % 32,
                None => self.0 % MODULUS,
            };
            if at == 4 || at == 8 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(ALPHABET[value as usize]))?;
        }
        Ok(())
    }
}

/// A code lets somebody answer as somebody else: it isn't printed by chance.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spread over all codes, so that each check symbol occurs.
    fn some() -> impl Iterator<Item = Code> {
        (0..200_u64).map(|n| Code::new(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7))
    }

    fn symbols(code: Code) -> Vec<char> {
        code.to_string().chars().filter(|c| *c != '-').collect()
    }

    fn read(symbols: &[char]) -> Result<Code, Error> {
        Code::parse(&symbols.iter().collect::<String>())
    }

    #[test]
    fn a_code_is_read_as_it_was_written() {
        for code in some().chain([Code::new(0), Code::new(u64::MAX)]) {
            assert_eq!(Code::parse(&code.to_string()), Ok(code));
            assert_eq!(Code::parse(&code.to_string().to_lowercase().replace('-', " ")), Ok(code));
        }
        assert_eq!(Code::new(1_234_567).to_string(), "0000-015N-M7S");
        assert_eq!(Code::parse("oooo-oi5n-m7s"), Ok(Code::new(1_234_567)));
        assert_eq!(Code::parse("OOOO Ol5N M7S"), Ok(Code::new(1_234_567)));
        // Crockford's own number: 16J, checked by D.
        assert_eq!(Code::new(1_234).to_string(), "0000-0001-6JD");
        assert_eq!(format!("{:?}", Code::new(7)), "Code(..)");
    }

    #[test]
    fn one_mistyped_symbol_is_always_found() {
        let mut tried = 0;
        for code in some() {
            let right = symbols(code);
            for at in 0..right.len() {
                for typed in
                    ALPHABET.iter().map(|symbol| char::from(*symbol)).filter(|typed| *typed != right[at])
                {
                    let mut wrong = right.clone();
                    wrong[at] = typed;
                    assert!(read(&wrong).is_err(), "{wrong:?}");
                    tried += 1;
                }
            }
        }
        assert_eq!(tried, 200 * 11 * 36);
    }

    #[test]
    fn neighbours_that_changed_places_are_always_found() {
        for code in some() {
            let right = symbols(code);
            for at in 1..right.len() {
                let mut wrong = right.clone();
                wrong.swap(at - 1, at);
                assert!(wrong == right || read(&wrong).is_err(), "{wrong:?}");
            }
        }
    }

    #[test]
    fn what_isnt_a_code_is_refused_for_what_it_is() {
        assert_eq!(Code::parse(""), Err(Error::Length(0)));
        assert_eq!(Code::parse("0000-0000-0000"), Err(Error::Length(12)));
        assert_eq!(Code::parse("0000-00å0-000"), Err(Error::Symbol('å')));
        assert_eq!(Code::parse("U000-0000-000"), Err(Error::Symbol('U')));
        assert_eq!(Code::parse("0000-0000-001"), Err(Error::Check));
        assert!(Code::new(31).is_plain() && !Code::new(36).is_plain());
    }
}
