//! TLS 1.2 and 1.3 from a certificate and its key, taken anew when they are renewed.
//!
//! Invariants
//! - A handshake uses the last pair that was whole: a certificate that does not go with its key,
//!   a file half written or gone, leaves the pair before in service, and is said once.
//! - Open connections are not touched by a renewal.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use aws_lc_rs::digest::{SHA256, digest};
use kernel::Timestamp;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_mins(1);

/// The listener cannot speak TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The files cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// The certificate's file holds none.
    #[error("no certificate in the PEM text")]
    NoCertificate,
    /// The certificate is not one of X.509.
    #[error("the certificate cannot be read: {0}")]
    Malformed(String),
    /// The key's file holds none.
    #[error("no private key in the PEM text: {0}")]
    NoKey(#[source] rustls::pki_types::pem::Error),
    /// Certificate and key do not go together, or are of an unknown kind.
    #[error("the certificate and the key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// The texts of a certificate and its key, as they lie in their files.
#[derive(Clone)]
pub struct PemPair {
    /// The chain, leaf first.
    pub certificates: Vec<u8>,
    /// The private key.
    pub key: Vec<u8>,
}

/// Reads the files anew at each call; the error is for people.
pub type PemSource = Box<dyn Fn() -> Result<PemPair, String> + Send + Sync>;

/// What a look at the files found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// What is in service.
    Same,
    /// A renewed pair, now in service.
    Renewed,
}

/// A pair in service.
#[derive(Debug)]
struct InService {
    key: Arc<CertifiedKey>,
    digest: [u8; 32],
    expires: Timestamp,
}

/// The certificate of a listener.
pub struct Certificates {
    source: PemSource,
    current: ArcSwap<InService>,
    /// Digest or words of what was refused last: each is said once.
    refused: Mutex<Option<String>>,
    asked: Notify,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates")
            .field("expires", &self.expires())
            .finish_non_exhaustive()
    }
}

impl Certificates {
    /// Reads the pair for the first time.
    ///
    /// # Errors
    /// When a file cannot be read or holds nothing, or the two do not go together.
    pub fn open(source: PemSource) -> Result<Arc<Self>, TlsError> {
        let pair = source().map_err(TlsError::Unreadable)?;
        Ok(Arc::new(Self {
            current: ArcSwap::from_pointee(in_service(&pair)?),
            source,
            refused: Mutex::new(None),
            asked: Notify::new(),
        }))
    }

    /// A listener's configuration, which follows the renewals: TLS 1.2 and 1.3, HTTP/2 and
    /// HTTP/1.1 by ALPN.
    ///
    /// # Errors
    /// When the provider of cryptography lacks what the protocols need.
    pub fn config(self: &Arc<Self>) -> Result<Arc<rustls::ServerConfig>, TlsError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Self>::clone(self);
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Until when the certificate in service is valid.
    pub fn expires(&self) -> Timestamp {
        self.current.load().expires
    }

    /// Looks at the files, and takes what is new when it is whole.
    ///
    /// # Errors
    /// What is wrong with it; the pair before stays in service.
    pub fn look(&self) -> Result<Look, TlsError> {
        let pair = (self.source)().map_err(TlsError::Unreadable)?;
        if self.current.load().digest == digest_of(&pair) {
            return Ok(Look::Same);
        }
        self.current.store(Arc::new(in_service(&pair)?));
        Ok(Look::Renewed)
    }

    /// Asks [`Certificates::watch`] to look now (SIGHUP).
    pub fn ask(&self) {
        self.asked.notify_one();
    }

    /// Looks at the files every minute and when asked, until `stop`; says what changed, and
    /// keeps the figure of the expiry.
    pub async fn watch(self: Arc<Self>, stop: CancellationToken) {
        loop {
            crate::metrics::certificate_expires(self.expires());
            let asked = tokio::select! {
                () = stop.cancelled() => return,
                () = self.asked.notified() => true,
                () = tokio::time::sleep(LOOK) => false,
            };
            let certificates = Arc::clone(&self);
            // Two small files: still no work for a thread of the runtime.
            let looked = tokio::task::spawn_blocking(move || certificates.look()).await;
            match looked {
                Ok(outcome) => self.say(outcome, asked),
                Err(cause) => tracing::error!(%cause, "the certificate could not be looked at"),
            }
        }
    }

