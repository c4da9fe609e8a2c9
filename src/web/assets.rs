//! Static files, built into the binary. A page names a file by its content, so a browser may keep it for good; by its
//! plain name it is found too, for style sheets naming fonts and for whoever looks, and then asked about every time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

use crate::domain::caller::Access;
use crate::web::error::Error;
use crate::web::routes::Routes;

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
    let short = hexadecimal(&Files::get(path)?.metadata.sha256_hash()[..HASH_BYTES]);
    let (stem, ending) = path.rsplit_once('.')?;
    Some(Asset {
        path: path.to_owned(),
        address: format!("/assets/{stem}-{short}.{ending}"),
        etag: format!("\"{short}\""),
    })
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub fn routes() -> Routes {
    Routes::new().get("/assets/{*path}", Access::Anyone, show)
}

/// `None` when there is no such file.
pub fn address_of(path: &str) -> Option<&'static str> {
    let (at, _) = INDEX.found.get(path)?;
    Some(&INDEX.assets[*at].address)
}

async fn show(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some((asset, kept)) = INDEX.found.get(&path).map(|(at, kept)| (&INDEX.assets[*at], *kept)) else {
        return Error::NotFound.into_response();
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
        None => Error::NotFound.into_response(),
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

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha384};

    use super::*;

    #[test]
    fn what_others_made_is_what_they_published() {
        let htmx = include_str!("../../assets/vendor/htmx/VERSION");
        let uplot = include_str!("../../assets/vendor/uplot/VERSION");
        for (folder, listed) in [("htmx", htmx), ("uplot", uplot)] {
            for line in listed.lines() {
                let [name, _, _, hash] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
                let data = Files::get(&format!("vendor/{folder}/{name}")).unwrap().data;
                let found = hexadecimal(&Sha384::digest(&data));
                assert_eq!(hash, format!("sha384:{found}"), "{name} was changed");
            }
            assert_eq!(listed.lines().count(), 2, "{folder}");
        }
    }

    #[test]
    fn a_file_is_found_by_its_content_and_by_its_plain_name() {
        let address = address_of("css/base.css").unwrap();
        let short = address.strip_prefix("/assets/css/base-").and_then(|rest| rest.strip_suffix(".css")).unwrap();
        assert!(short.len() == 2 * HASH_BYTES && short.chars().all(|c| c.is_ascii_hexdigit()), "{address}");
        assert_eq!(address_of("css/none.css"), None);
        assert_eq!(address_of("vendor/htmx/VERSION"), None, "what has no ending is for us alone");
    }
}
