//! Sockets, connections, and their end.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use thiserror::Error;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Settings, router};
use crate::{
    catalog::CatalogError,
    executions::{Executions, UserFiles},
};

/// How many bytes of a request's line and headers are read, and of its body at a time.
const BUFFER_BYTES: usize = 64 * 1024;
/// How long to wait after the system gave no connection, for want of descriptors for instance.
const PAUSE: Duration = Duration::from_millis(100);
/// How long answers may take that are being sent when the runs have ended.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Why nothing can be served.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Other machines could reach the server, and there is no key.
    #[error(
        "Without keys the server listens on this machine only, and HTTP_ADDRESS is {0}: make a key with \
         `taipan keys add`, or set HTTP_ADDRESS to 127.0.0.1:8080."
    )]
    WithoutKeys(SocketAddr),
    /// The address cannot be listened on.
    #[error("HTTP_ADDRESS {address} cannot be listened on: {error}. Choose another one, or end the program that does.")]
    Address {
        /// What was set.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// The catalog could not be asked for keys.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
}

/// A server that listens. Connections wait until there is somebody to serve them.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    settings: Settings,
    address: SocketAddr,
}

/// A server that can serve.
///
/// ```
/// use std::{sync::Arc, time::Duration};
/// use taipan::{
///     Interpreter,
///     catalog::{self, Location, Patience},
///     executions::{Executions, SystemClock, FileLimits, UserFiles},
///     files::Store,
///     http::{Server, Settings},
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let data_dir = folder.path();
/// let catalog = catalog::open(&Location::choose(None, data_dir)?, Patience::default()).await?;
/// let files = UserFiles::new(Store::open(data_dir)?, catalog, FileLimits::default(), Arc::new(SystemClock));
/// let listening = Server::bind(Settings::of_address("127.0.0.1:0".parse()?), &files).await?;
/// let executions = Executions::new(Interpreter::builder().workers(1).build()?, files);
/// let server = listening.serving(executions);
/// println!("http://{}", server.address());
/// let stop = async { /* until somebody asks for the end */ };
/// server.serve(stop, Duration::from_secs(1)).await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    listening: Listening,
    executions: Executions,
    app: router::App,
    router: Router,
}

impl Server {
    /// Listens, without serving yet.
    ///
    /// # Errors
    /// When other machines could reach the server though there is no key, and when the address cannot be had.
    pub async fn bind(settings: Settings, files: &UserFiles) -> Result<Listening, ServeError> {
        let wanted = settings.address;
        if !wanted.ip().is_loopback() && !files.catalog().has_keys().await? {
            return Err(ServeError::WithoutKeys(wanted));
        }
        let of_address = |error| ServeError::Address { address: wanted, error };
        let listener = TcpListener::bind(wanted).await.map_err(of_address)?;
        let address = listener.local_addr().map_err(of_address)?;
        Ok(Listening { listener, settings, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listening.address
    }

    /// Serves until `stop` returns. Then it takes no more connections, lets runs go on for `grace` before it cancels
    /// them, and returns when their answers were sent and what they made is stored.
    pub async fn serve(self, stop: impl Future<Output = ()>, grace: Duration) {
        let Self { listening: Listening { listener, settings, .. }, executions, app, router } = self;
        let (ending, connections) = (CancellationToken::new(), TaskTracker::new());
        let room = Arc::new(Semaphore::new(settings.connections));
        let accepting = async {
            loop {
                let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let serving = connection(stream, router.clone(), settings.clone(), ending.clone(), place);
                        connections.spawn(serving);
                    }
                    Err(error) => {
                        tracing::warn!(%error, "no connection could be taken");
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            () = stop => {}
            () = accepting => {}
        }
        drop(listener);
        tracing::info!("the server takes no more requests");
        app.begin_ending();
        ending.cancel();
        executions.close(grace).await;
        app.end().await;
        connections.close();
        if tokio::time::timeout(LAST_ANSWERS, connections.wait()).await.is_err() {
            tracing::warn!(connections = connections.len(), "connections were cut");
        }
    }
}

impl Listening {
    /// Puts the routes together.
    #[must_use]
    pub fn serving(self, executions: Executions) -> Server {
        let app = router::App::new(executions.clone(), self.settings.clone(), self.address);
        let router = router::router(app.clone());
        Server { listening: self, executions, app, router }
    }
}

/// Serves one connection to its end.
async fn connection(
    stream: TcpStream,
    router: Router,
    settings: Settings,
    ending: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    // Small events must not wait for the next ones.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_time)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = ending.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}
