//! The panels of 2008, with made-up people: registers and lists are imported, draws are announced and made, members join and
//! answer, each on its day of the tenant's own clock.

mod crowd;

use std::collections::HashMap;

use anyhow::{Context as _, Result, anyhow};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use radslag_kernel::{AggregateId, Date, ItemId, Role};
use radslag_panels::{
    form::{Ask, Field, Form},
    frame::csv::Reader,
    meeting,
    member::{Channel, Standing},
    panel::{Act, Replacement, Texts, draw::Kind as Drawn, import::Kind as Imported, state::Recruiting},
    person::Person,
    questions::Question,
    shell::{
        Asked, Office, Wrong,
        candidates::page,
        drawing::{Announcing, Progress},
        helping::{Help, Helping},
        links::Link,
        membering::Doing,
    },
    strata::{Attribute, Category, Feature, Strata},
};
use radslag_runtime::execute::Undone;
use serde::Deserialize;

use crate::progress::Bar;
use crowd::Crowd;

/// Members who act at once.
const AT_ONCE: usize = 48;
/// The hour in which things happen.
const AT: u64 = 9;
const LEADER: (&str, Role) = ("demo-panel-leader", Role::PanelLeader);
const SECOND: (&str, Role) = ("demo-official", Role::Official);

#[derive(Deserialize)]
struct Panels {
    panels: Vec<Seed>,
}

/// A panel as its slide showed it, and made up around it.
#[derive(Clone, Deserialize)]
pub(crate) struct Seed {
    tenant: String,
    as_of: Date,
    name: String,
    purpose: String,
    promises: String,
    who: String,
    planned: Date,
    started: Date,
    active: Date,
    size: u32,
    ways: Vec<String>,
    #[serde(default)]
    age_min: u16,
    fields: Vec<String>,
    #[serde(default)]
    consent: String,
    /// From and to; 0: no end.
    #[serde(default)]
    ages: Vec<[u16; 2]>,
    #[serde(default)]
    wanted: Vec<[u16; 2]>,
    #[serde(default)]
    quotas: Vec<[u32; 2]>,
    gender_quotas: Option<[u32; 2]>,
    #[serde(default)]
    areas: Vec<String>,
    #[serde(default)]
    register: u64,
    #[serde(default)]
    volunteers: u64,
    #[serde(default)]
    members: u64,
    #[serde(default = "sixteen")]
    youngest: u16,
    #[serde(default = "ninety")]
    oldest: u16,
    replacement: Option<String>,
    draw: Option<Draw>,
    meeting: Option<Meeting>,
    answers: Vec<Said>,
}

const fn sixteen() -> u16 {
    16
}

const fn ninety() -> u16 {
    90
}

#[derive(Clone, Deserialize)]
struct Draw {
    announced: Date,
    made: Date,
    places: u32,
    #[serde(default)]
    reserves: u32,
    source: String,
    value: String,
}

#[derive(Clone, Deserialize)]
struct Meeting {
    on: Date,
    title: String,
    place: String,
    attended: u64,
    notes: String,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Said {
    Text(String),
    Undecided { undecided_by: String },
}

/// The panel of a tenant; nothing if it has none.
pub(crate) fn of(tenant: &str) -> Result<Option<Seed>> {
    let all: Panels =
        serde_json::from_str(include_str!("../../seed/panels.json")).context("the panels can't be read")?;
    Ok(all.panels.into_iter().find(|seed| seed.tenant == tenant))
}

impl Seed {
    /// With a register of so many; of fewer, fewer are drawn.
    pub(crate) fn of_residents(mut self, residents: u64) -> Self {
        if self.register > 0 {
            let most = u32::try_from(residents / 20).unwrap_or(u32::MAX);
            self.register = residents;
            self.draw.iter_mut().for_each(|draw| draw.places = draw.places.min(most));
        }
        self
    }

    fn form(&self) -> Form {
        let ask = |word: &String| Ask::of(word).map(|ask| Field::of(ask, true));
        let consent = !self.consent.is_empty();
        Form {
            age_min: self.age_min,
            fields: self.fields.iter().filter_map(ask).collect(),
            consent_version: u32::from(consent),
            consent_sv: self.consent.clone(),
            consent_en: if consent {
                "The county council may send questions to this address.".into()
            } else {
                String::new()
            },
            ..Form::default()
        }
    }

