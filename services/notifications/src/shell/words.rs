//! The words a tenant's letters are written in: their own wording of a template, or the shipped one.

use radslag_kernel::{Actor, AggregateId, Role};
use radslag_runtime::{execute::Undone, service::Failure};

use crate::{
    shell::{Asked, Done, Office, Wrong, command::On},
    templates,
    wording::{self, Command, Wording},
};

/// The stream of a template in a language.
#[must_use]
pub fn stream(template: &str, language: &str) -> String {
    format!("template-{template}-{language}")
}

/// `sv`, or `en` for any other.
#[must_use]
pub fn language(wanted: &str) -> &'static str {
    if wanted.starts_with("sv") { "sv" } else { "en" }
}

impl Office {
    /// A template as it holds, and whether it is the tenant's own; `None` if there is none of that name.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn template(&self, name: &str, wanted: &str) -> Result<Option<(String, bool)>, Failure> {
        let language = language(wanted);
        let Some(shipped) = templates::shipped(name, language) else { return Ok(None) };
        let (_, wording::State(own)) = self.state::<wording::Decider>(&stream(name, language))?;
        Ok(Some(own.map_or_else(|| (shipped.to_owned(), false), |own| (own, true))))
    }

    /// An official writes their own, or (without a text) takes the shipped one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn word(
        &self,
        asked: &Asked,
        (who, role): (&str, Role),
        (name, wanted): (&str, &str),
        text: Option<String>,
    ) -> Result<Done, Undone<Wrong>> {
        let (language, by) = (language(wanted), self.staff(who));
        if templates::shipped(name, language).is_none() {
            return Err(Undone::Refused(Wrong::Unknown));
        }
        let stream = stream(name, language);
        let aggregate = AggregateId::from_bytes(self.commands.short("template", &stream));
        let on = On { stream, aggregate, actor: Actor { role, subject: by }, asked };
        self.command::<wording::Decider>(on, |found| match &text {
            Some(text) => {
                let (template, language) = (name.to_owned(), language.to_owned());
                let wording = Wording { template, language, text: text.clone() };
                Command::Edit { at: found.at, by, key: found.key(), wording }
            }
            None => Command::Reset { at: found.at, by },
        })
        .await
    }
}
