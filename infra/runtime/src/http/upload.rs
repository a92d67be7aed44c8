//! A form with a file, as browsers send it (multipart/form-data, RFC 7578): taken in within what its taker says. Memory
//! holds the file and a piece of the body.

use std::{collections::BTreeMap, fmt};

use axum::extract::{FromRef, FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use futures_util::stream;
use multer::{Constraints, Multipart, SizeLimit};

use super::{FileBody, Kit, Problem, body::expect_type};

/// Bytes of everything in a form that isn't the file.
const FIELDS: usize = 16 << 10;

/// A form that is on its way.
pub struct Upload {
    boundary: String,
    body: FileBody,
}

/// A form that is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// What was typed, by name.
    pub fields: BTreeMap<String, String>,
    /// What the file is called where it comes from.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl<S> FromRequest<S> for Upload
where
    S: Send + Sync,
    Kit: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        const FORM: &str = "multipart/form-data";
        expect_type(request.headers(), FORM, |kind| kind == FORM)?;
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(|_| bad())?;
        Ok(Self { boundary, body: FileBody::of(request, Kit::from_ref(state))? })
    }
}

impl Upload {
    /// All of it, if its file has at most so many bytes; `None` as soon as it has more, and the rest isn't read.
    ///
    /// # Errors
    /// As of a piece of a file; 400 if it isn't such a form; 422 if there is no file in it.
    pub async fn whole(self, most: usize) -> Result<Option<Uploaded>, Problem> {
        let pieces = stream::try_unfold(self.body, |mut body| async move {
            Ok::<_, Broken>(body.piece().await.map_err(Broken)?.map(|piece| (piece, body)))
        });
        let around = SizeLimit::new().whole_stream((most + 2 * FIELDS) as u64);
        let limits = Constraints::new().size_limit(around);
        let mut form = Multipart::with_constraints(pieces, self.boundary, limits);
        match read(&mut form, most).await {
            Ok(read) => Ok(read),
            Err(Unread::Form(multer::Error::StreamSizeExceeded { .. })) => Ok(None),
            Err(Unread::Form(error)) => Err(problem(error)),
            Err(Unread::Told(problem)) => Err(problem),
        }
    }
}

async fn read(form: &mut Multipart<'_>, most: usize) -> Result<Option<Uploaded>, Unread> {
    let (mut fields, mut file, mut left) = (BTreeMap::new(), None, FIELDS);
    while let Some(mut field) = form.next_field().await? {
        let typed = field.name().unwrap_or_default().to_owned();
        let name = field.file_name().map(str::to_owned);
        left = left.checked_sub(typed.len() + 1).ok_or_else(bad)?;
        let room = if name.is_some() { most } else { left };
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await? {
            if bytes.len() + piece.len() > room {
                return if name.is_some() { Ok(None) } else { Err(bad().into()) };
            }
            bytes.extend_from_slice(&piece);
        }
        match name {
            Some(name) if file.is_none() => file = Some((name, bytes)),
            Some(_) => return Err(bad().into()),
            None => {
                left -= bytes.len();
                fields.insert(typed, String::from_utf8(bytes).map_err(|_| bad())?);
            }
        }
    }
    // A browser sends an empty one where none was chosen.
    match file.filter(|(name, bytes)| !(name.is_empty() && bytes.is_empty())) {
        Some((name, bytes)) => Ok(Some(Uploaded { fields, name, bytes })),
        None => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file-missing").into()),
    }
}

/// Why a form wasn't read.
enum Unread {
    Form(multer::Error),
    Told(Problem),
}

impl From<multer::Error> for Unread {
    fn from(error: multer::Error) -> Self {
        Self::Form(error)
    }
}

impl From<Problem> for Unread {
    fn from(problem: Problem) -> Self {
        Self::Told(problem)
    }
}

/// A body that can't be read, on its way through the parser.
#[derive(Debug)]
struct Broken(Problem);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code())
    }
}

impl std::error::Error for Broken {}

fn problem(error: multer::Error) -> Problem {
    match error {
        multer::Error::StreamReadFailed(source) => {
            source.downcast::<Broken>().map_or_else(|_| bad(), |it| it.0)
        }
        _ => bad(),
    }
}

fn bad() -> Problem {
    // What is still on its way isn't read, so the connection can't be used again.
    let close = HeaderValue::from_static("close");
    Problem::new(StatusCode::BAD_REQUEST, "bad-form").header(axum::http::header::CONNECTION, close)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a form whose file may have eight bytes, or the code of why not.
    async fn taken(parts: &[(&str, &[u8])], end: &str) -> Result<Option<Uploaded>, &'static str> {
        let mut body = Vec::new();
        for (about, value) in parts {
            let head = format!("--edge\r\nContent-Disposition: form-data; {about}\r\n\r\n");
            body.extend([head.as_bytes(), value, b"\r\n"].concat());
        }
        body.extend(end.as_bytes());
        // In pieces, as it comes.
        let pieces: Vec<_> = body.chunks(7).map(|piece| Ok::<_, Broken>(piece.to_vec())).collect();
        let mut form = Multipart::new(stream::iter(pieces), "edge");
        read(&mut form, 8).await.map_err(|unread| match unread {
            Unread::Form(error) => problem(error).code(),
            Unread::Told(problem) => problem.code(),
        })
    }

    const FILE: (&str, &[u8]) = ("name=\"file\"; filename=\"a.txt\"", b"12345678");

    #[tokio::test]
    async fn a_form_brings_its_fields_and_one_file() {
        let form = taken(&[("name=\"form\"", b"x"), FILE], "--edge--\r\n").await.unwrap().unwrap();
        assert_eq!((form.fields["form"].as_str(), form.name.as_str()), ("x", "a.txt"));
        assert_eq!(form.bytes, FILE.1);
    }

    #[tokio::test]
    async fn more_than_a_file_may_have_is_not_read() {
        let large = ("name=\"file\"; filename=\"a.txt\"", b"123456789".as_slice());
        assert_eq!(taken(&[large], "--edge--\r\n").await, Ok(None));
    }

    #[tokio::test]
    async fn a_form_without_a_file_or_with_more_than_one_is_refused() {
        assert_eq!(taken(&[("name=\"form\"", b"x")], "--edge--\r\n").await, Err("file-missing"));
        let chosen = ("name=\"file\"; filename=\"\"", b"".as_slice());
        assert_eq!(taken(&[chosen], "--edge--\r\n").await, Err("file-missing"), "none was chosen");
        assert_eq!(taken(&[FILE, FILE], "--edge--\r\n").await, Err("bad-form"));
    }

    #[tokio::test]
    async fn a_form_that_is_broken_or_full_of_fields_is_refused() {
        assert_eq!(taken(&[FILE], "").await, Err("bad-form"), "it broke off");
        assert_eq!(taken(&[("name=\"form\"", b"\xff"), FILE], "--edge--\r\n").await, Err("bad-form"));
        let long = vec![b'x'; FIELDS];
        assert_eq!(taken(&[("name=\"form\"", &long), FILE], "--edge--\r\n").await, Err("bad-form"));
        let many = vec![("name=\"form\"", b"".as_slice()); FIELDS / 5 + 1];
        assert_eq!(taken(&many, "--edge--\r\n").await, Err("bad-form"));
    }
}
