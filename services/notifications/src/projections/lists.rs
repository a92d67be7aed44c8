//! The queries, each once for SQLite and Postgres. Parameters and columns stand in the files.

use radslag_readmodel::queries;

queries! {
    in "../../sql/":
    DELIVERIES_DUE = "deliveries_due";
    DELIVERIES_ATTEMPTING = "deliveries_attempting";
    DELIVERIES_OF = "deliveries_of";
    DELIVERIES_IN = "deliveries_in";
    DELIVERY_STATES = "delivery_states";
    SUBSCRIPTIONS_DUE = "subscriptions_due";
    SUBSCRIPTION = "subscription";
    SUBSCRIBERS = "subscribers";
    SUBSCRIBERS_COUNT = "subscribers_count";
    MAILINGS = "mailings";
    MAILINGS_RUNNING = "mailings_running";
}
