//! A projection's tables, checked and resolved once: names become numbers, counts become tables of their own.

use crate::{
    error::{CellFault, Error, Result, TableFault},
    name,
    op::{Cell, Value},
    projection::Projection,
    table::{Column, CountBy, Kind, Table},
    view::View,
};
use radslag_kernel::Opened;

/// The number of a table within its schema.
pub(crate) type TableId = usize;

pub(crate) const COUNT_BLOCK: &str = "count_block";
const COUNT_BLOCK_COLUMNS: [(&str, Kind); 8] = [
    ("aggregate", Kind::Bytes),
    ("block", Kind::Int),
    ("origin", Kind::Int),
    ("first_position", Kind::Int),
    ("first_recorded_at", Kind::Int),
    ("count_before", Kind::Int),
    ("changes", Kind::Bytes),
    ("n", Kind::Int),
];

/// All tables of a projection: its own, then `count_block`, then those of its counts.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) projection: &'static str,
    pub(crate) version: u32,
    pub(crate) tables: Vec<Shape>,
    pub(crate) views: &'static [&'static View],
    own: &'static [&'static Table],
}

/// One table as it is kept.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) columns: Vec<ShapeColumn>,
    pub(crate) key: usize,
    /// The column whose slot seals the sealed columns.
    pub(crate) seal: Option<usize>,
    pub(crate) indexes: Vec<Vec<usize>>,
    pub(crate) counts: Vec<Tally>,
}

#[derive(Debug)]
pub(crate) struct ShapeColumn {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) sealed: bool,
    pub(crate) words: Option<Derived>,
    pub(crate) newest: bool,
}

/// A words column's sources, resolved.
#[derive(Debug)]
pub(crate) struct Derived {
    pub(crate) of: Vec<usize>,
    pub(crate) only: Option<usize>,
}

/// A `CountBy`, resolved. Its table has the group, `value`, `rows`.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) into: TableId,
    pub(crate) group: Vec<(usize, Kind)>,
    pub(crate) column: usize,
    pub(crate) only: Option<usize>,
}

impl Shape {
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The columns that are searched, weightiest first.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        self.columns.iter().filter(|column| column.words.is_some()).map(|column| column.name).collect()
    }

    /// The column that tells which row is newer.
    pub(crate) fn newest(&self) -> Option<&'static str> {
        self.columns.iter().find(|column| column.newest).map(|column| column.name)
    }

    pub(crate) fn has_seals(&self) -> bool {
        self.columns.iter().any(|column| column.sealed)
    }
}

impl Schema {
    /// Of a projection.
    pub(crate) fn of<E>(projection: &Projection<E>) -> Result<Self> {
        Self::new(projection.name, projection.version, projection.tables, projection.views)
    }

