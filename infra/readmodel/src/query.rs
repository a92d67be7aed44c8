//! Queries: each SELECT stands once, in the subset both databases understand, and reads one projection.
//!
//! The subset: `$1`, `$2`, ... for parameters; no dialect functions; `CAST(SUM(x) AS BIGINT)`; integers, text and bytes only.
//! A parameter that may be null is compared before it is asked for: `(area = $1 OR $1 IS NULL)`, or Postgres can't tell its type.

/// A named SELECT, usually `Query::new("newest", include_str!("newest.sql"))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

impl Query {
    /// A query; the name stands in errors.
    #[must_use]
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql }
    }

    /// What it is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The statement.
    #[must_use]
    pub const fn sql(&self) -> &'static str {
        self.sql
    }
}

/// A service's queries, each a file that stands once: `queries! { in "../../sql/": NEWEST = "newest"; }` makes `NEWEST`, which is
/// called `newest`, of `../../sql/newest.sql`, and `ALL`. The folder is found from where this is said.
#[macro_export]
macro_rules! queries {
    (in $folder:literal: $($name:ident = $file:literal;)*) => {
        $(
            #[doc = include_str!(concat!($folder, $file, ".sql"))]
            pub const $name: $crate::Query = $crate::Query::new($file, include_str!(concat!($folder, $file, ".sql")));
        )*

        /// All of them.
        pub const ALL: &[$crate::Query] = &[$($name),*];
    };
}

/// The same statement with `?n` for `$n`, outside quotes and comments.
pub(crate) fn for_sqlite(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut inside = None;
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match inside {
            Some(end) if c == end => inside = None,
            None if c == '\'' || c == '"' => inside = Some(c),
            None if c == '-' && next == Some('-') => inside = Some('\n'),
            Some(_) | None => {}
        }
        let parameter = inside.is_none() && c == '$' && next.is_some_and(|n| n.is_ascii_digit());
        out.push(if parameter { '?' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_rewritten_outside_quotes_and_comments_only() {
        let sql = "SELECT '$1', \"$2\", 'it''s $3' -- don't $4\n FROM t WHERE a = $10 AND b > $2";
        let expected = "SELECT '$1', \"$2\", 'it''s $3' -- don't $4\n FROM t WHERE a = ?10 AND b > ?2";
        assert_eq!(for_sqlite(sql), expected);
    }
}
