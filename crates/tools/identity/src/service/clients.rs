//! The applications, by their `client_id`, and their proof at `/token`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::client::{AuthMethod, Client, ClientId};

/// Applications known to this instance.
pub(crate) struct Clients(HashMap<ClientId, Arc<Client>>);

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

/// The client could not be proved (one text for all causes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("client authentication failed")]
pub(crate) struct ClientAuthError;

impl Clients {
    pub(crate) fn new(clients: Vec<Client>) -> Self {
        Self(
            clients
                .into_iter()
                .map(|client| (client.id.clone(), Arc::new(client)))
                .collect(),
        )
    }

    /// An enabled client.
    pub(crate) fn get(&self, id: &ClientId) -> Option<Arc<Client>> {
        self.0.get(id).filter(|client| client.enabled).cloned()
    }

    /// The client that these credentials prove, by the method it registered and no other.
    pub(crate) fn authenticate(
        &self,
        credentials: &Credentials,
    ) -> Result<Arc<Client>, ClientAuthError> {
        let (id, secret) = match credentials {
            Credentials::Basic { id, secret } | Credentials::Post { id, secret } => {
                (id, Some(secret))
            }
            Credentials::Public { id } => (id, None),
        };
        let client = ClientId::parse(id)
            .ok()
            .and_then(|id| self.get(&id))
            .ok_or(ClientAuthError)?;
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
            Err(ClientAuthError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::tests::mission;

    fn clients(method: AuthMethod) -> Clients {
        let mut client = mission();
        client.auth_method = method;
        Clients::new(vec![client])
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

    #[test]
    fn a_client_is_proved_by_its_registered_method() {
        assert!(
            clients(AuthMethod::ClientSecretBasic)
                .authenticate(&basic("mission-secret"))
                .is_ok()
        );
        assert!(
            clients(AuthMethod::ClientSecretPost)
                .authenticate(&post("mission-secret"))
                .is_ok()
        );
        assert!(
            clients(AuthMethod::ClientSecret)
                .authenticate(&basic("mission-secret"))
                .is_ok()
        );
        let public = Credentials::Public {
            id: "mission".into(),
        };
        assert!(clients(AuthMethod::None).authenticate(&public).is_ok());
    }

    #[test]
    fn another_method_another_secret_or_none_is_refused() {
        assert!(
            clients(AuthMethod::ClientSecretBasic)
                .authenticate(&post("mission-secret"))
                .is_err()
        );
        assert!(
            clients(AuthMethod::ClientSecret)
                .authenticate(&basic("mission-secre"))
                .is_err()
        );
        let public = Credentials::Public {
            id: "mission".into(),
        };
        assert!(
            clients(AuthMethod::ClientSecret)
                .authenticate(&public)
                .is_err()
        );
        let unknown = Credentials::Post {
            id: "nobody".into(),
            secret: String::new(),
        };
        assert!(
            clients(AuthMethod::ClientSecret)
                .authenticate(&unknown)
                .is_err()
        );
    }

    #[test]
    fn a_disabled_client_is_as_unknown() {
        let mut client = mission();
        client.enabled = false;
        let clients = Clients::new(vec![client]);
        assert!(clients.authenticate(&basic("mission-secret")).is_err());
    }
}
