//! Files and links of a petition: what is taken, who reads it and when, and that nothing of it is left once it is destroyed.

use std::{fs, path::PathBuf, time::SystemTime};

use axum::{body::Body, http::Request};
use radslag_kernel::{AggregateId, ItemId, Role};
use radslag_kit::clamd::{EICAR, Peer};
use radslag_runtime::config::Scan;
use serde_json::{Value, json};

use crate::house::{Answer, House};

const PDF: &[u8] = b"%PDF-1.7 A planted map of the park";

/// A form with a file, as a browser sends it.
fn form(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat()
}

/// Takes files as its scanner says.
async fn scanned(peer: &Peer) -> House {
    let address = peer.address().parse().unwrap();
    House::with(|config| config.attachments.clamd = Some(address)).await
}

/// Takes files that nobody looks at.
async fn unscanned() -> House {
    House::with(|config| config.tenants[0].attachments.scan = Scan::None).await
}

/// Carl's, handed in by eID.
async fn handed_in(house: &House) -> AggregateId {
    let texts = json!({ "title": "A bench in every park", "body": "Nowhere to sit.",
        "url_key": "a-bench-in-every-park", "length": { "months": 6 },
        "links": [{ "label": "The park", "url": "https://malmo.se/park" }] });
    let carl = house.token(Role::Citizen, "carl");
    let made = house.ask("POST", "/petitions", &carl, &json!({ "texts": texts }).to_string()).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    house.settled().await;
    made.json()["id"].as_str().unwrap().parse().unwrap()
}

async fn attach_as(house: &House, petition: AggregateId, who: &str, (name, bytes): (&str, &[u8])) -> Answer {
    let request = Request::post(format!("/api/v1/malmo/petitions/{petition}/attachments"))
        .header("authorization", format!("Bearer {}", house.token(Role::Citizen, who)))
        .header("idempotency-key", name.bytes().map(|byte| format!("{byte:02x}")).collect::<String>())
        .header("content-type", "multipart/form-data; boundary=edge");
    house.send(request.body(Body::from(form(name, bytes))).unwrap()).await
}

async fn attach(house: &House, petition: AggregateId, file: (&str, &[u8])) -> Answer {
    attach_as(house, petition, "carl", file).await
}

/// Where a file that was taken is read.
async fn attached(house: &House, petition: AggregateId, name: &str) -> String {
    let done = attach(house, petition, (name, PDF)).await;
    assert_eq!(done.status, 201, "{:?}", done.json());
    house.settled().await;
    format!("/petitions/{petition}/attachments/{}", done.json()["item"].as_str().unwrap())
}

async fn read(house: &House, path: &str, who: Option<(Role, &str)>) -> Answer {
    let header = who.map(|(role, who)| format!("authorization: Bearer {}", house.token(role, who)));
    let headers: Vec<&str> = header.iter().map(String::as_str).collect();
    house.ask_from("192.0.2.1", ("GET", path), &headers, "").await
}

