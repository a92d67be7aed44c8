//! Whether a server took every setting it was asked for. async-nats drops what an old server doesn't know, silently.

use std::fmt;

use serde_json::Value;

/// A setting that isn't as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name in the NATS API, with dots for what is nested.
    pub setting: String,
    /// As JSON.
    pub asked: String,
    /// As JSON; `null` if the server doesn't know it.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {} instead of {}", self.setting, self.found, self.asked)
    }
}

/// Everything that was asked for and isn't so. What wasn't asked for may be anything.
pub(crate) fn differences(asked: &Value, found: &Value) -> Vec<Difference> {
    let mut all = Vec::new();
    compare("", asked, found, &mut all);
    all
}

fn compare(name: &str, asked: &Value, found: &Value, all: &mut Vec<Difference>) {
    match asked {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                compare(&name, value, found.get(key).unwrap_or(&Value::Null), all);
            }
        }
        _ if asked == found || is_unset(asked) && found.is_null() => {}
        _ => all.push(Difference {
            setting: name.to_owned(),
            asked: asked.to_string(),
            found: found.to_string(),
        }),
    }
}

/// Zero values are left out of the answer.
fn is_unset(asked: &Value) -> bool {
    asked.as_u64() == Some(0) || asked == &Value::Bool(false) || asked.as_str() == Some("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_dropped_and_a_changed_setting_are_noticed() {
        let asked = json!({"name": "s", "deny_delete": true, "max_age": 0, "metadata": {"log": "a"}, "placement": null});
        let found =
            json!({"name": "s", "max_age": 5, "metadata": {"log": "b", "_nats.level": "3"}, "sealed": false});
        let all: Vec<String> = differences(&asked, &found).iter().map(ToString::to_string).collect();
        assert_eq!(
            all,
            [
                "deny_delete is null instead of true",
                "max_age is 5 instead of 0",
                "metadata.log is \"b\" instead of \"a\""
            ]
        );
    }

    #[test]
    fn what_was_not_asked_for_may_be_anything() {
        assert_eq!(differences(&json!({"a": false, "b": 0}), &json!({"c": 1})), []);
    }
}
