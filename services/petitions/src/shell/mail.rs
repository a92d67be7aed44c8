//! Mails: an event's intent becomes a message at the last moment, when the address is opened and the link is made, and is
//! put into an outbox. Never during a rebuild, and once for each cause: its file is named after it.

use std::{fmt::Display, fs, io, path::PathBuf, sync::Arc, sync::Mutex, sync::PoisonError};

use lettre::message::{Mailbox, Message, header::ContentType};
use radslag_eventlog::Record;
use radslag_kernel::{AggregateId, Calendar, Instant, ItemId, KeyRef, Recorded};
use radslag_runtime::{
    http::Language,
    reaction::React,
    service::{Failure, everything, understand},
};

use crate::{
    catalogue::Catalogue,
    event::Event,
    mails::{self, Intent, Recipient},
    petition::{
        self, Contact, Petition, Supporter, Threshold, answer, coinitiator::event::Event as Coinitiator,
        hearing, support::Event as Support,
    },
    policy::Label,
    shell::{
        Office, Petitions,
        links::{Link, Purpose},
    },
    signature,
};

/// How long the page behind a link shows what became of it.
pub(super) const PAGE_DAYS: u64 = 400;

/// A message as it goes out.
pub struct Mail {
    /// Of the key its address is sealed under: destroyed with it.
    pub key: KeyRef,
    /// The event it is about.
    pub cause: String,
    /// RFC 5322, ready.
    pub bytes: Vec<u8>,
}

/// Where mails go.
pub trait Outbox: Send + Sync {
    /// Takes a mail; the same cause twice is one mail.
    ///
    /// # Errors
    /// If it can't be kept.
    fn put(&self, mail: &Mail) -> io::Result<()>;
    /// Destroys what is kept of a key.
    ///
    /// # Errors
    /// If it can't.
    fn forget(&self, key: KeyRef) -> io::Result<()>;
}

/// A folder of `.eml` files, until sending takes over.
pub struct Drop(PathBuf);

impl Drop {
    /// A folder, made if it isn't there.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Outbox for Drop {
    fn put(&self, mail: &Mail) -> io::Result<()> {
        let path = self.0.join(format!("{}-{}.eml", mail.key.0, mail.cause));
        let unfinished = path.with_extension("part");
        fs::write(&unfinished, &mail.bytes)?;
        fs::rename(unfinished, path)
    }

