//! How shares become drives.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name or address of the file server as Windows is to use it, the same in every path.
    pub host: String,
    /// Drive letters in the order they are handed out: `D` to `Z`, each once.
    pub letters: Vec<char>,
    /// The letter of a share, by its name, where the office wants a certain one.
    pub fixed_letters: BTreeMap<String, char>,
}

/// From the end of the alphabet's middle on: the first ones are sticks and discs, the last ones what people map themselves.
pub const LETTERS: &str = "MNOPQRSTUVWXYZLKJIHGFED";
