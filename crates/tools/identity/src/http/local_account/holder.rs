//! Who asks for a page of an account, and what they send.

use std::net::IpAddr;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use kernel::Secret;
use kernel_http::{ClientIp, Cookies, csrf};

use super::{BASE, shown};
use crate::domain::authorize::Parameters;
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::http::connexion::local::known_device;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::local::{Attempt, DeviceId, LocalAccount, Standing};
use crate::service::Identity;
use crate::service::second_factor::CodeTry;

/// Somebody signed in here, with their account. Who is not is led to the sign-in, and back.
pub(in crate::http) struct Holder {
    pub(super) session: Session,
    pub(super) account: LocalAccount,
    /// As it stood before anything of this request was looked at.
    pub(super) standing: Standing,
    /// The browser, when it signed in to this account before.
    pub(super) device: Option<DeviceId>,
}

impl Holder {
    /// Who asks; none: nobody is signed in.
    ///
    /// # Errors
    /// [`IdentityError::NoInteraction`] when the account is gone, or the database refuses.
    async fn of(identity: &Identity, cookies: &Cookies) -> Result<Option<Self>, IdentityError> {
        let Some((session, agent)) = identity.session(cookies).await? else {
            return Ok(None);
        };
        let known = identity.local_account_of(&agent).await?;
        let (account, standing) = known.ok_or(IdentityError::NoInteraction)?;
        let device = known_device(identity, cookies, &account.realm, &account.login).await?;
        Ok(Some(Self {
            session,
            account,
            standing,
            device,
        }))
    }

    /// The token of this session's forms.
    pub(super) fn token(&self, identity: &Identity) -> String {
        identity.house.csrf_token(self.session.id)
    }
}

impl FromRequestParts<Identity> for Holder {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, identity: &Identity) -> Result<Self, Response> {
        let view = View::from_request_parts(parts, identity)
            .await
            .map_err(IntoResponse::into_response)?;
        match Self::of(identity, &Cookies::of(&parts.headers)).await {
            Ok(Some(holder)) => Ok(holder),
            Ok(None) => {
                let way = Redirect::to(&format!("{SIGN_IN}?retour={BASE}")).into_response();
                Err(shown(&view, identity, Ok(way)))
            }
            Err(cause) => Err(shown(&view, identity, Err(cause))),
        }
    }
}

/// A form that a holder sent from a page of their session.
pub(in crate::http) struct HolderForm {
    pub(super) holder: Holder,
    pub(super) fields: Parameters,
    /// From where.
    address: IpAddr,
}

impl HolderForm {
    /// What stands in a field; nothing when it is absent or there twice.
    pub(super) fn field(&self, name: &str) -> &str {
        single(&self.fields, name).unwrap_or_default()
    }

    /// A try at a code of theirs.
    pub(super) fn code<'a>(&'a self, typed: &'a str) -> CodeTry<'a> {
        CodeTry {
            account: &self.holder.account,
            typed,
            device: self.holder.device,
            address: self.address,
        }
    }

    /// A try at their password.
    pub(super) fn password<'a>(&'a self, password: &'a Secret) -> Attempt<'a> {
        Attempt {
            realm: &self.holder.account.realm,
            login: self.holder.account.login.as_str(),
            password,
            device: self.holder.device,
            address: self.address,
        }
    }
}

impl FromRequest<Identity> for HolderForm {
    type Rejection = Response;

    async fn from_request(request: Request, identity: &Identity) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let holder = Holder::from_request_parts(&mut parts, identity).await?;
        let view = View::from_request_parts(&mut parts, identity)
            .await
            .map_err(IntoResponse::into_response)?;
        let Ok(ClientIp(address)) = ClientIp::from_request_parts(&mut parts, identity).await;
        let headers = parts.headers.clone();
        let body = String::from_request(Request::from_parts(parts, body), identity)
            .await
            .map_err(IntoResponse::into_response)?;
        let fields = pairs(&body);
        let token = single(&fields, csrf::FIELD).unwrap_or_default();
        if csrf::check_form(&identity.house, &headers, holder.session.id, token).is_err() {
            return Err(shown(&view, identity, Err(IdentityError::ForgedForm)));
        }
        Ok(Self {
            holder,
            fields,
            address,
        })
    }
}
