//! An error is a page, a piece or JSON: whatever was asked for.

use crate::harness::Office;

#[tokio::test]
async fn what_is_missing_is_told_as_it_was_asked() {
    let office = Office::open().await;
    let page = office.browser().get("/nothing-is-here").await;
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"), "{:?}", page.headers);
    assert!(page.body.contains("<h1"), "{}", page.body);
    let piece = office.browser().saying("hx-request", "true").get("/nothing-is-here").await;
    assert_eq!(piece.status, 404);
    assert!(!piece.body.contains("<html"), "{}", piece.body);
    let json = office.browser().saying("accept", "application/json").get("/nothing-is-here").await;
    assert_eq!(json.status, 404);
    assert_eq!(json.json()["error"]["code"], "not_found");
    let api = office.browser().get("/api/nothing-is-here").await;
    assert_eq!(api.json()["error"]["code"], "not_found", "the interface always speaks JSON");
    office.close().await;
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_a_browser() {
    let office = Office::open().await;
    for path in ["/", "/nothing-is-here", "/api/status", "/healthz", "/dashboard"] {
        let answer = office.browser().get(path).await;
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("x-xss-protection"), "");
        assert_eq!(answer.header("strict-transport-security"), "", "not on plain HTTP");
    }
    office.close().await;
}
