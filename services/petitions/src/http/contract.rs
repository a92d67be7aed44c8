//! Holds `commands.proto` and the bodies that are served together: what one names, the other takes.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::http::document;

/// Each command with its route. `{act}` of signatures stands for five commands, so it is none of their fields.
const ROUTES: &[(&str, &str, &str)] = &[
    ("HandIn", "post", "/petitions"),
    ("NewDraft", "post", "/drafts"),
    ("SaveDraft", "put", "/drafts/{id}"),
    ("SubmitDraft", "post", "/drafts/{id}/submit"),
    ("Resubmit", "post", "/petitions/{id}/resubmit"),
    ("Attach", "post", "/petitions/{id}/attachments"),
    ("Detach", "delete", "/petitions/{id}/attachments/{item}"),
    ("ConfirmInitiator", "post", "/petitions/{id}/confirm"),
    ("Withdraw", "post", "/petitions/{id}/withdraw"),
    ("Return", "post", "/petitions/{id}/return"),
    ("Reject", "post", "/petitions/{id}/reject"),
    ("Hide", "post", "/petitions/{id}/hide"),
    ("Approve", "post", "/petitions/{id}/approve"),
    ("ErasePetition", "post", "/petitions/{id}/erase"),
    ("NameCoinitiator", "post", "/petitions/{id}/co-initiator"),
    ("RevokeCoinitiator", "delete", "/petitions/{id}/co-initiator"),
    ("AcceptNaming", "post", "/petitions/{id}/co-initiator/accept"),
    ("ObjectToRefusal", "post", "/petitions/{id}/objection"),
    ("ObjectToInvalidation", "post", "/petitions/{id}/signatures/mine/objection"),
    ("ObjectToCommentRefusal", "post", "/petitions/{id}/comments/{item}/objection"),
    ("DecideObjection", "post", "/objections/{objection}/decide"),
    ("Lock", "post", "/petitions/{id}/lock"),
    ("ReleaseLock", "delete", "/petitions/{id}/lock"),
    ("AddNote", "post", "/petitions/{id}/notes"),
    ("Support", "post", "/petitions/{id}/supporters"),
    ("InvalidateSupporter", "post", "/petitions/{id}/supporters/{item}/invalidate"),
    ("EraseSupporter", "post", "/petitions/{id}/supporters/{item}/erase"),
    ("TakeDown", "post", "/petitions/{id}/take-down"),
    ("Restore", "post", "/petitions/{id}/restore"),
    ("FixElectorate", "post", "/petitions/{id}/electorate"),
    ("Classify", "post", "/petitions/{id}/classify"),
    ("Redirect", "post", "/petitions/{id}/redirect"),
    ("AcceptRedirect", "post", "/petitions/{id}/redirect/{act}"),
    ("DeclineRedirect", "post", "/petitions/{id}/redirect/{act}"),
    ("PauseSigning", "post", "/signing/{act}"),
    ("ResumeSigning", "post", "/signing/{act}"),
    ("CloseEarly", "post", "/signing/{act}"),
    ("Sign", "post", "/petitions/{id}/signatures"),
    ("WithdrawSignature", "delete", "/petitions/{id}/signatures/mine"),
    ("ChangePublicName", "put", "/petitions/{id}/signatures/mine/name"),
    ("PrepareBulk", "post", "/bulk"),
    ("StartBulk", "post", "/bulk/{bulk}/start"),
    ("CancelBulk", "post", "/bulk/{bulk}/cancel"),
    ("UndoBulk", "post", "/bulk/{bulk}/undo"),
    ("AddToLists", "post", "/lists"),
    ("RemoveFromLists", "post", "/lists/{item}/remove"),
    ("WithdrawSignatureFor", "post", "/petitions/{id}/signatures/{item}/withdraw"),
    ("ChangePublicNameFor", "post", "/petitions/{id}/signatures/{item}/name"),
    ("SuspectSignature", "post", "/petitions/{id}/signatures/{item}/{act}"),
    ("ClearSignature", "post", "/petitions/{id}/signatures/{item}/{act}"),
    ("InvalidateSignature", "post", "/petitions/{id}/signatures/{item}/{act}"),
    ("RestoreSignature", "post", "/petitions/{id}/signatures/{item}/{act}"),
    ("EraseSignature", "post", "/petitions/{id}/signatures/{item}/{act}"),
    ("HandOver", "post", "/petitions/{id}/hand-over"),
    ("ReceiveHandover", "post", "/petitions/{id}/parts/{part}/receive"),
    ("RefuseHandover", "post", "/petitions/{id}/parts/{part}/refuse"),
    ("Refer", "post", "/petitions/{id}/parts/{part}/refer"),
    ("AskInitiator", "post", "/petitions/{id}/parts/{part}/ask"),
    ("GiveAnswer", "post", "/petitions/{id}/parts/{part}/answer"),
    ("ReopenAnswer", "post", "/petitions/{id}/parts/{part}/reopen"),
    ("Reply", "post", "/petitions/{id}/reply"),
    ("FollowUp", "post", "/petitions/{id}/follow-up"),
    ("GrantWithdrawal", "post", "/petitions/{id}/withdrawal/grant"),
    ("DeclineWithdrawal", "post", "/petitions/{id}/withdrawal/decline"),
    ("ScheduleHearing", "post", "/petitions/{id}/hearing/schedule"),
    ("HoldHearing", "post", "/petitions/{id}/hearing/held"),
    ("CancelHearing", "post", "/petitions/{id}/hearing/not-held"),
    ("DocumentHearing", "post", "/petitions/{id}/hearing/documents"),
    ("FollowLink", "post", "/links/{token}"),
    ("AskForLink", "post", "/sessions"),
    ("OpenSession", "post", "/sessions/{token}"),
    ("EndSession", "delete", "/sessions"),
    ("ActOnMine", "post", "/mine/{thing}"),
    ("WriteComment", "post", "/petitions/{id}/comments"),
    ("WithdrawComment", "delete", "/petitions/{id}/comments/{item}"),
    ("WithdrawCommentFor", "post", "/petitions/{id}/comments/{item}/withdraw"),
    ("ReportComment", "post", "/petitions/{id}/comments/{item}/report"),
    ("ApproveComment", "post", "/petitions/{id}/comments/{item}/approve"),
    ("RefuseComment", "post", "/petitions/{id}/comments/{item}/refuse"),
    ("RestoreComment", "post", "/petitions/{id}/comments/{item}/restore"),
    ("EraseComment", "post", "/petitions/{id}/comments/{item}/erase"),
    ("Ask", "post", "/inquiries"),
    ("WithdrawInquiry", "delete", "/inquiries/{inquiry}"),
    ("AcceptInquiry", "post", "/inquiries/{inquiry}/accept"),
    ("RefuseInquiry", "post", "/inquiries/{inquiry}/refuse"),
    ("AssignInquiry", "post", "/inquiries/{inquiry}/assign"),
    ("AnswerInquiry", "post", "/inquiries/{inquiry}/answer"),
    ("ReopenInquiry", "post", "/inquiries/{inquiry}/reopen"),
    ("CloseInquiry", "post", "/inquiries/{inquiry}/close"),
    ("EraseInquiry", "post", "/inquiries/{inquiry}/erase"),
    ("RegisterPaper", "post", "/petitions/{id}/paper"),
    ("EnterPaper", "post", "/petitions/{id}/paper/{batch}/lines"),
    ("ImportPaper", "post", "/petitions/{id}/paper/{batch}/import"),
    ("CancelImport", "post", "/petitions/{id}/paper/{batch}/import/cancel"),
    ("CheckPaper", "post", "/petitions/{id}/paper/{batch}/check"),
    ("SettlePaper", "post", "/petitions/{id}/paper/{batch}/settle"),
    ("AcceptPaper", "post", "/petitions/{id}/paper/{batch}/accept"),
    ("UndoPaper", "post", "/petitions/{id}/paper/{batch}/undo"),
    ("ErasePaper", "post", "/petitions/{id}/paper/{batch}/erase"),
];
/// Parts of commands; they are compared where they are used.
const PARTS: &[&str] = &["Initiator", "OnBehalfOf", "Shown", "TypedLine"];

