//! How a panel is made up, over HTTP: to officials and to everybody, as members come and go, and who is wanted more.

use serde_json::{Value, json};

use crate::{
    link, started_with,
    world::{AUDITOR, LEADER, World},
};

/// Three ages of 200, 600 and 200, of which old people are wished for.
fn parts() -> [(&'static str, Value); 2] {
    let fields = json!([{"ask": "birth_year", "required": true}, {"ask": "gender", "required": true}]);
    let age = |key: &str, from: u16, to: u16, population: u64| {
        let label = format!("{key} years");
        json!({"key": key, "label_sv": key, "label_en": label, "age_from": from, "age_to": to, "population": population,
            "wanted": key == "71+"})
    };
    let gender = |key: &str| json!({"key": key, "label_sv": key, "label_en": key, "population": 500});
    let strata = json!({"categories": [
        {"key": "age", "label_sv": "ålder", "label_en": "age", "attribute": "age",
            "features": [age("18-30", 18, 30, 200), age("31-70", 31, 70, 600), age("71+", 71, 0, 200)]},
        {"key": "gender", "label_sv": "kön", "label_en": "gender", "attribute": "gender",
            "features": [gender("woman"), gender("man")]},
    ]});
    [("form", json!({"fields": fields})), ("strata", strata)]
}

/// So many of an age join, women and men in turn.
async fn join(world: &World, path: &str, age: i16, people: usize) {
    for n in 0..people {
        let gender = if n % 2 == 0 { "woman" } else { "man" };
        let body = json!({"mailbox": format!("m{age}-{n}-{}@a.example", world.office.log.watermark()),
            "birth_year": world.office.year() - age, "gender": gender});
        let asked = world.ask(None, "POST", &format!("{path}/members"), &body).await;
        assert_eq!(asked.0, 202, "{asked:?}");
        let act = format!("/panel-memberships/{}", link(world));
        assert_eq!(world.ask(None, "POST", &act, &json!({"act": "confirm"})).await.0, 204);
    }
    world.read_up().await;
}

async fn read(world: &World, who: crate::world::Somebody, path: &str) -> Value {
    let (status, body) = world.ask(who, "GET", &format!("{path}/representativeness"), &Value::Null).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// Features and active members of a category's groups.
fn told(read: &Value, category: usize) -> Vec<(Vec<String>, Option<u64>)> {
    let groups = read["categories"][category]["groups"].as_array().unwrap();
    let features = |group: &Value| serde_json::from_value(group["features"].clone()).unwrap();
    groups.iter().map(|group| (features(group), group["active"].as_u64())).collect()
}

fn group(features: &[&str], active: u64) -> (Vec<String>, Option<u64>) {
    (features.iter().map(|feature| (*feature).to_owned()).collect(), Some(active))
}

#[tokio::test(flavor = "multi_thread")]
async fn officials_see_all_of_it_as_members_come_and_go() {
    let world = World::open().await;
    let path = started_with(&world, parts()).await;
    join(&world, &path, 20, 2).await;
    join(&world, &path, 50, 9).await;
    let all = read(&world, AUDITOR, &path).await;
    assert_eq!(all["suppressed"], false);
    assert_eq!(told(&all, 0), [group(&["18-30"], 2), group(&["31-70"], 9), group(&["71+"], 0)]);
    let young = &all["categories"][0]["groups"][0];
    assert_eq!((&young["population"], &young["expected"]), (&json!(200), &json!(0.2)));
    // 168 in proportion: 33.6, 100.8 and 33.6, the largest remainder first.
    let wanted =
        all["categories"][0]["groups"].as_array().unwrap().iter().map(|group| &group["proportional"]);
    assert_eq!(wanted.collect::<Vec<_>>(), [&json!(34), &json!(101), &json!(33)]);
    assert_eq!((&young["standings"], &young["answered"]), (&json!({"active": 2}), &Value::Null));
    let points = young["points"].as_f64().unwrap();
    assert!((points - (2.0 / 11.0 - 0.2) * 100.0).abs() < 1e-9, "{points}");
    let expected = (2.0 / 11.0 - 0.2) / (0.2 * 0.8 / 11.0_f64).sqrt();
    assert!((young["gap"].as_f64().unwrap() - expected).abs() < 1e-9);
    join(&world, &path, 75, 1).await;
    assert_eq!(told(&read(&world, AUDITOR, &path).await, 0)[2], group(&["71+"], 1));
    let leave = format!("/panel-memberships/{}", link(&world));
    assert_eq!(world.ask(None, "POST", &leave, &json!({"act": "leave"})).await.0, 204);
    world.read_up().await;
    let old = &read(&world, AUDITOR, &path).await["categories"][0]["groups"][2];
    assert_eq!((&old["active"], &old["standings"]), (&json!(0), &json!({"left": 1})));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_public_no_group_of_less_than_five_is_told() {
    let world = World::open().await;
    let path = started_with(&world, parts()).await;
    join(&world, &path, 20, 3).await;
    join(&world, &path, 50, 20).await;
    join(&world, &path, 75, 6).await;
    let public = read(&world, None, &path).await;
    assert_eq!(public["suppressed"], true);
    assert_eq!(told(&public, 0), [group(&["31-70"], 20), group(&["18-30", "71+"], 9)]);
    assert_eq!(told(&public, 1), [group(&["woman"], 15), group(&["man"], 14)]);
    assert_eq!(public["categories"][0]["groups"][1]["label_en"], "18-30 years and 71+ years");
    assert!(!public.to_string().contains("standings"), "{public}");
    assert_eq!(told(&read(&world, AUDITOR, &path).await, 0)[0], group(&["18-30"], 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_public_nobody_sees_who_came_last() {
    let world = World::open().await;
    let path = started_with(&world, parts()).await;
    join(&world, &path, 20, 10).await;
    join(&world, &path, 50, 10).await;
    let before = read(&world, None, &path).await;
    assert_eq!(told(&before, 0), [group(&["18-30"], 10), group(&["31-70"], 10), group(&["71+"], 0)]);
    join(&world, &path, 50, 4).await;
    assert_eq!(read(&world, None, &path).await, before);
    join(&world, &path, 20, 1).await;
    let after = read(&world, None, &path).await;
    assert_eq!(told(&after, 0)[..2], [group(&["18-30"], 11), group(&["31-70"], 14)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_wanted_more_is_told_where_people_join_and_an_officials_words_win() {
    let world = World::open().await;
    let path = started_with(&world, parts()).await;
    world.read_up().await;
    let wanted = async || world.ask(None, "GET", &path, &Value::Null).await.1["wanted"].clone();
    assert_eq!(wanted().await["sv"], "Just nu önskas fler ur de här grupperna: 71+ (ålder).");
    join(&world, &path, 50, 50).await;
    // Nobody is young, but a category in which all are alike isn't told of.
    let sentence = "More people of these groups are wanted just now: 18-30 years and 71+ years (age).";
    assert_eq!(wanted().await["en"], "More people of these groups are wanted just now: 71+ years (age).");
    join(&world, &path, 75, 5).await;
    // Five of sixty are far below a fifth.
    join(&world, &path, 20, 5).await;
    assert_eq!(wanted().await["en"], sentence);
    let own = json!({"sv": "Kom med, du som är ung!", "en": "Join, you young!"});
    assert_eq!(world.ask(AUDITOR, "PUT", &format!("{path}/wanted"), &own).await.0, 403);
    assert_eq!(world.ask(LEADER, "PUT", &format!("{path}/wanted"), &own).await.0, 200);
    assert_eq!(wanted().await, own);
    let page = |what: &str| format!("/tyreso{path}{what}");
    world.page(&page("")).await.has("Kom med, du som är ung!");
    world.page(&page("/join?lang=en")).await.has("Join, you young!");
    let none = json!({"sv": "", "en": ""});
    assert_eq!(world.ask(LEADER, "PUT", &format!("{path}/wanted"), &none).await.0, 200);
    assert_eq!(wanted().await["en"], sentence);
    let end = json!({"to": "ended", "ground": "Klar"});
    assert_eq!(world.ask(LEADER, "POST", &format!("{path}/course"), &end).await.0, 200);
    assert_eq!(wanted().await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_has_a_picture_and_a_table_of_what_everybody_may_see() {
    let world = World::open().await;
    let path = started_with(&world, parts()).await;
    let page = format!("/tyreso{path}/representativeness");
    world.page(&page).await.has("för få för att kunna visas");
    join(&world, &path, 20, 10).await;
    join(&world, &path, 50, 30).await;
    let shown = world.page(&page).await;
    shown.has("<rect class=\"population\"");
    shown.has("25,0 %");
    shown.has("<td class=\"number\">30</td>");
    shown.has("(fler önskas)");
    world.page(&format!("{page}?lang=en")).await.has("25.0 %");
}
