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
    STATE_BY_START = "state_by_start";
    STATE_AFTER_START = "state_after_start";
    STATE_BY_DEADLINE = "state_by_deadline";
    STATE_AFTER_DEADLINE = "state_after_deadline";
    STATE_BY_SIGNATURES = "state_by_signatures";
    STATE_AFTER_SIGNATURES = "state_after_signatures";
    SEARCH = "search";
    SEARCH_AFTER = "search_after";
    SIMILAR = "similar";
    TOTAL = "total";
    CLASS_TOTAL = "class_total";
    FEW = "few";
    FEW_AFTER = "few_after";
    FEW_BY_DEADLINE = "few_by_deadline";
    FEW_AFTER_DEADLINE = "few_after_deadline";
    TO_REVIEW = "to_review";
    REVIEWS = "reviews";
    PETITION = "petition";
    PETITION_OWNERS = "petition_owners";
    PETITION_BY_URL_KEY = "petition_by_url_key";
    COUNT = "count";
    FIGURES = "figures";
    SIGNATURES = "signatures";
    SIGNATURES_AFTER = "signatures_after";
    SIGNATURES_TOTAL = "signatures_total";
    SIGNATURE_SPANS = "signature_spans";
    SIGNATURE = "signature";
    AREAS = "areas";
    TIMERS_DUE = "timers_due";
    SAME_PERSON = "same_person";
    BEATEN_ON_PAPER = "beaten_on_paper";
    PAPERS = "papers";
    PAPERS_AT_WORK = "papers_at_work";
    PAPER_BY_EID = "paper_by_eid";
    ASSISTED_SIGNATURES = "assisted_signatures";
    ASSISTED_ACTS = "assisted_acts";
    METHODS = "methods";
    UNCOMPARED = "uncompared";
    ANSWER_PARTS = "answer_parts";
    ANSWERS = "answers";
    ANSWER_REPLIES = "answer_replies";
    ANSWERS_WAITING = "answers_waiting";
    FOLLOW_UPS = "follow_ups";
    WITHDRAWAL = "withdrawal";
    SIGNERS_TO_TELL = "signers_to_tell";
    HEARING = "hearing";
    HEARING_DOCUMENTS = "hearing_documents";
    UNDER_SIGNING = "under_signing";
    UNFINISHED = "unfinished";
    COUNT_SINCE = "count_since";
    SUSPECTED = "suspected";
    SUSPECTED_TOTAL = "suspected_total";
    TOP_NETWORKS = "top_networks";
    TOP_DOMAINS = "top_domains";
    OF_DOMAIN = "of_domain";
    BULKS = "bulks";
    BULKS_AT_WORK = "bulks_at_work";
    CORRECTIONS = "corrections";
    CORRECTIONS_OF = "corrections_of";
    OBJECTIONS = "objections";
    COUNTED_BETWEEN = "counted_between";
    SIGNED_PETITIONS = "signed_petitions";
    COMMENTS_NEWEST = "comments_newest";
    COMMENTS_OLDEST = "comments_oldest";
    COMMENTS_THREADS = "comments_threads";
    COMMENTS_NEWEST_REPLIES = "comments_newest_replies";
    COMMENTS_OLDEST_REPLIES = "comments_oldest_replies";
    COMMENTS_PUBLISHED = "comments_published";
    COMMENTS_QUEUE = "comments_queue";
    COMMENT = "comment";
    INQUIRIES_LISTED = "inquiries_listed";
    INQUIRIES_TOTAL = "inquiries_total";
    INQUIRY = "inquiry";
    INQUIRY_ANSWERS = "inquiry_answers";
    INQUIRIES_ANSWERED_BY = "inquiries_answered_by";
    INQUIRIES_FROM = "inquiries_from";
    INQUIRIES_QUEUE = "inquiries_queue";
    INQUIRIES_OF_POLITICIAN = "inquiries_of_politician";
    POLITICIANS_CLOCKS = "politicians_clocks";
}
