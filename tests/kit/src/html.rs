//! What a page has to be: headings in order, a label for every field, and nothing that axe-core finds in Chromium.

#![allow(clippy::unwrap_used, clippy::panic, reason = "assertions of tests")]

use std::{fs, path::Path, process::Command};

use crate::{axe, chromium};

const RUN: &str = "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })\
    .then(found => found.violations.map(rule => rule.id + ': ' + rule.nodes.map(node => node.html).join(' | ')))\
    .then(found => new Promise(done => {\
        const bare = document.documentElement.cloneNode(true);\
        bare.querySelectorAll('script').forEach(script => script.remove());\
        const frame = document.createElement('iframe');\
        frame.style = 'width: 320px; border: 0';\
        frame.onload = () => {\
            const width = frame.contentDocument.documentElement.scrollWidth;\
            done(found.concat(width > 320 ? ['reflow: ' + width + ' pixels wide in 320'] : []));\
        };\
        frame.srcdoc = bare.outerHTML;\
        document.body.append(frame);\
    }))\
    .catch(error => ['broken: ' + error])\
    .then(found => { document.documentElement.innerHTML = '<body><pre>' + found.map(encodeURIComponent).join(' '); });";

/// What axe-core finds on a page by the rules of WCAG 2.1 AA, and whether one has to scroll sideways in 320 pixels (reflow; in a
/// frame, since a window isn't so narrow). The page can't run scripts where it is served, so it is opened from a file in a
/// folder, with its style sheet and the rules in it.
///
/// # Panics
/// Without Chromium or axe-core, or if they tell nothing.
#[must_use]
pub fn violations(html: &str, style: &str, folder: &Path, width: u32) -> Vec<String> {
    let axe = fs::read_to_string(axe().unwrap()).unwrap();
    let file = folder.join("page.html");
    let (head, rest) = html.split_once("<link rel=\"stylesheet\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let script = format!("<script>{axe}</script><script>{RUN}</script></body>");
    let page = format!("{head}<style>{style}</style>{}", rest.replace("</body>", &script));
    fs::write(&file, page).unwrap();
    let output = Command::new(chromium().unwrap())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"])
        .args(["--virtual-time-budget=30000", &format!("--window-size={width},900")])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8(output.stdout).unwrap();
    let (_, told) = dom.split_once("<pre>").unwrap_or_else(|| panic!("axe-core told nothing: {dom:.500}"));
    let told = told.split('<').next().unwrap();
    told.split_whitespace().map(|one| String::from_utf8(percent(one)).unwrap()).collect()
}

fn percent(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (hex, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(hex, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

/// Headings go down by one at most, and there is one of the first level.
///
/// # Panics
/// Where they don't.
#[track_caller]
pub fn headings_are_in_order(path: &str, html: &str) {
    let levels: Vec<u8> = html
        .split("<h")
        .skip(1)
        .filter_map(|rest| rest.as_bytes().first().copied())
        .filter(u8::is_ascii_digit)
        .map(|digit| digit - b'0')
        .collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{path}: {levels:?}");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path}: {levels:?}");
}

/// Everything to fill in has a label of its own.
///
/// # Panics
/// Where something hasn't.
#[track_caller]
pub fn every_field_has_a_label(path: &str, html: &str) {
    for tag in ["<input", "<select", "<textarea"] {
        for rest in html.split(tag).skip(1) {
            let attributes = rest.split('>').next().unwrap();
            if attributes.contains("type=\"hidden\"") {
                continue;
            }
            let (_, id) = attributes.split_once("id=\"").unwrap_or_else(|| panic!("{path}: {attributes}"));
            let id = id.split('"').next().unwrap();
            assert_eq!(html.matches(&format!("for=\"{id}\"")).count(), 1, "{path}: {id}");
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{path}: {id}");
        }
    }
}

/// A page is whole in a language, and needs no scripts, styles of its own or other sites.
///
/// # Panics
/// Where it isn't.
#[track_caller]
pub fn is_whole(path: &str, lang: &str, html: &str) {
    let other = if lang == "sv" { "hreflang=\"en\"" } else { "hreflang=\"sv\"" };
    for always in [&format!("<html lang=\"{lang}\">"), "<a class=\"skip\" href=\"#main\">", other] {
        assert!(html.contains(always), "{path}: no {always}");
    }
    for never in ["<script", "http://", "https://", "style=\"", " onclick", "undefined"] {
        assert!(!html.contains(never), "{path}: {never}");
    }
    headings_are_in_order(path, html);
    every_field_has_a_label(path, html);
}
