//! `radslag bi grafana`: Grafana's provisioning, made of short descriptions: a data source for each tenant, which logs in as that
//! tenant's reader, and the dashboards in both languages, which show whichever data source is picked.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use radslag_runtime::Config;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::roles;
use crate::{cli::bi::GrafanaArgs, print, said::Said, settings::Settings};

/// Every dashboard's description.
const DESCRIBED: [(&str, &str); 3] = [
    ("petitions", include_str!("../../../../infra/deploy/grafana/petitions.toml")),
    ("notifications", include_str!("../../../../infra/deploy/grafana/notifications.toml")),
    ("health", include_str!("../../../../infra/deploy/grafana/health.toml")),
];
const LANGUAGES: [&str; 2] = ["sv", "en"];
const POSTGRES: &str = "grafana-postgresql-datasource";
/// Columns of a row of panels.
const ACROSS: u32 = 24;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dashboard {
    uid: String,
    title: String,
    /// Its panels ask Prometheus.
    #[serde(default)]
    metrics: bool,
    #[serde(default)]
    variable: Vec<Variable>,
    panel: Vec<Panel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    name: String,
    label: String,
    sql: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Panel {
    title: String,
    #[serde(default)]
    description: String,
    kind: Kind,
    width: u32,
    #[serde(default = "usual_height")]
    height: u32,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    sql: String,
    #[serde(default)]
    promql: String,
    #[serde(default)]
    legend: String,
}

/// How a panel looks.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// Large numbers.
    Stat,
    /// Over time, as stacked bars.
    Bars,
    /// Over time.
    Lines,
    /// A bar for each name.
    Ranking,
    /// Rows.
    Table,
}

const fn usual_height() -> u32 {
    8
}

/// What was written.
#[derive(Serialize)]
struct Written {
    data_sources: usize,
    dashboards: usize,
}

/// Writes all of it.
pub(crate) fn run(args: &GrafanaArgs, settings: &Settings, said: Said) -> Result<()> {
    let dashboards = args.dashboards.clone().unwrap_or_else(|| args.to.join("radslag"));
    let config = settings.config();
    write(&args.to.join("datasources/radslag.yaml"), &sources(config))?;
    write(&args.to.join("dashboards/radslag.yaml"), &provider(&dashboards))?;
    let all = dashboards_of()?;
    for (name, dashboard) in &all {
        write(&dashboards.join(name), dashboard)?;
    }
    let written = Written { data_sources: config.tenants.len(), dashboards: all.len() };
    print::result(args.json, &written, || {
        said.provisioned(written.data_sources, written.dashboards, &args.to)
    })
}

fn write(file: &Path, text: &str) -> Result<()> {
    let made = file.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(file, text)).with_context(|| format!("{} can't be written", file.display()))
}

/// A data source for each tenant. Where the database is, and each password, come from Grafana's environment.
fn sources(config: &Config) -> String {
    let mut text = String::from(
        "# Data sources of Rådslag, one for each tenant, made by `radslag bi grafana`. Each logs in as the tenant's reader, which\n\
         # `radslag bi roles` makes, so a dashboard shows that tenant and nothing else. From Grafana's environment:\n\
         #   RADSLAG_POSTGRES           host:port of PostgreSQL\n\
         #   RADSLAG_DATABASE           the database\n\
         #   RADSLAG_POSTGRES_SSLMODE   verify-full, or disable on the same machine\n\
         #   RADSLAG_BI_..._PASSWORD    of each reader\napiVersion: 1\ndatasources:\n",
    );
    for tenant in &config.tenants {
        let role = roles::role(&config.bi.readers, &tenant.id);
        let variable = tenant.id.replace('-', "_").to_uppercase();
        let name = json!(format!("Rådslag: {}", tenant.name));
        text.push_str(&format!(
            "  - name: {name}\n    uid: {}\n    type: {POSTGRES}\n    access: proxy\n    url: $RADSLAG_POSTGRES\n    user: {role}\n    \
             editable: false\n    secureJsonData:\n      password: $RADSLAG_BI_{variable}_PASSWORD\n    jsonData:\n      \
             database: $RADSLAG_DATABASE\n      sslmode: $RADSLAG_POSTGRES_SSLMODE\n      postgresVersion: 1500\n      maxOpenConns: 5\n",
            uid(&tenant.id)
        ));
    }
    text
}

/// Grafana takes 40 letters: so many has a tenant's longest id.
fn uid(tenant: &str) -> String {
    let whole = format!("radslag-{tenant}");
    if whole.len() > 40 { tenant.to_owned() } else { whole }
}

fn provider(dashboards: &Path) -> String {
    let path = json!(dashboards);
    format!(
        "# Where Grafana finds the dashboards of Rådslag; made by `radslag bi grafana`.\napiVersion: 1\nproviders:\n  - name: radslag\n    \
         folder: Rådslag\n    type: file\n    disableDeletion: true\n    allowUiUpdates: false\n    options:\n      path: {path}\n"
    )
}

/// Every dashboard in every language: its file's name and its JSON.
fn dashboards_of() -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for (name, described) in DESCRIBED {
        for language in LANGUAGES {
            let dashboard: Dashboard = toml::from_str(&spoken(described, language))
                .with_context(|| format!("the dashboard {name} isn't described right"))?;
            let text = serde_json::to_string_pretty(&dashboard.json(language))? + "\n";
            all.push((format!("{name}.{language}.json"), text));
        }
    }
    Ok(all)
}

