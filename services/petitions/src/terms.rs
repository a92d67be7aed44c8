//! The terms of comments and inquiries: data beside the policies, by the same id and version.

use std::sync::LazyLock;

use serde::Deserialize;

/// When comments are moderated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comments {
    /// There are none.
    #[default]
    None,
    /// Before they are shown.
    Before,
    /// Shown at once, moderated afterwards.
    After,
}

/// The terms beside one version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Id of the policy.
    pub policy: String,
    /// Its version.
    pub version: u32,
    /// When comments are moderated.
    pub comments: Comments,
    /// Comments are put away when the petition closes.
    #[serde(default)]
    pub hide_after_closing: bool,
    /// Tips are taken.
    #[serde(default)]
    pub tips: bool,
    /// Questions to politicians are taken.
    #[serde(default)]
    pub questions: bool,
    /// Characters of a comment.
    #[serde(default = "chars_2000")]
    pub comment_max: u32,
    /// Characters of a tip or a question.
    #[serde(default = "chars_4000")]
    pub inquiry_max: u32,
    /// Hours in which a mailbox confirms.
    #[serde(default = "hours_24")]
    pub confirm_hours: u32,
    /// Days in which a moderator decides; later is overdue.
    #[serde(default = "days_14")]
    pub review_days: u32,
    /// Days in which a politician answers; later is overdue.
    #[serde(default = "days_10")]
    pub answer_days: u32,
    /// Mails to a mailbox that it hasn't answered.
    #[serde(default = "mails_5")]
    pub mails: u32,
}

const fn chars_2000() -> u32 {
    2_000
}
const fn chars_4000() -> u32 {
    4_000
}
const fn hours_24() -> u32 {
    24
}
const fn days_14() -> u32 {
    14
}
const fn days_10() -> u32 {
    10
}
const fn mails_5() -> u32 {
    5
}

impl Terms {
    /// Of a version of a policy.
    #[must_use]
    pub fn of(policy: &str, version: u32) -> &'static Self {
        let found = SHIPPED.terms.iter().find(|terms| terms.policy == policy && terms.version == version);
        found.unwrap_or(&NOTHING)
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    terms: Vec<Terms>,
}

/// Empty only if the shipped table were broken, which a test forbids.
static SHIPPED: LazyLock<Shipped> =
    LazyLock::new(|| toml::from_str(include_str!("../talk.toml")).unwrap_or_default());

static NOTHING: LazyLock<Terms> = LazyLock::new(|| Terms {
    policy: String::new(),
    version: 0,
    comments: Comments::None,
    hide_after_closing: false,
    tips: false,
    questions: false,
    comment_max: chars_2000(),
    inquiry_max: chars_4000(),
    confirm_hours: hours_24(),
    review_days: days_14(),
    answer_days: days_10(),
    mails: mails_5(),
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terms_are_shipped_and_name_policies() {
        assert!(SHIPPED.terms.len() >= 5);
        for terms in &SHIPPED.terms {
            let policy = crate::policy::Policies::shipped().find(&terms.policy, terms.version);
            assert!(policy.is_some(), "{}", terms.policy);
        }
    }

    #[test]
    fn a_policy_without_terms_has_no_comments_and_takes_no_inquiries() {
        let terms = Terms::of("nonsense", 1);
        assert_eq!((terms.comments, terms.tips, terms.questions), (Comments::None, false, false));
        assert_eq!(Terms::of("open", 1).answer_days, 10);
    }
}
