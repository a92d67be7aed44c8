//! Parameters of an address: a position to wait for, a page, and a service's own.

use std::fmt;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::Problem;
use super::headers::number;
use crate::said::Said;

/// A place in a log: `17`, or `2.17` for position 17 of its third life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Which life of the log, if it is told.
    pub origin: Option<u32>,
    /// From 0.
    pub position: u64,
}

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let (origin, position) = match text.split_once('.') {
            Some((origin, position)) => (
                Some(number(origin).and_then(|origin| origin.try_into().ok()).ok_or(NotAPosition)?),
                position,
            ),
            None => (None, text),
        };
        Ok(Self { origin, position: number(position).ok_or(NotAPosition)? })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin {
            Some(origin) => write!(f, "{origin}.{}", self.position),
            None => write!(f, "{}", self.position),
        }
    }
}

/// The text isn't a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a position such as 17, or origin and position such as 2.17")]
pub struct NotAPosition;

/// `?at_least=`: the read waits until the projection has come that far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtLeast(pub Option<Position>);

impl<S: Send + Sync> FromRequestParts<S> for AtLeast {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(text) = parameter(parts, "at_least")? else { return Ok(Self(None)) };
        text.parse()
            .map(|position| Self(Some(position)))
            .map_err(|error: NotAPosition| wrong("at_least", error.to_string()))
    }
}

/// `?page=` (from 1) and `?per_page=` (1 to 100, 50 if not said): for people. Programs take cursors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub page: u32,
    /// Rows a page.
    pub per_page: u32,
}

impl Page {
    /// Rows before this page.
    #[must_use]
    pub const fn offset(self) -> u64 {
        (self.page as u64 - 1) * self.per_page as u64
    }

    /// Number of the last page of so many rows, at least 1.
    #[must_use]
    pub fn last(self, total: u64) -> u64 {
        total.div_ceil(self.per_page.into()).max(1)
    }

    /// First and last row of this page from 1, as in "1-50 of 5097"; `None` past the end.
    #[must_use]
    pub fn rows(self, total: u64) -> Option<(u64, u64)> {
        let first = self.offset() + 1;
        (first <= total).then(|| (first, (self.offset() + u64::from(self.per_page)).min(total)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let bounded = |name: &'static str, unsaid: u32, most: u32| {
            let Some(text) = parameter(parts, name)? else { return Ok(unsaid) };
            let value = number(&text).and_then(|value| u32::try_from(value).ok());
            let bad = || wrong(name, format!("expected a whole number from 1 to {most}"));
            value.filter(|value| (1..=most).contains(value)).ok_or_else(bad)
        };
        Ok(Self { page: bounded("page", 1, 1_000_000)?, per_page: bounded("per_page", 50, 100)? })
    }
}

/// A service's own parameters. Ones it doesn't know are passed over: links collect them on their way.
#[derive(Clone, Copy, Debug)]
pub struct QueryOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri).map(|Query(value)| Self(value)).map_err(|rejection| {
            let text = rejection.body_text();
            let (field, what) = split(&text);
            let problem =
                Problem::new(StatusCode::BAD_REQUEST, "bad-query").detail(Said::of(what).sentence());
            field.into_iter().fold(problem, Problem::field)
        })
    }
}

/// "Failed to deserialize query string: name: what".
fn split(text: &str) -> (Option<&str>, &str) {
    let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(text);
    match text.split_once(": ") {
        Some((field, what)) if field.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-[]".contains(&b)) => {
            (Some(field), what)
        }
        _ => (None, text),
    }
}

fn wrong(name: &str, what: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad-query").field(name).detail(what)
}

/// The value of a parameter; twice is refused, since nobody can say which was meant.
fn parameter(parts: &Parts, name: &'static str) -> Result<Option<String>, Problem> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "bad-query"))?;
    let mut values = pairs.into_iter().filter(|(key, _)| key == name).map(|(_, value)| value);
    let first = values.next();
    if values.next().is_some() { Err(wrong(name, "is there twice".into())) } else { Ok(first) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(query: &str) -> Parts {
        Request::builder().uri(format!("/x?{query}")).body(()).unwrap().into_parts().0
    }

    #[tokio::test]
    async fn at_least_is_a_position_with_or_without_origin() {
        let at = |query: &'static str| async move {
            AtLeast::from_request_parts(&mut parts(query), &()).await.map(|AtLeast(position)| position)
        };
        assert_eq!(at("").await.unwrap(), None);
        assert_eq!(at("at_least=17").await.unwrap(), Some(Position { origin: None, position: 17 }));
        assert_eq!(at("at_least=2.17").await.unwrap(), Some(Position { origin: Some(2), position: 17 }));
        for bad in [
            "at_least=",
            "at_least=x",
            "at_least=-1",
            "at_least=1.2.3",
            "at_least=1&at_least=2",
            "at_least=.5",
        ] {
            assert_eq!(at(bad).await.unwrap_err().code(), "bad-query", "{bad}");
        }
        assert_eq!(Position { origin: Some(2), position: 17 }.to_string(), "2.17");
    }

    #[tokio::test]
    async fn a_page_is_bounded() {
        let page =
            |query: &'static str| async move { Page::from_request_parts(&mut parts(query), &()).await };
        assert_eq!(page("").await.unwrap(), Page { page: 1, per_page: 50 });
        assert_eq!(page("page=3&per_page=100").await.unwrap(), Page { page: 3, per_page: 100 });
        for bad in ["page=0", "page=x", "per_page=101", "per_page=0", "page=4294967296", "page=1000001"] {
            assert_eq!(page(bad).await.unwrap_err().code(), "bad-query", "{bad}");
        }
    }

    #[test]
    fn pages_are_counted_as_people_do() {
        let page = |page| Page { page, per_page: 50 };
        assert_eq!(page(1).rows(5097), Some((1, 50)));
        assert_eq!(page(102).rows(5097), Some((5051, 5097)));
        assert_eq!(page(103).rows(5097), None);
        assert_eq!((page(1).last(5097), page(1).last(0), page(1).last(50)), (102, 1, 1));
    }

    #[tokio::test]
    async fn a_wrong_parameter_is_named_without_its_value() {
        #[derive(Debug, serde::Deserialize)]
        struct Own {
            #[serde(rename = "sort")]
            _sort: u8,
        }
        let problem = QueryOf::<Own>::from_request_parts(&mut parts("sort=s3cret"), &()).await.unwrap_err();
        let json = problem.to_json(None, crate::http::Language::English, None);
        assert_eq!(json["field"], "sort");
        assert!(!json.to_string().contains("s3cret"), "{json}");
        assert!(QueryOf::<Own>::from_request_parts(&mut parts("sort=1&utm_source=mail"), &()).await.is_ok());
    }
}
