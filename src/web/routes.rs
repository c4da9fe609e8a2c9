//! Routes that say who may call them: one cannot be registered otherwise, and registering enforces it.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};

use crate::domain::caller::{Access, Standing};
use crate::web::error::Error;
use crate::web::identity::caller_in;

/// One line of the list that says who may call what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
}

/// A router and the list of what it answers.
#[derive(Debug)]
pub struct Routes<S = ()> {
    router: Router<S>,
    list: Vec<Route>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    pub fn new() -> Self {
        Self { router: Router::new(), list: Vec::new() }
    }

    pub fn get<T: 'static>(self, path: &'static str, access: Access, handler: impl Handler<T, S>) -> Self {
        self.add((Method::GET, MethodFilter::GET), path, access, handler)
    }

    pub fn post<T: 'static>(self, path: &'static str, access: Access, handler: impl Handler<T, S>) -> Self {
        self.add((Method::POST, MethodFilter::POST), path, access, handler)
    }

    pub fn delete<T: 'static>(self, path: &'static str, access: Access, handler: impl Handler<T, S>) -> Self {
        self.add((Method::DELETE, MethodFilter::DELETE), path, access, handler)
    }

    fn add<T: 'static>(
        mut self,
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        access: Access,
        handler: impl Handler<T, S>,
    ) -> Self {
        self.router = self.router.route(path, on(filter, handler).route_layer(from_fn_with_state(access, guard)));
        self.list.push(Route { method, path, access });
        self
    }

    pub fn with_state(self, state: S) -> Routes {
        Routes { router: self.router.with_state(state), list: self.list }
    }
}

impl Routes {
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    /// The router, and the list ordered by path.
    pub fn finish(mut self) -> (Router, Vec<Route>) {
        self.list.sort_by(|a, b| (a.path, a.method.as_str()).cmp(&(b.path, b.method.as_str())));
        (self.router, self.list)
    }
}

async fn guard(State(access): State<Access>, request: Request, next: Next) -> Response {
    let caller = caller_in(request.extensions());
    let admitted = access.admits(caller.map(|caller| caller.account.role));
    let standing = caller.map_or(Standing::Plain, |caller| caller.standing);
    if admitted && standing >= access.standing() {
        return next.run(request).await;
    }
    let error = match (admitted, caller) {
        (true, _) => {
            // An act is done again by its person, from the page it was begun on; a page is simply opened.
            let act = access == Access::Fresh || request.method() != Method::GET;
            Error::ConfirmationNeeded { act }
        }
        (false, None) => Error::SignInNeeded,
        (false, Some(_)) => Error::Forbidden,
    };
    error.into_response()
}
