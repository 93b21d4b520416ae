//! What an authorization request gets: a code, a page, or a refusal.

use kernel::SessionId;
use url::Url;

use super::Identity;
use crate::domain::agent::Agent;
use crate::domain::authorize::{AuthorizeRequest, Prompt, Refusal};
use crate::domain::claims::Subject;
use crate::domain::client::{Client, ClientAudience};
use crate::domain::code::{Code, GrantId};
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::store;

const CODE: &str = "identity/code/1";

/// What to do with a judged request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The session will do: answer with a code.
    Answer,
    /// The person has to prove who they are.
    Interact,
    /// No page may be shown and none will do.
    LoginRequired,
}

/// Whether a live session answers a request (ProConnect's rules of reuse).
pub(crate) fn decide(
    request: &AuthorizeRequest,
    session: Option<(&Session, &Agent)>,
    now: kernel::Timestamp,
) -> Decision {
    let reusable = session.is_some_and(|(session, agent)| {
        let fresh = request.max_age.is_none_or(|seconds| {
            now.since(session.auth_time).as_secs() <= u64::from(seconds) && seconds > 0
        });
        let same_provider = request
            .idp_hint
            .as_ref()
            .is_none_or(|hint| *hint == session.provider);
        let same_person = request
            .login_hint
            .as_ref()
            .is_none_or(|hint| hint.eq_ignore_ascii_case(&agent.attributes.email));
        let hinted = request
            .hinted_subject
            .as_ref()
            .is_none_or(|subject| *subject == agent.id.to_string());
        let level = request.acr.is_met_by(session.acr) && !request.acr.forces_authentication();
        fresh && same_provider && same_person && hinted && level && session.is_alive(now)
    });
    match (request.prompt, reusable) {
        (Prompt::None, false) => Decision::LoginRequired,
        (Prompt::Login, _) | (_, false) => Decision::Interact,
        (_, true) => Decision::Answer,
    }
}

/// A refusal for a request that was accepted at first.
pub(crate) fn refusal(
    request: &AuthorizeRequest,
    error: &'static str,
    description: &str,
) -> Refusal {
    Refusal {
        redirect_uri: request.redirect_uri.clone(),
        state: Some(request.state.clone()),
        error,
        description: description.to_owned(),
        fragment: false,
    }
}

impl Identity {
    /// The address that carries a refusal to its application, `iss` included (RFC 9207).
    pub(crate) fn refuse_to(&self, refusal: &Refusal) -> Url {
        let mut answer = url::form_urlencoded::Serializer::new(String::new());
        answer.append_pair("error", refusal.error);
        answer.append_pair("error_description", &refusal.description);
        if let Some(state) = &refusal.state {
            answer.append_pair("state", state);
        }
        answer.append_pair("iss", &self.issuer);
        append(
            refusal.redirect_uri.clone(),
            &answer.finish(),
            refusal.fragment,
        )
    }

    /// The address that carries a code to its application, `iss` included (RFC 9207).
    ///
    /// # Errors
    /// When the code cannot be written.
    pub(crate) fn answer_to(
        &self,
        request: AuthorizeRequest,
        session: SessionId,
    ) -> Result<Url, IdentityError> {
        let now = self.house.clock.now();
        let grant = GrantId::new(now, self.house.rng.as_ref());
        let (redirect_uri, state) = (request.redirect_uri.clone(), request.state.clone());
        let code = serde_json::to_vec(&Code::new(grant, session, request, now))?;
        let sealed = self.sealer.seal(CODE, &code, self.house.rng.as_ref());
        let mut answer = url::form_urlencoded::Serializer::new(String::new());
        answer.append_pair("code", &sealed);
        answer.append_pair("state", &state);
        answer.append_pair("iss", &self.issuer);
        Ok(append(redirect_uri, &answer.finish(), false))
    }

    /// The code behind a sealed text; none when it is not one of ours.
    pub(crate) fn open_code(&self, sealed: &str) -> Option<Code> {
        const LONGEST: usize = 4 * 1024;
        if sealed.len() > LONGEST {
            return None;
        }
        serde_json::from_slice(&self.sealer.open(CODE, sealed)?).ok()
    }

