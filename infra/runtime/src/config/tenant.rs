//! A tenant as configured: who it is, its language, zone and policy, and where its clock starts.

use std::{collections::BTreeMap, path::PathBuf};

use radslag_kernel::{Calendar, Instant};
use serde::{Deserialize, Serialize};

use crate::http::Language;

/// An organisation: a municipality, a region, a parliament.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Stands in URLs and folder names: 1 to 40 of a-z, 0-9 and `-`, beginning with a letter.
    pub id: String,
    /// As people know it.
    pub name: String,
    /// Language and country, as in `sv-SE`.
    #[serde(default = "swedish")]
    pub locale: String,
    /// IANA name of its time zone.
    #[serde(default = "stockholm")]
    pub zone: String,
    /// What its people find here: stands in the navigation of its pages.
    #[serde(default = "petitions")]
    pub offers: Vec<Offer>,
    /// The policy that new petitions are opened under.
    #[serde(default = "open")]
    pub policy: String,
    /// For demonstrations: the date (start of day in its zone) or RFC 3339 moment at which its clock first starts.
    pub as_of: Option<String>,
    /// For demonstrations: how far its clock is from the wall clock. Not with `as_of`.
    pub clock_offset_ms: Option<i64>,
    /// Areas by the beginning of a postcode, for breakdowns: `"211" = "Centrum"`. The longest that fits counts.
    #[serde(default)]
    pub areas: BTreeMap<String, String>,
    /// The mailbox of whoever is responsible for petitions: told of what can't wait, a handover that failed. Empty: nobody.
    #[serde(default)]
    pub contact: String,
    /// Its committees, as people know them: a petition can be put under one of them.
    #[serde(default)]
    pub committees: Vec<String>,
    /// What petitions can be about: each can be given some of these.
    #[serde(default)]
    pub topics: Vec<String>,
    /// A folder with its own guide, FAQ and terms in place of the shipped ones, each version a file:
    /// `terms/2.sv.md`, `guide/1.en.md`. The highest number holds; the others can still be read.
    pub texts: Option<PathBuf>,
    /// Of files that citizens attach.
    #[serde(default)]
    pub attachments: Attaching,
    /// Elected representatives: their comments carry the party, and questions can be assigned to them.
    #[serde(default)]
    pub politicians: Vec<Politician>,
    /// Other systems that read its events over NATS.
    #[serde(default)]
    pub integrations: Vec<Integration>,
}

/// What a tenant offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Offer {
    /// Petitions, by whatever name.
    Petitions,
    /// Questions to politicians and tips.
    Inquiries,
    /// Panels.
    Panels,
    /// Polls, surveys and budgets.
    Polls,
}

/// Another system that reads a tenant's events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// What people call it.
    pub name: String,
    /// Its public key on NATS: begins with `U`. `radslag bus key` makes one.
    pub nkey: String,
}

/// A tenant's own rule for files that citizens attach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attaching {
    /// Who looks at them.
    pub scan: Scan,
}

/// Who looks at files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scan {
    /// The scanner of the installation; without one no file is taken.
    #[default]
    Clamd,
    /// Nobody: files are taken as they come.
    None,
}

/// An elected representative. Their names and parties are public, their addresses aren't.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Politician {
    /// The issuer's name for them, as in their tokens.
    pub subject: String,
    /// As people know them.
    pub name: String,
    /// Label beside the name.
    pub party: String,
    /// Where they are told of a question; empty: nowhere.
    #[serde(default)]
    pub mailbox: String,
}

impl std::fmt::Debug for Politician {
    /// Never shows subject and address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Politician({}, {})", self.name, self.party)
    }
}

fn swedish() -> String {
    "sv-SE".into()
}

fn stockholm() -> String {
    "Europe/Stockholm".into()
}

fn petitions() -> Vec<Offer> {
    vec![Offer::Petitions, Offer::Inquiries]
}

fn open() -> String {
    "open".into()
}

impl Tenant {
    /// The elected representative with a token's subject.
    #[must_use]
    pub fn politician(&self, subject: &str) -> Option<&Politician> {
        self.politicians.iter().find(|politician| politician.subject == subject)
    }

    /// The language of its pages and mails: Swedish, or English for every other locale.
    #[must_use]
    pub fn language(&self) -> Language {
        if self.locale.starts_with("sv") { Language::Swedish } else { Language::English }
    }

