//! What is said of counts, and why a project is funded, in words that need no other page.

use std::path::Path;

use super::Said;
use crate::tally::{Project, Why};

impl Said {
    /// Neither of the formats.
    pub(crate) fn no_ballots(self, file: &Path) -> String {
        let file = file.display();
        self.tell(
            format!("{file} är varken en `.pb` (Pabulib) eller en `.toi`, `.toc`, `.soi`, `.soc` (PrefLib)"),
            format!("{file} is neither a `.pb` (Pabulib) nor a `.toi`, `.toc`, `.soi`, `.soc` (PrefLib)"),
        )
    }

    /// While a rule is counted.
    pub(crate) fn counting(self, what: &str) -> String {
        self.tell(format!("Räknar {what}"), format!("Counting {what}"))
    }

    /// A project that isn't in the file.
    pub(crate) fn no_project(self, id: &str) -> String {
        self.tell(
            format!("det finns inget projekt `{id}` i filen"),
            format!("there is no project `{id}` in the file"),
        )
    }

    /// A rule of the other kind.
    pub(crate) fn rule_of_rankings(self, rule: &str) -> String {
        self.tell(
            format!("`{rule}` räknar rangordningar, och det här är en medborgarbudget"),
            format!("`{rule}` counts rankings, and this is a participatory budget"),
        )
    }

    /// A rule of the other kind.
    pub(crate) fn rule_of_budgets(self, rule: &str) -> String {
        self.tell(
            format!("`{rule}` räknar medborgarbudgetar, och det här är rangordningar"),
            format!("`{rule}` counts participatory budgets, and these are rankings"),
        )
    }

    /// `--explain` with rankings.
    pub(crate) const fn only_projects_are_explained(self) -> &'static str {
        self.pick(
            "--explain gäller projekt i en medborgarbudget",
            "--explain is of projects in a participatory budget",
        )
    }

    /// A vote with less than was asked for.
    pub(crate) fn too_few(self, line: Option<u64>, key: &str) -> String {
        let line = line.unwrap_or_default();
        self.tell(
            format!("rad {line}: rösten har mindre än {key}; den räknas"),
            format!("line {line}: the vote has less than {key}; it counts"),
        )
    }

    /// A file's own column says something else than its votes.
    pub(crate) fn column_differs(self, project: &str, column: &str, written: &str, counted: &str) -> String {
        self.tell(
            format!("projekt {project}: {column} är {written} i filen, rösterna ger {counted}"),
            format!("project {project}: {column} is {written} in the file, the votes give {counted}"),
        )
    }

    /// What a file has.
    pub(crate) fn budget_file(self, votes: u64, budget: &str, currency: &str) -> String {
        self.tell(
            format!("{votes} röster, {budget} {currency} att fördela"),
            format!("{votes} votes, {budget} {currency} to be spent"),
        )
    }

    /// Personal columns.
    pub(crate) fn dropped(self, columns: &str) -> String {
        self.tell(
            format!("personuppgifter som inte har lästs in: {columns}"),
            format!("personal data that was not read: {columns}"),
        )
    }

    /// What a rule funds.
    pub(crate) fn funds(self, rule: &str, funded: usize, cost: &str, left: &str) -> String {
        self.tell(
            format!("{rule}: {funded} projekt för {cost}, {left} kvar"),
            format!("{rule}: {funded} projects for {cost}, {left} left"),
        )
    }

    /// What each voter had.
    pub(crate) fn shares(self, share: &str) -> String {
        self.tell(format!("var och en som röstade hade {share}"), format!("everyone who voted had {share}"))
    }

    /// The comparison step.
    pub(crate) fn compared(self, shares: u64, greedy: u64) -> String {
        self.tell(
            format!(
                "{shares} röstande får fler av sina projekt med lika andelar, {greedy} med flest röster först"
            ),
            format!(
                "{shares} voters get more of their projects with equal shares, {greedy} with most votes first"
            ),
        )
    }

    /// What the file says.
    pub(crate) const fn as_in_the_file(self, same: bool) -> &'static str {
        if same {
            self.pick("samma som filen anger", "the same as the file says")
        } else {
            self.pick("INTE samma som filen anger", "NOT the same as the file says")
        }
    }

    /// Why a project is funded, or isn't.
    pub(crate) fn why(self, project: &Project, why: &Why) -> String {
        let Project { cost, votes, .. } = project;
        match why {
            Why::HadItsTurn { left } => self.tell(
                format!("När turen kom fanns {left} kvar, och det kostar {cost}."),
                format!("When its turn came, {left} was left, and it costs {cost}."),
            ),
            Why::TooDear { left, points_enough } => {
                let first = self.tell(
                    format!("När turen kom fanns {left} kvar, men det kostar {cost}. En kostnad på högst {left} hade räckt"),
                    format!("When its turn came, {left} was left, but it costs {cost}. A cost of at most {left} would have been enough"),
                );
                let more = points_enough.as_ref().map(|points| {
                    self.tell(format!(", eller {points} röster eller poäng"), format!(", or {points} votes or points"))
                });
                format!("{first}{}.", more.unwrap_or_default())
            }
            Why::Unsupported => self.pick("Ingen röstade på det.", "Nobody voted for it.").to_owned(),
            Why::Excluded { by } => self.tell(
                format!("Projekt {by} genomförs, och bara ett av dem kan det."),
                format!("Project {by} is carried out, and only one of them can be."),
            ),
            Why::Paid { price, full, rest, nothing } => self.tell(
                format!(
                    "{votes} röstade på det: {full} betalade {price} var per poäng, {rest} betalade allt de hade kvar, {nothing} \
                     hade inget kvar."
                ),
                format!(
                    "{votes} voted for it: {full} paid {price} each per point, {rest} paid all they had left, {nothing} had \
                     nothing left."
                ),
            ),
            Why::Unpaid { left, missing, supporters_enough } => {
                let first = self.tell(
                    format!("De {votes} som röstade på det hade {left} kvar tillsammans, och det kostar {cost}: {missing} saknades"),
                    format!("The {votes} who voted for it had {left} left together, and it costs {cost}: {missing} was missing"),
                );
                let more = supporters_enough.map(|supporters| {
                    self.tell(
                        format!(". Så många fler med hela sin andel kvar hade räckt: {supporters}"),
                        format!(". So many more with their whole share left would have been enough: {supporters}"),
                    )
                });
                format!("{first}{}.", more.unwrap_or_default())
            }
        }
    }

    /// What a file of rankings has.
    pub(crate) fn rankings_file(self, title: &str, ballots: u64, alternatives: usize) -> String {
        self.tell(
            format!("{title}: {ballots} valsedlar, {alternatives} alternativ"),
            format!("{title}: {ballots} ballots, {alternatives} alternatives"),
        )
    }

    /// Who wins.
    pub(crate) fn wins(self, rule: &str, winners: &str) -> String {
        if winners.is_empty() {
            return self.tell(format!("{rule}: ingen vinner"), format!("{rule}: nobody wins"));
        }
        self.tell(format!("{rule}: {winners} vinner"), format!("{rule}: {winners} wins"))
    }

    /// A tie in a run-off.
    pub(crate) fn tie(self, tied: &str, out: &str) -> String {
        self.tell(
            format!("lika få röster hade {tied}; {out} gick ut"),
            format!("{tied} had as few votes; {out} went out"),
        )
    }
}
