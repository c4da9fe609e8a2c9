//! The template engine. A template needs no word about languages to speak the right one.
//!
//! Everything a template is given is escaped; the `safe` filter is banned by the test of the house.

use std::cell::Cell;
use std::sync::Arc;

use axum::response::Html;
use fluent_bundle::{FluentArgs, FluentValue};
use rust_embed::Embed;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, Value};

use crate::web::assets;
use crate::web::views::{Frame, Page, Piece};
use crate::web::words::{self, Language};

#[derive(Embed)]
#[folder = "templates/"]
pub(super) struct Files;

/// Every template, ready to be filled in.
#[derive(Clone)]
pub struct Templates(Arc<Tera>);

thread_local! {
    /// What is spoken in the template that is being rendered: that begins and ends on one thread. A variable would not
    /// reach a component, which sees its arguments alone; an engine for each language would take five million bytes more.
    static SPOKEN: Cell<Language> = const { Cell::new(Language::Portuguese) };
}

/// What a page's template sees.
#[derive(Serialize)]
struct Whole<'a, P> {
    frame: &'a Frame,
    page: &'a P,
}

impl Templates {
    pub fn load() -> Result<Self, tera::Error> {
        engine().map(|tera| Self(Arc::new(tera)))
    }

    /// A whole page: its template sees `frame` and `page`.
    pub fn page<P: Page>(&self, frame: &Frame, page: &P) -> Result<Html<String>, tera::Error> {
        let context = Context::from_serialize(&Whole { frame, page })?;
        self.speaking(frame.language).render(P::TEMPLATE, &context).map(Html)
    }

    /// A component alone: its arguments are the fields of the piece.
    pub fn piece<P: Piece>(&self, language: Language, piece: &P) -> Result<String, tera::Error> {
        let arguments = Context::from_serialize(piece)?;
        self.speaking(language).render_component(P::COMPONENT, &arguments, None, true)
    }

    /// To be rendered with at once.
    fn speaking(&self, language: Language) -> &Tera {
        SPOKEN.set(language);
        &self.0
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Templates")
    }
}

fn engine() -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    // Whatever the ending of a file.
    tera.autoescape_on([""]);
    // Before the templates, whose calls are checked as they are read.
    tera.register_function("t", |args: Kwargs, _: &State<'_>| translate(SPOKEN.get(), &args));
    tera.register_function("asset", |args: Kwargs, _: &State<'_>| asset(&args));
    let files = Files::iter().filter(|name| name.ends_with(".html")).filter_map(|name| {
        let text = String::from_utf8_lossy(&Files::get(&name)?.data).into_owned();
        Some((name.into_owned(), text))
    });
    tera.add_raw_templates(files.collect::<Vec<_>>())?;
    Ok(tera)
}

/// `t(key="signin-title", name=page.name)`.
fn translate(language: Language, args: &Kwargs) -> Result<String, tera::Error> {
    let key: &str = args.must_get("key")?;
    let given: FluentArgs<'_> = args
        .iter()
        .filter_map(|(name, value)| Some((name.as_str()?, value)))
        .filter(|(name, _)| *name != "key")
        .map(|(name, value)| (name, fluent(value)))
        .collect();
    words::find(language, key, &given)
        .ok_or_else(|| tera::Error::message(format!("no text {key}, or not with these arguments")))
}

fn fluent(value: &Value) -> FluentValue<'_> {
    match (value.as_str(), value.as_i64()) {
        (Some(text), _) => text.into(),
        (None, Some(number)) => number.into(),
        (None, None) => FluentValue::None,
    }
}

/// `asset(path="css/base.css")`: where a browser finds the file, its content in its name.
fn asset(args: &Kwargs) -> Result<String, tera::Error> {
    let path: &str = args.must_get("path")?;
    assets::address_of(path)
        .map(str::to_owned)
        .ok_or_else(|| tera::Error::message(format!("there is no file assets/{path}")))
}

#[cfg(test)]
mod tests;
