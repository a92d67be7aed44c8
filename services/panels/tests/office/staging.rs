//! What must have happened for a page to be seen: invitations, draws and meetings, made by the rules themselves.

use radslag_kernel::{Actor, AggregateId, Instant, ItemId, SubjectId, Tag};
use radslag_panels::{
    meeting,
    member::{self, Act, Command, View, command::Newcomer},
    panel,
    person::{Person, Tags},
    shell::{Panels, Wrong, links::Link, membering::stream},
};
use radslag_runtime::{acting::On, asked::Asked};
use serde_json::json;

use crate::{
    form,
    world::{LEADER, World},
};

/// A form with every kind of question, an age limit and a consent.
pub(crate) fn whole_form() -> serde_json::Value {
    json!({"age_min": 16, "age_max": 90, "residents_only": true, "consent_version": 3,
    "consent_sv": "Kommunen får spara uppgifterna.", "consent_en": "The municipality may keep this.",
    "fields": [
        {"ask": "name", "required": true}, {"ask": "street"}, {"ask": "postcode"}, {"ask": "town"},
        {"ask": "birth_year", "required": true}, {"ask": "gender", "required": true, "choices": ["woman", "man"]},
        {"ask": "phone"},
        {"ask": "other", "key": "tenure", "label_sv": "Upplåtelseform", "label_en": "Tenure",
            "choices": ["rental", "owner"]},
        {"ask": "other", "key": "why", "label_sv": "Varför", "label_en": "Why"},
    ]})
}

pub(crate) fn id_of(path: &str) -> AggregateId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Somebody of a register is invited, until a moment; their link's page.
pub(crate) async fn invited(world: &World, path: &str, expires_at: Instant) -> String {
    let (id, person, item) = (id_of(path), Tag([7; 16]), ItemId::from_bytes([8; 16]));
    let (_, panel) = world.office.panel(id).unwrap().unwrap();
    let asked = Asked::by_system();
    let on =
        On { stream: stream(id, person), aggregate: id, dialogue: None, actor: Actor::SYSTEM, asked: &asked };
    let view = View::of(&panel, world.office.year());
    let done = world.office.act::<member::Decider, Wrong>(on, |found| {
        let key = found.key();
        let known = Person { name: "Planted Person".into(), ..Person::default() };
        let new = Newcomer { item, key, person: known, tags: Tags::default() };
        let act = Act::Invite { new, draw: ItemId::from_bytes([9; 16]), number: 1, expires_at };
        Ok(Command { at: found.at, panel: view.clone(), act })
    });
    done.await.unwrap();
    format!("/tyreso/panels/links/{}", world.office.links.write(&Link { panel: id, person, item }))
}

/// A draw that was committed to, and made where there is a value: its page.
pub(crate) async fn drawn(world: &World, path: &str, made: bool) -> String {
    let (id, draw, asked) = (id_of(path), ItemId::from_bytes([4; 16]), Asked::by_system());
    let terms = panel::draw::Terms {
        kind: panel::draw::Kind::Sortition,
        algorithm: "leximin/1".into(),
        input_hash: [1; 32],
        secret: [2; 32].into(),
        commitment: [3; 32],
        quotas: "{\"age\": 1}".to_owned().into(),
        source: "Lotteriet på lördag".to_owned().into(),
        places: 45,
        reserves: 5,
        candidates: 600,
        frame: None,
        as_of: 17,
        order: Vec::new().into(),
        reply_days: 14,
    };
    let what = panel::draw::Act::Commit { draw, terms };
    act_on_panel(world, (id, &asked), 1, what).await;
    if made {
        let made = panel::draw::Made {
            by: SubjectId::from_bytes([2; 16]),
            value: "4 8 15 16 23 42".to_owned().into(),
            bundle_hash: [5; 32],
            chosen: 45,
            reserved: 5,
            panels: 1_000,
            lottery: 481,
            result: panel::draw::Chosen::default().into(),
        };
        act_on_panel(world, (id, &Asked::by_system()), 2, panel::draw::Act::Make { draw, made }).await;
    }
    format!("/tyreso{path}/draws/{draw}")
}

