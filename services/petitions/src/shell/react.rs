//! Reactions: a threshold that is crossed moves the petition's answer; of one person's signatures the strongest counts.

use std::{collections::BTreeSet, sync::Arc};

use radslag_eventlog::{Record, loss::is_of_the_log};
use radslag_kernel::{AggregateId, Instant, ItemId};
use radslag_readmodel::{Query, Row};
use radslag_runtime::{
    reaction::React,
    service::{Failure, understand},
};

use crate::{
    event::Event,
    petition::{self, Answer, Hearing, coinitiator::event::Event as Coinitiator},
    projections::{id, item, lists, number},
    reactions::{self, Method, Same, Standing, counts_anew},
    shell::{
        Office, Petitions,
        service::for_timers,
        settle,
        signature::{eid_stream, mailbox_stream},
    },
    signature::{self, Standing as Stands},
};

const COUNT: Query = lists::COUNT;
const COUNT_SINCE: Query = lists::COUNT_SINCE;
const SAME_PERSON: Query = lists::SAME_PERSON;

/// Reacts to what is counted.
pub struct Counting(pub Arc<Office>);

impl React for Counting {
    fn react<'a>(
        &'a self,
        records: &'a [Record],
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(self.0.react_to_counts(records))
    }
}

impl Office {
    async fn react_to_counts(self: &Arc<Self>, records: &[Record]) -> Result<(), Failure> {
        let Some(last) = records.last() else { return Ok(()) };
        let (mut moved, mut anew, mut acted) = (BTreeSet::new(), Vec::new(), None);
        let mut taken_over = BTreeSet::new();
        for record in records.iter().filter(|record| !is_of_the_log(&record.header.r#type)) {
            let recorded = understand::<Petitions>(record, self.log.vault(), for_timers)?;
            match &recorded.event {
                Event::Signature(event) => {
                    if event.delta() != 0 {
                        moved.insert(recorded.aggregate);
                    }
                    if counts_anew(event) {
                        anew.push((recorded.aggregate, event.item()));
                    }
                }
                Event::Petition(
                    petition::Event::Opened { .. }
                    | petition::Event::Course(petition::course::Event::ElectorateFixed { .. }),
                ) => {
                    moved.insert(recorded.aggregate);
                }
                Event::Petition(petition::Event::Coinitiator(event))
                    if matches!(**event, Coinitiator::TakenOver { .. }) =>
                {
                    taken_over.insert(recorded.aggregate);
                }
                Event::Signing(_) => acted = Some(recorded.position),
                Event::Petition(_)
                | Event::Register(_)
                | Event::Moderation(_)
                | Event::List(_)
                | Event::Bulk(_)
                | Event::Paper(_)
                | Event::Session(_)
                | Event::Comment(_)
                | Event::Inquiry(_)
                | Event::Objection(_) => {}
            }
        }
        if !anew.is_empty() {
            self.persons.wait_for(last.position() + 1).await?;
            self.strongest(anew).await?;
        }
        for petition in taken_over {
            self.initiators_sign_nothing(petition).await?;
        }
        if !moved.is_empty() {
            self.petitions.wait_for(last.position() + 1).await?;
        }
        for petition in moved {
            self.judge(petition).await?;
        }
        match acted {
            Some(position) => self.tell_petitions(position).await,
            None => Ok(()),
        }
    }

    /// Who took a petition over doesn't sign it: what they signed before counts no more.
    async fn initiators_sign_nothing(&self, petition: AggregateId) -> Result<(), Failure> {
        let (_, state) = self.petition(petition)?;
        let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
        let Some(tags) = filed.and_then(|filed| filed.tags.known()) else { return Ok(()) };
        let pages = [
            tags.mailbox.map(|tag| mailbox_stream(petition, tag)),
            tags.eid.map(|tag| eid_stream(petition, tag)),
        ];
        for stream in pages.into_iter().flatten() {
            let Ok(page) = self.page(petition, &stream) else { continue };
            // Others of a household may have signed from the same mailbox.
            let own = page.state.slots.iter().filter(|slot| slot.name == tags.name);
            let counted = own.filter(|slot| slot.standing == Stands::Confirmed);
            for item in counted.filter_map(|slot| slot.item) {
                let act = signature::Act::Supersede { item };
                settle(self.on_signature_by_system(petition, &stream, act).await)?;
            }
        }
        Ok(())
    }

    /// Compares a petition's count with its thresholds.
    async fn judge(&self, petition: AggregateId) -> Result<(), Failure> {
        let rows = self.petitions.store.query(&COUNT, &[id(petition)]).await?;
        let (_, state) = self.petition(petition)?;
        let (Some(row), Some(known)) = (rows.first(), &state.0) else { return Ok(()) };
        let mut standing = standing(row, known.answer.stands(), known.hearing.stands)?;
        if let Some(since) = self.window(known) {
            let rows =
                self.petitions.store.query(&COUNT_SINCE, &[id(petition), number(since.millis())]).await?;
            standing.count = rows.first().map_or(Ok(0), |row| row.int("total"))?.unsigned_abs();
        }
        for act in reactions::thresholds(&standing) {
            settle(self.by_system(petition, act).await)?;
        }
        Ok(())
    }

    /// From when signatures count, where only those of the last months do: counted back from when signing ended.
    fn window(&self, petition: &petition::Petition) -> Option<Instant> {
        let policy = &petition.filed.as_ref()?.policy;
        let end = petition.ended.map_or_else(|| self.now(), |(ended_at, _)| ended_at);
        Some(self.calendar.start_of(policy.counts_from(self.calendar.date(end))?))
    }

    /// Of each person who has a new signature the strongest one counts. Where that one was struck out meanwhile, it is
    /// looked for again: otherwise two others might count.
    async fn strongest(&self, mut anew: Vec<(AggregateId, ItemId)>) -> Result<(), Failure> {
        while !anew.is_empty() {
            let values = anew.iter().map(|(petition, signature)| vec![id(*petition), item(*signature)]);
            let found = self.persons.store.query_each(&SAME_PERSON, values.collect()).await?;
            let mut again = Vec::new();
            for ((petition, signature), rows) in anew.into_iter().zip(found) {
                if !self.give_way(petition, signature, &rows).await? {
                    again.push((petition, signature));
                }
            }
            anew = again;
            if !anew.is_empty() {
                self.persons.wait_for(self.log.watermark()).await?;
            }
        }
        Ok(())
    }

    /// Whether the strongest of one person's signatures counts.
    async fn give_way(
        &self,
        petition: AggregateId,
        signature: ItemId,
        rows: &[Row],
    ) -> Result<bool, Failure> {
        let own = rows.first().map(|row| same(row, signature, "own_method", "own_position"));
        let Some(newest) = own.transpose()?.flatten() else { return Ok(true) };
        let other =
            |row| same(row, ItemId::from_slice(row.bytes("item")?).unwrap_or_default(), "method", "position");
        let others: Vec<Option<Same>> = rows.iter().map(other).collect::<Result<_, Failure>>()?;
        let others: Vec<Same> = others.into_iter().flatten().collect();
        let (stands, beaten) = reactions::beaten(newest, &others);
        let stronger = self.stream_at(stands.position)?;
        for same in beaten {
            let stream = self.stream_at(same.position)?;
            match self.supersede(petition, (&stream, same.item), (&stronger, stands.item)).await {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(undone) => settle(Err::<(), _>(undone))?,
            }
        }
        Ok(true)
    }
}

/// One of a person's signatures; `None` with a method that this version doesn't know.
fn same(row: &Row, item: ItemId, method: &str, position: &str) -> Result<Option<Same>, Failure> {
    let position = row.int(position)?.unsigned_abs();
    Ok(Method::of(row.text(method)?).map(|method| Same { item, method, position }))
}

fn standing(row: &Row, answer: Answer, hearing: Hearing) -> Result<Standing, Failure> {
    let number_of = |column: &str| Ok::<_, Failure>(row.opt_int(column)?.unwrap_or(0).unsigned_abs());
    Ok(Standing {
        count: number_of("signatures")?,
        count_position: number_of("count_position")?,
        answer_at: number_of("answer_at")?,
        debate_at: number_of("debate_at")?,
        answer,
        hearing,
    })
}
