//! How a panel is made up: to officials every count as it is now, to everybody what tells of nobody, and who is wanted more.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use radslag_kernel::{AggregateId, Opened};
use radslag_readmodel::{Query, Row};
use radslag_runtime::{Principal, Problem, http::PathId, service::Failure};
use radslag_tally::results::SMALL;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::api::{Reading, seen, sees_all},
    member::Standing,
    panel::{Panel, Phase},
    projections::{id as id_value, lists},
    representing::{Alike, Counted, Represented, changed, everything, listed, public, sentence, wanted},
    shell::Office,
    strata::{CATEGORIES, Category, Strata},
};

const ALIKE: Query = lists::ALIKE;

/// How a panel is made up, beside the population.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct Representativeness {
    /// Groups of less than five are shown together, and what they could be computed from isn't shown; counts are then those of
    /// when at least five had changed.
    suppressed: bool,
    pub(super) categories: Vec<RepresentedCategory>,
    /// Who is wanted more.
    pub(super) wanted: Option<WantedMore>,
}

/// A category.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct RepresentedCategory {
    /// Its key.
    pub(super) category: String,
    pub(super) label_sv: String,
    pub(super) label_en: String,
    /// Active members whom the shares are of.
    active: u64,
    /// None where nothing can be shown.
    pub(super) groups: Vec<Group>,
}

/// People of a feature, or of several together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = RepresentedGroup)]
pub(super) struct Group {
    /// Keys of its features.
    features: Vec<String>,
    pub(super) label_sv: String,
    pub(super) label_en: String,
    /// Those of whom it isn't known are among them.
    unknown: bool,
    /// People who live here.
    population: Option<u64>,
    /// Their part of the population, from 0 to 1.
    pub(super) expected: Option<f64>,
    /// Members there must be, where they are drawn.
    min: Option<u64>,
    /// Members there may be.
    max: Option<u64>,
    /// Members there would be in proportion to the population.
    proportional: Option<u64>,
    /// More of them are wished for.
    wished: bool,
    /// Asked, and no yes so far; nothing where it isn't shown.
    pub(super) invited: Option<u64>,
    /// Said yes, and no members yet; nothing where it isn't shown.
    accepted: Option<u64>,
    /// Members at work; nothing where it isn't shown.
    active: Option<u64>,
    /// Who answered the newest survey; nothing where there was none.
    answered: Option<u64>,
    /// Their part of the active, from 0 to 1.
    pub(super) share: Option<f64>,
    /// How many percentage points they are above their part of the population.
    points: Option<f64>,
    /// The same in standard errors of a random sample of as many.
    gap: Option<f64>,
    /// For officials: all in the panel's hands, by where they stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    standings: Option<BTreeMap<String, u64>>,
}

/// Who is wanted more, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct WantedMore {
    sv: String,
    en: String,
}

/// What is told in public of panels. It changes when at least five people have come, gone or moved, so that whoever reads it again
/// doesn't see who came last; a restart looks anew.
#[derive(Clone, Default)]
pub(super) struct Figures(Arc<Mutex<ByPanel>>);

/// By tenant and panel.
type ByPanel = BTreeMap<(String, AggregateId), Arc<Told>>;

struct Told {
    /// Of which strata, and of which size.
    of: (u32, u32),
    first: Counted,
    shown: Vec<Option<Represented>>,
}

/// How a panel is made up, beside the population: all of it for officials; for everybody what tells of nobody.
#[utoipa::path(get, path = "/api/v1/{tenant}/panels/{panel}/representativeness", tag = "panels",
    operation_id = "read_representativeness", params(("tenant" = String, Path), ("panel" = String, Path)),
    responses((status = 200, body = Representativeness)))]
pub(super) async fn representativeness(
    who: Option<Principal>,
    Reading { api, office }: Reading,
    PathId(id): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&api, &office, who.as_ref(), id)?;
    let read = if sees_all(&api, who.as_ref()) {
        read_all(&office, id, &panel).await?
    } else {
        read_public(&api.own.figures, &office, id, &panel).await?
    };
    Ok(Json(read).into_response())
}

/// Every count, as it is now.
async fn read_all(office: &Office, id: AggregateId, panel: &Panel) -> Result<Representativeness, Failure> {
    let Some(strata) = panel.strata() else { return Ok(nothing(panel, false)) };
    let (mut counted, mut standings) = (Vec::new(), Vec::new());
    for (at, category) in strata.categories.iter().enumerate() {
        let (numbers, by_place) = count(office, id, at, category).await?;
        counted.push(numbers);
        standings.push(by_place);
    }
    let all = everything(strata, size(panel), &counted);
    let mut categories = Vec::with_capacity(all.len());
    for (one, by_place) in all.iter().zip(&standings) {
        let category = &strata.categories[one.category];
        let mut shown = RepresentedCategory::of(category, Some(one));
        for (group, made) in shown.groups.iter_mut().zip(&one.groups) {
            let place = made.features.first().copied().unwrap_or(category.features.len());
            group.standings = Some(by_place.get(&place).cloned().unwrap_or_default());
        }
        categories.push(shown);
    }
    let wanted = words(panel, strata, &all.iter().collect::<Vec<_>>());
    Ok(Representativeness { suppressed: false, categories, wanted })
}

/// What everybody may see.
pub(super) async fn read_public(
    figures: &Figures,
    office: &Office,
    id: AggregateId,
    panel: &Panel,
) -> Result<Representativeness, Failure> {
    let Some((strata, told)) = figures.told(office, id, panel).await? else {
        return Ok(nothing(panel, true));
    };
    let shown = strata.categories.iter().zip(&told.shown);
    let categories =
        shown.map(|(category, shown)| RepresentedCategory::of(category, shown.as_ref())).collect();
    let wanted = words(panel, strata, &told.shown.iter().flatten().collect::<Vec<_>>());
    Ok(Representativeness { suppressed: true, categories, wanted })
}

