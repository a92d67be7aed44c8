//! What a panel is to be: texts, the eleven answers, its form and its strata; and the decision that makes all of it public.

use radslag_kernel::{Instant, Opened, text};

use crate::{
    form::Form,
    panel::{
        command::By,
        event::{Answer, Event, Texts, Wanted},
        refusal::{Field, Refusal},
        state::{Panel, Phase, Recruiting, Replacement},
    },
    questions::Question,
    strata::Strata,
};

/// Characters of a panel's name.
pub const NAME_MAX: usize = 150;
/// Characters of its purpose, of what it promises, of an answer.
pub const TEXT_MAX: usize = 10_000;
/// Characters of who decides, or of who is wanted more.
pub const LINE_MAX: usize = 500;
/// Members a panel may have.
pub const SIZE_MAX: u32 = 1_000_000;
/// Months of a term.
pub const TERM_MAX: u32 = 120;

type Who<'a> = (Instant, &'a By);

pub(super) fn texts(texts: &Texts) -> Result<(), Refusal> {
    checked(&texts.name, NAME_MAX, Field::Name, true)?;
    if texts.name.contains(['\n', '\r', '\t']) {
        return Err(Refusal::Text(Field::Name, text::Fault::Control));
    }
    checked(&texts.purpose, TEXT_MAX, Field::Purpose, true)?;
    checked(&texts.promises, TEXT_MAX, Field::Promises, false)
}

fn checked(typed: &str, max: usize, field: Field, needed: bool) -> Result<(), Refusal> {
    let check = if needed { text::required } else { text::optional };
    check(typed, max).map_err(|fault| Refusal::Text(field, fault))
}

fn not_ended(panel: &Panel) -> Result<(), Refusal> {
    if panel.phase == Phase::Ended { Err(Refusal::PanelEnded) } else { Ok(()) }
}

pub(super) fn change(panel: &Panel, (at, by): Who<'_>, changed: Texts) -> Result<Vec<Event>, Refusal> {
    not_ended(panel)?;
    texts(&changed)?;
    if panel.texts.known() == Some(&changed) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Changed { at, by: by.id, document: panel.keys.document, texts: changed.into() }])
}

pub(super) fn answer(
    panel: &Panel,
    (at, by): Who<'_>,
    question: Question,
    text: String,
    undecided_by: String,
) -> Result<Vec<Event>, Refusal> {
    not_ended(panel)?;
    checked(&text, TEXT_MAX, Field::Answer, undecided_by.trim().is_empty())?;
    checked(&undecided_by, LINE_MAX, Field::UndecidedBy, false)?;
    let answer = Answer { text, undecided_by };
    if panel.answers.get(&question).is_some_and(|known| known.known() == Some(&answer)) {
        return Ok(Vec::new());
    }
    let document = panel.keys.document;
    Ok(vec![Event::Answered { at, by: by.id, document, question, answer: answer.into() }])
}

pub(super) fn set_form(panel: &Panel, (at, by): Who<'_>, form: Form) -> Result<Vec<Event>, Refusal> {
    not_ended(panel)?;
    form.check().map_err(Refusal::Form)?;
    let version = match &panel.form {
        Some((_, known)) if known.known() == Some(&form) => return Ok(Vec::new()),
        Some((version, _)) => version + 1,
        None => 1,
    };
    if panel.started_at.is_some() {
        supplied(panel, panel.strata(), Some(&form))?;
    }
    Ok(vec![Event::FormSet { at, by: by.id, document: panel.keys.document, version, form: form.into() }])
}

pub(super) fn set_strata(panel: &Panel, (at, by): Who<'_>, strata: Strata) -> Result<Vec<Event>, Refusal> {
    not_ended(panel)?;
    strata.check().map_err(Refusal::Strata)?;
    let version = match &panel.strata {
        Some((_, known)) if known.known() == Some(&strata) => return Ok(Vec::new()),
        Some((version, _)) => version + 1,
        None => 1,
    };
    if panel.started_at.is_some() {
        let same = panel.strata().map_or(strata.categories.is_empty(), |known| known.counts_as(&strata));
        if !same || panel.drawing().is_some() {
            return Err(if same { Refusal::DrawUnderWay } else { Refusal::StrataFixed });
        }
    }
    let document = panel.keys.document;
    Ok(vec![Event::StrataSet { at, by: by.id, document, version, strata: strata.into() }])
}

/// What is decided.
pub(super) struct Deciding {
    pub(super) size: u32,
    pub(super) recruiting: Recruiting,
    pub(super) term_months: u32,
    pub(super) replacement: Replacement,
    pub(super) who: String,
}

pub(super) fn decide(panel: &Panel, (at, by): Who<'_>, terms: Deciding) -> Result<Vec<Event>, Refusal> {
    let Deciding { size, recruiting, term_months, replacement, who } = terms;
    match panel.phase {
        Phase::Planned => {}
        Phase::Ended => return Err(Refusal::PanelEnded),
        Phase::Decided | Phase::Recruiting | Phase::Active | Phase::Resting => {
            return Err(Refusal::DecidedAlready);
        }
    }
    if size == 0 || size > SIZE_MAX || term_months > TERM_MAX {
        return Err(Refusal::SizeNotAllowed);
    }
    if !recruiting.invites && !recruiting.enrols && !recruiting.drawn {
        return Err(Refusal::NoWayIn);
    }
    checked(&who, LINE_MAX, Field::Who, true)?;
    checked(&by.ground, text::GROUND_MAX, Field::Ground, false)?;
    Ok(vec![Event::Decided {
        at,
        by: by.id,
        document: panel.keys.document,
        record: panel.keys.record,
        size,
        recruiting,
        term_months,
        replacement,
        who: who.into(),
        ground: by.ground.clone().into(),
    }])
}

pub(super) fn set_wanted(
    panel: &Panel,
    (at, by): Who<'_>,
    sv: String,
    en: String,
) -> Result<Vec<Event>, Refusal> {
    not_ended(panel)?;
    let needed = !(sv.is_empty() && en.is_empty());
    checked(&sv, LINE_MAX, Field::Wanted, needed)?;
    checked(&en, LINE_MAX, Field::Wanted, needed)?;
    let wanted = Wanted { sv, en };
    let known = panel.wanted.as_ref().and_then(Opened::known);
    if known == Some(&wanted) || (!needed && known.is_none()) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::WantedSet { at, by: by.id, document: panel.keys.document, wanted: wanted.into() }])
}

/// Whether all categories go by what register or form supplies.
pub(super) fn supplied(panel: &Panel, strata: Option<&Strata>, form: Option<&Form>) -> Result<(), Refusal> {
    let Some(strata) = strata else { return Ok(()) };
    let register = |category: &crate::strata::Category| {
        panel
            .imports
            .iter()
            .filter_map(|import| import.columns.known())
            .any(|columns| columns.supply(category))
    };
    match strata.unsupplied(&register, form) {
        Some(at) => Err(Refusal::AttributeNotSupplied(at as u8)),
        None => Ok(()),
    }
}
