//! The little we ask of a solver: a linear programme with real or whole columns. It is `microlp`'s; nothing it answers is
//! believed where it matters: panels are counted again in whole numbers, and bounds are checked as certificates.

use std::{cell::Cell, time::Duration};

use microlp::{
    ComparisonOp, Error, OptimizationDirection, Problem, Solution, SolveOptions, SolveOutcome,
    TerminationReason, Variable,
};

/// One programme takes no longer, however ill-conditioned: a brake that no result depends on, since it ends the draw.
const BRAKE: Duration = Duration::from_secs(300);

/// How much work may be done. Work is counted in steps of the simplex method, so that a limit is the same on any machine;
/// who wants to stop for another reason says so when asked.
pub struct Effort<'a> {
    left: Cell<u64>,
    go_on: &'a dyn Fn() -> bool,
}

impl<'a> Effort<'a> {
    /// As many steps as the hardest instances we know need, several times over: some minutes.
    pub const USUAL: u64 = 20_000_000;

    /// So many steps, while somebody says to go on; asked between programmes, so several times a second.
    #[must_use]
    pub fn new(steps: u64, go_on: &'a dyn Fn() -> bool) -> Self {
        Self { left: Cell::new(steps), go_on }
    }

    /// Whether there is any left.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.left.get() > 0 && (self.go_on)()
    }

    fn spend(&self, steps: u64) {
        self.left.set(self.left.get().saturating_sub(steps.max(1)));
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsolved {
    /// There is none.
    Infeasible,
    /// It could be better and better.
    Unbounded,
    /// The nodes allowed for this programme weren't enough.
    Nodes,
    /// The effort allowed for all of it is used up.
    Stopped,
    /// The solver lost its way in floating point.
    Numeric,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// Nodes of branch and bound at most.
    pub(crate) nodes: u64,
    /// A whole solution will do that is so near the optimum, as a part of it.
    pub(crate) gap: f64,
}

/// The optimum.
pub(crate) const OPTIMUM: Asked = Asked { nodes: u64::MAX, gap: 0.0 };
/// Any whole solution.
pub(crate) const ANY: f64 = 1e9;

/// A programme being written down.
pub(crate) struct Model {
    problem: Problem,
    columns: Vec<Variable>,
}

impl Model {
    pub(crate) fn minimise() -> Self {
        Self { problem: Problem::new(OptimizationDirection::Minimize), columns: Vec::new() }
    }

    pub(crate) fn maximise() -> Self {
        Self { problem: Problem::new(OptimizationDirection::Maximize), columns: Vec::new() }
    }

    /// A column of real numbers between two bounds.
    pub(crate) fn real(&mut self, cost: f64, low: f64, high: f64) -> usize {
        let column = self.problem.add_var(cost, (low, high));
        self.keep(column)
    }

    /// A column of whole numbers between two bounds.
    pub(crate) fn whole(&mut self, cost: f64, low: i64, high: i64) -> usize {
        let within = |bound: i64| i32::try_from(bound).unwrap_or(i32::MAX);
        let column = self.problem.add_integer_var(cost, (within(low), within(high)));
        self.keep(column)
    }

    fn keep(&mut self, column: Variable) -> usize {
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// A row between two bounds, which may be equal or infinite. No column stands in it twice.
    pub(crate) fn row(&mut self, entries: &[(usize, f64)], low: f64, high: f64) {
        let expression =
            || entries.iter().map(|(column, by)| (self.columns[*column], *by)).collect::<Vec<_>>();
        if (high - low).abs() < f64::EPSILON {
            self.problem.add_constraint(expression(), ComparisonOp::Eq, low);
            return;
        }
        if low.is_finite() && high.is_finite() {
            // One row with a column of its own that has the bounds: half as many rows as one for each bound.
            let within = self.problem.add_var(0.0, (low, high));
            let mut row = expression();
            row.push((within, -1.0));
            self.problem.add_constraint(row, ComparisonOp::Eq, 0.0);
        } else if low.is_finite() {
            self.problem.add_constraint(expression(), ComparisonOp::Ge, low);
        } else if high.is_finite() {
            self.problem.add_constraint(expression(), ComparisonOp::Le, high);
        }
    }

    /// The value of each column, and of the objective.
    pub(crate) fn solve(&self, asked: Asked, effort: &Effort) -> Result<Solved, Unsolved> {
        Ok(self.read(&self.run(asked, effort)?))
    }

    /// The optimum of real columns, to which rows can be added.
    pub(crate) fn grow(self, effort: &Effort) -> Result<Growing, Unsolved> {
        let solution = self.run(OPTIMUM, effort)?;
        Ok(Growing { model: self, solution })
    }

    fn run(&self, asked: Asked, effort: &Effort) -> Result<Solution, Unsolved> {
        if !effort.goes_on() {
            return Err(Unsolved::Stopped);
        }
        let mut options = SolveOptions::default();
        options.time_limit = Some(BRAKE);
        options.node_limit = Some(asked.nodes);
        options.mip_gap = asked.gap;
        options.presolve = false;
        options.tolerances.feasibility = 1e-9;
        ended(self.problem.solve_with(options), effort, 0)
    }

    fn read(&self, solution: &Solution) -> Solved {
        let proven = matches!(solution.termination_reason(), TerminationReason::ProvenOptimal);
        let values = self.columns.iter().map(|column| solution.var_value(*column)).collect();
        Solved { values, objective: solution.objective(), proven }
    }
}

/// A solved programme of real columns.
pub(crate) struct Growing {
    model: Model,
    solution: Solution,
}

impl Growing {
    /// One row more: the sum is no more than the bound.
    pub(crate) fn at_most(
        self,
        entries: &[(usize, f64)],
        most: f64,
        effort: &Effort,
    ) -> Result<Self, Unsolved> {
        if !effort.goes_on() {
            return Err(Unsolved::Stopped);
        }
        let Self { model, solution } = self;
        let before = solution.stats().lp_iterations;
        let row: Vec<_> = entries.iter().map(|(column, by)| (model.columns[*column], *by)).collect();
        let solution = ended(solution.add_constraint(row, ComparisonOp::Le, most), effort, before)?;
        Ok(Self { model, solution })
    }

    /// The answer so far.
    pub(crate) fn solved(&self) -> Solved {
        self.model.read(&self.solution)
    }
}

/// A solution, or why there is none; what it took is spent.
fn ended(outcome: Result<SolveOutcome, Error>, effort: &Effort, before: u64) -> Result<Solution, Unsolved> {
    match outcome {
        Ok(outcome) => {
            effort.spend(outcome.stats().lp_iterations.saturating_sub(before));
            let reason = outcome.termination_reason();
            match (outcome, reason) {
                (_, TerminationReason::TimeLimit) => Err(Unsolved::Stopped),
                (SolveOutcome::Solution(solution), _) => Ok(solution),
                (SolveOutcome::Interrupted(_), _) => Err(Unsolved::Nodes),
            }
        }
        Err(error) => {
            effort.spend(10);
            Err(match error {
                Error::Infeasible => Unsolved::Infeasible,
                Error::Unbounded => Unsolved::Unbounded,
                _ => Unsolved::Numeric,
            })
        }
    }
}

/// An answer.
pub(crate) struct Solved {
    /// Of each column.
    pub(crate) values: Vec<f64>,
    pub(crate) objective: f64,
    /// Whether it is the optimum.
    pub(crate) proven: bool,
}
