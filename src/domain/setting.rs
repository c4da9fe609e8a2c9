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

    pub fn is_default(&self) -> bool {
        self.origin == Self::DEFAULT
    }
}
