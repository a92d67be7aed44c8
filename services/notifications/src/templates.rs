//! The words of letters: shipped in Swedish and English, and how a text becomes a letter. A template is one text; both parts
//! of a letter are made of it, so that they say the same. The part for people who read HTML is plain: a language, a title, a
//! heading, paragraphs and a link that says where it leads, no tables, no pictures, nothing fetched from anywhere.

use std::{collections::BTreeSet, fmt::Write as _};

use minijinja::Environment;
use serde_json::Value;

/// The longest own wording.
const LONGEST: usize = 20_000;
/// Steps a template may take: a text of this length needs far fewer, and a loop without an end is ended.
const FUEL: u64 = 50_000;
/// What every template may say.
const ALWAYS: &[&str] = &["name", "title", "register", "link"];

macro_rules! templates {
    ($($name:literal)*) => {
        /// Every template: name, Swedish, English. The first line is the subject.
        pub const TEMPLATES: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../texts/", $name, ".sv.txt")),
            include_str!(concat!("../texts/", $name, ".en.txt")),
        )),*];
    };
}

templates! {
    "confirm_signature" "confirm_signature_again" "already_signed" "no_free_slot" "initiator_signs" "blocked"
    "confirm_initiator" "received" "returned" "rejected" "approved" "opened" "threshold_reached" "closed"
    "initiator_asked" "answered" "followed_up" "withdrawal_granted" "withdrawal_declined" "hearing_scheduled"
    "hearing_not_held" "handover_refused" "handover_overdue" "session_link"
    "supporters_sought" "confirm_support" "redirect_proposed"
    "coinitiator_named" "coinitiator_accepted" "coinitiator_declined" "taken_over"
    "confirm_comment" "comment_repeated" "comment_blocked" "comment_published" "comment_refused"
    "confirm_inquiry" "inquiry_blocked" "inquiry_received" "inquiry_refused" "inquiry_assigned" "inquiry_answered"
    "objection_received" "objection_upheld" "objection_changed" "signature_struck_out"
    "change_vote" "signers_told_requested" "signers_told_granted" "signers_told_declined"
    "subscription_confirm" "newsletter"
}

/// Those by which somebody is answered who handed something in. Which of them it is tells what came of it, to the mailbox
/// alone: dashboards count them as one, and what wasn't written with them.
pub const REPLIES: &[&str] = &[
    "confirm_signature",
    "confirm_signature_again",
    "already_signed",
    "no_free_slot",
    "initiator_signs",
    "blocked",
    "change_vote",
    "confirm_initiator",
    "confirm_support",
    "coinitiator_named",
    "confirm_comment",
    "comment_repeated",
    "comment_blocked",
    "confirm_inquiry",
    "inquiry_blocked",
    "objection_received",
    "session_link",
    "subscription_confirm",
];

/// The shipped words of a template in a language; English for any other.
#[must_use]
pub fn shipped(name: &str, language: &str) -> Option<&'static str> {
    let (_, sv, en) = TEMPLATES.iter().find(|(known, ..)| *known == name)?;
    Some(if language.starts_with("sv") { sv } else { en })
}

/// What a template may say, by name.
#[must_use]
pub fn variables(name: &str) -> BTreeSet<String> {
    let own = TEMPLATES.iter().filter(|(known, ..)| *known == name);
    let said = own.flat_map(|(_, sv, en)| [sv, en]).filter_map(|text| said(text).ok()).flatten();
    said.chain(ALWAYS.iter().map(|name| (*name).to_owned())).collect()
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Longer than allowed.
    TooLong,
    /// It doesn't begin with `Subject: ` and an empty line.
    SubjectMissing,
    /// It isn't a template; why.
    Malformed(String),
    /// It names what no letter of this kind knows.
    UnknownVariable(String),
    /// It doesn't say where to go.
    LinkMissing,
}

