//! `/`, `/code` and `/emergency`: the forms of the sign-in. Each waits for its end and answers with where to go on, or
//! with itself again and why; as a page, or for htmx as the card alone.

mod refusal;

use axum::extract::{FromRef, State};
use axum::http::header::REFRESH;
use axum::http::{HeaderMap, HeaderName, Uri};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};

use crate::auth::{CodeForm, Emergency, EmergencyForm, Entered, PasswordForm, Refused, SignIn};
use crate::domain::Secret;
use crate::domain::caller::Access;
use crate::domain::signin::{AttemptId, Progress};
use crate::runtime::Random;
use crate::web::cookies::{Cookies, Kept};
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::renderer::Renderer;
use crate::web::routes::Routes;
use crate::web::views::{
    CodePage, CodePanel, EmergencyPage, Ended, PasswordPage, PasswordPanel, ProblemView, StepsView,
};
use crate::web::visit::{Asked, Visit, own_path};
use refusal::Refusal;

/// Where a sign-in leads that was not on its way anywhere.
const HOME: &str = "/dashboard";
const REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// In characters, whatever was sent.
const LONGEST_NAME: usize = 256;

#[derive(Debug, Clone, FromRef)]
struct SignInState {
    renderer: Renderer,
    cookies: Cookies,
    sign_in: SignIn,
    emergency: Emergency,
    random: Random,
}

pub fn routes(renderer: Renderer, cookies: Cookies, sign_in: SignIn, emergency: Emergency, random: Random) -> Routes {
    Routes::new()
        .get("/", Access::Anyone, show)
        .post("/", Access::Anyone, with_password)
        .get("/code", Access::Anyone, show_code)
        .post("/code", Access::Anyone, with_code)
        .get("/emergency", Access::Anyone, show_emergency)
        .post("/emergency", Access::Anyone, with_emergency)
        .with_state(SignInState { renderer, cookies, sign_in, emergency, random })
}

async fn show(State(state): State<SignInState>, visit: Visit, uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    if visit.caller.is_some() {
        return Ok(Redirect::to(HOME).into_response());
    }
    let mut query = Form::in_query(&uri)?;
    let next = next_in(&mut query);
    let said = query.find("ended").and_then(|word| Ended::parse(&word));
    let ended = visit.end.map(Ended::Over).or(said);
    let ended = ended.or_else(|| next.is_some().then_some(Ended::Needed));
    let problem = state.sign_in.is_key_refused().then(ProblemView::service_key_refused);
    let panel = PasswordPanel { next, problem, ..PasswordPanel::fresh(ended) };
    let page = state.renderer.page(&visit, &PasswordPage { panel })?;
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        // A link elsewhere: the browser has held back what it knows us by. Asking again from here brings it along.
        return Ok(([(REFRESH, "0")], page).into_response());
    }
    Ok(match state.cookies.find(&headers, Kept::Attempt) {
        Some(_) => page,
        None => state.with_attempt(&state.new_attempt(), page),
    })
}

async fn with_password(
    State(state): State<SignInState>,
    visit: Visit,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    let (next, username) = (next_in(&mut form), form.text("username"));
    let held = state.cookies.find(&headers, Kept::Attempt);
    let attempt = held.clone().unwrap_or_else(|| state.new_attempt());
    let shown = shown(&username);
    let entered = state.sign_in.with_password(PasswordForm {
        attempt: AttemptId::new(attempt.reveal().clone()),
        username,
        password: form.secret("password"),
        visitor: visit.visitor.clone(),
        held: state.cookies.find(&headers, Kept::Session),
    });
    let answer = match entered.await {
        Ok(Entered::SignedIn(signed_in)) => return Ok(state.welcome(&visit, &signed_in.token, next.as_deref())),
        Ok(Entered::CodeWanted(handle)) => {
            let panel = CodePanel { username: shown, next, problem: None, steps: state.steps(&attempt) };
            let answer = state.code(&visit, panel)?;
            (AppendHeaders([state.cookies.keep(Kept::Code, &handle)]), answer).into_response()
        }
        Err(refused) => {
            let Refusal { status, problem, wait } = Refusal::of(refused);
            let steps = state.steps(&attempt);
            let panel = PasswordPanel { username: shown, ended: None, problem: Some(problem), steps, next };
            (status, wait, state.password(&visit, panel)?).into_response()
        }
    };
    Ok(if held.is_some() { answer } else { state.with_attempt(&attempt, answer) })
}

/// The same form again, for whoever reloads it or changes the language.
async fn show_code(State(state): State<SignInState>, visit: Visit, headers: HeaderMap) -> Result<Response, Error> {
    let waited_for = state.cookies.find(&headers, Kept::Code).is_some();
    match state.cookies.find(&headers, Kept::Attempt).filter(|_| waited_for) {
        Some(attempt) => {
            let steps = state.steps(&attempt);
            state.code(&visit, CodePanel { username: String::new(), next: None, problem: None, steps })
        }
        None => Ok(Redirect::to("/").into_response()),
    }
}

