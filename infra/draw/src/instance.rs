//! What a panel is drawn from: people as rows of category values, who lives with whom, and how many of each feature the
//! panel may have. The caller maps names to codes.

/// Most people of an instance.
pub const MAX_PEOPLE: usize = 1 << 20;
/// Most categories.
pub const MAX_CATEGORIES: usize = 64;
/// Most features of one category.
pub const MAX_FEATURES: usize = 1 << 12;
/// Most seats of a panel.
pub const MAX_SIZE: u32 = 10_000;

/// How many of a feature a panel may have, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quota {
    /// At least so many.
    pub min: u32,
    /// At most so many.
    pub max: u32,
}

/// A feature: which category, and which value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Feature {
    /// Number of the category.
    pub category: usize,
    /// Number of the value in it.
    pub code: usize,
}

/// A volunteer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The same number for all who live together; nobody else where there is none.
    pub household: Option<u32>,
    /// A code for each category.
    pub features: Vec<u16>,
}

/// People, quotas and the number of seats, checked to fit together. Whether any panel exists is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    size: u32,
    categories: Vec<Vec<Quota>>,
    households: Vec<Option<u32>>,
    /// Row by row, a code for each category.
    features: Vec<u16>,
}

/// Why something is no instance. People, categories and features are told by their numbers from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A panel has between 1 and `MAX_SIZE` seats.
    #[error("a panel can't have {0} seats")]
    Size(u32),
    /// More people than `MAX_PEOPLE`.
    #[error("more than {MAX_PEOPLE} people")]
    TooManyPeople,
    /// More categories than `MAX_CATEGORIES`.
    #[error("{0} categories are more than {MAX_CATEGORIES}")]
    TooManyCategories(usize),
    /// A category has between 1 and `MAX_FEATURES` features.
    #[error("category {0} has no features, or more than {MAX_FEATURES}")]
    Features(usize),
    /// At least more than at most.
    #[error("feature {0:?} asks for at least more than it allows at most")]
    Quota(Feature),
    /// A row is shorter or longer than there are categories.
    #[error("person {0} doesn't have one code for each category")]
    Row(usize),
    /// A row names a code that its category doesn't have.
    #[error("person {person} has code {} in category {}, which is unknown", feature.code, feature.category)]
    Code {
        /// Number of the row.
        person: usize,
        /// What it names.
        feature: Feature,
    },
}

impl Instance {
    /// Checks that everything fits together.
    ///
    /// # Errors
    /// The first thing that doesn't.
    pub fn new(
        size: u32,
        categories: Vec<Vec<Quota>>,
        people: impl IntoIterator<Item = Person>,
    ) -> Result<Self, Invalid> {
        if size == 0 || size > MAX_SIZE {
            return Err(Invalid::Size(size));
        }
        if categories.len() > MAX_CATEGORIES {
            return Err(Invalid::TooManyCategories(categories.len()));
        }
        for (category, quotas) in categories.iter().enumerate() {
            if quotas.is_empty() || quotas.len() > MAX_FEATURES {
                return Err(Invalid::Features(category));
            }
            if let Some(code) = quotas.iter().position(|quota| quota.min > quota.max) {
                return Err(Invalid::Quota(Feature { category, code }));
            }
        }
        let mut instance = Self { size, categories, households: Vec::new(), features: Vec::new() };
        for person in people {
            instance.push(&person)?;
        }
        Ok(instance)
    }

    fn push(&mut self, person: &Person) -> Result<(), Invalid> {
        let number = self.households.len();
        if number == MAX_PEOPLE {
            return Err(Invalid::TooManyPeople);
        }
        if person.features.len() != self.categories.len() {
            return Err(Invalid::Row(number));
        }
        for (category, code) in person.features.iter().map(|code| usize::from(*code)).enumerate() {
            if code >= self.categories[category].len() {
                return Err(Invalid::Code { person: number, feature: Feature { category, code } });
            }
        }
        self.households.push(person.household);
        self.features.extend(&person.features);
        Ok(())
    }

    /// How many seats the panel has.
    #[must_use]
    pub const fn size(&self) -> u32 {
        self.size
    }

    /// How many people there are.
    #[must_use]
    pub const fn people(&self) -> usize {
        self.households.len()
    }

    /// The quotas, category by category.
    #[must_use]
    pub fn categories(&self) -> &[Vec<Quota>] {
        &self.categories
    }

    /// A person's codes, one for each category.
    #[must_use]
    pub fn features(&self, person: usize) -> &[u16] {
        let width = self.categories.len();
        &self.features[person * width..(person + 1) * width]
    }

    /// Whom a person lives with, as the caller numbered it.
    #[must_use]
    pub fn household(&self, person: usize) -> Option<u32> {
        self.households[person]
    }

    /// Every feature with its quota.
    pub fn quotas(&self) -> impl Iterator<Item = (Feature, Quota)> {
        self.categories.iter().enumerate().flat_map(|(category, quotas)| {
            quotas.iter().enumerate().map(move |(code, quota)| (Feature { category, code }, *quota))
        })
    }

    /// The same people under other seats and quotas.
    ///
    /// # Errors
    /// As `new`; a category more or less is told as the first person's row.
    pub fn with_quotas(&self, size: u32, categories: Vec<Vec<Quota>>) -> Result<Self, Invalid> {
        Self::new(size, categories, (0..self.people()).map(|number| self.person(number)))
    }

    /// A row as it was given.
    #[must_use]
    pub fn person(&self, number: usize) -> Person {
        Person { household: self.household(number), features: self.features(number).to_vec() }
    }
}
