//! Plays a tenant's inquiries: each is handed in, let through, given to its politician the same day, and answered later.

use std::{collections::BTreeMap, sync::Arc};

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

/// Plays them day by day.
pub(crate) async fn play(seed: &Seed, office: &Arc<Office>) -> Result<()> {
    let mut days = BTreeMap::<Date, Vec<(bool, usize)>>::new();
    for (n, inquiry) in seed.inquiries.iter().enumerate() {
        days.entry(inquiry.asked).or_default().push((false, n));
        if let Some(day) = inquiry.answered {
            days.entry(day).or_default().push((true, n));
        }
    }
    let mut ids = vec![AggregateId::default(); seed.inquiries.len()];
    for (date, steps) in days {
        office.log.set_clock(office.calendar.start_of(date).plus_hours(9));
        for (answered, n) in steps {
            let inquiry = &seed.inquiries[n];
            if answered {
                answer(office, inquiry, ids[n]).await?;
            } else {
                ids[n] = ask(office, inquiry, n).await?;
            }
        }
    }
    Ok(())
}

const GROUND: &str = "part of the demonstration";

async fn ask(office: &Office, inquiry: &Inquiry, n: usize) -> Result<AggregateId> {
    let who = person(20_000_000 + n as u64);
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

async fn answer(office: &Office, inquiry: &Inquiry, id: AggregateId) -> Result<()> {
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
