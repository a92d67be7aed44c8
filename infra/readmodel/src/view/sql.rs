//! A description as SQL: what Postgres is told to make views, their comments, their indexes and who may read them.

use crate::view::{
    Audience, Called, Rows, Seek, Shows, View, Words,
    dictionary::{POSITION_READ, TENANT, TIME_READ},
    roles,
};

/// The statements that make the views of a projection, for one tenant.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// Each view with its comments, in a schema that is on the search path.
    pub(crate) statements: Vec<String>,
    names: Vec<&'static str>,
    /// Who may read them, once there is such a role.
    pub(crate) reader: String,
}

impl Made {
    /// Of these descriptions.
    pub(crate) fn new(views: &[&View], tenant: &str, audience: &Audience) -> Self {
        let statements = views.iter().flat_map(|view| statements(view, tenant, &audience.zone)).collect();
        let reader = roles::role(&audience.readers, tenant);
        Self { statements, names: views.iter().map(|view| view.name).collect(), reader }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// What `_meta` keeps of them, to see at a start whether they are still these.
    pub(crate) fn text(&self) -> String {
        self.statements.join(";\n")
    }

    /// Lets the reader look into a schema and read its views: nothing is given to a role that isn't there.
    pub(crate) fn grants(&self, namespace: &str) -> String {
        let (role, name) = (literal(&self.reader), &self.reader);
        let views: Vec<String> =
            self.names.iter().map(|view| format!("\"{namespace}\".\"{view}\"")).collect();
        format!(
            "DO $grants$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {role}) THEN \
             GRANT USAGE ON SCHEMA \"{namespace}\" TO \"{name}\"; GRANT SELECT ON {} TO \"{name}\"; END IF; END $grants$",
            views.join(", ")
        )
    }
}

/// A text in quotes.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn statements(view: &View, tenant: &str, zone: &str) -> Vec<String> {
    let name = view.name;
    let mut columns = vec![format!("{}::text AS {TENANT}", literal(tenant))];
    for column in view.columns {
        let parts = column.shows.parts(zone, view.rows).into_iter();
        columns.extend(parts.map(|(suffix, sql)| format!("{sql} AS {}{suffix}", column.name)));
    }
    columns.push(format!("(SELECT next FROM _meta) AS {POSITION_READ}"));
    columns.push(format!("(SELECT {} FROM _meta) AS {TIME_READ}", moment("read_at")));
    let guard = if view.guarded { " WITH (security_barrier)" } else { "" };
    // By what is shown, not by how: an id's bytes, a word, and not what people call it. The tenant, so that nothing sums to nothing.
    let alike = view.columns.iter().filter_map(|column| column.shows.alike(zone));
    let by = match view.rows {
        Rows::Each => String::new(),
        Rows::Summed => {
            format!(" GROUP BY {}", std::iter::once("1".into()).chain(alike).collect::<Vec<_>>().join(", "))
        }
    };
    let shown =
        format!("SELECT {} FROM {}{by}", columns.join(", "), view.from).replace("{today}", &today(zone));
    let mut all = vec![
        format!("CREATE VIEW {name}{guard} AS {shown}"),
        format!("COMMENT ON VIEW {name} IS {}", literal(&format!("{}. {}", view.title.en, view.about.en))),
    ];
    all.extend(view.entries().iter().map(|entry| {
        let about = literal(&format!("{} ({})", entry.en, entry.unit.en));
        format!("COMMENT ON COLUMN {name}.{} IS {about}", entry.name)
    }));
    all
}

fn today(zone: &str) -> String {
    format!("CAST(now() AT TIME ZONE {} AS date)", literal(zone))
}

fn moment(millis: &str) -> String {
    format!("to_timestamp(CAST({millis} AS double precision) / 1000)")
}

fn hour(hours: &str) -> String {
    format!("to_timestamp(CAST({hours} AS double precision) * 3600)")
}

fn local(moment: &str, zone: &str) -> String {
    format!("CAST({moment} AT TIME ZONE {} AS date)", literal(zone))
}

impl Shows {
    /// The columns it is shown in: the end of the name, and the expression.
    fn parts(self, zone: &str, rows: Rows) -> Vec<(&'static str, String)> {
        let both = |at: String| vec![("_at", at.clone()), ("_on", local(&at, zone))];
        match self {
            Self::Id(of) => vec![("", hex(of))],
            Self::Text(of) => vec![("", format!("CAST({of} AS text)"))],
            Self::Number(of, _) if rows == Rows::Summed => vec![("", format!("CAST(sum({of}) AS bigint)"))],
            Self::Number(of, _) => vec![("", format!("CAST({of} AS bigint)"))],
            Self::Truth(of) => vec![("", format!("({of})"))],
            Self::Date(of) => vec![("", format!("CAST({of} AS date)"))],
            Self::Moment(of) => both(moment(of)),
            Self::Hour(of) => both(hour(of)),
            Self::Day(of) => {
                let on = local(&hour(of), zone);
                let at = format!("CAST({on} AS timestamp) AT TIME ZONE {}", literal(zone));
                vec![("_at", at), ("_on", on)]
            }
            Self::Word(of, words) => vec![
                ("", format!("CAST({of} AS text)")),
                ("_sv", called(of, words, |called| &called.sv)),
                ("_en", called(of, words, |called| &called.en)),
            ],
        }
    }

    /// What rows that are summed have in common; nothing of a number.
    fn alike(self, zone: &str) -> Option<String> {
        match self {
            Self::Number(..) => None,
            Self::Day(of) => Some(local(&hour(of), zone)),
            Self::Id(of)
            | Self::Text(of)
            | Self::Truth(of)
            | Self::Date(of)
            | Self::Moment(of)
            | Self::Hour(of)
            | Self::Word(of, _) => Some(of.to_owned()),
        }
    }

    /// What is looked for in an index.
    fn sought(self) -> String {
        match self {
            Self::Id(of) => hex(of),
            Self::Moment(of) => moment(of),
            Self::Hour(of) => hour(of),
            Self::Text(of)
            | Self::Number(of, _)
            | Self::Truth(of)
            | Self::Date(of)
            | Self::Day(of)
            | Self::Word(of, _) => of.to_owned(),
        }
    }
}

fn hex(of: &str) -> String {
    format!("encode({of}, 'hex')")
}

/// A word that nobody calls anything stays as it is.
fn called(of: &str, words: Words, said: fn(&Called) -> &String) -> String {
    let whens = words()
        .iter()
        .map(|one| format!(" WHEN {} THEN {}", literal(&one.word), literal(said(one))))
        .collect::<String>();
    format!("CASE CAST({of} AS text){whens} ELSE CAST({of} AS text) END")
}

impl Seek {
    /// The statement that makes it, the so manieth of its schema.
    pub(crate) fn index(&self, number: usize) -> String {
        let by: Vec<String> = self.by.iter().map(|shown| format!("({})", shown.sought())).collect();
        format!("CREATE INDEX \"_seek_{number}_{0}\" ON \"{0}\" ({1})", self.table, by.join(", "))
    }
}
