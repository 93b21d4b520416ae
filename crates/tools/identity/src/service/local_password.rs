//! Passwords chosen by their holders: by a link that was mailed, or with the one before.
//!
//! Invariants
//! - Who asks for a link is answered alike whether or not there is an account, and as fast: the
//!   request only puts a job in the queue, and the job looks.
//! - A new password takes nothing off the second factor, and opens no session: they sign in with
//!   both.
//! - It ends every session but the one it was changed by, in the same transaction, and none that
//!   was proved by the one before is opened or changes anything after it.

use std::net::IpAddr;
use std::sync::Arc;

use kernel::{Act, RngExt as _, Secret, SessionId};
use kernel_db::{BoxFuture, Db, JobError, JobHandler, NewJob, Tx};
use serde_json::json;
use url::Url;

use super::Identity;
use super::second_factor::Work;
use crate::domain::session::{EndReason, hash};
use crate::error::IdentityError;
use crate::local::choice::{self, Weak};
use crate::local::{self, LinkPurpose, LocalAccount, Login, Standing, VerifyError, link};
use crate::store;
use crate::texts::account_mail::News;

/// Where links lead, before their secret.
pub(crate) const PATH: &str = "/mot-de-passe/";

/// How a choice ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// It is the password, and the account stands so with it.
    Yes(Standing),
    /// It may not be.
    Weak(Weak),
    /// The link is no longer good.
    Gone,
}

impl Identity {
    /// Has a link mailed to the holder of an account, if there is one. Says nothing of it.
    ///
    /// # Errors
    /// When nobody signs in here, or the database refuses.
    pub(crate) async fn ask_new_password(
        &self,
        typed: &str,
        address: IpAddr,
    ) -> Result<(), IdentityError> {
        let local = self.local()?;
        // What is no address is nobody's, as everybody can see.
        let Ok(login) = Login::parse(typed) else {
            return Ok(());
        };
        if !local.accounts.may_mail(local.realm, &login, address) {
            tracing::info!(target: "security", "too many links are asked for: none is mailed");
            return Ok(());
        }
        let word = hash(&format!("{}:{}", local.realm.as_str(), login.as_str()));
        let job = NewJob {
            kind: JOB,
            payload: json!({ "login": login.as_str() }),
            run_at: self.house.clock.now(),
            dedup: Some(hex::encode(word)),
        };
        self.house
            .db
            .write(move |tx: &mut Tx| {
                let job = job.clone();
                Box::pin(async move { tx.enqueue(job).await })
            })
            .await?;
        Ok(())
    }

    /// Mails the link, if the login is an account's.
    async fn mail_link(&self, login: Login) -> Result<(), IdentityError> {
        let realm = self.local()?.realm.clone();
        let secret = self.house.rng.secret();
        let link = link_to(&self.house.site.base_url, &secret);
        let asked = Arc::new((realm, login, secret, link));
        let base = Arc::new(self.clone());
        self.house
            .db
            .write(move |tx| {
                let (asked, base) = (Arc::clone(&asked), Arc::clone(&base));
                Box::pin(async move {
                    let (realm, login, secret, link) = &*asked;
                    let Some(stored) = local::find_account(tx, realm, login).await? else {
                        return Ok::<(), IdentityError>(());
                    };
                    let work = base.work(&stored.account);
                    let purpose = LinkPurpose::NewPassword;
                    let subject = work.account.subject;
                    link::insert_link(tx, secret, subject, purpose, work.now).await?;
                    work.tell(tx, &News::NewPassword(link)).await
                })
            })
            .await
    }