    /// The calendar of its zone.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        // Checked when the configuration was loaded.
        Calendar::of(&self.zone).unwrap_or(Calendar::utc())
    }

    /// Where its clock first starts, if that isn't the wall clock.
    #[must_use]
    pub fn starts_at(&self) -> Option<Instant> {
        self.as_of.as_deref().and_then(|text| moment(text, &self.calendar()))
    }

    /// The area of a postcode; nothing if it isn't known.
    #[must_use]
    pub fn area(&self, postcode: &str) -> &str {
        let typed: String =
            postcode.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
        let fitting = self.areas.iter().filter(|(start, _)| typed.starts_with(start.as_str()));
        fitting.max_by_key(|(start, _)| start.len()).map_or("", |(_, area)| area)
    }

    /// The names of its areas, each once.
    #[must_use]
    pub fn area_names(&self) -> Vec<&str> {
        let names: std::collections::BTreeSet<&str> = self.areas.values().map(String::as_str).collect();
        names.into_iter().collect()
    }

    /// The first thing that is wrong with it: the key, and what.
    pub(super) fn fault(&self) -> Option<(&'static str, String)> {
        if !well_formed(&self.id) {
            return Some(("id", "an id is 1 to 40 of a-z, 0-9 and -, beginning with a letter".into()));
        }
        if self.name.trim().is_empty() {
            return Some(("name", "a tenant has a name".into()));
        }
        if !is_locale(&self.locale) {
            return Some(("locale", "expected a language and a country such as sv-SE".into()));
        }
        if Calendar::of(&self.zone).is_none() {
            return Some(("zone", format!("no time zone is called `{}`", self.zone)));
        }
        if self.as_of.is_some() && self.starts_at().is_none() {
            return Some(("as_of", "expected a date or a moment such as 2008-10-24T00:00:00Z".into()));
        }
        if self.as_of.is_some() && self.clock_offset_ms.is_some() {
            return Some(("clock_offset_ms", "a clock has as_of or an offset, not both".into()));
        }
        if self.texts.as_ref().is_some_and(|folder| !folder.is_dir()) {
            return Some(("texts", "there is no such folder".into()));
        }
        // Lists look for a topic between commas.
        if self.topics.iter().any(|topic| topic.trim().is_empty() || topic.contains([',', '%', '_'])) {
            return Some(("topics", "a topic is a name without `,`, `%` and `_`".into()));
        }
        for (n, Integration { name, nkey }) in self.integrations.iter().enumerate() {
            if name.trim().is_empty() || name.chars().any(char::is_control) {
                return Some(("integrations", "an integration has a name on one line".into()));
            }
            let again = self.integrations[..n].iter().any(|other| other.nkey == *nkey);
            if again || !radslag_bus::accounts::is_public_key(nkey) {
                let what = "expected a NATS user's public key, each once; `radslag bus key` makes one";
                return Some(("integrations", format!("{what} (of {name})")));
            }
        }
        None
    }
}

fn well_formed(id: &str) -> bool {
    (1..=40).contains(&id.len())
        && id.starts_with(|first: char| first.is_ascii_lowercase())
        && id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn is_locale(text: &str) -> bool {
    matches!(text.as_bytes(), [a, b, b'-', c, d]
        if [a, b].iter().all(|byte| byte.is_ascii_lowercase()) && [c, d].iter().all(|byte| byte.is_ascii_uppercase()))
}

fn moment(text: &str, calendar: &Calendar) -> Option<Instant> {
    if let Ok(date) = text.parse::<radslag_kernel::Date>()
        && text.len() == 10
    {
        return Some(calendar.start_of(date));
    }
    let millis = text.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    u64::try_from(millis).ok().map(Instant::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NKEY: &str = "UAAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB63NN";

    fn integrations(nkeys: &[&str]) -> Vec<Integration> {
        nkeys.iter().map(|nkey| Integration { name: "Statistics".into(), nkey: (*nkey).into() }).collect()
    }

    fn tenant() -> Tenant {
        Tenant {
            id: "malmo".into(),
            name: "Malmö stad".into(),
            locale: swedish(),
            zone: stockholm(),
            offers: petitions(),
            policy: "malmo".into(),
            as_of: None,
            clock_offset_ms: None,
            areas: BTreeMap::from([("21".into(), "Malmö".into()), ("211".into(), "Centrum".into())]),
            contact: String::new(),
            committees: Vec::new(),
            topics: Vec::new(),
            texts: None,
            attachments: Attaching::default(),
            politicians: Vec::new(),
            integrations: Vec::new(),
        }
    }

    #[test]
    fn an_area_is_that_of_the_longest_beginning_and_unknown_is_a_value() {
        let tenant = tenant();
        assert_eq!(
            ["211 44", "21899", "411 01", ""].map(|code| tenant.area(code)),
            ["Centrum", "Malmö", "", ""]
        );
    }

    #[test]
    fn a_clock_may_start_at_a_date_or_a_moment() {
        let starts = |text: &str| Tenant { as_of: Some(text.into()), ..tenant() }.starts_at();
        let shown = |text| starts(text).map(|at| at.to_string());
        assert_eq!(shown("2008-10-24").as_deref(), Some("2008-10-23T22:00:00.000Z"));
        assert_eq!(shown("2008-10-24T12:00:00Z").as_deref(), Some("2008-10-24T12:00:00.000Z"));
        assert_eq!(shown("yesterday"), None);
    }

    #[test]
    fn each_fault_of_a_tenant_is_named() {
        let table = [
            (Tenant { id: "../etc".into(), ..tenant() }, Some("id")),
            (Tenant { id: String::new(), ..tenant() }, Some("id")),
            (Tenant { name: " ".into(), ..tenant() }, Some("name")),
            (Tenant { locale: "Klingon".into(), ..tenant() }, Some("locale")),
            (Tenant { zone: "Mars/Olympus".into(), ..tenant() }, Some("zone")),
            (Tenant { as_of: Some("soon".into()), ..tenant() }, Some("as_of")),
            (
                Tenant { as_of: Some("2008-10-24".into()), clock_offset_ms: Some(1), ..tenant() },
                Some("clock_offset_ms"),
            ),
            (Tenant { texts: Some("/nowhere/at/all".into()), ..tenant() }, Some("texts")),
            (Tenant { topics: vec!["Trafik, park".into()], ..tenant() }, Some("topics")),
            (Tenant { integrations: integrations(&["not-a-key"]), ..tenant() }, Some("integrations")),
            (Tenant { integrations: integrations(&[NKEY, NKEY]), ..tenant() }, Some("integrations")),
            (Tenant { integrations: integrations(&[NKEY]), ..tenant() }, None),
            (tenant(), None),
        ];
        for (tenant, key) in table {
            assert_eq!(tenant.fault().map(|(key, _)| key), key, "{tenant:?}");
        }
    }
}
