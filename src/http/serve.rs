//! Runs the router on a listener until it is told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::{Extension, Router};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::stream::Closing;

/// How long requests under way may take after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until `shutdown` is done, then accepts no more, ends the event streams and lets requests finish (10 s at most).
///
/// # Errors
/// The listener broke.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (close, closing) = watch::channel(false);
    let told = closing.clone();
    let service = router.layer(Extension(Closing::new(closing))).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        shutdown.await;
        close.send_replace(true);
    });
    tokio::select! {
        served = async { server.await } => served,
        () = out_of_grace(told) => Ok(()),
    }
}

async fn out_of_grace(mut told: watch::Receiver<bool>) {
    if told.wait_for(|closing| *closing).await.is_err() {
        // The server ended by itself and says why.
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(GRACE).await;
    tracing::warn!(grace.seconds = GRACE.as_secs(), "requests were still under way when the server stopped");
}
