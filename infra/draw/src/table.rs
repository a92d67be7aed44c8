//! Reads people and quotas from CSV: the two files that sortition tools exchange. `categories`: category, feature, min, max.
//! `people`: a row a person, a column a category; other columns are left alone. UTF-8, `,` or `;` as the first line has it.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord};

use crate::{
    bundle::{Category, Named},
    instance::{Instance, Invalid, MAX_CATEGORIES, MAX_FEATURES, Person, Quota},
};

/// Most columns of a file.
pub const MAX_COLUMNS: usize = 1_000;

/// Why files can't be read. Lines are counted from 1.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not CSV, or not UTF-8.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// No such column.
    #[error("there is no column {0:?}")]
    Column(String),
    /// The same column or feature twice.
    #[error("{0:?} stands there twice")]
    Twice(String),
    /// More than `MAX_COLUMNS`.
    #[error("more than {MAX_COLUMNS} columns")]
    Columns,
    /// More categories or features than an instance has.
    #[error("more categories or features than a draw can have")]
    Categories,
    /// Not a whole number.
    #[error("line {line}: {text:?} isn't a whole number")]
    Number {
        /// Of the categories.
        line: u64,
        /// What stands there.
        text: String,
    },
    /// A feature without a quota.
    #[error("line {line}: {feature:?} isn't a feature of {category:?}")]
    Feature {
        /// Of the people.
        line: u64,
        /// Its column.
        category: String,
        /// What stands there.
        feature: String,
    },
    /// An identifier that an earlier line has.
    #[error("line {line}: {id:?} stands in an earlier line too")]
    Duplicate {
        /// Of the people.
        line: u64,
        /// Of the person.
        id: String,
    },
    /// What was read is no instance.
    #[error("{0}")]
    Invalid(#[from] Invalid),
}

/// What people are read as.
#[derive(Clone, Debug, Default)]
pub struct Columns<'a> {
    /// Who has the same text in it lives together; an empty text is nobody's household.
    pub household: Option<&'a str>,
    /// Nobody has it twice.
    pub id: Option<&'a str>,
}

/// Categories with their quotas, in the file's order.
///
/// # Errors
/// See `Unreadable`.
pub fn categories(text: &[u8]) -> Result<Vec<Category>, Unreadable> {
    let mut reader = reader(text);
    let header = header(&mut reader)?;
    let columns = ["category", "feature", "min", "max"].map(|name| column(&header, name));
    let [category, feature, min, max] = columns;
    let (category, feature, min, max) = (category?, feature?, min?, max?);
    let mut categories: Vec<Category> = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let number = |at: usize| {
            let text = &record[at];
            text.trim().parse().map_err(|_| Unreadable::Number { line, text: text.to_owned() })
        };
        let named = Named { name: record[feature].trim().to_owned(), min: number(min)?, max: number(max)? };
        let name = record[category].trim();
        let at = categories.iter().position(|known| known.name == name).unwrap_or(categories.len());
        if at == categories.len() {
            categories.push(Category { name: name.to_owned(), features: Vec::new() });
        }
        let features = &mut categories[at].features;
        if features.iter().any(|known| known.name == named.name) {
            return Err(Unreadable::Twice(format!("{name}: {}", named.name)));
        }
        features.push(named);
        if features.len() > MAX_FEATURES || categories.len() > MAX_CATEGORIES {
            return Err(Unreadable::Categories);
        }
    }
    Ok(categories)
}

/// People under quotas.
///
/// # Errors
/// See `Unreadable`.
pub fn instance(
    people: &[u8],
    categories: &[Category],
    seats: u32,
    columns: &Columns,
) -> Result<Instance, Unreadable> {
    let mut reader = reader(people);
    let header = header(&mut reader)?;
    let of = categories.iter().map(|category| column(&header, &category.name));
    let of: Vec<usize> = of.collect::<Result<_, _>>()?;
    let household = columns.household.map(|name| column(&header, name)).transpose()?;
    let id = columns.id.map(|name| column(&header, name)).transpose()?;
    let codes: Vec<BTreeMap<&str, u16>> =
        categories.iter().map(|c| c.features.iter().map(|f| f.name.as_str()).zip(0..).collect()).collect();
    let (mut households, mut ids, mut rows) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        once(&record, id, &mut ids)?;
        let mut features = Vec::with_capacity(of.len());
        for ((at, codes), category) in of.iter().zip(&codes).zip(categories) {
            let feature = record[*at].trim();
            let unknown =
                || Unreadable::Feature { line, category: category.name.clone(), feature: feature.to_owned() };
            features.push(*codes.get(feature).ok_or_else(unknown)?);
        }
        rows.push(Person { household: lives(&record, household, &mut households), features });
    }
    let quota = |named: &Named| Quota { min: named.min, max: named.max };
    let quotas = categories.iter().map(|c| c.features.iter().map(quota).collect()).collect();
    Ok(Instance::new(seats, quotas, rows)?)
}