    /// Checks the description and resolves it.
    pub(crate) fn new(
        projection: &'static str,
        version: u32,
        own: &'static [&'static Table],
        views: &'static [&'static View],
    ) -> Result<Self> {
        name::word("projection", projection)?;
        let mut schema = Self { projection, version, tables: Vec::new(), views, own };
        for table in own {
            let shape = schema.shape(table)?;
            schema.tables.push(shape);
        }
        schema.tables.push(count_block());
        for (id, table) in own.iter().enumerate() {
            for count in table.counts {
                schema.tally(id, count)?;
            }
        }
        let mut names: Vec<&str> = schema.tables.iter().map(|table| table.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(schema.fault(pair[0], TableFault::Twice));
        }
        if schema.tables.len() > 255 {
            return Err(schema.fault("", TableFault::TooMany));
        }
        Ok(schema)
    }

    fn fault(&self, table: &str, fault: TableFault) -> Error {
        Error::Table { projection: self.projection, table: table.to_owned(), fault }
    }

    fn shape(&self, table: &'static Table) -> Result<Shape> {
        name::word("table", table.name)?;
        let fault = |fault| self.fault(table.name, fault);
        let columns: Vec<ShapeColumn> = table
            .columns
            .iter()
            .map(|c| {
                Ok(ShapeColumn {
                    name: c.name,
                    kind: c.kind,
                    sealed: is_sealed(table, c),
                    words: derived(table, c)?,
                    newest: c.newest,
                })
            })
            .collect::<std::result::Result<_, _>>()
            .map_err(fault)?;
        for (i, column) in columns.iter().enumerate() {
            name::word("column", column.name)?;
            if columns[..i].iter().any(|earlier| earlier.name == column.name) {
                return Err(fault(TableFault::Twice));
            }
        }
        if table.key == 0 || table.key > columns.len() {
            return Err(fault(TableFault::Key));
        }
        if columns.len() > 255 {
            return Err(fault(TableFault::TooMany));
        }
        if columns[..table.key].iter().any(|column| column.sealed) {
            return Err(fault(TableFault::SealedKey));
        }
        let find = |name: &str| columns.iter().position(|c| c.name == name).ok_or(TableFault::NoColumn);
        let seal = table.sealed_by.map(find).transpose().map_err(fault)?;
        let seal_fits = seal.is_some_and(|s| columns[s].kind == Kind::Int && !columns[s].sealed);
        if !seal_fits && (seal.is_some() || columns.iter().any(|column| column.sealed)) {
            return Err(fault(TableFault::NoSeal));
        }
        let index = |names: &&[&str]| names.iter().map(|name| find(name)).collect();
        let indexes =
            table.indexes.iter().map(index).collect::<std::result::Result<_, _>>().map_err(fault)?;
        let name = table.name.to_owned();
        Ok(Shape { name, columns, key: table.key, seal, indexes, counts: Vec::new() })
    }

    /// Resolves a count and makes its table.
    fn tally(&mut self, of: TableId, count: &CountBy) -> Result<()> {
        name::word("table", count.into)?;
        let source = &self.tables[of];
        let fault = |fault| self.fault(count.into, fault);
        let find = |name: &&str| source.column(name).ok_or(fault(TableFault::NoColumn));
        let group = count.group.iter().map(find).collect::<Result<Vec<_>>>()?;
        let column = find(&count.column)?;
        let only = count.only.as_ref().map(find).transpose()?;
        // Of the others nothing stands for a value that is gone.
        if group.iter().any(|g| source.columns[*g].sealed && source.columns[*g].kind != Kind::Text) {
            return Err(fault(TableFault::SealedGroup));
        }
        if only.is_some_and(|o| source.columns[o].sealed || source.columns[o].kind != Kind::Int) {
            return Err(fault(TableFault::Only));
        }
        let open = |name, kind| ShapeColumn { name, kind, sealed: false, words: None, newest: false };
        let mut columns: Vec<ShapeColumn> =
            group.iter().map(|g| open(source.columns[*g].name, source.columns[*g].kind)).collect();
        if columns.iter().any(|c| c.name == "value" || c.name == "rows") {
            return Err(fault(TableFault::Twice));
        }
        columns.extend([open("value", Kind::Text), open("rows", Kind::Int)]);
        let group = group.iter().map(|g| (*g, source.columns[*g].kind)).collect::<Vec<_>>();
        let key = group.len() + 1;
        let name = count.into.to_owned();
        let into = self.tables.len();
        self.tables.push(Shape { name, columns, key, seal: None, indexes: vec![], counts: vec![] });
        self.tables[of].counts.push(Tally { into, group, column, only });
        Ok(())
    }

    /// The number of `count_block`; the tables of counts come after it.
    pub(crate) fn count_block(&self) -> TableId {
        self.own.len()
    }

    /// The number of a table that a fold names.
    pub(crate) fn table(&self, table: &'static Table) -> Result<TableId> {
        let found = self.own.iter().position(|own| std::ptr::eq(*own, table) || own.name == table.name);
        found.ok_or(Error::UnknownTable { projection: self.projection, table: table.name })
    }

    /// Refuses a key that doesn't fit.
    pub(crate) fn check_key(&self, id: TableId, key: &[Value]) -> Result<()> {
        let shape = &self.tables[id];
        let fits = key.len() == shape.key
            && key.iter().zip(&shape.columns).all(|(value, column)| kind_of(value) == Some(column.kind));
        if fits {
            return Ok(());
        }
        Err(Error::Key { projection: self.projection, table: shape.name.clone() })
    }

    /// The column and the value to store of a cell, if the rules let it stand there.
    pub(crate) fn cell(&self, id: TableId, name: &str, cell: Cell) -> Result<(usize, Value)> {
        let shape = &self.tables[id];
        let Some(at) = shape.column(name) else { return Err(self.broken(id, name, CellFault::NoColumn)) };
        let column = &shape.columns[at];
        if at < shape.key {
            return Err(self.broken(id, name, CellFault::KeyColumn));
        }
        if column.words.is_some() {
            return Err(self.broken(id, name, CellFault::Derived));
        }
        let value = match (cell, column.sealed) {
            (Cell::Open(value), false) | (Cell::Sealed(Opened::Known(value)), true) => value,
            (Cell::Sealed(Opened::Gone), true) => Value::Null,
            (Cell::Open(_), true) => return Err(self.broken(id, name, CellFault::OpenInSealed)),
            (Cell::Sealed(_), false) => return Err(self.broken(id, name, CellFault::SealedInOpen)),
        };
        if kind_of(&value).is_some_and(|kind| kind != column.kind) {
            return Err(self.broken(id, name, CellFault::Kind));
        }
        Ok((at, without_nul(value)))
    }

    /// The column that a fold adds to, if it can be added to.
    pub(crate) fn addable(&self, id: TableId, name: &str) -> Result<usize> {
        let shape = &self.tables[id];
        let Some(at) = shape.column(name) else { return Err(self.broken(id, name, CellFault::NoColumn)) };
        if at < shape.key {
            return Err(self.broken(id, name, CellFault::KeyColumn));
        }
        if shape.columns[at].sealed || shape.columns[at].kind != Kind::Int {
            return Err(self.broken(id, name, CellFault::NotAddable));
        }
        Ok(at)
    }

    fn broken(&self, id: TableId, column: &str, fault: CellFault) -> Error {
        let (projection, table) = (self.projection, self.tables[id].name.clone());
        Error::Cell { projection, table, column: column.to_owned(), fault }
    }

    pub(crate) fn damaged(&self, what: &'static str) -> Error {
        Error::Damaged { projection: self.projection, what }
    }
}

