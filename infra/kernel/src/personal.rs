//! Swedish personal numbers, and what they say of a person.

/// A personal number as twelve digits, if its check digit is right. One of ten digits is of somebody under a hundred,
/// of somebody above with a `+`.
#[must_use]
pub fn number(typed: &str, year: i16) -> Option<String> {
    let typed = typed.trim();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let odd = typed.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | '+' | ' '));
    let short = match digits.len() {
        12 => digits.get(2..)?,
        10 => digits.as_str(),
        _ => return None,
    };
    let weighed = short.chars().filter_map(|c| c.to_digit(10)).zip([2, 1].into_iter().cycle());
    let sum: u32 = weighed.map(|(digit, weight)| digit * weight / 10 + digit * weight % 10).sum();
    if odd || !sum.is_multiple_of(10) {
        return None;
    }
    if digits.len() == 12 {
        return Some(digits);
    }
    let born: i16 = short.get(..2)?.parse().ok()?;
    let century = year / 100 - i16::from(born > year % 100) - i16::from(typed.contains('+'));
    Some(format!("{century}{short}"))
}

/// The year of birth, of a number as twelve digits.
#[must_use]
pub fn birth_year(number: &str) -> Option<u16> {
    number.get(..4)?.parse().ok()
}

/// Whether it is a woman's, of a number as twelve digits: its last digit but one is even.
#[must_use]
pub fn is_womans(number: &str) -> Option<bool> {
    Some(number.get(10..11)?.parse::<u8>().ok()?.is_multiple_of(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_says_when_somebody_was_born_and_whether_they_are_a_woman() {
        let whole = number("090101-1239", 2009).unwrap();
        assert_eq!(
            (whole.as_str(), birth_year(&whole), is_womans(&whole)),
            ("200901011239", Some(2009), Some(false))
        );
        assert_eq!(number("090101+1239", 2009).as_deref(), Some("190901011239"));
        assert_eq!(number("090101-1238", 2009), None);
    }
}
