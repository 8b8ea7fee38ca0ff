//! The contract of the store: one list of tests, each run on SQLite and on PostgreSQL.
//!
//! PostgreSQL is the server at `KEQIAO_TEST_POSTGRES`, or else one that the suite starts for
//! itself. Without either the suite fails, unless `KEQIAO_SKIP_POSTGRES=1` says that it may not run.

#![allow(clippy::unwrap_used)]

mod access;
mod articles;
mod beside;
mod change_log;
mod database;
mod engagements;
mod graph;
mod joins;
mod listings;
mod parties;
mod postgres;
mod programs;
mod ranking;
mod samples;
mod schema;
mod texts;
mod ties;
mod work;
mod writer;

/// Declares the list. A test that is not on it is dead code, which the build refuses.
macro_rules! contract {
    ($($module:ident { $($test:ident)+ })+) => {
        mod on_sqlite {$(
            mod $module {$(
                #[test]
                fn $test() {
                    crate::database::run(keqiao_store::Dialect::Sqlite, crate::$module::$test);
                }
            )+}
        )+}
        mod on_postgres {$(
            mod $module {$(
                #[test]
                fn $test() {
                    crate::database::run(keqiao_store::Dialect::Postgres, crate::$module::$test);
                }
            )+}
        )+}
    };
}

contract! {
    parties {
        a_party_reads_back_by_each_of_its_names
        an_update_wants_the_version_it_read
        what_must_be_unique_is_reported_by_its_key
        pages_of_parties_follow_the_id
        many_are_found_in_the_order_asked_for
        memberships_round_trip
    }
    access {
        an_account_reads_back_and_is_found_by_its_key
        roles_are_granted_changed_and_revoked
        sessions_round_trip_and_end
        a_password_reset_is_good_for_one_use
        tokens_are_revoked_once
        an_invitation_is_taken_up_once
    }
    listings {
        a_listing_reads_back
        any_listing_reads_back
        an_update_wants_the_version_it_read
        an_external_id_is_unique_within_its_party
        a_viewer_sees_what_the_tokens_say
        pages_with_equal_times_lose_and_repeat_nothing
        the_review_queue_shows_the_longest_waiting_first
        what_is_due_to_expire_is_found
    }
    beside {
        what_stands_beside_a_listing_round_trips
        an_acceptance_keeps_its_first_time
        matches_are_replaced_and_ordered
        matches_are_kept_as_visitors_are_shown_them
        whether_the_follower_of_matches_came_to_a_change_is_known
    }
    articles {
        a_file_and_its_articles_read_back
        what_is_twice_is_refused_by_its_key
        readers_see_the_articles_that_are_for_them
        pages_of_articles_lose_and_repeat_nothing
        words_of_a_headline_are_found_as_they_stand
        what_was_said_of_a_fact_gives_way_to_what_is_said_later
    }
    joins {
        a_decision_takes_the_place_of_the_one_before
        questions_with_equal_scores_are_paged_without_loss
        claims_wait_until_they_are_confirmed_or_dropped
        an_agreement_reads_back_and_is_opened_once_from_a_fact
        commitments_stand_with_their_agreement
    }
    graph {
        what_an_article_adds_reads_back_and_goes_without_a_rest
        an_entity_is_what_its_articles_have_for_it
        readers_see_the_entities_of_the_articles_they_see
        pages_of_entities_lose_and_repeat_nothing
        facts_are_filtered_and_paged_with_unknown_days
        names_lead_to_entities_and_persons_to_their_posts
    }
    ties {
        ties_are_counted_by_facts_and_know_their_days
        counts_come_to_the_same_whatever_was_there_before
        a_hub_of_a_hundred_thousand_facts_costs_no_more_than_its_latest
    }
    engagements {
        an_engagement_and_its_steps_read_back
        lists_know_who_stands_where_and_page_without_loss
        what_is_said_is_kept_and_what_is_sent_is_sent_once
        counts_add_up_in_every_place_that_holds_it
    }
    ranking {
        lists_that_were_shown_are_kept_within_bounds
        weights_are_used_from_a_moment_on
        one_trial_goes_on_at_a_time
    }
    programs {
        rows_of_spreadsheets_are_those_of_lists
        a_program_and_its_entries_read_back
        lists_of_entries_page_without_loss
        rankings_sheets_and_sessions_are_kept
    }
    texts {
        awkward_texts_come_back_unchanged
        a_nul_is_refused_in_columns_and_kept_in_json
        a_number_that_is_not_finite_is_refused
    }
    work {
        a_notice_of_one_key_is_given_once
        the_daily_mail_takes_what_is_unread
        deliveries_are_claimed_leased_and_tried_again
        a_lease_has_one_holder
        cursors_and_parked_changes_round_trip
        an_answer_is_kept_by_its_key
        an_import_reports_its_progress
    }
    change_log {
        entries_come_in_the_order_of_commits
        pruning_never_gives_a_number_again
        a_transaction_that_fails_leaves_no_entry
        two_raw_transactions_show_what_the_lock_is_for
        a_follower_of_two_nodes_misses_nothing
        replay_changes_nothing
    }
    writer {
        many_writers_lose_nothing
        a_failing_job_harms_no_neighbour
        a_panic_is_an_answer
        an_error_that_is_swallowed_still_undoes_the_job
        an_attempt_undoes_only_itself
        a_caller_that_goes_away_stops_nothing
        the_writer_outlives_a_disturbance
        a_reader_cannot_write
        a_closed_store_says_so
        followers_wake_after_the_commit
    }
    schema {
        every_column_has_a_class
        a_database_opens_again
        a_newer_database_is_refused
        a_missing_reference_is_a_conflict
        a_snapshot_is_whole_while_others_write
        a_snapshot_fills_an_empty_database
    }
}
