//! `/admin/confirm`: a code of the second factor, or first the second factor itself, and on to where somebody was going.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};

use crate::auth::Refused;
use crate::domain::caller::{Caller, Standing};
use crate::web::cookies::Kept;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::pages::signin::Refusal;
use crate::web::views::{ConfirmPage, ProblemView};
use crate::web::visit::{Visit, own_path};

use super::DoorState;

const HOME: &str = "/admin";
const HERE: &str = "/admin/confirm";

/// Where somebody was going, and whether they left a form behind there.
struct Going {
    to: String,
    form: bool,
}

impl Going {
    /// Only to a path of ours, and not round in circles.
    fn read(form: &mut Form) -> Self {
        let to = form.find("to");
        let to = to.as_deref().and_then(own_path).filter(|to| !to.starts_with(HERE)).unwrap_or(HOME);
        Self { to: to.to_owned(), form: form.find("form").is_some() }
    }
}

pub async fn show(
    State(state): State<DoorState>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let going = Going::read(&mut Form::in_query(&uri)?);
    if caller.standing == Standing::Fresh {
        return Ok(Redirect::to(&going.to).into_response());
    }
    state.page(&visit, &caller, going, None).await
}

pub async fn answer(
    State(state): State<DoorState>,
    SignedIn(caller): SignedIn,
    visit: Visit,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    let going = Going::read(&mut form);
    let token = state.cookies.find(&headers, Kept::Session).ok_or(Error::SignInNeeded)?;
    match state.factors.answer(&caller, &token, &form.secret("code")).await {
        Ok(token) => {
            let cookie = AppendHeaders([state.cookies.keep(Kept::Session, &token)]);
            Ok((cookie, Redirect::to(&going.to)).into_response())
        }
        Err(refused) => {
            let wrong = matches!(refused, Refused::WrongCode { .. });
            let Refusal { status, problem, wait } = Refusal::of(refused);
            let problem = if wrong { ProblemView::wrong_factor() } else { problem };
            Ok((status, wait, state.page(&visit, &caller, going, Some(problem)).await?).into_response())
        }
    }
}

impl DoorState {
    async fn page(
        &self,
        visit: &Visit,
        caller: &Caller,
        Going { to, form }: Going,
        problem: Option<ProblemView>,
    ) -> Result<Response, Error> {
        let wanted = self.factors.wanted(caller).await.map_err(Error::broken)?;
        self.renderer.page(visit, &ConfirmPage::of(to, form, &wanted, problem))
    }
}