    /// Says what a look found: a renewal, or what is wrong, once as long as it stays the same.
    fn say(&self, outcome: Result<Look, TlsError>, asked: bool) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(Look::Renewed) => {
                *refused = None;
                tracing::info!(
                    expires = self.expires().millis(),
                    "a renewed certificate is in service"
                );
            }
            Ok(Look::Same) => {
                *refused = None;
                if asked {
                    tracing::info!("the certificate is the one in service");
                }
            }
            Err(cause) => {
                let words = cause.to_string();
                if asked || refused.as_ref() != Some(&words) {
                    crate::metrics::certificate_refused();
                    tracing::error!(
                        %cause,
                        "the certificate in the files cannot be used: the one before stays in \
                         service; mend the files of http.tls"
                    );
                    *refused = Some(words);
                }
            }
        }
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.load().key))
    }
}

/// Until when the first certificate of a PEM text is valid.
///
/// # Errors
/// When the text holds none that can be read.
pub fn expiry(certificates_pem: &[u8]) -> Result<Timestamp, TlsError> {
    let chain = chain(certificates_pem)?;
    expiry_of(chain.first().ok_or(TlsError::NoCertificate)?)
}

fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::NoCertificate)?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate);
    }
    Ok(chain)
}

fn expiry_of(certificate: &CertificateDer<'_>) -> Result<Timestamp, TlsError> {
    let read = Certificate::from_der(certificate)
        .map_err(|cause| TlsError::Malformed(cause.to_string()))?;
    let until = read.tbs_certificate.validity.not_after.to_unix_duration();
    Ok(Timestamp::from_millis(
        i64::try_from(until.as_millis()).unwrap_or(i64::MAX),
    ))
}

fn in_service(pair: &PemPair) -> Result<InService, TlsError> {
    let chain = chain(&pair.certificates)?;
    let expires = expiry_of(chain.first().ok_or(TlsError::NoCertificate)?)?;
    let key = PrivateKeyDer::from_pem_slice(&pair.key).map_err(TlsError::NoKey)?;
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    Ok(InService {
        key: Arc::new(CertifiedKey::from_der(chain, key, &provider)?),
        digest: digest_of(pair),
        expires,
    })
}

