//! A draw: prepared beside the request, since the fairest lottery may take its time; announced in the log part by part, then
//! committed; and made by entering the value that became public since.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use radslag_draw::{
    bundle::{Announced, Bundle, Defect, Drawn, FORMAT, Method, hex, kinds},
    conflict,
    leximin::{self, Failure as Unsolved},
    lot::{Seed, commitment},
    solve::Effort,
    stratified,
};
use radslag_kernel::{Actor, AggregateId, ItemId, Opened, Role, text::Fault};
use radslag_runtime::{acting::On, execute::Undone, service::Failure};
use sha2::{Digest as _, Sha256};
use tokio::{sync::watch, task::spawn_blocking};

use crate::{
    announced,
    panel::{
        self, Act, Field, Panel, Refusal,
        draw::{self, Chosen, Draw, Kind, Made, Standing, Terms},
    },
    shell::{
        Asked, Done, Office, Wrong,
        candidates::{Candidates, Here, NoCandidates, Who, Wish},
    },
};

/// Panels of a lottery.
const PANELS: u32 = 1_000;

/// The stream of what is published before a draw.
#[must_use]
pub fn stream(panel: AggregateId, draw: ItemId) -> String {
    format!("draw-{panel}-{draw}")
}

/// What an official announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcing {
    /// Of whom.
    pub kind: Kind,
    /// How many.
    pub places: u32,
    /// How many come next.
    pub reserves: u32,
    /// How long whoever is drawn has to answer.
    pub reply_days: u32,
    /// The register; the newest where none is named.
    pub frame: Option<ItemId>,
    /// Where the value will come from.
    pub source: String,
}

/// Why no draw is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoDraw {
    /// A rule.
    Wrong(Wrong),
    /// Not now: the log takes nothing, or others were faster too often.
    Busy,
    /// Something is broken, which stands in what the process said.
    Failed,
    /// Quotas that no panel fulfils.
    Conflict(Conflict),
    /// The lottery wasn't found in the time there is.
    TooHard,
}

/// Which quotas can't all hold, and what would.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Conflict {
    /// Category, feature, and `min` or `max`: none of them can be left out, if that could be said.
    pub bounds: Vec<(String, String, &'static str)>,
    /// Category, feature, and the quota that would do: the fewest people more or less.
    pub relaxed: Vec<(String, String, u32, u32)>,
}

/// How far a draw is that is being prepared.
#[derive(Clone, Debug)]
pub enum Progress {
    /// Its lottery is looked for.
    Preparing,
    /// It is announced.
    Announced(Done),
    /// It isn't.
    Refused(NoDraw),
}

/// Draws that are being prepared, one a panel; who starts the process again has to ask again.
#[derive(Default)]
pub struct Preparing(Mutex<BTreeMap<AggregateId, (ItemId, watch::Receiver<Progress>)>>);

impl Preparing {
    /// How far one is, if it was asked for.
    #[must_use]
    pub fn of(&self, panel: AggregateId, draw: ItemId) -> Option<watch::Receiver<Progress>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&panel).filter(|(known, _)| *known == draw).map(|(_, progress)| progress.clone())
    }

    /// Takes the panel's place, unless another draw has it.
    fn begin(&self, panel: AggregateId, draw: ItemId) -> Result<watch::Sender<Progress>, Refusal> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, progress)) = all.get(&panel) {
            let runs = matches!(*progress.borrow(), Progress::Preparing) && progress.has_changed().is_ok();
            if *known != draw && runs {
                return Err(Refusal::DrawUnderWay);
            }
        }
        let (told, progress) = watch::channel(Progress::Preparing);
        all.insert(panel, (draw, progress));
        Ok(told)
    }
}

impl From<NoCandidates> for NoDraw {
    fn from(why: NoCandidates) -> Self {
        Undone::from(why).into()
    }
}

impl From<Undone<Wrong>> for NoDraw {
    fn from(why: Undone<Wrong>) -> Self {
        match why {
            Undone::Refused(wrong) => Self::Wrong(wrong),
            Undone::KeyReused | Undone::VersionChanged | Undone::Busy | Undone::ReadOnly(_) => Self::Busy,
            Undone::Failed(failure) => failure.into(),
        }
    }
}

