//! Amounts with decimals, and counts.

use super::error::Problem;

/// Most decimals of an amount.
const DECIMALS: usize = 6;

/// An amount of at least 0: `mantissa` divided by 10 as often as `decimals` says, which is as few as can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    mantissa: u64,
    /// How many.
    pub(super) decimals: u32,
}

impl Decimal {
    /// Reads one; a comma is taken for a point.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, rest) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let number = !digits.is_empty() && whole.len() + rest.len() > 0;
        if !number || !whole.bytes().chain(rest.bytes()).all(|byte| byte.is_ascii_digit()) {
            return Err(Problem::NotANumber(text.to_owned()));
        }
        let rest = rest.trim_end_matches('0');
        let too_large = || Problem::Number(text.to_owned());
        if rest.len() > DECIMALS {
            return Err(too_large());
        }
        let mut mantissa = 0_u64;
        for byte in whole.bytes().chain(rest.bytes()) {
            let next = mantissa.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(byte - b'0')));
            mantissa = next.ok_or_else(too_large)?;
        }
        if digits.len() < text.len() && mantissa > 0 {
            return Err(Problem::Negative(text.to_owned()));
        }
        Ok(Self { mantissa, decimals: rest.len() as u32 })
    }

    /// In units of so many decimals, at least as many as it has.
    pub(super) fn units(self, decimals: u32) -> Option<u64> {
        self.mantissa.checked_mul(10_u64.checked_pow(decimals.checked_sub(self.decimals)?)?)
    }
}

/// Reads a whole number of at least 0.
pub(super) fn whole(text: &str) -> Result<u64, Problem> {
    let Decimal { mantissa, decimals } = Decimal::parse(text)?;
    if decimals > 0 { Err(Problem::NotANumber(text.trim().to_owned())) } else { Ok(mantissa) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_refused() {
        let units = |text| Decimal::parse(text).map(|read| read.units(2));
        assert_eq!(units("12"), Ok(Some(1200)));
        assert_eq!(units(" 12.50 "), Ok(Some(1250)));
        assert_eq!(units("12,5"), Ok(Some(1250)));
        assert_eq!(units("12.345"), Ok(None));
        assert_eq!(units("-0"), Ok(Some(0)));
        assert_eq!(units("-3"), Err(Problem::Negative("-3".into())));
        for bad in ["", "-", ".", "1e5", "0x1", "1 000", "--1", "1.2.3", "\u{661}"] {
            assert_eq!(units(bad), Err(Problem::NotANumber(bad.into())), "{bad}");
        }
        for large in ["18446744073709551616", "0.1234567"] {
            assert_eq!(units(large), Err(Problem::Number(large.into())));
        }
        assert_eq!(whole("7.0"), Ok(7));
        assert_eq!(whole("7.5"), Err(Problem::NotANumber("7.5".into())));
    }
}
