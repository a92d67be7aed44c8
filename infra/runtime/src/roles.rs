//! Who may do what: the table of `roles.toml`, role x command. What isn't listed is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use radslag_kernel::Role;
use serde::Deserialize;

use crate::Principal;
use crate::said::{Said, nearest};

/// The table shipped with the product.
const SHIPPED: &str = include_str!("roles.toml");

/// The table, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    commands: BTreeMap<String, Command>,
    roles: BTreeMap<Role, Allowed>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Command {
    does: String,
    four_eyes: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Allowed {
    why: String,
    may: BTreeSet<String>,
}

#[derive(Deserialize)]
struct File {
    role: BTreeMap<String, FileRole>,
    #[serde(flatten)]
    services: BTreeMap<String, BTreeMap<String, FileCommand>>,
}

#[derive(Deserialize)]
struct FileRole {
    why: String,
    #[serde(flatten)]
    services: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FileCommand {
    Short(String),
    Long(Long),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Long {
    does: String,
    #[serde(default)]
    four_eyes: bool,
}

impl Roles {
    /// The table shipped with the product.
    ///
    /// # Errors
    /// If it is wrong, which the tests rule out.
    pub fn shipped() -> Result<Self, RolesError> {
        Self::parse(SHIPPED)
    }

    /// A table of one's own.
    ///
    /// # Errors
    /// If it names a role or command that isn't there, leaves a role out, or says something twice.
    pub fn parse(text: &str) -> Result<Self, RolesError> {
        let file: File = toml::from_str(text)
            .map_err(|error| RolesError::NotATable(Said::of(error.message()).sentence()))?;
        let mut commands = BTreeMap::new();
        for (service, listed) in file.services {
            for (name, command) in listed {
                let command = match command {
                    FileCommand::Short(does) => Command { does, four_eyes: false },
                    FileCommand::Long(Long { does, four_eyes }) => Command { does, four_eyes },
                };
                commands.insert(format!("{service}.{name}"), command);
            }
        }
        let mut roles = BTreeMap::new();
        for (word, listed) in file.role {
            let Ok(role) = word.parse::<Role>() else {
                let known: Vec<String> = Role::ALL.iter().map(|role| role.word().to_owned()).collect();
                return Err(RolesError::unknown("role", &word, &known));
            };
            roles.insert(role, allowed(role, listed, &commands)?);
        }
        if let Some(role) = Role::ALL.iter().find(|role| !roles.contains_key(role)) {
            return Err(RolesError::Forgotten(role.word()));
        }
        Ok(Self { commands, roles })
    }

    /// Whether a role may do a command, written `<service>.<command>`. What isn't listed is refused.
    #[must_use]
    pub fn allows(&self, role: Role, command: &str) -> bool {
        self.roles.get(&role).is_some_and(|allowed| allowed.may.contains(command))
    }

    /// The first of somebody's roles that may do a command: the role they act in.
    ///
    /// # Errors
    /// If none of them may.
    pub fn permit(&self, principal: &Principal, command: &str) -> Result<Role, NotPermitted> {
        principal.roles.iter().copied().find(|role| self.allows(*role, command)).ok_or(NotPermitted)
    }

    /// Whether a command is asked for by one person and confirmed by another.
    #[must_use]
    pub fn needs_four_eyes(&self, command: &str) -> bool {
        self.commands.get(command).is_some_and(|command| command.four_eyes)
    }

    /// Checks at start that the table knows the commands a service asks it about.
    ///
    /// # Errors
    /// The first it doesn't know.
    pub fn must_know(&self, commands: &[&str]) -> Result<(), RolesError> {
        let known: Vec<String> = self.commands.keys().cloned().collect();
        match commands.iter().find(|command| !self.commands.contains_key(**command)) {
            Some(command) => Err(RolesError::unknown("command", command, &known)),
            None => Ok(()),
        }
    }

    /// The table for people, as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::from(
            "# Who may do what\n\nMade from `infra/runtime/src/roles.toml`; a test compares. What isn't listed is refused.\n",
        );
        for (role, allowed) in &self.roles {
            // Written: a String takes everything.
            let _ = write!(text, "\n## {}\n{}.\n", role.word(), allowed.why);
            if allowed.may.is_empty() {
                text.push_str("\nMay do nothing of what is listed.\n");
                continue;
            }
            text.push_str("\n| command | what it does | four eyes |\n|---|---|---|\n");
            for name in &allowed.may {
                if let Some(command) = self.commands.get(name) {
                    let eyes = if command.four_eyes { "yes" } else { "" };
                    let _ = writeln!(text, "| `{name}` | {} | {eyes} |", command.does);
                }
            }
        }
        text
    }
}

fn allowed(
    role: Role,
    listed: FileRole,
    commands: &BTreeMap<String, Command>,
) -> Result<Allowed, RolesError> {
    let known: Vec<String> = commands.keys().cloned().collect();
    let mut may = BTreeSet::new();
    for (service, names) in listed.services {
        for name in names {
            let command = format!("{service}.{name}");
            if !commands.contains_key(&command) {
                return Err(RolesError::unknown("command", &command, &known));
            }
            if !may.insert(command.clone()) {
                return Err(RolesError::Twice { role: role.word(), command });
            }
        }
    }
    Ok(Allowed { why: listed.why, may })
}

/// None of somebody's roles may do that. Answered `403 not-permitted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("none of the roles may do this")]
pub struct NotPermitted;

/// What is wrong with a table of roles. The product doesn't start with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RolesError {
    /// Not the shape of such a table.
    #[error("roles.toml: {0}")]
    NotATable(String),
    /// A name nobody knows.
    #[error("roles.toml: no {kind} is called `{name}`{}", suggestion.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// `role` or `command`.
        kind: &'static str,
        /// As written.
        name: String,
        /// The nearest known one.
        suggestion: Option<String>,
    },
    /// A role that isn't in the file: even one that may do nothing is listed.
    #[error("roles.toml: the role `{0}` isn't listed; one that may do nothing has empty lists")]
    Forgotten(&'static str),
    /// The same command twice for one role.
    #[error("roles.toml: `{command}` is listed twice for `{role}`")]
    Twice {
        /// Whose list.
        role: &'static str,
        /// Which command.
        command: String,
    },
}

impl RolesError {
    fn unknown(kind: &'static str, name: &str, known: &[String]) -> Self {
        Self::Unknown { kind, name: name.into(), suggestion: nearest(name, known).map(Into::into) }
    }
}
