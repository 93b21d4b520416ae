//! The signing keys: ES256 first, RS256 beside it; kept sealed in the database.
//!
//! Several processes may start at once on one database: each makes a key when it sees none, and
//! all use the newest, publishing every active one.

use jose::{Algorithm, JwkSet, SigningKey};
use kernel_http::{House, Sealer};

use crate::domain::client::Client;
use crate::error::IdentityError;
use crate::store::key::{self, KeyRow};

const PURPOSE: &str = "identity/signing-key/1";

/// Active keys, ready to sign.
pub(crate) struct Keys {
    active: Vec<SigningKey>,
}

impl Keys {
    /// Reads the keys, making those that are missing.
    pub(crate) async fn load(house: &House, sealer: &Sealer) -> Result<Self, IdentityError> {
        let mut rows = read(house).await?;
        let missing: Vec<Algorithm> = [Algorithm::Es256, Algorithm::Rs256]
            .into_iter()
            .filter(|algorithm| !rows.iter().any(|row| row.algorithm == algorithm.name()))
            .collect();
        for algorithm in &missing {
            let row = make(*algorithm, house, sealer)?;
            house
                .db
                .write(move |tx| {
                    let row = row.clone();
                    Box::pin(async move { key::insert(tx, &row).await })
                })
                .await?;
        }
        if !missing.is_empty() {
            rows = read(house).await?;
        }
        let mut active = Vec::new();
        for row in rows {
            let algorithm = Algorithm::from_name(&row.algorithm).ok_or(jose::Error::Key)?;
            let der = sealer.open(PURPOSE, &row.sealed).ok_or(jose::Error::Key)?;
            active.push(SigningKey::from_pkcs8(algorithm, &der)?);
        }
        Ok(Self { active })
    }

    /// Signs for a client: by the newest key of its algorithm, or by its own secret for HS256.
    pub(crate) fn sign(
        &self,
        client: &Client,
        algorithm: Algorithm,
        typ: Option<&str>,
        claims: &impl serde::Serialize,
    ) -> Result<String, IdentityError> {
        if algorithm == Algorithm::Hs256 {
            let secret = client.secret.key().ok_or(jose::Error::Key)?;
            let key = SigningKey::hs256(secret)?;
            return Ok(key.sign(typ, claims)?);
        }
        let key = self
            .active
            .iter()
            .find(|key| key.algorithm() == algorithm)
            .ok_or(jose::Error::Key)?;
        Ok(key.sign(typ, claims)?)
    }

    /// The public keys, for `/jwks` and for our own hints.
    pub(crate) fn public(&self) -> JwkSet {
        JwkSet::new(
            self.active
                .iter()
                .filter_map(SigningKey::public_jwk)
                .cloned()
                .collect(),
        )
    }
}

async fn read(house: &House) -> Result<Vec<KeyRow>, IdentityError> {
    house
        .db
        .read(|tx| Box::pin(async move { Ok(key::active(tx).await?) }))
        .await
}

fn make(algorithm: Algorithm, house: &House, sealer: &Sealer) -> Result<KeyRow, IdentityError> {
    let made = match algorithm {
        Algorithm::Es256 => SigningKey::generate_es256()?,
        Algorithm::Rs256 => SigningKey::generate_rs256()?,
        Algorithm::Hs256 => return Err(jose::Error::KeyKind(algorithm).into()),
    };
    let der = made.to_pkcs8()?;
    Ok(KeyRow {
        kid: made.key_id().unwrap_or_default().to_owned(),
        algorithm: algorithm.name().to_owned(),
        sealed: sealer.seal(PURPOSE, &der, house.rng.as_ref()),
        created_at: house.clock.now(),
    })
}
