//! Letters about comments, inquiries and one-time links: who gets them, and what fills their templates.

use radslag_kernel::{AggregateId, Instant, ItemId, Opened, Recorded};
use radslag_runtime::service::Failure;
use serde_json::json;

use crate::{
    catalogue::Catalogue,
    comment,
    event::Event,
    inquiry::{self, Inquiry},
    letters::talk,
    petition::{self, Decision},
    session,
    shell::{
        letters::{Addressee, Letter, Letters, PAGE_DAYS},
        links::{Link, Purpose},
    },
};

impl Letters {
    /// The letter that an event of a comment, an inquiry or an objection leads to, or a signature being struck out, if it does.
    pub(super) fn talk(&self, recorded: &Recorded<Event>) -> Result<Option<Letter>, Failure> {
        match &recorded.event {
            Event::Comment(event) => self.about_comment(recorded, event),
            Event::Inquiry(event) => self.about_inquiry(recorded, event),
            Event::Session(event) => Ok(self.session_link(event)),
            Event::Objection(event) => self.about_objection(recorded, event),
            Event::Signature(event) => self.about_signature(recorded, event),
            _ => Ok(None),
        }
    }

    /// What the tenant's contact is told about a handover.
    pub(super) fn to_contact(
        &self,
        recorded: &Recorded<Event>,
        template: &'static str,
    ) -> Result<Option<Letter>, Failure> {
        let tenant = &self.office.tenant;
        let (_, state) = self.office.petition(recorded.aggregate)?;
        let Some(petition) = state.0.as_ref().filter(|_| !tenant.contact.is_empty()) else { return Ok(None) };
        let (Some(filed), Event::Petition(petition::Event::Answer(event))) =
            (&petition.filed, &recorded.event)
        else {
            return Ok(None);
        };
        let (name, mailbox, language) = (tenant.name.clone(), tenant.contact.clone(), tenant.locale.clone());
        let to = Addressee { key: filed.keys.document, name, mailbox, language };
        let title = petition.content.known().map(|content| &content.title);
        let committee = petition.answer.part(event.part).and_then(|part| part.committee.known());
        let link = format!("{}/{}/petitions/{}", self.public_url, tenant.id, recorded.aggregate);
        let values = json!({
            "name": to.name, "title": title, "register": filed.register.to_string(), "committee": committee,
            "text": event.ground.known(),
        });
        Ok(Some(Letter { template, to, values, link }))
    }

    fn about_comment(
        &self,
        recorded: &Recorded<Event>,
        event: &comment::Event,
    ) -> Result<Option<Letter>, Failure> {
        let Some(template) = talk::of_comment(event) else { return Ok(None) };
        let stream = self.office.stream_at(recorded.position)?;
        let page = self.office.comments_of(&stream)?;
        let Some(comment) = page.comment(event.item()) else { return Ok(None) };
        let (Some(author), Some(facts)) = (comment.author.known(), comment.facts.known()) else {
            return Ok(None);
        };
        if author.mailbox.is_empty() {
            return Ok(None);
        }
        let to = Addressee {
            key: comment.key,
            name: author.name.clone(),
            mailbox: author.mailbox.clone(),
            language: facts.language.clone(),
        };
        let (_, state) = self.office.petition(recorded.aggregate)?;
        let content = state.0.as_ref().and_then(|petition| petition.content.known());
        let (codes, text) = match event {
            comment::Event::Refused { decision, .. } => decided(decision, &to.language),
            _ => (Vec::new(), String::new()),
        };
        let link = Link {
            purpose: Purpose::Comment,
            petition: recorded.aggregate,
            tag: facts.author,
            item: event.item(),
            expires_at: recorded.occurred_at.plus_hours(24 * PAGE_DAYS),
        };
        let values = json!({
            "name": to.name, "title": content.map(|content| &content.title),
            "expires": self.moment(comment.expires_at), "codes": codes, "text": text,
        });
        let link = self.link_to(&link, &to);
        Ok(Some(Letter { template, to, values, link }))
    }

