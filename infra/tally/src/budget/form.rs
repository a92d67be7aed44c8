//! How a ballot of a participatory budget is filled in, and what it gives each project.

use super::election::{Project, Support};

/// A kind of ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// One project. It gets a point.
    ChooseOne,
    /// Some projects. Each gets a point.
    Approval {
        /// At least so many.
        min: u32,
        /// At most so many.
        max: u32,
    },
    /// Projects that cost no more together than there is. Each gets a point.
    Knapsack {
        /// What there is, in the unit of the costs.
        budget: u64,
    },
    /// Projects in an order, the best first. With at most `max`, the first gets `max` points, the second one less, and so on.
    Ranked {
        /// At most so many.
        max: u32,
    },
    /// Points that are divided between projects.
    Cumulative {
        /// At most so many together.
        points: u32,
    },
    /// Points for each project.
    Scoring {
        /// At most so many for one.
        max: u32,
    },
}

/// A ballot as it was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ballot {
    /// Projects, in the voter's order.
    Projects(Vec<u32>),
    /// Projects with points; 0 is the same as not being named.
    Points(Vec<Support>),
}

/// Why a ballot isn't one, named after the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is filled in as another kind.
    #[error("this is another kind of ballot")]
    OtherKind,
    /// It names a project that isn't there.
    #[error("there is no project {0}")]
    UnknownProject(u32),
    /// It names a project twice.
    #[error("project {0} is there twice")]
    RepeatedProject(u32),
    /// It names fewer than asked for.
    #[error("{found} projects, and at least {min} are asked for")]
    TooFew {
        /// So many.
        found: usize,
        /// At least.
        min: u32,
    },
    /// It names more than allowed.
    #[error("{found} projects, and at most {max} are allowed")]
    TooMany {
        /// So many.
        found: usize,
        /// At most.
        max: u32,
    },
    /// Its projects cost more than there is.
    #[error("the projects cost {cost} together, and there is {budget}")]
    OverBudget {
        /// What they cost.
        cost: u128,
        /// What there is.
        budget: u64,
    },
    /// It gives more points than allowed, to one project or together.
    #[error("{found} points, and at most {max} are allowed")]
    TooManyPoints {
        /// So many.
        found: u64,
        /// At most.
        max: u32,
    },
}

impl Form {
    /// What a ballot gives each project that it supports.
    ///
    /// # Errors
    /// The first rule that it breaks: projects that are there, each once, as many as asked for, within money or points.
    pub fn supports(self, ballot: &Ballot, projects: &[Project]) -> Result<Vec<Support>, Refusal> {
        let named: Vec<u32> = match ballot {
            Ballot::Projects(named) => named.clone(),
            Ballot::Points(points) => points.iter().map(|(project, _)| *project).collect(),
        };
        if let Some(unknown) = named.iter().find(|project| **project as usize >= projects.len()) {
            return Err(Refusal::UnknownProject(*unknown));
        }
        let mut sorted = named.clone();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|two| two[0] == two[1]) {
            return Err(Refusal::RepeatedProject(twice[0]));
        }
        let one_each = || named.iter().map(|project| (*project, 1)).collect();
        match (self, ballot) {
            (Self::ChooseOne, Ballot::Projects(_)) => as_many(named.len(), 1, 1).map(|()| one_each()),
            (Self::Approval { min, max }, Ballot::Projects(_)) => {
                as_many(named.len(), min, max).map(|()| one_each())
            }
            (Self::Knapsack { budget }, Ballot::Projects(_)) => {
                let cost = named.iter().map(|project| u128::from(projects[*project as usize].cost)).sum();
                if cost > u128::from(budget) {
                    Err(Refusal::OverBudget { cost, budget })
                } else {
                    Ok(one_each())
                }
            }
            (Self::Ranked { max }, Ballot::Projects(_)) => {
                as_many(named.len(), 0, max)?;
                Ok(named.iter().zip((0..=max).rev()).map(|(project, points)| (*project, points)).collect())
            }
            (Self::Cumulative { points: max }, Ballot::Points(points)) => {
                let all = points.iter().map(|(_, points)| u64::from(*points)).sum();
                given(points, all, max)
            }
            (Self::Scoring { max }, Ballot::Points(points)) => {
                let most = points.iter().map(|(_, points)| u64::from(*points)).max().unwrap_or(0);
                given(points, most, max)
            }
            (
                Self::ChooseOne | Self::Approval { .. } | Self::Knapsack { .. } | Self::Ranked { .. },
                Ballot::Points(_),
            )
            | (Self::Cumulative { .. } | Self::Scoring { .. }, Ballot::Projects(_)) => {
                Err(Refusal::OtherKind)
            }
        }
    }
}

