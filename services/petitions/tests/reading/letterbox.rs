//! Letters as whoever sends them asks for them and writes them, with the words that are shipped for them.

use std::{ops::Range, path::Path, sync::Arc};

use minijinja::{Environment, value::Serde};
use radslag_petitions::shell::{Office, letters::owner};
use radslag_proto::notifications::{Letter, Open, Purpose};
use radslag_runtime::letters::Opens as _;
use serde_json::Value;

/// Where its links begin.
pub(crate) const URL: &str = "https://malmo.example";

/// The letters that a tenant's events at these positions lead to. Silent ones aren't among them.
pub(crate) async fn letters(office: &Arc<Office>, positions: Range<u64>) -> Vec<String> {
    let owner = owner([office], URL);
    let mut written = Vec::new();
    for position in positions {
        let (tenant, service, purpose) = (office.tenant.id.clone(), "petitions".into(), Purpose::Send.into());
        let origin = office.log.origin();
        let ask = Open { tenant, service, origin, position, purpose, subject: Vec::new() };
        let opened = owner.open(ask).await.unwrap();
        written.extend(opened.letters.iter().filter(|letter| !letter.template.is_empty()).map(write));
    }
    written
}

fn write(letter: &Letter) -> String {
    let to = letter.to.as_ref().unwrap();
    let mut values: Value = serde_json::from_str(&letter.values).unwrap();
    let values = values.as_object_mut().unwrap();
    values.retain(|_, value| !value.is_null());
    values.insert("link".into(), letter.link.clone().into());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../notifications/texts");
    let words = std::fs::read_to_string(folder.join(format!("{}.{}.txt", letter.template, to.language)));
    let words = Environment::new().render_str(&words.unwrap(), Serde(&*values)).unwrap();
    format!("To: {} <{}>\n{words}", to.name, to.mailbox)
}
