//! Values to and from Postgres.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};

use crate::{
    error::{ColumnFault, Error, Result, postgres},
    op::Value,
};

/// The type a parameter is declared with; Postgres infers that of a null.
pub(crate) fn kind(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    }
}

/// The values of a row.
pub(crate) fn values(row: &tokio_postgres::Row, query: &'static str) -> Result<Vec<Value>> {
    let value = |(at, column): (usize, &tokio_postgres::Column)| {
        if !<Value as FromSql<'_>>::accepts(column.type_()) {
            let column = column.name().to_owned();
            return Err(Error::Column { query, column, fault: ColumnFault::Kind });
        }
        row.try_get::<_, Option<Value>>(at).map(|v| v.unwrap_or(Value::Null)).map_err(postgres("read a row"))
    };
    row.columns().iter().enumerate().map(value).collect()
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(int) => int.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Int(i64::from(i32::from_sql(kind, raw)?)),
            Type::INT2 => Self::Int(i64::from(i16::from_sql(kind, raw)?)),
            Type::BOOL => Self::Int(i64::from(bool::from_sql(kind, raw)?)),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            _ => Self::Text(String::from_sql(kind, raw)?),
        })
    }

    fn accepts(kind: &Type) -> bool {
        let ours = [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::BYTEA];
        ours.contains(kind) || <String as FromSql<'_>>::accepts(kind)
    }
}
