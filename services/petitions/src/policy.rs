//! Policies: the numbers and choices of a tenant, as versioned data. A petition keeps the one it was handed in under.

use std::sync::LazyLock;

use radslag_kernel::{Date, time};
use serde::Deserialize;

/// Both languages of a label.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

impl Label {
    /// In a language (`sv` or `en`); English for any other.
    #[must_use]
    pub fn lang(&self, lang: &str) -> &str {
        if lang.starts_with("sv") { &self.sv } else { &self.en }
    }
}

/// How an initiator shows that they may start a petition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// They say so, and confirm a mailbox.
    #[default]
    Declared,
    /// By eID.
    Eid,
    /// By the population register.
    Register,
}

/// How long a petition is open, as its initiator chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Calendar months from the day it opens.
    Months(u32),
    /// Days from the day it opens.
    Days(u32),
    /// To the end of a date.
    Until(Date),
}

impl Length {
    /// The last day to sign of a petition that opens on a date.
    #[must_use]
    pub fn last_day(self, opens_on: Date) -> Date {
        match self {
            Self::Months(months) => time::plus_months(opens_on, months),
            Self::Days(days) => time::plus_days(opens_on, days),
            Self::Until(date) => date,
        }
    }
}

/// What a policy says that doesn't say otherwise, and what those handed in before it was asked kept.
pub const FORM_SECONDS: u32 = 3;
/// The same of how long a decision can be objected to: three weeks, as of appeals (förvaltningslagen 2017:900, 44 §).
pub const OBJECTION_DAYS: u32 = 21;

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Lower case, for example `malmo-2008`.
    pub id: String,
    /// From 1.
    pub version: u32,
    /// For people. Not kept by petitions.
    #[serde(default)]
    pub label: Label,
    /// Who may start one.
    pub initiator: Proof,
    /// May be signed by mailbox.
    pub mailbox: bool,
    /// May be signed by eID.
    pub eid: bool,
    /// A postcode is asked for; then a mailbox has a second slot.
    pub postcode: bool,
    /// A signer may show an alias.
    pub alias: bool,
    /// A signer may show nothing.
    pub anonymous: bool,
    /// The initiator is counted, and the count starts at 1.
    pub initiator_counts: bool,
    /// Votes against are taken too, and counted apart: only those for it move anything.
    #[serde(default)]
    pub votes_against: bool,
    /// Months to choose from.
    #[serde(default)]
    pub months: Vec<u32>,
    /// Days to choose from.
    #[serde(default)]
    pub days: Vec<u32>,
    /// A free end date at most so many months away; 0 = none.
    #[serde(default)]
    pub until_months: u32,
    /// Signatures for an answer; 0 = no threshold.
    #[serde(default)]
    pub answer_at: u64,
    /// Signatures for a debate; 0 = no threshold.
    #[serde(default)]
    pub debate_at: u64,
    /// Signing ends when the answer threshold is reached.
    #[serde(default)]
    pub close_at_threshold: bool,
    /// Supporters besides the initiator before a review; 0 = none.
    #[serde(default)]
    pub supporters: u32,
    /// Signatures at most before the review, the initiator's among them.
    #[serde(default)]
    pub supporters_max: u32,
    /// Days in which supporters are found.
    #[serde(default = "days_90")]
    pub supporters_days: u32,
    /// Signatures for an answer, per mille of a frozen count of who may vote; 0 = `answer_at` alone.
    #[serde(default)]
    pub answer_per_mille: u32,
    /// Only signatures of so many months back count for an answer; 0 = all.
    #[serde(default)]
    pub window_months: u32,
    /// It isn't signed: an answer is due from the day it is published.
    #[serde(default)]
    pub unsigned: bool,
    /// Months in which it is to be decided; 0 = no such time.
    #[serde(default)]
    pub decision_months: u32,
    /// Days a draft is kept without a change.
    #[serde(default = "days_90")]
    pub draft_days: u32,
    /// Days in which the initiator confirms.
    #[serde(default = "days_30")]
    pub submitted_days: u32,
    /// Days in which a moderator decides; later is overdue.
    #[serde(default = "days_14")]
    pub review_days: u32,
    /// Days in which a returned petition may be handed in again.
    #[serde(default = "days_29")]
    pub returned_days: u32,
    /// Days an opening may be planned ahead.
    #[serde(default = "days_90")]
    pub opening_days: u32,
    /// Hours in which a request is confirmed.
    #[serde(default = "hours_24")]
    pub confirm_hours: u32,
    /// Hours after the deadline in which earlier requests are still confirmed.
    #[serde(default = "hours_24")]
    pub counting_hours: u32,
    /// Working days in which a case system acknowledges a handover; 0 = 5, as in petitions from before it was a choice.
    #[serde(default)]
    pub receipt_days: u32,
    /// Days in which a committee answers, from its receipt; 0 = no clock unless the handover names a date.
    #[serde(default)]
    pub answer_days: u32,
    /// Seconds in which nobody fills a form in: faster is set aside.
    #[serde(default = "seconds_3")]
    pub form_seconds: u32,
    /// Days in which a decision can be objected to.
    #[serde(default = "days_21")]
    pub objection_days: u32,
    /// Registering, checking, settling and accepting lists on paper takes a ground, as other acts of officials do.
    #[serde(default)]
    pub paper_grounds: bool,
    /// Files that may be attached; 0 = none.
    #[serde(default)]
    pub attachments: u32,
    /// Bytes of each.
    #[serde(default)]
    pub attachment_bytes: u32,
    /// Links that may stand beside the texts; 0 = none.
    #[serde(default)]
    pub links: u32,
    /// Mails per slot.
    #[serde(default = "mails_5")]
    pub mails: u32,
    /// Characters.
    pub title_max: u32,
    /// Characters.
    pub body_max: u32,
    /// Characters; 0 = the field isn't there.
    pub background_max: u32,
}

