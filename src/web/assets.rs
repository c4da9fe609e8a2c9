//! Static files, built into the binary. A page names a file by its content, so a browser may keep it for good; by its
//! plain name it is found too, for style sheets naming fonts and for whoever looks, and then asked about every time.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "assets/"]
struct Files;

struct Asset {
    /// Below the folder.
    path: String,
    /// Where a browser finds it for good.
    address: String,
    etag: String,
}

/// By plain path, and by the path that tells the content.
struct Index {
    assets: Vec<Asset>,
    found: BTreeMap<String, (usize, Kept)>,
}

#[derive(Clone, Copy)]
enum Kept {
    ForGood,
    AskEachTime,
}

/// As much of a hash as tells two versions of a file apart.
const HASH_BYTES: usize = 6;

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let assets: Vec<Asset> = Files::iter().filter_map(|path| asset(&path)).collect();
    let mut found = BTreeMap::new();
    for (at, asset) in assets.iter().enumerate() {
        found.insert(asset.path.clone(), (at, Kept::AskEachTime));
        found.insert(asset.address["/assets/".len()..].to_owned(), (at, Kept::ForGood));
    }
    Index { assets, found }
});

fn asset(path: &str) -> Option<Asset> {
    use std::fmt::Write as _;

    let hash = Files::get(path)?.metadata.sha256_hash();
    let mut short = String::new();
    for byte in &hash[..HASH_BYTES] {
        write!(short, "{byte:02x}").ok()?;
    }
    let (stem, ending) = path.rsplit_once('.')?;
    Some(Asset {
        path: path.to_owned(),
        address: format!("/assets/{stem}-{short}.{ending}"),
        etag: format!("\"{short}\""),
    })
}

pub fn routes() -> Router {
    Router::new().route("/assets/{*path}", get(show))
}

/// `None` when there is no such file.
pub fn address_of(path: &str) -> Option<&'static str> {
    let (at, _) = INDEX.found.get(path)?;
    Some(&INDEX.assets[*at].address)
}

async fn show(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some((asset, kept)) = INDEX.found.get(&path).map(|(at, kept)| (&INDEX.assets[*at], *kept)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let caching = match kept {
        Kept::ForGood => "public, max-age=31536000, immutable",
        Kept::AskEachTime => "no-cache",
    };
    let about = [(CACHE_CONTROL, caching), (ETAG, asset.etag.as_str()), (CONTENT_TYPE, kind_of(&asset.path))];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == asset.etag.as_str()) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    match Files::get(&asset.path) {
        Some(file) => (about, file.data).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json" | "webmanifest") => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