/// With one of the two of every `{{svenska|English}}`; what else stands in braces is Grafana's.
fn spoken(text: &str, language: &str) -> String {
    let mut parts = text.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let both = part.split_once("}}").and_then(|(both, rest)| Some((both.split_once('|')?, rest)));
        match both {
            Some(((sv, en), rest)) => out.extend([if language == "sv" { sv } else { en }, rest]),
            None => out.extend(["{{", part]),
        }
    }
    out
}

impl Dashboard {
    fn json(&self, language: &str) -> Value {
        let (kind, label) =
            if self.metrics { ("prometheus", "Prometheus") } else { (POSTGRES, "Organisation") };
        // Only ours of the data sources of that type.
        let regex = if self.metrics { "" } else { "/^Rådslag: /" };
        let source = json!({
            "name": "source", "label": label, "type": "datasource", "query": kind, "regex": regex,
            "hide": 0, "includeAll": false, "multi": false, "refresh": 1,
        });
        let asked = self.variable.iter().map(|variable| {
            json!({
                "name": variable.name, "label": variable.label, "type": "query", "query": variable.sql,
                "datasource": { "type": kind, "uid": "${source}" },
                "hide": 0, "includeAll": false, "multi": false, "refresh": 2, "sort": 0,
            })
        });
        json!({
            "uid": format!("{}-{language}", self.uid), "title": self.title, "tags": ["radslag", language],
            "schemaVersion": 39, "editable": false, "graphTooltip": 1, "timezone": "browser",
            "time": { "from": "now-30d", "to": "now" }, "refresh": "1m", "weekStart": "monday",
            "templating": { "list": std::iter::once(source).chain(asked).collect::<Vec<_>>() },
            "panels": self.panels(kind),
        })
    }

    /// Left to right, in rows.
    fn panels(&self, source: &str) -> Vec<Value> {
        let (mut x, mut y, mut row) = (0, 0, 0);
        let mut all = Vec::new();
        for (at, panel) in self.panel.iter().enumerate() {
            if x + panel.width > ACROSS {
                (x, y, row) = (0, y + row, 0);
            }
            let place = json!({ "x": x, "y": y, "w": panel.width, "h": panel.height });
            all.push(panel.json(at + 1, &place, source));
            x += panel.width;
            row = row.max(panel.height);
        }
        all
    }
}

impl Panel {
    fn json(&self, id: usize, place: &Value, source: &str) -> Value {
        let over_time = matches!(self.kind, Kind::Bars | Kind::Lines);
        let from = json!({ "type": source, "uid": "${source}" });
        let target = if self.promql.is_empty() {
            let format = if over_time { "time_series" } else { "table" };
            json!({ "refId": "A", "datasource": from, "editorMode": "code", "rawQuery": true, "format": format, "rawSql": self.sql })
        } else {
            json!({ "refId": "A", "datasource": from, "editorMode": "code", "range": true, "expr": self.promql, "legendFormat": self.legend })
        };
        let kind = match self.kind {
            Kind::Stat => "stat",
            Kind::Bars | Kind::Lines => "timeseries",
            Kind::Ranking => "barchart",
            Kind::Table => "table",
        };
        json!({
            "id": id, "type": kind, "title": self.title, "description": self.description, "gridPos": place,
            "datasource": from, "targets": [target],
            "fieldConfig": { "defaults": { "unit": self.unit, "custom": self.drawn() }, "overrides": [] },
            "options": self.options(),
        })
    }

    fn drawn(&self) -> Value {
        match self.kind {
            Kind::Bars => {
                json!({ "drawStyle": "bars", "fillOpacity": 80, "lineWidth": 0, "stacking": { "mode": "normal", "group": "A" } })
            }
            Kind::Lines => {
                json!({ "drawStyle": "line", "lineWidth": 2, "showPoints": "auto", "spanNulls": true })
            }
            Kind::Stat | Kind::Ranking | Kind::Table => json!({}),
        }
    }

    fn options(&self) -> Value {
        let legend = json!({ "displayMode": "list", "placement": "bottom", "showLegend": true });
        match self.kind {
            Kind::Stat => json!({
                "reduceOptions": { "calcs": ["lastNotNull"], "fields": "/.*/", "values": false },
                "colorMode": "none", "graphMode": "none", "textMode": "auto",
            }),
            Kind::Bars | Kind::Lines => {
                json!({ "legend": legend, "tooltip": { "mode": "multi", "sort": "desc" } })
            }
            Kind::Ranking => {
                json!({ "orientation": "horizontal", "showValue": "always", "legend": { "showLegend": false } })
            }
            Kind::Table => json!({ "showHeader": true, "cellHeight": "sm" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_both_languages_is_taken_and_what_is_grafanas_stays() {
        let text = "{{Läge|State}}: {{status}} state_{{sv|en}} ${petition:sqlstring}";
        assert_eq!(spoken(text, "sv"), "Läge: {{status}} state_sv ${petition:sqlstring}");
        assert_eq!(spoken(text, "en"), "State: {{status}} state_en ${petition:sqlstring}");
    }

    #[test]
    fn a_data_sources_uid_has_at_most_40_letters() {
        assert_eq!(uid("malmo"), "radslag-malmo");
        assert_eq!(uid(&"t".repeat(40)).len(), 40);
    }
}
