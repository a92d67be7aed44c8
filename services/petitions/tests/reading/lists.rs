//! Lists, searches and pages.

use radslag_kernel::AggregateId;
use radslag_petitions::{
    petition::{Act, Verdict, course::Classes},
    shell::petition::Found,
};
use radslag_readmodel::words::SEARCHED;
use serde_json::Value;

use crate::house::{House, house, house_on_postgres};

fn titles(page: &Value) -> Vec<&str> {
    page["petitions"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect()
}

/// All pages by cursor.
async fn walked(house: &House, path: &str, rows: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = house.json(&format!("{path}&per_page=2&cursor={cursor}")).await;
        assert_eq!(page["page"], Value::Null);
        all.extend(page[rows].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return all,
        }
    }
}

#[tokio::test]
async fn a_search_finds_public_texts_by_their_words() {
    let house = house().await;
    house.petition("Fler cykelbanor", "Längs Amiralsgatan behövs det.").await;
    house.petition("Lugnare gator", "Cykelbanor ska gå hela vägen.").await;
    house.petition("Benches in every park", "There is nowhere to sit.").await;
    house.hand_in("Cykelbanor som ingen har sett", "Än så länge.").await;
    let found = house.json("/petitions?q=cykelbana").await;
    // The title weighs more than the text.
    assert_eq!(titles(&found), ["Fler cykelbanor", "Lugnare gator"]);
    assert_eq!((&found["total"], &found["first"], &found["last"]), (&2.into(), &1.into(), &2.into()));
    assert_eq!(titles(&house.json("/petitions?q=bench").await), ["Benches in every park"]);
    assert_eq!(titles(&house.json("/petitions?q=amiralsg").await), ["Fler cykelbanor"]);
    assert_eq!(
        titles(&house.json("/petitions?q=cykelbana&sort=start").await),
        ["Lugnare gator", "Fler cykelbanor"]
    );
    assert_eq!(house.json("/petitions?q=%22%20OR%20*").await["total"], 0);
    assert_eq!(house.json("/petitions?q=sett").await["total"], 0);
    let past_the_end = house.json("/petitions?q=cykelbana&page=9").await;
    assert_eq!((titles(&past_the_end).len(), &past_the_end["total"]), (0, &2.into()));
    assert_eq!(house.status(&format!("/petitions?q={}", "a".repeat(201))).await, 400);
}

#[tokio::test]
async fn a_search_that_finds_more_than_it_ranks_says_so_on_every_page_and_loses_none_of_those_it_ranks() {
    let house = house().await;
    let mut newest = String::new();
    for n in 0..=SEARCHED {
        let about = if n == 0 { "Den äldsta bänken" } else { "Bänk" };
        newest = house.petition(&format!("{about} {n}"), "Sitta.").await.to_string();
    }
    let first = house.json("/petitions?q=sitta&sort=start&per_page=100").await;
    assert_eq!((&first["total"], &first["more"], &first["pages"]), (&1_000.into(), &true.into(), &10.into()));
    assert_eq!(first["petitions"][0]["id"], newest);
    let mut seen = std::collections::BTreeSet::new();
    for page in 1..=10 {
        let page = house.json(&format!("/petitions?q=sitta&sort=start&per_page=100&page={page}")).await;
        assert_eq!(page["more"], true);
        seen.extend(titles(&page).into_iter().map(str::to_owned));
    }
    assert_eq!((seen.len(), seen.contains("Den äldsta bänken 0")), (1_000, false), "the newest are ranked");
    let past_the_end = house.json("/petitions?q=sitta&per_page=100&page=11").await;
    assert_eq!((titles(&past_the_end).len(), &past_the_end["more"]), (0, &true.into()));
    // What isn't searched, or finds fewer, has no more than it says.
    let few = house.json("/petitions?q=%C3%A4ldsta").await;
    assert_eq!((&few["total"], &few["more"]), (&1.into(), &false.into()));
    let all = house.json("/petitions?sort=start&per_page=1").await;
    assert_eq!((&all["total"], &all["more"]), (&1_001.into(), &false.into()));
}

#[tokio::test]
async fn no_row_is_lost_or_told_twice_between_two_pages() {
    let house = house().await;
    for n in 0..5 {
        let id = house.petition(&format!("Bänk {n}"), "Sitta.").await;
        house.sign(id, n % 3, "21144").await;
    }
    for path in [
        "/petitions?sort=start",
        "/petitions?sort=deadline",
        "/petitions?sort=signatures",
        "/petitions?q=sitta",
    ] {
        let mut numbered = Vec::new();
        for page in 1..=3 {
            numbered.extend(
                house.json(&format!("{path}&per_page=2&page={page}")).await["petitions"]
                    .as_array()
                    .unwrap()
                    .clone(),
            );
        }
        assert_eq!(numbered.len(), 5, "{path}");
        assert_eq!(walked(&house, path, "petitions").await, numbered, "{path}");
    }
    let cursor = house.json("/petitions?sort=start&per_page=2").await["next"].as_str().unwrap().to_owned();
    assert_eq!(house.status(&format!("/petitions?sort=deadline&cursor={cursor}")).await, 400);
    assert_eq!(house.status(&format!("/petitions?sort=start&q=sitta&cursor={cursor}")).await, 400);
}