    fn forget(&self, key: KeyRef) -> io::Result<()> {
        let prefix = format!("{}-", key.0);
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// In memory, for benches: mails are counted and handed to whoever takes them.
#[derive(Default)]
pub struct InMemory(Mutex<Vec<Vec<u8>>>);

impl InMemory {
    /// Takes all that is there.
    pub fn take(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Outbox for InMemory {
    fn put(&self, mail: &Mail) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail.bytes.clone());
        Ok(())
    }

    fn forget(&self, _: KeyRef) -> io::Result<()> {
        Ok(())
    }
}

/// Turns events into mails.
pub struct Mailing {
    /// Whose.
    pub office: Arc<Office>,
    /// Where they go.
    pub outbox: Arc<dyn Outbox>,
    /// Who they are from.
    pub from: Mailbox,
    /// How the world reaches us, without a slash at the end.
    pub public_url: String,
    templates: minijinja::Environment<'static>,
    /// The bulk invalidation that was asked about last, and whether one official started it.
    pub(super) started_alone: Mutex<Option<(AggregateId, bool)>>,
}

/// Who a mail goes to.
pub(super) struct Addressee {
    pub(super) key: KeyRef,
    pub(super) name: String,
    pub(super) mailbox: String,
    pub(super) language: String,
}

impl Mailing {
    /// Ready to go.
    ///
    /// # Errors
    /// If a template can't be read.
    pub fn new(
        office: Arc<Office>,
        outbox: Arc<dyn Outbox>,
        from: Mailbox,
        public_url: String,
    ) -> Result<Self, minijinja::Error> {
        let mut templates = minijinja::Environment::new();
        for (name, sv, en) in mails::TEMPLATES {
            templates.add_template_owned(format!("{name}.sv"), *sv)?;
            templates.add_template_owned(format!("{name}.en"), *en)?;
        }
        Ok(Self { office, outbox, from, public_url, templates, started_alone: Mutex::default() })
    }

    fn react_to(&self, record: &Record) -> Result<(), Failure> {
        let kept = |source| Failure::from(radslag_readmodel_io(source));
        for key in record.erased() {
            self.outbox.forget(key).map_err(kept)?;
        }
        if !may_mail(&record.header.r#type) {
            return Ok(());
        }
        let recorded = understand::<Petitions>(record, self.office.log.vault(), everything)?;
        let mail = match mails::intent(&recorded) {
            Some(intent) => self.compose(&recorded, &intent)?,
            None => match mails::to_contact(&recorded.event) {
                Some(template) => self.to_contact(&recorded, template)?,
                None => self.talk(&recorded)?,
            },
        };
        match mail {
            Some(mail) => self.outbox.put(&mail).map_err(kept),
            None => Ok(()),
        }
    }

    /// The mails of an event that leads to more than one.
    async fn tell_many(&self, record: &Record) -> Result<(), Failure> {
        let recorded = understand::<Petitions>(record, self.office.log.vault(), everything)?;
        let mails = self.to_signers(&recorded).await?;
        mails
            .iter()
            .try_for_each(|mail| self.outbox.put(mail))
            .map_err(|source| radslag_readmodel_io(source).into())
    }

    /// `None` if the address was erased, or isn't one that mail can be sent to.
    fn compose(&self, recorded: &Recorded<Event>, intent: &Intent) -> Result<Option<Mail>, Failure> {
        let (_, state) = self.office.petition(intent.petition)?;
        let Some(petition) = &state.0 else { return Ok(None) };
        let Some(to) = addressee(recorded, intent, petition) else { return Ok(None) };
        let values = self.variables(recorded, intent, petition, &to);
        Ok(self.write(intent.template, &intent.cause, &to, &values))
    }

    /// A message; `None` if it can't be one.
    pub(super) fn write(
        &self,
        template: &str,
        cause: &(impl Display + ?Sized),
        to: &Addressee,
        values: &minijinja::Value,
    ) -> Option<Mail> {
        let Ok(address) = to.mailbox.parse() else {
            tracing::warn!(cause = %cause, "a mail can't be sent: the mailbox is not an address");
            return None;
        };
        let language = language(to);
        let rendered = self
            .templates
            .get_template(&format!("{}.{language}", template))
            .and_then(|template| template.render(values));
        let text = match rendered {
            Ok(text) => text,
            Err(error) => {
                tracing::error!(template, %error, "a mail's template can't be filled in");
                return None;
            }
        };
        let (subject, body) = text.split_once("\n\n").unwrap_or(("", &text));
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(to.name.clone()).filter(|name| !name.is_empty()), address))
            .subject(subject.trim_start_matches("Subject: "))
            .message_id(Some(format!("<{}@{}>", cause, self.office.tenant.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(body.to_owned());
        match message {
            Ok(message) => Some(Mail { key: to.key, cause: cause.to_string(), bytes: message.formatted() }),
            Err(error) => {
                tracing::error!(cause = %cause, %error, "a mail can't be written");
                None
            }
        }
    }

    fn variables(
        &self,
        recorded: &Recorded<Event>,
        intent: &Intent,
        petition: &Petition,
        to: &Addressee,
    ) -> minijinja::Value {
        let title = petition.content.known().map(|content| content.title.clone()).unwrap_or_default();
        let register = petition.filed.as_ref().map(|filed| filed.register.to_string());
        let facts = Facts::of(&recorded.event, &self.office.calendar);
        minijinja::context! {
            name => &to.name, title, register,
            link => self.link(recorded, intent, to),
            expires => facts.expires, until => facts.until, review_by => facts.review_by, opens => facts.opens,
            deadline => facts.deadline.or_else(|| deadline(petition)), count => facts.count, debate => facts.debate, needed => facts.needed,
            codes => facts.codes, text => facts.text,
            outcome => facts.outcome.map(|label| label.lang(language(to))), committee => committee(recorded, petition),
            starts => facts.starts, place => facts.place,
        }
    }

    fn link(&self, recorded: &Recorded<Event>, intent: &Intent, to: &Addressee) -> String {
        let at = format!("{}/{}", self.public_url, self.office.tenant.id);
        let (purpose, item) = match intent.link {
            mails::Link::Petition => return format!("{at}/petitions/{}{}", intent.petition, self.spoken(to)),
            mails::Link::Support => {
                return format!("{at}/petitions/{}/support{}", intent.petition, self.spoken(to));
            }
            mails::Link::ConfirmSignature(item) | mails::Link::Submission(item) => (Purpose::Signature, item),
            mails::Link::ConfirmSupport(item) => (Purpose::Supporter, item),
            mails::Link::Coinitiator(item) => (Purpose::Coinitiator, item),
            mails::Link::ConfirmInitiator | mails::Link::Initiator => (Purpose::Initiator, ItemId::default()),
        };
        let Ok(tags) = self.office.tags(intent.petition) else { return at };
        let expires_at = recorded.occurred_at.plus_hours(24 * PAGE_DAYS);
        let tag = tags.mailbox(&to.mailbox);
        let link = Link { purpose, petition: intent.petition, tag, item, expires_at };
        format!("{at}/links/{}{}", self.office.links.token(&link), self.spoken(to))
    }

    /// What a link ends with so that its page speaks the mail's language; nothing where it does anyway.
    pub(super) fn spoken(&self, to: &Addressee) -> String {
        let (own, wanted) = (self.office.tenant.language(), language(to));
        let same = (own == Language::Swedish) == (wanted == "sv");
        if same { String::new() } else { format!("?lang={wanted}") }
    }
}

impl React for Mailing {
    fn react<'a>(
        &'a self,
        records: &'a [Record],
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(async move {
            for record in records {
                self.react_to(record)?;
                if record.header.r#type == TO_MANY {
                    self.tell_many(record).await?;
                }
            }
            Ok(())
        })
    }
}

/// The type of event that leads to a mail for each of many signers.
const TO_MANY: &str = "petition.signers_told";

/// Most signatures lead to no mail: they aren't opened for nothing.
fn may_mail(kind: &str) -> bool {
    matches!(kind, "signature.submitted" | "signature.invalidated" | "session.requested")
        || ["petition.", "comment.", "inquiry.", "objection."].iter().any(|start| kind.starts_with(start))
}

fn addressee(recorded: &Recorded<Event>, intent: &Intent, petition: &Petition) -> Option<Addressee> {
    match (intent.to, &recorded.event) {
        (Recipient::Field(_), Event::Signature(signature::Event::Submitted(submission))) => {
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

/// What a template may say of its cause.
#[derive(Default)]
struct Facts {
    expires: Option<String>,
    until: Option<String>,
    review_by: Option<String>,
    opens: Option<String>,
    deadline: Option<String>,
    count: Option<u64>,
    debate: bool,
    needed: Option<u32>,
    codes: Vec<String>,
    text: Option<String>,
    outcome: Option<&'static Label>,
    starts: Option<String>,
    place: Option<String>,
}

impl Facts {
    fn of(event: &Event, calendar: &Calendar) -> Self {
        let moment = |at: Instant| {
            let (date, hour) = (calendar.date(at), calendar.hour(at));
            Some(format!("{date} {hour:02}:00"))
        };
        let decided = |decision: &radslag_kernel::Opened<petition::Decision>| {
            let decision = decision.known().cloned();
            decision.map(|decision| (decision.codes, decision.text)).unwrap_or_default()
        };
        match event {
            Event::Signature(signature::Event::Submitted(submission)) => {
                Self { expires: moment(submission.expires_at), ..Self::default() }
            }
            Event::Petition(petition::Event::Submitted(submitted)) => {
                Self { expires: moment(submitted.expires_at), ..Self::default() }
            }
            Event::Petition(petition::Event::InitiatorConfirmed { review_by, .. }) => {
                Self { review_by: Some(review_by.to_string()), ..Self::default() }
            }
            Event::Petition(petition::Event::Course(petition::course::Event::RedirectProposed {
                to,
                ..
            })) => Self { text: to.known().cloned(), ..Self::default() },
            Event::Petition(petition::Event::Support(event)) => Self::of_support(event, moment),
            Event::Petition(petition::Event::Coinitiator(event)) => match &**event {
                Coinitiator::Named { expires_at, .. } => {
                    Self { expires: moment(*expires_at), ..Self::default() }
                }
                _ => Self::default(),
            },
            Event::Petition(petition::Event::Returned { until, decision, .. }) => {
                let (codes, text) = decided(decision);
                Self { until: Some(until.to_string()), codes, text: Some(text), ..Self::default() }
            }
            Event::Petition(
                petition::Event::Rejected { decision, .. }
                | petition::Event::Hidden { decision, .. }
                | petition::Event::Course(petition::course::Event::TakenDown { decision, .. }),
            ) => {
                let (codes, text) = decided(decision);
                Self { codes, text: Some(text), ..Self::default() }
            }
            Event::Petition(petition::Event::Approved { opens_at, deadline, .. }) => Self {
                opens: Some(calendar.date(*opens_at).to_string()),
                deadline: Some(deadline.to_string()),
                ..Self::default()
            },
            Event::Petition(petition::Event::Opened { deadline, .. }) => {
                Self { deadline: Some(deadline.to_string()), ..Self::default() }
            }
            Event::Petition(petition::Event::ThresholdReached { threshold, count, .. }) => {
                Self { count: Some(*count), debate: *threshold == Threshold::Debate, ..Self::default() }
            }
            Event::Petition(petition::Event::Answer(event)) => Self::of_answer(event),
            Event::Petition(petition::Event::Hearing(event)) => match &event.what {
                hearing::What::Scheduled { starts_at, place, .. } => {
                    Self { starts: moment(*starts_at), place: place.known().cloned(), ..Self::default() }
                }
                hearing::What::NotHeld { why } => Self { text: why.known().cloned(), ..Self::default() },
                hearing::What::Held { .. } | hearing::What::Documented { .. } => Self::default(),
            },
            _ => Self::default(),
        }
    }

    fn of_answer(event: &answer::Event) -> Self {
        use answer::What;
        let ground = || event.ground.known().cloned();
        match &event.what {
            What::Asked { reply_by, question, .. } => {
                Self { until: Some(reply_by.to_string()), text: question.known().cloned(), ..Self::default() }
            }
            What::Given { outcome, text, .. } => Self {
                outcome: Catalogue::shipped().outcome(*outcome),
                text: text.known().cloned(),
                ..Self::default()
            },
            What::FollowedUp { text, .. } => Self { text: text.known().cloned(), ..Self::default() },
            What::WithdrawalDeclined => Self { text: ground(), ..Self::default() },
            _ => Self::default(),
        }
    }
}

impl Facts {
    fn of_support(event: &Support, moment: impl Fn(Instant) -> Option<String>) -> Self {
        match event {
            Support::Sought { until, needed, .. } => {
                Self { until: Some(until.to_string()), needed: Some(*needed), ..Self::default() }
            }
            Support::Asked { expires_at, .. } => Self { expires: moment(*expires_at), ..Self::default() },
            Support::Completed { review_by, .. } => {
                Self { review_by: Some(review_by.to_string()), ..Self::default() }
            }
            Support::Joined { .. } | Support::Struck { .. } | Support::Erased { .. } => Self::default(),
        }
    }
}

/// The last day to sign, as far as the petition still knows it.
fn deadline(petition: &Petition) -> Option<String> {
    match &petition.life {
        petition::state::Life::Approved(plan) => Some(plan.deadline.to_string()),
        _ => None,
    }
}

fn radslag_readmodel_io(source: io::Error) -> radslag_vault::Error {
    radslag_vault::Error::Io { what: "writing a mail to", path: PathBuf::from("the outbox"), source }
}
