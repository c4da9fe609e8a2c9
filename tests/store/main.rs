//! One suite for the store, on SQLite, PostgreSQL and MariaDB.
//!
//! The two servers come from the environment; `tests/run` starts them and says where they are.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod crash;
mod database;
mod suite;

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
    a_killed_writer_loses_nothing_it_acknowledged: crash,
}
