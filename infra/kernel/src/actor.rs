//! Who acts: a role and a reference that means nothing outside the service that wrote it.

use crate::id::SubjectId;

/// Somebody's act, as it stands in a public header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// In which role.
    pub role: Role,
    /// A citizen's per-signature subject, or an official's per-service id.
    pub subject: SubjectId,
}

impl Actor {
    /// The service itself: timers and reactions.
    pub const SYSTEM: Self = Self { role: Role::System, subject: SubjectId::from_bytes([0; 16]) };
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $word:literal;)*) => {
        /// The roles of `roles.toml`. Numbers stand in headers and are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role { $($(#[$doc])* $name = $number),* }

        impl Role {
            /// Every role, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word used in tokens, in `roles.toml` and in answers.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// The role of a header's number.
            #[must_use]
            pub const fn from_number(number: u32) -> Option<Self> {
                match number { $($number => Some(Self::$name),)* _ => None }
            }
        }

        impl Role {
            /// Whether it is a person who acts for themselves: nothing may join what they do to anything else.
            #[must_use]
            pub const fn is_citizen(self) -> bool {
                matches!(self, Self::Citizen | Self::Initiator)
            }
        }

        impl std::str::FromStr for Role {
            type Err = UnknownRole;
            fn from_str(word: &str) -> Result<Self, UnknownRole> {
                match word { $($word => Ok(Self::$name),)* _ => Err(UnknownRole) }
            }
        }
    };
}

roles! {
    /// The service itself.
    System = 0, "system";
    /// Anyone who signs, answers or asks.
    Citizen = 1, "citizen";
    /// Who started the petition.
    Initiator = 2, "initiator";
    /// Reviews petitions and comments.
    Moderator = 3, "moderator";
    /// Handläggare: prepares the answer.
    Official = 4, "official";
    /// Keeps the register of received documents.
    Registrar = 5, "registrar";
    /// Secretary of a committee.
    Secretary = 6, "secretary";
    /// Leads a panel.
    PanelLeader = 7, "panel-leader";
    /// Elected representative.
    Politician = 8, "politician";
    /// Reads everything that is not a person's own.
    Auditor = 9, "auditor";
    /// Keeps and destroys by decision.
    Archivist = 10, "archivist";
    /// Answers for personal data.
    DataProtectionOfficer = 11, "data-protection-officer";
    /// Runs the tenant.
    TenantAdministrator = 12, "tenant-administrator";
    /// Another system.
    Integration = 13, "integration";
}

/// No role has that word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRole;

impl std::fmt::Display for UnknownRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no role has that name")
    }
}

impl std::error::Error for UnknownRole {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_survives_its_number_and_its_word() {
        for role in Role::ALL {
            assert_eq!(Role::from_number(*role as u32), Some(*role));
            assert_eq!(role.word().parse(), Ok(*role));
        }
        assert_eq!(Role::from_number(999), None);
        assert_eq!("emperor".parse::<Role>(), Err(UnknownRole));
    }
}