async fn act_on_panel(world: &World, (id, asked): (AggregateId, &Asked), by: u8, what: panel::draw::Act) {
    let stream = radslag_panels::shell::office::stream(id);
    let on = On { stream, aggregate: id, dialogue: None, actor: Actor::SYSTEM, asked };
    let by = SubjectId::from_bytes([by; 16]);
    let done = world.office.act::<panel::Decider, Wrong>(on, |found| {
        let by = panel::By { id: by, ground: "Så är det".into() };
        Ok(panel::Command { at: found.at, by, act: panel::Act::Draw(what.clone()) })
    });
    done.await.unwrap();
}

/// A panel whose members are drawn from volunteers.
pub(crate) async fn with_volunteers(world: &World) -> String {
    let texts = json!({"name": "Panelen", "purpose": "Att höra folk"});
    let (_, planned) = world.ask(LEADER, "POST", "/panels", &texts).await;
    let path = format!("/panels/{}", planned["id"].as_str().unwrap());
    for number in 1..=11 {
        world.ask(LEADER, "PUT", &format!("{path}/questions/{number}"), &json!({"text": "Ja"})).await;
    }
    world.ask(LEADER, "PUT", &format!("{path}/form"), &form()).await;
    let decision = json!({"size": 45, "enrols": true, "drawn": true, "replacement": "automatic",
        "term_months": 24, "who": "Kommunstyrelsen"});
    assert_eq!(world.ask(LEADER, "POST", &format!("{path}/decision"), &decision).await.0, 200);
    let begun = world.ask(LEADER, "POST", &format!("{path}/course"), &json!({"to": "recruiting"})).await;
    assert_eq!(begun.0, 200, "{begun:?}");
    path
}

/// A meeting that is planned, and held where something came of it: its page.
pub(crate) async fn met(world: &World, path: &str, held: bool) -> String {
    let (id, meeting) = (id_of(path), AggregateId::from_bytes([if held { 3 } else { 4 }; 16]));
    let texts = meeting::Texts {
        title: "Första mötet".into(),
        place: "Ett tält vid Messingen".into(),
        agenda: "Kulturen".into(),
        area: String::new(),
    };
    let starts_at = world.office.now().plus_hours(1);
    act_on_meeting(world, (id, meeting), &|found| {
        let (document, record) = (found.key(), found.key());
        let (texts, panel) = (texts.clone(), Some(id));
        meeting::Act::Plan { document, record, dialogue: None, panel, starts_at, texts }
    })
    .await;
    if held {
        world.office.log.set_clock(world.office.now().plus_hours(3));
        let attended = |feature: &str, attended| meeting::Attended {
            category: "gender".into(),
            feature: feature.into(),
            attended,
        };
        let rows = vec![attended("woman", 40), attended("man", 30), attended("unsaid", 2)];
        let (title, address) = ("Minnesanteckningar".to_owned(), "https://tyreso.example/1".to_owned());
        let point = "Var är toaletterna?".to_owned();
        for act in [
            meeting::Act::Hold { attended: 72, rows },
            meeting::Act::Note { notes: "Vi talade om kultur.".into() },
            meeting::Act::AddDocument { title, address },
            meeting::Act::RaisePoint { point },
            meeting::Act::AnswerPoint { number: 1, answer: "I tältet.".into(), who: "Kultur".into() },
        ] {
            act_on_meeting(world, (id, meeting), &|_| act.clone()).await;
        }
    }
    format!("/tyreso{path}/meetings/{meeting}")
}

type Found<'a> = radslag_runtime::acting::Found<'a, Panels, meeting::Decider>;

async fn act_on_meeting(
    world: &World,
    (panel, meeting): (AggregateId, AggregateId),
    act: &(dyn Fn(&mut Found<'_>) -> meeting::Act + Sync),
) {
    let (stream, asked) = (format!("meeting-{meeting}"), Asked::by_system());
    let on = On { stream, aggregate: meeting, dialogue: None, actor: Actor::SYSTEM, asked: &asked };
    let by = SubjectId::from_bytes([1; 16]);
    let done = world.office.act::<meeting::Decider, Meant>(on, |found| {
        let act = act(found);
        if let Some(known) = &found.state.0 {
            let document = known.document;
            found.digest_under(document);
        }
        Ok(meeting::Command { at: found.at, by, act })
    });
    assert!(done.await.is_ok(), "{panel}");
}

/// Why a meeting isn't as a test means it.
struct Meant;

impl From<meeting::Refusal> for Meant {
    fn from(refusal: meeting::Refusal) -> Self {
        panic!("{refusal:?}")
    }
}
