//! `traceparent`: which trace a request is part of, as W3C Trace Context says it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// The trace id of a request, if it named one. A header that can't be read is as good as none, as the standard wants it.
/// Events keep it only for what officials and the services themselves do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traceparent(pub Option<[u8; 16]>);

impl<S: Send + Sync> FromRequestParts<S> for Traceparent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let mut values = parts.headers.get_all("traceparent").iter();
        let only = values.next().filter(|_| values.next().is_none());
        Ok(Self(only.and_then(|value| trace_id(value.to_str().ok()?))))
    }
}

/// `00-<trace id>-<parent id>-<flags>`, and of later versions what they begin with.
fn trace_id(text: &str) -> Option<[u8; 16]> {
    let mut parts = text.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let well_formed = is_hex(version, 2) && is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2);
    let ends = version != "00" || parts.next().is_none();
    let means_something = version != "ff" && !is_zero(trace) && !is_zero(parent);
    (well_formed && ends && means_something)
        .then(|| u128::from_str_radix(trace, 16).ok())?
        .map(u128::to_be_bytes)
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn is_zero(text: &str) -> bool {
    text.bytes().all(|b| b == b'0')
}

#[cfg(test)]
mod tests {
    use super::trace_id;

    #[test]
    fn only_what_the_standard_allows_is_a_trace() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let fine = |text: &str| trace_id(text).map(u128::from_be_bytes) == u128::from_str_radix(id, 16).ok();
        assert!(fine(&format!("00-{id}-00f067aa0ba902b7-01")));
        assert!(fine(&format!("01-{id}-00f067aa0ba902b7-01-what-comes-later")));
        let zero = "0".repeat(32);
        for text in [
            format!("00-{id}-00f067aa0ba902b7-01-more"),
            format!("ff-{id}-00f067aa0ba902b7-01"),
            format!("00-{zero}-00f067aa0ba902b7-01"),
            format!("00-{id}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", id.to_uppercase()),
            format!("00-{id}-00f067aa0ba902b7"),
            format!("00-+{}-00f067aa0ba902b7-01", &id[1..]),
            String::new(),
        ] {
            assert_eq!(trace_id(&text), None, "{text}");
        }
    }
}
