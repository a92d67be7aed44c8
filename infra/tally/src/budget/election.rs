//! What is to be counted: projects with costs, and ballots, identical ones kept once with how many they are.

use std::collections::{HashMap, hash_map::Entry};

/// Most projects of an election.
pub const MAX_PROJECTS: usize = 100_000;

/// A project that voters can support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its name in the ballots. Ties are broken by it, byte by byte: `10` comes before `9`.
    pub id: String,
    /// What it costs, in the smallest unit of money that occurs; at least 1.
    pub cost: u64,
}

/// How much of a voter's support a project has: the project's place in the election, and points, at least 1.
pub type Support = (u32, u32);

/// Ballots that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub voters: u64,
    /// Which projects, in the order of the election.
    pub supports: Box<[Support]>,
}

/// Why there is no such election, or no such ballot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Two projects have one id.
    #[error("project `{0}` is there twice")]
    DuplicateProject(String),
    /// A project costs nothing.
    #[error("project `{0}` costs nothing")]
    NoCost(String),
    /// There are more than [`MAX_PROJECTS`].
    #[error("there are {0} projects, more than {MAX_PROJECTS}")]
    TooManyProjects(usize),
    /// The unit of money is 0, or not a divisor that amounts are counted in.
    #[error("the unit of money is 0")]
    NoUnit,
    /// All costs together, or the budget, can't be counted.
    #[error("the amounts are too large to be counted")]
    TooLarge,
    /// A ballot or an exclusion names a project that isn't there.
    #[error("there is no project number {0}")]
    UnknownProject(u32),
    /// A ballot names a project twice.
    #[error("a ballot names project `{0}` twice")]
    Repeated(String),
    /// A ballot gives a project no points.
    #[error("a ballot gives project `{0}` no points")]
    NoPoints(String),
}

/// Projects, the money there is, and ballots.
#[derive(Clone, Debug)]
pub struct Election {
    budget: u64,
    unit: u64,
    projects: Vec<Project>,
    /// Place of each project in the order of ids.
    ranks: Vec<u32>,
    rivals: Vec<Vec<u32>>,
    groups: Vec<Group>,
    voters: u64,
    index: HashMap<Box<[Support]>, usize>,
}

impl Election {
    /// One without ballots. All amounts are whole numbers of the smallest unit of money that occurs, of which `unit` make
    /// the unit by which Equal Shares raises what each voter has: 1 if amounts are in whole kronor, 100 if in ören.
    ///
    /// # Errors
    /// `DuplicateProject`, `NoCost`, `TooManyProjects`, `NoUnit`, `TooLarge`.
    pub fn new(budget: u64, unit: u64, projects: Vec<Project>) -> Result<Self, Invalid> {
        if projects.len() > MAX_PROJECTS {
            return Err(Invalid::TooManyProjects(projects.len()));
        }
        if unit == 0 {
            return Err(Invalid::NoUnit);
        }
        let mut order: Vec<u32> = (0..projects.len() as u32).collect();
        order.sort_by(|a, b| projects[*a as usize].id.cmp(&projects[*b as usize].id));
        let mut ranks = vec![0; projects.len()];
        for (rank, project) in order.iter().enumerate() {
            ranks[*project as usize] = rank as u32;
        }
        let mut ids =
            order.windows(2).map(|two| (&projects[two[0] as usize].id, &projects[two[1] as usize].id));
        if let Some((twice, _)) = ids.find(|(a, b)| a == b) {
            return Err(Invalid::DuplicateProject(twice.clone()));
        }
        if let Some(free) = projects.iter().find(|project| project.cost == 0) {
            return Err(Invalid::NoCost(free.id.clone()));
        }
        let total = projects.iter().try_fold(budget, |sum, project| sum.checked_add(project.cost));
        total.filter(|total| *total <= 1 << 62).ok_or(Invalid::TooLarge)?;
        let rivals = vec![Vec::new(); projects.len()];
        let (groups, index) = (Vec::new(), HashMap::new());
        Ok(Self { budget, unit, projects, ranks, rivals, groups, voters: 0, index })
    }

    /// Of these projects at most one can be funded, as where they want the same piece of land.
    ///
    /// # Errors
    /// `UnknownProject`.
    pub fn exclude(&mut self, projects: &[u32]) -> Result<(), Invalid> {
        self.known(projects.iter().copied())?;
        for project in projects {
            let rivals = &mut self.rivals[*project as usize];
            rivals.extend(projects.iter().filter(|other| *other != project));
            rivals.sort_unstable();
            rivals.dedup();
        }
        Ok(())
    }

    /// Puts in a ballot: which projects it supports, in any order, with how many points each; perhaps none. It counts as a
    /// voter all the same: everyone who voted has a share of the money.
    ///
    /// # Errors
    /// `UnknownProject`, `Repeated`, `NoPoints`.
    pub fn vote(&mut self, supports: &[Support]) -> Result<(), Invalid> {
        self.known(supports.iter().map(|(project, _)| *project))?;
        let mut sorted: Box<[Support]> = supports.into();
        sorted.sort_unstable();
        let id = |project: u32| self.projects[project as usize].id.clone();
        if let Some(twice) = sorted.windows(2).find(|two| two[0].0 == two[1].0) {
            return Err(Invalid::Repeated(id(twice[0].0)));
        }
        if let Some((project, _)) = sorted.iter().find(|(_, points)| *points == 0) {
            return Err(Invalid::NoPoints(id(*project)));
        }
        self.voters += 1;
        match self.index.entry(sorted) {
            Entry::Occupied(known) => self.groups[*known.get()].voters += 1,
            Entry::Vacant(new) => {
                self.groups.push(Group { voters: 1, supports: new.key().clone() });
                new.insert(self.groups.len() - 1);
            }
        }
        Ok(())
    }

    fn known(&self, mut projects: impl Iterator<Item = u32>) -> Result<(), Invalid> {
        let unknown = projects.find(|project| *project as usize >= self.projects.len());
        unknown.map_or(Ok(()), |unknown| Err(Invalid::UnknownProject(unknown)))
    }

    /// The money there is, in the unit of the costs.
    #[must_use]
    pub const fn budget(&self) -> u64 {
        self.budget
    }

    /// How many of the unit of costs make the one by which shares are raised.
    #[must_use]
    pub const fn unit(&self) -> u64 {
        self.unit
    }

    /// All projects.
    #[must_use]
    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// Ballots, identical ones together, in the order in which each kind came first.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// How many ballots there are.
    #[must_use]
    pub const fn voters(&self) -> u64 {
        self.voters
    }

    /// Which projects can't be funded beside one.
    #[must_use]
    pub fn rivals(&self, project: u32) -> &[u32] {
        &self.rivals[project as usize]
    }

    /// Its place in the order of ids: the lower wins a tie.
    #[must_use]
    pub fn rank(&self, project: u32) -> u32 {
        self.ranks[project as usize]
    }

    /// What a project costs.
    #[must_use]
    pub fn cost(&self, project: u32) -> u64 {
        self.projects[project as usize].cost
    }

    /// Of each project how many voters support it, and the sum of their points.
    #[must_use]
    pub fn support(&self) -> Vec<Supported> {
        let mut all = vec![Supported::default(); self.projects.len()];
        for Group { voters, supports } in &self.groups {
            for (project, points) in supports {
                let one = &mut all[*project as usize];
                one.voters += voters;
                one.points += u128::from(*voters) * u128::from(*points);
            }
        }
        all
    }
}

/// How much a project is supported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supported {
    /// By how many voters.
    pub voters: u64,
    /// Their points together: as many where each gives one.
    pub points: u128,
}
