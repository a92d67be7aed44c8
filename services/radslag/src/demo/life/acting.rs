//! Does what is planned, by the commands that everybody has.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use radslag_kernel::{AggregateId, ItemId, Role};
use radslag_petitions::{
    bulk::Conditions,
    comment,
    paper::{Typed, csv::Row},
    petition::{
        Act as Do, Contact, Content, Official, Verdict,
        answer::{self, Outcome},
        course::Classes,
    },
    shell::{
        Asked, Office,
        bulk::{Wanted, find::CHUNK},
        comment::{Written, stream as comment_stream},
        petition::{Found, HandedIn, Proof, Staff},
        signature::{Given, eid_stream, mailbox_stream},
    },
    signature::{self, Shown},
};
use radslag_runtime::service::Failure;

use super::{
    Life,
    plan::{Act, Fate, How, On, Signing},
    texts::url_key,
};
use crate::{
    demo::{
        history::failed,
        people::{Person, person},
        talk::{self, GROUND},
        with_tables,
    },
    rebuild::catch_up,
};

/// Where programs have their mailboxes.
const PROGRAMS: &str = "bulk.example";
/// Initiators and askers, who sign nothing.
const INITIATORS: u64 = 30_000_000;
const ASKERS: u64 = 40_000;

fn staff(role: Role, subject: &str) -> Staff<'_> {
    Staff { role, subject, ground: GROUND.into() }
}

impl Life {
    pub(super) async fn act(
        &mut self,
        office: &Arc<Office>,
        act: &Act,
        slides: &[AggregateId],
    ) -> Result<()> {
        match act {
            Act::HandIn(n) => self.petitions[*n] = self.hand_in(office, *n).await?,
            Act::Decide(n) => self.decide(office, *n).await?,
            Act::Sign(_) => self.sign(office, act).await?,
            Act::Withdraw(signing) => self.withdraw(office, signing).await?,
            Act::Remark(n) => self.remarks[*n] = Some(self.remark(office, *n, slides).await?),
            Act::Moderate(n) => self.moderate(office, *n, slides).await?,
            Act::HandOver(n) | Act::Receive(n) | Act::Answer(n) | Act::FollowUp(n) => {
                self.answer(office, act, *n).await?;
            }
            Act::Strike(n) => self.strike(office, *n).await?,
            Act::EnterPaper(n) => self.papers[*n] = self.enter_paper(office, *n).await?,
            Act::CountPaper(n) => self.count_paper(office, *n).await?,
            Act::Ask(n) => {
                self.inquiries[*n] = talk::ask(office, &self.plan.inquiries[*n], ASKERS + *n as u64).await?;
            }
            Act::Reply(n) => talk::answer(office, &self.plan.inquiries[*n], self.inquiries[*n]).await?,
        }
        Ok(())
    }

    fn person(&self, n: u64) -> Person {
        Person { name: self.texts.name(n), ..person(n) }
    }

    async fn hand_in(&self, office: &Office, n: usize) -> Result<AggregateId> {
        let (wish, who) = (&self.plan.petitions[n], self.person(INITIATORS + n as u64));
        let handed = HandedIn {
            content: Content {
                title: wish.title.clone(),
                body: wish.body.clone(),
                background: String::new(),
                url_key: url_key(&wish.title, n),
                length: wish.length,
                links: Vec::new(),
            },
            contact: Contact {
                public_name: who.name.clone(),
                party: None,
                name: who.name,
                mailbox: who.mailbox.clone(),
                postcode: who.postcode,
                language: self.language.into(),
            },
            eid: None,
            registered: true,
            dialogue: None,
        };
        let (id, _) = office.hand_in(&Asked::by_system(), &handed).await.map_err(failed)?;
        let tag = office.tags(id).map_err(failed)?.mailbox(&who.mailbox);
        let confirm = |proof| Do::ConfirmInitiator { proof };
        office.as_initiator(id, &Asked::by_system(), &Proof::Mailbox(tag), &confirm).await.map_err(failed)?;
        Ok(id)
    }

    async fn decide(&self, office: &Office, n: usize) -> Result<()> {
        let wish = &self.plan.petitions[n];
        let [code, text] = &self.texts.refusals[n % self.texts.refusals.len()];
        let verdict =
            |by, code: &str, text: &str| Verdict { by, codes: vec![code.into()], text: text.into() };
        let decide = |by: Official, _: &Found| -> Result<Do, Failure> {
            Ok(match wish.fate {
                Fate::Returned => Do::Return(verdict(by, code, text)),
                Fate::Rejected => Do::Reject(verdict(by, code, text)),
                Fate::Hidden => Do::Hide(verdict(by, &self.texts.hidden[0], &self.texts.hidden[1])),
                Fate::Waiting | Fate::Open | Fate::Closed | Fate::InProcess | Fate::Answered => {
                    Do::Approve { by, opens_on: None, url_key: None, taken: false }
                }
            })
        };
        let moderator = staff(Role::Moderator, "demo-moderator");
        self.by_staff(office, n, moderator.clone(), &decide).await?;
        if matches!(wish.fate, Fate::Waiting | Fate::Returned | Fate::Rejected | Fate::Hidden) {
            return Ok(());
        }
        let classes = Classes {
            area: String::new(),
            committee: self.texts.committee(wish.number).to_owned(),
            topics: vec![self.texts.topic(wish.number).to_owned()],
        };
        let tenant = &office.tenant;
        let known = tenant.committees.contains(&classes.committee)
            && classes.topics.iter().all(|topic| tenant.topics.contains(topic));
        let classify = |by, _: &Found| Ok(Do::Classify { by, classes: classes.clone(), unknown: !known });
        self.by_staff(office, n, moderator, &classify).await
    }

