//! What goes to a committee's case system: one JSON document made from the petition's events, the same bytes each time,
//! so that its SHA-256 can be compared with what `handover_sent` says. Erasing the initiator leaves it without them, and then
//! the hash is another: the event keeps the one that was sent.

use std::fmt::Write as _;

use radslag_kernel::{AggregateId, Instant};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::petition::{
    attached::{Attachment, File},
    state::Petition,
};

/// What a handover adds to the petition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending<'a> {
    /// Whose petition.
    pub tenant: &'a str,
    /// Which.
    pub petition: AggregateId,
    /// To whom.
    pub committee: &'a str,
    /// Signatures then.
    pub count: u64,
    /// Votes against then, where they are taken.
    pub against: Option<u64>,
    /// The position of the log for which that holds.
    pub count_position: u64,
    /// When.
    pub at: Instant,
}

#[derive(Serialize)]
struct Package<'a> {
    format: &'static str,
    tenant: &'a str,
    petition: String,
    register: String,
    policy: String,
    committee: &'a str,
    handed_over_at: String,
    title: Option<&'a str>,
    body: Option<&'a str>,
    background: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attached<'a>>,
    signatures: Signatures,
    initiator: Option<Initiator<'a>>,
}

#[derive(Serialize)]
struct Signatures {
    count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<u64>,
    position: u64,
    answer_at: u64,
}

#[derive(Serialize)]
struct Link<'a> {
    label: &'a str,
    url: &'a str,
}

/// A file, to be fetched by its item.
#[derive(Serialize)]
struct Attached<'a> {
    item: String,
    name: &'a str,
    kind: &'a str,
    size: u32,
}

#[derive(Serialize)]
struct Initiator<'a> {
    name: &'a str,
    public_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<&'a str>,
    mailbox: &'a str,
    postcode: &'a str,
    language: &'a str,
}

/// The document. Nothing before the petition was handed in.
#[must_use]
pub fn document(petition: &Petition, sending: &Sending<'_>) -> Vec<u8> {
    let Some(filed) = &petition.filed else { return Vec::new() };
    let (content, contact) = (petition.content.known(), filed.contact.known());
    let links = content.map(|content| content.links.as_slice()).unwrap_or_default();
    let package = Package {
        format: "radslag/petition-package/1",
        tenant: sending.tenant,
        petition: sending.petition.to_string(),
        register: filed.register.to_string(),
        policy: format!("{}/{}", filed.policy.id, filed.policy.version),
        committee: sending.committee,
        handed_over_at: sending.at.to_string(),
        title: content.map(|content| content.title.as_str()),
        body: content.map(|content| content.body.as_str()),
        background: content.map(|content| content.background.as_str()),
        links: links.iter().map(|link| Link { label: &link.label, url: &link.url }).collect(),
        attachments: petition.files().map(attached).collect(),
        signatures: Signatures {
            count: sending.count,
            against: sending.against,
            position: sending.count_position,
            answer_at: filed.policy.answer_at,
        },
        initiator: contact.map(|contact| Initiator {
            name: &contact.name,
            public_name: &contact.public_name,
            party: contact.party.as_deref(),
            mailbox: &contact.mailbox,
            postcode: &contact.postcode,
            language: &contact.language,
        }),
    };
    // Strings and numbers always serialise.
    serde_json::to_vec(&package).unwrap_or_default()
}

fn attached<'a>((attachment, file): (&Attachment, &'a File)) -> Attached<'a> {
    Attached { item: attachment.item.to_string(), name: &file.name, kind: file.kind.word(), size: file.size }
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn hash(document: &[u8]) -> String {
    Sha256::digest(document).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Written: a String takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