/// People in strata: everybody with the same features in these columns is one stratum.
///
/// # Errors
/// See `Unreadable`.
pub fn strata(
    people: &[u8],
    by: &[String],
    seats: u32,
    columns: &Columns,
) -> Result<(Category, Instance), Unreadable> {
    let mut reader = reader(people);
    let header = header(&mut reader)?;
    let of: Vec<usize> = by.iter().map(|name| column(&header, name)).collect::<Result<_, _>>()?;
    let household = columns.household.map(|name| column(&header, name)).transpose()?;
    let id = columns.id.map(|name| column(&header, name)).transpose()?;
    let (mut codes, mut rows) = (BTreeMap::new(), Vec::new());
    let (mut households, mut ids) = (BTreeMap::new(), BTreeSet::new());
    for record in reader.records() {
        let record = record?;
        once(&record, id, &mut ids)?;
        let stratum = of.iter().map(|at| record[*at].trim()).collect::<Vec<_>>().join(", ");
        let next = u16::try_from(codes.len()).map_err(|_| Unreadable::Categories)?;
        let code = *codes.entry(stratum).or_insert(next);
        rows.push(Person { household: lives(&record, household, &mut households), features: vec![code] });
    }
    let mut names = vec![String::new(); codes.len()];
    codes.into_iter().for_each(|(name, code)| names[usize::from(code)] = name);
    let quotas = vec![Quota { min: 0, max: seats }; names.len()];
    let features = names.into_iter().map(|name| Named { name, min: 0, max: seats }).collect();
    let instance = Instance::new(seats, vec![quotas], rows)?;
    Ok((Category { name: by.join(", "), features }, instance))
}

/// A column, row by row.
///
/// # Errors
/// See `Unreadable`.
pub fn column_of(people: &[u8], name: &str) -> Result<Vec<String>, Unreadable> {
    let mut reader = reader(people);
    let header = header(&mut reader)?;
    let at = column(&header, name)?;
    reader.records().map(|record| Ok(record?[at].to_owned())).collect()
}

/// Nobody stands there twice.
fn once(record: &StringRecord, id: Option<usize>, ids: &mut BTreeSet<String>) -> Result<(), Unreadable> {
    let Some(id) = id.map(|at| record[at].to_owned()) else { return Ok(()) };
    if ids.insert(id.clone()) {
        return Ok(());
    }
    Err(Unreadable::Duplicate { line: record.position().map_or(0, csv::Position::line), id })
}

/// The number of a household.
fn lives(record: &StringRecord, at: Option<usize>, known: &mut BTreeMap<String, u32>) -> Option<u32> {
    let address = at.map(|at| record[at].trim()).filter(|address| !address.is_empty())?;
    let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
    Some(*known.entry(address.to_owned()).or_insert(next))
}

fn reader(text: &[u8]) -> csv::Reader<&[u8]> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |sign| first.iter().filter(|byte| **byte == sign).count();
    let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
    ReaderBuilder::new().delimiter(delimiter).from_reader(text)
}

fn header(reader: &mut csv::Reader<&[u8]>) -> Result<StringRecord, Unreadable> {
    let header = reader.headers()?.clone();
    if header.len() > MAX_COLUMNS { Err(Unreadable::Columns) } else { Ok(header) }
}

fn column(header: &StringRecord, name: &str) -> Result<usize, Unreadable> {
    let mut at = (0..header.len()).filter(|at| header[*at].trim() == name);
    let first = at.next().ok_or_else(|| Unreadable::Column(name.to_owned()))?;
    if at.next().is_some() { Err(Unreadable::Twice(name.to_owned())) } else { Ok(first) }
}
