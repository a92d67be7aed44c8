//! Tables as a large installation has them after five years, made by the database itself.

use std::collections::BTreeMap;

use anyhow::Result;
use tokio_postgres::Client;

/// The first hour of 2025, in hours since 1970: until then it went on, from five years before.
const END: u32 = 482_136;
const HOURS: u32 = 43_848;

/// Fills everything that panels read; how many rows there are.
pub(super) async fn all(client: &Client, petitions: u32) -> Result<BTreeMap<String, i64>> {
    for sql in [of_petitions(petitions), of_signatures(petitions), of_work(petitions), of_letters()] {
        client.batch_execute(&sql).await?;
    }
    let mut rows = BTreeMap::new();
    for table in [
        "petitions",
        "petition_classes",
        "reviews",
        "answer_parts",
        "signature_hours",
        "signing_hours",
        "signature_areas",
        "signature_states",
        "inquiries",
        "comment_states",
        "delivery_hours",
    ] {
        client.batch_execute(&format!("ANALYZE {table}")).await?;
        let row = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await?;
        rows.insert(table.to_owned(), row.try_get(0)?);
    }
    Ok(rows)
}

/// A petition's id of its number.
const ID: &str = "decode(lpad(to_hex(p), 32, '0'), 'hex')";
/// When it was handed in: evenly over the years.
fn start(petitions: u32) -> String {
    format!("({}::bigint + p::bigint * {HOURS} / {petitions}) * 3600000", END - HOURS)
}

fn of_petitions(petitions: u32) -> String {
    let (start, day) = (start(petitions), "86400000::bigint");
    format!(
        "INSERT INTO petitions (petition, position, handed_in, state, listed, answer, hearing, policy, register, key_ref, title, body, \
         submitted_at, review_by, opened_at, deadline, signatures, answer_at, answer_due_at, area, committee, topics, sort_start, sort_end) \
         SELECT {ID}, p, p, (ARRAY['open', 'closed', 'in_review', 'rejected'])[1 + p % 4], CASE WHEN p % 4 = 2 THEN 0 WHEN p % 4 = 0 THEN 1 ELSE 2 END, \
         CASE WHEN p % 40 = 1 THEN 'in_process' ELSE 'none' END, 'none', 'uk', 'R-' || p, p, 'Petition ' || p, repeat('words ', 400), \
         {start}, '2024-12-24', {start} + {day}, '2025-06-30', 400000000 / (p::bigint * p + 65), 10000, {start} + 30 * {day}, \
         'Area ' || p % 50, 'Committee ' || p % 12, ',Topic ' || p % 20 || ',', {start}, {start} \
         FROM generate_series(1, {petitions}) AS p; \
         INSERT INTO petition_classes SELECT listed, policy, answer, area, committee, topics, state, count(*) \
         FROM petitions GROUP BY 1, 2, 3, 4, 5, 6, 7; \
         INSERT INTO reviews SELECT petition, 2 * position, submitted_at, 0 FROM petitions; \
         INSERT INTO reviews SELECT petition, 2 * position + 1, submitted_at + 5 * {day}, 1 FROM petitions WHERE state <> 'in_review'; \
         INSERT INTO answer_parts (petition, part, key_ref, state, committee, sent_at, received_at, answer_by, overdue) \
         SELECT petition, 1, 1, 'in_process', committee, submitted_at, submitted_at + {day}, '2024-12-01', 0 FROM petitions WHERE answer <> 'none'"
    )
}

/// The first petition is signed every hour for half a year, the others in ever fewer hours.
fn of_signatures(petitions: u32) -> String {
    let start = start(petitions);
    format!(
        "INSERT INTO signature_hours SELECT {ID}, {start} / 3600000 + h, 0, m, 1 + 460 / p \
         FROM generate_series(1, {petitions}) AS p, LATERAL generate_series(1, greatest(40, 4400 / sqrt(p)::int)) AS h, \
         unnest(ARRAY['eid', 'mailbox', 'paper']) AS m; \
         INSERT INTO signing_hours SELECT hour, against, value, sum(rows) FROM signature_hours GROUP BY 1, 2, 3; \
         INSERT INTO signature_areas SELECT {ID}, 'Area ' || a, 1 + (p * a) % 900 FROM generate_series(1, {petitions}) AS p, generate_series(1, 50) AS a; \
         INSERT INTO signature_states SELECT {ID}, s, 1 + p % 900 FROM generate_series(1, {petitions}) AS p, \
         unnest(ARRAY['confirmed', 'withdrawn', 'invalidated', 'suspected', 'superseded']) AS s"
    )
}

fn of_work(petitions: u32) -> String {
    let start = start(petitions);
    format!(
        "INSERT INTO corrections (petition, bulk, kind, against, at, number, before, after, position) \
         SELECT {ID}, {ID}, 'struck_out', 0, {start}, 7, 100, 93, p FROM generate_series(1, {petitions}, 20) AS p; \
         INSERT INTO papers (petition, batch, state, received, taken, refused, counted, uncompared, position, dropped, struck, work) \
         SELECT {ID}, {ID}, 'accepted', '2024-03-01', 40, 2, 38, 3, p, 0, 0, 0 FROM generate_series(1, {petitions}, 5) AS p; \
         INSERT INTO inquiries (inquiry, kind, state, listed, register, received_at, due, answered_at, key_ref) \
         SELECT {ID}, 'question', (ARRAY['answered', 'assigned', 'in_review'])[1 + p % 3], 0, 'F-' || p, {start}, '2024-12-24', \
         CASE WHEN p % 3 = 0 THEN {start} + 900000000 END, p FROM generate_series(1, 2 * {petitions}) AS p; \
         INSERT INTO comment_states SELECT {ID}, s, 1 + p % 90 FROM generate_series(1, {petitions}) AS p, unnest(ARRAY['published', 'refused', 'waiting']) AS s; \
         INSERT INTO objections (objection, petition, about, raised_at, decide_by, waits, outcome, decided_at) \
         SELECT {ID}, {ID}, 'petition', {start}, '2024-12-24', p % 2, CASE WHEN p % 2 = 0 THEN 'upheld' END, {start} \
         FROM generate_series(1, {petitions}, 10) AS p"
    )
}

/// Every hour of five years has seven sorts of letters in two states.
fn of_letters() -> String {
    format!(
        "INSERT INTO delivery_hours SELECT {} + h, t, s, 1 + h % 90 FROM generate_series(1, {HOURS}) AS h, \
         unnest(ARRAY['confirm_signature', 'already_signed', 'received', 'answered', 'rejected', 'newsletter', '']) AS t, \
         unnest(ARRAY['sent', 'bounced']) AS s",
        END - HOURS
    )
}
