//! `/admin/audit`: who did what, as a page and as a file; and verifying that nothing of it was changed.

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::audit::{Audit, Verifier};
use crate::domain::audit::{Action, Deed, Entry, Filter};
use crate::web::csrf::NotCrossSite;
use crate::web::csv::Csv;
use crate::web::error::Error;
use crate::web::forms::Form;
use crate::web::identity::SignedIn;
use crate::web::room::Room;
use crate::web::views::{AuditPanel, VerdictView};
use crate::web::visit::Visit;
use crate::web::words::rfc3339;

const ON_A_PAGE: usize = 50;
/// Read at once for a file, and in all: two years of a small office.
const READ: u64 = 500;
const MOST_EXPORTED: usize = 50_000;

/// The last line of a file that does not hold all that was asked for.
const CUT: &str = "more entries are older than these: filter them to take them away";

const HEADS: [&str; 8] = ["number", "time", "action", "actor", "address", "subject", "detail", "hash"];

pub async fn list(
    State(room): State<Room>,
    State(audit): State<Audit>,
    State(verifier): State<Verifier>,
    visit: Visit,
    uri: Uri,
) -> Result<Response, Error> {
    let mut query = Form::in_query(&uri)?;
    let (filter, before) = (filter(&mut query), before(&mut query));
    let entries = audit.search(&filter, before, ON_A_PAGE as u64 + 1).await.map_err(Error::broken)?;
    let viewpoint = room.viewpoint(&visit);
    let panel = AuditPanel::of(entries, ON_A_PAGE, &filter, &viewpoint);
    room.page(&visit, AuditPanel { before, verdict: VerdictView::of(&verifier.latest(), &viewpoint), ..panel })
}

pub async fn verify(State(verifier): State<Verifier>) -> Redirect {
    verifier.begin();
    Redirect::to("/admin/audit")
}

/// What has come out so far, asked for until it has.
pub async fn verdict(
    State(room): State<Room>,
    State(verifier): State<Verifier>,
    visit: Visit,
) -> Result<Response, Error> {
    room.piece(&visit, &VerdictView::of(&verifier.latest(), &room.viewpoint(&visit)))
}

pub async fn export(
    State(audit): State<Audit>,
    SignedIn(caller): SignedIn,
    (uri, NotCrossSite): (Uri, NotCrossSite),
) -> Result<Response, Error> {
    let filter = filter(&mut Form::in_query(&uri)?);
    let (csv, rows) = table(|last| audit.search(&filter, last, READ)).await.map_err(Error::broken)?;
    audit
        .record(Deed::by(&caller, Action::AuditExported, "", format!("{rows} entries")))
        .await
        .map_err(Error::broken)?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"farol-auditoria.csv\""),
    ];
    Ok((headers, csv.finish()).into_response())
}

/// All that `read` gives from before a number on, and how many entries that is. What does not fit is not passed over.
async fn table<E, R: Future<Output = Result<Vec<Entry>, E>>>(
    read: impl Fn(Option<i64>) -> R,
) -> Result<(Csv, usize), E> {
    let mut csv = Csv::new(&HEADS);
    let (mut last, mut rows) = (None, 0);
    loop {
        let page = read(last).await?;
        let Some(oldest) = page.last() else { return Ok((csv, rows)) };
        if rows >= MOST_EXPORTED {
            csv.row(["", "", "", "", "", "", CUT, ""]);
            return Ok((csv, rows));
        }
        last = Some(oldest.number);
        rows += page.len();
        for entry in &page {
            write(&mut csv, entry);
        }
    }
}

fn write(csv: &mut Csv, entry: &Entry) {
    let Entry { number, at, deed, hash } = entry;
    let (number, at) = (number.to_string(), rfc3339(*at));
    let address = deed.address.map(|address| address.to_string()).unwrap_or_default();
    csv.row([&*number, &at, deed.action.as_str(), &deed.actor, &address, &deed.subject, &deed.detail, hash]);
}

/// A word nobody knows filters nothing.
fn filter(query: &mut Form) -> Filter {
    Filter { action: Action::parse(&query.search("action")), actor: query.search("actor"), text: query.search("q") }
}

fn before(query: &mut Form) -> Option<i64> {
    query.find("before").and_then(|number| number.parse().ok())
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;
    use crate::domain::Timestamp;

    #[tokio::test]
    async fn a_file_says_when_it_does_not_hold_all() {
        let entry = |number| {
            let deed = Deed {
                action: Action::SignIn,
                actor: "ana".into(),
                address: None,
                subject: String::new(),
                detail: String::new(),
            };
            Entry { number, at: Timestamp::from_millis(0), deed, hash: String::new() }
        };
        let most = i64::try_from(MOST_EXPORTED).unwrap();
        for (entries, cut) in [(0, false), (most, false), (most + 1, true)] {
            let read = |last: Option<i64>| {
                let newest = last.map_or(entries, |last| last - 1);
                ready(Ok::<_, Error>((1..=newest).rev().take(500).map(entry).collect()))
            };
            let (csv, rows) = table(read).await.unwrap();
            assert_eq!(rows, usize::try_from(entries.min(most)).unwrap());
            let text = csv.finish();
            assert_eq!(text.lines().last().unwrap().contains(CUT), cut);
            assert_eq!(text.lines().count(), 1 + rows + usize::from(cut));
        }
    }
}
