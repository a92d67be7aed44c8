//! Made-up life in a tenant of the demonstration: planned whole, then lived hour by hour through the same commands as any.

mod acting;
mod plan;
mod random;
mod texts;

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context as _, Result};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use radslag_kernel::{AggregateId, Date, ItemId};
use radslag_petitions::{
    policy::Policies,
    shell::{Office, run::keep_up},
    terms::Terms,
};
use radslag_runtime::config::Tenant;

use super::{history::AT_ONCE, seed::Seed, with_tables};
use plan::{Act, Moment, Plan, Setting};
use texts::Texts;

/// How many people there are, and from which seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    pub(crate) people: u64,
    pub(crate) seed: u64,
}

/// A tenant's life, and what it has made so far.
pub(crate) struct Life {
    plan: Plan,
    texts: Texts,
    language: &'static str,
    acts: u64,
    petitions: Vec<AggregateId>,
    remarks: Vec<Option<ItemId>>,
    inquiries: Vec<AggregateId>,
    papers: Vec<ItemId>,
}

impl Life {
    /// Plans it.
    pub(crate) fn new(tenant: &Tenant, seed: &Seed, crowd: Crowd) -> Result<Self> {
        let policy = Policies::shipped().newest(&tenant.policy);
        let policy = policy.with_context(|| format!("no policy is called {}", tenant.policy))?;
        let language = if tenant.locale.starts_with("sv") { "sv" } else { "en" };
        let texts = Texts::of(language)?;
        let plan = plan::plan(&Setting {
            tenant: &tenant.id,
            policy,
            terms: Terms::of(&policy.id, policy.version),
            texts: &texts,
            as_of: seed.as_of,
            slides: seed.slides(),
            politicians: tenant.politicians.len(),
            people: crowd.people,
            seed: crowd.seed,
        });
        Ok(Self {
            acts: plan.acts.values().map(|acts| acts.len() as u64).sum(),
            petitions: vec![AggregateId::default(); plan.petitions.len()],
            remarks: vec![None; plan.remarks.len()],
            inquiries: vec![AggregateId::default(); plan.inquiries.len()],
            papers: vec![ItemId::default(); plan.papers.len()],
            texts,
            language,
            plan,
        })
    }

    /// How much is done.
    pub(crate) const fn acts(&self) -> u64 {
        self.acts
    }

    /// The days on which something is done.
    pub(crate) fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.plan.acts.keys().map(|(date, _)| *date)
    }

    /// Lives from an hour of a day up to another. `slides`: the petitions of the slides as far as they are there.
    pub(crate) async fn live(
        &mut self,
        office: &Arc<Office>,
        (from, until): (Moment, Moment),
        slides: &[AggregateId],
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<()> {
        let later = self.plan.acts.split_off(&until);
        let now: BTreeMap<Moment, Vec<Act>> = std::mem::replace(&mut self.plan.acts, later);
        debug_assert!(now.keys().all(|moment| *moment >= from), "nothing was passed over");
        for ((date, hour), acts) in now {
            office.log.set_clock(office.calendar.start_of(date).plus_hours(u64::from(hour)));
            let number = acts.len() as u64;
            let (signed, others): (Vec<Act>, Vec<Act>) =
                acts.into_iter().partition(|act| matches!(act, Act::Sign(_)));
            let signing = stream::iter(signed.iter()).map(|act| self.sign(office, act));
            signing.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
            for act in others {
                self.act(office, &act, slides).await.with_context(|| format!("{date} at {hour}: {act:?}"))?;
            }
            done(number);
        }
        Ok(())
    }

    /// Whatever is due by a day happens: thresholds, deadlines, links that nobody followed.
    pub(crate) async fn begin_day(&self, office: &Arc<Office>, date: Date) -> Result<()> {
        office.log.set_clock(office.calendar.start_of(date));
        with_tables(office, async { Ok(keep_up(office).await?) }).await
    }
}