/// Words of a sealed text are sealed as it is.
fn is_sealed(table: &Table, column: &Column) -> bool {
    let source = |name: &&str| table.columns.iter().any(|source| source.name == *name && source.sealed);
    column.sealed || column.words.is_some_and(|words| words.of.iter().any(source))
}

fn derived(table: &Table, column: &Column) -> std::result::Result<Option<Derived>, TableFault> {
    let Some(words) = column.words else { return Ok(None) };
    let find = |name: &&str| {
        let at = table.columns.iter().position(|source| source.name == *name);
        at.map(|at| (at, &table.columns[at])).ok_or(TableFault::NoColumn)
    };
    let of = words.of.iter().map(find).collect::<std::result::Result<Vec<_>, _>>()?;
    let only = words.only.as_ref().map(find).transpose()?;
    let is_text = |(_, source): &(usize, &Column)| source.kind == Kind::Text && source.words.is_none();
    let is_flag = |(_, source): &(usize, &Column)| source.kind == Kind::Int && !source.sealed;
    let is_key = table.columns[..table.key].iter().any(|key| key.name == column.name);
    if is_key || of.is_empty() || !of.iter().all(is_text) || !only.iter().all(is_flag) {
        return Err(TableFault::Words);
    }
    Ok(Some(Derived { of: of.iter().map(|(at, _)| *at).collect(), only: only.map(|(at, _)| at) }))
}

/// Postgres has no NUL in text. A citizen's odd paste mustn't stop a projection, so it becomes U+FFFD in both.
pub(crate) fn without_nul(value: Value) -> Value {
    match value {
        Value::Text(text) if text.contains('\0') => Value::Text(text.replace('\0', "\u{fffd}")),
        other => other,
    }
}

