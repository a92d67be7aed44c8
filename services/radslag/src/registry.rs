//! Every event type there is, from the definitions in `proto/`: a message whose comment begins with event types is the public
//! payload of each of them.

use prost_reflect::{DescriptorPool, MessageDescriptor};

/// A service whose events are known.
pub(crate) struct Service {
    /// Names the log's folder.
    pub(crate) name: &'static str,
    /// The protobuf package of its events.
    package: &'static str,
}

/// Every service.
pub(crate) const SERVICES: &[Service] = &[
    Service { name: "notifications", package: "radslag.notifications.v1" },
    Service { name: "panels", package: "radslag.panels.v1" },
    Service { name: "petitions", package: "radslag.petitions.v1" },
];

/// Of the events of the log itself, whatever its service.
const OF_LOGS: &str = "radslag.log.v1";

/// An event type with the message of its public payload.
pub(crate) struct EventType {
    /// `petition.opened`.
    pub(crate) kind: String,
    /// What its comment says of it.
    pub(crate) about: String,
    /// Its payload.
    pub(crate) message: MessageDescriptor,
}

/// The event types of a service, those of its log included.
pub(crate) fn event_types(pool: &DescriptorPool, service: &str) -> Vec<EventType> {
    let known = SERVICES.iter().filter(|known| known.name == service).map(|known| known.package);
    let packages: Vec<&str> = known.chain([OF_LOGS]).collect();
    let mut all = Vec::new();
    for message in pool.all_messages().filter(|message| packages.contains(&message.package_name())) {
        let Some(comment) = comment(&message) else { continue };
        let (kinds, rest) = kinds(&comment);
        let about = public_part(rest);
        all.extend(kinds.into_iter().map(|kind| EventType {
            kind,
            about: about.clone(),
            message: message.clone(),
        }));
    }
    all
}

/// What stands above a message.
fn comment(message: &MessageDescriptor) -> Option<String> {
    comment_at(message.parent_file().file_descriptor_proto(), message.path())
}

/// What stands above or behind a definition.
pub(crate) fn comment_at(file: &prost_types::FileDescriptorProto, path: &[i32]) -> Option<String> {
    let location = file.source_code_info.as_ref()?.location.iter().find(|location| location.path == path)?;
    let text = location.leading_comments.as_ref().or(location.trailing_comments.as_ref())?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `petition.redirected, petition.redirect_declined: the initiator's` is about two types.
fn kinds(comment: &str) -> (Vec<String>, &str) {
    let (mut kinds, mut rest) = (Vec::new(), comment);
    loop {
        let end =
            rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_' || c == '.')).unwrap_or(rest.len());
        let word = rest[..end].trim_end_matches('.');
        let Some((aggregate, event)) = word.split_once('.') else { break };
        if aggregate.is_empty() || event.is_empty() || event.contains('.') {
            break;
        }
        kinds.push(word.to_owned());
        rest = &rest[word.len()..];
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => break,
        }
    }
    (kinds, rest.trim_start_matches([':', '.', ',']))
}

/// A comment on one line, without its list of sealed fields, which is the service's own business.
pub(crate) fn public_part(comment: &str) -> String {
    let is_list = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let mut public = Vec::new();
    for line in comment.lines() {
        // On a line with the comment the list follows two spaces.
        let list = line.match_indices("  ").map(|(at, _)| at).find(|at| is_list(line[*at..].trim()));
        let begins = if is_list(line.trim()) { Some(0) } else { list };
        public.push(line[..begins.unwrap_or(line.len())].trim());
        if begins.is_some() {
            break;
        }
    }
    public.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_that_was_ever_released_is_known() {
        let pool = radslag_proto::descriptors().unwrap();
        for (service, released) in [
            ("notifications", include_str!("../../notifications/fixtures/events.txt")),
            ("panels", include_str!("../../panels/fixtures/events.txt")),
            ("petitions", include_str!("../../petitions/fixtures/events.txt")),
        ] {
            let known: BTreeSet<String> =
                event_types(&pool, service).into_iter().map(|event| event.kind).collect();
            let released: BTreeSet<String> =
                released.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
            let missing: Vec<_> = released.difference(&known).collect();
            assert!(missing.is_empty(), "their messages' comments must begin with the type: {missing:?}");
            let unknown: Vec<_> =
                known.difference(&released).filter(|kind| !kind.starts_with("log.")).collect();
            assert!(unknown.is_empty(), "nothing writes {unknown:?}");
        }
    }

    #[test]
    fn one_message_may_be_the_payload_of_several_types() {
        let text =
            "signing.paused, signing.resumed: all signing of the tenant.\n 1 ground: text under record";
        let (kinds, rest) = kinds(text);
        assert_eq!(kinds, ["signing.paused", "signing.resumed"]);
        assert_eq!(public_part(rest), "all signing of the tenant.");
        assert_eq!(super::kinds("petition.closed").0, ["petition.closed"]);
        assert_eq!(super::kinds("HMAC-SHA256(salt").0, Vec::<String>::new());
        assert_eq!(public_part("by them.  1 codes, 2 text: under record, if\nsomebody acted"), "by them.");
    }
}
