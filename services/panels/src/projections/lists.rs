//! The queries, each once for SQLite and Postgres. Parameters and columns stand in the files.

use radslag_readmodel::queries;

queries! {
    in "../../sql/":
    PANELS = "panels";
    PANELS_TOTAL = "panels_total";
    MEMBERS_DUE = "members_due";
    MEMBER = "member";
    MEMBERS = "members";
    IMPORTS_DUE = "imports_due";
    IMPORTS_WAITING = "imports_waiting";
    DRAWS_MADE = "draws_made";
    PANELS_DUE = "panels_due";
    TELLINGS = "tellings";
    MEETINGS = "meetings";
    MEETINGS_TOTAL = "meetings_total";
    RESERVES = "reserves";
    STANDINGS = "standings";
    ALIKE = "alike";
    FEATURES0 = "features0";
    FEATURES1 = "features1";
    FEATURES2 = "features2";
    FEATURES3 = "features3";
    FEATURES4 = "features4";
    FEATURES5 = "features5";
    FEATURES6 = "features6";
    FEATURES7 = "features7";
}

/// How many have which feature, by category.
pub const FEATURES: [radslag_readmodel::Query; crate::strata::CATEGORIES] =
    [FEATURES0, FEATURES1, FEATURES2, FEATURES3, FEATURES4, FEATURES5, FEATURES6, FEATURES7];
