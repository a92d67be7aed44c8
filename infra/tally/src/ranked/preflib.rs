//! Rankings as PrefLib has them: `.soc`, `.soi`, `.toc`, `.toi` (strict or with ties, complete or incomplete), in its format
//! since 2022: lines `# KEY: value`, then `count: 1,2,{3,4}` with alternatives from 1.

use super::{
    ballot::{Place, Refusal},
    profile::{MAX_ALTERNATIVES, Profile},
};

/// What a file says.
#[derive(Clone, Debug)]
pub struct PrefLib {
    /// `TITLE`.
    pub title: String,
    /// Names of the alternatives, in order; the number of one that has none.
    pub names: Vec<String>,
    /// The ballots.
    pub profile: Profile,
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// From 1; none where it isn't a line that is wrong.
    pub line: Option<u64>,
    /// What.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It isn't UTF-8.
    #[error("it is not UTF-8 text")]
    Encoding,
    /// A key has to be there.
    #[error("`# {0}` is missing")]
    Missing(&'static str),
    /// It isn't a whole number from 0.
    #[error("`{0}` is not a number")]
    NotANumber(String),
    /// There are too many alternatives.
    #[error("{0} alternatives, and at most {MAX_ALTERNATIVES} are counted")]
    TooMany(usize),
    /// The data isn't orders.
    #[error("`{0}` is none of soc, soi, toc, toi")]
    Kind(String),
    /// A line isn't `count: order`.
    #[error("this is not `count: order`")]
    Order,
    /// The ballot isn't a ranking.
    #[error("{0}")]
    Ballot(#[from] Refusal),
    /// A tie, where the kind of data has none.
    #[error("a tie, which {0} has not")]
    Tie(Kind),
    /// Not all are ranked, where the kind of data ranks all.
    #[error("not all are ranked, as {0} has it")]
    Incomplete(Kind),
    /// There aren't as many as the file says: it may have been cut.
    #[error("the file says {said} for `# {key}`, and there are {found}")]
    Count {
        /// Of what.
        key: &'static str,
        /// As it says.
        said: u64,
        /// As there are.
        found: u64,
    },
}

/// Which orders a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Several may share a place.
    ties: bool,
    /// All are ranked.
    complete: bool,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.ties { "to" } else { "so" })?;
        f.write_str(if self.complete { "c" } else { "i" })
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.problem),
            None => self.problem.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl Problem {
    const fn on(self, line: Option<u64>) -> Error {
        Error { line, problem: self }
    }
}

/// What stands before the orders.
#[derive(Default)]
struct Head {
    title: String,
    kind: Option<Kind>,
    alternatives: Option<usize>,
    voters: Option<u64>,
    unique: Option<u64>,
    names: Vec<(usize, String)>,
}

/// Reads a file.
///
/// # Errors
/// With the line, where there is one.
pub fn parse(bytes: &[u8]) -> Result<PrefLib, Error> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        Problem::Encoding.on(Some(before as u64 + 1))
    })?;
    let mut head = Head::default();
    let mut orders = Vec::new();
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines().map(str::trim)) {
        match text.strip_prefix('#') {
            Some(said) => head.take(said).map_err(|problem| problem.on(Some(line)))?,
            None if text.is_empty() => {}
            None => orders.push((line, text)),
        }
    }
    let missing = |key| Problem::Missing(key).on(None);
    let alternatives = head.alternatives.ok_or_else(|| missing("NUMBER ALTERNATIVES"))?;
    let kind = head.kind.ok_or_else(|| missing("DATA TYPE"))?;
    let mut profile = Profile::new(alternatives).ok_or_else(|| Problem::TooMany(alternatives).on(None))?;
    for (line, text) in &orders {
        put(&mut profile, kind, text).map_err(|problem| problem.on(Some(*line)))?;
    }
    let counts = [
        ("NUMBER VOTERS", head.voters, profile.voters()),
        ("NUMBER UNIQUE ORDERS", head.unique, orders.len() as u64),
    ];
    for (key, said, found) in counts {
        if let Some(said) = said.filter(|said| *said != found) {
            return Err(Problem::Count { key, said, found }.on(None));
        }
    }
    let mut names: Vec<String> = (1..=alternatives).map(|number| number.to_string()).collect();
    for (number, name) in head.names {
        if let Some(known) = number.checked_sub(1).and_then(|at| names.get_mut(at)) {
            *known = name;
        }
    }
    Ok(PrefLib { title: head.title, names, profile })
}

impl Head {
    fn take(&mut self, said: &str) -> Result<(), Problem> {
        let Some((key, value)) = said.split_once(':') else { return Ok(()) };
        let (key, value) = (key.trim(), value.trim());
        match key {
            "TITLE" => self.title = value.to_owned(),
            "DATA TYPE" => self.kind = Some(Kind::parse(value)?),
            "NUMBER ALTERNATIVES" => {
                self.alternatives = Some(usize::try_from(number(value)?).unwrap_or(usize::MAX));
            }
            "NUMBER VOTERS" => self.voters = Some(number(value)?),
            "NUMBER UNIQUE ORDERS" => self.unique = Some(number(value)?),
            _ => {
                if let Some(of) = key.strip_prefix("ALTERNATIVE NAME") {
                    let of = usize::try_from(number(of.trim())?).unwrap_or(usize::MAX);
                    self.names.push((of, value.to_owned()));
                }
            }
        }
        Ok(())
    }
}

impl Kind {
    fn parse(text: &str) -> Result<Self, Problem> {
        match text {
            "soc" => Ok(Self { ties: false, complete: true }),
            "soi" => Ok(Self { ties: false, complete: false }),
            "toc" => Ok(Self { ties: true, complete: true }),
            "toi" => Ok(Self { ties: true, complete: false }),
            other => Err(Problem::Kind(other.to_owned())),
        }
    }
}

fn put(profile: &mut Profile, kind: Kind, text: &str) -> Result<(), Problem> {
    let (count, mut rest) = text.split_once(':').ok_or(Problem::Order)?;
    let voters = number(count.trim())?;
    let mut ballot = Vec::new();
    let mut place = 0_u16;
    rest = rest.trim();
    while !rest.is_empty() {
        let (tied, after) = match rest.strip_prefix('{') {
            Some(inside) => inside.split_once('}').ok_or(Problem::Order)?,
            None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
        };
        place = place.checked_add(1).ok_or(Problem::Order)?;
        for one in tied.split(',') {
            let number = number(one.trim())?;
            let alternative = number.checked_sub(1).and_then(|at| u16::try_from(at).ok());
            let unknown = Refusal::UnknownOption(u16::try_from(number).unwrap_or(u16::MAX));
            ballot.push(Place { place, alternative: alternative.ok_or(unknown)? });
        }
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(next) if !next.trim().is_empty() => next.trim_start(),
            None if after.is_empty() => after,
            _ => return Err(Problem::Order),
        };
    }
    if !kind.ties && ballot.len() != usize::from(place) {
        return Err(Problem::Tie(kind));
    }
    let complete = ballot.len() >= profile.alternatives();
    profile.add(voters, ballot)?;
    if kind.complete && !complete { Err(Problem::Incomplete(kind)) } else { Ok(()) }
}

fn number(text: &str) -> Result<u64, Problem> {
    let not = || Problem::NotANumber(text.to_owned());
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().map_err(|_| not()) } else { Err(not()) }
}