impl Figures {
    async fn told<'a>(
        &self,
        office: &Office,
        id: AggregateId,
        panel: &'a Panel,
    ) -> Result<Option<(&'a Strata, Arc<Told>)>, Failure> {
        let Some(strata) = panel.strata() else { return Ok(None) };
        let Some(category) = strata.categories.first() else { return Ok(None) };
        let of = (panel.strata.as_ref().map_or(0, |(version, _)| *version), size(panel));
        let (first, _) = count(office, id, 0, category).await?;
        let key = (office.tenant.id.clone(), id);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known.filter(|known| known.of == of && changed(&known.first, &first) < SMALL) {
            return Ok(Some((strata, known)));
        }
        let people = alike(office, id).await?;
        let first = people.iter().fold(Counted::of(category), |mut first, one| {
            first.add(one.places.first().copied().flatten().map(usize::from), one.standing, one.people);
            first
        });
        let counted = strata.clone();
        // Of many groups it takes a while to find which cells hide each other.
        let shown = tokio::task::spawn_blocking(move || public(&counted, of.1, &people));
        let shown = shown.await.map_err(|_| Failure::Stopped)?;
        let told = Arc::new(Told { of, first, shown });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, told.clone());
        Ok(Some((strata, told)))
    }
}

/// People of a category, and how many of each place stand where; the place after the last is of whom it isn't known.
type Places = BTreeMap<usize, BTreeMap<String, u64>>;

async fn count(
    office: &Office,
    id: AggregateId,
    at: usize,
    category: &Category,
) -> Result<(Counted, Places), Failure> {
    let (mut counted, mut by_place) = (Counted::of(category), Places::new());
    for row in office.panels.store.query(&lists::FEATURES[at], &[id_value(id)]).await?.iter() {
        let (place, rows) = (row.text("value")?.parse().ok(), row.int("rows")?.unsigned_abs());
        if rows == 0 {
            continue;
        }
        let standing = row.text("standing")?;
        if let Some(standing) = Standing::of(standing) {
            counted.add(place, standing, rows);
        }
        let of = by_place.entry(place.unwrap_or(category.features.len())).or_default();
        of.insert(standing.to_owned(), rows);
    }
    Ok((counted, by_place))
}

async fn alike(office: &Office, id: AggregateId) -> Result<Vec<Alike>, Failure> {
    let rows = office.panels.store.query(&ALIKE, &[id_value(id)]).await?;
    let one = |row: &Row| -> Result<Option<Alike>, Failure> {
        let Some(standing) = Standing::of(row.text("standing")?) else { return Ok(None) };
        let mut places = Vec::with_capacity(CATEGORIES);
        for column in crate::projections::members::FEATURES {
            places.push(row.opt_text(column)?.and_then(|place| place.parse().ok()));
        }
        Ok(Some(Alike { standing, places, people: row.int("people")?.unsigned_abs() }))
    };
    rows.iter().filter_map(|row| one(row).transpose()).collect()
}

fn size(panel: &Panel) -> u32 {
    panel.decided.as_ref().map_or(0, |decided| decided.size)
}

fn nothing(panel: &Panel, suppressed: bool) -> Representativeness {
    let wanted = words(panel, &Strata::default(), &[]);
    Representativeness { suppressed, categories: Vec::new(), wanted }
}

/// An official's own words, else a sentence of what is shown.
fn words(panel: &Panel, strata: &Strata, shown: &[&Represented]) -> Option<WantedMore> {
    if panel.phase == Phase::Ended {
        return None;
    }
    let made = sentence(strata, &wanted(strata, shown)).unwrap_or_default();
    let own = panel.wanted.as_ref().and_then(Opened::known).map(|own| [own.sv.clone(), own.en.clone()]);
    let [sv, en] = own.unwrap_or(made);
    (!sv.is_empty() || !en.is_empty()).then_some(WantedMore { sv, en })
}

impl RepresentedCategory {
    fn of(category: &Category, represented: Option<&Represented>) -> Self {
        let groups = represented.iter().flat_map(|one| &one.groups);
        Self {
            category: category.key.clone(),
            label_sv: category.label_sv.clone(),
            label_en: category.label_en.clone(),
            active: represented.map_or(0, |one| one.active),
            groups: groups.map(|group| Group::of(category, group)).collect(),
        }
    }
}

impl Group {
    fn of(category: &Category, group: &crate::representing::Group) -> Self {
        let features = || group.features.iter().map(|place| &category.features[*place]);
        let labelled = |swedish: bool| {
            let unknown = if swedish { "inte känt" } else { "not known" };
            let label = |feature: &'_ crate::strata::Feature| {
                if swedish { feature.label_sv.clone() } else { feature.label_en.clone() }
            };
            let labels: Vec<String> =
                features().map(label).chain(group.unknown.then(|| unknown.to_owned())).collect();
            listed(&labels.iter().map(String::as_str).collect::<Vec<_>>(), swedish)
        };
        let crate::representing::Wanted { min, max, proportional, wished } = group.wanted;
        Self {
            features: features().map(|feature| feature.key.clone()).collect(),
            label_sv: labelled(true),
            label_en: labelled(false),
            unknown: group.unknown,
            population: group.population,
            expected: group.expected,
            min,
            max,
            proportional,
            wished,
            invited: group.invited,
            accepted: group.accepted,
            active: group.active,
            answered: None,
            share: group.share,
            points: group.points,
            gap: group.gap,
            standings: None,
        }
    }
}