    /// Whose link this is; none: it is no longer good, or never was.
    ///
    /// # Errors
    /// When nobody signs in here, or the database refuses.
    pub(crate) async fn link(
        &self,
        secret: &Secret,
    ) -> Result<Option<(LocalAccount, LinkPurpose)>, IdentityError> {
        let realm = self.local()?.realm.clone();
        let now = self.house.clock.now();
        let asked = Arc::new((realm, secret.clone()));
        self.house
            .db
            .read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (realm, secret) = &*asked;
                    let Some((subject, purpose)) = link::find_link(tx, secret, now).await? else {
                        return Ok::<_, IdentityError>(None);
                    };
                    let stored = local::account_of_subject(tx, realm, subject).await?;
                    Ok(stored.map(|stored| (stored.account, purpose)))
                })
            })
            .await
    }

    /// Takes a new password by a link, which is spent when the password may be chosen. The link
    /// comes from the account's mailbox: its browser is as known as one that signed in.
    ///
    /// # Errors
    /// When too many passwords wait, or the database refuses.
    pub(crate) async fn choose_password(
        &self,
        secret: &Secret,
        password: &Secret,
    ) -> Result<Chosen, IdentityError> {
        let Some((account, _)) = self.link(secret).await? else {
            return Ok(Chosen::Gone);
        };
        if let Err(weak) = choice::judge(password, &account) {
            return Ok(Chosen::Weak(weak));
        }
        let by = By::Link(secret.clone());
        self.set_password(&account, password, by).await
    }

    /// Takes a new password from a holder who gives the one before. The session that asks stays.
    ///
    /// # Errors
    /// [`VerifyError::Refused`] when the one before is another, [`VerifyError::TooManyAttempts`],
    /// or when the database refuses.
    pub(crate) async fn change_password(
        &self,
        before: &local::Attempt<'_>,
        password: &Secret,
        session: SessionId,
    ) -> Result<Chosen, IdentityError> {
        let proved = self.local()?.accounts.verify(before).await?;
        if let Err(weak) = choice::judge(password, &proved.account) {
            return Ok(Chosen::Weak(weak));
        }
        let by = By::Session {
            session,
            standing: proved.standing,
        };
        self.set_password(&proved.account, password, by).await
    }

    async fn set_password(
        &self,
        account: &LocalAccount,
        password: &Secret,
        by: By,
    ) -> Result<Chosen, IdentityError> {
        let accounts = self.local()?.accounts;
        let hash = accounts.hash(password).await?;
        let work = Arc::new(self.work(account));
        let asked = Arc::new((hash, by));
        let changed = self
            .house
            .db
            .write(move |tx| {
                let (work, asked) = (Arc::clone(&work), Arc::clone(&asked));
                Box::pin(async move {
                    let (hash, by) = &*asked;
                    let (subject, now) = (work.account.subject, work.now);
                    let word = match by {
                        By::Link(secret) if !link::spend_link(tx, secret, now).await? => {
                            return Ok::<_, IdentityError>(None);
                        }
                        // The password given is the one before no longer.
                        By::Session { standing, .. }
                            if !local::still_stands(tx, standing).await? =>
                        {
                            return Err(VerifyError::Refused.into());
                        }
                        By::Link(_) => "link",
                        By::Session { .. } => "session",
                    };
                    local::set_password(tx, subject, hash, now).await?;
                    link::remove_links(tx, subject).await?;
                    let Some(standing) = local::standing_of(tx, subject).await? else {
                        return Ok(None);
                    };
                    let ended = end_sessions(tx, &work, by.session()).await?;
                    let said = json!({ "by": word, "sessions": ended.len() });
                    work.journal(tx, Act("identity.password.change"), said)
                        .await?;
                    work.tell(tx, &News::PasswordChanged).await?;
                    Ok(Some((ended, standing)))
                })
            })
            .await?;
        let Some((ended, standing)) = changed else {
            return Ok(Chosen::Gone);
        };
        for session in ended {
            self.house.live.end_session(session);
        }
        accounts.forget_misses(account);
        Ok(Chosen::Yes(standing))
    }
}

/// By what right a password is chosen.
#[derive(Debug, Clone)]
enum By {
    /// A link that was mailed.
    Link(Secret),
    /// A session that gave the password before, and stays.
    Session {
        session: SessionId,
        /// The account as it stood when that password was read.
        standing: Standing,
    },
}

impl By {
    const fn session(&self) -> Option<SessionId> {
        match self {
            Self::Link(_) => None,
            Self::Session { session, .. } => Some(*session),
        }
    }
}

/// Ends the sessions of an account's agent but one, which are told why. Answers them.
///
/// # Errors
/// When the database refuses.
pub(super) async fn end_sessions(
    tx: &mut Tx,
    work: &Work,
    but: Option<SessionId>,
) -> Result<Vec<SessionId>, IdentityError> {
    let Some(agent) = work.agent(tx).await? else {
        return Ok(Vec::new());
    };
    let reason = EndReason::Elsewhere;
    Ok(store::session_end::all_of_agent(tx, agent.id, but, reason, work.now).await?)
}

/// The address of a link.
pub(super) fn link_to(base: &Url, secret: &Secret) -> Url {
    let mut link = base.clone();
    link.set_path(&format!("{PATH}{}", secret.expose()));
    link
}

const JOB: &str = "identity.password.link";

/// Looks for the account of a login that asked for a new password, and mails the link.
pub(crate) struct MailLink(Identity);

