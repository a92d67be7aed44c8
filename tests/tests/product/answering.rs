//! From a petition to its answer: committees, their case system, the initiator, and what everybody reads.

use serde_json::{Value, json};

use crate::server::{Answer, Home, Server, open, wait_for_count};

/// A server with an open petition, and who acts on it.
struct Case {
    home: Home,
    server: Server,
    id: String,
    secretary: String,
}

impl Case {
    async fn begin() -> Self {
        let home = Home::new();
        let server = home.serve();
        let id = open(&home, &server).await;
        let secretary = home.token("malmo", "secretary", "sara");
        Self { home, server, id, secretary }
    }

    fn path(&self, act: &str) -> String {
        format!("/api/v1/malmo/petitions/{}{act}", self.id)
    }

    async fn post(&self, token: &str, act: &str, body: Value) -> Answer {
        self.server.ask("POST", &self.path(act), Some(token), Some(&body.to_string())).await
    }

    /// An act of the secretary that must succeed.
    async fn does(&self, act: &str, body: Value) {
        let answer = self.post(&self.secretary, act, body).await;
        assert_eq!(answer.status, 200, "{act}: {}", answer.text);
    }

    async fn get(&self, token: Option<&str>, path: &str) -> Value {
        let at = self.server.ask("GET", path, token, None).await;
        assert_eq!(at.status, 200, "{path}: {}", at.text);
        at.json()
    }

    /// The petition, once its answer stands so.
    async fn once(&self, answer: &str) -> Value {
        radslag_kit::eventually("the answer's state", async || {
            let detail = self.get(None, &self.path("")).await;
            Ok((detail["answer"] == answer).then_some(detail))
        })
        .await
        .unwrap()
    }
}

#[tokio::test]
async fn a_petition_goes_from_a_committee_through_a_question_to_an_answer_and_what_came_of_it() {
    let case = Case::begin().await;
    let system = case.home.token("malmo", "integration", "w3d3");
    case.does("/hand-over", json!({"committees": ["Tekniska nämnden"], "ground": "KF 2008:1"})).await;
    case.once("handed_over").await;
    let part = |act: &str| format!("/parts/1{act}");
    let package = case.server.ask("GET", &case.path("/parts/1/package"), Some(&system), None).await;
    assert_eq!(package.json()["initiator"]["mailbox"], "ada@example.org");
    let again = case.server.ask("GET", &case.path("/parts/1/package"), Some(&system), None).await;
    assert_eq!((package.text.as_str(), &package.etag), (again.text.as_str(), &again.etag));
    let work = case.get(Some(&case.secretary), &case.path("/parts")).await;
    assert_eq!(package.etag, Some(format!("\"{}\"", work["parts"][0]["package"].as_str().unwrap())));
    let receipt = json!({"case_number": "TN-2008-17", "ground": "receipt"});
    assert_eq!(case.post(&case.secretary, &part("/receive"), receipt.clone()).await.code(), "not-permitted");
    assert_eq!(case.post(&system, &part("/receive"), receipt.clone()).await.status, 200);
    assert_eq!(case.post(&system, &part("/receive"), receipt).await.code(), "receipt-not-awaited");
    let question = json!({"question": "Vilken park?", "reply_by": "2999-01-01", "ground": "x"});
    assert_eq!(case.post(&case.secretary, &part("/ask"), question).await.code(), "reply-date-not-allowed");
    // The last day to sign lies a month ahead.
    let ahead = case.get(None, &case.path("")).await["deadline"].clone();
    case.does(&part("/ask"), json!({"question": "Vilken park?", "reply_by": ahead, "ground": "x"})).await;
    assert_eq!(case.once("awaiting_initiator").await["word"]["sv"], "väntar på initiativtagarens svar");

    let token = radslag_kit::eventually("the question's mail", async || {
        let token = case.home.link("ada@example.org");
        let shown = case.get(None, &format!("/api/v1/malmo/links/{token}")).await;
        Ok((shown["asked"]["question"] == "Vilken park?").then_some(token))
    });
    let page = format!("/malmo/links/{}", token.await.unwrap());
    assert!(case.server.ask("GET", &page, None, None).await.text.contains("<textarea"));
    let replied = case.server.ask("POST", &page, None, Some("act=reply&text=Slottsparken")).await;
    assert!(replied.text.contains("handläggs"), "{}", replied.text);
    case.once("in_process").await;
    let work = case.get(Some(&case.secretary), &case.path("/parts")).await;
    assert_eq!(work["parts"][0]["replies"], json!(["Slottsparken"]));

    let first = json!({"outcome": "declined", "text": "Det finns inga pengar.", "ground": "x"});
    case.does(&part("/answer"), first).await;
    case.does(&part("/reopen"), json!({"why": "error", "ground": "x"})).await;
    let second = json!({"outcome": "accepted", "text": "Tio träd planteras.", "link": "https://malmo.se/17", "ground": "x"});
    case.does(&part("/answer"), second).await;
    let told = json!({"text": "Träden står där.", "ground": "x"});
    case.does("/follow-up", told).await;
    let detail = case.once("followed_up").await;
    let answers = detail["answers"].as_array().unwrap();
    let outcomes: Vec<_> =
        answers.iter().map(|one| (&one["version"], &one["outcome"], &one["newest"])).collect();
    let (old, new) =
        ((json!(1), json!("declined"), json!(false)), (json!(2), json!("accepted"), json!(true)));
    assert_eq!(outcomes, [(&old.0, &old.1, &old.2), (&new.0, &new.1, &new.2)]);
    assert_eq!(detail["committees"][0]["case_number"], "TN-2008-17");
    assert_eq!(detail["follow_ups"][0]["text"], "Träden står där.");
    assert_eq!(detail["word"], json!({"sv": "löst", "en": "solved"}));
    let page = case.server.ask("GET", &format!("/malmo/petitions/{}", case.id), None, None).await;
    for shown in ["Tio träd planteras.", "Det finns inga pengar.", "äldre version", "Träden står där."] {
        assert!(page.text.contains(shown), "{shown} isn't in {}", page.text);
    }
    wait_for_count(&case.server, &case.id, 1).await;
}