    async fn by_staff(
        &self,
        office: &Office,
        n: usize,
        staff: Staff<'_>,
        act: &(dyn Fn(Official, &Found) -> Result<Do, Failure> + Sync),
    ) -> Result<()> {
        office.as_official(self.petitions[n], &Asked::by_system(), &staff, act).await.map_err(failed)?;
        Ok(())
    }

    fn given(&self, signing: &Signing) -> (Given, String) {
        let who = self.person(signing.who);
        let eid = format!("demo-signer-{}", signing.who);
        let mailbox = match signing.how {
            How::Mailbox => who.mailbox,
            How::Eid => String::new(),
            How::Program => format!("bot.{}@{PROGRAMS}", signing.who),
        };
        let given = Given {
            name: who.name,
            mailbox,
            postcode: who.postcode,
            shown: signing.shown.clone(),
            against: false,
            language: self.language.into(),
            suspicion: None,
            blocked: false,
            from: None,
        };
        (given, eid)
    }

    pub(super) async fn sign(&self, office: &Office, act: &Act) -> Result<()> {
        let Act::Sign(signing) = act else { return Ok(()) };
        let (id, (given, eid)) = (self.petitions[signing.petition], self.given(signing));
        if signing.how == How::Eid {
            office.sign(id, &Asked::by_system(), &eid, &given).await.map_err(failed)?;
            return Ok(());
        }
        let done = office.request(id, &Asked::by_system(), &given).await.map_err(failed)?;
        if !signing.confirmed {
            return Ok(());
        }
        let (_, position) = done.at.context("a request wrote nothing")?;
        let item = ItemId::from_slice(&office.log.read_at(position)?.header.item).unwrap_or_default();
        let stream = mailbox_stream(id, office.tags(id).map_err(failed)?.mailbox(&given.mailbox));
        let confirm = signature::Act::Confirm { item, suspicion: None };
        office.own(id, &stream, &Asked::by_system(), confirm).await.map_err(failed)?;
        Ok(())
    }

    async fn withdraw(&self, office: &Office, signing: &Signing) -> Result<()> {
        let (id, (given, eid)) = (self.petitions[signing.petition], self.given(signing));
        let tags = office.tags(id).map_err(failed)?;
        let stream = match signing.how {
            How::Eid => eid_stream(id, tags.eid(&eid)),
            How::Mailbox | How::Program => mailbox_stream(id, tags.mailbox(&given.mailbox)),
        };
        let page = office.page(id, &stream).map_err(failed)?.state;
        let item = page.slots.first().and_then(|slot| slot.item).context("nothing was signed")?;
        let withdraw = signature::Act::Withdraw { item };
        office.own(id, &stream, &Asked::by_system(), withdraw).await.map_err(failed)?;
        Ok(())
    }

    fn petition_of(&self, on: On, slides: &[AggregateId]) -> Result<AggregateId> {
        let of = match on {
            On::Wish(n) => self.petitions.get(n),
            On::Slide(n) => slides.get(n),
        };
        of.copied().context("a comment has no petition")
    }

    async fn remark(&self, office: &Office, n: usize, slides: &[AggregateId]) -> Result<ItemId> {
        let remark = &self.plan.remarks[n];
        let id = self.petition_of(remark.on, slides)?;
        let by_eid = office.policy().is_some_and(|policy| policy.eid);
        let (who, eid) = (self.person(remark.who), format!("demo-signer-{}", remark.who));
        let reply_to = remark.reply_to.and_then(|parent| self.remarks[parent]);
        if reply_to.is_some() {
            catch_up(&office.comments).await?;
        }
        let written = Written {
            text: remark.text.clone(),
            reply_to,
            name: who.name,
            mailbox: if by_eid { String::new() } else { who.mailbox.clone() },
            shown: Shown::Name,
            party: None,
            language: self.language.into(),
            suspicion: None,
            blocked: false,
        };
        let eid = by_eid.then_some(eid.as_str());
        let (item, _) = office.comment(id, &Asked::by_system(), eid, &written).await.map_err(failed)?;
        if !by_eid {
            let stream = comment_stream(id, office.tags(id).map_err(failed)?.mailbox(&who.mailbox));
            let confirm = comment::Act::Confirm { item };
            office.own_comment(id, &stream, &Asked::by_system(), confirm).await.map_err(failed)?;
        }
        Ok(item)
    }

