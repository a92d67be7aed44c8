//! The roles that read views: what an administrator of the database runs once, and again when a tenant or a service comes
//! along. A service needs none of it: it owns its schemas, and lets roles that are there read the views it makes.

use std::fmt::Write as _;

use crate::{error::Result, name, view::sql::literal};

/// The longest name that Postgres keeps whole.
const LONGEST: usize = 63;

/// What readers may take of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// A statement that takes longer is ended. Whoever is logged in can raise it: it holds up mistakes, not malice.
    pub statement_timeout_ms: u64,
    /// Connections at once, each role for itself.
    pub connections: u32,
}

/// The role that reads the views of a tenant: `radslag_bi_malmo_2008` of `malmo-2008`.
#[must_use]
pub fn role(readers: &str, tenant: &str) -> String {
    format!("{readers}_{}", tenant.replace('-', "_"))
}

/// Whether roles' names can begin so.
#[must_use]
pub fn is_prefix(readers: &str) -> bool {
    let letters = readers.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    readers.starts_with(|c: char| c.is_ascii_lowercase()) && letters && readers.len() + 41 <= LONGEST
}

/// Statements that make the roles of all tenants, and one, `readers`, that may read what any of them may. Run again they
/// change nothing, or what has changed since. `shown`: each service and projection that has views.
///
/// # Errors
/// If a schema would have a longer name than Postgres keeps.
pub fn statements(readers: &str, bounds: Bounds, tenants: &[&str], shown: &[(&str, &str)]) -> Result<String> {
    let mut sql = String::from(
        "BEGIN;\n\n-- May read what the role of any tenant may, by schema: malmo_petitions_petitions.bi_petitions.\n",
    );
    login(&mut sql, readers, bounds);
    for tenant in tenants {
        let role = role(readers, tenant);
        let schemas = shown.iter().map(|(service, projection)| name::schema(tenant, service, projection));
        let schemas = schemas.collect::<Result<Vec<_>>>()?;
        let path: Vec<String> = schemas.iter().map(|schema| format!("\"{schema}\"")).collect();
        let _ = writeln!(sql, "\n-- Reads the views of {tenant}: SELECT * FROM bi_petitions.");
        login(&mut sql, &role, bounds);
        let _ = writeln!(sql, "ALTER ROLE \"{role}\" SET search_path = {};", path.join(", "));
        let _ = writeln!(sql, "GRANT \"{role}\" TO \"{readers}\";");
        let listed: Vec<String> = schemas.iter().map(|schema| literal(schema)).collect();
        let _ = writeln!(
            sql,
            "DO $views$ DECLARE it record; BEGIN\n  FOR it IN SELECT schemaname, viewname FROM pg_catalog.pg_views\n    \
             WHERE schemaname IN ({}) LOOP\n    \
             EXECUTE format('GRANT USAGE ON SCHEMA %I TO \"{role}\"', it.schemaname);\n    \
             EXECUTE format('GRANT SELECT ON %I.%I TO \"{role}\"', it.schemaname, it.viewname);\n  END LOOP;\nEND $views$;",
            listed.join(", ")
        );
    }
    sql.push_str("\nCOMMIT;\n");
    Ok(sql)
}

/// A role that can log in once somebody gives it a password or a certificate, and can read alone.
fn login(sql: &mut String, role: &str, bounds: Bounds) {
    let (timeout, connections) = (bounds.statement_timeout_ms, bounds.connections);
    let _ = writeln!(
        sql,
        "DO $role$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{role}') THEN\n    \
         CREATE ROLE \"{role}\";\n  END IF;\n  \
         EXECUTE format('GRANT CONNECT ON DATABASE %I TO \"{role}\"', current_database());\nEND $role$;\n\
         ALTER ROLE \"{role}\" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT {connections};\n\
         ALTER ROLE \"{role}\" SET default_transaction_read_only = on;\n\
         ALTER ROLE \"{role}\" SET statement_timeout = '{timeout}ms';\n\
         ALTER ROLE \"{role}\" SET idle_in_transaction_session_timeout = '60s';"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_leaves_room_for_every_tenant() {
        for (prefix, fits) in [
            ("radslag_bi", true),
            ("a", true),
            ("", false),
            ("_a", false),
            ("Radslag", false),
            ("radslag-bi", false),
            ("a\"b", false),
            ("a2345678901234567890123", false),
        ] {
            assert_eq!(is_prefix(prefix), fits, "{prefix}");
        }
        assert!(role("a234567890123456789012", &"t".repeat(40)).len() <= LONGEST);
        assert_eq!(role("radslag_bi", "malmo-2008"), "radslag_bi_malmo_2008");
    }
}