#[tokio::test]
async fn a_withdrawal_after_handover_is_decided_and_what_waits_is_listed() {
    let case = Case::begin().await;
    let registrar = case.home.token("malmo", "registrar", "rut");
    let ada = case.home.token("malmo", "citizen", "ada");
    let citizen = case.server.ask("GET", "/api/v1/malmo/answers", Some(&ada), None).await;
    assert_eq!((citizen.status, citizen.code().as_str()), (403, "not-permitted"));
    let none = json!({"committees": [], "ground": "x"});
    assert_eq!(case.post(&case.secretary, "/hand-over", none).await.code(), "committee-missing");
    case.does("/hand-over", json!({"committees": ["Tekniska", "Kultur"], "ground": "x"})).await;
    case.once("handed_over").await;
    let refuse = json!({"ground": "Inte vår fråga"});
    assert_eq!(case.post(&registrar, "/parts/2/refuse", refuse).await.status, 200);
    assert_eq!(case.post(&registrar, "/parts/9/refuse", json!({"ground": "x"})).await.code(), "unknown-part");
    let withdrawn = case.post(&ada, "/withdraw", json!({"reason": "Löst ändå"})).await;
    assert_eq!(withdrawn.status, 200, "{}", withdrawn.text);
    let waiting = radslag_kit::eventually("the request", async || {
        let waiting = case.get(Some(&registrar), "/api/v1/malmo/answers").await;
        Ok((waiting[0]["withdrawal"] == "requested").then_some(waiting))
    });
    let waiting = waiting.await.unwrap();
    let states: Vec<_> = waiting.as_array().unwrap().iter().map(|row| row["state"].clone()).collect();
    assert_eq!(states, ["handed_over", "refused"]);
    assert_eq!(waiting[1]["refused_because"], "Inte vår fråga");
    case.does("/withdrawal/decline", json!({"ground": "Nästan klart"})).await;
    assert_eq!(
        case.post(&case.secretary, "/withdrawal/grant", json!({"ground": "x"})).await.code(),
        "withdrawal-not-requested"
    );
    assert_eq!(case.post(&ada, "/withdraw", json!({"reason": "Snälla"})).await.status, 200);
    case.does("/withdrawal/grant", json!({"ground": "Ja"})).await;
    let detail = case.once("none").await;
    assert_eq!((&detail["state"], &detail["word"]["sv"]), (&json!("withdrawn"), &json!("tillbakadragen")));
    assert_eq!(case.get(Some(&registrar), "/api/v1/malmo/answers").await, json!([]));
    let hearing = json!({"starts_at": "2999-01-01T18:00:00Z", "place": "Stadshuset", "ground": "x"});
    assert_eq!(case.post(&case.secretary, "/hearing/schedule", hearing).await.code(), "hearing-not-awaited");
}
