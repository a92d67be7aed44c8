//! Registers and volunteers, and draws from them, as officials do them and as anybody checks them.

use radslag_draw::bundle::Bundle;
use serde_json::{Value, json};

use crate::world::{LEADER, OFFICIAL, Somebody, World};

const OTHER: Somebody = OFFICIAL;

/// A panel that is recruiting, by its path.
pub async fn recruiting(world: &World, strata: &Value, decision: &Value) -> String {
    let texts = json!({"name": "Panelen", "purpose": "Att höra folk"});
    let (status, planned) = world.ask(LEADER, "POST", "/panels", &texts).await;
    assert_eq!(status, 201, "{planned}");
    let path = format!("/panels/{}", planned["id"].as_str().unwrap());
    for number in 1..=11 {
        let question = format!("{path}/questions/{number}");
        assert_eq!(world.ask(LEADER, "PUT", &question, &json!({"text": "Ja"})).await.0, 200);
    }
    let form = json!({"fields": [{"ask": "gender"}, {"ask": "birth_year"}]});
    for (part, body) in [("form", &form), ("strata", strata)] {
        let set = world.ask(LEADER, "PUT", &format!("{path}/{part}"), body).await;
        assert_eq!(set.0, 200, "{set:?}");
    }
    let decided = world.ask(LEADER, "POST", &format!("{path}/decision"), decision).await;
    assert_eq!(decided.0, 200, "{decided:?}");
    let begun = world.ask(LEADER, "POST", &format!("{path}/course"), &json!({"to": "recruiting"})).await;
    assert_eq!(begun.0, 200, "{begun:?}");
    path
}

pub fn genders(woman: &Value, man: &Value) -> Value {
    let feature = |key: &str, quotas: &Value| {
        let mut feature = json!({"key": key, "label_sv": key, "label_en": key, "population": 500});
        feature.as_object_mut().unwrap().extend(quotas.as_object().unwrap().clone());
        feature
    };
    json!({"categories": [{"key": "gender", "label_sv": "kön", "label_en": "gender", "attribute": "gender",
        "features": [feature("woman", woman), feature("man", man)]}]})
}

pub fn people(many: usize) -> String {
    let mut file = "Personnummer;Namn;Kön;Hushåll\n".to_owned();
    for number in 0..many {
        let gender = if number % 3 == 0 { "K" } else { "M" };
        file += &format!(";Planted {number};{gender};{}\n", number / 2);
    }
    file
}

pub async fn import(world: &World, path: &str, kind: &str, file: &str) -> (u16, Value) {
    world.send(LEADER, &format!("{path}/imports?kind={kind}"), "text/csv", file.as_bytes()).await
}

async fn standings(world: &World, path: &str) -> Value {
    world.read_up().await;
    world.ask(LEADER, "GET", path, &Value::Null).await.1["standings"].clone()
}

/// Until a panel has so many of a standing.
pub async fn until(world: &World, path: &str, standing: &str, many: u64) {
    let what = format!("{many} {standing}");
    let there = async || Ok((standings(world, path).await[standing] == json!(many)).then_some(()));
    radslag_kit::eventually(&what, there).await.unwrap();
}

/// Until a draw was carried out.
pub async fn finished(world: &World, draw: &str) {
    let there = async || {
        let (_, shown) = world.ask(None, "GET", draw, &Value::Null).await;
        Ok((shown["standing"] == json!("finished")).then_some(()))
    };
    radslag_kit::eventually("the draw to be carried out", there).await.unwrap();
}

