//! Which rule a command to a panel comes to.

use crate::panel::{
    command::{Act, Command},
    course, draw,
    event::Event,
    import, plan,
    refusal::Refusal,
    state::{Panel, State},
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, by, act } = command;
    if let Act::Plan { keys, dialogue, texts } = act {
        // The same command comes as the same panel: it is there, and nothing is to be done.
        if state.0.is_some() {
            return Ok(Vec::new());
        }
        plan::texts(&texts)?;
        return Ok(vec![Event::Planned { at, by: by.id, dialogue, keys, texts: texts.into() }]);
    }
    let panel: &Panel = state.0.as_ref().ok_or(Refusal::UnknownPanel)?;
    if panel.erased && !matches!(act, Act::Import(_)) {
        return Err(if matches!(act, Act::Erase) { Refusal::AlreadyErased } else { Refusal::PanelEnded });
    }
    match act {
        Act::Plan { .. } => Ok(Vec::new()),
        Act::Change { texts } => plan::change(panel, (at, &by), texts),
        Act::Answer { question, text, undecided_by } => {
            plan::answer(panel, (at, &by), question, text, undecided_by)
        }
        Act::SetForm { form } => plan::set_form(panel, (at, &by), form),
        Act::SetStrata { strata } => plan::set_strata(panel, (at, &by), strata),
        Act::Decide { size, recruiting, term_months, replacement, who } => {
            let terms = plan::Deciding { size, recruiting, term_months, replacement, who };
            plan::decide(panel, (at, &by), terms)
        }
        Act::SetWanted { sv, en } => plan::set_wanted(panel, (at, &by), sv, en),
        Act::Start => course::start(panel, (at, &by)),
        Act::Activate => course::activate(panel, (at, &by)),
        Act::Rest => course::rest(panel, (at, &by)),
        Act::Resume => course::resume(panel, (at, &by)),
        Act::End { reason } => course::end(panel, (at, &by), reason),
        Act::BeginTerm { ends_at, renew_by } => course::begin_term(panel, (at, &by), ends_at, renew_by),
        Act::SettleTerm => course::settle_term(panel, (at, &by)),
        Act::Tell { about, from, upto, finished } => course::tell(panel, at, about, (from, upto, finished)),
        Act::Import(act) => import::decide(panel, at, by, act),
        Act::Draw(act) => draw::decide(panel, at, by, act),
        Act::Erase => course::erase(panel, (at, &by)),
    }
}
