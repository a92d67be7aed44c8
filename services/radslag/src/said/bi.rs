//! What is said of the roles that read views, and of what Grafana is provisioned with.

use std::path::Path;

use super::Said;
use crate::bi::check::{Found, Wrong};

impl Said {
    /// Roles were made.
    pub(crate) fn roles_made(self, roles: &[String]) -> String {
        let roles = roles.join(", ");
        self.tell(
            format!("Rollerna finns: {roles}.\nGe var och en ett lösenord eller ett certifikat innan någon loggar in.\n"),
            format!("The roles are there: {roles}.\nGive each a password or a certificate before anybody logs in.\n"),
        )
    }

    /// Read tables are in SQLite.
    pub(crate) const fn no_views(self) -> &'static str {
        self.pick(
            "Lästabellerna är SQLite-filer, och där finns inga vyer att läsa: ange `readmodel.postgres_url_file`.",
            "The read tables are SQLite files, and there are no views to read there: set `readmodel.postgres_url_file`.",
        )
    }

    /// A role, and what isn't as it should be.
    pub(crate) fn reader(self, found: &Found) -> String {
        let Found { role, views, wrong } = found;
        let mut lines = if wrong.is_empty() {
            self.tell(
                format!("{role}: läser {views} vyer och kan inget mer\n"),
                format!("{role}: reads {views} views and can do nothing else\n"),
            )
        } else {
            self.tell(format!("{role}: läser {views} vyer\n"), format!("{role}: reads {views} views\n"))
        };
        wrong.iter().for_each(|one| lines.push_str(&format!("  {}\n", self.of_reader(one))));
        lines
    }

    fn of_reader(self, wrong: &Wrong) -> String {
        match wrong {
            Wrong::NoRole => self.tell(
                "rollen finns inte: kör `radslag bi roles`".into(),
                "there is no such role: run `radslag bi roles`".into(),
            ),
            Wrong::Powers(powers) => {
                let powers = powers.join(", ");
                self.tell(
                    format!("har rätter som den inte ska ha: {powers}"),
                    format!("has rights it shouldn't have: {powers}"),
                )
            }
            Wrong::NoTimeout => self.tell(
                "inget avslutar dess frågor: ingen statement_timeout".into(),
                "nothing ends its statements: no statement_timeout".into(),
            ),
            Wrong::Makes => self.tell(
                "kan skapa saker i databasen: kör infra/deploy/postgres/roles.sql".into(),
                "can make things in the database: run infra/deploy/postgres/roles.sql".into(),
            ),
            Wrong::Missing(views) => {
                let views = views.join(", ");
                self.tell(format!("kan inte läsa {views}"), format!("can't read {views}"))
            }
            Wrong::Beyond(tables) => {
                let tables = tables.join(", ");
                self.tell(
                    format!("når mer än den ska: {tables}"),
                    format!("reaches more than it should: {tables}"),
                )
            }
        }
    }

    /// Files were written.
    pub(crate) fn provisioned(self, sources: usize, dashboards: usize, folder: &Path) -> String {
        let folder = folder.display();
        self.tell(
            format!("{sources} datakällor och {dashboards} paneler i {folder}\n"),
            format!("{sources} data sources and {dashboards} dashboards in {folder}\n"),
        )
    }
}