impl From<NoCandidates> for Undone<Wrong> {
    fn from(why: NoCandidates) -> Self {
        match why {
            NoCandidates::Wrong(wrong) => Self::Refused(wrong),
            NoCandidates::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl From<Failure> for NoDraw {
    fn from(failure: Failure) -> Self {
        let cause = std::error::Error::source(&failure).map(ToString::to_string).unwrap_or_default();
        tracing::error!(%failure, cause, "a draw can't be prepared");
        Self::Failed
    }
}

fn refused<T>(rule: Refusal) -> Result<T, NoDraw> {
    Err(NoDraw::Wrong(Wrong::Panel(rule)))
}

impl Office {
    /// Begins to prepare a draw; asked again, it tells how far the same one is.
    ///
    /// # Errors
    /// `DrawUnderWay` if another one is being prepared.
    pub fn announce(
        self: &Arc<Self>,
        asked: &Asked,
        (who, role): (&str, Role),
        (id, draw): (AggregateId, ItemId),
        announcing: Announcing,
    ) -> Result<watch::Receiver<Progress>, Refusal> {
        if let Some(known) = self.preparing.of(id, draw)
            && !matches!(*known.borrow(), Progress::Refused(_))
        {
            return Ok(known);
        }
        let told = self.preparing.begin(id, draw)?;
        let progress = told.subscribe();
        let (office, asked, who) = (self.clone(), *asked, who.to_owned());
        tokio::spawn(async move {
            let made = office.announcing(&asked, (&who, role), (id, draw), announcing).await;
            told.send_replace(match made {
                Ok(done) => Progress::Announced(done),
                Err(why) => Progress::Refused(why),
            });
        });
        Ok(progress)
    }

    async fn announcing(
        self: &Arc<Self>,
        asked: &Asked,
        who: (&str, Role),
        (id, draw): (AggregateId, ItemId),
        announcing: Announcing,
    ) -> Result<Done, NoDraw> {
        let Some((_, panel)) = self.panel(id)? else { return Err(NoDraw::Wrong(Wrong::Unknown)) };
        let (as_of, at) = (self.log.watermark(), self.now());
        let here = self.here(id, as_of).await?;
        let frame =
            announcing.frame.or_else(|| panel.newest(panel::import::Kind::Register).map(|one| one.id));
        let frame = frame.filter(|_| announcing.kind == Kind::Invitation);
        if let Err(rule) = draw::allowed(&panel, announcing.kind, frame) {
            return refused(rule);
        }
        let before = panel.draws.len() as u32 + 1;
        let Announcing { kind, places, reserves, .. } = announcing;
        let wish = Wish { kind, places, reserves, frame, before, at, as_of };
        let (office, secret) = (self.clone(), rand::random::<[u8; 32]>());
        let prepared = spawn_blocking(move || office.prepare((id, &panel), &wish, &here, &secret)).await;
        let (announced, candidates) = prepared.map_err(|_| Failure::Stopped)??;
        let digest = announced.digest().ok().and_then(|digest| radslag_draw::bundle::unhex(&digest));
        let terms = Terms {
            kind,
            algorithm: algorithm(announced.method).into(),
            input_hash: digest.unwrap_or_default(),
            secret: Opened::Known(secret),
            commitment: commitment(&secret),
            quotas: serde_json::to_string(&announced.categories).unwrap_or_default().into(),
            source: announcing.source.into(),
            places,
            reserves,
            candidates: candidates.drawable.instance.people() as u64,
            frame,
            as_of,
            order: Opened::Known(candidates.order()),
            reply_days: announcing.reply_days,
        };
        self.keep_announced(who, (id, draw), &announced).await?;
        let act = Act::Draw(draw::Act::Commit { draw, terms });
        Ok(self.on_panel(asked, who, id, ("", act)).await?)
    }

    /// Finds whom a draw is from and what it follows from. It may take minutes.
    fn prepare(
        &self,
        panel: (AggregateId, &Panel),
        wish: &Wish,
        here: &[Here],
        secret: &[u8; 32],
    ) -> Result<(Announced, Candidates), NoDraw> {
        let candidates = self.candidates(panel, wish, here)?;
        let drawable = &candidates.drawable;
        let effort = Effort::new(Effort::USUAL, &|| true);
        let (mut certificate, mut lottery) = (None, None);
        if drawable.method == Method::Leximin {
            match leximin::solve(&drawable.instance, &effort, &mut |_| ()) {
                Ok(optimum) => (certificate, lottery) = (Some(optimum.certificate), Some(optimum.lottery)),
                Err(Unsolved::Infeasible) => return Err(NoDraw::Conflict(conflicting(drawable, &effort))),
                Err(Unsolved::Stopped | Unsolved::Numeric) => return Err(NoDraw::TooHard),
            }
        } else if stratified::sample(&drawable.instance, &candidates.orbits, &Seed([0; 32]), wish.reserves)
            .is_err()
        {
            return refused(Refusal::MorePlacesThanPeople);
        }
        let announced = Announced {
            format: FORMAT.into(),
            method: drawable.method,
            input: hex(&candidates.input),
            seats: wish.places,
            reserves: wish.reserves,
            categories: drawable.categories.clone(),
            kinds: kinds(&candidates.orbits),
            commitment: hex(&commitment(secret)),
            certificate,
            lottery,
        };
        Ok((announced, candidates))
    }

    async fn keep_announced(
        &self,
        (who, role): (&str, Role),
        (id, draw): (AggregateId, ItemId),
        announced: &Announced,
    ) -> Result<(), Undone<Wrong>> {
        let Some((_, panel)) = self.panel(id)? else { return Err(Undone::Refused(Wrong::Unknown)) };
        let (actor, key) = (Actor { role, subject: self.staff(who) }, panel.keys.document);
        let whole = serde_json::to_string(announced).unwrap_or_default();
        let asked = Asked::by_system();
        for (part, text) in (0..).zip(pieces(&whole, announced::PART)) {
            let stream = stream(id, draw);
            let on = On { stream, aggregate: id, dialogue: panel.dialogue, actor, asked: &asked };
            self.act::<announced::Decider, Wrong>(on, |found| {
                Ok(announced::Command { at: found.at, draw, key, part, text: text.to_owned() })
            })
            .await?;
        }
        Ok(())
    }

    /// What was published before a draw; nothing once the panel was erased.
    ///
    /// # Errors
    /// What can't be read.
    pub fn announced(&self, id: AggregateId, draw: ItemId) -> Result<Option<Announced>, Failure> {
        let (_, parts) = self.state::<announced::Decider>(&stream(id, draw))?;
        Ok(parts.whole().and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// The bundle of a draw as anybody can check it: its second part once it was made.
    ///
    /// # Errors
    /// What can't be read.
    pub fn bundle(&self, id: AggregateId, known: &Draw) -> Result<Option<String>, Failure> {
        let Some(announced) = self.announced(id, known.id)? else { return Ok(None) };
        let mut bundle = Bundle { announced, drawn: None };
        if let Some(made) = &known.made {
            let (Some(secret), Some(value)) = (known.terms.secret.known(), made.value.known()) else {
                return Ok(None);
            };
            if bundle.reveal(secret, value).is_err() {
                return Ok(None);
            }
        }
        Ok(bundle.write().ok())
    }

    /// Enters the value of a draw, from which its result follows.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn make_draw(
        self: &Arc<Self>,
        asked: &Asked,
        (who, role): (&str, Role),
        (id, draw): (AggregateId, ItemId),
        value: &str,
    ) -> Result<Done, Undone<Wrong>> {
        let unknown = || Undone::Refused(Wrong::Unknown);
        let (_, panel) = self.panel(id)?.ok_or_else(unknown)?;
        let known = panel.draw(draw).map_err(|_| unknown())?.clone();
        let by = self.staff(who);
        let mut made = Made {
            by,
            value: value.to_owned().into(),
            bundle_hash: [0; 32],
            chosen: 0,
            reserved: 0,
            panels: 0,
            lottery: 0,
            result: Opened::Known(Chosen::default()),
        };
        // The rule refuses the others, or finds it done.
        if known.standing == Standing::Committed && known.committed_by != by && !value.trim().is_empty() {
            let here = self.here(id, known.terms.as_of).await?;
            let (office, value) = (self.clone(), value.to_owned());
            let drawn = spawn_blocking(move || office.draw((id, &panel), &known, &here, &value)).await;
            let (hash, drawn, result) = drawn.map_err(|_| Failure::Stopped)??;
            (made.bundle_hash, made.lottery) = (hash, drawn.panel.unwrap_or_default());
            made.panels = drawn.panel.map_or(0, |_| PANELS);
            (made.chosen, made.reserved) = result.numbers();
            made.result = Opened::Known(result);
        }
        let act = Act::Draw(draw::Act::Make { draw, made });
        self.on_panel(asked, (who, role), id, ("", act)).await
    }

    fn draw(
        &self,
        (id, panel): (AggregateId, &Panel),
        known: &Draw,
        here: &[Here],
        value: &str,
    ) -> Result<([u8; 32], Drawn, Chosen), Undone<Wrong>> {
        let broken = |what: &str| Failure::Elsewhere(format!("draw {} of panel {id}: {what}", known.id));
        let announced = self.announced(id, known.id)?.ok_or_else(|| broken("nothing was announced"))?;
        let secret = known.terms.secret.known().ok_or_else(|| broken("its secret is gone"))?;
        let mut bundle = Bundle { announced, drawn: None };
        match bundle.reveal(secret, value) {
            Ok(()) => {}
            Err(Defect::Public) => {
                return Err(Undone::Refused(Wrong::Panel(Refusal::Text(Field::Value, Fault::TooLong))));
            }
            Err(defect) => return Err(broken(&defect.to_string()).into()),
        }
        let hash = bundle.write().map(|text| Sha256::digest(text).into());
        let hash = hash.map_err(|defect| broken(&defect.to_string()))?;
        let drawn = bundle.drawn.take().ok_or_else(|| broken("nobody was drawn"))?;
        let chosen = if known.terms.kind == Kind::Invitation {
            let wish = Wish {
                kind: known.terms.kind,
                places: known.terms.places,
                reserves: known.terms.reserves,
                frame: known.terms.frame,
                before: known.number,
                at: known.committed_at,
                as_of: known.terms.as_of,
            };
            let candidates = self.candidates((id, panel), &wish, here)?;
            if kinds(&candidates.orbits) != bundle.announced.kinds {
                return Err(broken("the register isn't the one that was announced").into());
            }
            let (rows, who) = (candidates.orbits.rows(), &candidates.who);
            let Who::Rows(of) = who else { return Err(broken("it has no rows").into()) };
            let row = |number: &u32| rows.get(*number as usize).and_then(|at| of.get(*at as usize)).copied();
            Chosen { rows: drawn.people.iter().filter_map(row).collect(), ..Chosen::default() }
        } else {
            let order = known.terms.order.known().ok_or_else(|| broken("who is who is gone"))?;
            let item = |number: &u32| order.get(*number as usize).copied();
            Chosen {
                rows: Vec::new(),
                members: drawn.people.iter().filter_map(item).collect(),
                reserves: drawn.reserves.iter().filter_map(item).collect(),
            }
        };
        if chosen.numbers().0 as usize != drawn.people.len() {
            return Err(broken("somebody drawn isn't a candidate").into());
        }
        Ok((hash, drawn, chosen))
    }
}

impl Candidates {
    /// Volunteers by the numbers of the bundle; rows of a register are found again.
    fn order(&self) -> Vec<ItemId> {
        let Who::Members(items) = &self.who else { return Vec::new() };
        self.orbits.rows().iter().filter_map(|at| items.get(*at as usize).copied()).collect()
    }
}

/// A method's name with its version, as it stands in the bundle.
const fn algorithm(method: Method) -> &'static str {
    match method {
        Method::Leximin => "leximin/1",
        Method::Stratified => "stratified/1",
    }
}

/// What can't hold together; nothing if that was too hard to say.
fn conflicting(drawable: &crate::candidates::Drawable, effort: &Effort<'_>) -> Conflict {
    let Ok(Some(found)) = conflict::conflict(&drawable.instance, effort) else { return Conflict::default() };
    let named = |feature: radslag_draw::instance::Feature| {
        let category = &drawable.categories[feature.category];
        (category.name.clone(), category.features[feature.code].name.clone())
    };
    let bound = |bound: &conflict::Bound| {
        let (category, feature) = named(bound.feature);
        let side = if bound.side == conflict::Side::Least { "min" } else { "max" };
        (category, feature, side)
    };
    let relaxed = |(feature, quota): &(radslag_draw::instance::Feature, radslag_draw::instance::Quota)| {
        let (category, feature) = named(*feature);
        (category, feature, quota.min, quota.max)
    };
    Conflict {
        bounds: found.bounds.iter().map(bound).collect(),
        relaxed: found.relaxed.iter().map(relaxed).collect(),
    }
}

/// A text in pieces of so many bytes at most, never within a character.
fn pieces(text: &str, most: usize) -> Vec<&str> {
    let (mut all, mut rest) = (Vec::new(), text);
    while rest.len() > most {
        let (piece, later) = rest.split_at(rest.floor_char_boundary(most));
        all.push(piece);
        rest = later;
    }
    all.push(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_is_whole_again() {
        let text = "åäö".repeat(5);
        let cut = pieces(&text, 7);
        assert!(cut.iter().all(|piece| piece.len() <= 7) && cut.len() > 4);
        assert_eq!(cut.concat(), text);
        assert_eq!(pieces("", 7), [""]);
    }

    #[test]
    fn one_draw_of_a_panel_is_prepared_at_a_time() {
        let preparing = Preparing::default();
        let (panel, [one, two]) =
            (AggregateId::from_bytes([1; 16]), [1, 2].map(|n| ItemId::from_bytes([n; 16])));
        let told = preparing.begin(panel, one).unwrap();
        assert_eq!(preparing.begin(panel, two).err(), Some(Refusal::DrawUnderWay));
        assert!(preparing.of(panel, one).is_some() && preparing.of(panel, two).is_none());
        told.send_replace(Progress::Refused(NoDraw::TooHard));
        assert!(preparing.begin(panel, two).is_ok());
    }
}
