//! Bodies that come in and go out, in the field's own terms. Times are RFC 3339 in UTC, dates ISO 8601 in the tenant's
//! zone; ids are 32 hexadecimal digits.

mod answering;

use radslag_kernel::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use answering::*;

use crate::{
    http::assisted::OnBehalfOf,
    petition::{self, Content},
    policy, signature,
};

/// How long a petition is to be open: one of what its policy allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Length {
    /// Calendar months from the day it opens.
    Months(u32),
    /// Days from the day it opens.
    Days(u32),
    /// To the end of a date, `2009-02-22`.
    Until(String),
}

impl Length {
    /// `None` if the date isn't one.
    pub(crate) fn domain(&self) -> Option<policy::Length> {
        Some(match self {
            Self::Months(months) => policy::Length::Months(*months),
            Self::Days(days) => policy::Length::Days(*days),
            Self::Until(date) => policy::Length::Until(date.parse::<Date>().ok()?),
        })
    }
}

/// A web page that a petition points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebLink)]
pub(crate) struct Link {
    /// What stands there instead of the address.
    pub(crate) label: String,
    /// Begins with `https://`.
    pub(crate) url: String,
}

impl Link {
    pub(crate) fn of(link: &petition::Link) -> Self {
        Self { label: link.label.clone(), url: link.url.clone() }
    }

    fn domain(&self) -> petition::Link {
        petition::Link { label: self.label.clone(), url: self.url.clone() }
    }
}

/// The texts of a petition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    /// One line.
    pub(crate) title: String,
    /// What is asked.
    pub(crate) body: String,
    /// More about it.
    #[serde(default)]
    pub(crate) background: String,
    /// The wished key of its page: 6 to 40 of a-z, 0-9 and -.
    #[serde(default)]
    pub(crate) url_key: String,
    /// How long it is to be open.
    pub(crate) length: Length,
    /// Where more about it stands, as many as the policy takes. Left out where there are none, so that a request from
    /// before is the same again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) links: Vec<Link>,
}

impl Texts {
    pub(crate) fn domain(&self) -> Option<Content> {
        Some(Content {
            title: self.title.clone(),
            body: self.body.clone(),
            background: self.background.clone(),
            url_key: self.url_key.clone(),
            length: self.length.domain()?,
            links: self.links.iter().map(Link::domain).collect(),
        })
    }
}

/// Who hands a petition in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Initiator {
    /// By eID it is taken from the token.
    #[serde(default)]
    pub(crate) name: String,
    /// Where mail reaches them.
    #[serde(default)]
    pub(crate) mailbox: String,
    /// Where they live.
    #[serde(default)]
    pub(crate) postcode: String,
    /// What everybody sees; the name, if nothing is said. An elected representative is shown as such.
    #[serde(default)]
    pub(crate) public_name: String,
    /// `sv` or `en`: of the mails.
    #[serde(default)]
    pub(crate) language: String,
}

/// A petition to be handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandIn {
    /// Its texts.
    pub(crate) texts: Texts,
    /// Who hands it in.
    #[serde(default)]
    pub(crate) initiator: Initiator,
    /// For whom, if somebody acts for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = OnBehalfOf)]
    pub(crate) on_behalf_of: Option<OnBehalfOf>,
}

/// What everybody is to see of a signer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shown {
    /// The name.
    #[default]
    Name,
    /// Another name.
    Alias(String),
    /// Nothing.
    Anonymous,
}

impl Shown {
    pub(crate) fn domain(&self) -> signature::Shown {
        match self {
            Self::Name => signature::Shown::Name,
            Self::Alias(alias) => signature::Shown::Alias(alias.clone()),
            Self::Anonymous => signature::Shown::Anonymous,
        }
    }
}

/// How a signature is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stance {
    /// What is asked for is wanted.
    #[default]
    For,
    /// It isn't.
    Against,
}

impl Stance {
    /// What every signature is that says nothing else: left out, so that a request from before is the same again.
    const fn is_for(&self) -> bool {
        matches!(self, Self::For)
    }
}

/// A signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sign {
    /// By eID it is taken from the token.
    #[serde(default)]
    pub(crate) name: String,
    /// Without an eID: a mail goes there.
    #[serde(default)]
    pub(crate) mailbox: String,
    /// Where the policy asks for it.
    #[serde(default)]
    pub(crate) postcode: String,
    /// What everybody is to see.
    #[serde(default)]
    pub(crate) shown: Shown,
    /// How it is meant; against only where the policy takes votes against.
    #[serde(default, skip_serializing_if = "Stance::is_for")]
    pub(crate) stance: Stance,
    /// `sv` or `en`: of the mail.
    #[serde(default)]
    pub(crate) language: String,
    /// What the form carried, if there was one.
    #[serde(default)]
    pub(crate) form: String,
    /// For whom, if somebody acts for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = OnBehalfOf)]
    pub(crate) on_behalf_of: Option<OnBehalfOf>,
}

/// What a form to sign carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Form {
    /// A moment we signed; it says nothing of a person.
    pub(crate) form: String,
}

