//! A row of an answer. Getters return errors, since a query and its reader can disagree.

use std::sync::Arc;

use crate::{
    error::{ColumnFault, Error, Result},
    op::Value,
};

/// One row.
#[derive(Clone, PartialEq)]
pub struct Row {
    pub(crate) query: &'static str,
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Value>,
}

impl std::fmt::Debug for Row {
    /// Never shows the values: some were sealed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row({}: {})", self.query, self.columns.join(", "))
    }
}

impl Row {
    /// An integer or nothing.
    ///
    /// # Errors
    /// If there is no such column, or it holds something else.
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(int) => Ok(Some(*int)),
            Value::Text(_) | Value::Bytes(_) => Err(self.fault(column, ColumnFault::Kind)),
        }
    }

    /// A text or nothing.
    ///
    /// # Errors
    /// If there is no such column, or it holds something else.
    pub fn opt_text(&self, column: &str) -> Result<Option<&str>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            Value::Int(_) | Value::Bytes(_) => Err(self.fault(column, ColumnFault::Kind)),
        }
    }

    /// Bytes or nothing.
    ///
    /// # Errors
    /// If there is no such column, or it holds something else.
    pub fn opt_bytes(&self, column: &str) -> Result<Option<&[u8]>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes)),
            Value::Int(_) | Value::Text(_) => Err(self.fault(column, ColumnFault::Kind)),
        }
    }

    /// An integer.
    ///
    /// # Errors
    /// If there is no such column, or it is null or holds something else.
    pub fn int(&self, column: &str) -> Result<i64> {
        self.opt_int(column)?.ok_or_else(|| self.fault(column, ColumnFault::Null))
    }

    /// A text.
    ///
    /// # Errors
    /// If there is no such column, or it is null or holds something else.
    pub fn text(&self, column: &str) -> Result<&str> {
        self.opt_text(column)?.ok_or_else(|| self.fault(column, ColumnFault::Null))
    }

    /// Bytes.
    ///
    /// # Errors
    /// If there is no such column, or it is null or holds something else.
    pub fn bytes(&self, column: &str) -> Result<&[u8]> {
        self.opt_bytes(column)?.ok_or_else(|| self.fault(column, ColumnFault::Null))
    }

    /// Whatever stands in a column.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn value(&self, column: &str) -> Result<&Value> {
        let at = self.columns.iter().position(|name| name == column);
        at.and_then(|at| self.values.get(at)).ok_or_else(|| self.fault(column, ColumnFault::Absent))
    }

    /// All values, in the query's order.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    fn fault(&self, column: &str, fault: ColumnFault) -> Error {
        Error::Column { query: self.query, column: column.to_owned(), fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_getter_names_the_query_the_column_and_what_is_wrong() {
        let columns: Arc<[String]> = ["n".to_owned(), "t".to_owned()].into();
        let row = Row { query: "q", columns, values: vec![Value::Null, Value::Text("x".into())] };
        assert_eq!(row.opt_int("n").unwrap(), None);
        assert_eq!(row.text("t").unwrap(), "x");
        assert_eq!(row.int("n").unwrap_err().to_string(), "query q, column n: null");
        assert_eq!(row.int("t").unwrap_err().to_string(), "query q, column t: of another kind");
        assert_eq!(row.int("z").unwrap_err().to_string(), "query q, column z: not in the answer");
    }
}
