//! Files and functions stay small enough to be read in one go.

use crate::{
    finding::{Finding, everywhere, lines},
    source::Source,
};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;

fn check(source: &Source) -> Vec<Finding> {
    let length = source.text.lines().count();
    let mut findings = Vec::new();
    if length >= FILE_LINES {
        let advice = format!("{length} lines: split it by concept, under {FILE_LINES}");
        findings.push(source.finding(length, advice));
    }
    let code: Vec<(usize, &str)> = source.code().collect();
    for (index, (line, first)) in code.iter().enumerate().filter(|(_, (_, first))| opens_function(first)) {
        let length = function_lines(first, &code[index..]);
        if length >= FUNCTION_LINES {
            let advice =
                format!("a function of {length} lines: take a step out of it, under {FUNCTION_LINES}");
            findings.push(source.finding(*line, advice));
        }
    }
    findings
}

/// In rustfmt's layout, `fn` follows only visibility and qualifiers.
fn opens_function(line: &str) -> bool {
    let before = line.split_once("fn ").map(|(before, _)| before.trim());
    before.is_some_and(|before| {
        let mut words = before.split_whitespace();
        words.all(|word| word.starts_with("pub") || ["const", "async", "extern", "\"C\""].contains(&word))
    })
}

/// From the line of `fn` to the brace that closes at the same indentation, or to the `;` of a declaration.
fn function_lines(first: &str, rest: &[(usize, &str)]) -> usize {
    let indent = first.len() - first.trim_start().len();
    if first.ends_with(';') || first.ends_with('}') {
        return 1;
    }
    let ends = |line: &str| {
        let inner = line.trim_start();
        line.len() - inner.len() == indent && (inner == "}" || inner.ends_with(';'))
    };
    rest.iter().skip(1).position(|(_, line)| ends(line)).map_or(1, |lines| lines + 2)
}

#[test]
fn files_and_functions_are_small() {
    everywhere(check);
}

#[test]
fn a_long_file_and_a_long_function_are_found() {
    let function =
        |lines: usize| format!("    pub async fn f(\n    ) {{\n{}    }}\n", "        x();\n".repeat(lines));
    assert_eq!(lines(check, "a.rs", &function(66)), []);
    assert_eq!(lines(check, "a.rs", &function(67)), [1]);
    assert_eq!(lines(check, "a.rs", &"//\n".repeat(499)), []);
    assert_eq!(lines(check, "a.rs", &"//\n".repeat(500)), [500]);
    let declared = format!("    fn f(\n    ) -> u8;\n{}", "        x\n".repeat(90));
    assert_eq!(lines(check, "a.rs", &declared), []);
}
