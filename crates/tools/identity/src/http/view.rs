//! What the tool's pages have in common: who reads, how a failure looks, how one goes on.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use kernel::{Locale, RequestId};
use kernel_http::pages::PageContext;
use kernel_http::rate::Class;
use kernel_http::{ApiError, ClientIp, Cookies, Page, csrf};
use url::Url;

use crate::domain::agent::AgentState;
use crate::domain::authorize::{AuthorizeRequest, UntrustedRequest};
use crate::domain::browser::Browser;
use crate::domain::interaction::{Interaction, InteractionId, Purpose};
use crate::domain::session::EndReason;
use crate::error::IdentityError;
use crate::pages::bad_client::{BadClient, ClientFault};
use crate::pages::ended::Ended;
use crate::pages::expired::{Expired, Expiry};
use crate::pages::failure::{Failure, FailurePage};
use crate::pages::going_on::GoingOn;
use crate::pages::provider_down::ProviderDown;
use crate::pages::{Form, Help, Interruption, Reader, Rendered, Services};
use crate::service::{Identity, Method};
use crate::upstream::{ProviderId, Start, UpstreamError};

/// Where a sign-in starts again.
pub(super) const SIGN_IN: &str = "/connexion";
/// The same, when this browser holds the cookie of a session that was ended.
const SIGN_IN_ANEW: &str = "/connexion?autre=1";

/// The reader of a page, and the request it answers.
pub(super) struct View {
    page: PageContext,
    headers: HeaderMap,
    /// Where the request comes from.
    address: IpAddr,
}

impl<S: Send + Sync> FromRequestParts<S> for View {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let page = PageContext::from_request_parts(parts, state).await?;
        let Ok(ClientIp(address)) = ClientIp::from_request_parts(parts, state).await;
        Ok(Self {
            page,
            headers: parts.headers.clone(),
            address,
        })
    }
}

impl View {
    /// The browser that asks.
    pub(super) fn browser(&self) -> Browser {
        let header = self.headers.get(USER_AGENT);
        Browser::of_header(
            header
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default(),
        )
    }

    /// Counts something that anybody may have done, for the network it comes from.
    ///
    /// # Errors
    /// [`IdentityError::TooManyFromNetwork`] when that has done it too often.
    pub(super) fn count(&self, identity: &Identity, class: Class) -> Result<(), IdentityError> {
        let counted = identity.house.rate.check(class, self.address);
        counted.map_err(|seconds| IdentityError::TooManyFromNetwork { seconds })
    }

    pub(super) fn locale(&self) -> Locale {
        self.page.locale
    }

