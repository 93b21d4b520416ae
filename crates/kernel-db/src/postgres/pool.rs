//! Opening the pool: TLS, limits, and what the server must be.

use std::{str::FromStr, sync::Arc, time::Duration};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::{
    NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::{driver_error, pool_error};
use crate::DbError;

/// The oldest server whose behaviour is tested.
const OLDEST_SERVER: i32 = 150_000;
const CONNECT: Duration = Duration::from_secs(5);
const WAIT: Duration = Duration::from_secs(10);
/// A job that loses its caller must not hold locks for ever, whatever the server's defaults.
const SESSION: &str = "SET synchronous_commit = on; SET statement_timeout = '60s'; \
     SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '30s'; \
     SET client_connection_check_interval = '1s'";

pub(super) async fn open(url: &str, max_connections: usize) -> Result<Pool, DbError> {
    // The certificate is always checked, so the stricter words of libpq mean the same here.
    let url = url
        .replace("sslmode=verify-full", "sslmode=require")
        .replace("sslmode=verify-ca", "sslmode=require");
    let mut config = tokio_postgres::Config::from_str(&url)
        .map_err(|_| DbError::Unreachable("the database URL is not valid".to_owned()))?;
    config.connect_timeout(CONNECT);
    if config.get_application_name().is_none() {
        config.application_name("besace");
    }
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = if config.get_ssl_mode() == SslMode::Require {
        Manager::from_config(config, tls()?, recycling)
    } else {
        if !is_local(&config) {
            tracing::warn!("the database is reached without TLS: say sslmode=require in its URL");
        }
        Manager::from_config(config, NoTls, recycling)
    };
    let pool = Pool::builder(manager)
        .max_size(max_connections.max(2))
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts {
            wait: Some(WAIT),
            create: Some(CONNECT),
            recycle: Some(CONNECT),
        })
        .post_create(Hook::async_fn(|client, _| {
            Box::pin(async move {
                client
                    .batch_execute(SESSION)
                    .await
                    .map_err(HookError::Backend)
            })
        }))
        .build()
        .map_err(|cause| DbError::Driver(cause.to_string()))?;
    check_server(&pool).await?;
    Ok(pool)
}

async fn check_server(pool: &Pool) -> Result<(), DbError> {
    let client = pool.get().await.map_err(|cause| pool_error(&cause))?;
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::int4 AS version, \
             current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding",
            &[],
        )
        .await
        .map_err(driver_error)?;
    let version: i32 = row.try_get("version").map_err(driver_error)?;
    let fsync: String = row.try_get("fsync").map_err(driver_error)?;
    let encoding: String = row.try_get("encoding").map_err(driver_error)?;
    if version < OLDEST_SERVER {
        return Err(DbError::Unreachable(format!(
            "PostgreSQL 15 or later is needed, the server is {version}"
        )));
    }
    if fsync != "on" {
        return Err(DbError::NotDurable(format!(
            "the server's fsync is {fsync}"
        )));
    }
    if encoding != "UTF8" {
        return Err(DbError::Unreachable(format!(
            "the database's encoding must be UTF8, it is {encoding}"
        )));
    }
    Ok(())
}

fn is_local(config: &tokio_postgres::Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
    })
}

fn tls() -> Result<MakeRustlsConnect, DbError> {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "an authority's certificate could not be read");
    }
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err(DbError::Unreachable(
            "TLS to the database: this machine knows no certificate authority".to_owned(),
        ));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| DbError::Driver(cause.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
