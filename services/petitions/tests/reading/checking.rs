//! What stands beside the log for whoever checks it: figures as of a position, and texts with the salts of their
//! commitments.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_kernel::{AggregateId, Role, SubjectId};
use radslag_petitions::petition::{
    Act, Fate, Verdict,
    answer::{self, Outcome},
};
use radslag_vault::cipher::commitment;
use serde_json::Value;

use crate::house::{House, house};

async fn beside(house: &House, path: &str) -> Value {
    serde_json::from_str(&house.text(&format!("/malmo/log/petitions/{path}")).await).unwrap()
}

#[tokio::test]
async fn the_figures_of_every_petition_hold_as_of_one_position() {
    let house = house().await;
    let open = house.petition("Bänk", "Sitta.").await;
    house.sign(open, 3, "21144").await;
    let waiting = house.hand_in("Ingen har sett", "Den här.").await;
    let figures = beside(&house, "figures").await;
    assert_eq!(figures["as_of"].as_u64(), Some(house.office.log.watermark()));
    let mut expected = [(open, "open", 4), (waiting, "in_review", 0)];
    expected.sort();
    let told = |of: &Value| -> Vec<(String, String, i64)> {
        let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        let all = of["petitions"].as_array().unwrap().iter();
        all.map(|one| (text(one, "petition"), text(one, "state"), one["signatures"].as_i64().unwrap()))
            .collect()
    };
    let expected = expected.map(|(id, state, count)| (id.to_string(), state.to_owned(), count));
    assert_eq!(told(&figures), expected);
    let rest = beside(&house, &format!("figures?after={}", expected[0].0)).await;
    assert_eq!((told(&rest).as_slice(), &rest["after"]), (&expected[1..], &expected[0].0.clone().into()));
    assert_eq!(house.ask("/malmo/log/petitions/figures?after=x").await.status().as_u16(), 404);
}

/// What is disclosed: position, field, text; each is compared with what its event committed to.
async fn disclosed(house: &House) -> Vec<(u64, u64, String)> {
    let told = beside(house, "disclosed").await;
    assert_eq!(told["to"].as_u64(), Some(house.office.log.watermark()));
    let mut all = Vec::new();
    for value in told["values"].as_array().unwrap() {
        let bytes = |name: &str| STANDARD.decode(value[name].as_str().unwrap()).unwrap();
        let (position, field) = (value["position"].as_u64().unwrap(), value["field"].as_u64().unwrap());
        let record = house.office.log.read(position, 1).unwrap().remove(0);
        let held = record.header.commitments.iter().find(|one| u64::from(one.field) == field).unwrap();
        let salt: [u8; 32] = bytes("salt").try_into().unwrap();
        assert_eq!(commitment(&salt, record.id(), field as u32, &bytes("value"))[..], held.value[..]);
        all.push((position, field, String::from_utf8(bytes("value")).unwrap()));
    }
    all
}

#[tokio::test]
async fn only_what_everybody_may_read_now_is_disclosed() {
    let house = house().await;
    house.hand_in("Ingen har sett", "Den här.").await;
    assert_eq!(disclosed(&house).await, []);
    let open = house.petition("Bänk", "Sitta.").await;
    assert_eq!(values(&house).await, ["Bänk", "Sitta.", "", "Ines Initiator", "", "", "petition-000001"]);
    let at = disclosed(&house).await[0].0;
    let (told, none) =
        (beside(&house, &format!("disclosed?at=0.{at}")).await, beside(&house, "disclosed?at=0.0").await);
    assert!(told["values"].as_array().unwrap().iter().all(|value| value["position"] == at));
    assert_eq!((told["from"].as_u64(), told["to"].as_u64()), (Some(at), Some(at + 1)));
    assert!(!told["values"].as_array().unwrap().is_empty() && none["values"].as_array().unwrap().is_empty());
    for elsewhere in ["0.999999", "1.0", "nowhere"] {
        let path = format!("/malmo/log/petitions/disclosed?at={elsewhere}");
        assert_eq!(house.ask(&path).await.status().as_u16(), 404, "{elsewhere}");
    }
    house.official(open, &|by, _| Ok(take_down(by))).await;
    assert_eq!(disclosed(&house).await, []);
    let other = AggregateId::from_bytes([1; 16]);
    assert_eq!(house.ask(&format!("/malmo/log/{other}/disclosed")).await.status().as_u16(), 404);
}

async fn values(house: &House) -> Vec<String> {
    disclosed(house).await.into_iter().map(|(.., value)| value).collect()
}

#[tokio::test]
async fn what_everybody_reads_of_answers_is_disclosed_and_no_ground_and_no_signer_is() {
    let house = house().await;
    let open = house.petition("Bänk", "Sitta.").await;
    house.sign(open, 120, "21144").await;
    house.later(24 * 250);
    house.official(open, &|_, _| Ok(Act::Lapse)).await;
    let text = values(&house).await;
    assert_eq!(
        text,
        ["Bänk", "Sitta.", "", "Ines Initiator", "", "", "petition-000000"],
        "no name of who signed"
    );
    let committees = ["Tekniska nämnden".to_owned()];
    house
        .official(open, &|by, found| {
            let handover = house.office.handover(open, found, &committees, None);
            Ok(Act::Answer(answer::Act::HandOver { by, handover }))
        })
        .await;
    let receive = |by| answer::Act::Receive { by, part: 1, case: "TN-2008-17".into() };
    house.official(open, &|by, _| Ok(Act::Answer(receive(by)))).await;
    for (outcome, text) in [(Outcome::Declined, "Nej."), (Outcome::Partly, "Kanske.")] {
        let link = "https://malmo.example/17".to_owned();
        let give = |by| answer::Act::Give { by, part: 1, outcome, text: text.into(), link: link.clone() };
        house.official(open, &|by, _| Ok(Act::Answer(give(by)))).await;
    }
    let link = "https://malmo.example/17";
    let answered: Vec<String> = values(&house).await.split_off(text.len());
    assert_eq!(
        answered,
        ["Tekniska nämnden", "TN-2008-17", "Nej.", link, "Kanske.", link],
        "no hash, no ground"
    );
    house.official(open, &|by, _| Ok(take_down(by))).await;
    assert_eq!(values(&house).await, Vec::<String>::new());
}

fn take_down(by: radslag_petitions::petition::Official) -> Act {
    let verdict = Verdict { by, codes: vec!["libellous".into()], text: "Nej.".into() };
    Act::TakeDown {
        verdict,
        role: Role::Moderator,
        second: SubjectId::from_bytes([9; 16]),
        fate: Fate::Hidden,
    }
}
