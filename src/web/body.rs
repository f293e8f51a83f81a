//! A body read with its limits: 1 MiB, or 10 MiB of multipart whose files are counted and dropped as they stream by.
//! No decompression: a compressed body is refused, so it cannot grow.

use crate::intake::strip::FileStripper;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use std::time::Duration;

const PLAIN_MAX: usize = 1024 * 1024;
const MULTIPART_MAX: usize = 10 * 1024 * 1024;
/// A sender that needs longer than this for its body is cut off.
const DEADLINE: Duration = Duration::from_secs(10);

/// A body that is not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Over the limit.
    TooLarge,
    /// Compressed.
    Compressed,
    /// The sender was too slow or went away.
    CutOff,
}

impl Unread {
    /// The status to answer with.
    pub fn status(self) -> StatusCode {
        match self {
            Unread::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Unread::Compressed => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Unread::CutOff => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// What to tell the sender.
    pub fn words(self) -> &'static str {
        match self {
            Unread::TooLarge => "This is too large: at most 1 MiB, or 10 MiB with files.",
            Unread::Compressed => "Send the body without compression.",
            Unread::CutOff => "The body did not arrive in time. Send it again.",
        }
    }
}

/// Reads a body; returns it without the bytes of its files, and how many files there were.
///
/// # Errors
/// [`Unread`].
pub async fn read(headers: &HeaderMap, body: Body) -> Result<(Vec<u8>, u32), Unread> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|v| v.as_bytes());
    if encoding.is_some_and(|e| !e.is_empty() && !e.eq_ignore_ascii_case(b"identity")) {
        return Err(Unread::Compressed);
    }
    tokio::time::timeout(DEADLINE, collect(headers, body)).await.map_err(|_| Unread::CutOff)?
}

async fn collect(headers: &HeaderMap, mut body: Body) -> Result<(Vec<u8>, u32), Unread> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let is_multipart = content_type.is_some_and(|t| t.trim_start().to_ascii_lowercase().starts_with("multipart/"));
    let most = if is_multipart { MULTIPART_MAX } else { PLAIN_MAX };
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|l| l > most) {
        return Err(Unread::TooLarge);
    }
    let mut stripper = is_multipart.then(|| FileStripper::new(content_type));
    let mut kept = Vec::with_capacity(length.unwrap_or(0).min(PLAIN_MAX));
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::CutOff)?.into_data() else { continue };
        seen += data.len();
        if seen > most {
            return Err(Unread::TooLarge);
        }
        match &mut stripper {
            Some(stripper) => stripper.push(&data).map_err(|_| Unread::TooLarge)?,
            None => kept.extend_from_slice(&data),
        }
    }
    match stripper {
        None => Ok((kept, 0)),
        Some(stripper) => {
            let stripped = stripper.finish().map_err(|_| Unread::TooLarge)?;
            Ok((stripped.body, stripped.files))
        }
    }
}
