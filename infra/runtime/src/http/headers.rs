//! `Idempotency-Key`, `If-Match` and `ETag`.

use axum::extract::FromRequestParts;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::Problem;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What makes a repeated command the same command, if the client sent it: 1 to 255 visible ASCII characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let bad = || Problem::new(StatusCode::BAD_REQUEST, "bad-idempotency-key").field("Idempotency-Key");
        let value = only(&parts.headers, &IDEMPOTENCY_KEY).map_err(|Twice| bad())?;
        let Some(value) = value else { return Ok(Self(None)) };
        let fits = (1..=255).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_graphic);
        let key = value.to_str().ok().filter(|_| fits).ok_or_else(bad)?;
        Ok(Self(Some(key.to_owned())))
    }
}

/// The stream's version a change is based on, if the client sent one: strong, `"7"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IfMatch(pub Option<u64>);

impl IfMatch {
    /// The version, where a change must be based on one.
    ///
    /// # Errors
    /// `428 if-match-missing` if there is none.
    pub fn required(self) -> Result<u64, Problem> {
        self.0.ok_or_else(|| {
            Problem::new(StatusCode::PRECONDITION_REQUIRED, "if-match-missing").field("If-Match")
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let bad = || Problem::new(StatusCode::BAD_REQUEST, "bad-if-match").field("If-Match");
        let value = only(&parts.headers, &IF_MATCH).map_err(|Twice| bad())?;
        let Some(value) = value else { return Ok(Self(None)) };
        let quoted = value.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
        quoted.and_then(number).map(|version| Self(Some(version))).ok_or_else(bad)
    }
}

/// Bits of a number that are the version; those above are the life.
const LIFE: u32 = 40;

/// A stream's version as a client has seen it, and in which life of the log. Outside it is one number: the version itself,
/// until a loss is accepted. So what was read before is never taken for what was written since, though both have as many
/// events. JSON's numbers hold 8,192 lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which life of the log.
    pub origin: u32,
    /// Of the stream.
    pub version: u64,
}

impl Seen {
    /// What a client is told.
    #[must_use]
    pub const fn number(self) -> u64 {
        ((self.origin as u64) << LIFE) | self.version
    }

    /// What a client says.
    #[must_use]
    pub const fn of(number: u64) -> Self {
        Self { origin: (number >> LIFE) as u32, version: number & ((1 << LIFE) - 1) }
    }
}

/// The `ETag` of a read, `W/"<version>-<count position>"`: weak, since the same version may be shown in other words. Once a
/// loss was accepted, `W/"<version>-<origin>.<count position>"`: what was known of an older life isn't known of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadTag {
    /// Of the stream.
    pub version: u64,
    /// Which life of the log.
    pub origin: u32,
    /// The log position the count holds for.
    pub count_position: u64,
}

impl ReadTag {
    /// For the header `ETag`.
    #[must_use]
    pub fn header(self) -> HeaderValue {
        // Digits and quotes only, so this can't fail.
        HeaderValue::try_from(self.to_string()).unwrap_or(HeaderValue::from_static("W/\"\""))
    }

    /// Whether `If-None-Match` says that the client has this already: answer 304.
    #[must_use]
    pub fn is_known_by(self, headers: &HeaderMap) -> bool {
        let own = self.to_string();
        let own = own.trim_start_matches("W/");
        let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
        tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own)
    }
}

impl std::fmt::Display for ReadTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.origin {
            0 => write!(f, "W/\"{}-{}\"", self.version, self.count_position),
            origin => write!(f, "W/\"{}-{origin}.{}\"", self.version, self.count_position),
        }
    }
}

/// A header is there twice.
struct Twice;

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Twice> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() { Err(Twice) } else { Ok(first) }
}

/// Digits only: `+7` and `007` are other tags than `7`.
pub(super) fn number(text: &str) -> Option<u64> {
    let canonical = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
    text.parse().ok().filter(|_| canonical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(headers: &[(&'static str, &[u8])]) -> Parts {
        let mut request = Request::new(());
        for (name, value) in headers {
            request.headers_mut().append(*name, HeaderValue::from_bytes(value).unwrap());
        }
        request.into_parts().0
    }

    #[tokio::test]
    async fn an_idempotency_key_is_1_to_255_visible_ascii_characters() {
        let key = |value: &[u8]| parts(&[("idempotency-key", value)]);
        let longest = [b'a'; 255];
        for good in [&b"a"[..], b"3f1c-~!", &longest] {
            let key = IdempotencyKey::from_request_parts(&mut key(good), &()).await.unwrap();
            assert_eq!(key.0.unwrap().as_bytes(), good);
        }
        for bad in [&b""[..], b"a b", "å".as_bytes(), &[b'a'; 256]] {
            let refused = IdempotencyKey::from_request_parts(&mut key(bad), &()).await.unwrap_err();
            assert_eq!(refused.code(), "bad-idempotency-key");
        }
        let mut twice = parts(&[("idempotency-key", b"a"), ("idempotency-key", b"b")]);
        assert!(IdempotencyKey::from_request_parts(&mut twice, &()).await.is_err());
        assert_eq!(
            IdempotencyKey::from_request_parts(&mut parts(&[]), &()).await.unwrap(),
            IdempotencyKey(None)
        );
    }

    #[tokio::test]
    async fn if_match_takes_a_strong_version_only() {
        let matched = |value: &'static str| async move {
            let mut parts = parts(&[("if-match", value.as_bytes())]);
            IfMatch::from_request_parts(&mut parts, &()).await.map_err(|problem| problem.code())
        };
        assert_eq!(matched("\"7\"").await, Ok(IfMatch(Some(7))));
        assert_eq!(matched("\"0\"").await, Ok(IfMatch(Some(0))));
        for bad in [
            "W/\"7-12\"",
            "W/\"7\"",
            "7",
            "*",
            "\"7\", \"8\"",
            "\"\"",
            "\"-1\"",
            "\"+7\"",
            "\"07\"",
            "\"99999999999999999999\"",
        ] {
            assert_eq!(matched(bad).await, Err("bad-if-match"), "{bad}");
        }
        assert_eq!(IfMatch(None).required().unwrap_err().code(), "if-match-missing");
    }

    #[test]
    fn a_version_is_itself_until_a_loss_is_accepted_and_then_another_number() {
        let seen = |origin, version| Seen { origin, version };
        assert_eq!(seen(0, 7).number(), 7);
        assert_ne!(seen(1, 7).number(), 7);
        for (origin, version) in [(0, 0), (0, 7), (1, 0), (1, 7), (8_191, (1 << 40) - 1)] {
            let number = seen(origin, version).number();
            assert_eq!(Seen::of(number), seen(origin, version));
            assert!(number < 1 << 53, "JSON's numbers hold it");
        }
    }

    #[test]
    fn a_read_is_known_by_its_weak_tag() {
        let tag = ReadTag { version: 7, origin: 0, count_position: 12 };
        let later = ReadTag { origin: 1, ..tag };
        assert_eq!(later.header(), "W/\"7-1.12\"");
        assert!(
            !later.is_known_by(&parts(&[("if-none-match", b"W/\"7-12\"")]).headers),
            "of a life that ended"
        );
        assert_eq!(tag.header(), "W/\"7-12\"");
        let known =
            |value: &'static str| tag.is_known_by(&parts(&[("if-none-match", value.as_bytes())]).headers);
        for value in ["W/\"7-12\"", "\"7-12\"", "\"x\", W/\"7-12\"", "*"] {
            assert!(known(value), "{value}");
        }
        for value in ["W/\"7-13\"", "7-12", ""] {
            assert!(!known(value), "{value}");
        }
    }
}
