//! A register or a list of volunteers as CSV, with Swedish or English headers. What breaks the file's form (a quote, the number
//! of fields) refuses all of it, naming the line; a row that can't be used is left out and named.

use std::collections::HashMap;

use radslag_kernel::{
    csv::{Line, Lines, fields, separator},
    personal,
};

use crate::{frame::row::Row, panel::import::Columns, strata};

/// Columns of a file at most.
pub const COLUMNS_MAX: usize = 60;
/// Characters of a field at most.
const FIELD_MAX: usize = 250;

/// What a column means, by the names it goes by.
const KNOWN: [(&str, &[&str]); 14] = [
    ("person_number", &["personnummer", "pnr", "person_number", "personal number", "personnr"]),
    ("name", &["namn", "name", "fullständigt namn"]),
    ("first_name", &["förnamn", "first_name", "first name", "tilltalsnamn"]),
    ("last_name", &["efternamn", "last_name", "last name"]),
    ("street", &["adress", "gatuadress", "utdelningsadress", "address", "street"]),
    ("postcode", &["postnummer", "postnr", "postcode", "zip"]),
    ("town", &["ort", "postort", "town", "city"]),
    ("birth_year", &["födelseår", "birth_year", "birth year", "född"]),
    ("gender", &["kön", "gender", "sex"]),
    ("area", &["område", "stadsdel", "distrikt", "area", "district"]),
    ("mailbox", &["e-post", "epost", "e-postadress", "mailbox", "email", "e-mail"]),
    ("phone", &["telefon", "mobil", "mobiltelefon", "phone", "mobile"]),
    ("household", &["hushåll", "hushålls-id", "household", "household_id"]),
    ("protected", &["skyddad", "skyddad identitet", "sekretess", "protected"]),
];
/// Values that mean yes.
const YES: [&str; 7] = ["1", "j", "ja", "x", "y", "yes", "true"];

/// What is wrong with a file: nothing of it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is empty.
    Empty,
    /// Its header is longer than a line may be, or has too many columns.
    HeaderTooLong,
    /// Two columns mean the same.
    ColumnTwice,
    /// Nobody could be told apart: neither personal number nor mailbox nor name.
    NobodyNamed,
    /// A line's quote isn't closed, or it is longer than a line may be.
    Broken(u32),
    /// A line has more or fewer fields than the header.
    Width(u32),
}

/// Why a row is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Its personal number isn't one.
    PersonNumber,
    /// Its year of birth isn't one, or is missing where the panel goes by age.
    BirthYear,
    /// It names nobody.
    Nobody,
    /// A field is too long, or begins with what a spreadsheet would run.
    Field,
    /// The same person stood in a line before.
    Twice,
    /// The form doesn't take them: too young, too old, or something it asks for is missing.
    NotTaken,
}

impl Unusable {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::PersonNumber, Self::BirthYear, Self::Nobody, Self::Field, Self::Twice, Self::NotTaken];

    /// The word in answers and in the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PersonNumber => "person-number",
            Self::BirthYear => "birth-year",
            Self::Nobody => "nobody",
            Self::Field => "field",
            Self::Twice => "twice",
            Self::NotTaken => "not-taken",
        }
    }
}

/// A row of a file, or why it is left out; by its line.
pub type Read = (u32, Result<Row, Unusable>);

/// Reads a file piece by piece; holds one line.
pub struct Reader {
    lines: Lines,
    header: Option<Header>,
    mapping: HashMap<String, String>,
    year: i16,
}

/// Which column means what.
struct Header {
    separator: char,
    /// For each column: of `KNOWN`, or of `columns.others`.
    meanings: Vec<Meaning>,
    columns: Columns,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Known(usize),
    Other(usize),
}

impl Reader {
    /// Of a file in a year. `mapping`: what a column by its name in the file is to mean, where that isn't one of the known.
    #[must_use]
    pub fn new(mapping: HashMap<String, String>, year: i16) -> Self {
        Self { lines: Lines::default(), header: None, mapping, year }
    }

    /// What the columns are, once the header was read.
    #[must_use]
    pub fn columns(&self) -> Option<&Columns> {
        self.header.as_ref().map(|header| &header.columns)
    }

    /// Takes a piece of the file, and gives the rows that end in it.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn feed(&mut self, bytes: &[u8], rows: &mut Vec<Read>) -> Result<(), Unreadable> {
        let mut lines = Vec::new();
        self.lines.feed(bytes, &mut lines);
        lines.iter().try_for_each(|line| self.take(line, rows))
    }

    /// The file has ended.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn end(&mut self, rows: &mut Vec<Read>) -> Result<(), Unreadable> {
        if let Some(line) = std::mem::take(&mut self.lines).end() {
            self.take(&line, rows)?;
        }
        if self.header.is_some() { Ok(()) } else { Err(Unreadable::Empty) }
    }

    fn take(&mut self, line: &Line, rows: &mut Vec<Read>) -> Result<(), Unreadable> {
        if line.text.trim().is_empty() && !line.overlong {
            return Ok(());
        }
        let Some(header) = &self.header else {
            self.header = Some(Header::of(line, &self.mapping)?);
            return Ok(());
        };
        let fields = line.fields(header.separator).ok_or(Unreadable::Broken(line.number))?;
        if fields.len() != header.meanings.len() {
            return Err(Unreadable::Width(line.number));
        }
        rows.push((line.number, header.row(fields, line.number, self.year)));
        Ok(())
    }
}

