//! Rows as one array a column: a statement with a fixed number of parameters for any number of rows.

use tokio_postgres::types::ToSql;

use crate::{ddl::Dialect, op::Value, schema::ShapeColumn, table::Kind};

/// A parameter.
pub(crate) type Array<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// An array of each column.
pub(crate) fn columns<'a>(shape: &[ShapeColumn], rows: &[&'a [Value]]) -> Vec<Array<'a>> {
    shape.iter().enumerate().map(|(at, column)| array(column.kind, at, rows)).collect()
}

fn array<'a>(kind: Kind, at: usize, rows: &[&'a [Value]]) -> Array<'a> {
    match kind {
        Kind::Int => Box::new(rows.iter().map(|row| int(&row[at])).collect::<Vec<_>>()),
        Kind::Text => Box::new(rows.iter().map(|row| text(&row[at])).collect::<Vec<_>>()),
        Kind::Bytes => Box::new(rows.iter().map(|row| bytes(&row[at])).collect::<Vec<_>>()),
    }
}

/// `unnest($1::bigint[], ...)` over those arrays.
pub(crate) fn unnest(columns: &[ShapeColumn]) -> String {
    let cast = |(at, column): (usize, &ShapeColumn)| format!("${}::{}", at + 1, Dialect::array(column.kind));
    format!("unnest({})", columns.iter().enumerate().map(cast).collect::<Vec<_>>().join(", "))
}

fn int(value: &Value) -> Option<i64> {
    if let Value::Int(int) = value { Some(*int) } else { None }
}

fn text(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

fn bytes(value: &Value) -> Option<&[u8]> {
    if let Value::Bytes(bytes) = value { Some(bytes) } else { None }
}
