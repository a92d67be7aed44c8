//! Plays a tenant's history: each day its petitions open and are signed, on the tenant's clock.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use radslag_kernel::{AggregateId, Date, ItemId, Role};
use radslag_petitions::{
    petition::{Act, Contact, Content},
    policy::{Length, Policies},
    shell::{
        Asked, Office, Wrong,
        petition::{HandedIn, Proof, Staff},
        signature::{Given, mailbox_stream},
    },
    signature::{self, Shown},
};
use radslag_runtime::{config::Tenant, execute::Undone};

use super::{
    people::person,
    seed::{Petition, Seed},
};

/// Signers at once.
pub(crate) const AT_ONCE: usize = 48;
/// Days over which a petition's signatures are spread, at most.
const DAYS: u64 = 30;

/// What happens on which day.
pub(crate) struct History {
    petitions: Vec<Petition>,
    days: BTreeMap<Date, Day>,
    length: fn(&Petition) -> Length,
    language: &'static str,
    /// The initiator is counted without signing.
    counted: u64,
    /// Petitions that are there, by index.
    ids: Vec<AggregateId>,
    /// Who has signed.
    people: u64,
}

#[derive(Default)]
struct Day {
    /// Petitions that open, by index.
    open: Vec<usize>,
    /// Petitions that are signed, and how often.
    signed: Vec<(usize, u64)>,
}

impl History {
    /// Of a tenant's seed.
    pub(crate) fn new(tenant: &Tenant, seed: &Seed) -> Result<Self> {
        let policy = Policies::shipped().newest(&tenant.policy);
        let policy = policy.with_context(|| format!("no policy is called {}", tenant.policy))?;
        let counted = u64::from(policy.initiator_counts);
        let length: fn(&Petition) -> Length = if policy.months.is_empty() {
            |petition| Length::Until(petition.deadline)
        } else {
            |_| Length::Months(6)
        };
        let petitions = seed.petitions();
        let mut days = BTreeMap::<Date, Day>::new();
        for (n, petition) in petitions.iter().enumerate() {
            days.entry(petition.opened).or_default().open.push(n);
            for (day, count) in spread(petition, seed.as_of, counted) {
                days.entry(day).or_default().signed.push((n, count));
            }
        }
        days.entry(seed.as_of).or_default();
        let language = if tenant.locale.starts_with("sv") { "sv" } else { "en" };
        let ids = vec![AggregateId::default(); petitions.len()];
        Ok(Self { petitions, days, length, language, counted, ids, people: 0 })
    }

    /// How much is done: petitions and signatures.
    pub(crate) fn acts(&self) -> u64 {
        self.petitions.iter().map(|petition| petition.signatures + 1 - self.counted).sum()
    }

