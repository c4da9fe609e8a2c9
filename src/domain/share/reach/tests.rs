//! The rule as a table of cases to read, and as properties against a second, naive rule.

mod folders;
mod naive;
mod properties;
mod scene;
mod table;
