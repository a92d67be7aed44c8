//! Links as they are typed in a form: one a line, its address and what stands there instead.

use crate::{http::dto, petition::Link};

/// What was typed. Without words the address stands for itself.
pub(super) fn links(typed: &str) -> Vec<dto::Link> {
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let link = |line: &str| {
        let (url, label) = line.split_once(char::is_whitespace).unwrap_or((line, line));
        dto::Link { label: label.trim().to_owned(), url: url.to_owned() }
    };
    lines.map(link).collect()
}

/// The same to be typed on.
pub(super) fn typed(links: &[Link]) -> String {
    let line = |link: &Link| {
        if link.label == link.url { link.url.clone() } else { format!("{} {}", link.url, link.label) }
    };
    links.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_link_and_is_typed_on_as_it_was() {
        let text = "https://malmo.se/park  Karta över parken\r\n\n https://example.org\n";
        let read = links(text);
        let told: Vec<_> = read.iter().map(|link| (link.url.as_str(), link.label.as_str())).collect();
        assert_eq!(
            told,
            [("https://malmo.se/park", "Karta över parken"), ("https://example.org", "https://example.org")]
        );
        let kept: Vec<_> = read.into_iter().map(|dto::Link { label, url }| Link { label, url }).collect();
        assert_eq!(typed(&kept), "https://malmo.se/park Karta över parken\nhttps://example.org");
        assert_eq!(links(&typed(&kept)).len(), 2);
    }
}