impl Header {
    fn of(line: &Line, mapping: &HashMap<String, String>) -> Result<Self, Unreadable> {
        if line.overlong {
            return Err(Unreadable::HeaderTooLong);
        }
        let separator = separator(&line.text);
        let names = fields(&line.text, separator).ok_or(Unreadable::Broken(line.number))?;
        if names.len() > COLUMNS_MAX {
            return Err(Unreadable::HeaderTooLong);
        }
        let (mut meanings, mut columns) = (Vec::new(), Columns::default());
        for name in names {
            let lower = name.trim().to_lowercase();
            let name = mapping.get(&lower).cloned().unwrap_or(lower);
            let known = KNOWN.iter().position(|(key, names)| *key == name || names.contains(&name.as_str()));
            let meaning = match known {
                Some(known) => {
                    columns.known.push(KNOWN[known].0.to_owned());
                    Meaning::Known(known)
                }
                None => {
                    columns.others.push(name);
                    Meaning::Other(columns.others.len() - 1)
                }
            };
            let twice = |other: &Meaning| match (other, meaning) {
                (Meaning::Known(a), Meaning::Known(b)) => *a == b,
                (Meaning::Other(a), Meaning::Other(b)) => columns.others[*a] == columns.others[b],
                _ => false,
            };
            if meanings.iter().any(twice) {
                return Err(Unreadable::ColumnTwice);
            }
            meanings.push(meaning);
        }
        let named = ["person_number", "mailbox", "name", "last_name"];
        if !named.iter().any(|name| columns.known.iter().any(|known| known == name)) {
            return Err(Unreadable::NobodyNamed);
        }
        Ok(Self { separator, meanings, columns })
    }

    fn row(&self, fields: Vec<String>, line: u32, year: i16) -> Result<Row, Unusable> {
        let mut row = Row { line, others: vec![String::new(); self.columns.others.len()], ..Row::default() };
        let (mut first, mut last) = (String::new(), String::new());
        for (meaning, field) in self.meanings.iter().zip(fields) {
            let formula = field.starts_with(['=', '@']) || field.chars().any(char::is_control);
            if field.chars().count() > FIELD_MAX || formula {
                return Err(Unusable::Field);
            }
            let place = match meaning {
                Meaning::Other(at) => &mut row.others[*at],
                Meaning::Known(known) => match KNOWN[*known].0 {
                    "person_number" if field.is_empty() => continue,
                    "person_number" => {
                        row.person_number = personal::number(&field, year).ok_or(Unusable::PersonNumber)?;
                        continue;
                    }
                    "birth_year" => {
                        row.birth_year = birth_year(&field, year)?;
                        continue;
                    }
                    "protected" => {
                        row.protected = YES.contains(&field.to_lowercase().as_str());
                        continue;
                    }
                    "name" => &mut row.name,
                    "first_name" => &mut first,
                    "last_name" => &mut last,
                    "street" => &mut row.street,
                    "postcode" => &mut row.postcode,
                    "town" => &mut row.town,
                    "gender" => &mut row.gender,
                    "area" => &mut row.area,
                    "mailbox" => &mut row.mailbox,
                    "phone" => &mut row.phone,
                    _ => &mut row.household,
                },
            };
            *place = field;
        }
        if row.name.is_empty() {
            row.name = [first, last].join(" ").trim().to_owned();
        }
        if row.person_number.is_empty() && row.mailbox.is_empty() && row.name.is_empty() {
            return Err(Unusable::Nobody);
        }
        if row.birth_year == 0 {
            row.birth_year = personal::birth_year(&row.person_number).unwrap_or(0);
        }
        row.gender = gender(&row.gender, &row.person_number);
        Ok(row)
    }
}

fn birth_year(field: &str, year: i16) -> Result<u16, Unusable> {
    if field.is_empty() {
        return Ok(0);
    }
    // A date of birth begins with its year.
    let digits: String = field.chars().take_while(char::is_ascii_digit).take(4).collect();
    let born: u16 = digits.parse().map_err(|_| Unusable::BirthYear)?;
    let known = born >= 1_880 && i32::from(born) <= i32::from(year);
    if known { Ok(born) } else { Err(Unusable::BirthYear) }
}

/// `woman`, `man`, or in the register's own words.
fn gender(field: &str, person_number: &str) -> String {
    match field.to_lowercase().as_str() {
        "k" | "kvinna" | "f" | "female" | "woman" => "woman".into(),
        "m" | "man" | "male" => "man".into(),
        "" => match personal::is_womans(person_number) {
            Some(true) => "woman".into(),
            Some(false) => "man".into(),
            None => String::new(),
        },
        other => other.into(),
    }
}