const fn as_many(found: usize, min: u32, max: u32) -> Result<(), Refusal> {
    if found < min as usize {
        return Err(Refusal::TooFew { found, min });
    }
    if found > max as usize { Err(Refusal::TooMany { found, max }) } else { Ok(()) }
}

fn given(points: &[Support], found: u64, max: u32) -> Result<Vec<Support>, Refusal> {
    if found > u64::from(max) {
        return Err(Refusal::TooManyPoints { found, max });
    }
    Ok(points.iter().copied().filter(|(_, points)| *points > 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: Form, ballot: &Ballot) -> Result<Vec<Support>, Refusal> {
        let project = |(id, cost): (&str, u64)| Project { id: id.into(), cost };
        form.supports(ballot, &[("a", 60), ("b", 40), ("c", 50)].map(project))
    }

    #[test]
    fn a_ballot_is_refused_by_the_rule_it_breaks() {
        let some = |projects: &[u32]| Ballot::Projects(projects.into());
        let points = |points: &[Support]| Ballot::Points(points.into());
        let knapsack = Form::Knapsack { budget: 100 };
        assert_eq!(read(knapsack, &some(&[1, 0])), Ok(vec![(1, 1), (0, 1)]));
        assert_eq!(read(knapsack, &some(&[0, 2])), Err(Refusal::OverBudget { cost: 110, budget: 100 }));
        assert_eq!(read(knapsack, &some(&[3])), Err(Refusal::UnknownProject(3)));
        assert_eq!(read(knapsack, &some(&[1, 1])), Err(Refusal::RepeatedProject(1)));
        assert_eq!(read(knapsack, &points(&[])), Err(Refusal::OtherKind));
        let approval = Form::Approval { min: 1, max: 2 };
        assert_eq!(read(approval, &some(&[])), Err(Refusal::TooFew { found: 0, min: 1 }));
        assert_eq!(read(approval, &some(&[0, 1, 2])), Err(Refusal::TooMany { found: 3, max: 2 }));
        assert_eq!(read(Form::ChooseOne, &some(&[2])), Ok(vec![(2, 1)]));
        assert_eq!(read(Form::ChooseOne, &some(&[2, 1])), Err(Refusal::TooMany { found: 2, max: 1 }));
        assert_eq!(read(Form::Ranked { max: 3 }, &some(&[2, 0])), Ok(vec![(2, 3), (0, 2)]));
        assert_eq!(read(Form::Ranked { max: 1 }, &some(&[2, 0])), Err(Refusal::TooMany { found: 2, max: 1 }));
        let cumulative = Form::Cumulative { points: 5 };
        assert_eq!(read(cumulative, &points(&[(0, 5), (1, 0)])), Ok(vec![(0, 5)]));
        assert_eq!(
            read(cumulative, &points(&[(0, 5), (1, 1)])),
            Err(Refusal::TooManyPoints { found: 6, max: 5 })
        );
        assert_eq!(read(Form::Scoring { max: 5 }, &points(&[(0, 5), (1, 5)])), Ok(vec![(0, 5), (1, 5)]));
        assert_eq!(
            read(Form::Scoring { max: 5 }, &points(&[(0, 6)])),
            Err(Refusal::TooManyPoints { found: 6, max: 5 })
        );
        assert_eq!(read(cumulative, &some(&[0])), Err(Refusal::OtherKind));
    }
}
