//! A plain sign that the server lives.

use serde::Serialize;

use crate::web::views::Page;

#[derive(Debug, Serialize)]
pub struct SignPage {}

impl Page for SignPage {
    const TEMPLATE: &'static str = "pages/sign.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}