fn kind_of(value: &Value) -> Option<Kind> {
    match value {
        Value::Null => None,
        Value::Int(_) => Some(Kind::Int),
        Value::Text(_) => Some(Kind::Text),
        Value::Bytes(_) => Some(Kind::Bytes),
    }
}

fn count_block() -> Shape {
    let columns = COUNT_BLOCK_COLUMNS.map(|(name, kind)| ShapeColumn {
        name,
        kind,
        sealed: false,
        words: None,
        newest: false,
    });
    let indexes = vec![vec![0, 3, 1], vec![0, 4, 1]];
    let name = COUNT_BLOCK.to_owned();
    Shape { name, columns: columns.into(), key: 2, seal: None, indexes, counts: vec![] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Words, int, sealed, text, words};

    const GOOD: Table = Table {
        name: "t",
        columns: &[int("k"), int("slot"), sealed(text("area")), text("open")],
        key: 1,
        sealed_by: Some("slot"),
        indexes: &[&["slot", "open"]],
        counts: &[CountBy { into: "areas", group: &["open"], column: "area", only: Some("slot") }],
    };

    fn fault(tables: &'static [&'static Table]) -> Option<TableFault> {
        match Schema::new("p", 1, tables, &[]) {
            Err(Error::Table { fault, .. }) => Some(fault),
            _ => None,
        }
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused() {
        const COUNT: CountBy = CountBy { into: "n", group: &[], column: "area", only: None };
        assert_eq!(fault(const { &[&GOOD] }), None);
        assert_eq!(fault(const { &[&GOOD, &GOOD] }), Some(TableFault::Twice));
        assert_eq!(fault(const { &[&Table { name: "count_block", ..GOOD }] }), Some(TableFault::Twice));
        assert_eq!(fault(const { &[&Table { key: 0, ..GOOD }] }), Some(TableFault::Key));
        assert_eq!(fault(const { &[&Table { key: 5, ..GOOD }] }), Some(TableFault::Key));
        assert_eq!(fault(const { &[&Table { key: 3, ..GOOD }] }), Some(TableFault::SealedKey));
        assert_eq!(fault(const { &[&Table { sealed_by: None, ..GOOD }] }), Some(TableFault::NoSeal));
        assert_eq!(fault(const { &[&Table { sealed_by: Some("open"), ..GOOD }] }), Some(TableFault::NoSeal));
        assert_eq!(fault(const { &[&Table { indexes: &[&["x"]], ..GOOD }] }), Some(TableFault::NoColumn));
        let by_text = const { &[&Table { counts: &[CountBy { group: &["area"], ..COUNT }], ..GOOD }] };
        assert_eq!(fault(by_text), None);
        let by_number = const {
            &[&Table {
                columns: &[int("k"), int("slot"), sealed(text("area")), text("open"), sealed(int("age"))],
                counts: &[CountBy { group: &["age"], ..COUNT }],
                ..GOOD
            }]
        };
        assert_eq!(fault(by_number), Some(TableFault::SealedGroup));
        const WORDS: Words = Words { of: &["area"], only: Some("open") };
        let of_no_flag = const {
            &[&Table {
                columns: &[int("k"), int("slot"), sealed(text("area")), text("open"), words("w", &WORDS)],
                ..GOOD
            }]
        };
        assert_eq!(fault(of_no_flag), Some(TableFault::Words));
        let only_text = const { &[&Table { counts: &[CountBy { only: Some("open"), ..COUNT }], ..GOOD }] };
        assert_eq!(fault(only_text), Some(TableFault::Only));
    }

    #[test]
    fn a_name_that_is_no_identifier_is_refused() {
        assert!(Schema::new("p", 1, const { &[&Table { name: "a\"b", ..GOOD }] }, &[]).is_err());
        assert!(Schema::new("../p", 1, const { &[&GOOD] }, &[]).is_err());
    }
}
