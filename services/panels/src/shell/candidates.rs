//! Reads whom a draw is from: the rows of a register that weren't drawn before and aren't here, or a panel's volunteers.

use std::collections::HashSet;

use radslag_draw::{instance::Invalid, orbit::Orbits, replace};
use radslag_kernel::{AggregateId, Instant, ItemId, Tag};
use radslag_readmodel::Value;
use radslag_runtime::service::Failure;
use sha2::{Digest as _, Sha256};

use crate::{
    candidates::{Candidate, Drawable, Households, has_quotas, in_strata, under_quotas},
    member::{self, Standing, state::Membership},
    panel::{
        Panel, Refusal,
        draw::{Kind, Standing as Drawing},
    },
    projections::{id as id_value, lists},
    shell::{Office, Wrong, tagging::Tagging},
};

/// Memberships read at once.
const AT_ONCE: i64 = 1_000;

/// Whom a draw is from.
pub struct Candidates {
    /// As the library knows them.
    pub drawable: Drawable,
    /// By kind and orbit.
    pub orbits: Orbits,
    /// What they were read from: the hash of the file, or of the list.
    pub input: [u8; 32],
    /// Who each of them is.
    pub who: Who,
}

/// Who candidates are, in the order of the instance.
pub enum Who {
    /// Rows of the register.
    Rows(Vec<u32>),
    /// Volunteers.
    Members(Vec<ItemId>),
}

/// A draw that is wished for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Of whom.
    pub kind: Kind,
    /// How many.
    pub places: u32,
    /// How many come next.
    pub reserves: u32,
    /// The register.
    pub frame: Option<ItemId>,
    /// Draws before this one have had their rows.
    pub before: u32,
    /// Years of birth are counted to the year of this moment.
    pub at: Instant,
    /// Whoever came to the panel before this position is here.
    pub as_of: u64,
}

/// Why nobody can be drawn from.
#[derive(Debug)]
pub enum NoCandidates {
    /// A rule.
    Wrong(Wrong),
    /// Something is broken.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for NoCandidates {
    fn from(failure: E) -> Self {
        Self::Failed(failure.into())
    }
}

fn refused<T>(rule: Refusal) -> Result<T, NoCandidates> {
    Err(NoCandidates::Wrong(Wrong::Panel(rule)))
}

/// Somebody who is on a panel or may come onto it, with the position of their first event.
pub struct Here {
    /// Their own.
    pub item: ItemId,
    /// As it stands.
    pub membership: Membership,
    /// Names their page.
    pub page: Tag,
}

impl Office {
    /// Whom a draw is from. It may read a whole register: not on a thread that others wait for.
    ///
    /// # Errors
    /// A rule that forbids it; what is broken.
    pub fn candidates(
        &self,
        (id, panel): (AggregateId, &Panel),
        wish: &Wish,
        here: &[Here],
    ) -> Result<Candidates, NoCandidates> {
        match wish.kind {
            Kind::Invitation => self.of_register((id, panel), wish, here),
            Kind::Sortition | Kind::Replacement => of_volunteers(panel, wish, here),
        }
    }

    /// Everybody who has or had a membership of a panel, but submissions that weren't confirmed.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn here(&self, id: AggregateId, as_of: u64) -> Result<Vec<Here>, Failure> {
        self.panels.wait_for(as_of).await?;
        let (mut all, mut behind) = (Vec::new(), -1);
        loop {
            let values = [id_value(id), Value::Text(String::new()), Value::Int(behind), Value::Int(AT_ONCE)];
            let rows = self.panels.store.query(&lists::MEMBERS, &values).await?;
            for row in rows.iter() {
                behind = row.int("position")?;
                let item = ItemId::from_slice(row.bytes("item")?).unwrap_or_default();
                if row.text("standing")? == Standing::Submitted.word() || behind.unsigned_abs() >= as_of {
                    continue;
                }
                let stream = self.log.read_at(behind.unsigned_abs())?.private.stream.clone();
                let (_, state) = self.state::<member::Decider>(&stream)?;
                let (Some(membership), Some(page)) = (state.of(item).cloned(), page(&stream)) else {
                    continue;
                };
                all.push(Here { item, membership, page });
            }
            if rows.len() < AT_ONCE as usize {
                return Ok(all);
            }
        }
    }

    fn of_register(
        &self,
        (id, panel): (AggregateId, &Panel),
        wish: &Wish,
        here: &[Here],
    ) -> Result<Candidates, NoCandidates> {
        let frame = wish.frame.and_then(|frame| panel.import(frame));
        let Some(frame) = frame else { return refused(Refusal::RegisterMissing) };
        let tagging = Tagging::of(self.log.vault(), panel.keys.tags)?;
        let Some(tagging) = tagging else { return refused(Refusal::PanelEnded) };
        let earlier = panel.draws.iter().filter(|draw| draw.number < wish.before);
        let earlier = earlier.filter(|draw| {
            draw.terms.frame == wish.frame && matches!(draw.standing, Drawing::Made | Drawing::Finished)
        });
        let drawn: HashSet<u32> = earlier
            .filter_map(|draw| draw.made.as_ref()?.result.known())
            .flat_map(|chosen| chosen.rows.iter().copied())
            .collect();
        let pages: HashSet<Tag> = here.iter().map(|one| one.page).collect();
        let columns = frame.columns.known().cloned().unwrap_or_default();
        let (strata, year) =
            (panel.strata().cloned().unwrap_or_default(), self.calendar.date(wish.at).year());
        let area = |postcode: &str| self.tenant.area(postcode).to_owned();
        let (mut households, mut all, mut who, mut number) =
            (Households::default(), Vec::new(), Vec::new(), 0);
        for part in 0..frame.parts {
            for row in self.rows(id, frame.id, part)? {
                let (this, person) = (number, row.person(&columns, &area));
                number += 1;
                let is_here = !pages.is_empty() && pages.contains(&tagging.of_row(&row, &person).0);
                if drawn.contains(&this) || is_here {
                    continue;
                }
                let lives = row.lives();
                let household = (!lives.is_empty()).then(|| households.number(lives));
                all.push(Candidate { places: strata.places(&person, year), household });
                who.push(this);
            }
        }
        let Ok(input) = <[u8; 32]>::try_from(&frame.hash[..]) else {
            return refused(Refusal::RegisterMissing);
        };
        let drawable = drawable(in_strata(&strata, &all, wish.places), all.len(), wish)?;
        let orbits = Orbits::of(&drawable.instance);
        Ok(Candidates { drawable, orbits, input, who: Who::Rows(who) })
    }
}

