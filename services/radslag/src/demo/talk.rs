//! Plays a tenant's inquiries: each is handed in, let through, given to its politician the same day, and answered later.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use radslag_kernel::{AggregateId, Date, Role};
use radslag_petitions::{
    inquiry::{Act, Asked as Words, Contact, Kind},
    petition::Official,
    shell::{Asked, Office, inquiry::Handed, petition::Staff},
};

use super::{
    history::failed,
    people::person,
    seed::{Inquiry, Seed},
};

/// What is asked and answered on which day.
pub(crate) struct Talk {
    inquiries: Vec<Inquiry>,
    ids: Vec<AggregateId>,
    days: BTreeMap<Date, Vec<(bool, usize)>>,
}

impl Talk {
    /// Of a tenant's seed.
    pub(crate) fn new(seed: &Seed) -> Self {
        let mut days = BTreeMap::<Date, Vec<(bool, usize)>>::new();
        for (n, inquiry) in seed.inquiries.iter().enumerate() {
            days.entry(inquiry.asked).or_default().push((false, n));
            if let Some(day) = inquiry.answered {
                days.entry(day).or_default().push((true, n));
            }
        }
        let inquiries = seed.inquiries.clone();
        Self { ids: vec![AggregateId::default(); inquiries.len()], inquiries, days }
    }

    /// The days on which something is asked or answered.
    pub(crate) fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.days.keys().copied()
    }

    /// Plays a day.
    pub(crate) async fn play(&mut self, office: &Office, date: Date) -> Result<()> {
        for (answered, n) in self.days.remove(&date).unwrap_or_default() {
            let inquiry = &self.inquiries[n];
            if answered {
                answer(office, inquiry, self.ids[n]).await?;
            } else {
                self.ids[n] = ask(office, inquiry, n as u64).await?;
            }
        }
        Ok(())
    }
}

/// Of every act of an official.
pub(crate) const GROUND: &str = "part of the demonstration";

/// The nth asker hands an inquiry in; it is let through and given to its politician.
pub(crate) async fn ask(office: &Office, inquiry: &Inquiry, n: u64) -> Result<AggregateId> {
    let who = person(20_000_000 + n);
    let subject = format!("demo-asker-{n}");
    let handed = Handed {
        kind: if inquiry.kind == "tip" { Kind::Tip } else { Kind::Question },
        asked: Words { title: inquiry.title.clone(), text: inquiry.text.clone() },
        contact: Contact {
            public_name: who.name.clone(),
            name: who.name,
            mailbox: String::new(),
            language: "sv".into(),
        },
        eid: Some(&subject),
        private: inquiry.private,
        wished: None,
        dialogue: None,
        over_rate: false,
        blocked: false,
    };
    let (id, _) = office.ask(&Asked::by_system(), &handed).await.map_err(failed)?;
    act(office, id, (Role::Moderator, "demo-moderator", GROUND), &|by| Act::Accept { by }).await?;
    if let Some(politician) = inquiry.politician {
        let subject = &politician_of(office, politician)?;
        let to = office.representative(office.staff(subject)).context("a politician isn't configured")?;
        let assign = |by| Act::Assign { by, to: to.clone() };
        act(office, id, (Role::Official, "demo-official", GROUND), &assign).await?;
    }
    Ok(id)
}

fn politician_of(office: &Office, number: usize) -> Result<String> {
    let found = number.checked_sub(1).and_then(|at| office.tenant.politicians.get(at));
    Ok(found.context("the seed names a politician that isn't configured")?.subject.clone())
}

/// Its politician, or an official, answers.
pub(crate) async fn answer(office: &Office, inquiry: &Inquiry, id: AggregateId) -> Result<()> {
    let own = inquiry.politician.is_some();
    let give = |by| Act::Answer { by, own, text: inquiry.answer.clone(), public: !inquiry.private };
    match inquiry.politician {
        Some(politician) => {
            let subject = politician_of(office, politician)?;
            act(office, id, (Role::Politician, &subject, ""), &give).await
        }
        None => act(office, id, (Role::Official, "demo-official", GROUND), &give).await,
    }
}

async fn act(
    office: &Office,
    id: AggregateId,
    (role, subject, ground): (Role, &str, &str),
    make: &(dyn Fn(Official) -> Act + Sync),
) -> Result<()> {
    let staff = Staff { role, subject, ground: ground.into() };
    office.on_inquiry(id, &Asked::by_system(), &staff, make).await.map_err(failed)?;
    Ok(())
}
