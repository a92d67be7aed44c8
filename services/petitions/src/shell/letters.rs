//! Which letters an event leads to, for whoever sends them: an event's intent becomes a letter at the last moment, when the
//! address is opened and the link is made. Nothing of it is kept.

mod facts;
mod objection;
mod signature;
mod signers;
mod talk;

use std::sync::{Arc, Mutex};

use radslag_eventlog::{Log, Record};
use radslag_kernel::{AggregateId, Happens as _, ItemId, KeyRef, Recorded};
use radslag_proto::notifications as proto;
use radslag_runtime::{
    http::Language,
    letters::{Owner, Writes},
    service::{Failure, Service as _, everything, understand},
};
use serde_json::{Value, json};

use crate::{
    event::Event,
    letters::{self, Intent, Recipient},
    petition::{
        self, Contact, Petition, Supporter, coinitiator::event::Event as Coinitiator,
        support::Event as Support,
    },
    shell::{
        Office, Petitions,
        links::{Link, Purpose},
    },
    signature::Event as Signature,
    tag::Tag,
};
use facts::{Facts, deadline};

/// How long the page behind a link shows what became of it.
const PAGE_DAYS: u64 = 400;

/// A tenant's letters.
pub struct Letters {
    /// Whose.
    pub office: Arc<Office>,
    /// How the world reaches us, without a slash at the end.
    pub public_url: String,
    /// The bulk invalidation that was asked about last, and whether one official started it.
    started_alone: Mutex<Option<(AggregateId, bool)>>,
    told: signers::Told,
}

/// All tenants' letters. `public_url`: how the world reaches us, without a slash at the end.
#[must_use]
pub fn owner<'a>(offices: impl IntoIterator<Item = &'a Arc<Office>>, public_url: &str) -> Owner<Letters> {
    let letters = |office: &Arc<Office>| Letters::new(office.clone(), public_url.to_owned());
    Owner::new(offices.into_iter().map(|office| (office.tenant.id.clone(), letters(office))))
}

/// Who a letter goes to.
struct Addressee {
    key: KeyRef,
    name: String,
    mailbox: String,
    language: String,
}

/// A letter, but for its words.
struct Letter {
    template: &'static str,
    to: Addressee,
    values: Value,
    link: String,
}

impl Writes for Letters {
    const SERVICE: &'static str = Petitions::NAME;

    fn log(&self) -> &Log {
        &self.office.log
    }

    async fn of(&self, record: &Record, only: Option<Tag>) -> Result<proto::Opened, Failure> {
        let withdrawn = record.erased().into_iter().map(|key| self.subject(key).0.to_vec()).collect();
        if !letters::may(&record.header.r#type) {
            return Ok(proto::Opened { letters: Vec::new(), withdrawn });
        }
        let recorded = understand::<Petitions>(record, self.office.log.vault(), everything)?;
        let written = if record.header.r#type == letters::SIGNERS_TOLD {
            self.to_signers(&recorded, only).await?
        } else {
            self.letter(&recorded)?.into_iter().collect()
        };
        let mut letters: Vec<_> = written.into_iter().map(|letter| self.told(letter)).collect();
        if let (true, Some(key)) = (letters.is_empty(), letters::submission(&recorded.event)) {
            let (subject, class) = (self.subject(key).0.to_vec(), proto::Class::Confirmation.into());
            letters.push(proto::Letter { subject, class, ..proto::Letter::default() });
        }
        Ok(proto::Opened { letters, withdrawn })
    }
}

impl Letters {
    /// Of an office.
    #[must_use]
    pub fn new(office: Arc<Office>, public_url: String) -> Self {
        Self { office, public_url, started_alone: Mutex::default(), told: signers::Told::default() }
    }

    fn letter(&self, recorded: &Recorded<Event>) -> Result<Option<Letter>, Failure> {
        match letters::intent(recorded) {
            Some(intent) => self.compose(recorded, &intent),
            None => match letters::to_contact(&recorded.event) {
                Some(template) => self.to_contact(recorded, template),
                None => self.talk(recorded),
            },
        }
    }

    /// Stands for what is sealed under a key, outside this service.
    fn subject(&self, key: KeyRef) -> Tag {
        Tag(self.office.commands.short("letter", &key.0.to_string()))
    }

    fn told(&self, letter: Letter) -> proto::Letter {
        let Letter { template, to, values, link } = letter;
        let language = language(&to).into();
        proto::Letter {
            subject: self.subject(to.key).0.to_vec(),
            template: template.into(),
            class: letters::class(template).into(),
            to: Some(proto::To { name: to.name, mailbox: to.mailbox, language }),
            values: values.to_string(),
            link,
        }
    }

    /// `None` if the address was erased.
    fn compose(&self, recorded: &Recorded<Event>, intent: &Intent) -> Result<Option<Letter>, Failure> {
        let (_, state) = self.office.petition(intent.petition)?;
        let Some(petition) = &state.0 else { return Ok(None) };
        let Some(to) = addressee(recorded, intent, petition) else { return Ok(None) };
        let values = self.values(recorded, petition, &to);
        let link = self.link(recorded, intent, &to);
        Ok(Some(Letter { template: intent.template, to, values, link }))
    }