/// A new entry of the block and allow lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddToLists {
    /// `block` or `allow`.
    pub(crate) effect: String,
    /// `network`, `domain` or `mailbox`.
    pub(crate) kind: String,
    /// CIDR for a network, a glob for a domain or a mailbox.
    pub(crate) pattern: String,
    /// Why, for the record.
    pub(crate) ground: String,
}

/// An entry that was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Entered {
    /// Its own.
    pub(crate) item: String,
    /// Of the lists.
    pub(crate) version: u64,
    /// Address of its receipt.
    pub(crate) receipt: Option<String>,
}

/// Which signatures are to be struck out, and why. Every condition that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrepareBulk {
    /// One petition; all, if nothing is said.
    #[serde(default)]
    pub(crate) petition: String,
    /// Glob.
    #[serde(default)]
    pub(crate) name: String,
    /// Glob.
    #[serde(default)]
    pub(crate) mailbox: String,
    /// Glob, of the mailbox.
    #[serde(default)]
    pub(crate) domain: String,
    /// A tag as `origins` shows it, a /24 or a /48.
    #[serde(default)]
    pub(crate) network: String,
    /// Glob.
    #[serde(default)]
    pub(crate) postcode: String,
    /// As the tenant calls it.
    #[serde(default)]
    pub(crate) area: String,
    /// Counted at this moment or later, RFC 3339.
    #[serde(default)]
    pub(crate) from: String,
    /// Counted before this moment.
    #[serde(default)]
    pub(crate) until: String,
    /// Why, for the record; stands on each signature.
    pub(crate) ground: String,
    /// Why, for everybody.
    pub(crate) notice: String,
}

/// Who supports a petition before its review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Support {
    /// By eID it is taken from the token.
    #[serde(default)]
    pub(crate) name: String,
    /// Without an eID: a mail goes there.
    #[serde(default)]
    pub(crate) mailbox: String,
    /// `sv` or `en`: of the mail.
    #[serde(default)]
    pub(crate) language: String,
}

/// A new choice of what everybody sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeName {
    /// What everybody is to see.
    pub(crate) shown: Shown,
}

/// The same answer for every submission that names a mailbox: what came of it stands in a mail to that mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct MailSent {
    /// Always `check_your_mailbox`.
    pub(crate) status: &'static str,
}

/// A signature by eID: it is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Receipt {
    /// Its item ref: outsiders can follow it in the log.
    pub(crate) item: String,
    /// Events the log holds: wait for it with `?at_least=`.
    pub(crate) watermark: u64,
    /// Address of its receipt, which is there within two seconds; nothing if nothing had to be written.
    pub(crate) receipt: Option<String>,
}

/// A petition that was handed in or drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Made {
    /// Its id.
    pub(crate) id: String,
    /// Its number as a received document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) register: Option<String>,
    /// For `If-Match`.
    pub(crate) version: u64,
    /// Events the log holds.
    pub(crate) watermark: u64,
    /// Address of its receipt.
    pub(crate) receipt: Option<String>,
}

/// A refusal by a moderator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verdict {
    /// Of the catalogue.
    pub(crate) codes: Vec<String>,
    /// For the initiator.
    #[serde(default)]
    pub(crate) text: String,
    /// Why, for the record.
    pub(crate) ground: String,
}

/// A take-down by two officials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeDown {
    /// `rejected` (readable, not signable), `hidden`, or `removed` for good.
    pub(crate) fate: String,
    /// Of the catalogue.
    pub(crate) codes: Vec<String>,
    /// For the initiator.
    #[serde(default)]
    pub(crate) text: String,
    /// Why, for the record.
    pub(crate) ground: String,
}

/// Where a petition should rather go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Redirect {
    /// `authority`, `fault_report` or `comment`.
    pub(crate) instead: String,
    /// Where, for the initiator.
    pub(crate) to: String,
    /// Why, for the record.
    pub(crate) ground: String,
}

/// How many may vote, as the register said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Electorate {
    /// People; it can't be changed afterwards.
    pub(crate) voters: u64,
    /// Which register of which day, for the record.
    pub(crate) ground: String,
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approve {
    /// A date to open on; at once, if nothing is said.
    #[serde(default)]
    pub(crate) opens_on: Option<String>,
    /// Instead of the wished one.
    #[serde(default)]
    pub(crate) url_key: Option<String>,
    /// Why, for the record.
    pub(crate) ground: String,
}

/// An official's act on a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ground {
    /// Why, for the record.
    pub(crate) ground: String,
}

/// Holds a petition for half an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lock {
    /// Why it is taken from another who holds it; without one it isn't.
    #[serde(default)]
    pub(crate) take_over_ground: String,
}

/// A private note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNote {
    /// What other moderators are to know.
    pub(crate) text: String,
}

/// What is to be erased of a petition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Erase {
    /// `document` or `initiator`.
    pub(crate) what: String,
    /// Legal ground.
    pub(crate) ground: String,
}

/// A withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdraw {
    /// Why; may be empty.
    #[serde(default)]
    pub(crate) reason: String,
    /// As they handed it in, if somebody acts for them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    /// For whom, if somebody acts for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = OnBehalfOf)]
    pub(crate) on_behalf_of: Option<OnBehalfOf>,
}
