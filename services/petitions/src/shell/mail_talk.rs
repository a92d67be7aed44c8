//! Mails about comments and inquiries: who gets them, and what fills their templates.

use radslag_kernel::{Instant, ItemId, Opened, Recorded};
use radslag_runtime::service::Failure;

use crate::{
    catalogue::Catalogue,
    comment,
    event::Event,
    inquiry::{self, Inquiry},
    mails::talk,
    petition::Decision,
    shell::{
        links::{Link, Purpose},
        mail::{Addressee, Mail, Mailing, PAGE_DAYS},
    },
};

impl Mailing {
    /// The mail that an event of a comment, an inquiry or an objection leads to, if it does.
    pub(super) fn talk(&self, recorded: &Recorded<Event>) -> Result<Option<Mail>, Failure> {
        match &recorded.event {
            Event::Comment(event) => self.about_comment(recorded, event),
            Event::Inquiry(event) => self.about_inquiry(recorded, event),
            Event::Objection(event) => self.about_objection(recorded, event),
            _ => Ok(None),
        }
    }

    fn about_comment(
        &self,
        recorded: &Recorded<Event>,
        event: &comment::Event,
    ) -> Result<Option<Mail>, Failure> {
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
        let values = minijinja::context! {
            name => &to.name, title => content.map(|content| &content.title), link => self.link_to(&link),
            expires => self.moment(comment.expires_at), codes, text,
        };
        Ok(self.write(template, &recorded.id, &to, &values))
    }

    fn about_inquiry(
        &self,
        recorded: &Recorded<Event>,
        event: &inquiry::Event,
    ) -> Result<Option<Mail>, Failure> {
        let Some(template) = talk::of_inquiry(event) else { return Ok(None) };
        let Some(inquiry) = self.office.inquiry(recorded.aggregate)?.0 else { return Ok(None) };
        let title = inquiry.asked.known().map(|asked| asked.title.clone());
        let register = inquiry.register.to_string();
        if let inquiry::Event::Assigned { to, due, .. } = event {
            let Some(politician) = self.office.politician(*to) else { return Ok(None) };
            if politician.mailbox.is_empty() {
                return Ok(None);
            }
            let (name, mailbox) = (politician.name.clone(), politician.mailbox.clone());
            let language = self.office.tenant.locale.clone();
            let to = Addressee { key: inquiry.keys.document, name, mailbox, language };
            let link =
                format!("{}/{}/inquiries/{}", self.public_url, self.office.tenant.id, recorded.aggregate);
            let due = due.to_string();
            let values = minijinja::context! { name => &to.name, title, register, due, link };
            return Ok(self.write(template, &recorded.id, &to, &values));
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
        let values = minijinja::context! {
            name => &to.name, title, register, link, codes, text, expires, review_by,
        };
        Ok(self.write(template, &recorded.id, &to, &values))
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
        Some((to, self.link_to(&link)))
    }

    pub(super) fn link_to(&self, link: &Link) -> String {
        format!("{}/{}/links/{}", self.public_url, self.office.tenant.id, self.office.links.token(link))
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
