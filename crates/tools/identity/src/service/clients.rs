//! The applications, by their `client_id`, and their proof at `/token`: those of the configuration,
//! then those registered since, at most two seconds old.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::Clock;
use kernel_db::{Db, DbError, Revised};

use crate::domain::client::{AuthMethod, Client, ClientId};
use crate::store;
use crate::store::revision::CLIENTS;

type ById = HashMap<ClientId, Arc<Client>>;

/// Applications known to this instance.
pub(crate) struct Clients {
    configured: ById,
    registered: Revised<ById>,
}

/// What a request at `/token` carried to prove its client.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// `Authorization: Basic`.
    Basic {
        /// `client_id`, form-decoded.
        id: String,
        /// The secret, form-decoded.
        secret: String,
    },
    /// In the form.
    Post {
        /// `client_id`.
        id: String,
        /// The secret.
        secret: String,
    },
    /// Only a `client_id`: a public client.
    Public {
        /// `client_id`.
        id: String,
    },
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Basic { id, .. } | Self::Post { id, .. } | Self::Public { id }) = self;
        write!(f, "Credentials({id:?}, hidden)")
    }
}

/// The client could not be proved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientAuthError {
    /// One text for all causes.
    #[error("client authentication failed")]
    Refused,
    /// The applications cannot be read now.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl Clients {
    pub(crate) fn new(configured: Vec<Client>, db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            configured: by_id(configured),
            registered: Revised::new(db, clock, CLIENTS, ById::new()),
        }
    }

    /// An enabled client.
    ///
    /// # Errors
    /// When the database refuses: nobody is taken for an application that may have ended.
    pub(crate) async fn get(&self, id: &ClientId) -> Result<Option<Arc<Client>>, DbError> {
        if let Some(client) = self.configured.get(id) {
            return Ok(client.enabled.then(|| Arc::clone(client)));
        }
        let registered = self
            .registered
            .get(
                |tx| Box::pin(store::client::in_service(tx)),
                |rows, _| by_id(rows),
            )
            .await?;
        Ok(registered.get(id).cloned())
    }

    /// Whether the configuration names this client, in service or not.
    pub(crate) fn is_configured(&self, id: &ClientId) -> bool {
        self.configured.contains_key(id)
    }

    /// Says that an application was written by this process.
    pub(crate) fn changed(&self) {
        self.registered.changed();
    }

    /// The client that these credentials prove, by the method it registered and no other.
    pub(crate) async fn authenticate(
        &self,
        credentials: &Credentials,
    ) -> Result<Arc<Client>, ClientAuthError> {
        let (id, secret) = match credentials {
            Credentials::Basic { id, secret } | Credentials::Post { id, secret } => {
                (id, Some(secret))
            }
            Credentials::Public { id } => (id, None),
        };
        let id = ClientId::parse(id).map_err(|_| ClientAuthError::Refused)?;
        let client = self.get(&id).await?.ok_or(ClientAuthError::Refused)?;
        let allowed = matches!(
            (client.auth_method, credentials),
            (
                AuthMethod::ClientSecretBasic | AuthMethod::ClientSecret,
                Credentials::Basic { .. }
            ) | (
                AuthMethod::ClientSecretPost | AuthMethod::ClientSecret,
                Credentials::Post { .. }
            ) | (AuthMethod::None, Credentials::Public { .. })
        );
        let proved = secret.is_none_or(|secret| client.secret.matches(secret));
        if allowed && proved {
            Ok(client)
        } else {
            Err(ClientAuthError::Refused)
        }
    }
}

fn by_id(clients: Vec<Client>) -> ById {
    clients
        .into_iter()
        .map(|client| (client.id.clone(), Arc::new(client)))
        .collect()
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use testkit::FixedClock;

    use super::*;
    use crate::domain::client::tests::mission;

    /// One configured client, changed by the test, on a database without any.
    struct One {
        clients: Clients,
        _test: TestDb,
    }

    impl One {
        async fn new(change: impl FnOnce(&mut Client)) -> Self {
            let test = TestDb::sqlite(&[crate::MIGRATIONS]).await;
            let mut client = mission();
            change(&mut client);
            let clock: Arc<dyn Clock> = Arc::new(FixedClock::default());
            Self {
                clients: Clients::new(vec![client], test.db.clone(), clock),
                _test: test,
            }
        }

        async fn with(method: AuthMethod) -> Self {
            Self::new(|client| client.auth_method = method).await
        }

        async fn proves(&self, credentials: &Credentials) -> bool {
            self.clients.authenticate(credentials).await.is_ok()
        }
    }

    fn basic(secret: &str) -> Credentials {
        Credentials::Basic {
            id: "mission".into(),
            secret: secret.into(),
        }
    }

    fn post(secret: &str) -> Credentials {
        Credentials::Post {
            id: "mission".into(),
            secret: secret.into(),
        }
    }

    fn public() -> Credentials {
        Credentials::Public {
            id: "mission".into(),
        }
    }

    #[tokio::test]
    async fn a_client_is_proved_by_its_registered_method() {
        let right = basic("mission-secret");
        assert!(
            One::with(AuthMethod::ClientSecretBasic)
                .await
                .proves(&right)
                .await
        );
        assert!(
            One::with(AuthMethod::ClientSecret)
                .await
                .proves(&right)
                .await
        );
        let right = post("mission-secret");
        assert!(
            One::with(AuthMethod::ClientSecretPost)
                .await
                .proves(&right)
                .await
        );
        assert!(One::with(AuthMethod::None).await.proves(&public()).await);
    }

    #[tokio::test]
    async fn another_method_another_secret_or_none_is_refused() {
        let by_header = One::with(AuthMethod::ClientSecretBasic).await;
        assert!(!by_header.proves(&post("mission-secret")).await);
        let either = One::with(AuthMethod::ClientSecret).await;
        assert!(!either.proves(&basic("mission-secre")).await);
        assert!(!either.proves(&public()).await);
        let unknown = Credentials::Post {
            id: "nobody".into(),
            secret: String::new(),
        };
        assert!(!either.proves(&unknown).await);
    }

    #[tokio::test]
    async fn a_disabled_client_is_as_unknown() {
        let one = One::new(|client| client.enabled = false).await;
        assert!(!one.proves(&basic("mission-secret")).await);
    }
}
