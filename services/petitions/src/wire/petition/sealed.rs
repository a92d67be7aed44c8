//! The sealed values of a petition: content, contact, tags and decisions.

use prost::Message as _;
use radslag_kernel::{KeyRef, Malformed, Opened, Plain, Stored};
use radslag_proto::petitions as proto;

use crate::{
    petition::{Contact, Content, Decision, InitiatorTags, Keys, Link, Submitted},
    policy::Length,
    wire::assisted::{assisted_in, assisted_out},
    wire::{
        fields::{Fields as _, needed_tag, plain, tag_in, tag_out},
        policy::{length_in, length_out},
    },
};

/// A draft is one message: nothing of it is ever disclosed.
pub(super) fn draft_out(content: &Content) -> Vec<u8> {
    proto::Content {
        title: content.title.clone(),
        body: content.body.clone(),
        background: content.background.clone(),
        url_key: content.url_key.clone(),
        length: Some(length_out(content.length)),
        links: links_out(&content.links),
    }
    .encode_to_vec()
}

fn links_out(links: &[Link]) -> Vec<proto::Link> {
    let link = |link: &Link| proto::Link { label: link.label.clone(), url: link.url.clone() };
    links.iter().map(link).collect()
}

fn links_in(links: Vec<proto::Link>) -> Vec<Link> {
    links.into_iter().map(|proto::Link { label, url }| Link { label, url }).collect()
}

pub(super) fn draft_in(content: proto::Content) -> Result<Content, Malformed> {
    let length = length_in(content.length)?;
    let proto::Content { title, body, background, url_key, length: _, links } = content;
    Ok(Content { title, body, background, url_key, length, links: links_in(links) })
}

/// Fields 1, 2, 3, 5 and 10: each disclosed on its own. The links always: that there are none isn't public before the texts.
pub(super) fn content_out(content: &Opened<Content>, under: KeyRef) -> [Plain; 5] {
    let text = |view: fn(&Content) -> &String| content.known().map(|it| view(it).clone()).unwrap_or_default();
    let links = content.known().map(|content| links_out(&content.links)).unwrap_or_default();
    [
        plain(1, under, true, text(|content| &content.title)),
        plain(2, under, true, text(|content| &content.body)),
        plain(3, under, true, text(|content| &content.background)),
        plain(5, under, false, text(|content| &content.url_key)),
        plain(10, under, true, proto::Links { links }.encode_to_vec()),
    ]
}

pub(super) fn content_in(stored: &Stored<'_>, length: Length) -> Result<Opened<Content>, Malformed> {
    // Events from before there were links have no such field.
    let links = match (stored.under)(10) {
        Some(_) => stored.sub::<proto::Links>(10)?.known().cloned().unwrap_or_default(),
        None => proto::Links::default(),
    };
    let texts = (stored.text(1)?, stored.text(2)?, stored.text(3)?, stored.text(5)?);
    Ok(match texts {
        (Opened::Known(title), Opened::Known(body), Opened::Known(background), Opened::Known(url_key)) => {
            Opened::Known(Content { title, body, background, url_key, length, links: links_in(links.links) })
        }
        _ => Opened::Gone,
    })
}

/// Fields 4, 6, 7, 8 and 9.
pub(super) fn people_out(submitted: &Submitted) -> [Plain; 5] {
    let Keys { initiator, tags, record, document: _ } = submitted.keys;
    let [public_name, contact, party] = contact_out(&submitted.contact, initiator);
    [public_name, contact, tags_out(&submitted.tags, tags), plain(8, record, false, Vec::new()), party]
}

/// Fields 4, 6 and 9. The party always: its absence would tell, before anything is published, that no politician asks.
pub(super) fn contact_out(contact: &Opened<Contact>, under: KeyRef) -> [Plain; 3] {
    let contact = contact.known();
    let sealed = contact.map(|contact| proto::Contact {
        name: contact.name.clone(),
        mailbox: contact.mailbox.clone(),
        postcode: contact.postcode.clone(),
        language: contact.language.clone(),
    });
    [
        plain(4, under, true, contact.map(|contact| contact.public_name.clone()).unwrap_or_default()),
        plain(6, under, false, sealed.unwrap_or_default().encode_to_vec()),
        plain(9, under, true, contact.and_then(|contact| contact.party.clone()).unwrap_or_default()),
    ]
}

/// Field 7.
pub(super) fn tags_out(tags: &Opened<InitiatorTags>, under: KeyRef) -> Plain {
    let compared = tags.known().map(|tags| proto::InitiatorTags {
        mailbox: tag_out(tags.mailbox),
        eid: tag_out(tags.eid),
        name: tag_out(Some(tags.name)),
        postcode: tag_out(tags.postcode),
        assisted: tags.assisted.as_ref().map(assisted_out),
    });
    plain(7, under, false, compared.unwrap_or_default().encode_to_vec())
}

pub(super) fn contact_in(stored: &Stored<'_>) -> Result<Opened<Contact>, Malformed> {
    let party = party_in(stored)?;
    Ok(match (stored.text(4)?, stored.sub::<proto::Contact>(6)?) {
        (Opened::Known(public_name), Opened::Known(contact)) => {
            let proto::Contact { name, mailbox, postcode, language } = contact;
            Opened::Known(Contact { name, mailbox, postcode, language, public_name, party })
        }
        _ => Opened::Gone,
    })
}

/// Events from before there were labels have no such field.
fn party_in(stored: &Stored<'_>) -> Result<Option<String>, Malformed> {
    if (stored.under)(9).is_none() {
        return Ok(None);
    }
    Ok(stored.text(9)?.known().filter(|party| !party.is_empty()).cloned())
}

pub(super) fn tags_in(stored: &Stored<'_>) -> Result<Opened<InitiatorTags>, Malformed> {
    Ok(match stored.sub::<proto::InitiatorTags>(7)? {
        Opened::Known(tags) => Opened::Known(InitiatorTags {
            mailbox: tag_in(&tags.mailbox)?,
            eid: tag_in(&tags.eid)?,
            name: needed_tag(&tags.name)?,
            postcode: tag_in(&tags.postcode)?,
            assisted: assisted_in(tags.assisted.as_ref())?,
        }),
        Opened::Gone => Opened::Gone,
    })
}

/// Fields 1, 2 and 3 of a refusal.
pub(in crate::wire) fn decision_out(decision: &Opened<Decision>, record: KeyRef) -> Vec<Plain> {
    let decision = decision.known();
    let codes = proto::Codes { codes: decision.map(|decision| decision.codes.clone()).unwrap_or_default() };
    vec![
        plain(1, record, true, codes.encode_to_vec()),
        plain(2, record, true, decision.map(|decision| decision.text.clone()).unwrap_or_default()),
        plain(3, record, false, decision.map(|decision| decision.ground.clone()).unwrap_or_default()),
    ]
}

pub(in crate::wire) fn decision_in(stored: &Stored<'_>) -> Result<Opened<Decision>, Malformed> {
    Ok(match (stored.sub::<proto::Codes>(1)?, stored.text(2)?, stored.text(3)?) {
        (Opened::Known(proto::Codes { codes }), Opened::Known(text), Opened::Known(ground)) => {
            Opened::Known(Decision { codes, text, ground })
        }
        _ => Opened::Gone,
    })
}
