//! What systemd hands over and is told: sockets, readiness, signs of life; and SIGHUP.
//!
//! Without systemd nothing here does anything but the signal.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel_db::{Backend, Db};
use kernel_http::serve::Certificates;
use listenfd::ListenFd;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sd_notify::NotifyState;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::compose::StartError;

/// The socket that systemd opened for us (`LISTEN_FDS`), so that port 443 needs no right of ours
/// and connections wait during a restart; none: there is none.
///
/// # Errors
/// When what was handed over is no TCP listener.
pub(crate) fn inherited() -> Result<Option<TcpListener>, StartError> {
    let mut handed = ListenFd::from_env();
    if handed.len() > 1 {
        return Err(StartError::Told(
            "several sockets were handed over: give one ListenStream in the .socket unit"
                .to_owned(),
        ));
    }
    let Some(listener) = handed.take_tcp_listener(0)? else {
        return Ok(None);
    };
    listener.set_nonblocking(true)?;
    Ok(Some(TcpListener::from_std(listener)?))
}

/// Says that the program is ready, gives a sign of life as often as it is asked for, and says
/// when it stops.
pub(crate) fn watch(db: Db, listen: SocketAddr, shutdown: CancellationToken) {
    tell(&[
        NotifyState::Ready,
        NotifyState::Status(&format!("serving on {listen}")),
    ]);
    tokio::spawn(async move {
        match sd_notify::watchdog_enabled() {
            // Twice as often as asked, so that one that comes late is no death.
            Some(patience) => live(&db, patience / 2, &shutdown).await,
            None => shutdown.cancelled().await,
        }
        tell(&[
            NotifyState::Stopping,
            NotifyState::Status("stopping: what is under way may end"),
        ]);
    });
}

/// Gives signs of life until told to stop. On SQLite the database's threads are in this process:
/// one that hangs is not alive. A PostgreSQL server that is away is not mended by a restart here.
async fn live(db: &Db, every: Duration, shutdown: &CancellationToken) {
    loop {
        let alive = db.backend() == Backend::Postgres
            || matches!(tokio::time::timeout(every, db.ping()).await, Ok(Ok(())));
        if alive {
            tell(&[NotifyState::Watchdog]);
        } else {
            tracing::error!("no sign of life: the database's threads do not answer");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(cause) = sd_notify::notify(states) {
        tracing::debug!(%cause, "the service manager was not told");
    }
}

/// Raises the number of files that the process may open as far as it may: each open page holds a
/// connection, and the usual soft limit (1,024) is an old one.
pub(crate) fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(cause) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%cause, "the limit of open files stays as it is");
    }
}

/// Looks at the certificate on SIGHUP, and every minute; a SIGHUP ends no program of ours.
pub(crate) fn reload_on_hangup(
    certificates: Option<Arc<Certificates>>,
    shutdown: CancellationToken,
) {
    if let Some(certificates) = &certificates {
        tokio::spawn(Arc::clone(certificates).watch(shutdown.clone()));
    }
    tokio::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut hangup) = signal(SignalKind::hangup()) else {
            tracing::warn!("SIGHUP is not heard: the certificate is looked at every minute only");
            return;
        };
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                told = hangup.recv() => if told.is_none() { return },
            }
            if let Some(certificates) = &certificates {
                certificates.ask();
            } else {
                tracing::info!("told to read the certificate again: there is none");
            }
        }
    });
}