    /// The days on which something is done, the day of the slides among them.
    pub(crate) fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.days.keys().copied()
    }

    /// Its petitions, those of the slides first; one that isn't there yet has no id.
    pub(crate) fn ids(&self) -> &[AggregateId] {
        &self.ids
    }

    /// Plays a day, telling of what is done.
    pub(crate) async fn play(
        &mut self,
        office: &Office,
        date: Date,
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<()> {
        let Some(day) = self.days.remove(&date) else { return Ok(()) };
        let this = &*self;
        let opened = stream::iter(day.open.iter().copied())
            .map(|n| async move { Ok::<_, anyhow::Error>((n, this.open(office, n).await?)) })
            .buffer_unordered(8);
        let opened: Vec<_> = opened.try_collect().await?;
        for (n, id) in opened {
            self.ids[n] = id;
            done(1);
        }
        let mut signers = Vec::new();
        for (n, count) in &day.signed {
            signers.extend((self.people..self.people + count).map(|who| (self.ids[*n], who)));
            self.people += count;
        }
        for some in signers.chunks(4_096) {
            let signing = stream::iter(some.iter().copied()).map(|(id, who)| self.sign(office, id, who));
            signing.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
            done(some.len() as u64);
        }
        Ok(())
    }

    /// Hands a petition in, confirms it and lets it open.
    async fn open(&self, office: &Office, n: usize) -> Result<AggregateId> {
        let (petition, who) = (&self.petitions[n], person(10_000_000 + n as u64));
        let handed = HandedIn {
            content: Content {
                title: petition.title.clone(),
                body: petition.body.clone(),
                background: String::new(),
                url_key: petition.url_key.clone(),
                length: (self.length)(petition),
                links: Vec::new(),
            },
            contact: Contact {
                public_name: who.name.clone(),
                party: None,
                name: who.name,
                mailbox: who.mailbox.clone(),
                postcode: who.postcode,
                language: self.language.into(),
            },
            eid: None,
            registered: false,
            dialogue: None,
        };
        let (id, _) = office.hand_in(&Asked::by_system(), &handed).await.map_err(failed)?;
        let tag = office.tags(id).map_err(failed)?.mailbox(&who.mailbox);
        let confirm = |proof| Act::ConfirmInitiator { proof };
        office.as_initiator(id, &Asked::by_system(), &Proof::Mailbox(tag), &confirm).await.map_err(failed)?;
        let staff = Staff {
            role: Role::Moderator,
            subject: "demo-moderator",
            ground: "part of the demonstration".into(),
        };
        let approve = |by, _: &radslag_petitions::shell::petition::Found| {
            Ok(Act::Approve { by, opens_on: None, url_key: None, taken: false })
        };
        office.as_official(id, &Asked::by_system(), &staff, &approve).await.map_err(failed)?;
        Ok(id)
    }

    /// Signs by mailbox and confirms.
    async fn sign(&self, office: &Office, id: AggregateId, who: u64) -> Result<()> {
        let who = person(who);
        let given = Given {
            name: who.name,
            mailbox: who.mailbox.clone(),
            postcode: who.postcode,
            shown: Shown::Name,
            against: false,
            language: self.language.into(),
            suspicion: None,
            blocked: false,
            from: None,
        };
        let done = office.request(id, &Asked::by_system(), &given).await.map_err(failed)?;
        let position =
            done.at.map(|(_, position)| position).ok_or_else(|| anyhow!("a request wrote nothing"))?;
        let item = ItemId::from_slice(&office.log.read_at(position)?.header.item).unwrap_or_default();
        let stream = mailbox_stream(id, office.tags(id).map_err(failed)?.mailbox(&who.mailbox));
        let confirm = signature::Act::Confirm { item, suspicion: None };
        office.own(id, &stream, &Asked::by_system(), confirm).await.map_err(failed)?;
        Ok(())
    }
}

/// How many sign on which day: evenly from the opening to the day of the slides, over thirty days at most.
fn spread(petition: &Petition, as_of: Date, counted: u64) -> Vec<(Date, u64)> {
    let signers = petition.signatures.saturating_sub(counted);
    let mut dates = Vec::new();
    let mut date = petition.opened;
    while date <= as_of && (dates.len() as u64) < DAYS.min(signers) {
        dates.push(date);
        date = radslag_kernel::time::plus_days(date, 1);
    }
    let days = dates.len() as u64;
    let share = |n: u64| signers * (n + 1) / days.max(1) - signers * n / days.max(1);
    dates.into_iter().enumerate().map(|(n, date)| (date, share(n as u64))).collect()
}

pub(super) fn failed(undone: Undone<Wrong>) -> anyhow::Error {
    match undone {
        Undone::Failed(failure) => failure.into(),
        other => anyhow!("the demonstration can't be made: {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_whatever_the_days() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        for signatures in [0, 1, 7, 29, 30, 31, 35_617] {
            let petition = Petition {
                title: String::new(),
                body: String::new(),
                url_key: String::new(),
                opened: date("2008-10-01"),
                deadline: date("2008-12-01"),
                signatures,
            };
            let shares = spread(&petition, date("2008-10-24"), 0);
            assert_eq!(shares.iter().map(|(_, share)| share).sum::<u64>(), signatures);
        }
    }
}
