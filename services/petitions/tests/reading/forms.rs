//! What is done behind a link in a mail, and what others are told of: by forms alone.

use radslag_kernel::AggregateId;
use radslag_petitions::{
    petition::{Act, Official, Verdict},
    shell::petition::Found,
};

use crate::{
    house::{House, house, house_under},
    pages::{get, mailed, post, taken},
};

/// A comment that everybody sees; the page of the petition's comments.
pub(crate) async fn commented(house: &House, id: AggregateId) -> String {
    let path = format!("/malmo/petitions/{id}/comments");
    let said = [("text", "Ja tack."), ("name", "Ann Ek"), ("mailbox", "ann@example.org")];
    let since = house.office.log.watermark();
    taken(house, &path, &said).await;
    let link = mailed(house, since).await;
    post(house, &link, &[("act", "confirm")]).await;
    house.publish_comments(id).await;
    path
}

/// The link of a petition that a moderator gave back.
pub(crate) async fn returned(house: &House) -> String {
    let id = house.hand_in("Fler bänkar", "Sitta.").await;
    let since = house.office.log.watermark();
    let give_back = |by: Official, _: &Found| {
        let codes = vec!["no-action".to_owned()];
        Ok(Act::Return(Verdict { by, codes, text: "Säg var.".into() }))
    };
    house.official(id, &give_back).await;
    mailed(house, since).await
}

/// The link of a counted signature.
pub(crate) async fn signed(house: &House, id: AggregateId) -> String {
    let since = house.office.log.watermark();
    let fields = [("name", "Ann Ek"), ("mailbox", "ann@example.org"), ("postcode", "211 45")];
    taken(house, &format!("/malmo/petitions/{id}/sign"), &fields).await;
    let link = mailed(house, since).await;
    assert_eq!(post(house, &link, &[("act", "confirm")]).await.status, 200);
    link
}

#[tokio::test]
async fn what_others_see_of_a_signature_is_changed_behind_its_link() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let link = signed(&house, id).await;
    let page = get(&house, &link).await;
    page.has("value=\"change_name\"");
    assert_eq!(page.header("cache-control"), "no-store");
    let wrong = post(&house, &link, &[("act", "change_name"), ("shown", "alias"), ("alias", "=x")]).await;
    assert_eq!(wrong.status, 422);
    wrong.has("<a href=\"#alias\">");
    wrong.has("value=\"=x\"");
    let signatures = format!("/malmo/petitions/{id}/signatures");
    get(&house, &signatures).await.has("Ann Ek");
    let changed = [("act", "change_name"), ("shown", "alias"), ("alias", "Bänkvän")];
    assert_eq!(post(&house, &link, &changed).await.status, 200);
    let page = get(&house, &signatures).await;
    page.has("Bänkvän");
    assert!(!page.html.contains("Ann Ek"), "{}", page.html);
    assert_eq!(post(&house, &link, &[("act", "withdraw")]).await.status, 200);
    assert!(!get(&house, &link).await.html.contains("value=\"change_name\""), "there is nothing to change");
}

#[tokio::test]
async fn a_returned_petition_is_changed_and_handed_in_again_behind_its_link() {
    let house = house().await;
    let link = returned(&house).await;
    let page = get(&house, &link).await;
    page.has("Säg var.");
    page.has("value=\"Fler bänkar\"");
    page.has("Sitta.</textarea>");
    page.has("<option value=\"months:6\" selected>");
    let mut fields = vec![
        ("act", "resubmit"),
        ("title", ""),
        ("body", "Sitta i parken."),
        ("length", "months:6"),
        ("url_key", "fler-bankar"),
    ];
    let back = post(&house, &link, &fields).await;
    assert_eq!(back.status, 422);
    back.has("<a href=\"#title\">");
    back.has("Sitta i parken.</textarea>");
    fields[1].1 = "Fler bänkar i parken";
    let done = post(&house, &link, &fields).await;
    assert_eq!(done.status, 200, "{}", done.html);
    done.has("Fler bänkar i parken");
    assert!(!done.html.contains("value=\"resubmit\""), "it waits for review again");
}

#[tokio::test]
async fn a_comment_is_reported_by_a_form_and_who_reports_twice_is_thanked_twice() {
    let house = house().await;
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let path = commented(&house, id).await;
    let comments = get(&house, &path).await;
    let report = comments.address("/report");
    get(&house, &report).await.has("Ja tack.");
    let empty = post(&house, &report, &[]).await;
    assert_eq!(empty.status, 422);
    empty.has("<a href=\"#reason\">");
    taken(&house, &report, &[("reason", "Det är reklam.")]).await.has("En moderator tittar");
    let end = house.office.log.watermark();
    taken(&house, &report, &[("reason", "Det är reklam, säger jag.")]).await.has("En moderator tittar");
    assert_eq!(house.office.log.watermark(), end, "once from each network");
    get(&house, &path).await.has("Ja tack.");
    assert_eq!(get(&house, &report.replace(&id.to_string(), &"0".repeat(32))).await.status, 404);
}

#[tokio::test]
async fn a_withdrawal_has_a_reason_and_a_policy_without_names_to_choose_offers_none() {
    let house = house_under("uk").await;
    let since = house.office.log.watermark();
    let fields = [
        ("title", "Benches"),
        ("body", "There is nowhere to sit."),
        ("length", "months:6"),
        ("name", "Bo Ek"),
        ("mailbox", "bo@example.org"),
        ("postcode", "SW1A 2AA"),
    ];
    taken(&house, "/malmo/new?lang=en", &fields).await;
    let link = mailed(&house, since).await;
    let page = get(&house, &link).await;
    page.has("name=\"reason\"");
    assert!(!page.html.contains("value=\"change_name\""));
    let gone = post(&house, &link, &[("act", "withdraw"), ("reason", "Jag har ångrat mig.")]).await;
    assert_eq!(gone.status, 200);
    gone.has("It is withdrawn.");
}
