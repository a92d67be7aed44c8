//! Small cells are hidden by the view as by the public pages: the same rule stands in Rust, and both say the same of anything.

use radslag_petitions::{breakdown::suppressed, projections::PETITIONS};

use crate::database::{Database, read};

/// Cells of a petition, made of its number alone: few and small ones, so that every case of the rule comes up.
fn cells(petition: u64) -> Vec<(String, u64)> {
    let mut seed = petition.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let count = next(7);
    (0..count).map(|at| (if at == 0 { String::new() } else { format!("area {at}") }, 1 + next(13))).collect()
}

#[tokio::test]
async fn small_areas_are_hidden_as_on_the_public_pages() {
    let database = Database::new();
    database.store("petitions", &PETITIONS).await;
    let client = database.looking().await;
    let petitions = 1..=600_u64;
    for petition in petitions.clone() {
        for (area, count) in cells(petition) {
            let insert = format!(
                "INSERT INTO malmo_petitions_petitions.signature_areas VALUES (decode('{petition:032x}', 'hex'), '{area}', {count})"
            );
            client.batch_execute(&insert).await.unwrap();
        }
    }
    let (mut hidden, mut withheld) = (0, 0);
    for petition in petitions {
        let sql = format!(
            "SELECT area, signatures, is_hidden FROM bi_signatures_by_area WHERE petition = '{petition:032x}' ORDER BY area"
        );
        let (_, rows) = read(&client, &sql).await;
        let shown: Vec<(String, Option<u64>)> = rows
            .iter()
            .map(|row| {
                let count: Option<u64> = row[1].as_ref().map(|count| count.parse().unwrap());
                assert_eq!(row[2].as_deref() == Some("t"), count.is_none());
                (row[0].clone().unwrap(), count)
            })
            .collect();
        let public = suppressed(&cells(petition));
        withheld += u32::from(public.is_none());
        let mut public: Vec<_> =
            public.unwrap_or_default().into_iter().map(|cell| (cell.name, cell.count)).collect();
        public.sort();
        hidden += public.iter().filter(|(_, count)| count.is_none()).count();
        assert_eq!(shown, public, "{:?}", cells(petition));
    }
    assert!(hidden > 100 && withheld > 30, "the cases come up: {hidden}, {withheld}");
}
