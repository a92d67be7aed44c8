//! A tenant's own guide, FAQ and terms: files of a folder, each version one for each language, read once when the office
//! opens. A version is its number and a hash of its texts, so that what somebody accepted can be told from what was
//! changed afterwards under the same number.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use radslag_runtime::service::Failure;
use sha2::{Digest as _, Sha256};

/// The texts that are shipped; `http` shows them where a tenant has none.
pub const SHIPPED: &str = include_str!("../../pages/texts.toml");
/// The texts a tenant can have.
pub const NAMES: [&str; 3] = ["guide", "faq", "terms"];

/// The texts of one version, by language.
type Version = BTreeMap<String, String>;

/// By name and number.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    by_name: BTreeMap<&'static str, BTreeMap<u32, Version>>,
    accepted: String,
}

impl Texts {
    /// Of a tenant's folder; without one, the shipped ones hold.
    ///
    /// # Errors
    /// `File`.
    pub fn load(folder: Option<&Path>) -> Result<Self, Failure> {
        let mut by_name = BTreeMap::new();
        for name in NAMES {
            let Some(folder) = folder.map(|folder| folder.join(name)).filter(|folder| folder.is_dir()) else {
                continue;
            };
            let versions = versions(&folder)?;
            if !versions.is_empty() {
                by_name.insert(name, versions);
            }
        }
        let terms = by_name.get("terms").and_then(BTreeMap::last_key_value);
        let accepted = match terms {
            Some((number, version)) => format!("{number}-{}", hash(version.values())),
            None => format!("shipped-{}", hash([SHIPPED])),
        };
        Ok(Self { by_name, accepted })
    }

    /// The version of the terms that whoever signs or starts accepts now.
    #[must_use]
    pub fn accepted(&self) -> &str {
        &self.accepted
    }

    /// The numbers of a text's versions, newest first; none where the shipped one holds.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Vec<u32> {
        self.by_name.get(name).map(|versions| versions.keys().rev().copied().collect()).unwrap_or_default()
    }

    /// A version in a language, or in the one there is.
    #[must_use]
    pub fn text(&self, name: &str, number: u32, lang: &str) -> Option<&str> {
        let version = self.by_name.get(name)?.get(&number)?;
        version.get(lang).or_else(|| version.values().next()).map(String::as_str)
    }
}

fn versions(folder: &Path) -> Result<BTreeMap<u32, Version>, Failure> {
    let failed = |path: PathBuf| |source: io::Error| Failure::File { path, source };
    let mut versions: BTreeMap<u32, Version> = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(failed(folder.to_owned()))? {
        let path = entry.map_err(failed(folder.to_owned()))?.path();
        let Some((number, lang)) = path.file_name().and_then(|name| named(name.to_str()?)) else { continue };
        let text = fs::read_to_string(&path).map_err(failed(path.clone()))?;
        versions.entry(number).or_default().insert(lang.to_owned(), text);
    }
    Ok(versions)
}

/// `2.sv.md` is version 2 in Swedish. Any other file is no version.
fn named(file: &str) -> Option<(u32, &str)> {
    let (number, lang) = file.strip_suffix(".md")?.split_once('.')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    ["sv", "en"].contains(&lang).then_some((number, lang))
}

/// 12 hexadecimal digits.
fn hash<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.as_ref().len() as u64).to_be_bytes());
        hash.update(text.as_ref());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        dir
    }

    #[test]
    fn the_highest_number_holds_and_older_versions_can_still_be_read() {
        let dir = folder(&[
            ("terms/2.sv.md", "två"),
            ("terms/10.sv.md", "tio"),
            ("terms/10.en.md", "ten"),
            ("terms/notes.txt", "no version"),
            ("terms/0.sv.md", "nor this"),
        ]);
        let texts = Texts::load(Some(dir.path())).unwrap();
        assert_eq!((texts.numbers("terms"), texts.numbers("guide")), (vec![10, 2], vec![]));
        assert_eq!(texts.text("terms", 10, "en"), Some("ten"));
        assert_eq!(texts.text("terms", 2, "en"), Some("två"), "in the language there is");
        assert_eq!(texts.text("terms", 3, "sv"), None);
        assert!(texts.accepted().starts_with("10-"), "{}", texts.accepted());
    }

    #[test]
    fn a_text_changed_under_the_same_number_is_another_version() {
        let accepted = |text| {
            let dir = folder(&[("terms/1.sv.md", text)]);
            Texts::load(Some(dir.path())).unwrap().accepted().to_owned()
        };
        assert_eq!(accepted("one"), accepted("one"));
        assert_ne!(accepted("one"), accepted("other"));
        assert!(Texts::load(None).unwrap().accepted().starts_with("shipped-"));
    }

    #[test]
    fn a_text_that_cannot_be_read_is_named() {
        let dir = folder(&[("terms/1.sv.md", "")]);
        fs::write(dir.path().join("terms/1.sv.md"), [0xff]).unwrap();
        let failure = Texts::load(Some(dir.path())).unwrap_err();
        assert!(failure.to_string().contains("1.sv.md"), "{failure}");
    }
}
