//! Names on the bus: of a service of a tenant, of its streams, subjects and links.

use std::fmt;

/// A service of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    tenant: String,
    service: String,
}

impl Address {
    /// Tenant and service, each of `a-z`, `0-9` and `-`, so that they are one token of a subject.
    ///
    /// # Errors
    /// If one of them isn't.
    pub fn new(tenant: &str, service: &str) -> Result<Self, NotAnAddress> {
        for word in [tenant, service] {
            if !is_token(word) {
                return Err(NotAnAddress(word.to_owned()));
            }
        }
        Ok(Self { tenant: tenant.to_owned(), service: service.to_owned() })
    }

    /// The tenant.
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The stream of one life of the log. Neither tenant nor service holds `_`, so no two logs share a name.
    #[must_use]
    pub fn stream(&self, origin: u32) -> String {
        format!("radslag_{}_{}_{origin}", self.tenant, self.service)
    }

    /// Every subject of that stream.
    #[must_use]
    pub fn subjects(&self, origin: u32) -> String {
        format!("radslag.{}.{}.{origin}.*.*", self.tenant, self.service)
    }

    /// The subject of events of a type, `<aggregate kind>.<event>`; `None` if the type isn't two tokens.
    #[must_use]
    pub fn subject(&self, origin: u32, kind: &str) -> Option<String> {
        let (aggregate, event) = kind.split_once('.')?;
        // Of several words, as in `petition.threshold_reached`; only stream names use it to separate.
        let is_word = |word: &str| is_token(&word.replace('_', "-"));
        (is_word(aggregate) && is_word(event))
            .then(|| format!("radslag.{}.{}.{origin}.{kind}", self.tenant, self.service))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant, self.service)
    }
}

/// A tenant or service that can't be part of a subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} can't be part of a subject: a-z, 0-9 and - only")]
pub struct NotAnAddress(pub String);

/// Where receivers find more; base URLs without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Of the installation: begins `ce-source` and `ce-dataschema`.
    pub installation: String,
    /// Of what the tenant's service has disclosed: begins `ce-dataref`, behind which the clear text is while it is public.
    pub clear_text: String,
}

/// One token of a subject without anything that needs escaping.
fn is_token(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 63
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_streams_and_subjects() {
        let address = Address::new("malmo", "petitions").unwrap();
        assert_eq!(address.stream(0), "radslag_malmo_petitions_0");
        assert_eq!(address.subjects(2), "radslag.malmo.petitions.2.*.*");
        let subject = address.subject(0, "petition.signature-given");
        assert_eq!(subject.as_deref(), Some("radslag.malmo.petitions.0.petition.signature-given"));
        let subject = address.subject(1, "petition.threshold_reached");
        assert_eq!(subject.as_deref(), Some("radslag.malmo.petitions.1.petition.threshold_reached"));
    }

    #[test]
    fn what_would_break_a_subject_is_refused() {
        for tenant in ["", "a.b", "a_b", "*", ">", "Malmö", "a b", &"x".repeat(64)] {
            assert_eq!(Address::new(tenant, "petitions"), Err(NotAnAddress(tenant.into())));
        }
        let address = Address::new("malmo", "petitions").unwrap();
        for kind in ["petition", "petition.*", "petition.a.b", ".", ""] {
            assert_eq!(address.subject(0, kind), None, "{kind}");
        }
    }
}