#[tokio::test]
async fn a_list_is_narrowed_by_state_and_policy() {
    let house = house().await;
    house.petition("Öppen", "Ja.").await;
    let refused = house.hand_in("Avslagen", "Nej.").await;
    let reject = |by, _: &radslag_petitions::shell::petition::Found| {
        Ok(Act::Reject(Verdict { by, codes: vec!["irrelevant".into()], text: "Nej.".into() }))
    };
    house.official(refused, &reject).await;
    assert_eq!(titles(&house.json("/petitions?state=open").await), ["Öppen"]);
    // A refused one was never opened, and is listed all the same.
    assert_eq!(titles(&house.json("/petitions?state=rejected").await), ["Avslagen"]);
    assert_eq!(titles(&house.json("/petitions?list=inactive&cursor=").await), ["Avslagen"]);
    assert_eq!(house.json("/petitions?state=closed").await["total"], 0);
    assert_eq!(titles(&house.json("/petitions?policy=open").await), ["Öppen"]);
    let none = house.json("/petitions?policy=uk").await;
    assert_eq!((titles(&none).len(), &none["total"]), (0, &0.into()));
    assert_eq!(house.status("/petitions?state=nonsense").await, 400);
}

#[tokio::test]
async fn similar_petitions_of_24_months_are_told_by_their_titles() {
    let house = house().await;
    let first = house.petition("Fler bänkar i Folkets park", "Sitta.").await;
    house.petition("Sänk skatten", "Nu.").await;
    let title = "/petitions/similar?title=B%C3%A4nkar%20i%20Folkets%20park";
    let found = house.json(title).await;
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!((&found[0]["id"], &found[0]["likeness"]), (&first.to_string().into(), &75.into()));
    let second = house.petition("Bänk i Folkets park", "Sitta nu.").await;
    let own = house.json(&format!("/petitions/{second}/similar")).await;
    assert_eq!(own.as_array().unwrap().len(), 1, "never itself: {own}");
    assert_eq!(own[0]["id"], first.to_string());
    house.later(24 * 800);
    assert_eq!(house.json(title).await.as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn all_signatures_are_paged_by_number_and_by_cursor() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.sign(id, 5, "21144").await;
    let path = format!("/petitions/{id}/signatures?");
    let page = house.json(&format!("{path}&per_page=2&page=3")).await;
    assert_eq!((&page["total"], &page["pages"], &page["page"]), (&5.into(), &3.into(), &3.into()));
    assert_eq!(page["signatures"].as_array().unwrap().len(), 1);
    let all = house.json(&path).await["signatures"].as_array().unwrap().clone();
    assert_eq!(walked(&house, &path, "signatures").await, all);
    assert_eq!(all[0]["name"], "Signe 5");
}

#[tokio::test]
async fn both_databases_answer_the_same() {
    let (sqlite, postgres) = (house().await, house_on_postgres().await);
    let mut ids = Vec::new();
    for house in [&sqlite, &postgres] {
        house.petition("Fler cykelbanor i parken", "Längs Amiralsgatan.").await;
        let id = house.petition("Cykelbanan genom parken", "Sitta.").await;
        house.sign(id, 12, "21144").await;
        house.sign(id, 7, "21244").await;
        house.hand_in("Cykelbanor som ingen har sett", "Än så länge.").await;
        ids.push(id);
    }
    for path in [
        "/petitions?q=cykelbana&sort=signatures",
        // What is more relevant each database says in its own way.
        "/petitions?q=park&sort=signatures",
        "/petitions?q=cykelbana&sort=signatures&per_page=1&cursor=",
        "/petitions?sort=start",
        "/petitions?sort=signatures&per_page=1&cursor=",
        "/petitions?sort=deadline&per_page=1&state=open&policy=uk&cursor=",
        "/petitions?sort=signatures&state=open&policy=open",
        "/petitions?state=closed",
    ] {
        let (one, other) = (sqlite.json(path).await, postgres.json(path).await);
        assert_eq!(titles(&one), titles(&other), "{path}");
        assert_eq!(one["total"], other["total"], "{path}");
        if let (Some(next), Some(after)) = (one["next"].as_str(), other["next"].as_str()) {
            let path = path.trim_end_matches("cursor=");
            let (one, other) = (
                sqlite.json(&format!("{path}cursor={next}")).await,
                postgres.json(&format!("{path}cursor={after}")).await,
            );
            assert_eq!(titles(&one), titles(&other), "{path}");
        }
    }
    for path in
        ["signatures?per_page=5&page=2", "signatures?per_page=5&cursor=", "areas", "milestones", "similar"]
    {
        let rows = |found: &Value| {
            found.as_array().or(found["signatures"].as_array()).or(found["areas"].as_array()).map(Vec::len)
        };
        let one = sqlite.json(&format!("/petitions/{}/{path}", ids[0])).await;
        let other = postgres.json(&format!("/petitions/{}/{path}", ids[1])).await;
        assert!(rows(&one) > Some(0), "{path}: {one}");
        assert_eq!(rows(&one), rows(&other), "{path}");
    }
}

/// What an official says a petition is about.
async fn classify(house: &House, id: AggregateId, area: &str, committee: &str, topics: &[&str]) {
    let topics = topics.iter().map(ToString::to_string).collect();
    let classes = Classes { area: area.into(), committee: committee.into(), topics };
    let act = |by, _: &Found| Ok(Act::Classify { by, classes: classes.clone(), unknown: false });
    house.official(id, &act).await;
}

#[tokio::test]
async fn lists_searches_feeds_and_frames_are_narrowed_by_area_committee_topic_and_word() {
    for house in [house().await, house_on_postgres().await] {
        let mut ids = Vec::new();
        for (n, area, committee, topics) in [
            (0, "Centrum", "Tekniska nämnden", vec!["Trafik", "Park"]),
            (1, "Centrum", "Kulturnämnden", vec!["Park"]),
            (2, "Husie", "Tekniska nämnden", vec!["Trafik"]),
            (3, "", "", vec![]),
        ] {
            let id = house.petition(&format!("Bänk {n}"), "Sitta.").await;
            house.sign(id, n, "21144").await;
            classify(&house, id, area, committee, &topics).await;
            ids.push(id);
        }
        for (query, expected) in [
            ("area=Centrum", vec!["Bänk 1", "Bänk 0"]),
            ("area=Centrum&sort=signatures", vec!["Bänk 1", "Bänk 0"]),
            ("area=Centrum&sort=deadline", vec!["Bänk 0", "Bänk 1"]),
            ("area=Centrum&topic=Trafik", vec!["Bänk 0"]),
            ("topic=Trafik&state=open", vec!["Bänk 2", "Bänk 0"]),
            ("topic=Trafik&state=open&sort=signatures", vec!["Bänk 2", "Bänk 0"]),
            ("topic=Trafik&state=open&sort=deadline&list=inactive", vec!["Bänk 0", "Bänk 2"]),
            ("committee=Kulturn%C3%A4mnden&policy=open", vec!["Bänk 1"]),
            ("word=signing&area=Husie", vec!["Bänk 2"]),
            ("word=samlar+namnunderskrifter", vec!["Bänk 3", "Bänk 2", "Bänk 1", "Bänk 0"]),
            ("word=solved", vec![]),
            ("topic=Skola", vec![]),
            ("q=b%C3%A4nk&topic=Park&sort=signatures", vec!["Bänk 1", "Bänk 0"]),
            ("q=b%C3%A4nk&word=signing&area=Husie", vec!["Bänk 2"]),
        ] {
            let found = house.json(&format!("/petitions?{query}")).await;
            let mut told = titles(&found);
            let walked = walked(&house, &format!("/petitions?{query}"), "petitions").await;
            assert_eq!(walked, *found["petitions"].as_array().unwrap(), "{query}");
            if query.contains("deadline") {
                // They all end on the same day.
                told.sort_unstable();
            }
            assert_eq!(told, expected, "{query}");
            assert_eq!(found["total"], expected.len(), "{query}");
        }
        for wrong in ["word=nonsense", "topic=%25"] {
            assert_eq!(house.status(&format!("/petitions?{wrong}")).await, 400, "{wrong}");
        }
        let feed = house.text("/malmo/feed.atom?area=Husie").await;
        assert_eq!((feed.matches("<entry>").count(), feed.contains("Bänk 2")), (1, true));
        assert!(feed.contains("feed.atom?area=Husie"), "{feed}");
        let framed = house.text("/malmo/embed?topic=Park").await;
        assert!(framed.contains("Bänk 1") && !framed.contains("Bänk 2"), "{framed}");
        assert_eq!(house.json("/embed?topic=Park").await["popular"][0]["title"], "Bänk 1");
        // The newest word about it holds, and what it is about is told.
        classify(&house, ids[0], "Husie", "", &["Skola"]).await;
        assert_eq!(titles(&house.json("/petitions?area=Husie").await), ["Bänk 2", "Bänk 0"]);
        let one = house.json(&format!("/petitions/{}", ids[0])).await;
        assert_eq!((&one["area"], &one["topics"]), (&"Husie".into(), &serde_json::json!(["Skola"])));
        let page = house.text("/malmo/petitions?topic=Skola&word=signing").await;
        assert!(page.contains("1-1 av 1") && page.contains("<option value=\"Skola\" selected>"), "{page}");
    }
}
