//! Names that become files and schemas: checked before they do.

use crate::error::{Error, Result};

/// The longest identifier of Postgres is 63 bytes; a generation's number needs some of them.
const LONGEST_SCHEMA: usize = 52;

/// A tenant's or a service's name: a-z, 0-9 and hyphens, not first or last.
pub(crate) fn place(what: &'static str, name: &str) -> Result<String> {
    let hyphens = name.starts_with('-') || name.ends_with('-');
    let letters = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if name.is_empty() || name.len() > 63 || hyphens || !letters {
        let rule = "1 to 63 of a-z, 0-9 and hyphens, no hyphen first or last";
        return Err(Error::Name { what, name: name.to_owned(), rule });
    }
    Ok(name.to_owned())
}

/// A projection's, table's or column's name: a letter, then letters, digits and underscores.
pub(crate) fn word(what: &'static str, name: &str) -> Result<()> {
    let letters = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.len() > 48 || !letters {
        let rule = "1 to 48 of a-z, 0-9 and underscores, a letter first";
        return Err(Error::Name { what, name: name.to_owned(), rule });
    }
    Ok(())
}

/// The Postgres schema of a projection. Unambiguous: neither tenants nor services have underscores.
pub(crate) fn schema(tenant: &str, service: &str, projection: &str) -> Result<String> {
    let name = format!("{tenant}_{service}_{projection}");
    if name.len() > LONGEST_SCHEMA {
        return Err(Error::Name { what: "schema", name, rule: "tenant, service and projection, 52 bytes" });
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_leave_its_folder_is_refused() {
        for name in ["", "..", "a/b", "a\\b", "a\0", "A", "å", "-a", "a-", "a_b", "a.b", &"a".repeat(64)] {
            assert!(place("tenant", name).is_err(), "{name:?}");
        }
        assert_eq!(place("tenant", "malmo-2008").unwrap(), "malmo-2008");
    }

    #[test]
    fn a_word_is_an_identifier_in_both_databases() {
        for name in ["", "1a", "_a", "a-b", "a\"b", "A", &"a".repeat(49)] {
            assert!(word("table", name).is_err(), "{name:?}");
        }
        assert!(word("table", "signature_2").is_ok());
    }

    #[test]
    fn a_schema_name_is_never_cut_by_postgres() {
        assert!(schema(&"t".repeat(40), "petitions", "counts").is_err());
        assert_eq!(schema("malmo", "petitions", "lists").unwrap(), "malmo_petitions_lists");
    }
}
