//! The page before the door: a code, or first a second factor to take it from.

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;

use crate::auth::Wanted;
use crate::domain::Secret;
use crate::web::views::{Page, ProblemView};

#[derive(Debug, Serialize)]
pub struct ConfirmPage {
    /// Where it leads on to.
    pub to: String,
    /// Whoever comes from a form finds it again as they left it.
    pub form: bool,
    /// They have to come in anew first.
    pub sign_in: bool,
    pub enrol: Option<EnrolView>,
    pub problem: Option<ProblemView>,
}

#[derive(Debug, Serialize)]
pub struct EnrolView {
    /// In groups of four, as people read it out.
    pub secret: Vec<String>,
    /// For those on the telephone that has the authenticator.
    pub uri: String,
    /// One path of an SVG: a unit square for each dark module.
    pub path: String,
    /// Of the side, with the quiet border scanners want.
    pub size: i32,
}

/// In modules, on every side.
const BORDER: i32 = 4;

impl ConfirmPage {
    pub fn of(to: String, form: bool, wanted: &Wanted, problem: Option<ProblemView>) -> Self {
        let enrol = match wanted {
            Wanted::Enrolment(offer) => Some(EnrolView::of(&offer.uri, &offer.secret)),
            Wanted::Code | Wanted::SignIn => None,
        };
        Self { to, form, sign_in: matches!(wanted, Wanted::SignIn), enrol, problem }
    }
}

impl EnrolView {
    fn of(uri: &Secret<String>, secret: &Secret<String>) -> Self {
        let letters: Vec<char> = secret.reveal().chars().collect();
        let code = QrCode::encode_text(uri.reveal(), QrCodeEcc::Medium).expect("a name and a secret fit into a code");
        Self {
            secret: letters.chunks(4).map(|group| group.iter().collect()).collect(),
            uri: uri.reveal().clone(),
            path: path_of(&code),
            size: code.size() + 2 * BORDER,
        }
    }
}

/// A run of dark modules is one rectangle.
fn path_of(code: &QrCode) -> String {
    use std::fmt::Write as _;

    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&at| code.get_module(at, y)).count();
            if run > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + BORDER, y + BORDER);
            }
            x += i32::try_from(run).unwrap_or(0) + 1;
        }
    }
    path
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "pages/admin/confirm.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let uri = "otpauth://totp/Farol:carla?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Farol";
        let enrol = || EnrolView::of(&Secret::from(uri), &Secret::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        let problem = || ProblemView::samples().into_iter().next();
        let to = || "/admin/sessions?q=\"><img src=x onerror=1>".to_owned();
        vec![
            Self { to: to(), form: false, sign_in: false, enrol: None, problem: None },
            Self { to: to(), form: true, sign_in: false, enrol: None, problem: problem() },
            Self { to: to(), form: false, sign_in: false, enrol: Some(enrol()), problem: None },
            Self { to: to(), form: false, sign_in: false, enrol: Some(enrol()), problem: problem() },
            Self { to: to(), form: false, sign_in: true, enrol: None, problem: None },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_on_the_page_is_the_address_an_authenticator_takes() {
        let code = QrCode::encode_text("otpauth://totp/x", QrCodeEcc::Medium).unwrap();
        let path = path_of(&code);
        let covered: i32 = path
            .split('h')
            .skip(1)
            .step_by(2)
            .map(|rest| rest.split('v').next().unwrap().parse::<i32>().unwrap())
            .sum();
        let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark = dark.filter(|&(x, y)| code.get_module(x, y)).count();
        assert_eq!(usize::try_from(covered).unwrap(), dark);
        assert!(path.starts_with(&format!("M{BORDER} {BORDER}h7v1h-7z")), "the corner every code has: {path}");
    }
}