/// Names and kinds, all the way down: `{"codes": ["text"], "length": {"days": "number"}}`.
fn of_message(message: &MessageDescriptor) -> Value {
    message.fields().map(|field| (field.name().to_owned(), of_field(&field))).collect::<Map<_, _>>().into()
}

fn of_field(field: &FieldDescriptor) -> Value {
    let one = match field.kind() {
        Kind::Message(message) => of_message(&message),
        Kind::String => json!("text"),
        Kind::Bool => json!("word"),
        Kind::Uint32 | Kind::Uint64 => json!("number"),
        other => panic!("{}: a JSON body has no {other:?}", field.full_name()),
    };
    if field.is_list() { json!([one]) } else { one }
}

/// The same of a schema. The variants of an enum stand beside each other, as in a `oneof`; one without a value is a word.
fn of_schema(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let found = document.pointer(reference.trim_start_matches('#'));
        return of_schema(document, found.unwrap_or_else(|| panic!("{reference} is described nowhere")));
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        return variants
            .iter()
            .flat_map(|variant| of_variant(document, variant))
            .collect::<Map<_, _>>()
            .into();
    }
    let kinds = if schema["type"].is_array() { schema["type"].clone() } else { json!([schema["type"]]) };
    match kinds[0].as_str() {
        Some("object") => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let shapes = properties.iter().map(|(name, schema)| (name.clone(), of_schema(document, schema)));
            shapes.collect::<Map<_, _>>().into()
        }
        Some("array") => json!([of_schema(document, &schema["items"])]),
        Some("string") => json!("text"),
        Some("integer") => json!("number"),
        Some("boolean") => json!("word"),
        _ => panic!("a command has no {schema}"),
    }
}

