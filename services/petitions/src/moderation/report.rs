//! How long petitions waited for a moderator: the share decided within seven days, by week and by month.

use radslag_kernel::{AggregateId, Calendar, Instant};

/// Days within which a decision counts as quick.
const QUICK_DAYS: u64 = 7;
const DAY_MS: u64 = 86_400_000;

/// A review that began or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Of which petition.
    pub petition: AggregateId,
    /// When.
    pub at: Instant,
    /// It was decided; otherwise it began to wait.
    pub decided: bool,
}

/// Decisions of a week or a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// `2008-W42` (ISO 8601) or `2008-10`.
    pub name: String,
    /// Decided in it.
    pub decided: u64,
    /// Of those, within seven days.
    pub within_7_days: u64,
}

/// By week and by month of the decision, in the tenant's zone, oldest first. `steps` of each petition in their order.
#[must_use]
pub fn periods(steps: &[Step], calendar: &Calendar) -> (Vec<Period>, Vec<Period>) {
    let (mut weeks, mut months): (Vec<Period>, Vec<Period>) = (Vec::new(), Vec::new());
    let mut waiting = std::collections::HashMap::new();
    for step in steps {
        if !step.decided {
            waiting.insert(step.petition, step.at);
            continue;
        }
        let Some(since) = waiting.remove(&step.petition) else { continue };
        let quick = step.at.millis().saturating_sub(since.millis()) <= QUICK_DAYS * DAY_MS;
        let date = calendar.date(step.at);
        let week = date.iso_week_date();
        add(&mut weeks, format!("{}-W{:02}", week.year(), week.week()), quick);
        add(&mut months, format!("{}-{:02}", date.year(), date.month()), quick);
    }
    (weeks, months)
}

fn add(periods: &mut Vec<Period>, name: String, quick: bool) {
    let at = match periods.binary_search_by(|period| period.name.cmp(&name)) {
        Ok(at) => at,
        Err(at) => {
            periods.insert(at, Period { name, decided: 0, within_7_days: 0 });
            at
        }
    };
    periods[at].decided += 1;
    periods[at].within_7_days += u64::from(quick);
}
