//! Fields of a form: what was typed, and what is wrong with it.

use serde::Serialize;

use crate::domain::entry::{Field, Problem};

#[derive(Debug, Clone, Serialize)]
pub struct FieldView {
    pub name: &'static str,
    pub value: String,
    /// The key of what is wrong.
    pub problem: Option<&'static str>,
    /// The first that is wrong is where to go on.
    pub focus: bool,
}

/// What is wrong with a form, in the order of its fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(pub &'a [(Field, Problem)]);

impl Fields<'_> {
    pub fn view(&self, field: Field, value: &str) -> FieldView {
        let problem = self.0.iter().find(|(wrong, _)| *wrong == field).map(|(_, problem)| words(*problem));
        let first = self.0.iter().map(|(wrong, _)| *wrong).min();
        FieldView { name: field.as_str(), value: value.to_owned(), problem, focus: first == Some(field) }
    }
}

const fn words(problem: Problem) -> &'static str {
    match problem {
        Problem::Missing => "entry-missing",
        Problem::TooLong => "entry-too-long",
        Problem::Unprintable => "entry-unprintable",
        Problem::Unknown => "entry-unknown",
        Problem::EndsBeforeStart => "entry-ends-before-start",
        Problem::LastsTooLong => "entry-lasts-too-long",
        Problem::Past => "entry-past",
        Problem::OutOfRange => "entry-out-of-range",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_goes_to_the_first_field_that_is_wrong_in_the_order_of_the_form() {
        let problems = [(Field::Zone, Problem::Unknown), (Field::TitleEnglish, Problem::TooLong)];
        let view = |field| Fields(&problems).view(field, "x");
        let wrong = [Field::TitlePortuguese, Field::TitleEnglish, Field::Zone].map(|field| view(field).problem);
        assert_eq!(wrong, [None, Some("entry-too-long"), Some("entry-unknown")]);
        assert!(view(Field::TitleEnglish).focus && !view(Field::Zone).focus);
    }
}