impl Columns {
    /// Whether they say which feature of a category somebody has.
    #[must_use]
    pub fn supply(&self, category: &strata::Category) -> bool {
        let any = |names: &[&str]| self.known.iter().any(|known| names.contains(&known.as_str()));
        match category.attribute {
            strata::Attribute::Age => any(&["person_number", "birth_year"]),
            strata::Attribute::Gender => any(&["person_number", "gender"]),
            strata::Attribute::Area => any(&["area", "postcode"]),
            strata::Attribute::Other => self.others.contains(&category.other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strata::{Attribute, tests::category};

    fn read(file: &[u8]) -> Result<(Columns, Vec<Read>), Unreadable> {
        let (mut reader, mut rows) = (Reader::new(HashMap::new(), 2008), Vec::new());
        for piece in file.chunks(11) {
            reader.feed(piece, &mut rows)?;
        }
        reader.end(&mut rows)?;
        Ok((reader.columns().cloned().unwrap_or_default(), rows))
    }

    fn usable(file: &str) -> Vec<(u32, Option<Unusable>)> {
        let rows = read(file.as_bytes()).unwrap().1;
        rows.into_iter().map(|(line, row)| (line, row.err())).collect()
    }

    #[test]
    fn swedish_headers_semicolons_and_windows_1252_are_understood() {
        let file = b"Personnummer;F\xf6rnamn;Efternamn;Gatuadress;Postnr;Ort;K\xf6n;Skyddad;Boendeform\r\n\
            19090101-1239;\xc5sa;\xd6berg;Storgatan 1;211 44;Malm\xf6;K;;hyresr\xe4tt\r\n";
        let (columns, rows) = read(file).unwrap();
        assert_eq!(columns.others, ["boendeform"]);
        let row = rows[0].1.clone().unwrap();
        assert_eq!(
            (row.name.as_str(), row.town.as_str(), row.gender.as_str()),
            ("Åsa Öberg", "Malmö", "woman")
        );
        assert_eq!((row.birth_year, row.protected, row.line), (1909, false, 2));
        assert_eq!((row.person_number.as_str(), row.others[0].as_str()), ("190901011239", "hyresrätt"));
    }

    #[test]
    fn commas_english_headers_and_a_protected_person() {
        let (columns, rows) =
            read(b"name,\"address\",birth year,protected\nA,\"B, C\",1970-02-03,yes\n").unwrap();
        let row = rows[0].1.clone().unwrap();
        assert_eq!((row.street.as_str(), row.birth_year, row.protected), ("B, C", 1970, true));
        assert!(columns.supply(&category("age", Attribute::Age, vec![])));
        assert!(!columns.supply(&category("gender", Attribute::Gender, vec![])));
        assert!(!columns.supply(&category("tenure", Attribute::Other, vec![])));
    }

    #[test]
    fn a_column_may_be_told_what_it_means() {
        let mapping = HashMap::from([("bostadsort".to_owned(), "town".to_owned())]);
        let (mut reader, mut rows) = (Reader::new(mapping, 2008), Vec::new());
        reader.feed("namn;Bostadsort\nA;Lund\n".as_bytes(), &mut rows).unwrap();
        assert_eq!(rows[0].1.as_ref().unwrap().town, "Lund");
    }

    #[test]
    fn what_breaks_the_form_of_a_file_refuses_all_of_it_and_names_the_line() {
        for (file, why) in [
            ("", Unreadable::Empty),
            ("\n\n", Unreadable::Empty),
            ("ort;kön\nLund;K\n", Unreadable::NobodyNamed),
            ("namn;Namn\nA;B\n", Unreadable::ColumnTwice),
            ("namn;ort\nA;B\n\"C;D\nE;F\n", Unreadable::Broken(3)),
            ("namn;ort\nA;B\nC\n", Unreadable::Width(3)),
            ("namn;ort\nA;B;C\n", Unreadable::Width(2)),
        ] {
            assert_eq!(read(file.as_bytes()).map(|_| ()), Err(why), "{file}");
        }
        let long = vec![b';'; 10_000_000];
        assert_eq!(read(&long).map(|_| ()), Err(Unreadable::HeaderTooLong));
        let many = "a;".repeat(COLUMNS_MAX);
        assert_eq!(read(many.as_bytes()).map(|_| ()), Err(Unreadable::HeaderTooLong));
        assert_eq!(
            read(&[b"namn\n".as_slice(), &vec![b'x'; 5_000]].concat()).map(|_| ()),
            Err(Unreadable::Broken(2))
        );
    }

    #[test]
    fn a_row_that_can_not_be_used_is_left_out_and_named() {
        let rows = usable(
            "personnummer;namn;födelseår\n19090101-1239;A;\n19090101-1238;B;\n;;1970\n;C;1066\n;=D;\n;E;x\n",
        );
        assert_eq!(
            rows,
            [
                (2, None),
                (3, Some(Unusable::PersonNumber)),
                (4, Some(Unusable::Nobody)),
                (5, Some(Unusable::BirthYear)),
                (6, Some(Unusable::Field)),
                (7, Some(Unusable::BirthYear)),
            ]
        );
    }
}
