//! Twenty names that try to be something else; whoever shows, writes or runs one is tried with all of them.

/// As a share, an account and a full name. None of them may act, all of them must be readable.
pub const NAMES: [&str; 20] = [
    "\"><img src=x onerror=1>",
    "R&D (2026)!",
    "'; DROP TABLE session; --",
    "{{ 7 * 7 }}{% if true %}x{% endif %}",
    "${jndi:ldap://x}",
    "100% %PATH% %0",
    "^caret ^& echo INJ",
    "a&echo INJ",
    "a|more > b < c",
    "!var! (x)",
    "</script><script>alert(1)</script>",
    "<!-- comment",
    "javascript:alert(1)",
    "linha\r\nSet-Cookie: a=b",
    "\u{1b}[31mred\u{7}",
    "\u{202e}gpj.exe",
    "\\\\evil\\share",
    "..\\..\\windows",
    "Departamento de Infraestrutura e Obras Públicas – Unidade Cuiabá",
    "日本語 😀 ñ",
];
