//! The configuration that holds, as TOML, each value with where it came from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use toml::Value;

use super::load::{Loaded, Origin};

impl Loaded {
    /// Where a value came from, by its dotted key.
    #[must_use]
    pub fn origin(&self, key: &str) -> Origin {
        self.origins.of(key)
    }

    /// As TOML that could be loaded again. Secrets are named by file and so never shown.
    #[must_use]
    pub fn print(&self) -> String {
        // Through JSON, since TOML has no null: a key that isn't set is shown as a comment.
        let Ok(serde_json::Value::Object(sections)) = serde_json::to_value(&self.config) else {
            return String::new();
        };
        let mut text = String::new();
        // Sorted here: whether JSON keeps an order depends on features that other crates choose.
        for (name, section) in sections.into_iter().collect::<BTreeMap<_, _>>() {
            match section {
                serde_json::Value::Array(tables) => {
                    for (index, table) in tables.into_iter().enumerate() {
                        let _ = writeln!(text, "[[{name}]]");
                        self.print_table(&mut text, &format!("{name}.{index}"), table);
                    }
                }
                table => {
                    let _ = writeln!(text, "[{name}]");
                    self.print_table(&mut text, &name, table);
                }
            }
        }
        text
    }

    fn print_table(&self, text: &mut String, under: &str, table: serde_json::Value) {
        if let serde_json::Value::Object(fields) = table {
            for (name, value) in fields.into_iter().collect::<BTreeMap<_, _>>() {
                let origin = self.origin(&format!("{under}.{name}"));
                // Written: a String takes everything.
                let _ = match Value::try_from(value) {
                    Ok(value) => write!(text, "{name} = {value}"),
                    Err(_) => write!(text, "# {name} isn't set"),
                };
                let _ = writeln!(text, "  # {origin}");
            }
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, load};

    #[test]
    fn what_is_printed_loads_to_the_same() {
        let tenants = r#"[{id = "malmo", name = "Malmö \"stad\"", as_of = 2008-10-24}]"#;
        let environment = [
            ("RADSLAG_HTTP__TRUSTED_PROXIES".to_owned(), r#"["10.0.0.0/8"]"#.to_owned()),
            ("RADSLAG_TENANTS".to_owned(), tenants.to_owned()),
        ];
        let loaded = load(None, environment).unwrap();
        let again: Config = toml::from_str(&loaded.print()).unwrap();
        assert_eq!(again, loaded.config);
    }
}
