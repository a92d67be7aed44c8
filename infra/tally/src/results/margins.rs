//! What is known about the population, and which category each respondent is in: what weights are made from.

/// A category of a margin.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// As people call it.
    pub name: String,
    /// How many of the population, in the unit of the population's size.
    pub population: f64,
}

/// A way to divide the population: by age, by area.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// As people call it.
    pub name: String,
    /// Every one of the population is in one of them.
    pub categories: Vec<Category>,
}

/// Why there is nothing to make weights from. Categories and margins are named.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// There are no respondents.
    #[error("there are no respondents")]
    NoRespondents,
    /// There are no margins.
    #[error("there are no margins")]
    NoMargins,
    /// The population isn't a number above 0.
    #[error("the population is {0}")]
    Population(f64),
    /// A category's population isn't a number from 0.
    #[error("{margin}, {category}: the population is {population}")]
    Count {
        /// Which margin.
        margin: String,
        /// Which category.
        category: String,
        /// As it was said.
        population: f64,
    },
    /// A margin's categories don't sum to the population.
    #[error("{margin} sums to {sum}, and the population is {population}")]
    Sum {
        /// Which margin.
        margin: String,
        /// What its categories sum to.
        sum: f64,
        /// What they should.
        population: f64,
    },
    /// There isn't one category for each respondent.
    #[error("{margin} has categories of {found} respondents, and there are {respondents}")]
    Respondents {
        /// Which margin.
        margin: String,
        /// Of so many.
        found: usize,
        /// There are.
        respondents: usize,
    },
    /// Some respondents are in no category of a margin.
    #[error("{margin}: {respondents} respondents are in none of its categories")]
    InNoCategory {
        /// Which margin.
        margin: String,
        /// How many.
        respondents: usize,
    },
    /// Nobody has answered from a category that isn't empty: no weight makes up for that.
    #[error("{margin}, {category}: no respondents")]
    NobodyAnswered {
        /// Which margin.
        margin: String,
        /// Which category.
        category: String,
    },
    /// Somebody has answered from a category that is empty.
    #[error("{margin}, {category}: {respondents} respondents, and the population is 0")]
    NobodyLives {
        /// Which margin.
        margin: String,
        /// Which category.
        category: String,
        /// How many.
        respondents: usize,
    },
}

/// Two categories together that nobody has answered from: raking can't make up for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmptyCell {
    /// Margin and category.
    pub one: (String, String),
    /// Another margin, and its category.
    pub other: (String, String),
}

/// Respondents beside the population.
#[derive(Clone, Debug)]
pub struct Sample {
    pub(super) population: f64,
    pub(super) margins: Vec<Margin>,
    /// Kinds of respondents: the category of each margin. In ascending order, so that weights don't depend on who came first.
    pub(super) kinds: Vec<Vec<u32>>,
    /// How many are of each kind.
    pub(super) counts: Vec<u64>,
    /// Each respondent's kind.
    pub(super) kind_of: Vec<u32>,
}

/// How far a margin's sum may be from the population, as a part of it: what adding up costs.
const TOLERANCE: f64 = 1e-9;

impl Sample {
    /// From the population's size (1 or 100 for shares), margins in the order in which they are raked, and for each margin the
    /// category of every respondent; one that isn't among the categories stands for none.
    ///
    /// # Errors
    /// In this order, margin by margin.
    pub fn new(population: f64, margins: Vec<Margin>, categories: &[Vec<u32>]) -> Result<Self, Refusal> {
        if !(population.is_finite() && population > 0.0) {
            return Err(Refusal::Population(population));
        }
        if margins.is_empty() || categories.len() != margins.len() {
            return Err(Refusal::NoMargins);
        }
        let respondents = categories[0].len();
        if respondents == 0 {
            return Err(Refusal::NoRespondents);
        }
        for (margin, categories) in margins.iter().zip(categories) {
            margin.sums_to(population)?;
            margin.holds(categories, respondents)?;
        }
        let kind = |at: u32| categories.iter().map(move |margin| margin[at as usize]);
        let mut order: Vec<u32> = (0..respondents as u32).collect();
        order.sort_by(|a, b| kind(*a).cmp(kind(*b)));
        let (mut kinds, mut counts, mut kind_of) = (Vec::<Vec<u32>>::new(), Vec::new(), vec![0; respondents]);
        for at in order {
            if !kinds.last().is_some_and(|last| last.iter().copied().eq(kind(at))) {
                kinds.push(kind(at).collect());
                counts.push(0);
            }
            kind_of[at as usize] = kinds.len() as u32 - 1;
            if let Some(count) = counts.last_mut() {
                *count += 1;
            }
        }
        Ok(Self { population, margins, kinds, counts, kind_of })
    }

    /// How many respondents there are.
    #[must_use]
    pub const fn respondents(&self) -> usize {
        self.kind_of.len()
    }

    /// Pairs of categories that both have respondents, but none in common.
    #[must_use]
    pub fn empty_cells(&self) -> Vec<EmptyCell> {
        let mut empty = Vec::new();
        for (first, one) in self.margins.iter().enumerate() {
            for (second, other) in self.margins.iter().enumerate().skip(first + 1) {
                let mut met = vec![false; one.categories.len() * other.categories.len()];
                for kind in &self.kinds {
                    met[kind[first] as usize * other.categories.len() + kind[second] as usize] = true;
                }
                let unmet = met.iter().enumerate().filter(|(_, met)| !**met).map(|(at, _)| at);
                let pair = |at| {
                    (
                        &one.categories[at / other.categories.len()],
                        &other.categories[at % other.categories.len()],
                    )
                };
                let lived_in = unmet.map(pair).filter(|(a, b)| a.population > 0.0 && b.population > 0.0);
                empty.extend(lived_in.map(|(a, b)| EmptyCell {
                    one: (one.name.clone(), a.name.clone()),
                    other: (other.name.clone(), b.name.clone()),
                }));
            }
        }
        empty
    }
}

impl Margin {
    fn sums_to(&self, population: f64) -> Result<(), Refusal> {
        let margin = || self.name.clone();
        for Category { name, population } in &self.categories {
            if !(population.is_finite() && *population >= 0.0) {
                let category = name.clone();
                return Err(Refusal::Count { margin: margin(), category, population: *population });
            }
        }
        let sum: f64 = self.categories.iter().map(|category| category.population).sum();
        if (sum - population).abs() > TOLERANCE * population {
            return Err(Refusal::Sum { margin: margin(), sum, population });
        }
        Ok(())
    }

    fn holds(&self, categories: &[u32], respondents: usize) -> Result<(), Refusal> {
        let margin = || self.name.clone();
        let found = categories.len();
        if found != respondents {
            return Err(Refusal::Respondents { margin: margin(), found, respondents });
        }
        let mut counts = vec![0_usize; self.categories.len()];
        let mut nowhere = 0;
        for category in categories {
            *counts.get_mut(*category as usize).unwrap_or(&mut nowhere) += 1;
        }
        if nowhere > 0 {
            return Err(Refusal::InNoCategory { margin: margin(), respondents: nowhere });
        }
        for (Category { name, population }, count) in self.categories.iter().zip(counts) {
            let category = || name.clone();
            match (*population > 0.0, count) {
                (true, 0) => return Err(Refusal::NobodyAnswered { margin: margin(), category: category() }),
                (false, 1..) => {
                    return Err(Refusal::NobodyLives {
                        margin: margin(),
                        category: category(),
                        respondents: count,
                    });
                }
                _ => {}
            }
        }
        Ok(())
    }
}
