//! The server's own loop: every connection has a deadline for its headers and a place of its own.
//!
//! hyper's header time-out does nothing without a timer and axum sets none, so the loop is ours: five seconds for the
//! headers, at most 4,096 connections, 64 from one address unless it is this machine or a trusted proxy.

use super::App;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

const HEADERS_WITHIN: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 4_096;
const FROM_ONE_ADDRESS: usize = 64;
/// How long requests under way may take once the listener is closed.
const FINISH_WITHIN: Duration = Duration::from_secs(8);

/// Serves until `stop`, then finishes what is under way.
pub async fn serve(listener: TcpListener, app: Router, house: App, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let guests = Arc::new(Guests::default());
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(pair) => pair,
            Err(error) => {
                // Out of descriptors, most likely; a short rest lets some connections end.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let ip = peer.ip().to_canonical();
        let known = ip.is_loopback() || house.trusted_proxies.iter().any(|net| net.contains(&ip));
        let Some(guest) = guests.enter(ip, known) else { continue };
        let (app, stop) = (app.clone(), stop.clone());
        tasks.spawn(async move {
            connection(stream, peer, app, stop).await;
            drop((place, guest));
        });
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(FINISH_WITHIN, tasks.wait()).await.is_err() {
        tracing::warn!(connections = tasks.len(), "some requests did not finish in time");
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, app: Router, stop: CancellationToken) {
    let _slower = stream.set_nodelay(true);
    let service = app.map_request(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Who is in, and how often.
#[derive(Default)]
struct Guests(Mutex<HashMap<IpAddr, usize>>);

struct Guest {
    guests: Arc<Guests>,
    ip: Option<IpAddr>,
}

impl Guests {
    fn enter(self: &Arc<Self>, ip: IpAddr, known: bool) -> Option<Guest> {
        if known {
            return Some(Guest { guests: Arc::clone(self), ip: None });
        }
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(ip).or_default();
        if *count >= FROM_ONE_ADDRESS {
            return None;
        }
        *count += 1;
        Some(Guest { guests: Arc::clone(self), ip: Some(ip) })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Some(ip) = self.ip else { return };
        let mut inside = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = inside.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                inside.remove(&ip);
            }
        }
    }
}