    fn about_inquiry(
        &self,
        recorded: &Recorded<Event>,
        event: &inquiry::Event,
    ) -> Result<Option<Letter>, Failure> {
        let Some(template) = talk::of_inquiry(event) else { return Ok(None) };
        let Some(inquiry) = self.office.inquiry(recorded.aggregate)?.0 else { return Ok(None) };
        let title = inquiry.asked.known().map(|asked| asked.title.clone());
        let register = inquiry.register.to_string();
        let given = match event {
            inquiry::Event::Assigned { to, due, .. } => Some((to, due)),
            inquiry::Event::Reopened { clock: Some(clock), .. } => Some((&clock.to, &clock.due)),
            _ => None,
        };
        if let Some((to, due)) = given {
            let Some(politician) = self.office.politician(*to) else { return Ok(None) };
            if politician.mailbox.is_empty() {
                return Ok(None);
            }
            let (name, mailbox) = (politician.name.clone(), politician.mailbox.clone());
            let language = self.office.tenant.locale.clone();
            let to = Addressee { key: inquiry.keys.document, name, mailbox, language };
            let link = self.inquiry_page(recorded.aggregate);
            let due = due.to_string();
            let values = json!({ "name": to.name, "title": title, "register": register, "due": due });
            return Ok(Some(Letter { template, to, values, link }));
        }
        let Some((to, link)) = self.asker(recorded, &inquiry) else { return Ok(None) };
        let (codes, text) = match event {
            inquiry::Event::Refused { decision, .. } => decided(decision, &to.language),
            inquiry::Event::Answered { text, .. } => (Vec::new(), text.known().cloned().unwrap_or_default()),
            _ => (Vec::new(), String::new()),
        };
        let (expires, review_by) = match event {
            inquiry::Event::Received(received) => (Some(self.moment(received.expires_at)), None),
            inquiry::Event::Confirmed { review_by, .. } => (None, Some(review_by.to_string())),
            _ => (None, None),
        };
        let public = matches!(event, inquiry::Event::Answered { public: true, .. });
        let page = public.then(|| self.inquiry_page(recorded.aggregate));
        let values = json!({
            "name": to.name, "title": title, "register": register, "codes": codes, "text": text,
            "expires": expires, "review_by": review_by, "page": page,
        });
        Ok(Some(Letter { template, to, values, link }))
    }

    /// The asker with the link to their own page; `None` once erased, or without a mailbox. Who asked by eID has a link
    /// under the tag of that eID.
    fn asker(&self, recorded: &Recorded<Event>, inquiry: &Inquiry) -> Option<(Addressee, String)> {
        let (contact, facts) = (inquiry.contact.known()?, inquiry.facts.known()?);
        if contact.mailbox.is_empty() {
            return None;
        }
        let to = Addressee {
            key: inquiry.keys.asker,
            name: contact.name.clone(),
            mailbox: contact.mailbox.clone(),
            language: contact.language.clone(),
        };
        let link = Link {
            purpose: Purpose::Inquiry,
            petition: recorded.aggregate,
            tag: facts.proof,
            item: ItemId::default(),
            expires_at: recorded.occurred_at.plus_hours(24 * PAGE_DAYS),
        };
        let link = self.link_to(&link, &to);
        Some((to, link))
    }

    /// Where everybody reads an inquiry once it is answered; before, it says where it stands.
    fn inquiry_page(&self, inquiry: AggregateId) -> String {
        format!("{}/{}/inquiries/{inquiry}", self.public_url, self.office.tenant.id)
    }

    /// The one-time link to a mailbox: what it can do is over in a quarter of an hour, so no name is greeted.
    fn session_link(&self, event: &session::Event) -> Option<Letter> {
        let session::Event::Requested { item, key, expires_at, asker, .. } = event else { return None };
        let asker = asker.known().filter(|asker| asker.mail)?;
        let (mailbox, language) = (asker.mailbox.clone(), asker.language.clone());
        let to = Addressee { key: *key, name: String::new(), mailbox, language };
        let office = &self.office;
        let token = office.links.session_token(office.session_tag(&to.mailbox), *item, *expires_at);
        let at = format!("{}/{}/session", self.public_url, office.tenant.id);
        let link = format!("{at}/{token}{}", self.spoken(&to));
        let values = json!({ "title": office.tenant.name, "minutes": session::LINK_MINUTES });
        Some(Letter { template: "session_link", to, values, link })
    }

    pub(super) fn link_to(&self, link: &Link, to: &Addressee) -> String {
        let at = format!("{}/{}/links", self.public_url, self.office.tenant.id);
        format!("{at}/{}{}", self.office.links.token(link), self.spoken(to))
    }

    fn moment(&self, at: Instant) -> String {
        let calendar = &self.office.calendar;
        format!("{} {:02}:00", calendar.date(at), calendar.hour(at))
    }
}

/// Codes in words, and the text for the citizen.
fn decided(decision: &Opened<Decision>, language: &str) -> (Vec<String>, String) {
    let Some(decision) = decision.known() else { return (Vec::new(), String::new()) };
    let words = Catalogue::shipped();
    let label = |code: &String| {
        words.code(code).map_or_else(|| code.clone(), |code| code.label.lang(language).to_owned())
    };
    (decision.codes.iter().map(label).collect(), decision.text.clone())
}
