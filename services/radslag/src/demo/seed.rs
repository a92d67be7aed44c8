//! The slides as data: what each system showed, and made-up petitions that fill number10 to its 5,097.

use anyhow::{Context as _, Result};
use radslag_kernel::Date;
use serde::Deserialize;

/// A tenant as its slides showed it.
#[derive(Deserialize)]
pub(crate) struct Seed {
    id: String,
    /// The day of the slides.
    pub(crate) as_of: Date,
    petitions: Vec<Slide>,
    /// Tips and questions.
    #[serde(default)]
    pub(crate) inquiries: Vec<Inquiry>,
    #[serde(default, rename = "total_petitions_as_shown")]
    total: usize,
}

#[derive(Deserialize)]
struct Systems {
    tenants: Vec<Seed>,
}

#[derive(Clone, Deserialize)]
struct Slide {
    title: String,
    text: Option<String>,
    url_key: Option<String>,
    opened: Option<Date>,
    deadline: Option<Date>,
    #[serde(default)]
    signatures: u64,
    list: Option<String>,
}

/// A tip or a question of the demonstration; made up, because the slides show only where they are handed in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Inquiry {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) text: String,
    /// The day it is handed in.
    pub(crate) asked: Date,
    /// Of the tenant's politicians, from 1.
    pub(crate) politician: Option<usize>,
    /// The day it is answered.
    pub(crate) answered: Option<Date>,
    #[serde(default)]
    pub(crate) answer: String,
    #[serde(default)]
    pub(crate) private: bool,
}

/// A petition of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Petition {
    /// From the slide, or made up.
    pub(crate) title: String,
    /// From the slide, or made up.
    pub(crate) body: String,
    /// Of its page.
    pub(crate) url_key: String,
    /// The day it opens.
    pub(crate) opened: Date,
    /// The last day to sign.
    pub(crate) deadline: Date,
    /// As the slide shows it.
    pub(crate) signatures: u64,
}

/// What is known of a tenant; `None` if it isn't part of the demonstration.
pub(crate) fn of(tenant: &str) -> Result<Option<Seed>> {
    let systems: Systems =
        serde_json::from_str(include_str!("../../seed/petitions.json")).context("the seed can't be read")?;
    Ok(systems.tenants.into_iter().find(|seed| seed.id == tenant))
}

impl Seed {
    /// Its petitions: those of the slide first.
    pub(crate) fn petitions(&self) -> Vec<Petition> {
        let mut petitions: Vec<Petition> =
            self.petitions.iter().enumerate().map(|(n, slide)| self.shown(n, slide)).collect();
        let missing = self.total.saturating_sub(petitions.len());
        petitions.extend((0..missing).map(|n| self.made_up(n)));
        petitions
    }

    /// The opening days of the petitions that its slide shows, in the same order.
    pub(crate) fn slides(&self) -> Vec<Date> {
        self.petitions.iter().enumerate().map(|(n, slide)| self.shown(n, slide).opened).collect()
    }

    /// Only what the slides show, each signed at most so often; what is left of each goes by its title.
    #[cfg(test)]
    pub(crate) fn cut(mut self, most: u64) -> (Self, Vec<(String, u64)>) {
        self.total = self.petitions.len().min(self.total);
        let cut = |slide: &mut Slide| {
            let left = slide.signatures.saturating_sub(most);
            slide.signatures -= left;
            (left > 0).then(|| (slide.title.clone(), left))
        };
        let left = self.petitions.iter_mut().filter_map(cut).collect();
        (self, left)
    }

