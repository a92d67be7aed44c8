//! What may be typed about draws.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum DrawCommand {
    /// Prepare a draw: all but the seed, to be published before it is known
    #[command(
        after_help = "Examples:\n  radslag draw run volunteers.csv --quotas quotas.csv --seats 45 --household address \
        --secret draw.secret --to draw.json\n  \
        radslag draw run register.csv --by district --by age --seats 2000 --reserves 500 --secret draw.secret --to draw.json\n\n\
        With --quotas (columns category, feature, min, max) it is LEXIMIN: the fairest lottery over panels that keep the quotas, with \
        its proof. With --by it is a stratified random sample, in proportion to the register. The secret is made if its file isn't \
        there: keep it until `draw reveal`. What is written has no names."
    )]
    Run(RunArgs),
    /// Draw, once the public value is known: it is added to the prepared draw
    #[command(
        after_help = "Example:\n  radslag draw reveal draw.json --secret draw.secret --public '17 4 22 9 31' \
        --people volunteers.csv --id pool_member_identifier"
    )]
    Reveal(RevealArgs),
    /// Check a published draw: hashes, quotas, proof of fairness, who follows from the seed. Needs no secret
    #[command(
        after_help = "Example:\n  radslag draw verify draw.json\n\nExit code 1 if anything isn't as it says."
    )]
    Verify(VerifyArgs),
}

#[derive(Args)]
#[command(group = ArgGroup::new("method").required(true).args(["quotas", "by"]))]
pub(crate) struct RunArgs {
    /// People, a row each
    pub(crate) people: PathBuf,
    /// Quotas: a lottery over panels that keep them
    #[arg(long, value_name = "CSV")]
    pub(crate) quotas: Option<PathBuf>,
    /// A column of the strata; may be given several times
    #[arg(long, value_name = "COLUMN")]
    pub(crate) by: Vec<String>,
    /// How many are drawn
    #[arg(long, value_name = "N")]
    pub(crate) seats: u32,
    /// How many come next; only with --by
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "quotas")]
    pub(crate) reserves: u32,
    /// Who has the same in this column lives together: at most one is drawn
    #[arg(long, value_name = "COLUMN")]
    pub(crate) household: Option<String>,
    /// Nobody has the same in this column
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// The office's half of the seed; made if it isn't there
    #[arg(long, value_name = "FILE")]
    pub(crate) secret: PathBuf,
    /// What is to be published; must not be there yet
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct RevealArgs {
    /// The prepared draw
    pub(crate) bundle: PathBuf,
    /// The office's half of the seed
    #[arg(long, value_name = "FILE")]
    pub(crate) secret: PathBuf,
    /// What became public after the draw was prepared
    #[arg(long, value_name = "TEXT")]
    pub(crate) public: String,
    /// The file the draw was prepared from, to say which rows are drawn
    #[arg(long, value_name = "CSV")]
    pub(crate) people: Option<PathBuf>,
    /// The column that says who lives together, as when it was prepared
    #[arg(long, value_name = "COLUMN", requires = "people")]
    pub(crate) household: Option<String>,
    /// Print this column of those drawn [default: their line numbers]
    #[arg(long, value_name = "COLUMN", requires = "people")]
    pub(crate) id: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    /// The published draw
    pub(crate) bundle: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
