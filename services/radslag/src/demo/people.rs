//! Made-up people: numbered, so that every start makes the same, at addresses that reach nobody (RFC 2606).

const FIRST: [&str; 16] = [
    "Alva", "Bengt", "Cecilia", "David", "Elin", "Farid", "Greta", "Hugo", "Ingrid", "Jamal", "Karin",
    "Lars", "Maja", "Nils", "Olga", "Petra",
];
const LAST: [&str; 13] = [
    "Almgren",
    "Berg",
    "Cedervall",
    "Dahl",
    "Ekström",
    "Fors",
    "Grahn",
    "Holm",
    "Isaksson",
    "Jensen",
    "Kvist",
    "Lund",
    "Modig",
];

/// A person.
pub(crate) struct Person {
    /// First and last name.
    pub(crate) name: String,
    /// At example.org.
    pub(crate) mailbox: String,
    /// Made up too.
    pub(crate) postcode: String,
}

/// The nth of them.
pub(crate) fn person(n: u64) -> Person {
    let pick = |of: &[&'static str], by: u64| of[usize::try_from(n / by).unwrap_or(0) % of.len()];
    let (first, last) = (pick(&FIRST, 1), pick(&LAST, 16));
    Person {
        name: format!("{first} {last}"),
        mailbox: format!("signer.{n}@example.org"),
        postcode: format!("{:05}", 10_000 + n % 80_000),
    }
}
