//! What a field of text may hold.

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing in it.
    Missing,
    /// Longer than allowed.
    TooLong,
    /// Something that no text holds: control characters, or a line break where there is one line.
    NotAllowed,
}

/// The longest mailbox (RFC 5321).
pub const MAILBOX: usize = 254;

/// A text of at most so many characters, of one line or several.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(text: &str, longest: usize, lines: bool) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Missing);
    }
    if text.chars().count() > longest {
        return Err(Fault::TooLong);
    }
    let allowed = |c: char| !c.is_control() || lines && c == '\n';
    if text.chars().all(allowed) { Ok(()) } else { Err(Fault::NotAllowed) }
}

/// What looks enough like a mailbox to be written to.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn mailbox(typed: &str) -> Result<(), Fault> {
    check(typed, MAILBOX, false)?;
    let parts = typed.trim().rsplit_once('@');
    let whole = parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if whole && !typed.trim().contains(char::is_whitespace) { Ok(()) } else { Err(Fault::NotAllowed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_something_and_not_too_much_of_it() {
        assert_eq!(check(" ", 5, false), Err(Fault::Missing));
        assert_eq!(check("åäöåä", 5, false), Ok(()));
        assert_eq!(check("åäöåäö", 5, false), Err(Fault::TooLong));
        assert_eq!(check("a\nb", 5, true), Ok(()));
        assert_eq!(check("a\nb", 5, false), Err(Fault::NotAllowed));
        assert_eq!(check("a\u{0}", 5, true), Err(Fault::NotAllowed));
    }

    #[test]
    fn a_mailbox_has_something_on_both_sides_of_the_at() {
        assert_eq!(mailbox("planted@malmo.se"), Ok(()));
        for wrong in ["planted", "@malmo.se", "planted@", "a b@malmo.se", "a@b\r\nBcc: c@d"] {
            assert_eq!(mailbox(wrong), Err(Fault::NotAllowed), "{wrong}");
        }
    }
}