    async fn moderate(&self, office: &Office, n: usize, slides: &[AggregateId]) -> Result<()> {
        let remark = &self.plan.remarks[n];
        let id = self.petition_of(remark.on, slides)?;
        let item = self.remarks[n].context("a comment wasn't written")?;
        catch_up(&office.comments).await?;
        let decide = |by| {
            if remark.refused {
                let (codes, text) = (vec!["offensive".into()], String::new());
                comment::Act::Refuse { item, verdict: comment::Verdict { by, codes, text } }
            } else {
                comment::Act::Approve { item, by }
            }
        };
        let moderator = staff(Role::Moderator, "demo-moderator");
        office.on_comment(id, item, &Asked::by_system(), &moderator, &decide).await.map_err(failed)?;
        Ok(())
    }

    /// What committees do.
    async fn answer(&self, office: &Office, act: &Act, n: usize) -> Result<()> {
        let (id, number) = (self.petitions[n], n);
        let committee = [self.texts.committee(self.plan.petitions[n].number).to_owned()];
        let [word, text] = &self.texts.answers[number % self.texts.answers.len()];
        let outcome = Outcome::of(word).context("no such outcome")?;
        let follow_up = &self.texts.follow_ups[number % self.texts.follow_ups.len()];
        let make = |by: Official, found: &Found| -> Result<Do, Failure> {
            Ok(Do::Answer(match act {
                Act::HandOver(_) => {
                    answer::Act::HandOver { by, handover: office.handover(id, found, &committee, None) }
                }
                Act::Receive(_) => answer::Act::Receive { by, part: 1, case: format!("2008-{:04}", 100 + n) },
                Act::Answer(_) => {
                    answer::Act::Give { by, part: 1, outcome, text: text.clone(), link: String::new() }
                }
                _ => answer::Act::FollowUp { by, on: found.now.today(), text: follow_up.clone() },
            }))
        };
        let role = if matches!(act, Act::Answer(_)) { Role::Secretary } else { Role::Official };
        self.by_staff(office, n, staff(role, "demo-official"), &make).await
    }

    async fn strike(&self, office: &Arc<Office>, n: usize) -> Result<()> {
        let conditions = Conditions {
            petition: Some(self.petitions[n]),
            domain: PROGRAMS.into(),
            ..Conditions::default()
        };
        let wanted = Wanted { conditions, notice: self.texts.notice.clone() };
        let (first, second) = (staff(Role::Official, "demo-official"), staff(Role::Official, "demo-second"));
        let struck = async {
            let prepared = office.prepare_bulk(&Asked::by_system(), &first, &wanted).await;
            let (id, ..) = prepared.map_err(failed)?;
            office.start_bulk(id, &Asked::by_system(), &first, Some(&second)).await.map_err(failed)?;
            while office.step_bulk(id, CHUNK).await? {}
            Ok(())
        };
        with_tables(office, struck).await
    }

    async fn enter_paper(&self, office: &Office, n: usize) -> Result<ItemId> {
        let paper = &self.plan.papers[n];
        let (id, registrar) = (self.petitions[paper.petition], staff(Role::Registrar, "demo-registrar"));
        let received = office.calendar.date(office.now());
        let scan = [u8::try_from(n % 256).unwrap_or(0); 32];
        let registered = office.register_paper(id, &Asked::by_system(), &registrar, (received, scan)).await;
        let (batch, _) = registered.map_err(failed)?;
        let row = |(at, who): (usize, &u64)| {
            let who = self.person(*who);
            let typed = Typed {
                name: who.name,
                postcode: who.postcode,
                number: String::new(),
                address: String::new(),
                date: paper.dated.to_string(),
            };
            Row { number: u32::try_from(at + 1).unwrap_or(u32::MAX), raw: String::new(), typed: Some(typed) }
        };
        let rows: Vec<Row> = paper.people.iter().enumerate().map(row).collect();
        office.enter_paper((id, batch), &Asked::by_system(), &registrar, &rows).await.map_err(failed)?;
        Ok(batch)
    }

    async fn count_paper(&self, office: &Arc<Office>, n: usize) -> Result<()> {
        let (id, batch) = (self.petitions[self.plan.papers[n].petition], self.papers[n]);
        let official = staff(Role::Official, "demo-official");
        office.check_paper((id, batch, 0), &Asked::by_system(), &official, None).await.map_err(failed)?;
        let counted = async {
            office.accept_paper((id, batch), &Asked::by_system(), &official).await.map_err(failed)?;
            while office.step_paper((id, batch)).await? {}
            Ok(())
        };
        with_tables(office, counted).await
    }
}
