//! What officials do with members: act for somebody at a counter or from paper, correct, take out, erase, and give a place that
//! became free to whoever comes next.

use radslag_kernel::{Actor, AggregateId, Decider as _, ItemId, Role, time::plus_days};
use radslag_runtime::{
    acting::On,
    execute::{Stop, Undone},
    service::Failure,
};

use crate::{
    event::Event,
    member::{self, Act, Assisted, Channel, Command, Standing, View, command::Newcomer},
    panel::{Panel, Refusal, Replacement},
    person::Person,
    projections::{id as id_value, lists},
    reserves::{Next, next},
    shell::{Asked, Done, Office, Wrong, candidates::Here, membering::stream, tagging::Tagging},
};

/// How long whoever comes next has to answer, where the draw doesn't say.
const DAYS: u32 = 14;

/// An official, and how they came to act for somebody.
#[derive(Clone, Copy, Debug)]
pub struct Helping<'a> {
    /// Of the token.
    pub who: &'a str,
    /// In which role.
    pub role: Role,
    /// How.
    pub channel: Channel,
    /// Why.
    pub ground: &'a str,
}

/// What an official does with a membership.
#[derive(Clone, Debug)]
pub enum Help {
    /// Types in an answer, with what somebody said of themselves beside it.
    Answer(bool, Option<Box<Person>>),
    /// They rest.
    Pause,
    /// They go on.
    Resume,
    /// They leave.
    Leave(member::Reason),
    /// They stay for another term.
    Renew,
    /// What was known of them was wrong.
    Correct(Box<Person>),
    /// Takes them out, for this ground.
    Remove,
    /// Their data go.
    Erase,
}

