//! The few files that pages load: a style sheet, a script, an icon; compiled in, served from `/static/{file}`.
//!
//! An address carries a hash of the content (`?v=`), so a browser may keep the file for ever and a new release is a
//! new address. Without that hash, or with an old one, the answer is the same file but must be asked for again.
//! Any other name is 404: nothing is read from a disk.

use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static [u8],
    version: String,
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("app.css", "text/css; charset=utf-8", include_bytes!("../../static/app.css")),
        asset("app.js", "text/javascript; charset=utf-8", include_bytes!("../../static/app.js")),
        asset("icon.svg", "image/svg+xml", include_bytes!("../../static/icon.svg")),
    ]
});

/// The address of a file, with the hash of its content. A name that does not exist gives its bare address, which
/// answers 404; a test walks the templates for that.
pub fn url(name: &str) -> String {
    match find(name) {
        Some(asset) => format!("/static/{name}?v={}", asset.version),
        None => format!("/static/{name}"),
    }
}

/// Answers `GET /static/{file}`.
pub async fn serve(Path(file): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some(asset) = find(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}\"", asset.version);
    let current = query.is_some_and(|query| query == format!("v={}", asset.version));
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let known = known.flat_map(|value| value.split(',')).any(|value| value.trim().trim_start_matches("W/") == tag);
    let mut answer = if known { StatusCode::NOT_MODIFIED.into_response() } else { asset.body.into_response() };
    let out = answer.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    out.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    out.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(ETAG, tag);
    }
    answer
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

fn asset(name: &'static str, kind: &'static str, body: &'static [u8]) -> Asset {
    let version = base16ct::lower::encode_string(&Sha256::digest(body)[..8]);
    Asset { name, kind, body, version }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(file: &str, query: Option<&str>, tag: Option<&str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(tag) = tag {
            headers.insert(IF_NONE_MATCH, tag.parse().unwrap());
        }
        serve(Path(file.to_owned()), RawQuery(query.map(str::to_owned)), headers).await
    }

    #[tokio::test]
    async fn a_hashed_address_is_kept_for_ever_and_a_bare_one_is_asked_for_again() {
        let address = url("app.css");
        let query = address.split_once('?').unwrap().1;

        let hashed = get("app.css", Some(query), None).await;
        let bare = get("app.css", None, None).await;
        let old = get("app.css", Some("v=0000000000000000"), None).await;

        assert_eq!(hashed.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(bare.headers()[CACHE_CONTROL], "no-cache");
        assert_eq!(old.headers()[CACHE_CONTROL], "no-cache");
        assert_eq!(hashed.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(hashed.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[tokio::test]
    async fn a_browser_that_has_the_file_is_told_so() {
        let first = get("app.js", None, None).await;
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();

        let again = get("app.js", None, Some(&format!("\"other\", W/{tag}"))).await;

        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn other_names_do_not_exist() {
        for name in ["", "../Cargo.toml", "app.css.map"] {
            assert_eq!(get(name, None, None).await.status(), StatusCode::NOT_FOUND);
        }
    }

    #[test]
    fn the_script_stays_under_three_kilobytes() {
        assert!(find("app.js").unwrap().body.len() < 3 * 1024);
    }
}