/// Whether a text can be used for a template.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(name: &str, text: &str) -> Result<(), Fault> {
    if text.chars().count() > LONGEST {
        return Err(Fault::TooLong);
    }
    let parts = text.strip_prefix("Subject: ").and_then(|rest| rest.split_once("\n\n"));
    let parts = parts.filter(|(subject, body)| !subject.contains('\n') && !body.trim().is_empty());
    let (subject, body) = parts.ok_or(Fault::SubjectMissing)?;
    // Each by itself, as they are filled in.
    let said: BTreeSet<String> = said(subject)?.into_iter().chain(said(body)?).collect();
    let known = variables(name);
    if let Some(unknown) = said.iter().find(|name| !known.contains(*name)) {
        return Err(Fault::UnknownVariable(unknown.clone()));
    }
    if said.contains("link") { Ok(()) } else { Err(Fault::LinkMissing) }
}

/// The variables a text names.
fn said(text: &str) -> Result<BTreeSet<String>, Fault> {
    let environment = environment();
    let malformed = |error: minijinja::Error| Fault::Malformed(error.to_string());
    let template = environment.template_from_str(text).map_err(malformed)?;
    Ok(template.undeclared_variables(false).into_iter().collect())
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment
}

/// A letter's words, ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// For programs that show text.
    pub text: String,
    /// The same as a page.
    pub html: String,
}

/// Fills a template in. `values` is a JSON object; what it doesn't hold is empty.
///
/// # Errors
/// If it can't be filled in, or takes too many steps.
pub fn write(text: &str, values: &Value, language: &str) -> Result<Words, minijinja::Error> {
    let mut values = values.clone();
    if let Some(values) = values.as_object_mut() {
        // What isn't there is empty, and not a word for nothing.
        values.retain(|_, value| !value.is_null());
    }
    // Each by itself: no value moves the line between them.
    let (subject, body) = text.split_once("\n\n").unwrap_or(("", text));
    let fill = |part: &str| environment().render_str(part, minijinja::value::Serde(&values));
    let (subject, body) = (fill(subject.trim_start_matches("Subject: "))?, fill(body)?);
    // A value may hold a line break; a subject is one line.
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let link = values.get("link").and_then(Value::as_str).unwrap_or_default();
    let html = page(&subject, &body, link, language);
    Ok(Words { subject, text: body.trim_end().to_owned() + "\n", html })
}

fn page(subject: &str, body: &str, link: &str, language: &str) -> String {
    let (language, here) =
        if language.starts_with("sv") { ("sv", "öppna sidan") } else { ("en", "open the page") };
    let title = escape(subject);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
         <body style=\"margin:1em;color:#1a1a1a;background:#ffffff;font:1em/1.5 sans-serif\">\n\
         <main style=\"max-width:40em\">\n<h1 style=\"font-size:1.4em\">{title}</h1>\n"
    );
    for paragraph in body.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let items: Vec<&str> = paragraph.lines().filter_map(|line| line.strip_prefix("- ")).collect();
        if !items.is_empty() && items.len() == paragraph.lines().count() {
            page.push_str("<ul>\n");
            // Written: a String takes everything.
            items.iter().for_each(|item| {
                let _ = writeln!(page, "<li>{}</li>", linked(item, link, here));
            });
            page.push_str("</ul>\n");
            continue;
        }
        // A link alone says what the letter is about; within a sentence, the sentence does.
        let label = if paragraph == link { subject } else { here };
        let lines: Vec<String> = paragraph.lines().map(|line| linked(line, link, label)).collect();
        let _ = writeln!(page, "<p>{}</p>", lines.join("<br>\n"));
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// A line with its link. Only the letter's own is one: an address in somebody's title stays text.
fn linked(line: &str, link: &str, label: &str) -> String {
    if link.is_empty() {
        return escape(line);
    }
    let anchor = format!("<a href=\"{}\" style=\"color:#0b4f9e\">{}</a>", escape(link), escape(label));
    line.split(link).map(escape).collect::<Vec<_>>().join(&anchor)
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
        out
    })
}

