//! A tenant's own guide, FAQ and terms.

use std::fs;

use radslag_petitions::{Event, petition, shell::Petitions, signature};
use radslag_runtime::service::load;
use serde_json::json;

use crate::{
    house::{House, house, house_with},
    pages::{get, post, taken},
};

/// The terms that were accepted in each event of a stream that has any.
fn accepted(house: &House, stream: &str) -> Vec<String> {
    let loaded = load::<Petitions>(&house.office.log, stream).unwrap();
    let of = |event: &Event| match event {
        Event::Petition(petition::Event::Submitted(submitted)) => Some(submitted.terms.clone()),
        Event::Signature(signature::Event::Submitted(submission) | signature::Event::Signed(submission)) => {
            Some(submission.terms.clone())
        }
        _ => None,
    };
    loaded.events.iter().filter_map(|recorded| of(&recorded.event)).collect()
}

/// What a new signature by mailbox says.
async fn signed(house: &House) -> String {
    let id = house.petition("Fler bänkar", "Sitta.").await;
    let fields = [("name", "Ann Ek"), ("mailbox", "ann@example.org"), ("postcode", "211 45")];
    taken(house, &format!("/malmo/petitions/{id}/sign"), &fields).await;
    let tag = house.office.tags(id).unwrap().mailbox("ann@example.org");
    let stream = signature_stream(&id.to_string(), &tag.to_string());
    let said = accepted(house, &stream);
    assert_eq!(accepted(house, &format!("petition-{id}")), said, "who starts it accepts the same");
    said.into_iter().next().unwrap()
}

fn signature_stream(petition: &str, tag: &str) -> String {
    format!("mailbox-{petition}-{tag}")
}

#[tokio::test]
async fn a_tenants_own_terms_are_shown_and_the_accepted_version_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("terms")).unwrap();
    fs::write(folder.path().join("terms/1.sv.md"), "# Gamla villkor\n\nDet som gällde.").unwrap();
    let newest = "# Våra villkor\n\n## Namn\n\n{name} visar *namnet*. <script>alert(1)</script>\n";
    fs::write(folder.path().join("terms/2.sv.md"), newest).unwrap();
    let house = house_with(json!({ "texts": folder.path() })).await;
    let page = get(&house, "/malmo/terms").await;
    for shown in ["<h1>Våra villkor</h1>", "<h2>Namn</h2>", "Malmö visar <em>namnet</em>", "&lt;script&gt;"]
    {
        page.has(shown);
    }
    let older = get(&house, &page.address("/terms/1")).await;
    older.has("Det som gällde.");
    older.has("Det här är en äldre version.");
    // In the language there is.
    get(&house, "/malmo/terms?lang=en").await.has("Våra villkor");
    for missing in ["/malmo/terms/3", "/malmo/terms/x", "/malmo/guide/1"] {
        assert_eq!(get(&house, missing).await.status, 404, "{missing}");
    }
    get(&house, "/malmo/guide").await.has("Så fungerar det");
    let said = signed(&house).await;
    assert!(said.starts_with("2-"), "{said}");
    assert_eq!(said, house.office.texts.accepted());
}

#[tokio::test]
async fn without_own_terms_the_shipped_ones_are_accepted() {
    let house = house().await;
    let said = signed(&house).await;
    assert!(said.starts_with("shipped-"), "{said}");
    let id = house.petition("Bänk", "Sitta.").await;
    get(&house, &format!("/malmo/petitions/{id}/sign")).await.has("godtar du <a href=\"");
    let back = post(&house, &format!("/malmo/petitions/{id}/sign"), &[]).await;
    assert_eq!(back.status, 422);
}
