//! What the views show, run on Postgres.