async fn approve(house: &House, petition: AggregateId) {
    let mona = house.token(Role::Moderator, "mona");
    let path = format!("/petitions/{petition}/approve");
    let done = house.ask("POST", &path, &mona, r#"{"ground":"fine"}"#).await;
    assert_eq!(done.status, 200, "{:?}", done.json());
    house.settled().await;
}

/// An act of two officials.
async fn by_two(house: &House, path: &str, role: Role, body: &Value) {
    let first = format!("authorization: Bearer {}", house.token(role, "first"));
    let second = format!("second-authorization: Bearer {}", house.token(role, "second"));
    let done = house.ask_from("198.51.100.1", ("POST", path), &[&first, &second], &body.to_string()).await;
    assert_eq!(done.status, 200, "{:?}", done.json());
    house.settled().await;
}

/// The sealed files that stand beside the log.
fn kept(house: &House) -> Vec<PathBuf> {
    let all = house.everything_kept().into_iter().map(|(path, _)| path);
    all.filter(|path| path.components().any(|part| part.as_os_str() == "blobs")).collect()
}

async fn listed(house: &House, petition: AggregateId) -> Value {
    let told = read(house, &format!("/petitions/{petition}"), Some((Role::Citizen, "carl"))).await;
    told.json()["attachments"].clone()
}

#[tokio::test]
async fn a_file_is_its_initiators_and_staffs_until_the_petition_is_everybodys() {
    let peer = Peer::start().await.unwrap();
    let house = scanned(&peer).await;
    let petition = handed_in(&house).await;
    let path = attached(&house, petition, "Karta över parken.pdf").await;
    assert_eq!(peer.looked_at(), 1);
    let mine = read(&house, &path, Some((Role::Citizen, "carl"))).await;
    assert_eq!((mine.status.as_u16(), mine.body.as_slice()), (200, PDF));
    let said = |name: &str| mine.headers[name].to_str().unwrap().to_owned();
    assert_eq!(said("content-type"), "application/pdf");
    assert!(said("content-disposition").starts_with("attachment; filename=\"Karta _ver parken.pdf\""));
    assert!(said("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert_eq!(
        (said("x-content-type-options"), said("cache-control")),
        ("nosniff".into(), "private, no-store".into())
    );
    assert_eq!(read(&house, &path, Some((Role::Moderator, "mona"))).await.status, 200);
    for who in [None, Some((Role::Citizen, "dora"))] {
        assert_eq!(read(&house, &path, who).await.status, 404, "{who:?}");
    }
    let none = ItemId::from_bytes([9; 16]);
    let none = format!("/petitions/{petition}/attachments/{none}");
    assert_eq!(read(&house, &none, Some((Role::Citizen, "carl"))).await.status, 404);
    approve(&house, petition).await;
    assert_eq!(read(&house, &path, None).await.body, PDF);
    let told = read(&house, &format!("/petitions/{petition}"), None).await.json();
    let item = path.rsplit('/').next().unwrap();
    let file = json!({ "item": item, "name": "Karta över parken.pdf", "kind": "pdf", "size": PDF.len() });
    assert_eq!(told["attachments"], json!([file]));
    let (_, page) = house.page_of(&format!("/malmo/petitions/{petition}?lang=en")).await;
    let page = page.replace("&#x2f;", "/");
    assert!(page.contains("Karta över parken.pdf</a> (PDF, 34 bytes)"), "{page}");
    let link = r#"<a href="https://malmo.se/park" rel="nofollow noopener ugc">The park</a>"#;
    assert!(page.contains(link), "{page}");
    let late = attach(&house, petition, ("late.pdf", PDF)).await;
    assert_eq!((late.status.as_u16(), late.code()), (409, "attachments-closed".into()));
}

#[tokio::test]
async fn nothing_of_a_file_can_be_read_on_the_disk() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    attached(&house, petition, "Planted name.pdf").await;
    assert_eq!(kept(&house).len(), 1);
    for (path, bytes) in house.everything_kept() {
        for text in ["planted map", "Planted name"] {
            let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "{text} in {}", path.display());
        }
    }
}

#[tokio::test]
async fn an_infected_file_is_refused_and_nothing_of_it_is_kept() {
    let peer = Peer::start().await.unwrap();
    let house = scanned(&peer).await;
    let petition = handed_in(&house).await;
    let before = house.office.log.watermark();
    let infected = [PDF, EICAR.concat().as_bytes()].concat();
    let refused = attach(&house, petition, ("map.pdf", &infected)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "attachment-infected".into()));
    assert_eq!((kept(&house), house.office.log.watermark()), (vec![], before));
}

#[tokio::test]
async fn a_file_is_what_its_bytes_say_and_never_what_it_is_called() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    for (name, bytes) in [
        ("photo.png", b"MZ\x90\0".as_slice()),
        ("photo.jpg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
        ("map.pdf", b"PK\x03\x04"),
        ("empty.txt", b""),
    ] {
        let refused = attach(&house, petition, (name, bytes)).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code()),
            (415, "attachment-kind-not-allowed".into()),
            "{name}"
        );
    }
    assert_eq!(attach(&house, petition, ("photo.png", PDF)).await.status, 201);
    let shown = listed(&house, petition).await;
    assert_eq!((&shown[0]["name"], &shown[0]["kind"]), (&json!("photo.pdf"), &json!("pdf")));
}

#[tokio::test]
async fn a_name_opens_nothing_and_leads_nowhere() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    let before = house.everything_kept().len();
    attached(&house, petition, "../../x").await;
    assert_eq!(listed(&house, petition).await[0]["name"], "x.pdf");
    let kept = kept(&house);
    let folder = house.office.log.folder().join("blobs").join(petition.to_string());
    assert_eq!(kept[0].parent(), Some(folder.as_path()), "under a name of ours");
    let named = house.everything_kept().into_iter().filter(|(path, _)| path.ends_with("x")).count();
    assert_eq!((kept.len(), named), (1, 0));
    assert!(house.everything_kept().len() > before);
}

#[tokio::test]
async fn a_file_is_as_large_as_the_policy_takes_and_no_larger() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    let mut large = PDF.to_vec();
    large.resize(5_000_001, b' ');
    let refused = attach(&house, petition, ("large.pdf", &large)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (413, "attachment-too-large".into()));
    assert_eq!((&refused.json()["limit_bytes"], kept(&house)), (&json!(5_000_000), vec![]));
    assert_eq!(attach(&house, petition, ("whole.pdf", &large[..5_000_000])).await.status, 201);
    assert_eq!(listed(&house, petition).await[0]["size"], 5_000_000);
}

