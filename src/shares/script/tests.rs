//! Tests of script.