    fn shown(&self, n: usize, slide: &Slide) -> Petition {
        let six_months_before =
            |deadline| radslag_kernel::time::plus_days(self.as_of, 0).min(before(deadline));
        let opened =
            slide.opened.or_else(|| (slide.list.as_deref() == Some("most recent")).then_some(self.as_of));
        let (opened, deadline) = match (opened, slide.deadline) {
            (Some(opened), Some(deadline)) => (opened, deadline),
            (Some(opened), None) => (opened, radslag_kernel::time::plus_months(opened, 6)),
            (None, Some(deadline)) if self.total > 0 => (six_months_before(deadline), deadline),
            (None, deadline) => {
                let opened = days_before(self.as_of, 20 + u32::try_from(n).unwrap_or(0));
                (opened, deadline.unwrap_or_else(|| radslag_kernel::time::plus_months(opened, 6)))
            }
        };
        Petition {
            title: slide.title.clone(),
            body: slide.text.clone().unwrap_or_else(|| slide.title.clone()),
            url_key: slide.url_key.clone().unwrap_or_else(|| format!("petition-{n}")),
            opened,
            deadline,
            signatures: slide.signatures,
        }
    }

    /// Numbered, so that every start makes the same; fewer signatures than any that the slide calls popular.
    fn made_up(&self, n: usize) -> Petition {
        const WHAT: [&str; 8] = ["restore", "fund", "protect", "open", "repair", "extend", "review", "keep"];
        const WHOSE: [&str; 9] = [
            "the village",
            "our local",
            "the county",
            "every rural",
            "the old",
            "the new",
            "the only",
            "the town's",
            "the valley's",
        ];
        const WHICH: [&str; 11] = [
            "library",
            "bus service",
            "post office",
            "swimming pool",
            "railway halt",
            "market",
            "school crossing",
            "footpath",
            "playing field",
            "health centre",
            "cycle route",
        ];
        let pick = |of: &[&'static str], by: usize| of[(n / by) % of.len()];
        let (what, whose, which) = (pick(&WHAT, 1), pick(&WHOSE, 8), pick(&WHICH, 72));
        let title = format!("{what} {whose} {which} (no. {})", n + 1);
        let opened = days_before(self.as_of, u32::try_from(1 + n % 180).unwrap_or(1));
        let signatures = match n {
            0 => 4_902,
            1 => 3_317,
            2 => 2_845,
            3 => 1_766,
            _ => 1 + (n as u64 * 7_919) % 7,
        };
        Petition {
            body: title.clone(),
            title,
            url_key: format!("petition-no-{}", n + 1),
            opened,
            deadline: radslag_kernel::time::plus_months(opened, 6),
            signatures,
        }
    }
}

fn before(deadline: Date) -> Date {
    use jiff::ToSpan as _;
    deadline.checked_sub(6.months()).unwrap_or(deadline)
}

/// A date so many days earlier.
pub(crate) fn days_before(date: Date, days: u32) -> Date {
    use jiff::ToSpan as _;
    date.checked_sub(i64::from(days).days()).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number10_has_the_5097_of_its_slide_and_the_most_popular_is_the_slides() {
        let petitions = of("number10").unwrap().unwrap().petitions();
        assert_eq!(petitions.len(), 5_097);
        let mut signatures: Vec<u64> = petitions.iter().map(|petition| petition.signatures).collect();
        signatures.sort_unstable();
        assert_eq!(signatures.last(), Some(&35_617));
        for shown in [610, 63, 44, 16, 14, 11] {
            assert!(signatures.contains(&shown));
        }
    }

    #[test]
    fn every_petition_is_open_on_the_day_of_the_slides() {
        for tenant in ["number10", "malmo"] {
            let seed = of(tenant).unwrap().unwrap();
            for petition in seed.petitions() {
                assert!(petition.opened <= seed.as_of && seed.as_of <= petition.deadline, "{petition:?}");
            }
        }
    }

    #[test]
    fn inquiries_are_answered_after_they_were_asked_and_before_the_day_of_the_slides() {
        for tenant in ["ale", "svenljunga"] {
            let seed = of(tenant).unwrap().unwrap();
            assert!(!seed.inquiries.is_empty());
            for inquiry in &seed.inquiries {
                assert!(["tip", "question"].contains(&inquiry.kind.as_str()));
                assert!(inquiry.answered.is_none_or(|day| inquiry.asked < day && day < seed.as_of));
            }
        }
    }

    #[test]
    fn a_tenant_without_slides_is_not_part_of_it() {
        assert!(of("nowhere").unwrap().is_none());
    }
}
