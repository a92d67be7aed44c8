//! Swedish or English, as `Accept-Language` asks.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};
use std::convert::Infallible;

/// What we speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// svenska
    Swedish,
    /// English
    #[default]
    English,
}

/// More languages than this aren't looked at.
const LISTED: usize = 20;

impl Language {
    /// BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    /// The best of what an `Accept-Language` asks for; `None` if it asks for neither.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best = None;
        for item in header.split(',').take(LISTED) {
            let (tag, weight) = item.split_once(';').unwrap_or((item, ""));
            let Some(language) = Self::of_tag(tag.trim()) else { continue };
            let weight = weight_of(weight);
            if weight > 0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// The best of what a request asks for; `None` if it asks for neither.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(Self::accepted)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?;
        if primary.eq_ignore_ascii_case("sv") {
            Some(Self::Swedish)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else {
            None
        }
    }
}

/// `q=0.8` in thousandths; 1000 if there is none, 0 if it is malformed.
fn weight_of(parameter: &str) -> u32 {
    let parameter = parameter.trim();
    if parameter.is_empty() {
        return 1000;
    }
    let Some(value) = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")) else { return 0 };
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

/// What the request asks for, or English.
impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers).unwrap_or_default())
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_language_is_taken() {
        let table = [
            ("sv", Some(Language::Swedish)),
            ("SV-fi", Some(Language::Swedish)),
            ("en-GB,en;q=0.9,sv;q=0.8", Some(Language::English)),
            ("de, sv;q=0.5, en;q=0.4", Some(Language::Swedish)),
            ("en;q=0.3, sv;q=0.31", Some(Language::Swedish)),
            ("en;q=0, sv;q=0.001", Some(Language::Swedish)),
            ("sv;q=0", None),
            ("de", None),
            ("*", None),
            ("", None),
            (",,;;,q=1,;q=", None),
            ("sv;q=9", None),
            ("sv;q=0.99999999", None),
            ("svenska", None),
        ];
        for (header, expected) in table {
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn a_list_without_end_is_not_read_to_its_end() {
        let long = "de,".repeat(LISTED) + "sv";
        assert_eq!(Language::accepted(&long), None);
    }
}
