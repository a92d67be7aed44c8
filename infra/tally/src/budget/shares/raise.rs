//! How far each voter's share is raised: the completion add1, as Pabulib defines it.

use num_bigint::BigInt;
use num_traits::ToPrimitive as _;

use super::{Measure, Supporters, certain, exact};
use crate::budget::{Amount, election::Election};

/// The last raised share whose projects the budget pays for, if it pays for those of the first: a whole number of units.
///
/// Shares with the same outcome are passed in one step, so that it doesn't matter how small the unit is.
pub(super) fn raised(election: &Election, supporters: &Supporters, measure: Measure) -> Option<Amount> {
    let unit = election.unit();
    let wanted = (0..election.projects().len() as u32).filter(|project| !supporters.of(*project).is_empty());
    let wanted: Vec<u64> = wanted.map(|project| election.cost(project)).collect();
    // With so much nobody ever pays less than their part, and nothing changes any more.
    let most = wanted.iter().sum::<u64>().div_ceil(unit);
    let mut next = election.budget().checked_div(election.voters())? / unit + 1;
    let (mut width, mut again, mut raised) = (0, false, None);
    while next <= most {
        let range = (next * unit, (next + width) * unit);
        let (bought, last) = match certain::run(election, supporters, measure, range) {
            Some(bought) => (bought, next + width),
            None if width > 0 => {
                (width, again) = (width / 2, false);
                continue;
            }
            None => by_one(election, supporters, measure, next, most),
        };
        if bought.iter().map(|project| election.cost(*project)).sum::<u64>() > election.budget() {
            break;
        }
        if bought.len() == wanted.len() {
            raised = Some(next);
            break;
        }
        raised = Some(last);
        next = last + 1;
        // Wider once it has been right twice: a range that says nothing costs as much as one that does.
        width = if again { 2 * width + 1 } else { width }.min(most.saturating_sub(next));
        again = !again;
    }
    raised.map(|units| Amount::from_integer(BigInt::from(units) * unit))
}

/// What is bought with a share, and the last share of which that is certain.
fn by_one(
    election: &Election,
    supporters: &Supporters,
    measure: Measure,
    units: u64,
    most: u64,
) -> (Vec<u32>, u64) {
    let unit = BigInt::from(election.unit());
    let share = Amount::from_integer(BigInt::from(units) * &unit);
    let run = exact::run(election, supporters, measure, &share, true);
    let same = run.change.map(|change| (change - 1u8) / unit);
    let last = same.and_then(|same| units.checked_add(same.to_u64()?)).unwrap_or(most).min(most);
    (run.payments.iter().map(|payment| payment.project).collect(), last)
}
