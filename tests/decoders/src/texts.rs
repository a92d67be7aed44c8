//! Configuration, tables of roles and policies, and what people type into fields and addresses.

use std::{cell::OnceCell, collections::BTreeSet, fs};

use radslag_kernel::{AggregateId, EventId, Role, id::LogId};
use radslag_petitions::{
    glob,
    lists::{Kind, Pattern},
    mailbox,
    paper::typed,
    policy::Policies,
    text,
};
use radslag_runtime::{
    Config, Roles,
    auth::Assurance,
    config::load,
    http::{Language, Position},
};
use tempfile::NamedTempFile;

use crate::input::Input;

thread_local! {
    static FILE: OnceCell<NamedTempFile> = const { OnceCell::new() };
}

/// A configuration that is loaded is printed so that it loads to the same. After a zero come variables of the
/// environment, a zero after each.
pub fn config(data: &[u8]) {
    let mut parts = data.split(|byte| *byte == 0);
    let file = parts.next().unwrap_or_default();
    let variables: Vec<(String, String)> = parts
        .take(8)
        .filter_map(|part| String::from_utf8_lossy(part).split_once('=').map(|(a, b)| (a.into(), b.into())))
        .collect();
    let loaded = FILE.with(|kept| {
        let kept = kept.get_or_init(|| NamedTempFile::new().unwrap());
        fs::write(kept.path(), file).unwrap();
        load(Some(kept.path()), variables)
    });
    match loaded {
        Ok(loaded) => {
            let printed = loaded.print();
            let again = toml::from_str::<Config>(&printed);
            assert_eq!(again.as_ref(), Ok(&loaded.config), "{printed}");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A table of roles is refused, or knows each role's commands.
pub fn roles(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(roles) = Roles::parse(&text) {
        let _ = (roles.to_markdown(), roles.must_know(&["sign"]));
        let _ = Role::ALL.iter().filter(|role| roles.allows(**role, "sign")).count();
    }
}

/// A table of policies is refused, or each of its policies is found by id and version.
pub fn policies(data: &[u8]) {
    let Ok(policies) = Policies::parse(&String::from_utf8_lossy(data)) else { return };
    let mut known = BTreeSet::new();
    for policy in policies.iter() {
        assert!(known.insert((policy.id.clone(), policy.version)));
        assert_eq!(policies.find(&policy.id, policy.version), Some(policy));
        let today = "2009-08-31".parse().unwrap();
        let _ = (policy.counts_from(today), policy.share_of(u64::MAX), policy.slots());
    }
}

fn same<T: std::str::FromStr + ToString>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        assert_eq!(value.to_string(), text);
    }
}

/// What is typed is refused, or is what it is when it is written and read again.
pub fn typed(data: &[u8]) {
    let mut input = Input(data);
    let (year, kind) = (input.short(), Kind::ALL[usize::from(input.byte()) % 3]);
    let typed = String::from_utf8_lossy(input.0);
    let typed = &*typed;
    same::<AggregateId>(typed);
    same::<EventId>(typed);
    same::<LogId>(typed);
    same::<Position>(typed);
    if let Ok(pattern) = Pattern::parse(kind, typed) {
        assert!(Pattern::parse(kind, &pattern.to_string()) == Ok(pattern));
    }
    let canonical = mailbox::canonical(typed);
    assert_eq!(mailbox::canonical(&canonical), canonical);
    assert_eq!(mailbox::domain(typed), mailbox::domain(&canonical));
    assert!(glob::matches("*", typed) && glob::matches(&typed.replace('?', "*"), typed));
    if let Some(number) = typed::number(typed, 1_900 + (year % 200).cast_signed()) {
        assert_eq!((number.len(), typed::number(&number, 2_009).as_ref()), (12, Some(&number)));
    }
    for (max, refused) in
        [(0, text::optional(typed, 0)), (9, text::required(typed, 9)), (100, text::name(typed))]
    {
        assert!(refused.is_err() || typed.chars().count() <= max);
    }
    let _ = (text::mailbox(typed), text::is_url_key(typed), Language::accepted(typed), Assurance::of(typed));
}