#[tokio::test]
async fn no_more_files_than_the_policy_takes_and_one_that_is_taken_away_makes_room() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    let first = attached(&house, petition, "0.pdf").await;
    for name in ["1.pdf", "2.pdf"] {
        attached(&house, petition, name).await;
    }
    let refused = attach(&house, petition, ("3.pdf", PDF)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "too-many-attachments".into()));
    assert_eq!(kept(&house).len(), 3);
    let again = attach(&house, petition, ("2.pdf", PDF)).await;
    assert_eq!(again.status, 201, "sent again it is the one that is there: {:?}", again.json());
    assert_eq!(kept(&house).len(), 3);
    let dora = house.token(Role::Citizen, "dora");
    assert_eq!(house.ask("DELETE", &first, &dora, "").await.status, 404, "it is somebody else's");
    let carl = house.token(Role::Citizen, "carl");
    for _ in 0..2 {
        assert_eq!(house.ask("DELETE", &first, &carl, "").await.status, 200);
    }
    house.settled().await;
    assert_eq!((kept(&house).len(), listed(&house, petition).await.as_array().unwrap().len()), (2, 2));
    let gone = read(&house, &first, Some((Role::Citizen, "carl"))).await;
    assert_eq!((gone.status.as_u16(), gone.code()), (410, "attachment-gone".into()));
    assert_eq!(attach(&house, petition, ("3.pdf", PDF)).await.status, 201);
}

#[tokio::test]
async fn only_who_started_it_attaches_and_only_where_the_policy_takes_files() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    assert_eq!(attach_as(&house, petition, "dora", ("map.pdf", PDF)).await.status, 404);
    assert_eq!(attach(&house, AggregateId::from_bytes([9; 16]), ("map.pdf", PDF)).await.status, 404);
    let house = House::under("uk").await;
    let texts = json!({ "title": "A bench", "body": "To sit.", "length": { "months": 6 } });
    let carl = house.token(Role::Citizen, "carl");
    let made = house.ask("POST", "/petitions", &carl, &json!({ "texts": texts }).to_string()).await;
    let other = made.json()["id"].as_str().unwrap().parse().unwrap();
    let refused = attach(&house, other, ("map.pdf", PDF)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "attachments-not-allowed".into()));
}

#[tokio::test]
async fn without_a_scanner_no_file_is_taken() {
    let house = House::new().await;
    let petition = handed_in(&house).await;
    let refused = attach(&house, petition, ("map.pdf", PDF)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (503, "attachments-not-scanned".into()));
    assert_eq!(kept(&house), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn while_the_scanner_is_gone_no_file_is_taken_and_none_is_kept() {
    let peer = Peer::start().await.unwrap();
    let house = scanned(&peer).await;
    let petition = handed_in(&house).await;
    let before = house.office.log.watermark();
    peer.stop().await;
    let refused = attach(&house, petition, ("map.pdf", PDF)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (503, "attachments-not-scanned".into()));
    assert_eq!((kept(&house), house.office.log.watermark()), (vec![], before));
}

#[tokio::test]
async fn no_event_is_without_its_file() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    let before = house.office.log.watermark();
    // Where the files would stand is no folder.
    fs::write(house.office.log.folder().join("blobs"), "").unwrap();
    assert_eq!(attach(&house, petition, ("map.pdf", PDF)).await.status, 503);
    assert_eq!(house.office.log.watermark(), before, "nothing was written");
}

#[tokio::test]
async fn what_a_crash_left_without_an_event_goes_after_a_day() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    let path = attached(&house, petition, "map.pdf").await;
    let named = kept(&house);
    // Between file and event the process ends.
    house.office.blobs.put(petition, &[7; 16], b"sealed").unwrap();
    let age = |hours: u64| {
        let then = SystemTime::now() - std::time::Duration::from_secs(hours * 3_600);
        for path in kept(&house) {
            fs::File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
        }
    };
    age(23);
    assert_eq!(house.office.sweep_files().unwrap(), 0, "it may be written still");
    age(24);
    assert_eq!(house.office.sweep_files().unwrap(), 1);
    assert_eq!(kept(&house), named);
    assert_eq!(read(&house, &path, Some((Role::Citizen, "carl"))).await.body, PDF);
}