impl Office {
    /// Somebody joins with an official's help.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn join(
        &self,
        asked: &Asked,
        helping: Helping<'_>,
        id: AggregateId,
        person: &Person,
    ) -> Result<(ItemId, Done), Undone<Wrong>> {
        let unknown = || Undone::Refused(Wrong::Unknown);
        let (version, panel) = self.panel(id)?.ok_or_else(unknown)?;
        let tagging = Tagging::of(self.log.vault(), panel.keys.tags)?.ok_or_else(unknown)?;
        let item = ItemId::from_bytes(*self.commands.aggregate(asked.command).as_bytes());
        // Somebody without a mailbox is found by nothing else: their page is their own.
        let page = match person.mailbox.is_empty() {
            true => radslag_kernel::Tag(*item.as_bytes()),
            false => tagging.mailbox(&person.mailbox),
        };
        let mut tags = tagging.tags(person);
        tags.mailbox = tags.mailbox.filter(|_| !person.mailbox.is_empty());
        let (actor, on) = (self.official(helping), (id, stream(id, page)));
        let done = self.page(asked, on, actor, (&panel, Some(version)), |key| Act::Join {
            new: Newcomer { item, key: key(), person: person.clone(), tags },
            assisted: Some(self.assisted(helping)),
        });
        Ok((item, done.await?))
    }

    /// Does something with a membership.
    ///
    /// # Errors
    /// `Undone`; `Unknown` if there is no such membership.
    pub async fn help(
        &self,
        asked: &Asked,
        helping: Helping<'_>,
        (id, item): (AggregateId, ItemId),
        help: &Help,
    ) -> Result<Done, Undone<Wrong>> {
        let unknown = || Undone::Refused(Wrong::Unknown);
        let (version, panel) = self.panel(id)?.ok_or_else(unknown)?;
        let (of, stream) = self.page_of(item).await?.ok_or_else(unknown)?;
        if of != id {
            return Err(unknown());
        }
        let tagging = Tagging::of(self.log.vault(), panel.keys.tags)?.ok_or_else(unknown)?;
        let assisted = || Some(self.assisted(helping));
        let actor = self.official(helping);
        self.page(asked, (id, stream), actor, (&panel, Some(version)), |_| match help {
            Help::Answer(accepted, said) => {
                let said = said.as_deref().cloned();
                Act::Answer { item, accepted: *accepted, said, assisted: assisted() }
            }
            Help::Pause => Act::Pause { item, assisted: assisted() },
            Help::Resume => Act::Resume { item, assisted: assisted() },
            Help::Leave(reason) => Act::Leave { item, reason: *reason, assisted: assisted() },
            Help::Renew => Act::Renew { item, assisted: assisted() },
            Help::Correct(person) => {
                let mut tags = tagging.tags(person);
                tags.mailbox = tags.mailbox.filter(|_| !person.mailbox.is_empty());
                Act::Correct { item, person: (**person).clone(), tags }
            }
            Help::Remove => Act::Remove { item, ground: helping.ground.to_owned() },
            Help::Erase => Act::Erase { item },
        })
        .await
    }

    fn official(&self, helping: Helping<'_>) -> Actor {
        Actor { role: helping.role, subject: self.staff(helping.who) }
    }

    fn assisted(&self, helping: Helping<'_>) -> Assisted {
        let Helping { who, role, channel, ground } = helping;
        Assisted { by: self.staff(who), role, channel, ground: ground.to_owned() }
    }

    /// Gives the place of somebody who left to whoever comes next; who that is.
    ///
    /// # Errors
    /// `Undone`: `ReserveEmpty` if nobody comes next, `HasNotLeft`, `AlreadyReplaced`.
    pub async fn replace(
        &self,
        asked: &Asked,
        actor: Actor,
        (id, item): (AggregateId, ItemId),
    ) -> Result<(ItemId, Done), Undone<Wrong>> {
        let unknown = || Undone::Refused(Wrong::Unknown);
        let (_, panel) = self.panel(id)?.ok_or_else(unknown)?;
        let here = self.here(id, self.log.watermark()).await?;
        let leaver = here.iter().find(|one| one.item == item).ok_or_else(unknown)?;
        let by = chosen(&panel, leaver, &here).ok_or(Undone::Refused(Wrong::Panel(Refusal::ReserveEmpty)))?;
        let Some(offer) = by.membership.offer else { return Err(unknown()) };
        let days = panel.draw(offer.draw).map_or(DAYS, |draw| draw.terms.reply_days);
        let expires_at = self.calendar.end_of(plus_days(self.calendar.date(self.now()), days));
        let view = View::of(&panel, self.year());
        let given = Act::Offer { item: by.item, draw: offer.draw, number: offer.number, expires_at };
        let on =
            On { stream: stream(id, leaver.page), aggregate: id, dialogue: panel.dialogue, actor, asked };
        // The place is another's and is offered to them at once, or not at all.
        let done = self.act::<member::Decider, Wrong>(on, |found| {
            let to = stream(id, by.page);
            let (version, state) = self.state::<member::Decider>(&to)?;
            let offered = Command { at: found.at, panel: view.clone(), act: given.clone() };
            let offered = member::Decider::decide(&state, offered).map_err(Stop::refused)?;
            found.beside((to, version), id, offered.into_iter().map(Event::Member).collect());
            found.digest_under(leaver.membership.key);
            Ok(Command { at: found.at, panel: view.clone(), act: Act::Replace { item, by: by.item } })
        });
        Ok((by.item, done.await?))
    }

    /// Fills places that became free, in panels where the next in line gets them at once; how many.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn fill(&self) -> Result<usize, Failure> {
        let rows = self.panels.store.query(&lists::RESERVES, &[]).await?;
        let mut filled = 0;
        for row in rows.iter() {
            let id = AggregateId::from_slice(row.bytes("panel")?).unwrap_or_default();
            let Some((_, panel)) = self.panel(id)? else { continue };
            let automatic = |panel: &Panel| {
                panel.decided.as_ref().is_some_and(|decided| decided.replacement == Replacement::Automatic)
            };
            if !automatic(&panel) || self.looked_at(id, self.gone(id).await?) {
                continue;
            }
            let here = self.here(id, self.log.watermark()).await?;
            for free in here.iter().filter(|one| is_free(one)) {
                let asked = Asked::by_system();
                match self.replace(&asked, Actor::SYSTEM, (id, free.item)).await {
                    Ok(_) => filled += 1,
                    Err(Undone::Failed(failure)) => return Err(failure),
                    Err(Undone::Busy | Undone::ReadOnly(_)) => return Err(Failure::Stopped),
                    Err(Undone::Refused(_) | Undone::KeyReused | Undone::VersionChanged) => {}
                }
            }
        }
        if filled > 0 {
            self.panels.wait_for(self.log.watermark()).await?;
        }
        Ok(filled)
    }

    /// How many have left, declined or not answered: while that is the same, no place became free.
    async fn gone(&self, id: AggregateId) -> Result<i64, Failure> {
        let rows = self.panels.store.query(&lists::STANDINGS, &[id_value(id)]).await?;
        let gone = [Standing::Left, Standing::Declined, Standing::Expired].map(|standing| standing.word());
        let mut sum = 0;
        for row in rows.iter() {
            if gone.contains(&row.text("value")?) {
                sum += row.int("rows")?;
            }
        }
        Ok(sum)
    }
}

/// A place that was given by a draw and is empty.
fn is_free(one: &Here) -> bool {
    let drawn = one.membership.offer.is_some_and(|offer| !offer.invited && offer.expires_at.is_some());
    drawn && matches!(one.membership.standing, Standing::Left | Standing::Declined | Standing::Expired)
}

/// Whoever comes next for a place.
fn chosen<'a>(panel: &Panel, leaver: &Here, here: &'a [Here]) -> Option<&'a Here> {
    let places = |one: &Here| one.membership.places.known().cloned();
    let mut reserves: Vec<(u32, &Here)> = here
        .iter()
        .filter(|one| one.membership.standing == Standing::Reserved)
        .filter_map(|one| Some((one.membership.offer?.number, one)))
        .collect();
    reserves.sort_unstable_by_key(|(number, _)| *number);
    let there = here.iter().filter(|one| {
        matches!(one.membership.standing, Standing::Drawn | Standing::Active | Standing::Paused)
    });
    let there: Vec<_> = there.filter_map(places).collect();
    let line: Vec<Next> =
        reserves.iter().map(|(_, one)| Next { places: places(one).unwrap_or_default() }).collect();
    let strata = panel.strata().cloned().unwrap_or_default();
    next(&strata, places(leaver).as_ref(), &there, &line).map(|at| reserves[at].1)
}
