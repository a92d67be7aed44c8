//! What may be typed about serving.

use clap::{Args, ValueEnum};

#[derive(Args, Default)]
pub(crate) struct ServeArgs {
    /// Only this service: the others run elsewhere, and the bus is between them. Each needs a data folder of its own
    #[arg(long, value_name = "SERVICE", value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Served>,
}

/// A service that can be served alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Served {
    /// Petitions, and all around them
    Petitions,
    /// Panels and their members
    Panels,
    /// Letters, subscriptions and mailings
    Notifications,
}
