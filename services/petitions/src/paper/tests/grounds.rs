//! An official's act on paper has a ground: it is kept where it is given, and asked for where the policy wants one.

use radslag_kernel::{Decider as _, KeyRef, Opened, SubjectId, test::given};

use super::super::{event, samples::*, *};

fn because(ground: &str, by: SubjectId, act: Act) -> Command {
    let ground = ground.to_owned();
    Command { at: at(), batch: BATCH, by, conflict: false, takes_paper: true, ground, asks_ground: true, act }
}

fn sheet(differing: u32, ground: event::Ground) -> Vec<Event> {
    let checked = Event::SheetChecked { at: at(), batch: BATCH, by: SECOND, sheet: 0, differing, ground };
    let (taken, refused, last) = (2, 0, 2);
    let typed = Event::SheetEntered { at: at(), batch: BATCH, by: FIRST, sheet: 0, taken, refused, last };
    vec![registered(), typed, checked]
}

#[test]
fn an_act_on_paper_has_a_ground_where_the_policy_asks() {
    let said = || Some((KeyRef(12), Opened::Known("Planted ground".to_owned())));
    let register = || Act::Register {
        key: KeyRef(12),
        received: "2008-10-10".parse().unwrap(),
        today: "2008-10-10".parse().unwrap(),
        scan: [9; 32],
    };
    let acts = [
        (vec![], register()),
        (sheet(0, None)[..2].to_vec(), Act::Check { sheet: 0, differing: 0 }),
        (sheet(1, None), Act::Settle { sheet: 0 }),
        (sheet(0, None), Act::Accept),
        (vec![registered(), started()], Act::CancelImport { import: None }),
    ];
    let wanted = grounded();
    for ((history, act), wanted) in acts.into_iter().zip(&wanted) {
        let command = |ground| because(ground, SECOND, act.clone());
        given::<Decider>(history.clone()).when(command(" ")).refused(Refusal::GroundMissing);
        let decided = Decider::decide(&Decider::fold(&history), command("Planted ground")).unwrap();
        let ground = |event: &Event| match event {
            Event::Registered { ground, .. } => Some((KeyRef(12), ground.clone())),
            Event::SheetChecked { ground, .. }
            | Event::SheetSettled { ground, .. }
            | Event::Accepted { ground, .. }
            | Event::ImportCancelled { ground, .. } => ground.clone(),
            _ => None,
        };
        assert_eq!((ground(&decided[0]), ground(wanted)), (said(), said()), "{act:?}");
        let free = Command { asks_ground: false, ..command("") };
        assert!(Decider::decide(&Decider::fold(&history), free).is_ok(), "{act:?}");
    }
    // The service gives a file up that broke off: that is no official's act.
    let lapsed = because("", SECOND, Act::CancelImport { import: Some(1) });
    assert!(Decider::decide(&Decider::fold(&[registered(), started()]), lapsed).is_ok());
}