async fn with_code(
    State(state): State<SignInState>,
    visit: Visit,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    let (next, username) = (next_in(&mut form), shown(&form.text("username")));
    let attempt = state.cookies.find(&headers, Kept::Attempt).unwrap_or_else(|| state.new_attempt());
    let entered = match state.cookies.find(&headers, Kept::Code) {
        None => Err(Refused::CodeExpired),
        Some(handle) => {
            let form = CodeForm {
                handle,
                code: form.secret("code"),
                visitor: visit.visitor.clone(),
                held: state.cookies.find(&headers, Kept::Session),
            };
            state.sign_in.with_code(form).await
        }
    };
    match entered {
        Ok(signed_in) => Ok(state.welcome(&visit, &signed_in.token, next.as_deref())),
        Err(refused) => {
            let over = is_over(&refused);
            let Refusal { status, problem, wait } = Refusal::of(refused);
            let (problem, steps) = (Some(problem), state.steps(&attempt));
            let answer = if over {
                let panel = PasswordPanel { username, ended: None, problem, steps, next };
                let forget = AppendHeaders([state.cookies.forget(Kept::Code)]);
                (forget, state.password(&visit, panel)?).into_response()
            } else {
                state.code(&visit, CodePanel { username, next, problem, steps })?
            };
            Ok((status, wait, answer).into_response())
        }
    }
}

/// No code helps any more: it begins anew with the password.
fn is_over(refused: &Refused) -> bool {
    !matches!(
        refused,
        Refused::WrongCode { again: true } | Refused::AlreadyUnderWay | Refused::Throttled { .. } | Refused::Invalid(_)
    )
}

async fn show_emergency(State(state): State<SignInState>, visit: Visit) -> Result<Response, Error> {
    state.renderer.page(&visit, &EmergencyPage { username: String::new(), problem: None })
}

async fn with_emergency(
    State(state): State<SignInState>,
    visit: Visit,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    let username = form.text("username");
    let shown = shown(&username);
    let entered = state.emergency.sign_in(EmergencyForm {
        username,
        password: form.secret("password"),
        code: form.secret("code"),
        visitor: visit.visitor.clone(),
        held: state.cookies.find(&headers, Kept::Session),
    });
    match entered.await {
        Ok(signed_in) => Ok(state.welcome(&visit, &signed_in.token, None)),
        Err(refused) => {
            let Refusal { status, problem, wait } = Refusal::of_emergency(refused);
            let page = EmergencyPage { username: shown, problem: Some(problem) };
            Ok((status, wait, state.renderer.page(&visit, &page)?).into_response())
        }
    }
}

/// Where somebody was on their way to, if that is ours.
fn next_in(form: &mut Form) -> Option<String> {
    form.find("next").and_then(|next| own_path(&next).map(str::to_owned))
}

/// As much of a name as goes into a form again.
fn shown(username: &str) -> String {
    username.chars().take(LONGEST_NAME).collect()
}

impl SignInState {
    fn new_attempt(&self) -> Secret<String> {
        Secret::new(self.random.token())
    }

    fn with_attempt(&self, attempt: &Secret<String>, answer: Response) -> Response {
        (AppendHeaders([self.cookies.keep(Kept::Attempt, attempt)]), answer).into_response()
    }

    fn steps(&self, attempt: &Secret<String>) -> StepsView {
        let progress = self.sign_in.watch(&AttemptId::new(attempt.reveal().clone()));
        StepsView::of(&progress.map_or(Progress::IDLE, |progress| *progress.borrow()))
    }

    fn password(&self, visit: &Visit, panel: PasswordPanel) -> Result<Response, Error> {
        match visit.asked {
            Asked::Piece => self.renderer.piece(visit, &panel),
            Asked::Page | Asked::Json => self.renderer.page(visit, &PasswordPage { panel }),
        }
    }

    fn code(&self, visit: &Visit, panel: CodePanel) -> Result<Response, Error> {
        match visit.asked {
            Asked::Piece => self.renderer.piece(visit, &panel),
            Asked::Page | Asked::Json => self.renderer.page(visit, &CodePage { panel }),
        }
    }

    /// The new session's cookie, and nothing left of how it came to be.
    fn welcome(&self, visit: &Visit, token: &Secret<String>, next: Option<&str>) -> Response {
        let cookies = AppendHeaders([
            self.cookies.keep(Kept::Session, token),
            self.cookies.forget(Kept::Attempt),
            self.cookies.forget(Kept::Code),
        ]);
        let next = next.unwrap_or(HOME);
        match visit.asked {
            Asked::Piece => (cookies, [(REDIRECT, next.to_owned())]).into_response(),
            Asked::Page | Asked::Json => (cookies, Redirect::to(next)).into_response(),
        }
    }
}
