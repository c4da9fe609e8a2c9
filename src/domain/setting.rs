//! A setting as people may see it.

/// A key, what holds for it and who said so. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub key: &'static str,
    pub value: String,
    pub origin: String,
}

impl Setting {
    /// The origin of what nobody said.
    pub const DEFAULT: &str = "padrão";
    pub const COMMAND_LINE: &str = "linha de comando";
    /// Before the name of the file a secret stands in.
    pub const FILE: &str = "arquivo ";
    /// The value and the origin of what has none.
    pub const NOTHING: &str = "—";
    /// What stands for a text without letters.
    pub const EMPTY: &str = "(vazio)";

    pub fn is_default(&self) -> bool {
        self.origin == Self::DEFAULT
    }
}
