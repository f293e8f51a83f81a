//! A sender: one connection, one POST, one answer. Bare, so that what was answered is known to the byte.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long any sender waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// An answer that came whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, with the status line, as one text.
    pub head: String,
    pub body: String,
}

/// Posts once. An answer that is not whole is none.
pub async fn post(to: SocketAddr, path: &str, headers: &[(&str, &str)], body: &str) -> io::Result<Answer> {
    let mut text =
        format!("POST {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
    talk(to, format!("{text}\r\n{body}")).await
}

/// Gets once.
pub async fn get(to: SocketAddr, path: &str) -> io::Result<Answer> {
    get_with(to, path, &[]).await
}

/// Gets once, with these headers.
pub async fn get_with(to: SocketAddr, path: &str, headers: &[(&str, &str)]) -> io::Result<Answer> {
    let mut text = format!("GET {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n");
    headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
    talk(to, format!("{text}\r\n")).await
}

async fn talk(to: SocketAddr, request: String) -> io::Result<Answer> {
    let conversation = async {
        let mut stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        // In one piece, so that one read on the other side holds the whole of it.
        stream.write_all(request.as_bytes()).await?;
        let mut got = Vec::new();
        stream.read_to_end(&mut got).await?;
        whole(&got).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    };
    tokio::time::timeout(PATIENCE, conversation).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn whole(got: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(got);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let head = head.to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let is_whole = length.is_none_or(|length| length.parse() == Ok(body.len()));
    is_whole.then(|| Answer { status, body: body.to_owned(), head })
}
