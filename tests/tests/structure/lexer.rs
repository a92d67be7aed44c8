//! Just enough of Rust's lexing to tell code from comments and from text: everything else is blanked, lines stay.

use std::{iter::Peekable, str::Chars};

/// A file with its comments blanked, and with its comments and the contents of its literals blanked.
#[derive(Debug, PartialEq)]
pub(crate) struct Lexed {
    /// Without comments.
    pub(crate) uncommented: String,
    /// Without comments and without what stands in quotes.
    pub(crate) code: String,
}

/// Reads a file.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer { rest: text.chars().peekable(), uncommented: String::new(), code: String::new() };
    while let Some(next) = lexer.rest.next() {
        lexer.token(next);
    }
    Lexed { uncommented: lexer.uncommented, code: lexer.code }
}

struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    uncommented: String,
    code: String,
}

impl Lexer<'_> {
    fn token(&mut self, next: char) {
        match (next, self.rest.peek()) {
            ('/', Some('/')) => self.line_comment(),
            ('/', Some('*')) => self.block_comment(),
            ('"', _) => self.text(self.raw_marks()),
            ('\'', _) => self.quote(),
            _ => self.keep(next),
        }
    }

    /// How many `#` a raw text opened with, if it is one: `r#"` and `br#"` have already been passed as code.
    fn raw_marks(&self) -> Option<usize> {
        let before = self.code.trim_end_matches('#');
        let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next();
        matches!(word, Some("r" | "br" | "cr")).then(|| self.code.len() - before.len())
    }

    fn text(&mut self, raw: Option<usize>) {
        self.keep('"');
        while let Some(next) = self.rest.next() {
            match (next, raw) {
                ('\\', None) => {
                    self.quoted(next);
                    if let Some(escaped) = self.rest.next() {
                        self.quoted(escaped);
                    }
                }
                ('"', None) => return self.keep('"'),
                ('"', Some(marks))
                    if self.rest.clone().take(marks).filter(|c| *c == '#').count() == marks =>
                {
                    return self.keep('"');
                }
                _ => self.quoted(next),
            }
        }
    }

    /// A character, or else a lifetime.
    fn quote(&mut self) {
        self.keep('\'');
        let mut ahead = self.rest.clone();
        let first = ahead.next();
        if first != Some('\\') && ahead.next() != Some('\'') {
            return;
        }
        while let Some(next) = self.rest.next() {
            match next {
                '\'' => return self.keep('\''),
                '\\' => {
                    self.quoted(next);
                    if let Some(escaped) = self.rest.next() {
                        self.quoted(escaped);
                    }
                }
                _ => self.quoted(next),
            }
        }
    }

    fn line_comment(&mut self) {
        self.blank('/');
        while let Some(next) = self.rest.next_if(|c| *c != '\n') {
            self.blank(next);
        }
    }

    fn block_comment(&mut self) {
        self.blank('/');
        let mut depth = 0;
        while let Some(next) = self.rest.next() {
            self.blank(next);
            match (next, self.rest.peek()) {
                ('/', Some('*')) | ('*', Some('/')) => {
                    depth += if next == '/' { 1 } else { -1 };
                    self.rest.next();
                    self.blank(' ');
                    if depth < 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn keep(&mut self, c: char) {
        self.uncommented.push(c);
        self.code.push(c);
    }

    fn quoted(&mut self, c: char) {
        self.uncommented.push(c);
        self.code.push(blanked(c));
    }

    fn blank(&mut self, c: char) {
        self.uncommented.push(blanked(c));
        self.code.push(blanked(c));
    }
}

const fn blanked(c: char) -> char {
    if c == '\n' { '\n' } else { ' ' }
}

#[test]
fn comments_and_quotes_are_told_from_code() {
    let check = |text: &str, code: &str| assert_eq!(lex(text).code, code, "{text}");
    check("a // b\nc", "a     \nc");
    check("a /* b /* c */ d */ e", "a                   e");
    check(r#"f("x\"y") + 1"#, r#"f("    ") + 1"#);
    check(r##"r#"a"b"# + c"##, r##"r#"   "# + c"##);
    check(r"g('\'', 'a', &'static str)", r"g('  ', ' ', &'static str)");
    check("'\"' + x", "' ' + x");
    check("\"// not a comment\" // one", "\"                \"       ");
    assert_eq!(lex("\"a\" // b").uncommented, "\"a\"     ");
}
