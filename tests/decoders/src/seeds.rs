//! The inputs from which changes begin, a folder a target: made by the encoders themselves, so that most of each is valid.
//! `cargo run -p radslag-decoders` writes them; they are kept, since what was read once must be read for ever.

use std::{fs, path::PathBuf};

use prost::Message as _;
use radslag_eventlog::{
    frame::{Builder, Seed},
    segment::Identity,
};
use radslag_evidence::{Checkpoint, Note, Receipt, Tree, VerifierKey, proof, tile, tree};
use radslag_kernel::KeyRef;
use radslag_proto::log::{Commitment, Header, Private, Sealed};
use radslag_vault::{fuzzing, slot::Slot};

use crate::{
    event::{KINDS, RELEASED},
    evidence::{ORIGIN, key},
    input::put_part,
    log::{LOG, note},
    tickets::NOW,
};

/// Where they are kept.
#[must_use]
pub fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "fuzz", "seeds"].iter().collect()
}

/// The kept ones of a target, by name.
#[must_use]
pub fn of(target: &str) -> Vec<(String, Vec<u8>)> {
    let mut seeds: Vec<(String, Vec<u8>)> = fs::read_dir(folder().join(target))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
        .collect();
    seeds.sort();
    seeds
}

/// A target, a name, and the bytes.
pub type Seed3 = (&'static str, String, Vec<u8>);

/// All of them anew.
#[must_use]
pub fn made() -> Vec<Seed3> {
    let mut seeds = Vec::new();
    let mut put = |target, name: &str, bytes: &[u8]| seeds.push((target, name.to_owned(), bytes.to_vec()));
    of_evidence(&mut put);
    of_proofs(&mut put);
    of_logs(&mut put);
    of_keys(&mut put);
    of_tables(&mut put);
    of_tickets(&mut put);
    of_texts(&mut put);
    of_tally(&mut put);
    seeds.extend(events());
    seeds
}

type Put<'a> = &'a mut dyn FnMut(&'static str, &str, &[u8]);

fn of_evidence(put: Put<'_>) {
    let checkpoint = Checkpoint::new(ORIGIN.into(), 8, [8; 32]);
    let more = Checkpoint { extensions: vec!["more".into(), "and more".into()], ..checkpoint.clone() };
    for (name, checkpoint) in [("plain", &checkpoint), ("extended", &more)] {
        put("checkpoint", name, checkpoint.to_string().as_bytes());
        put(
            "checkpoint",
            &format!("signed-{name}"),
            checkpoint.sign(&[&key()]).unwrap().to_string().as_bytes(),
        );
        put("note", name, checkpoint.sign(&[&key(), &key()]).unwrap().to_string().as_bytes());
    }
    put("note", "text", Note::sign("a\n\nb\n\n".into(), &[&key()]).unwrap().to_string().as_bytes());
    let verifier: VerifierKey = key().verifier();
    put("verifier_key", "ours", verifier.to_string().as_bytes());
    put("verifier_key", "named", verifier.named("å").unwrap().to_string().as_bytes());
    let known = (0..5_u8).fold(Tree::default(), |mut known, n| {
        known.push(tree::leaf(&[n]), |_, _| {});
        known
    });
    let one = Checkpoint::new(ORIGIN.into(), 1, tree::leaf(&[0])).sign(&[&key()]).unwrap();
    let alone = Receipt { extra: Some(vec![0]), index: 0, path: Vec::new(), checkpoint: one };
    put("receipt", "alone", alone.to_string().as_bytes());
    let five = Checkpoint::new(ORIGIN.into(), 5, known.root()).sign(&[&key()]).unwrap();
    let four = (0..4_u8).fold(Tree::default(), |mut known, n| {
        known.push(tree::leaf(&[n]), |_, _| {});
        known
    });
    let last = Receipt { extra: Some(vec![4]), index: 4, path: vec![four.root()], checkpoint: five };
    put("receipt", "last-of-five", last.to_string().as_bytes());
    put("receipt", "without-entry", Receipt { extra: None, ..last }.to_string().as_bytes());
}

fn of_proofs(put: Put<'_>) {
    for path in ["0/000", "entries/x001/x234/067", "1/x001/000.p/255", "7/999.p/1", "entries/000.p/12"] {
        put("tile", &path.replace('/', "-"), path.as_bytes());
    }
    let mut bundle = Vec::new();
    [&b"one"[..], b"", &[7; 300]].iter().for_each(|entry| tile::bundle(&mut bundle, entry));
    put("bundle", "three", &bundle);
    put("bundle", "hashes", [[1; 32], [2; 32], [3; 32], [4; 32]].as_flattened());
    for (name, size, other) in [("seven", 7_u8, 4_u8), ("eight", 8, 3), ("seventy", 70, 64)] {
        put("inclusion", name, &[size, other, other, 0, 0, 0, 1, 1, 2, 3]);
        put("consistency", name, &[size, other, 0, 2, 1, 0, 9]);
    }
    let numbers = [u64::MAX - 1, u64::MAX].map(u64::to_le_bytes);
    put("inclusion", "largest", &[&[0, 0, 0], numbers.as_flattened(), &[3; 96]].concat());
    put("consistency", "largest", &[&[0, 0], numbers.as_flattened(), &[3; 96]].concat());
    debug_assert!(proof::check_inclusion(&[0; 32], 0, 1, &[], &[0; 32]).is_ok());
}

fn header(position: u64) -> Vec<u8> {
    let header = Header {
        position,
        event_id: vec![1; 16].into(),
        r#type: "petition.opened".into(),
        schema: 1,
        aggregate: vec![2; 16].into(),
        item: vec![3; 16].into(),
        occurred_at: 1_224_806_400_000,
        recorded_at: 1_224_806_400_001,
        role: 1,
        actor: vec![4; 16].into(),
        commitments: vec![Commitment { field: 1, value: vec![5; 32].into() }],
    };
    header.encode_to_vec()
}

fn private(version: u64) -> Vec<u8> {
    let nonce = vec![6; 24].into();
    let sealed = Sealed { field: 1, algorithm: 1, keys: vec![7, 8], nonce, ciphertext: vec![9; 60].into() };
    let digest = sealed.encode_to_vec().into();
    let command = vec![10; 16].into();
    let private = Private {
        stream: "petition-1".into(),
        version,
        previous: Some(1),
        command,
        sealed: vec![sealed],
        erased: vec![11],
        digest,
        ..Private::default()
    };
    [vec![0; 16], private.encode_to_vec()].concat()
}

fn of_logs(put: Put<'_>) {
    let mut frames = Vec::new();
    for first in [0, 2, 4] {
        let mut frame = Builder::new(&mut frames, first, first);
        for position in [first, first + 1] {
            frame.event(&header(position), b"public", &private(position + 1));
        }
        frame.end(Seed::new(LOG, 0));
        if first == 0 {
            put("frame", "two-events", &frames);
        }
    }
    let mut parts = [41_u64, 40].map(u64::to_le_bytes).as_flattened().to_vec();
    [&header(41), &b"public"[..], &private(1)].iter().for_each(|part| put_part(part, &mut parts));
    put("frame", "built", &parts);
    put("segment", "three-frames", &[&[0; 4][..], &frames].concat());
    put("segment", "torn", &[&[0; 4][..], &frames[..frames.len() - 40]].concat());
    put("segment", "header", &Identity { log: LOG, origin: 3, first: 99 }.encode()[..64]);
    let number = 77_u64.to_le_bytes();
    put("ack", "good", &[&number[..], &crc32c::crc32c(&number).to_le_bytes(), &[0; 4]].concat());
    put("index_block", "two-streams", &[[0xff; 16].as_slice(), &[1; 28], &[2; 28]].concat());
    put("checkpoint_file", "two", &[&[0, 3], note(1).as_bytes(), note(2).as_bytes()].concat());
    put("checkpoint_file", "torn", &[&[0, 3], note(1).as_bytes(), &note(2).as_bytes()[..70]].concat());
    put("checkpoint_file", "long", &[&[1, 90], note(500).as_bytes()].concat());
    let mut message = 42_u64.to_le_bytes().to_vec();
    message.push(1);
    put_part(b"", &mut message);
    put_part(&header(41), &mut message);
    put("message", "made", &[&message, &b"public"[..]].concat());
    let mut message = 1_u64.to_le_bytes().to_vec();
    message.push(0);
    put_part(format!("{LOG}:0:0").as_bytes(), &mut message);
    put_part(b"CAE=", &mut message);
    put("message", "plain", &message);
}

fn of_keys(put: Put<'_>) {
    let slots = [Slot::Erased, Slot::Live { kek: 1, wrapped: [7; 48] }];
    let mut file = vec![0; 64];
    for (number, slot) in (1..).zip(slots) {
        let bytes = slot.encode(LOG, number);
        put(
            "slot",
            if number == 1 { "erased" } else { "live" },
            &[&number.to_le_bytes(), &bytes[..]].concat(),
        );
        file.extend_from_slice(&bytes);
    }
    put("key_file", "two-slots", &[&[1][..], &[9; 8], &file].concat());
    put("key_file", "new", &[&[0][..], &[0xff; 8]].concat());
    let lines = [(7, Some(KeyRef(3))), (9, None)];
    let lines: String = lines.iter().map(|(at, slot)| fuzzing::ledger_line(LOG, *at, *slot, 1)).collect();
    put("ledger", "two-lines", lines.as_bytes());
    put("ledger", "torn", &lines.as_bytes()[..lines.len() - 9]);
}

fn of_tables(put: Put<'_>) {
    for (name, bytes) in [("small", &[5][..]), ("two", &[0xac, 2]), ("largest", &[0xff; 9])] {
        put("varint", name, &[bytes, &[1]].concat());
    }
    put("row_key", "bytes", b"\x01ab\0\xff\0\0\x80\0\0\0\0\0\0\x07");
    put("row_key", "texts", "\u{2}å\0\0a\0\0".as_bytes());
    put("change", "remove", &[0]);
    put("change", "add", &[1, 7, 3]);
    put("change", "set", &[2, 4, 1, 0, 2, 1, 9, 3, 2, 1, b'a', 4, 3, 1, 0]);
    put("change", "two-additions", &[3, 0, 1, 7, 3, 1, 7, 8]);
    put("change", "piece", &[1, 2, 0, 9, 9, 0, 0, 0, 2, 1, 1, 2]);
    put("count_block", "three", &[&[0; 28][..], &[1, 3, 0, 0, 0, 2, 1, 1, 2, 5, 40, 1]].concat());
    for (name, text) in [
        ("swedish", "Fler cykelbanor i Möllevången"),
        ("english", "benches in every park, please"),
        ("odd", "\" OR * NEAR( {x} : y ' | !'a' & ':* -- a\0b"),
        ("apart", "Ba\u{308}nk A\u{30a}r İß ﬁ"),
        ("common", "och att i det"),
    ] {
        put("search", name, text.as_bytes());
    }
}

fn of_tickets(put: Put<'_>) {
    put("cursor", "number", b"[35617,\"petition\"]");
    put("cursor", "object", b"{\"at\":1e3,\"id\":\"ab\",\"z\":null}");
    put("cursor", "text", b"AQAAAAAAAAAAAAAAAAAAAAAAAAAA");
    put("link", "later", &[&[1; 49][..], &999_u64.to_be_bytes(), &7_u64.to_le_bytes()].concat());
    put("link", "text", &[b'A'; 98]);
    let (until, url) = (NOW + 600, "https://id.radslag.example");
    let auth = radslag_runtime::config::Auth::default();
    let claims = |issuer: &str, more: &str| {
        format!(
            "{{\"iss\":\"{issuer}\",\"aud\":\"{}\",\"sub\":\"x\",\"exp\":{until},\"nbf\":{NOW},\"tenant\":\"malmo\"{more}}}",
            auth.audience
        )
    };
    let mut token = |name: &str, by: u8, header: &str, claims: String| {
        let mut bytes = vec![by - 1];
        put_part(header.as_bytes(), &mut bytes);
        put("token", name, &[&bytes, claims.as_bytes()].concat());
    };
    let roles = ",\"roles\":[\"citizen\",\"system\",\"initiator\"],\"acr\":\"loa3\",\"name\":\"A\"";
    token("issuer", 1, "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", claims(&auth.issuer, roles));
    token("stranger", 3, "{\"alg\":\"EdDSA\",\"kid\":\"x\"}", claims(url, ""));
    token("none", 1, "{\"alg\":\"none\"}", claims(&auth.issuer, ""));
    let session = format!(",\"sid\":\"{}\",\"roles\":[\"citizen\",\"clerk\"]", "ab".repeat(16));
    let header = "{\"alg\":\"EdDSA\",\"kid\":\"radslag-session\"}";
    token("session", 2, header, claims("radslag-session", &session));
}

fn of_texts(put: Put<'_>) {
    let read = |path: &str| {
        let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", path].iter().collect();
        fs::read(path).unwrap()
    };
    put("roles", "shipped", &read("infra/runtime/src/roles.toml"));
    let policies = read("services/petitions/policies.toml");
    put("policies", "shipped", &policies);
    let small = b"[http]\nlisten = \"127.0.0.1:0\"\ntimeout_ms = 5\n\n[[tenants]]\nid = \"malmo\"\nname = \"M\"\nas_of = 2008-10-24\n";
    put("config", "small", small);
    let variables = b"RADSLAG_HTTP__LISTEN=[::1]:0\0RADSLAG_LIMITS__BURST=7\0RADSLAG_TENANTS=[{id = \"a\", name = \"A\"}]\0";
    put("config", "variables", &[&small[..], &[0], variables].concat());
    put("config", "demonstration", &read("services/radslag/demo.toml"));
    for (kind, text) in [(0, "10.1.*.*"), (0, "2001:db8::/32"), (1, "*.Example"), (2, "Bot-??@spam.example")]
    {
        put("typed", &text.replace(['*', '/', ':', '?'], "_"), &[&[109, 0, kind], text.as_bytes()].concat());
    }
    for text in ["Anna.Berg+list@GoogleMail.com", "19090101-1238", "2.17", "sv;q=0.9,en", "http://x/loa3"] {
        put("typed", &text.replace(['/', ':', ';'], "_"), &[&[109, 0, 2], text.as_bytes()].concat());
    }
    put("typed", "id", &[&[0; 3], "ab".repeat(16).as_bytes()].concat());
    let csv =
        "Namn;Postnr;Personnummer;Adress;Datum\r\n\"Berg; Anna\";21143;;Storgatan 1;2008-10-20\r\nX;;;;\r\n";
    put("paper_csv", "semicolons", csv.as_bytes());
    put(
        "paper_csv",
        "latin",
        b"\xef\xbb\xbfname,date\n\xc5sa,2008-10-20\n\"a \"\"b\"\"\",x\n\"open,x\nd,\x80\n",
    );
    put("paper_csv", "unknown", b"a,b\n1,2\n");
}

fn of_tally(put: Put<'_>) {
    let approval = "META\nkey;value\ndescription;\"a; b\"\nnum_projects;2\nnum_votes;3\nbudget;100\nvote_type;approval\nmax_length;2\n\
                    PROJECTS\nproject_id;cost;votes;name;selected\nb1;60;2;\"\"\"x\"\"; y\";1\nb2;50.50;2;z;0\n\
                    VOTES\nvoter_id;age;vote\nv1;34;b1,b2\nv2;;b1\nv3;9;b2\n";
    put("pabulib", "approval", approval.as_bytes());
    let points = "META\nkey;value\nnum_projects;3\nnum_votes;2\nbudget;9\nvote_type;cumulative\nmax_sum_points;5\n\
                  PROJECTS\nproject_id;cost;score\n1;3;5\n2;4;1\n3;5;2\nVOTES\nvoter_id;vote;points\n7;1,2;4,1\n8;3,1;2,1\n";
    put("pabulib", "points", points.replace('\n', "\r\n").as_bytes());
    put("pabulib", "ordinal", approval.replace("approval", "ordinal").as_bytes());
    let ties = "# TITLE: t\n# DATA TYPE: toi\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 6\n# NUMBER UNIQUE ORDERS: 3\n\
                # ALTERNATIVE NAME 2: B\n3: 1,{2,3}\n2: {3,1},2\n1: 2\n";
    put("preflib", "ties", ties.as_bytes());
    put("preflib", "strict", b"# DATA TYPE: soc\n# NUMBER ALTERNATIVES: 2\n1: 2,1\n5: 1,2\n");
    put("code", "good", b"0000-015N-M7S");
    put("code", "typed", b"oooo oi5n m7s");
    put("code", "sign", b"0000-0000-13*");
}

/// The released bytes of every event.
fn events() -> Vec<Seed3> {
    let hex = |text: &str| -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    };
    let of_line = |(at, line): (usize, &str)| {
        let mut parts = line.split(' ');
        let (kind, schema) = (parts.next().unwrap(), parts.next().unwrap());
        let number = KINDS.iter().position(|known| *known == kind).unwrap();
        let mut bytes = vec![number as u8, schema.parse().unwrap(), 1];
        put_part(&hex(parts.next().unwrap()), &mut bytes);
        bytes.extend_from_slice(&[2, 1, 2]);
        for sealed in parts {
            let sealed: Vec<&str> = sealed.split(':').collect();
            bytes.push(sealed[0].parse().unwrap());
            let key: u16 = sealed[1].split('+').next().unwrap().parse().unwrap();
            bytes.extend_from_slice(&key.to_le_bytes());
            put_part(&hex(sealed[3]), &mut bytes);
        }
        ("event", format!("{at:03}-{kind}"), bytes)
    };
    RELEASED.lines().enumerate().map(of_line).collect()
}
