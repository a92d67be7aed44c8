//! Which signatures are meant. Every condition that is set must hold; with none, nothing is meant.

use ipnet::IpNet;
use radslag_kernel::{AggregateId, Instant};

use crate::{
    bulk::refusal::Refusal,
    glob, mailbox,
    signature::Signer,
    tag::{self, Tag},
};

/// Characters of a condition at most.
const LONGEST: usize = 254;

/// Conditions. An empty text is no condition; `*` and `?` are globs. Personal data: sealed wherever it is kept.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// Of this petition; none: of all.
    pub petition: Option<AggregateId>,
    /// Glob, compared however it is typed.
    pub name: String,
    /// Glob, compared as typed and in its canonical form.
    pub mailbox: String,
    /// Glob, of the mailbox.
    pub domain: String,
    /// A network's tag in a petition, or a /24 or /48 (an address stands for its own).
    pub network: String,
    /// Glob, letters and digits only.
    pub postcode: String,
    /// As the tenant calls it.
    pub area: String,
    /// Counted at this moment or later.
    pub from: Option<Instant>,
    /// Counted before this moment.
    pub until: Option<Instant>,
}

impl std::fmt::Debug for Conditions {
    /// Never shows them: they may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Conditions(..)")
    }
}

/// The network condition, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// As staff see it.
    Tag(Tag),
    /// As it is written elsewhere.
    Net(IpNet),
}

/// A counted signature, as conditions see it. What was erased meets no condition about it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its petition.
    pub petition: AggregateId,
    /// Who.
    pub signer: Option<&'a Signer>,
    /// Of the postcode.
    pub area: Option<&'a str>,
    /// Tag of the network it came from.
    pub network: Option<Tag>,
    /// When it was counted.
    pub at: Instant,
}

impl Conditions {
    /// Whether there is one, and each can be read.
    ///
    /// # Errors
    /// `ConditionsMissing`, `ConditionMalformed`, `TimeRangeEmpty`.
    pub fn check(&self) -> Result<(), Refusal> {
        let texts = [&self.name, &self.mailbox, &self.domain, &self.network, &self.postcode, &self.area];
        let none = self.petition.is_none() && self.from.is_none() && self.until.is_none();
        if none && texts.iter().all(|text| text.trim().is_empty()) {
            return Err(Refusal::ConditionsMissing);
        }
        let odd = |text: &&&String| text.chars().count() > LONGEST || text.contains(char::is_control);
        if texts.iter().find(odd).is_some() || self.network().is_err() {
            return Err(Refusal::ConditionMalformed);
        }
        match (self.from, self.until) {
            (Some(from), Some(until)) if from >= until => Err(Refusal::TimeRangeEmpty),
            _ => Ok(()),
        }
    }

    /// The network condition, if there is one.
    ///
    /// # Errors
    /// `ConditionMalformed`.
    pub fn network(&self) -> Result<Option<Network>, Refusal> {
        let typed = self.network.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        if let Ok(id) = typed.parse::<radslag_kernel::ItemId>() {
            return Ok(Some(Network::Tag(Tag(*id.as_bytes()))));
        }
        let host = || format!("{typed}/32").parse().or_else(|_| format!("{typed}/128").parse());
        let net: IpNet = typed.parse().or_else(|_| host()).map_err(|_| Refusal::ConditionMalformed)?;
        let whole = if matches!(net, IpNet::V4(_)) { [24, 32] } else { [48, 128] };
        if whole.contains(&net.prefix_len()) {
            Ok(Some(Network::Net(net)))
        } else {
            Err(Refusal::ConditionMalformed)
        }
    }

    /// Whether a signature meets all of them. `network`: the tag of the network condition in its petition.
    #[must_use]
    pub fn are_met(&self, candidate: &Candidate<'_>, network: Option<Tag>) -> bool {
        let set = |condition: &str| !condition.trim().is_empty();
        let of_signer = |condition: &str, holds: &dyn Fn(&Signer) -> bool| {
            !set(condition) || candidate.signer.is_some_and(holds)
        };
        let name = tag::name(&self.name);
        let postcode: String = self
            .postcode
            .to_uppercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || "*?".contains(*c))
            .collect();
        self.petition.is_none_or(|petition| petition == candidate.petition)
            && self.from.is_none_or(|from| candidate.at >= from)
            && self.until.is_none_or(|until| candidate.at < until)
            && (!set(&self.network) || (network.is_some() && network == candidate.network))
            && of_signer(&self.name, &|signer| glob::matches(&name, &tag::name(&signer.name)))
            && of_signer(&self.mailbox, &|signer| is_mailbox(self.mailbox.trim(), &signer.mailbox))
            && of_signer(&self.domain, &|signer| is_domain(self.domain.trim(), &signer.mailbox))
            && of_signer(&self.postcode, &|signer| glob::matches(&postcode, &tag::postcode(&signer.postcode)))
            && (!set(&self.area)
                || candidate.area.is_some_and(|area| area.to_lowercase() == self.area.trim().to_lowercase()))
    }
}

fn is_mailbox(glob: &str, typed: &str) -> bool {
    let typed = typed.trim();
    !typed.is_empty()
        && (glob::matches(glob, typed)
            || glob::matches(&mailbox::canonical(glob), &mailbox::canonical(typed)))
}

fn is_domain(glob: &str, typed: &str) -> bool {
    let as_typed = typed.trim().rsplit_once('@').map(|(_, domain)| domain.to_owned());
    [as_typed, mailbox::domain(typed)].into_iter().flatten().any(|domain| glob::matches(glob, &domain))
}
