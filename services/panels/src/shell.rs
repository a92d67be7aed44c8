//! Around the pure core: stamps time, keys, items and tags, and appends. What it serves over HTTP stands in `http`.

pub mod candidates;
pub mod carrying;
pub mod drawing;
pub mod helping;
pub mod importing;
pub mod links;
pub mod meeting;
pub mod membering;
pub mod office;
pub mod planning;
pub mod process;
pub mod run;
pub mod service;
pub mod tagging;
pub mod telling;
pub mod wrong;

pub use office::Office;
pub use radslag_runtime::asked::{Asked, Done};
pub use service::Panels;
pub use wrong::Wrong;
