//! Applications registered while the program runs. Those of the configuration have no row.

use jose::Algorithm;
use kernel::{OrganisationId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};
use url::Url;

use super::revision::{self, Kind};
use super::unreadable;
use crate::domain::client::{AuthMethod, Client, ClientAudience, ClientId, ClientSecret};
use crate::domain::registration::Registration;
use crate::domain::scope::ScopeSet;

/// Writes an application, or gives one of the same administration new facts and a new secret:
/// what the old secret got is dead. Answers false, and writes nothing, when the name is another
/// administration's.
///
/// # Errors
/// When the database refuses.
pub async fn register(
    tx: &mut Tx,
    facts: &Registration,
    secret_hash: [u8; 32],
    now: Timestamp,
) -> Result<bool, DbError> {
    let written = tx
        .execute(
            "INSERT INTO identity_client (
                 client_id, organisation, name, secret_hash, redirect_uris,
                 post_logout_redirect_uris, auth_method, scopes, enabled, created_by, created_at,
                 updated_at, valid_from)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $10, $10)
             ON CONFLICT (client_id) DO UPDATE SET
                 name = excluded.name,
                 secret_hash = excluded.secret_hash,
                 redirect_uris = excluded.redirect_uris,
                 post_logout_redirect_uris = excluded.post_logout_redirect_uris,
                 auth_method = excluded.auth_method,
                 scopes = excluded.scopes,
                 enabled = 1,
                 updated_at = excluded.updated_at,
                 valid_from = excluded.valid_from
             WHERE identity_client.organisation = excluded.organisation",
            &values![
                facts.id.as_str(),
                facts.organisation,
                facts.name.as_str(),
                secret_hash,
                addresses(&facts.redirect_uris),
                addresses(&facts.post_logout_redirect_uris),
                AuthMethod::ClientSecret.word(),
                ScopeSet::registered().to_text(),
                facts.by.agent,
                now
            ],
        )
        .await?;
    if written == 1 {
        revision::raise(tx, Kind::Client).await?;
    }
    Ok(written == 1)
}

/// Gives an application in service new facts; its secret stays. Answers false when this
/// administration has none of that name.
///
/// # Errors
/// When the database refuses.
pub async fn amend(tx: &mut Tx, facts: &Registration, now: Timestamp) -> Result<bool, DbError> {
    let written = tx
        .execute(
            "UPDATE identity_client SET
                 name = $3, redirect_uris = $4, post_logout_redirect_uris = $5, updated_at = $6
             WHERE client_id = $1 AND organisation = $2 AND enabled = 1",
            &values![
                facts.id.as_str(),
                facts.organisation,
                facts.name.as_str(),
                addresses(&facts.redirect_uris),
                addresses(&facts.post_logout_redirect_uris),
                now
            ],
        )
        .await?;
    if written == 1 {
        revision::raise(tx, Kind::Client).await?;
    }
    Ok(written == 1)
}

/// Ends an application. Answers whose it was; none: there was none in service.
///
/// # Errors
/// When the database refuses.
pub async fn end(
    tx: &mut Tx,
    id: &ClientId,
    now: Timestamp,
) -> Result<Option<OrganisationId>, DbError> {
    let row = tx
        .query_optional(
            "UPDATE identity_client SET enabled = 0, updated_at = $2
             WHERE client_id = $1 AND enabled = 1 RETURNING organisation",
            &values![id.as_str(), now],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    revision::raise(tx, Kind::Client).await?;
    Ok(Some(row.get("organisation")?))
}

/// Those in service.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn in_service(tx: &mut Tx) -> Result<Vec<Client>, DbError> {
    let rows = tx
        .query(
            "SELECT client_id, organisation, name, secret_hash, redirect_uris,
                    post_logout_redirect_uris, auth_method, scopes, valid_from
             FROM identity_client WHERE enabled = 1 ORDER BY client_id",
            &[],
        )
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Client, DbError> {
    let id: String = row.get("client_id")?;
    let auth_method: String = row.get("auth_method")?;
    let scopes: String = row.get("scopes")?;
    Ok(Client {
        id: ClientId::parse(&id).map_err(|_| unreadable("client_id"))?,
        name: row.get("name")?,
        organisation: Some(row.get("organisation")?),
        secret: ClientSecret::Hashed(row.get("secret_hash")?),
        redirect_uris: read_addresses(row, "redirect_uris")?,
        post_logout_redirect_uris: read_addresses(row, "post_logout_redirect_uris")?,
        auth_method: AuthMethod::parse(&auth_method).ok_or_else(|| unreadable("auth_method"))?,
        id_token_alg: Algorithm::Es256,
        userinfo_alg: None,
        introspection_alg: None,
        refresh_tokens: true,
        scopes: ScopeSet::from_text(&scopes),
        audience: ClientAudience::Everyone,
        require_pkce: false,
        enabled: true,
        valid_from: row.get("valid_from")?,
    })
}

fn addresses(list: &[Url]) -> serde_json::Value {
    list.iter().map(Url::as_str).collect()
}

fn read_addresses(row: &Row, column: &'static str) -> Result<Vec<Url>, DbError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| unreadable(column))
}