impl MailLink {
    pub(crate) fn new(identity: Identity) -> Self {
        Self(identity)
    }
}

impl JobHandler for MailLink {
    fn kind(&self) -> &'static str {
        JOB
    }

    fn run<'a>(
        &'a self,
        _db: &'a Db,
        payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let login = payload.get("login").and_then(serde_json::Value::as_str);
            let login = login.and_then(|text| Login::parse(text).ok());
            let Some(login) = login else {
                return Err(JobError::Hopeless("no login".to_owned()));
            };
            match self.0.mail_link(login).await {
                Ok(()) => Ok(()),
                Err(IdentityError::Database(cause)) => Err(JobError::Db(cause)),
                Err(cause) => Err(JobError::Failed(cause.to_string())),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use kernel::{Clock as _, OrganisationId, SessionId};
    use kernel_db::DbError;
    use kernel_db::testing::TestDb;
    use testkit::FixedClock;

    use super::*;
    use crate::domain::acr::Acr;
    use crate::domain::agent;
    use crate::domain::browser::Browser;
    use crate::local::testing::{PASSWORD, Provider, login};
    use crate::local::{Attempt, Proved};
    use crate::service::sign_in::Vouched;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        who_gave_the_password_of_before_opens_no_session_and_chooses_none_after_it_changed,
    );

    const NEW: &str = "une phrase que personne ne devine";

    async fn proved(provider: &Provider, password: &str) -> Proved {
        let local = provider.identity.local().expect("a provider");
        let address = login("claire");
        let attempt = Attempt {
            realm: local.realm,
            login: address.as_str(),
            password: &Secret::new(password),
            device: None,
            address: Ipv4Addr::LOCALHOST.into(),
        };
        local.accounts.verify(&attempt).await.expect("right")
    }

    fn vouched(provider: &Provider, proved: &Proved) -> Vouched {
        Vouched {
            provider: "interieur".to_owned(),
            subject: proved.account.subject.to_string(),
            attributes: agent::Attributes {
                given_name: "Claire".to_owned(),
                usual_name: "Martin".to_owned(),
                email: proved.account.login.as_str().to_owned(),
                uid: "claire".to_owned(),
                organizational_unit: None,
                population: None,
                phone: None,
                chorusdt: None,
                custom: serde_json::Map::new(),
            },
            siret: None,
            siret_stated: false,
            fallback: fallback(provider),
            confined: false,
            acr: Acr::Eidas1,
            amr: vec!["pwd".to_owned()],
            auth_time: provider.clock.now(),
            auth_time_stated: true,
            upstream_id_token: None,
            browser: Browser::default(),
            standing: Some(proved.standing),
        }
    }

    fn fallback(provider: &Provider) -> OrganisationId {
        provider.identity.local().expect("a provider").organisation
    }

    async fn sessions(test: &TestDb) -> i64 {
        let counted: Result<i64, DbError> = test
            .db
            .read(|tx: &mut Tx| {
                Box::pin(async move {
                    let sql = "SELECT COUNT(*) AS n FROM identity_session";
                    let row = tx.query_optional(sql, &[]).await?;
                    row.expect("a row").get("n")
                })
            })
            .await;
        counted.expect("a number")
    }

    async fn who_gave_the_password_of_before_opens_no_session_and_chooses_none_after_it_changed(
        test: TestDb,
    ) {
        let provider = Provider::start(&test.db, &Arc::new(FixedClock::default())).await;
        provider.configure(&[("claire", 1)]).await;
        let identity = &provider.identity;
        let choose = async |proved: &Proved, text: &str| {
            let by = By::Session {
                session: SessionId::from_u128(9),
                standing: proved.standing,
            };
            identity
                .set_password(&proved.account, &Secret::new(text), by)
                .await
        };
        // Verified, and then overtaken, without a millisecond between.
        let late = proved(&provider, PASSWORD).await;
        let first = choose(&proved(&provider, PASSWORD).await, NEW).await;
        assert!(matches!(first, Ok(Chosen::Yes(_))));
        let opened = identity.open_session(vouched(&provider, &late)).await;
        assert!(matches!(opened, Err(IdentityError::NoInteraction)));
        let second = choose(&late, "une autre phrase bien à moi").await;
        assert!(matches!(
            second,
            Err(IdentityError::Local(VerifyError::Refused))
        ));
        assert_eq!(sessions(&test).await, 0);
        let today = proved(&provider, NEW).await;
        let opened = identity.open_session(vouched(&provider, &today)).await;
        assert!(opened.is_ok());
        assert_eq!(sessions(&test).await, 1);
    }
}