/// The tag in the name of a page's stream.
#[must_use]
pub fn page(stream: &str) -> Option<Tag> {
    radslag_kernel::id::unhex(stream.rsplit_once('-')?.1).map(Tag)
}

fn drawable(
    made: Result<Drawable, Invalid>,
    candidates: usize,
    wish: &Wish,
) -> Result<Drawable, NoCandidates> {
    if (candidates as u64) < u64::from(wish.places) {
        return refused(Refusal::MorePlacesThanPeople);
    }
    made.or_else(|_| refused(Refusal::PlacesNotAllowed))
}

fn of_volunteers(panel: &Panel, wish: &Wish, here: &[Here]) -> Result<Candidates, NoCandidates> {
    let strata = panel.strata().cloned().unwrap_or_default();
    let (volunteers, members): (Vec<&Here>, Vec<&Here>) = here
        .iter()
        .filter(|one| takes_part(one.membership.standing))
        .partition(|one| one.membership.standing == Standing::Volunteered);
    let mut households = Households::default();
    let mut candidate = |one: &&Here| {
        let places = one.membership.places.known().cloned();
        let tags = one.membership.tags.known().copied().unwrap_or_default();
        Candidate {
            places: places.unwrap_or_else(|| vec![None; strata.categories.len()]),
            household: tags.household.map(|tag| households.number(tag.0)),
        }
    };
    let (of_members, all): (Vec<_>, Vec<_>) =
        (members.iter().map(&mut candidate).collect(), volunteers.iter().map(&mut candidate).collect());
    let who: Vec<ItemId> = volunteers.iter().map(|one| one.item).collect();
    let input = Sha256::digest(list(&who, &all)).into();
    let quotas = has_quotas(&strata);
    if wish.kind == Kind::Sortition || !quotas {
        let made = if quotas { under_quotas } else { in_strata };
        let drawable = drawable(made(&strata, &all, wish.places), all.len(), wish)?;
        let orbits = Orbits::of(&drawable.instance);
        return Ok(Candidates { drawable, orbits, input, who: Who::Members(who) });
    }
    // What those who are there leave of the quotas, for who shares no household with them.
    let seats = wish.places + of_members.len() as u32;
    let together: Vec<Candidate> = of_members.iter().chain(&all).cloned().collect();
    let whole = under_quotas(&strata, &together, seats).or_else(|_| refused(Refusal::PlacesNotAllowed))?;
    let there: Vec<usize> = (0..of_members.len()).collect();
    let candidates: Vec<usize> = (of_members.len()..together.len()).collect();
    let rest = match replace::rest(&whole.instance, &there, &candidates) {
        Ok(rest) => rest,
        Err(replace::Refusal::TooMany(_)) => return refused(Refusal::QuotaExceeded),
        Err(_) => return refused(Refusal::ReserveEmpty),
    };
    let who: Vec<ItemId> = rest.people.iter().map(|at| who[at - of_members.len()]).collect();
    let drawable = drawable(Ok(whole.left(rest.instance)), who.len(), wish)?;
    let orbits = Orbits::of(&drawable.instance);
    Ok(Candidates { drawable, orbits, input, who: Who::Members(who) })
}

/// Whoever is drawn from, or counts as there.
const fn takes_part(standing: Standing) -> bool {
    matches!(standing, Standing::Volunteered | Standing::Drawn | Standing::Active | Standing::Paused)
}

/// The list as it is hashed: an item, its features and its household a line.
fn list(who: &[ItemId], candidates: &[Candidate]) -> String {
    let line = |(item, one): (&ItemId, &Candidate)| {
        let place = |place: &Option<u8>| place.map_or_else(String::new, |place| place.to_string());
        let places = one.places.iter().map(place).collect::<Vec<_>>().join(",");
        format!("{item};{places};{}\n", one.household.map_or_else(String::new, |house| house.to_string()))
    };
    who.iter().zip(candidates).map(line).collect()
}