fn digest_of(pair: &PemPair) -> [u8; 32] {
    let mut both = pair.certificates.clone();
    both.push(0);
    both.extend_from_slice(&pair.key);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, &both).as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, serve};
    use axum::Router;
    use axum::routing::get;
    use rustls::pki_types::ServerName;
    use std::net::SocketAddr;
    use tokio::net::{TcpListener, TcpStream};

    /// Files that a test writes.
    #[derive(Clone)]
    struct Files(Arc<Mutex<Result<PemPair, String>>>);

    impl Files {
        fn new(pair: PemPair) -> Self {
            Self(Arc::new(Mutex::new(Ok(pair))))
        }

        fn hold(&self, pair: Result<PemPair, String>) {
            *self.0.lock().expect("the files") = pair;
        }

        fn source(&self) -> PemSource {
            let files = self.clone();
            Box::new(move || files.0.lock().expect("the files").clone())
        }
    }

    fn made(days: i64) -> PemPair {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut params =
            rcgen::CertificateParams::new(["localhost".to_owned()]).expect("parameters");
        params.not_after = rcgen::date_time_ymd(2030, 1, 1)
            + std::time::Duration::from_hours(24 * days.unsigned_abs());
        let certificate = params.self_signed(&key).expect("a certificate");
        PemPair {
            certificates: certificate.pem().into_bytes(),
            key: key.serialize_pem().into_bytes(),
        }
    }

    async fn started(certificates: &Arc<Certificates>) -> (SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listener");
        let address = listener.local_addr().expect("address");
        let stop = CancellationToken::new();
        let router = Router::new().route("/", get(|| async { "secret" }));
        let config = certificates.config().expect("a configuration");
        let limits = Limits::default();
        tokio::spawn(serve(listener, Some(config), router, stop.clone(), limits));
        (address, stop)
    }

    /// The leaf that the listener shows, and the protocol agreed on.
    async fn shown(
        address: SocketAddr,
        trusted: &PemPair,
        protocols: &[&[u8]],
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> Result<(Vec<u8>, Option<Vec<u8>>), std::io::Error> {
        let mut roots = rustls::RootCertStore::empty();
        for certificate in chain(&trusted.certificates).expect("a chain") {
            roots.add(certificate).expect("a root");
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let stream = connector.connect(name, stream).await?;
        let (_, session) = stream.get_ref();
        let leaf = session
            .peer_certificates()
            .and_then(<[_]>::first)
            .map(|leaf| leaf.to_vec());
        let agreed = session.alpn_protocol().map(<[u8]>::to_vec);
        Ok((leaf.unwrap_or_default(), agreed))
    }

    fn leaf(pair: &PemPair) -> Vec<u8> {
        chain(&pair.certificates).expect("a chain")[0].to_vec()
    }

    #[tokio::test]
    async fn both_versions_and_both_protocols_are_spoken() {
        let pair = made(1);
        let certificates = Certificates::open(Files::new(pair.clone()).source()).expect("open");
        let (address, _stop) = started(&certificates).await;
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            for protocol in [&b"h2"[..], b"http/1.1"] {
                let seen = shown(address, &pair, &[protocol], &[version]).await;
                let (shown, agreed) = seen.expect("a handshake");
                assert_eq!((shown, agreed), (leaf(&pair), Some(protocol.to_vec())));
            }
        }
        let both: &[&[u8]] = &[b"http/1.1", b"h2"];
        let (_, agreed) = shown(address, &pair, both, rustls::ALL_VERSIONS)
            .await
            .expect("a handshake");
        assert_eq!(agreed.as_deref(), Some(&b"h2"[..]), "the better one");
    }

    #[tokio::test]
    async fn a_renewed_certificate_is_shown_to_the_next_connection_without_a_restart() {
        let (old, new) = (made(1), made(2));
        let files = Files::new(old.clone());
        let certificates = Certificates::open(files.source()).expect("open");
        let (address, _stop) = started(&certificates).await;
        let before = certificates.expires();
        assert_eq!(certificates.look().expect("a look"), Look::Same);
        files.hold(Ok(new.clone()));
        assert_eq!(certificates.look().expect("a look"), Look::Renewed);
        let (seen, _) = shown(address, &new, &[], rustls::ALL_VERSIONS)
            .await
            .expect("a handshake");
        assert_eq!(seen, leaf(&new));
        assert_eq!(
            certificates.expires().since(before),
            Duration::from_hours(24)
        );
        assert_eq!(
            expiry(&new.certificates).expect("a date"),
            certificates.expires()
        );
        assert!(
            shown(address, &old, &[], rustls::ALL_VERSIONS)
                .await
                .is_err(),
            "the old one is gone"
        );
    }

    #[tokio::test]
    async fn a_broken_renewal_leaves_the_one_before_in_service() {
        let (old, new) = (made(1), made(2));
        let files = Files::new(old.clone());
        let certificates = Certificates::open(files.source()).expect("open");
        let (address, _stop) = started(&certificates).await;
        let half = PemPair {
            certificates: new.certificates.clone(),
            key: old.key.clone(),
        };
        let cut = PemPair {
            certificates: new.certificates[..new.certificates.len() / 2].to_vec(),
            key: new.key.clone(),
        };
        let empty = PemPair {
            certificates: Vec::new(),
            key: Vec::new(),
        };
        for broken in [Ok(half), Ok(cut), Ok(empty), Err("gone".to_owned())] {
            files.hold(broken);
            assert!(certificates.look().is_err());
            let (seen, _) = shown(address, &old, &[], rustls::ALL_VERSIONS)
                .await
                .expect("still served");
            assert_eq!(seen, leaf(&old));
        }
        files.hold(Ok(new));
        assert_eq!(certificates.look().expect("mended"), Look::Renewed);
    }

    #[tokio::test(start_paused = true)]
    async fn the_files_are_looked_at_every_minute_and_when_asked() {
        let files = Files::new(made(1));
        let certificates = Certificates::open(files.source()).expect("open");
        let stop = CancellationToken::new();
        let watching = tokio::spawn(Arc::clone(&certificates).watch(stop.clone()));
        let first = certificates.expires();
        files.hold(Ok(made(2)));
        certificates.ask();
        while certificates.expires() == first {
            tokio::task::yield_now().await;
        }
        let second = certificates.expires();
        files.hold(Ok(made(3)));
        // The clock of the test goes on by itself while everybody waits.
        tokio::time::sleep(LOOK + Duration::from_secs(1)).await;
        while certificates.expires() == second {
            tokio::task::yield_now().await;
        }
        stop.cancel();
        watching.await.expect("it ends");
    }

    #[test]
    fn what_is_no_pair_is_refused_by_its_cause() {
        let open = |pair: PemPair| Certificates::open(Files::new(pair).source());
        let good = made(1);
        let none = PemPair {
            certificates: Vec::new(),
            key: good.key.clone(),
        };
        assert!(matches!(open(none), Err(TlsError::NoCertificate)));
        let keyless = PemPair {
            certificates: good.certificates.clone(),
            key: b"nothing".to_vec(),
        };
        assert!(matches!(open(keyless), Err(TlsError::NoKey(_))));
        let strangers = PemPair {
            certificates: good.certificates,
            key: made(1).key,
        };
        assert!(matches!(open(strangers), Err(TlsError::Unusable(_))));
    }
}
