//! The texts of guide, FAQ and terms: data, with the numbers of the tenant's policy filled in.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::response::Response;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use radslag_runtime::{Problem, config::Offer};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{http::pages::view::View, shell::Office};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    sv: String,
    en: String,
}

impl Words {
    fn of(&self, lang: &str) -> &str {
        if lang == "sv" { &self.sv } else { &self.en }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    /// What the policy must have, and the tenant offer, for the part to be there.
    #[serde(default)]
    only: String,
    heading: Words,
    paragraphs: Vec<Words>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    title: Words,
    part: Vec<Part>,
}

static SHIPPED: LazyLock<BTreeMap<String, Text>> =
    LazyLock::new(|| toml::from_str(crate::shell::texts::SHIPPED).unwrap_or_default());

/// The tenant's own text, the newest version or the one that is asked for; else the shipped one.
pub(super) fn show(view: &View, name: &str, number: Option<u32>) -> Result<Response, Problem> {
    let (filled, texts) = (Filled::of(&view.office), &view.office.texts);
    let numbers = texts.numbers(name);
    if let Some(shown) = number.or_else(|| numbers.first().copied()) {
        let text = texts.text(name, shown, view.lang).ok_or_else(Problem::not_found)?;
        let (title, html) = rendered(&filled.fill(text));
        let shipped = SHIPPED.get(name).map(|text| text.title.of(view.lang));
        let values = json!({
            "title": title.as_deref().or(shipped), "html": html, "name_of_text": name, "shown": shown,
            "numbers": numbers,
        });
        return view.show("own_text.html", values);
    }
    let mut text = SHIPPED.get(name).cloned().ok_or_else(Problem::not_found)?;
    text.part.retain(|part| filled.tells(&part.only));
    for part in &mut text.part {
        for words in &mut part.paragraphs {
            (words.sv, words.en) = (filled.fill(&words.sv), filled.fill(&words.en));
        }
    }
    view.show("text.html", json!({ "page": text }))
}

/// The title, and the rest of a Markdown text as HTML that is safe to show: tags in it are text, pictures their
/// description, and links lead to web pages, mailboxes or places here. Headings begin at the second level and never
/// skip one.
fn rendered(markdown: &str) -> (Option<String>, String) {
    let (mut title, mut kept, mut reading) = (None::<String>, Vec::new(), false);
    let (mut level, mut linked) = (1, Vec::new());
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if title.is_none() => {
                (title, reading) = (Some(String::new()), true);
            }
            Event::End(TagEnd::Heading(_)) if reading => reading = false,
            Event::Text(text) | Event::Code(text) if reading => {
                if let Some(title) = &mut title {
                    title.push_str(&text);
                }
            }
            _ if reading => {}
            Event::Start(Tag::Heading { level: wanted, id, classes, attrs }) => {
                level = (wanted as usize).clamp(2, level + 1);
                let level = HeadingLevel::try_from(level).unwrap_or(wanted);
                kept.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
            }
            Event::End(TagEnd::Heading(wanted)) => {
                kept.push(Event::End(TagEnd::Heading(HeadingLevel::try_from(level).unwrap_or(wanted))));
            }
            Event::Html(html) | Event::InlineHtml(html) => kept.push(Event::Text(html)),
            Event::Start(Tag::HtmlBlock) => kept.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => kept.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let safe = ["https://", "http://", "mailto:", "/", "#"];
                let leads =
                    safe.iter().any(|start| dest_url.starts_with(start)) && !dest_url.starts_with("//");
                linked.push(leads);
                if leads {
                    kept.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
            }
            Event::End(TagEnd::Link) => {
                if linked.pop() == Some(true) {
                    kept.push(Event::End(TagEnd::Link));
                }
            }
            other => kept.push(other),
        }
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, kept.into_iter());
    (title.filter(|title| !title.is_empty()), html)
}

/// What stands in braces.
struct Filled {
    name: String,
    offers: Vec<Offer>,
    answer_at: u64,
    supporters: u32,
    debate_at: u64,
    confirm_hours: u32,
    review_days: u32,
}

impl Filled {
    fn of(office: &Office) -> Self {
        let (name, offers) = (office.tenant.name.clone(), office.tenant.offers.clone());
        let number = |of: fn(&crate::policy::Policy) -> u64| office.policy().map_or(0, of);
        let small = |of: fn(&crate::policy::Policy) -> u32| office.policy().map_or(0, of);
        Self {
            name,
            offers,
            answer_at: number(|policy| policy.answer_at),
            debate_at: number(|policy| policy.debate_at),
            supporters: small(|policy| policy.supporters),
            confirm_hours: small(|policy| policy.confirm_hours),
            review_days: small(|policy| policy.review_days),
        }
    }

    fn tells(&self, only: &str) -> bool {
        only.split(' ').all(|needed| match needed {
            "petitions" => self.offers.contains(&Offer::Petitions),
            "panels" => self.offers.contains(&Offer::Panels),
            "answer_at" => self.answer_at > 0,
            "debate_at" => self.debate_at > 0,
            "supporters" => self.supporters > 0,
            _ => true,
        })
    }

    fn fill(&self, text: &str) -> String {
        [
            ("{name}", self.name.clone()),
            ("{answer_at}", self.answer_at.to_string()),
            ("{debate_at}", self.debate_at.to_string()),
            ("{supporters}", self.supporters.to_string()),
            ("{confirm_hours}", self.confirm_hours.to_string()),
            ("{review_days}", self.review_days.to_string()),
        ]
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_pictures_and_scripts_of_a_text_are_only_text() {
        let (title, html) = rendered(
            "# Våra `villkor`\n\n<script>alert(1)</script>\n\nEn <b>rad</b> & [länk](https://malmo.se) \
             [dålig](javascript:alert) [annan](//evil.example) ![bild](https://evil.example/x.png)\n\n#### Djup\n",
        );
        assert_eq!(title.as_deref(), Some("Våra villkor"));
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
        assert!(
            html.contains("En &lt;b&gt;rad&lt;/b&gt; &amp; <a href=\"https://malmo.se\">länk</a>"),
            "{html}"
        );
        assert!(html.contains("<h2>Djup</h2>"), "{html}");
        for never in ["<script", "javascript", "evil", "<img", "<b>"] {
            assert!(!html.contains(never), "{never} in {html}");
        }
        assert_eq!(rendered("Bara text."), (None, "<p>Bara text.</p>\n".into()));
    }

    #[test]
    fn guide_faq_and_terms_are_shipped_and_every_brace_is_filled() {
        let numbers = Filled {
            name: "Malmö".into(),
            offers: vec![Offer::Petitions, Offer::Panels],
            answer_at: 1,
            supporters: 2,
            debate_at: 3,
            confirm_hours: 4,
            review_days: 5,
        };
        for name in ["guide", "faq", "terms"] {
            let text = &SHIPPED[name];
            assert!(text.part.len() > 2, "{name}");
            for words in text.part.iter().flat_map(|part| &part.paragraphs) {
                for text in [&words.sv, &words.en] {
                    assert!(!text.is_empty() && !numbers.fill(text).contains('{'), "{text}");
                }
            }
        }
    }
}
