//! What people see of a petition's figures: day by day, by area, how far it is, and what has happened.

use radslag_petitions::petition::Act;

use crate::{
    house::{House, house, house_under},
    pages::{Page, get},
};

/// Cells of the table of days: date, change, count.
fn days(page: &Page) -> Vec<Vec<String>> {
    let (_, table) = page.html.split_once("<details>").unwrap();
    let (table, _) = table.split_once("</details>").unwrap();
    let cell = |cell: &str| cell.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
    table.split("<tr>").skip(2).map(|row| row.split("<td").skip(1).map(cell).collect()).collect()
}

async fn figures(house: &House, id: impl std::fmt::Display) -> Page {
    let page = get(house, &format!("/malmo/petitions/{id}")).await;
    get(house, &page.address("/figures")).await
}

#[tokio::test]
async fn the_days_of_a_petition_are_a_picture_and_a_table_that_add_up_to_its_count() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.sign(id, 2, "21144").await;
    house.later(48);
    house.sign(id, 3, "21144").await;
    let page = figures(&house, id).await;
    page.has("<polyline");
    let days = days(&page);
    let told: Vec<_> = days.iter().map(|day| (day[1].as_str(), day[2].as_str())).collect();
    assert_eq!(told, [("+3", "3"), ("+3", "6")], "the initiator counts");
    assert!(days[0][0] < days[1][0]);
    let state = house.json(&format!("/petitions/{id}/state?as_of={}", days[0][0])).await;
    assert_eq!(state["signatures"], 3, "a day is one of the tenant's calendar");
}

#[tokio::test]
async fn small_areas_are_not_shown_on_the_page_either() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.sign(id, 12, "21144").await;
    house.sign(id, 8, "21244").await;
    house.sign(id, 1, "99999").await;
    let page = figures(&house, id).await;
    page.has("<td class=\"number\">12</td>");
    assert_eq!(page.html.matches("visas inte</td>").count(), 2, "{}", page.html);
    page.has("Färre än fem");
}

#[tokio::test]
async fn a_petition_says_how_far_it_is_and_what_has_happened() {
    let house = house_under("number10").await;
    let id = house.petition("Bänk", "Sitta.").await;
    let page = get(&house, &format!("/malmo/petitions/{id}?lang=en")).await;
    page.has("<strong class=\"large\">1</strong> signature of 500");
    page.has("<progress max=\"500\" value=\"1\"");
    page.has("Open for signatures</li>");
    house.later(24 * 400);
    house.official(id, &|_, _| Ok(Act::Lapse)).await;
    let page = get(&house, &format!("/malmo/petitions/{id}?lang=en")).await;
    let (_, happened) = page.html.split_once("class=\"timeline\"").unwrap();
    assert!(happened.split("</ol>").next().unwrap().matches("<li>").count() >= 2, "{}", page.html);
}

#[tokio::test]
async fn a_petition_nobody_signed_has_figures_without_a_picture() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    let page = figures(&house, id).await;
    assert_eq!(page.status, 200);
    let unknown = "0".repeat(32);
    assert_eq!(get(&house, &format!("/malmo/petitions/{unknown}/figures")).await.status, 404);
    let waiting = house.hand_in("Ingen har sett", "Den här.").await;
    assert_eq!(get(&house, &format!("/malmo/petitions/{waiting}/figures")).await.status, 404);
}
