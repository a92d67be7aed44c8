//! Who calls: tokens of eID sessions and officials, verified here and nowhere else.
//!
//! A token is a JWT signed with Ed25519 (or ES256, where the issuer's key set has such a key). `iss`, `aud`, `exp`,
//! `nbf`, `sub` and `tenant` must all be there and right, by the **wall** clock and not a tenant's demonstration
//! clock, give or take [`LEEWAY_S`] seconds. Why a token is refused stands in the log only, and never the token.

mod cache;
mod issue;
mod keys;
mod session;
mod verify;

pub use issue::{Grant, IssueError, Issuer};
pub use keys::KeyError;
pub use session::Sessions;
pub use verify::{Clock, Denied, Verifier};

use radslag_kernel::{ItemId, Role};

/// Seconds by which the issuer's clock and ours may differ.
pub const LEEWAY_S: u64 = 30;

/// The longest token that is looked at, in bytes.
pub const TOKEN_LIMIT_BYTES: usize = 8 * 1024;

/// Who a valid token speaks for.
#[derive(Clone, PartialEq, Eq)]
pub struct Principal {
    /// The tenant it holds for.
    pub tenant: String,
    /// The issuer's name for the person or system. Personal data.
    pub subject: String,
    /// What it may act as. [`Role::System`] and [`Role::Initiator`] are never given by a token: the one is the
    /// service itself, the other is who started a petition.
    pub roles: Vec<Role>,
    /// As the issuer knows the person. Personal data.
    pub name: Option<String>,
    /// How surely the issuer knows it.
    pub assurance: Option<Assurance>,
    /// By what it was proven.
    pub means: Means,
}

/// By what somebody proved who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Means {
    /// A token of the issuer: the subject is a person, an official or a system.
    #[default]
    Issuer,
    /// A one-time link to a mailbox: the subject is the mailbox as it was typed, the role a citizen's.
    Mailbox {
        /// Of the session.
        session: ItemId,
    },
}

impl Principal {
    /// Whether it may act in a role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

impl std::fmt::Debug for Principal {
    /// Never shows who it is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Principal({}, {:?})", self.tenant, self.roles)
    }
}

/// How surely a person is known (claim `acr`): eIDAS's levels, or the Swedish ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assurance {
    /// `low`, `loa2`.
    Low,
    /// `substantial`, `loa3`.
    Substantial,
    /// `high`, `loa4`.
    High,
}

impl Assurance {
    /// The level of an `acr`: one of the words above, also as the last part of a URI; `None` if it is another.
    #[must_use]
    pub fn of(acr: &str) -> Option<Self> {
        match acr.rsplit(['/', ':']).next()? {
            "low" | "loa2" => Some(Self::Low),
            "substantial" | "loa3" => Some(Self::Substantial),
            "high" | "loa4" => Some(Self::High),
            _ => None,
        }
    }

    /// The word that [`Assurance::of`] reads.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Substantial => "substantial",
            Self::High => "high",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_assurance_have_european_and_swedish_names() {
        assert_eq!(Assurance::of("http://id.elegnamnden.se/loa/1.0/loa3"), Some(Assurance::Substantial));
        assert_eq!(Assurance::of("http://eidas.europa.eu/LoA/high"), Some(Assurance::High));
        assert_eq!(Assurance::of("loa1"), None);
        for level in [Assurance::Low, Assurance::Substantial, Assurance::High] {
            assert_eq!(Assurance::of(level.word()), Some(level));
        }
    }

    #[test]
    fn a_principal_is_never_shown() {
        let principal = Principal {
            tenant: "malmo".into(),
            subject: "199001011234".into(),
            roles: vec![Role::Citizen],
            name: Some("Anna".into()),
            assurance: None,
            means: Means::Issuer,
        };
        assert_eq!(format!("{principal:?}"), "Principal(malmo, [Citizen])");
    }
}