    /// Whether the application lets this agent in.
    ///
    /// # Errors
    /// [`IdentityError::NotPublicAgent`] or, of a guest, [`IdentityError::NotShared`] when it does
    /// not, or when the database refuses.
    pub(crate) async fn admit(
        &self,
        client: &Client,
        session: &Session,
        agent: &Agent,
    ) -> Result<(), IdentityError> {
        let provider = session.provider.as_str();
        if !self.may_have_guest(provider, agent.id, client).await? {
            return Err(IdentityError::NotShared);
        }
        if client.audience == ClientAudience::Everyone {
            return Ok(());
        }
        let id = agent.id;
        let found = self
            .house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    Ok::<_, IdentityError>(store::agent::with_organisation(tx, id).await?)
                })
            })
            .await?;
        let is_public = found.is_some_and(|(agent, organisation)| {
            let provider = session.provider.clone();
            Subject {
                agent,
                organisation,
                provider,
                acr: session.acr,
            }
            .is_public_agent()
        });
        if is_public {
            Ok(())
        } else {
            Err(IdentityError::NotPublicAgent)
        }
    }
}

/// Adds an answer to an address, beside the query it may have.
pub(crate) fn append(mut uri: Url, answer: &str, fragment: bool) -> Url {
    if fragment {
        uri.set_fragment(Some(answer));
    } else {
        let query = match uri.query() {
            Some(query) if !query.is_empty() => format!("{query}&{answer}"),
            _ => answer.to_owned(),
        };
        uri.set_query(Some(&query));
    }
    uri
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kernel::Timestamp;

    use super::*;
    use crate::domain::acr::{Acr, AcrWish};
    use crate::domain::authorize::judge;
    use crate::domain::browser::Browser;
    use crate::domain::claims::tests::claire;
    use crate::domain::client::tests::mission;

    const NOW: Timestamp = Timestamp::from_millis(10_000_000);

    fn request() -> AuthorizeRequest {
        let parameters = [
            ("redirect_uri", "https://mission.test/retour"),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "s"),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .to_vec();
        judge(&parameters, &mission())
            .expect("address")
            .expect("accepted")
    }

    fn session() -> Session {
        Session {
            id: SessionId::from_u128(1),
            agent: claire().agent.id,
            provider: "interieur".into(),
            acr: Acr::Eidas1,
            amr: vec!["pwd".into()],
            auth_time: NOW.minus(Duration::from_mins(1)),
            created_at: NOW.minus(Duration::from_mins(1)),
            expires_at: NOW.plus(Duration::from_mins(1)),
            upstream_id_token: None,
            browser: Browser::default(),
        }
    }

    fn decide_with(change: impl FnOnce(&mut AuthorizeRequest)) -> Decision {
        let mut request = request();
        change(&mut request);
        decide(&request, Some((&session(), &claire().agent)), NOW)
    }

    #[test]
    fn a_live_session_answers_a_plain_request() {
        assert_eq!(decide_with(|_| ()), Decision::Answer);
        assert_eq!(decide_with(|r| r.prompt = Prompt::None), Decision::Answer);
        assert_eq!(
            decide_with(|r| r.idp_hint = Some("interieur".into())),
            Decision::Answer
        );
        assert_eq!(decide_with(|r| r.max_age = Some(60)), Decision::Answer);
        let hint = Some("Claire.Delmas@interieur.gouv.fr".to_owned());
        assert_eq!(decide_with(|r| r.login_hint = hint), Decision::Answer);
    }

    #[test]
    fn what_the_session_does_not_meet_needs_the_person() {
        assert_eq!(
            decide_with(|r| r.prompt = Prompt::Login),
            Decision::Interact
        );
        assert_eq!(
            decide_with(|r| r.idp_hint = Some("agriculture".into())),
            Decision::Interact
        );
        assert_eq!(decide_with(|r| r.max_age = Some(59)), Decision::Interact);
        assert_eq!(decide_with(|r| r.max_age = Some(0)), Decision::Interact);
        assert_eq!(
            decide_with(|r| r.login_hint = Some("hugo@interieur.gouv.fr".into())),
            Decision::Interact
        );
        let strong = AcrWish {
            values: vec!["eidas2".into()],
            essential: true,
        };
        assert_eq!(decide_with(|r| r.acr = strong), Decision::Interact);
    }

    #[test]
    fn without_a_session_that_will_do_no_page_means_login_required() {
        let mut silent = request();
        silent.prompt = Prompt::None;
        assert_eq!(decide(&silent, None, NOW), Decision::LoginRequired);
        let (session, agent) = (session(), claire().agent);
        let known = Some((&session, &agent));
        let mut hinted = silent.clone();
        hinted.hinted_subject = Some("somebody else".into());
        assert_eq!(decide(&hinted, known, NOW), Decision::LoginRequired);
        let late = NOW.plus(Duration::from_secs(61));
        assert_eq!(decide(&silent, known, late), Decision::LoginRequired);
        assert_eq!(decide(&request(), None, NOW), Decision::Interact);
    }
}
