//! Words for people: where letters and mailings stand, and why a letter wasn't sent, in Swedish and English.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

/// A word in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Where a letter stands, by `Standing::word`.
    pub state: BTreeMap<String, Label>,
    /// Why a letter wasn't sent, by `Reason::word`.
    pub reason: BTreeMap<String, Label>,
    /// Where a mailing stands.
    pub mailing: BTreeMap<String, Label>,
    /// What a letter is about, by its template; `reply` is any answer to somebody who handed something in.
    pub template: BTreeMap<String, Label>,
}

impl Catalogue {
    /// The catalogue that is shipped.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Catalogue> =
            LazyLock::new(|| toml::from_str(include_str!("../catalogue.toml")).unwrap_or_default());
        &SHIPPED
    }
}

#[cfg(test)]
mod tests {
    use radslag_kernel::Instant;

    use super::*;
    use crate::{
        delivery::{Reason, Standing},
        templates::{REPLIES, TEMPLATES},
    };

    #[test]
    fn every_state_and_every_reason_has_its_words() {
        let catalogue = Catalogue::shipped();
        let states = [
            Standing::Planned { due_at: Instant::from_millis(0) },
            Standing::Attempting,
            Standing::Sent,
            Standing::Failed,
            Standing::Bounced,
            Standing::Skipped,
            Standing::InDoubt,
            Standing::Erased,
        ];
        let words = |labels: &BTreeMap<String, Label>| labels.keys().cloned().collect::<Vec<_>>();
        let mut known: Vec<_> = states.iter().map(|state| state.word().to_owned()).collect();
        known.sort();
        assert_eq!(words(&catalogue.state), known);
        let mut reasons: Vec<_> = Reason::ALL.iter().map(|reason| reason.word().to_owned()).collect();
        reasons.sort();
        assert_eq!(words(&catalogue.reason), reasons);
        assert_eq!(words(&catalogue.mailing), ["cancelled", "draft", "running", "sent"]);
        let told = TEMPLATES.iter().map(|(name, ..)| *name).filter(|name| !REPLIES.contains(name));
        let mut templates: Vec<&str> = told.chain(["reply", "erased"]).collect();
        templates.sort_unstable();
        assert_eq!(words(&catalogue.template), templates);
    }
}