    /// Populations are those of the made-up register, or of as many made-up residents as there might be.
    fn strata(&self, crowd: &Crowd) -> Strata {
        let feature = |key: String, sv: String, en: String| Feature {
            key,
            label_sv: sv,
            label_en: en,
            age_from: 0,
            age_to: 0,
            population: 0,
            min: None,
            max: None,
            wanted: false,
        };
        let mut categories = Vec::new();
        let ages = self.ages.iter().enumerate().map(|(at, [from, to])| {
            let (key, sv, en) = match to {
                0 => (format!("{from}_"), format!("{from} år och äldre"), format!("{from} and older")),
                _ => (format!("{from}_{to}"), format!("{from}–{to} år"), format!("{from} to {to}")),
            };
            let quota = self.quotas.get(at);
            Feature {
                age_from: *from,
                age_to: *to,
                wanted: self.wanted.contains(&[*from, *to]),
                min: quota.map(|quota| quota[0]),
                max: quota.map(|quota| quota[1]),
                population: crowd.of_ages(*from, *to),
                ..feature(key, sv, en)
            }
        });
        let ages: Vec<Feature> = ages.collect();
        let category = |key: &str, sv: &str, en: &str, attribute, features| Category {
            key: key.into(),
            label_sv: sv.into(),
            label_en: en.into(),
            attribute,
            other: String::new(),
            features,
        };
        if !ages.is_empty() {
            categories.push(category("age", "Ålder", "Age", Attribute::Age, ages));
        }
        if self.fields.iter().any(|field| field == "gender") || self.gender_quotas.is_some() {
            let gender = |key: &str, sv: &str, en: &str| Feature {
                population: crowd.of_gender(key),
                min: self.gender_quotas.map(|quota| quota[0]),
                max: self.gender_quotas.map(|quota| quota[1]),
                ..feature(key.into(), sv.into(), en.into())
            };
            let both = vec![gender("woman", "Kvinna", "Woman"), gender("man", "Man", "Man")];
            categories.push(category("gender", "Kön", "Gender", Attribute::Gender, both));
        }
        if self.areas.len() > 1 {
            let areas = self.areas.iter().map(|name| Feature {
                population: crowd.of_area(name),
                ..feature(name.clone(), name.clone(), name.clone())
            });
            categories.push(category("area", "Stadsdel", "District", Attribute::Area, areas.collect()));
        }
        Strata { categories }
    }
}

/// Plays a panel's history.
pub(crate) async fn play(office: &std::sync::Arc<Office>, seed: &Seed, bar: &Bar) -> Result<()> {
    let population = if seed.register > 0 { seed.register } else { 40_000 };
    let crowd = Crowd::of(population, &seed.areas);
    at(office, seed.planned);
    let id = plan(office, seed, &crowd).await?;
    at(office, seed.started);
    if seed.register + seed.volunteers > 0 {
        import(office, id, seed, &crowd, bar).await?;
    }
    act(office, id, Act::Start).await?;
    office.take_in().await?;
    if seed.members > 0 {
        enrol(office, id, seed, bar).await?;
    }
    if let Some(draw) = &seed.draw {
        drawn(office, id, draw, seed).await?;
    }
    if seed.ways.iter().any(|way| way != "enrols") {
        answers(office, id, seed, bar).await?;
    }
    at(office, seed.active);
    while office.expire().await? > 0 {}
    act(office, id, Act::Activate).await?;
    if let Some(held) = &seed.meeting {
        meet(office, id, held).await?;
    }
    at(office, seed.as_of);
    Ok(())
}

fn at(office: &Office, date: Date) {
    let then = office.calendar.start_of(date).plus_hours(AT);
    if then > office.now() {
        office.log.set_clock(then);
    }
}

async fn act(office: &Office, id: AggregateId, act: Act) -> Result<()> {
    office.on_panel(&Asked::by_system(), LEADER, id, ("", act)).await.map(drop).map_err(failed)
}

async fn plan(office: &Office, seed: &Seed, crowd: &Crowd) -> Result<AggregateId> {
    let asked = Asked::by_system();
    let id = office.commands.aggregate(asked.command);
    let texts =
        Texts { name: seed.name.clone(), purpose: seed.purpose.clone(), promises: seed.promises.clone() };
    office.plan(&asked, LEADER, id, &texts).await.map_err(failed)?;
    for (question, said) in Question::ALL.iter().zip(&seed.answers) {
        let (text, undecided_by) = match said.clone() {
            Said::Text(text) => (text, String::new()),
            Said::Undecided { undecided_by } => (String::new(), undecided_by),
        };
        act(office, id, Act::Answer { question: *question, text, undecided_by }).await?;
    }
    act(office, id, Act::SetForm { form: seed.form() }).await?;
    let strata = seed.strata(crowd);
    if !strata.categories.is_empty() {
        act(office, id, Act::SetStrata { strata }).await?;
    }
    let has = |way: &str| seed.ways.iter().any(|known| known == way);
    let recruiting = Recruiting { invites: has("invites"), enrols: has("enrols"), drawn: has("drawn") };
    let replacement = seed.replacement.as_deref().and_then(Replacement::of).unwrap_or(Replacement::None);
    let (size, who) = (seed.size, seed.who.clone());
    act(office, id, Act::Decide { size, recruiting, term_months: 0, replacement, who }).await?;
    Ok(id)
}

async fn import(office: &Office, id: AggregateId, seed: &Seed, crowd: &Crowd, bar: &Bar) -> Result<()> {
    let (kind, many) = match seed.register {
        0 => (Imported::Volunteers, seed.volunteers),
        many => (Imported::Register, many),
    };
    let (mut reader, mut rows) = (Reader::new(HashMap::new(), office.year()), Vec::new());
    let broken = |why| anyhow!("a made-up file can't be read: {why:?}");
    reader.feed(crowd::HEADER.as_bytes(), &mut rows).map_err(broken)?;
    let columns = reader.columns().cloned().context("a made-up file has no header")?;
    let mut incoming = office.begin_import(LEADER, id, (kind, &columns)).await.map_err(failed)?;
    incoming.read(crowd::HEADER.as_bytes());
    for first in (0..many).step_by(4_096) {
        let text: String =
            (first..many.min(first + 4_096)).map(|n| crowd.line(n, kind == Imported::Volunteers)).collect();
        reader.feed(text.as_bytes(), &mut rows).map_err(broken)?;
        incoming.read(text.as_bytes());
        office.take_rows(&mut incoming, std::mem::take(&mut rows)).await.map_err(failed)?;
        bar.set(first, many);
    }
    reader.end(&mut rows).map_err(broken)?;
    office.take_rows(&mut incoming, rows).await.map_err(failed)?;
    office.end_import(&mut incoming, 180).await.map_err(failed)?;
    office.panels.wait_for(office.log.watermark()).await?;
    Ok(())
}

/// Members name their mailboxes and confirm them.
async fn enrol(office: &Office, id: AggregateId, seed: &Seed, bar: &Bar) -> Result<()> {
    let days = i64::from((seed.active - seed.started).get_days()).max(1) as u64 + 90;
    let today = office.calendar.date(office.now());
    let mut joined = 0;
    for day in 0..days {
        let upto = seed.members * (day + 1) / days;
        let date = radslag_kernel::time::plus_days(today, u32::try_from(day).unwrap_or(0));
        if upto == joined || date >= seed.active {
            continue;
        }
        at(office, date);
        joined = join(office, id, seed, joined..upto).await?;
        bar.set(joined, seed.members);
    }
    join(office, id, seed, joined..seed.members).await?;
    Ok(())
}

async fn join(office: &Office, id: AggregateId, seed: &Seed, who: std::ops::Range<u64>) -> Result<u64> {
    let upto = who.end;
    let joining = stream::iter(who).map(|n| async move {
        let person = crowd::member(n, (seed.youngest, seed.oldest), office.year());
        let consent_version = u32::from(!seed.consent.is_empty());
        let person = Person { consent_version, resident: true, ..person };
        let done = office.submit(&Asked::by_system(), id, &person).await.map_err(failed)?;
        let (_, position) = done.at.ok_or_else(|| anyhow!("a submission wrote nothing"))?;
        let record = office.log.read_at(position)?;
        let item = ItemId::from_slice(&record.header.item).unwrap_or_default();
        let person = page(&record.private.stream).context("a page without a tag")?;
        let link = Link { panel: id, person, item };
        office.on_membership(&Asked::by_system(), &link, Doing::Confirm).await.map_err(failed)?;
        Ok::<_, anyhow::Error>(())
    });
    joining.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
    Ok(upto)
}

async fn drawn(office: &std::sync::Arc<Office>, id: AggregateId, draw: &Draw, seed: &Seed) -> Result<()> {
    at(office, draw.announced);
    let kind = if seed.register > 0 { Drawn::Invitation } else { Drawn::Sortition };
    let asked = Asked::by_system();
    let number = ItemId::from_bytes(*office.commands.aggregate(asked.command).as_bytes());
    let (places, reserves, source) = (draw.places, draw.reserves, draw.source.clone());
    let announcing = Announcing { kind, places, reserves, reply_days: 14, frame: None, source };
    let mut progress =
        office.announce(&asked, LEADER, (id, number), announcing).map_err(|rule| anyhow!("{rule}"))?;
    let told = progress.wait_for(|progress| !matches!(progress, Progress::Preparing)).await?.clone();
    if let Progress::Refused(why) = told {
        return Err(anyhow!("a draw isn't announced: {why:?}"));
    }
    at(office, draw.made);
    office.make_draw(&Asked::by_system(), SECOND, (id, number), &draw.value).await.map_err(failed)?;
    office.panels.wait_for(office.log.watermark()).await?;
    while office.carry().await? > 0 {}
    Ok(())
}

/// Whoever was drawn answers, on paper, by age: of the young fewer accept than of the old. Some never do.
async fn answers(office: &Office, id: AggregateId, seed: &Seed, bar: &Bar) -> Result<()> {
    let here = office.here(id, office.log.watermark()).await?;
    let asked: Vec<_> = here
        .iter()
        .filter(|one| matches!(one.membership.standing, Standing::Invited | Standing::Drawn))
        .collect();
    let all = asked.len() as u64;
    let drawn = seed.register == 0;
    for (day, some) in asked.chunks(asked.len().div_ceil(10).max(1)).enumerate() {
        let first = seed.draw.as_ref().map_or(seed.started, |draw| draw.made);
        at(office, radslag_kernel::time::plus_days(first, u32::try_from(day).unwrap_or(0) + 2));
        let answering = stream::iter(some.iter().zip(day * some.len()..)).map(|(one, n)| async move {
            let born = one.membership.person.known().map_or(1970, |person| person.birth_year);
            let Some(accepted) = crowd::answer(n as u64, born, drawn) else { return Ok(()) };
            let (who, role) = SECOND;
            let helping = Helping { who, role, channel: Channel::Paper, ground: "svar på papper" };
            let help = Help::Answer(accepted, None);
            office.help(&Asked::by_system(), helping, (id, one.item), &help).await.map_err(failed)?;
            Ok::<_, anyhow::Error>(())
        });
        answering.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
        bar.set((day * some.len()) as u64, all);
    }
    office.panels.wait_for(office.log.watermark()).await?;
    while office.fill().await? > 0 {}
    Ok(())
}

async fn meet(office: &Office, id: AggregateId, held: &Meeting) -> Result<()> {
    let starts_at = office.calendar.start_of(held.on).plus_hours(18);
    let asked = Asked::by_system();
    let meeting = office.commands.aggregate(asked.command);
    let (title, place) = (held.title.clone(), held.place.clone());
    let texts = meeting::Texts { title, place, ..meeting::Texts::default() };
    office.plan_meeting(&asked, LEADER, meeting, (Some(id), starts_at, &texts)).await.map_err(failed)?;
    at(office, held.on);
    office.log.set_clock(starts_at.plus_hours(2));
    let on = |act| async move {
        office.on_meeting(&Asked::by_system(), LEADER, meeting, &act).await.map(drop).map_err(failed)
    };
    on(meeting::Act::Hold { attended: held.attended, rows: Vec::new() }).await?;
    on(meeting::Act::Note { notes: held.notes.clone() }).await
}

fn failed(why: Undone<Wrong>) -> anyhow::Error {
    match why {
        Undone::Failed(failure) => failure.into(),
        other => anyhow!("the demonstration was refused: {other:?}"),
    }
}