const fn days_90() -> u32 {
    90
}
const fn days_30() -> u32 {
    30
}
const fn days_29() -> u32 {
    29
}
const fn days_14() -> u32 {
    14
}
const fn hours_24() -> u32 {
    24
}
const fn days_21() -> u32 {
    OBJECTION_DAYS
}
const fn seconds_3() -> u32 {
    FORM_SECONDS
}
const fn mails_5() -> u32 {
    5
}

impl Policy {
    /// Whether a length is one to choose when handed in on a date. A free end date lies after that day.
    #[must_use]
    pub fn allows(&self, length: Length, today: Date) -> bool {
        match length {
            Length::Months(_) | Length::Days(_) if self.unsigned => true,
            Length::Months(months) => self.months.contains(&months),
            Length::Days(days) => self.days.contains(&days),
            Length::Until(date) => date > today && date <= time::plus_months(today, self.until_months),
        }
    }

    /// Working days in which a case system acknowledges a handover.
    #[must_use]
    pub const fn receipt_days(&self) -> u32 {
        if self.receipt_days == 0 { 5 } else { self.receipt_days }
    }

    /// The first day whose signatures count, when signing ends on a date; `None` where all count.
    #[must_use]
    pub fn counts_from(&self, ends_on: Date) -> Option<Date> {
        (self.window_months > 0).then(|| time::minus_months(ends_on, self.window_months))
    }

    /// Signatures for an answer, of so many who may vote.
    #[must_use]
    pub const fn share_of(&self, voters: u64) -> u64 {
        let share = (voters as u128 * self.answer_per_mille as u128).div_ceil(1_000);
        if share > u64::MAX as u128 { u64::MAX } else { share as u64 }
    }

    /// Slots of a mailbox's page.
    #[must_use]
    pub const fn slots(&self) -> usize {
        if self.postcode { 2 } else { 1 }
    }
}

/// A set of policies: those shipped, or a tenant's own file.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policies {
    policy: Vec<Policy>,
}