#[tokio::test]
async fn removed_for_good_its_files_are_gone_and_a_copy_of_them_opens_no_more() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    let path = attached(&house, petition, "map.pdf").await;
    approve(&house, petition).await;
    let copy = kept(&house).remove(0);
    let sealed = fs::read(&copy).unwrap();
    let down = json!({ "fate": "removed", "codes": ["libellous"], "text": "", "ground": "Rules, 2" });
    by_two(&house, &format!("/petitions/{petition}/take-down"), Role::TenantAdministrator, &down).await;
    assert_eq!(kept(&house), Vec::<PathBuf>::new());
    fs::write(&copy, sealed).unwrap();
    for who in [None, Some((Role::Citizen, "carl")), Some((Role::Moderator, "mona"))] {
        assert_eq!(read(&house, &path, who).await.status, 410, "{who:?}");
    }
    let item = path.rsplit('/').next().unwrap().parse().unwrap();
    let found = house.office.attached(petition, item).await.unwrap();
    assert!(matches!(found, radslag_petitions::shell::attached::Attached::Gone), "its key is destroyed");
}

#[tokio::test]
async fn a_hidden_petitions_files_are_for_staff_alone() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    let path = attached(&house, petition, "map.pdf").await;
    approve(&house, petition).await;
    let down = json!({ "fate": "hidden", "codes": ["libellous"], "text": "", "ground": "Rules, 2" });
    by_two(&house, &format!("/petitions/{petition}/take-down"), Role::Moderator, &down).await;
    assert_eq!(read(&house, &path, None).await.status, 404);
    assert_eq!(read(&house, &path, Some((Role::Moderator, "mona"))).await.status, 200);
}

#[tokio::test]
async fn another_tenants_file_is_not_found() {
    let both = |config: &mut radslag_runtime::Config| {
        config.tenants[0].attachments.scan = Scan::None;
        let lund = radslag_runtime::config::Tenant { id: "lund".into(), ..config.tenants[0].clone() };
        config.tenants.push(lund);
    };
    let (malmo, lund) = (House::with(both).await, House::called("lund", "open").await);
    let petition = handed_in(&malmo).await;
    let path = attached(&malmo, petition, "map.pdf").await;
    approve(&malmo, petition).await;
    let app = malmo.beside(&lund);
    let mona = malmo.token_of("lund", Role::Moderator, "mona");
    for token in [None, Some(mona.as_str())] {
        assert_eq!(House::read(&app, &format!("/api/v1/lund{path}"), token).await.status, 404);
    }
    assert_eq!(House::read(&app, &format!("/api/v1/malmo{path}"), None).await.body, PDF);
}

#[tokio::test]
async fn erasing_the_initiator_leaves_what_the_petition_says_and_erasing_that_takes_its_files() {
    let house = unscanned().await;
    let petition = handed_in(&house).await;
    let path = attached(&house, petition, "map.pdf").await;
    approve(&house, petition).await;
    let erase = format!("/petitions/{petition}/erase");
    let body = |what: &str| json!({ "what": what, "ground": "decided" });
    by_two(&house, &erase, Role::Archivist, &body("initiator")).await;
    assert_eq!(read(&house, &path, None).await.body, PDF);
    by_two(&house, &erase, Role::Archivist, &body("document")).await;
    assert_eq!((read(&house, &path, None).await.status.as_u16(), kept(&house)), (410, vec![]));
    let told = read(&house, &format!("/petitions/{petition}"), None).await.json();
    assert_eq!((&told["body"], &told["links"], &told["attachments"]), (&Value::Null, &json!([]), &json!([])));
}

#[tokio::test]
async fn links_stand_beside_the_texts_and_lead_to_web_pages_only() {
    let house = House::new().await;
    let petition = handed_in(&house).await;
    approve(&house, petition).await;
    let told = read(&house, &format!("/petitions/{petition}"), None).await.json();
    assert_eq!(told["links"], json!([{ "label": "The park", "url": "https://malmo.se/park" }]));
    let (_, disclosed) = house.page_of("/malmo/log/petitions/disclosed").await;
    let disclosed: Value = serde_json::from_str(&disclosed).unwrap();
    let fields = disclosed["values"].as_array().unwrap().iter().map(|value| value["field"].as_u64());
    assert!(fields.into_iter().any(|field| field == Some(10)), "{disclosed}");
    let carl = house.token(Role::Citizen, "carl");
    let refused = async |links: Value| {
        let texts =
            json!({ "title": "A bench", "body": "To sit.", "length": { "months": 6 }, "links": links });
        house.ask("POST", "/petitions", &carl, &json!({ "texts": texts }).to_string()).await
    };
    let link = |url: &str| json!({ "label": "Here", "url": url });
    let wrong = refused(json!([link("http://malmo.se/park")])).await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "link-not-allowed".into()));
    let many = refused(Value::from(vec![link("https://malmo.se/park"); 4])).await;
    assert_eq!((many.status.as_u16(), many.code()), (422, "too-many-links".into()));
}
