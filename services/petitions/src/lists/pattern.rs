//! What an entry is about: a network by CIDR, a mail domain or a mailbox by glob.

use std::fmt;

use ipnet::IpNet;

use crate::{glob, lists::refusal::Refusal, mailbox};

/// Characters of a pattern at most.
const LONGEST: usize = 254;
/// Networks wider than these would be a country's.
const WIDEST: (u8, u8) = (8, 16);

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Where it comes from.
    Network,
    /// After the `@`.
    Domain,
    /// The whole address.
    Mailbox,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Network, Self::Domain, Self::Mailbox];

    /// The word in answers and in the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Domain => "domain",
            Self::Mailbox => "mailbox",
        }
    }

    /// The one with a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Who hands something in, as lists see them.
#[derive(Clone, PartialEq, Eq)]
pub struct Submitter {
    /// The address as a network of one; IPv4 written as IPv6 is IPv4.
    pub address: IpNet,
    /// As typed.
    pub mailbox: String,
}

/// Whom an entry is about. Personal data when it names a mailbox or a home: it shows itself only to whoever asks by name.
#[derive(Clone, PartialEq, Eq)]
pub enum Pattern {
    /// In it.
    Network(IpNet),
    /// Glob.
    Domain(String),
    /// Glob, compared with the address as typed and in its canonical form.
    Mailbox(String),
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pattern(..)")
    }
}

impl fmt::Display for Pattern {
    /// As it is kept and parsed again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(f),
            Self::Domain(glob) | Self::Mailbox(glob) => f.write_str(glob),
        }
    }
}

impl Pattern {
    /// From what an official typed.
    ///
    /// # Errors
    /// `PatternMalformed`, `PatternTooWide`.
    pub fn parse(kind: Kind, typed: &str) -> Result<Self, Refusal> {
        let typed = typed.trim().to_lowercase();
        let odd = typed.is_empty()
            || typed.chars().count() > LONGEST
            || typed.contains(|c: char| c.is_whitespace() || c.is_control());
        match kind {
            _ if odd => Err(Refusal::PatternMalformed),
            Kind::Network => network(&typed),
            Kind::Domain if typed.contains('@') => Err(Refusal::PatternMalformed),
            Kind::Mailbox if !typed.contains('@') => Err(Refusal::PatternMalformed),
            Kind::Domain | Kind::Mailbox if glob::is_too_wide(&typed) => Err(Refusal::PatternTooWide),
            Kind::Domain => Ok(Self::Domain(typed)),
            Kind::Mailbox => Ok(Self::Mailbox(typed)),
        }
    }

    /// Whether somebody is whom it is about.
    #[must_use]
    pub fn is_about(&self, submitter: &Submitter) -> bool {
        match self {
            Self::Network(network) => network.contains(&submitter.address),
            Self::Domain(_) | Self::Mailbox(_) => self.names(&submitter.mailbox),
        }
    }

    /// Whether it is about a mailbox, wherever it is used from.
    #[must_use]
    pub fn names(&self, typed: &str) -> bool {
        let canonical = || mailbox::canonical(typed);
        match self {
            Self::Network(_) => false,
            Self::Domain(glob) => {
                let domain = |mailbox: &str| {
                    mailbox.rsplit_once('@').is_some_and(|(_, domain)| glob::matches(glob, domain))
                };
                domain(typed.trim()) || domain(&canonical())
            }
            Self::Mailbox(glob) => {
                let own = mailbox::canonical(glob);
                glob::matches(glob, typed.trim()) || glob::matches(&own, &canonical())
            }
        }
    }
}

/// CIDR, one address, or IPv4 with stars for its last parts.
fn network(typed: &str) -> Result<Pattern, Refusal> {
    let parse = |text: String| text.parse::<IpNet>().ok();
    let starred = || {
        let kept: Vec<&str> = typed.split('.').take_while(|part| *part != "*").collect();
        let stars = typed.split('.').skip(kept.len());
        let whole =
            typed.split('.').count() == 4 && !kept.is_empty() && stars.clone().all(|part| part == "*");
        let filled = kept.iter().copied().chain(stars.map(|_| "0")).collect::<Vec<_>>().join(".");
        whole.then(|| parse(format!("{filled}/{}", kept.len() * 8))).flatten()
    };
    let found = parse(typed.to_owned())
        .or_else(|| parse(format!("{typed}/32")))
        .or_else(|| parse(format!("{typed}/128")))
        .or_else(starred)
        .ok_or(Refusal::PatternMalformed)?
        .trunc();
    let narrowest = match found {
        IpNet::V4(_) => WIDEST.0,
        IpNet::V6(_) => WIDEST.1,
    };
    if found.prefix_len() < narrowest { Err(Refusal::PatternTooWide) } else { Ok(Pattern::Network(found)) }
}
