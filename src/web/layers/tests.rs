//! What happens to a request that does not end well by itself.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::{get, post};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use super::*;
use crate::domain::Timestamp;

async fn ask(router: Router, method: &str, path: &str) -> Response {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    TowerToHyperService::new(router).call(request).await.unwrap()
}

#[tokio::test]
async fn a_request_that_is_stuck_ends_and_a_sign_in_may_wait_for_its_turn() {
    let (clock, hand) = Clock::by_hand(Timestamp::from_millis(0));
    let stuck = || async { std::future::pending::<()>().await };
    let router = Router::new().route("/", post(stuck)).route("/stuck", get(stuck));
    let router = router.layer(from_fn_with_state(clock, limit_time));
    let page = ask(router.clone(), "GET", "/stuck");
    let sign_in = ask(router, "POST", "/");
    tokio::pin!(page, sign_in);
    tokio::select! {
        biased;
        _ = &mut page => panic!("it ended before its time"),
        _ = &mut sign_in => panic!("it ended before its time"),
        () = std::future::ready(()) => {}
    }
    hand.advance(REQUEST_TIMEOUT);
    tokio::select! {
        biased;
        _ = &mut sign_in => panic!("its turn has not come yet"),
        response = &mut page => assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT),
    }
    hand.advance(SIGN_IN_TIMEOUT);
    assert_eq!(sign_in.await.status(), StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test]
async fn an_accident_of_a_handler_is_told_like_any_trouble_of_ours() {
    async fn accident() {
        panic!("an index that is not there")
    }
    let router = Router::new().route("/", get(accident)).layer(CatchPanicLayer::custom(words::panicked));
    let response = ask(router, "GET", "/").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let Some(Error::Broken(error)) = response.extensions().get::<Error>() else { panic!("nothing to tell") };
    assert_eq!(error.to_string(), "a handler panicked: an index that is not there");
}