    fn values(&self, recorded: &Recorded<Event>, petition: &Petition, to: &Addressee) -> Value {
        let facts = Facts::of(&recorded.event, &self.office.calendar);
        json!({
            "name": to.name,
            "title": petition.content.known().map(|content| &content.title),
            "register": petition.filed.as_ref().map(|filed| filed.register.to_string()),
            "expires": facts.expires, "until": facts.until, "review_by": facts.review_by, "opens": facts.opens,
            "deadline": facts.deadline.or_else(|| deadline(petition)), "count": facts.count,
            "debate": facts.debate, "needed": facts.needed, "codes": facts.codes, "text": facts.text,
            "outcome": facts.outcome.map(|label| label.lang(language(to))),
            "committee": committee(recorded, petition), "starts": facts.starts, "place": facts.place,
        })
    }

    fn link(&self, recorded: &Recorded<Event>, intent: &Intent, to: &Addressee) -> String {
        let at = format!("{}/{}", self.public_url, self.office.tenant.id);
        let (purpose, item) = match intent.link {
            letters::Link::Petition => {
                return format!("{at}/petitions/{}{}", intent.petition, self.spoken(to));
            }
            letters::Link::Support => {
                return format!("{at}/petitions/{}/support{}", intent.petition, self.spoken(to));
            }
            letters::Link::ConfirmSignature(item) | letters::Link::Submission(item) => {
                (Purpose::Signature, item)
            }
            letters::Link::ConfirmSupport(item) => (Purpose::Supporter, item),
            letters::Link::Coinitiator(item) => (Purpose::Coinitiator, item),
            letters::Link::ConfirmInitiator | letters::Link::Initiator => {
                (Purpose::Initiator, ItemId::default())
            }
        };
        let Ok(tags) = self.office.tags(intent.petition) else { return at };
        let expires_at = recorded.occurred_at.plus_hours(24 * PAGE_DAYS);
        let tag = tags.mailbox(&to.mailbox);
        let link = Link { purpose, petition: intent.petition, tag, item, expires_at };
        format!("{at}/links/{}{}", self.office.links.token(&link), self.spoken(to))
    }

    /// What a link ends with so that its page speaks the letter's language; nothing where it does anyway.
    fn spoken(&self, to: &Addressee) -> String {
        let (own, wanted) = (self.office.tenant.language(), language(to));
        let same = (own == Language::Swedish) == (wanted == "sv");
        if same { String::new() } else { format!("?lang={wanted}") }
    }
}

fn addressee(recorded: &Recorded<Event>, intent: &Intent, petition: &Petition) -> Option<Addressee> {
    match (intent.to, &recorded.event) {
        (Recipient::Field(_), Event::Signature(Signature::Submitted(submission))) => {
            let (signer, facts) = (submission.signer.known()?, submission.facts.known()?);
            Some(Addressee {
                key: submission.key,
                name: signer.name.clone(),
                mailbox: signer.mailbox.clone(),
                language: facts.language.clone(),
            })
        }
        (
            Recipient::Field(_),
            Event::Petition(petition::Event::Support(Support::Asked { key, supporter, .. })),
        ) => {
            let Supporter { name, mailbox, language } = supporter.known()?.clone();
            Some(Addressee { key: *key, name, mailbox, language })
        }
        (Recipient::Initiator, _) => {
            let filed = petition.filed.as_ref()?;
            Some(written(filed.keys.initiator, filed.contact.known()?)).filter(reachable)
        }
        (Recipient::Field(_), Event::Petition(petition::Event::Coinitiator(event))) => {
            let Coinitiator::Named { key, contact, .. } = &**event else { return None };
            Some(written(*key, contact.known()?))
        }
        (Recipient::Former, event) => {
            let mut former = petition.filed.as_ref()?.former.iter();
            let former = former.find(|former| former.until == event.at())?;
            former.contact.known().map(|contact| written(former.key, contact)).filter(reachable)
        }
        (Recipient::Field(_), _) => None,
    }
}

fn written(key: KeyRef, to: &Contact) -> Addressee {
    let Contact { name, mailbox, language, .. } = to.clone();
    Addressee { key, name, mailbox, language }
}

/// Who proved themselves by eID may have no mailbox.
fn reachable(to: &Addressee) -> bool {
    !to.mailbox.is_empty()
}

fn language(to: &Addressee) -> &'static str {
    if to.language.starts_with("sv") { "sv" } else { "en" }
}

/// Whose answer it is.
fn committee(recorded: &Recorded<Event>, petition: &Petition) -> Option<String> {
    let Event::Petition(petition::Event::Answer(event)) = &recorded.event else { return None };
    petition.answer.part(event.part)?.committee.known().cloned()
}
