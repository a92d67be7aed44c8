//! How a panel goes on: it starts once everything is answered, works, rests, begins terms and ends.

use radslag_kernel::{Instant, text};

use crate::{
    panel::{
        command::By,
        event::{Event, Told},
        import::Standing as Imported,
        plan::{LINE_MAX, supplied},
        refusal::{Field, Refusal},
        state::{Panel, Phase},
    },
    questions::Question,
};

type Who<'a> = (Instant, &'a By);

fn moved(panel: &Panel, (at, by): Who<'_>, to: Phase, resumed: bool) -> Result<Vec<Event>, Refusal> {
    text::optional(&by.ground, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Ground, fault))?;
    let ground = by.ground.clone().into();
    Ok(vec![Event::Moved { at, by: by.id, record: panel.keys.record, to, resumed, ground }])
}

pub(super) fn start(panel: &Panel, who: Who<'_>) -> Result<Vec<Event>, Refusal> {
    match panel.phase {
        Phase::Decided => {}
        Phase::Planned => return Err(Refusal::NotDecided),
        Phase::Ended => return Err(Refusal::PanelEnded),
        Phase::Recruiting | Phase::Active | Phase::Resting => return Err(Refusal::StartedAlready),
    }
    if let Some(open) = Question::ALL.iter().find(|question| !panel.answers.contains_key(question)) {
        return Err(Refusal::QuestionOpen(*open));
    }
    if panel.recruiting().enrols && panel.form.is_none() {
        return Err(Refusal::FormMissing);
    }
    supplied(panel, panel.strata(), panel.form())?;
    moved(panel, who, Phase::Recruiting, false)
}

pub(super) fn activate(panel: &Panel, who: Who<'_>) -> Result<Vec<Event>, Refusal> {
    match panel.phase {
        Phase::Recruiting => moved(panel, who, Phase::Active, false),
        Phase::Active | Phase::Resting => Ok(Vec::new()),
        Phase::Ended => Err(Refusal::PanelEnded),
        Phase::Planned | Phase::Decided => Err(Refusal::NotRecruiting),
    }
}

pub(super) fn rest(panel: &Panel, who: Who<'_>) -> Result<Vec<Event>, Refusal> {
    match panel.phase {
        Phase::Active => moved(panel, who, Phase::Resting, false),
        Phase::Resting => Ok(Vec::new()),
        Phase::Ended => Err(Refusal::PanelEnded),
        Phase::Planned | Phase::Decided | Phase::Recruiting => Err(Refusal::NotActive),
    }
}

pub(super) fn resume(panel: &Panel, who: Who<'_>) -> Result<Vec<Event>, Refusal> {
    match panel.phase {
        Phase::Resting => moved(panel, who, Phase::Active, true),
        Phase::Active => Ok(Vec::new()),
        Phase::Ended => Err(Refusal::PanelEnded),
        Phase::Planned | Phase::Decided | Phase::Recruiting => Err(Refusal::NotResting),
    }
}

pub(super) fn end(panel: &Panel, (at, by): Who<'_>, reason: String) -> Result<Vec<Event>, Refusal> {
    match panel.phase {
        Phase::Planned => return Err(Refusal::NotDecided),
        Phase::Ended => return Ok(Vec::new()),
        Phase::Decided | Phase::Recruiting | Phase::Active | Phase::Resting => {}
    }
    text::required(&reason, LINE_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    Ok(vec![Event::Ended { at, by: by.id, document: panel.keys.document, reason: reason.into() }])
}

pub(super) fn begin_term(
    panel: &Panel,
    (at, by): Who<'_>,
    ends_at: Instant,
    renew_by: Instant,
) -> Result<Vec<Event>, Refusal> {
    if panel.decided.as_ref().is_none_or(|decided| decided.term_months == 0) {
        return Err(Refusal::NoTerms);
    }
    if !matches!(panel.phase, Phase::Active | Phase::Resting) {
        return Err(if panel.phase == Phase::Ended { Refusal::PanelEnded } else { Refusal::NotActive });
    }
    if panel.term.is_some_and(|term| term.renew_by.is_some()) {
        return Err(Refusal::TermNotSettled);
    }
    let number = panel.term.map_or(1, |term| term.number + 1);
    if ends_at <= at || (number > 1 && (renew_by <= at || renew_by >= ends_at)) {
        return Err(Refusal::TermDatesNotAllowed);
    }
    Ok(vec![Event::TermBegun {
        at,
        by: by.id,
        record: panel.keys.record,
        term: number,
        ends_at,
        renew_by: (number > 1).then_some(renew_by),
        ground: by.ground.clone().into(),
    }])
}

pub(super) fn settle_term(panel: &Panel, (at, by): Who<'_>) -> Result<Vec<Event>, Refusal> {
    match panel.term.and_then(|term| term.renew_by) {
        None => Ok(Vec::new()),
        Some(renew_by) if at < renew_by => Err(Refusal::NotYet),
        Some(_) => {
            let record = panel.keys.record;
            Ok(vec![Event::TermSettled { at, by: by.id, record, ground: String::new().into() }])
        }
    }
}

pub(super) fn tell(
    panel: &Panel,
    at: Instant,
    about: Told,
    (from, upto, finished): (u64, u64, bool),
) -> Result<Vec<Event>, Refusal> {
    if !panel.phase.has_members() {
        return Err(Refusal::NotActive);
    }
    // A step that comes twice, or beside another about the same, is left out.
    match panel.telling.iter().find(|telling| telling.about == about) {
        Some(telling) if telling.upto != from => Err(Refusal::ToldAlready),
        None if from > 0 => Err(Refusal::ToldAlready),
        Some(_) | None => Ok(vec![Event::Told { at, about, from, upto, finished }]),
    }
}

pub(super) fn erase(panel: &Panel, (at, by): Who<'_>) -> Result<Vec<Event>, Refusal> {
    if !matches!(panel.phase, Phase::Ended | Phase::Planned) {
        return Err(Refusal::NotYet);
    }
    let imports =
        panel.imports.iter().filter(|one| matches!(one.standing, Imported::Coming | Imported::Complete));
    let mut keys = vec![panel.keys.document, panel.keys.record, panel.keys.tags];
    keys.extend(imports.map(|import| import.key));
    Ok(vec![Event::Erased { at, by: by.id, keys }])
}