impl Policies {
    /// The policies that are shipped.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Policies> =
            LazyLock::new(|| Policies::parse(include_str!("../policies.toml")).unwrap_or_default());
        &SHIPPED
    }

    /// From TOML.
    ///
    /// # Errors
    /// What the parser says, with line and column; the id and version that stand there twice; or what doesn't go together.
    pub fn parse(toml: &str) -> Result<Self, String> {
        let all: Self = toml::from_str(toml).map_err(|error| error.to_string())?;
        for (at, policy) in all.policy.iter().enumerate() {
            if all.policy[..at].iter().any(|other| (&other.id, other.version) == (&policy.id, policy.version))
            {
                return Err(format!("policy {} version {} stands there twice", policy.id, policy.version));
            }
            // Which of recent votes are for it is counted nowhere.
            if policy.votes_against && policy.window_months > 0 {
                return Err(format!("policy {} takes votes against and lets signatures grow old", policy.id));
            }
        }
        Ok(all)
    }

    /// One version.
    #[must_use]
    pub fn find(&self, id: &str, version: u32) -> Option<&Policy> {
        self.policy.iter().find(|policy| policy.id == id && policy.version == version)
    }

    /// The newest version.
    #[must_use]
    pub fn newest(&self, id: &str) -> Option<&Policy> {
        self.policy.iter().filter(|policy| policy.id == id).max_by_key(|policy| policy.version)
    }

    /// All of them, as the file has them.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.policy.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_policies_are_shipped() {
        let ids: Vec<_> =
            Policies::shipped().iter().map(|policy| (policy.id.as_str(), policy.version)).collect();
        let first = [("uk", 1), ("malmo", 1), ("malmo-2008", 1), ("open", 1), ("number10", 1)];
        let later = [("uk", 2), ("eforslag", 1), ("medborgarforslag", 1), ("folkinitiativ", 1)];
        let later = [later.as_slice(), &[("eforslag-both", 1), ("malmo", 2), ("open", 2)]].concat();
        assert_eq!(ids, [first.as_slice(), &later].concat());
        let uk = Policies::shipped().newest("uk").unwrap();
        assert_eq!((uk.answer_at, uk.debate_at, uk.confirm_hours, uk.slots()), (10_000, 100_000, 24, 2));
        assert_eq!((uk.version, uk.supporters, uk.supporters_max), (2, 5, 21));
        assert_eq!(Policies::shipped().find("uk", 1).unwrap().supporters, 0, "the old one stays as it was");
        assert_eq!(Policies::shipped().find("uk", 3), None);
        let taking = Policies::shipped().iter().filter(|policy| policy.attachments + policy.links > 0);
        let taken: Vec<_> = taking
            .map(|policy| {
                let Policy { attachments, attachment_bytes, links, .. } = *policy;
                (policy.id.as_str(), policy.version, attachments, attachment_bytes, links)
            })
            .collect();
        assert_eq!(taken, [("malmo", 2, 3, 5_000_000, 3), ("open", 2, 3, 5_000_000, 3)]);
        assert_eq!(uk.label.lang("sv-SE"), "Storbritanniens parlament");
    }

    #[test]
    fn the_length_must_be_one_the_policy_allows() {
        let today = date("2008-10-16");
        let malmo = Policies::shipped().newest("malmo").unwrap();
        assert!(malmo.allows(Length::Months(9), today));
        assert!(!malmo.allows(Length::Months(4), today));
        assert!(!malmo.allows(Length::Days(90), today));
        assert!(!malmo.allows(Length::Until(date("2009-02-22")), today));
        let free = Policies::shipped().newest("malmo-2008").unwrap();
        assert!(free.allows(Length::Until(date("2009-02-22")), today));
        assert!(!free.allows(Length::Until(today), today));
        assert!(!free.allows(Length::Until(date("2012-01-01")), today));
    }

    #[test]
    fn months_keep_to_the_end_of_the_month() {
        assert_eq!(Length::Months(6).last_day(date("2008-08-31")), date("2009-02-28"));
        assert_eq!(Length::Days(1).last_day(date("2008-02-28")), date("2008-02-29"));
    }

    #[test]
    fn a_popular_initiative_takes_ten_per_cent_of_the_last_six_months() {
        let policy = Policies::shipped().newest("folkinitiativ").unwrap();
        assert_eq!([100_000, 100_001, 0].map(|voters| policy.share_of(voters)), [10_000, 10_001, 0]);
        let most = u64::MAX / 10 + 1;
        assert_eq!(policy.share_of(u64::MAX), most, "a number typed by mistake is no small threshold");
        assert_eq!(policy.counts_from(date("2009-08-31")), Some(date("2009-02-28")));
        assert_eq!(policy.counts_from(date("2008-08-29")), Some(date("2008-02-29")));
        assert_eq!(Policies::shipped().newest("malmo").unwrap().counts_from(date("2009-08-31")), None);
    }

    #[test]
    fn an_e_proposal_takes_sixty_in_a_month() {
        let policy = Policies::shipped().newest("eforslag").unwrap();
        assert_eq!((policy.answer_at, policy.months.as_slice()), (60, [1].as_slice()));
    }

    #[test]
    fn an_e_proposal_comes_in_a_variant_with_votes_against() {
        let shipped = Policies::shipped();
        let (one, both) = (shipped.newest("eforslag").unwrap(), shipped.newest("eforslag-both").unwrap());
        assert_eq!((one.votes_against, both.votes_against, both.answer_at), (false, true, 60));
        let file = include_str!("../policies.toml");
        let old = file.replace("votes_against = true", "votes_against = true\nwindow_months = 6");
        assert!(Policies::parse(&old).unwrap_err().contains("eforslag-both"));
    }

    #[test]
    fn an_unknown_field_or_a_version_twice_is_refused() {
        assert!(Policies::parse("[[policy]]\nid = 'x'\ncolour = 1").is_err());
        let file = include_str!("../policies.toml");
        let twice = file.replace("\"open\"", "\"uk\"");
        assert_eq!(Policies::parse(&twice), Err("policy uk version 1 stands there twice".to_owned()));
    }
}
