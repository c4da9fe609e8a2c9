//! One suite for the store, on SQLite, PostgreSQL and MariaDB.
//!
//! The two servers come from the environment; `tests/run` starts them and says where they are.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod crash;
mod database;
mod guards;
mod health;
mod lines;
mod messages;
mod notices;
mod schema;
mod sessions;
mod suite;
mod trail;

/// The same tests on every database, each named for the one it ran on.
macro_rules! on_every_database {
    ($($test:ident: $module:ident),+ $(,)?) => {
        mod sqlite { on_every_database!(@on Sqlite, $($test: $module),+); }
        mod postgres { on_every_database!(@on Postgres, $($test: $module),+); }
        mod mariadb { on_every_database!(@on Mariadb, $($test: $module),+); }
    };
    (@on $backend:ident, $($test:ident: $module:ident),+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::$module::$test(crate::database::Backend::$backend).await;
            }
        )+
    };
}

on_every_database! {
    migrating_twice_does_the_work_once: suite,
    many_processes_may_migrate_at_once: suite,
    asking_for_pending_migrations_changes_nothing: suite,
    a_newer_database_is_refused_by_name: suite,
    every_schema_there_ever_was_becomes_the_newest_with_all_its_rows: schema,
    the_schema_is_told_and_not_that_of_a_newer_program: schema,
    a_setting_is_created_replaced_and_removed: suite,
    of_many_creators_exactly_one_hears_yes: suite,
    keys_differ_in_case_accent_and_trailing_space: suite,
    any_text_comes_back_as_it_was: suite,
    what_one_database_could_not_keep_is_refused_by_all: suite,
    twenty_writers_lose_nothing_and_are_never_refused: suite,
    a_failed_transaction_leaves_nothing: suite,
    a_transaction_that_outlives_its_work_is_not_committed: suite,
    transactions_in_each_others_way_both_succeed: suite,
    a_corrupt_value_is_named: suite,
    a_database_that_is_not_there_is_named: suite,
    no_error_shows_the_password: suite,
    a_session_is_found_by_its_hash_exactly_as_it_was: sessions,
    a_session_with_a_text_no_database_keeps_is_refused: sessions,
    the_last_use_of_a_session_only_moves_forward: sessions,
    of_many_who_rotate_one_session_exactly_one_succeeds: sessions,
    a_session_is_removed_by_its_owner_or_by_whoever_may_any: sessions,
    sessions_are_removed_by_account_and_but_local_ones: sessions,
    listed_sessions_tell_their_hashes_and_are_removed_alone: sessions,
    sessions_end_at_their_time_and_when_nobody_uses_them: sessions,
    a_corrupt_session_is_named: sessions,
    of_many_who_tell_each_line_has_a_number_of_its_own_and_none_is_left_out: lines,
    numbers_go_on_where_they_stood_even_when_the_lines_are_gone: lines,
    a_line_no_database_keeps_is_refused_and_takes_no_number: lines,
    a_document_is_kept_listed_changed_and_let_go_by_its_kind: notices,
    of_many_who_change_one_document_none_is_lost: notices,
    a_corrupt_document_is_named: notices,
    what_is_told_once_is_told_by_one_of_many_and_leaves_no_gap: notices,
    a_read_mark_only_moves_forward_and_goes_when_it_is_old: notices,
    each_person_confirms_once_and_only_what_is_there_is_remembered: notices,
    a_ban_is_put_found_listed_and_removed: guards,
    failures_add_up_keep_waiting_and_are_forgotten: guards,
    of_many_failures_at_once_each_is_counted: guards,
    an_administrator_is_created_once_and_removed: guards,
    a_code_is_taken_once_and_no_older_one_after_it: guards,
    a_second_factor_is_kept_once_and_takes_no_code_twice: guards,
    many_writers_leave_a_whole_trail_without_a_gap: trail,
    whatever_is_done_to_a_row_of_the_trail_is_found: trail,
    a_trail_that_lost_its_end_takes_no_more_entries: trail,
    the_trail_is_searched_by_action_actor_and_text: trail,
    an_entry_nobody_understands_is_named_when_listed_and_when_verified: trail,
    a_message_is_kept_with_the_cursor_joined_taken_and_ended: messages,
    the_oldest_messages_go_when_too_many_wait: messages,
    a_killed_writer_loses_nothing_it_acknowledged: crash,
    sums_of_health_are_listed_by_steps_from_the_start_of_the_span: health,
    old_looks_grow_coarse_and_their_sums_stay: health,
    two_looks_at_one_moment_are_one: health,
    turns_are_listed_from_the_newest_back: health,
    of_many_processes_one_holds_the_lease_until_it_runs_out: health,
}