/// Values to preview a template with: each variable stands for itself.
#[must_use]
pub fn example(name: &str) -> Value {
    let value = |name: &String| match name.as_str() {
        "link" | "page" => Value::from("https://example.org/"),
        "codes" => Value::from(vec!["code"]),
        other => Value::from(other.to_uppercase()),
    };
    Value::Object(variables(name).iter().map(|name| (name.clone(), value(name))).collect())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_shipped_template_could_be_saved_and_written() {
        for (name, sv, en) in TEMPLATES {
            for (language, text) in [("sv", sv), ("en", en)] {
                assert_eq!(check(name, text), Ok(()), "{name}.{language}");
                let words = write(text, &example(name), language).unwrap();
                assert!(!words.subject.is_empty() && words.html.contains("href="), "{name}.{language}");
                assert!(words.html.contains(&format!("<html lang=\"{language}\">")), "{name}");
            }
        }
        assert!(shipped("closed", "sv-SE").unwrap().contains("stängt"));
        assert_eq!(shipped("nonsense", "sv"), None);
    }

    #[test]
    fn what_is_wrong_with_a_template_is_told() {
        for (text, fault) in [
            ("Subject: \n\n{{ link }}", None),
            ("Subject: x\n{{ link }}", Some(Fault::SubjectMissing)),
            ("Subject: x\ny\n\n{{ link }}", Some(Fault::SubjectMissing)),
            ("Subject: x\n\n{{ nobody }}{{ link }}", Some(Fault::UnknownVariable("nobody".into()))),
            ("Subject: x\n\n{{ title }}", Some(Fault::LinkMissing)),
            (&format!("Subject: x\n\n{{{{ link }}}}{}", "y".repeat(LONGEST)), Some(Fault::TooLong)),
        ] {
            assert_eq!(check("approved", text).err(), fault, "{text:.40}");
        }
        assert!(matches!(check("approved", "Subject: x\n\n{{ link"), Err(Fault::Malformed(_))));
        assert!(check("rejected", "Subject: x\n\n{% for c in codes %}{{ c }}{% endfor %}{{ link }}").is_ok());
    }

    #[test]
    fn a_loop_without_an_end_is_ended() {
        let endless = "Subject: x\n\n{% for i in range(99999) %}{% for j in range(99999) %}{{ link }}{% endfor %}{% endfor %}";
        assert!(write(endless, &json!({}), "sv").is_err());
    }

    #[test]
    fn no_value_becomes_a_part_of_the_template_or_moves_its_subject() {
        let values = json!({"title": "A\n\n{{ link }}", "name": null, "link": "https://x"});
        let words = write("Subject: Om {{ title }}\n\nHej {{ name }}! {{ link }}", &values, "sv").unwrap();
        assert_eq!((words.subject.as_str(), words.text.as_str()), ("Om A {{ link }}", "Hej ! https://x\n"));
        let open = "Subject: {% if title %}\n\n{% endif %}{{ link }}";
        assert!(matches!(check("approved", open), Err(Fault::Malformed(_))));
    }

    #[test]
    fn both_parts_say_the_same_and_only_the_letters_own_link_is_one() {
        let text = "Subject: {{ title }}\n\nHej {{ name }}!\n\n- a\n- <b>\n\n{{ link }}\n\nSe {{ link }} nu.\nRad två.";
        let values = json!({"title": "Bygg\nom & \"http://evil.example/\"", "name": "<Ada>", "link": "https://x.se/?a=1&b=2"});
        let words = write(text, &values, "sv").unwrap();
        assert_eq!(words.subject, "Bygg om & \"http://evil.example/\"");
        assert!(words.text.contains("Hej <Ada>!") && words.text.contains("https://x.se/?a=1&b=2"));
        expect![[r#"
            <!doctype html>
            <html lang="sv">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Bygg om &amp; &quot;http://evil.example/&quot;</title>
            </head>
            <body style="margin:1em;color:#1a1a1a;background:#ffffff;font:1em/1.5 sans-serif">
            <main style="max-width:40em">
            <h1 style="font-size:1.4em">Bygg om &amp; &quot;http://evil.example/&quot;</h1>
            <p>Hej &lt;Ada&gt;!</p>
            <ul>
            <li>a</li>
            <li>&lt;b&gt;</li>
            </ul>
            <p><a href="https://x.se/?a=1&amp;b=2" style="color:#0b4f9e">Bygg om &amp; &quot;http://evil.example/&quot;</a></p>
            <p>Se <a href="https://x.se/?a=1&amp;b=2" style="color:#0b4f9e">öppna sidan</a> nu.<br>
            Rad två.</p>
            </main>
            </body>
            </html>
        "#]]
        .assert_eq(&words.html);
    }
}
