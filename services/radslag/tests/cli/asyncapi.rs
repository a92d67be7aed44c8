//! The description of all subjects, judged by AsyncAPI's own parser.

use std::{fs, process::Command};

use crate::home::{Home, ran};

/// Prints what the parser finds wrong, a line each: 0 is an error, 1 a warning.
const JUDGE: &str = "
    globalThis.self = globalThis.window = globalThis;
    const loaded = require(process.argv[1]);
    const Parser = loaded.Parser ?? loaded.default ?? loaded;
    const text = require('fs').readFileSync(process.argv[2], 'utf8');
    new Parser().parse(text).then(({ document, diagnostics }) => {
        for (const { severity, message, path } of diagnostics) {
            if (severity < 2) console.log(severity, path.join('/'), message);
        }
        if (document) console.log('channels', document.channels().all().length);
    });
";

fn judged(document: &std::path::Path) -> String {
    let output = Command::new(radslag_kit::node().unwrap())
        .args(["-e", JUDGE])
        .arg(radslag_kit::asyncapi_parser().unwrap())
        .arg(document)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn asyncapis_own_parser_takes_the_document_and_finds_every_event() {
    let home = Home::new();
    let file = home.path("asyncapi.json");
    ran(home.command(&["asyncapi", "--to", file.to_str().unwrap()]).output().unwrap()).ok();
    let released = [
        include_str!("../../../petitions/fixtures/events.txt"),
        include_str!("../../../notifications/fixtures/events.txt"),
        include_str!("../../../panels/fixtures/events.txt"),
    ];
    let lines = released.iter().flat_map(|released| released.lines());
    let kinds: std::collections::BTreeSet<_> = lines.filter_map(|line| line.split(' ').next()).collect();
    // And `log.loss_accepted` of each service.
    assert_eq!(judged(&file), format!("channels {}\n", kinds.len() + released.len()));

    let mut document: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let opened = &document["channels"]["petitions.petition.opened"];
    assert_eq!(opened["address"], "radslag.{tenant}.petitions.{origin}.petition.opened");
    assert_eq!(
        document["components"]["parameters"]["tenant"]["enum"],
        serde_json::json!(["malmo", "tomelilla"])
    );
    let payload = &document["components"]["schemas"]["radslag.petitions.v1.PetitionOpened"];
    assert_eq!(payload["properties"]["closesAt"]["x-protobuf-field"], 3);

    // It sees what is wrong.
    document["channels"]["petitions.petition.opened"]["parameters"] = serde_json::json!({});
    document["info"]["version"] = serde_json::Value::Null;
    fs::write(&file, document.to_string()).unwrap();
    let found = judged(&file);
    assert!(found.contains("0 info/version") && found.contains("petition.opened/parameters"), "{found}");
}