    pub(super) fn reader<'a>(&self, identity: &'a Identity) -> Reader<'a> {
        Reader {
            locale: self.page.locale,
            zone: &identity.zone,
            now: identity.house.clock.now(),
        }
    }

    pub(super) fn request_id(&self) -> RequestId {
        self.page.request_id.unwrap_or(RequestId::from_u128(0))
    }

    /// The page around a content.
    pub(super) fn show(&self, content: Rendered, status: StatusCode) -> Response {
        self.write(content, status, |_| ())
    }

    /// Sends a page of a guest: an invitation's panel stands without the bag.
    pub(super) fn show_guest(&self, content: Rendered, status: StatusCode) -> Response {
        self.write(content, status, |page| {
            page.look.art = page.look.art && page.aside.is_none();
        })
    }

    fn write(
        &self,
        content: Rendered,
        status: StatusCode,
        dress: impl FnOnce(&mut Page),
    ) -> Response {
        match content {
            Ok(content) => {
                let mut page =
                    Page::new(&self.page, content.title, content.main).with_status(status);
                page.aside = content.aside;
                dress(&mut page);
                page.into_response()
            }
            Err(cause) => {
                tracing::error!(%cause, "a page cannot be rendered");
                ApiError(kernel::Problem::internal()).into_response()
            }
        }
    }

    /// Checks that a form comes from this interaction's page.
    ///
    /// # Errors
    /// [`IdentityError::ForgedForm`] otherwise.
    pub(super) fn check_form(
        &self,
        identity: &Identity,
        binding: &str,
        token: &str,
    ) -> Result<(), IdentityError> {
        csrf::check_unsigned_form(&identity.house, &self.headers, binding, token)
            .map_err(|_| IdentityError::ForgedForm)
    }

    /// Goes to another address: by redirect, or, after a form, by a page that goes on by itself
    /// (Chromium applies `form-action` to redirects).
    pub(super) fn go(
        &self,
        identity: &Identity,
        to: &Url,
        place: &str,
        after_form: bool,
        cookies: Vec<HeaderValue>,
    ) -> Response {
        let mut response = if after_form {
            let content = GoingOn { url: to, place }.render(&self.reader(identity));
            match content {
                Ok(content) => Page::new(&self.page, content.title, content.main)
                    .with_refresh(to.clone())
                    .into_response(),
                Err(cause) => {
                    tracing::error!(%cause, "a page cannot be rendered");
                    ApiError(kernel::Problem::internal()).into_response()
                }
            }
        } else {
            Redirect::to(to.as_str()).into_response()
        };
        for cookie in cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        super::protocol::never_cached(response)
    }

    /// Sends the person to a ministry's provider, or says that it does not answer.
    ///
    /// # Errors
    /// When the provider refuses for another reason than an outage.
    pub(super) async fn go_upstream(
        &self,
        identity: &Identity,
        cookies: &Cookies,
        mut interaction: Interaction,
        provider: &ProviderId,
        after_form: bool,
    ) -> Result<Response, IdentityError> {
        let Method::Upstream(providers) = &identity.method else {
            return Err(IdentityError::UnknownProvider);
        };
        let upstreams = providers.current().await?;
        let config = upstreams
            .config(provider)
            .ok_or(IdentityError::UnknownProvider)?;
        let started = {
            let request = match &interaction.purpose {
                Purpose::Application(request) => Some(request.as_ref()),
                Purpose::Portal { .. } | Purpose::Trial { .. } => None,
            };
            let client = match request {
                Some(request) => identity.clients.get(&request.client).await?,
                None => None,
            };
            let acr = interaction.wish();
            let forced = request.is_some_and(AuthorizeRequest::must_renew);
            let hint = interaction
                .email
                .as_deref()
                .or(request.and_then(|request| request.login_hint.as_deref()));
            upstreams
                .start(
                    provider,
                    Start {
                        interaction: interaction.id.as_str(),
                        login_hint: hint,
                        siret_hint: request.and_then(|request| request.siret_hint.as_deref()),
                        acr: &acr,
                        force: forced,
                        max_age: request.and_then(|request| request.max_age),
                        application: client.as_deref().map(|c| (c.id.as_str(), c.name.as_str())),
                        locale: self.locale(),
                    },
                )
                .await
        };
        match started {
            Ok((url, pending)) => {
                interaction.pending = Some(pending);
                let kept = identity.keep(&interaction, cookies)?;
                Ok(self.go(identity, &url, &config.title, after_form, kept))
            }
            Err(cause) if cause.is_outage() => {
                tracing::warn!(provider = %provider, %cause, "the provider does not answer");
                let mut response = self.provider_down(identity, &interaction.id, provider, &cause);
                for cookie in identity.keep(&interaction, cookies)? {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
                Ok(response)
            }
            Err(cause) => Err(IdentityError::Upstream {
                provider: provider.as_str().to_owned(),
                cause,
            }),
        }
    }

    /// Whose provider, since when, whom to call, what still works.
    fn provider_down(
        &self,
        identity: &Identity,
        interaction: &InteractionId,
        provider: &ProviderId,
        cause: &UpstreamError,
    ) -> Response {
        let Method::Upstream(providers) = &identity.method else {
            return self.failure(identity, &IdentityError::UnknownProvider, None);
        };
        let upstreams = providers.last();
        let Some(config) = upstreams.config(provider) else {
            return self.failure(identity, &IdentityError::UnknownProvider, None);
        };
        let health = upstreams.health();
        let since = health
            .iter()
            .find(|one| one.id == *provider)
            .and_then(|one| one.since);
        tracing::debug!(%cause, "shown as an outage");
        let token = identity.house.form_token(interaction.as_str());
        let action = format!("{SIGN_IN}/{interaction}/administrations");
        let hidden = [
            (csrf::FIELD, token.as_str()),
            (
                crate::pages::administrations::FIELD_PROVIDER,
                provider.as_str(),
            ),
        ];
        let down: Vec<_> = health.iter().filter(|one| one.since.is_some()).collect();
        let interrupted: Vec<_> = down
            .iter()
            .map(|one| Interruption {
                title: &one.title,
                since: one.since,
                failures: one.failures,
            })
            .collect();
        let sign_in_url = format!("{SIGN_IN}/{interaction}");
        let page = ProviderDown {
            form: Form {
                action: &action,
                hidden: &hidden,
            },
            provider: &config.title,
            since,
            help: support_of(config, self.locale()),
            sign_in_url: &sign_in_url,
            request: self.request_id(),
            services: Services {
                interrupted: &interrupted,
                others: health.len().saturating_sub(interrupted.len()),
            },
        };
        self.show(
            page.render(&self.reader(identity)),
            StatusCode::SERVICE_UNAVAILABLE,
        )
    }

    /// The response, or the page of the failure.
    pub(super) fn or_failure(
        &self,
        identity: &Identity,
        result: Result<Response, IdentityError>,
    ) -> Response {
        result.unwrap_or_else(|cause| self.failure(identity, &cause, None))
    }

    /// Why this browser's session was ended by somebody else.
    pub(super) fn ended(&self, identity: &Identity, reason: EndReason) -> Response {
        let page = Ended {
            reason,
            help: Help::of(&identity.house.site.support, self.locale()),
            restart_url: SIGN_IN_ANEW,
            request: self.request_id(),
        };
        let status = match reason {
            EndReason::Suspended | EndReason::Closed => StatusCode::FORBIDDEN,
            EndReason::Elsewhere | EndReason::Invitation | EndReason::Factor => StatusCode::OK,
        };
        let mut shown = self.show(page.render(&self.reader(identity)), status);
        if reason != EndReason::Elsewhere {
            // The copies kept for use without network leave the machine with the account. The
            // cookie stays: by it each open tab is told the same.
            let storage = HeaderValue::from_static("\"storage\"");
            shown.headers_mut().insert("clear-site-data", storage);
        }
        super::protocol::never_cached(shown)
    }

    /// The page of a failure, and its line in the log.
    pub(super) fn failure(
        &self,
        identity: &Identity,
        cause: &IdentityError,
        restart: Option<&str>,
    ) -> Response {
        tracing::info!(%cause, "sign-in refused");
        let reader = self.reader(identity);
        let request = self.request_id();
        let (failure, provider, words) = match cause {
            IdentityError::Untrusted(untrusted) => {
                let fault = match untrusted {
                    UntrustedRequest::Client => ClientFault::InvalidClient,
                    UntrustedRequest::RedirectUri => ClientFault::InvalidRedirectUri,
                };
                let page = BadClient { fault, request };
                return self.show(page.render(&reader), StatusCode::BAD_REQUEST);
            }
            IdentityError::NoInteraction => {
                let page = Expired {
                    expiry: Expiry::Interaction,
                    restart_url: restart.unwrap_or(SIGN_IN),
                    request,
                };
                return self.show(page.render(&reader), StatusCode::BAD_REQUEST);
            }
            IdentityError::ForgedForm => (Failure::CsrfMismatch, None, None),
            IdentityError::TooLarge => (Failure::BadRequest, None, None),
            IdentityError::UnknownProvider => (Failure::NoProvider, None, None),
            IdentityError::AgentState(AgentState::Departed) => {
                return self.ended(identity, EndReason::Closed);
            }
            IdentityError::AgentState(_) => (Failure::Blocked, None, None),
            IdentityError::NotPublicAgent => (Failure::NotPublicAgent, None, None),
            IdentityError::TooWeak => (Failure::TooWeak, None, None),
            IdentityError::Upstream { provider, cause } => {
                (cause.failure(), Some(provider.as_str()), cause.words())
            }
            IdentityError::NotShared
            | IdentityError::Invitation(_)
            | IdentityError::TooManyCodes
            | IdentityError::TooManyFromNetwork { .. } => {
                return ApiError(cause.problem()).into_response();
            }
            IdentityError::Provider(_)
            | IdentityError::Local(_)
            | IdentityError::Role(_)
            | IdentityError::NoSession
            | IdentityError::Token(_)
            | IdentityError::Life(_)
            | IdentityError::LocalAccount(_)
            | IdentityError::Keeper { .. }
            | IdentityError::Circle
            | IdentityError::Cursor
            | IdentityError::File(_)
            | IdentityError::ImportRunning
            | IdentityError::Worker
            | IdentityError::Checkpoint(_)
            | IdentityError::Database(_)
            | IdentityError::Jose(_)
            | IdentityError::Encoding(_) => {
                tracing::error!(%cause, "sign-in failed on our side");
                return ApiError(cause.problem()).into_response();
            }
        };
        let upstreams = match &identity.method {
            Method::Upstream(providers) => Some(providers.last()),
            Method::Local { .. } => None,
        };
        let config = upstreams.as_ref().zip(provider).and_then(|(all, name)| {
            let id = all.provider_named(name)?;
            all.config(&id)
        });
        let site = &identity.house.site;
        let page = FailurePage {
            failure,
            provider: config.map(|config| config.title.as_str()),
            words,
            help: config
                .and_then(|config| support_of(config, self.locale()))
                .or_else(|| Help::of(&site.support, self.locale())),
            restart_url: Some(restart.unwrap_or(SIGN_IN)),
            request,
        };
        let status =
            StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.show(page.render(&reader), status)
    }
}

fn support_of(config: &crate::upstream::ProviderConfig, locale: Locale) -> Option<Help<'_>> {
    Help {
        label: &config.support.label,
        phone: config.support.phone.as_deref(),
        email: config.support.email.as_deref(),
        hours: config.support.hours.as_ref().map(|hours| hours.get(locale)),
    }
    .reachable()
}