fn announcement(kind: &str, places: u32, reserves: u32) -> Value {
    json!({"kind": kind, "places": places, "reserves": reserves, "source": "Lotto, lördag 6 december 2008"})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_of_a_register_is_announced_made_by_a_second_person_and_invited() {
    let world = World::open().await;
    let decision = json!({"size": 10, "invites": true, "replacement": "none", "who": "Nämnden"});
    let path = recruiting(&world, &genders(&json!({}), &json!({})), &decision).await;
    let early = world.ask(LEADER, "POST", &format!("{path}/draws"), &announcement("invitation", 30, 0)).await;
    assert_eq!((early.0, &early.1["code"]), (409, &json!("register-missing")));
    let (status, imported) = import(&world, &path, "register", &people(300)).await;
    assert_eq!(
        (status, &imported["rows"], &imported["refused"]),
        (201, &json!(300), &json!(0)),
        "{imported}"
    );
    let (status, draw) =
        world.ask(LEADER, "POST", &format!("{path}/draws"), &announcement("invitation", 30, 0)).await;
    assert_eq!((status, &draw["standing"]), (201, &json!("committed")), "{draw}");
    let at = format!("{path}/draws/{}", draw["draw"].as_str().unwrap());
    let value = json!({"text": "4 8 15 16 23 42"});
    let same = world.ask(LEADER, "POST", &format!("{at}/value"), &value).await;
    assert_eq!((same.0, &same.1["code"]), (403, &json!("draw-takes-two")));
    let (_, before) = world.ask(None, "GET", &format!("{at}/bundle"), &Value::Null).await;
    assert!(before["drawn"].is_null() && before["announced"]["seats"] == 30, "{before}");
    let made = world.ask(OTHER, "POST", &format!("{at}/value"), &value).await;
    assert_eq!(made.0, 200, "{made:?}");
    let again = world.ask(OTHER, "POST", &format!("{at}/value"), &json!({"text": "1 2 3"})).await;
    assert_eq!((again.0, &again.1["code"]), (409, &json!("draw-made-already")));
    until(&world, &path, "invited", 30).await;
    finished(&world, &at).await;
    let bundle = world.get(&format!("{at}/bundle")).await;
    let bundle = Bundle::read(&bundle).unwrap();
    let verdict = bundle.verify().unwrap();
    assert_eq!((verdict.people, verdict.drawn), (300, true));
    // A third are women, and so is a third of the sample.
    let (_, shares) = world.ask(LEADER, "GET", &format!("{path}/representativeness"), &Value::Null).await;
    assert!(shares.to_string().contains("\"invited\":10"), "{shares}");
    assert!(!String::from_utf8_lossy(&serde_json::to_vec(&bundle).unwrap()).contains("Planted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_drawn_before_is_not_in_the_next_wave() {
    let world = World::open().await;
    let decision = json!({"size": 10, "invites": true, "replacement": "none", "who": "Nämnden"});
    let path = recruiting(&world, &genders(&json!({}), &json!({})), &decision).await;
    import(&world, &path, "register", &people(40)).await;
    for (wave, (candidates, invited)) in [(40, 15), (25, 20)].into_iter().enumerate() {
        let places = [15, 5][wave];
        let (status, draw) =
            world.ask(LEADER, "POST", &format!("{path}/draws"), &announcement("invitation", places, 0)).await;
        assert_eq!((status, &draw["candidates"]), (201, &json!(candidates)), "{draw}");
        let at = format!("{path}/draws/{}", draw["draw"].as_str().unwrap());
        assert_eq!(world.ask(OTHER, "POST", &format!("{at}/value"), &json!({"text": "7"})).await.0, 200);
        until(&world, &path, "invited", invited).await;
        finished(&world, &at).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn volunteers_of_a_list_are_drawn_under_quotas_and_conflicts_are_named() {
    let world = World::open().await;
    let decision = json!({"size": 6, "drawn": true, "replacement": "asked", "who": "Nämnden"});
    let quotas = genders(&json!({"min": 3, "max": 3}), &json!({"min": 3, "max": 3}));
    let path = recruiting(&world, &quotas, &decision).await;
    let (status, imported) = import(&world, &path, "volunteers", &people(30)).await;
    assert_eq!(status, 201, "{imported}");
    until(&world, &path, "volunteered", 30).await;
    let many = world.ask(LEADER, "POST", &format!("{path}/draws"), &announcement("sortition", 31, 0)).await;
    assert_eq!((many.0, &many.1["code"]), (409, &json!("more-places-than-people")));
    let (status, conflict) =
        world.ask(LEADER, "POST", &format!("{path}/draws"), &announcement("sortition", 7, 0)).await;
    assert_eq!((status, &conflict["code"]), (409, &json!("quotas-conflict")), "{conflict}");
    assert!(conflict["conflict"].to_string().contains("\"side\":\"max\""), "{conflict}");
    assert!(!conflict["relaxed"].as_array().unwrap().is_empty(), "{conflict}");
    let (status, draw) =
        world.ask(LEADER, "POST", &format!("{path}/draws"), &announcement("sortition", 6, 4)).await;
    assert_eq!((status, &draw["algorithm"]), (201, &json!("leximin/1")), "{draw}");
    let at = format!("{path}/draws/{}", draw["draw"].as_str().unwrap());
    assert_eq!(world.ask(OTHER, "POST", &format!("{at}/value"), &json!({"text": "117"})).await.0, 200);
    until(&world, &path, "drawn", 6).await;
    until(&world, &path, "reserved", 4).await;
    let (_, shares) = world.ask(LEADER, "GET", &format!("{path}/representativeness"), &Value::Null).await;
    assert_eq!(shares.to_string().matches("\"drawn\":3").count(), 2, "{shares}");
    let bundle = Bundle::read(&world.get(&format!("{at}/bundle")).await).unwrap();
    assert!(bundle.verify().unwrap().proven.is_some());
    assert_eq!(bundle.drawn.unwrap().reserves.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_can_not_be_read_leaves_nothing_and_names_the_line() {
    let world = World::open().await;
    let decision = json!({"size": 10, "invites": true, "replacement": "none", "who": "Nämnden"});
    let path = recruiting(&world, &genders(&json!({}), &json!({})), &decision).await;
    let refused = async |file: &str| {
        let (status, problem) = import(&world, &path, "register", file).await;
        (status, problem["code"].as_str().unwrap_or_default().to_owned(), problem["line"].clone())
    };
    assert_eq!(refused("").await, (422, "people-file-empty".into(), Value::Null));
    assert_eq!(refused("kön;ålder\nK;3\n").await, (422, "people-nobody-named".into(), Value::Null));
    assert_eq!(refused("namn;namn\nA;B\n").await, (422, "people-column-twice".into(), Value::Null));
    assert_eq!(refused("namn;kön\nA;K\n\"B;M\nC;K\n").await, (422, "people-line-broken".into(), json!(3)));
    assert_eq!(refused("namn;kön\nA;K\nB\n").await, (422, "people-line-width".into(), json!(3)));
    assert_eq!(refused(&"a;".repeat(5_000_000)).await, (422, "people-header-too-long".into(), Value::Null));
    let rows = "namn;kön;födelseår\nPlanted;K;1970\nplanted;K;1970\n=1+1;K;1970\n;;\nB;M;1850\n";
    let (status, imported) = import(&world, &path, "register", rows).await;
    assert_eq!((status, &imported["rows"]), (201, &json!(1)), "{imported}");
    let left = imported["left_out"].as_array().unwrap();
    let left: Vec<_> = left.iter().map(|one| (one["line"].clone(), one["reason"].clone())).collect();
    let why = |line: u32, reason: &str| (json!(line), json!(reason));
    assert_eq!(left, [why(3, "twice"), why(4, "field"), why(5, "nobody"), why(6, "birth-year")]);
    let again = import(&world, &path, "register", rows).await;
    assert_eq!((again.0, &again.1["code"]), (409, &json!("imported-already")));
    let (_, imports) = world.ask(LEADER, "GET", &format!("{path}/imports"), &Value::Null).await;
    let standings: Vec<_> = imports.as_array().unwrap().iter().map(|one| one["standing"].clone()).collect();
    assert_eq!(standings, ["complete", "cancelled"]);
    assert!(!imports.to_string().contains("Planted"), "{imports}");
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_1252_and_the_names_of_other_systems_are_read() {
    let world = World::open().await;
    let decision = json!({"size": 10, "invites": true, "replacement": "none", "who": "Nämnden"});
    let path = recruiting(&world, &genders(&json!({}), &json!({})), &decision).await;
    // Å and ö as Windows writes them.
    let file = b"Uppgift,K\xf6n\r\n\xc5sa,Kvinna\r\n".to_vec();
    let to = format!("{path}/imports?kind=register&columns=uppgift=name");
    let (status, imported) = world.send(LEADER, &to, "text/csv", &file).await;
    assert_eq!((status, &imported["rows"]), (201, &json!(1)), "{imported}");
    let import = imported["import"].as_str().unwrap().parse().unwrap();
    let panel = path.rsplit('/').next().unwrap().parse().unwrap();
    let rows = world.office.rows(panel, import, 0).unwrap();
    assert_eq!((rows[0].name.as_str(), rows[0].gender.as_str()), ("Åsa", "woman"));
    let destroyed = format!("{path}/imports/{}/destruction", imported["import"].as_str().unwrap());
    assert_eq!(world.ask(LEADER, "POST", &destroyed, &json!({"ground": "klart"})).await.0, 200);
    assert_eq!(world.office.rows(panel, import, 0).unwrap(), []);
}