fn of_variant(document: &Value, variant: &Value) -> Map<String, Value> {
    if let Some(words) = variant["enum"].as_array() {
        return words.iter().map(|word| (word.as_str().unwrap().to_owned(), json!("word"))).collect();
    }
    of_schema(document, variant).as_object().cloned().unwrap_or_default()
}

/// What a route takes: parameters of its path, and its body.
fn of_route(document: &Value, method: &str, path: &str) -> Value {
    let operation = &document["paths"][format!("/api/v1/{{tenant}}{path}")][method];
    let parameters =
        operation["parameters"].as_array().unwrap_or_else(|| panic!("{method} {path} isn't served"));
    let names = parameters.iter().filter(|one| one["in"] == "path").filter_map(|one| one["name"].as_str());
    let names = names.filter(|name| !["tenant", "act"].contains(name));
    let names = names.map(|name| if name == "id" { "petition" } else { name });
    let mut shape: Map<String, Value> = names.map(|name| (name.to_owned(), json!("text"))).collect();
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !schema.is_null() {
        shape.extend(of_schema(document, schema).as_object().cloned().unwrap_or_default());
    }
    shape.into()
}

fn messages() -> BTreeMap<String, MessageDescriptor> {
    let pool = radslag_proto::descriptors().unwrap();
    let file = pool.get_file_by_name("radslag/petitions/v1/commands.proto").unwrap();
    file.messages().map(|message| (message.name().to_owned(), message)).collect()
}

#[test]
fn a_command_and_the_body_of_its_route_have_the_same_fields() {
    let (document, messages) = (serde_json::to_value(document()).unwrap(), messages());
    for (message, method, path) in ROUTES {
        let served = of_route(&document, method, path);
        assert_eq!(of_message(&messages[*message]), served, "{message}, {method} {path}");
    }
}

#[test]
fn every_command_has_a_route_and_every_change_over_http_a_command() {
    let named: BTreeSet<&str> =
        ROUTES.iter().map(|(message, ..)| *message).chain(PARTS.iter().copied()).collect();
    let messages = messages();
    assert_eq!(named, messages.keys().map(String::as_str).collect());
    let document = serde_json::to_value(document()).unwrap();
    let changes: BTreeSet<(&str, &str)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(|method| (method.as_str(), path.as_str()))
        })
        .filter(|(method, _)| *method != "get")
        .map(|(method, path)| (method, path.trim_start_matches("/api/v1/{tenant}")))
        .collect();
    assert_eq!(changes, ROUTES.iter().map(|(_, method, path)| (*method, *path)).collect());
}
