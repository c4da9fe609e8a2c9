//! A table as a file for spreadsheets: every field in quotes, and none of them a formula.

/// Spreadsheets take a file without it for one in an older alphabet.
const MARK: &str = "\u{feff}";

/// What makes a spreadsheet compute a field instead of showing it.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

#[derive(Debug)]
pub struct Csv(String);

impl Csv {
    pub fn new(heads: &[&str]) -> Self {
        let mut csv = Self(MARK.to_owned());
        csv.row(heads.iter().copied());
        csv
    }

    pub fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) {
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.0.push('"');
            if field.trim_start().starts_with(FORMULA) || field.starts_with(FORMULA) {
                self.0.push('\'');
            }
            self.0.push_str(&field.replace('"', "\"\""));
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }

    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula_or_ends_its_row() {
        let mut csv = Csv::new(&["who", "what"]);
        csv.row(["=HYPERLINK(\"http://evil\")", "-1"]);
        csv.row([" @SUM(A1)", "\"><img src=x onerror=1>, R&D (2026)!"]);
        csv.row(["a\r\nb", ""]);
        let expected = "\u{feff}\"who\",\"what\"\r\n\
            \"'=HYPERLINK(\"\"http://evil\"\")\",\"'-1\"\r\n\
            \"' @SUM(A1)\",\"\"\"><img src=x onerror=1>, R&D (2026)!\"\r\n\
            \"a\r\nb\",\"\"\r\n";
        assert_eq!(csv.finish(), expected);
    }
}
