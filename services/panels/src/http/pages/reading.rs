//! Pages that are read: all panels, one of them, and how it is made up.

use axum::response::Response;
use radslag_kernel::{AggregateId, Opened};
use radslag_runtime::{
    Problem,
    http::{Page, PathId},
};
use serde_json::{Value, json};

use crate::{
    http::{
        api::seen,
        pages::{View, bars, drawing, meeting, words},
        panels,
        representing::{Representativeness, read_public},
    },
    member::Standing,
    panel::{Panel, Phase},
    questions::Question,
};

/// All panels that are decided.
pub(in crate::http) async fn list(view: View, page: Page) -> Result<Response, Problem> {
    let (found, total) = panels::page_of(&view.office, page, false).await?;
    let rows = found.iter().map(|one| {
        let phase = words::of("phase", &one.phase, view.lang);
        json!({ "id": one.id, "name": one.name, "phase": phase, "size": one.size })
    });
    let found = json!({
        "panels": rows.collect::<Vec<_>>(), "page": page.page, "pages": page.last(total),
    });
    view.show("panels.html", json!({ "found": found, "query": view.paging() }))
}

/// What every page of a panel says of it.
pub(super) fn head(view: &View, id: AggregateId, panel: &Panel) -> Value {
    let texts = panel.texts.known().cloned().unwrap_or_default();
    json!({
        "id": id.to_string(), "name": texts.name, "purpose": texts.purpose, "promises": texts.promises,
        "phase": panel.phase.word(), "state": words::of("phase", panel.phase.word(), view.lang),
        "takes": takes(panel), "drawn": panel.recruiting().drawn,
    })
}

/// Whether anybody the form takes may come now.
pub(super) fn takes(panel: &Panel) -> bool {
    panel.recruiting().enrols && panel.phase.has_members() && panel.form().is_some()
}

/// A panel: what it is for, what was decided, and where it stands.
pub(in crate::http) async fn panel(view: View, PathId(id): PathId<AggregateId>) -> Result<Response, Problem> {
    let (api, office) = (&view.api, &view.office);
    let (_, panel) = seen(api, office, None, id)?;
    let counts = panels::standings(office, id).await?;
    let count = |standing: Standing| counts.get(standing.word()).copied().unwrap_or(0);
    let others = Standing::ALL.iter().filter(|one| !one.is_member() && **one != Standing::Submitted);
    let others = others
        .filter(|one| count(**one) > 0)
        .map(|one| json!({ "rows": count(*one), "label": words::of("standing", one.word(), view.lang) }));
    let numbers = json!({
        "members": count(Standing::Active) + count(Standing::Paused), "paused": count(Standing::Paused),
        "others": others.collect::<Vec<_>>(),
    });
    let made = read_public(&api.own.figures, office, id, &panel).await?;
    let values = json!({
        "panel": head(&view, id, &panel), "decided": decided(&view, &panel), "numbers": numbers,
        "questions": questions(&view, &panel), "wanted": made.wanted, "strata": !made.categories.is_empty(),
        "draws": panel.draws.iter().map(|draw| drawing::listed(&view, draw)).collect::<Vec<_>>(),
        "meetings": meeting::total(office, id).await?,
        "ended": panel.ended.as_ref().and_then(Opened::known), "erased": panel.erased,
    });
    view.show("panel.html", values)
}

fn decided(view: &View, panel: &Panel) -> Value {
    let Some(decided) = &panel.decided else { return Value::Null };
    let date = |at| view.office.calendar.date(at);
    let (term, form) = (panel.term.filter(|_| panel.phase != Phase::Ended), panel.form());
    let ages = form.map(|form| [form.age_min, form.age_max]);
    json!({
        "on": date(decided.at), "who": decided.who.known(), "size": decided.size,
        "invites": decided.recruiting.invites, "enrols": decided.recruiting.enrols,
        "drawn": decided.recruiting.drawn, "months": decided.term_months,
        "replacement": words::of("replacement", decided.replacement.word(), view.lang),
        "started": panel.started_at.map(date), "term": term.map(|term| term.number),
        "term_ends": term.map(|term| date(term.ends_at)), "ages": ages,
        "residents": form.is_some_and(|form| form.residents_only),
    })
}

/// The eleven questions with their answers: `None` is open.
fn questions(view: &View, panel: &Panel) -> Vec<Value> {
    let one = |question: &Question| {
        let answer = panel.answers.get(question).and_then(Opened::known);
        json!({
            "number": question.number(), "question": words::of("question", question.word(), view.lang),
            "answer": answer.map(|answer| &answer.text).filter(|text| !text.is_empty()),
            "undecided_by": answer.map(|answer| &answer.undecided_by).filter(|who| !who.is_empty()),
        })
    };
    Question::ALL.iter().map(one).collect()
}

/// How a panel is made up, as pictures and as tables.
pub(in crate::http) async fn representativeness(
    view: View,
    PathId(id): PathId<AggregateId>,
) -> Result<Response, Problem> {
    let (_, panel) = seen(&view.api, &view.office, None, id)?;
    let made = read_public(&view.api.own.figures, &view.office, id, &panel).await?;
    let pictures = made.categories.iter().map(|category| bars::Bars::of(&category.groups, view.lang));
    let pictures = pictures.collect::<Vec<_>>();
    let by_standing = shows_standings(&made);
    let values = json!({
        "panel": head(&view, id, &panel), "made": made, "pictures": pictures, "by_standing": by_standing,
    });
    view.show("representativeness.html", values)
}

/// Whether the tables tell who was invited and who waits.
fn shows_standings(made: &Representativeness) -> bool {
    made.categories.iter().flat_map(|category| &category.groups).any(|group| group.invited.is_some())
}
