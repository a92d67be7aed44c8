//! What a petition was, by hour, by area, and when it came to what.

use radslag_petitions::petition::Act;

use crate::house::house;

#[tokio::test]
async fn state_and_count_are_told_for_any_past_position_and_date() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    let opened = house.office.log.watermark() - 1;
    house.sign(id, 3, "21144").await;
    let signed = house.office.log.watermark() - 1;
    let tomorrow = house.later(48);
    house.official(id, &|_, _| Ok(Act::Lapse)).await;
    let path = format!("/petitions/{id}/state");
    let now = house.json(&path).await;
    assert_eq!((&now["state"], &now["signatures"]), (&"open".into(), &4.into()));
    let then = house.json(&format!("{path}?position={opened}")).await;
    assert_eq!((&then["state"], &then["signatures"]), (&"open".into(), &1.into()));
    assert_eq!(then["position"], format!("0.{opened}"));
    let then = house.json(&format!("{path}?position={}", signed - 1)).await;
    assert_eq!(then["signatures"], 3);
    let then = house.json(&format!("{path}?as_of={tomorrow}")).await;
    assert_eq!(then["signatures"], 4);
    // Before it was shown to anybody there is nothing to see.
    assert_eq!(house.status(&format!("{path}?position={}", opened - 1)).await, 404);
    assert_eq!(house.status(&format!("{path}?as_of=2001-01-01")).await, 404);
    let waiting = house.hand_in("Ingen har sett", "Den här.").await;
    assert_eq!(house.status(&format!("/petitions/{waiting}/state")).await, 404);
}

#[tokio::test]
async fn the_hours_of_a_petition_add_up_to_its_count() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.sign(id, 2, "21144").await;
    house.later(3);
    house.sign(id, 3, "21144").await;
    let hours = house.json(&format!("/petitions/{id}/history")).await;
    let changes: Vec<i64> =
        hours.as_array().unwrap().iter().map(|hour| hour["change"].as_i64().unwrap()).collect();
    assert_eq!(changes.iter().sum::<i64>(), 6, "the initiator counts");
    assert!(changes.len() >= 2, "{hours}");
    assert_eq!(house.status(&format!("/petitions/{id}/history?from=2001-01-01")).await, 400);
}

#[tokio::test]
async fn areas_with_the_unknown_sum_to_the_total_and_small_ones_are_suppressed() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.sign(id, 12, "21144").await;
    house.sign(id, 8, "21244").await;
    house.sign(id, 1, "99999").await;
    let path = format!("/petitions/{id}/areas");
    let found = house.json(&path).await;
    // With the initiator, who counts, the unknown ones are 2, so the smallest other is hidden too: together they are 10.
    assert_eq!((&found["total"], &found["suppressed"]), (&22.into(), &true.into()));
    let shown: Vec<_> =
        found["areas"].as_array().unwrap().iter().map(|area| area["signatures"].as_u64()).collect();
    assert_eq!(shown, [Some(12), None, None]);
    house.sign(id, 3, "99999").await;
    let found = house.json(&path).await;
    let sum: u64 =
        found["areas"].as_array().unwrap().iter().map(|area| area["signatures"].as_u64().unwrap()).sum();
    assert_eq!((found["total"].as_u64(), sum), (Some(25), 25));
}

#[tokio::test]
async fn milestones_are_told_with_their_position() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.sign(id, 8, "21144").await;
    let path = format!("/petitions/{id}/milestones");
    assert_eq!(house.json(&path).await.as_array().unwrap().len(), 0);
    house.sign(id, 1, "21144").await;
    let tenth = house.office.log.watermark() - 1;
    house.sign(id, 1, "21144").await;
    let found = house.json(&path).await;
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!((&found[0]["signatures"], &found[0]["position"]), (&10.into(), &format!("0.{tenth}").into()));
}

#[tokio::test]
async fn trending_is_what_was_signed_in_the_last_hour_also_after_a_start() {
    let house = house().await;
    let (old, new) = (house.petition("Gammal", "Sitta.").await, house.petition("Ny", "Sitta.").await);
    house.sign(old, 5, "21144").await;
    house.later(2);
    house.sign(new, 2, "21144").await;
    house.sign(old, 1, "21144").await;
    for _ in 0..2 {
        let found = house.json("/trending").await;
        let rows: Vec<_> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["title"].as_str().unwrap(), row["last_hour"].as_i64().unwrap()))
            .collect();
        assert_eq!(rows, [("Ny", 2), ("Gammal", 1)]);
        // As at a start: from the tables alone.
        house.office.load_counts().await.unwrap();
    }
}
