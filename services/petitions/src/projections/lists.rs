//! The queries, each once for SQLite and Postgres. Parameters and columns stand in the files.

macro_rules! queries {
    ($($name:ident = $file:literal;)*) => {
        $(
            #[doc = include_str!(concat!("../../sql/", $file, ".sql"))]
            pub const $name: &str = include_str!(concat!("../../sql/", $file, ".sql"));
        )*

        /// All of them, by name.
        pub const ALL: &[(&str, &str)] = &[$(($file, $name)),*];
    };
}

queries! {
    NEWEST_FIVE = "newest_five";
    POPULAR_FIVE = "popular_five";
    BY_START = "by_start";
    AFTER_START = "after_start";
    BY_DEADLINE = "by_deadline";
    AFTER_DEADLINE = "after_deadline";
    BY_SIGNATURES = "by_signatures";
    AFTER_SIGNATURES = "after_signatures";
    TOTAL = "total";
    TOTALS_BY_STATE = "totals_by_state";
    TO_REVIEW = "to_review";
    PETITION = "petition";
    PETITION_BY_URL_KEY = "petition_by_url_key";
    COUNT = "count";
    LATEST_SIGNATURES = "latest_signatures";
    SIGNATURES = "signatures";
    SIGNATURES_AFTER = "signatures_after";
    SIGNATURES_TOTAL = "signatures_total";
    SIGNATURE = "signature";
    AREAS = "areas";
    TIMERS_DUE = "timers_due";
    SAME_PERSON = "same_person";
    COMMENTS_NEWEST = "comments_newest";
    COMMENTS_OLDEST = "comments_oldest";
    COMMENTS_THREADS = "comments_threads";
    COMMENTS_REPLIES = "comments_replies";
    COMMENTS_PUBLISHED = "comments_published";
    COMMENTS_QUEUE = "comments_queue";
    COMMENT = "comment";
    INQUIRIES_LISTED = "inquiries_listed";
    INQUIRIES_TOTAL = "inquiries_total";
    INQUIRY = "inquiry";
    INQUIRIES_QUEUE = "inquiries_queue";
    INQUIRIES_OF_POLITICIAN = "inquiries_of_politician";
    POLITICIANS_CLOCKS = "politicians_clocks";
}
