//! What is done to the accounts of a provider of ours: from the command line, beside a running
//! server or without one, and by administrators ([`local_accounts`](super::local_accounts)).

mod acts;

use std::sync::Arc;

use kernel::{Clock, OrganisationId, Population, Rng, RngExt as _, SessionId, Timestamp};
use kernel_db::{Db, Tx};
use kernel_mail::{Mailbox, Mailer};
use url::Url;

use super::local_password::link_to;
use crate::error::IdentityError;
use crate::local::{self, Attributes, LocalAccount, LocalSubject, Login, Realm};
use crate::upstream::Siret;

/// Somebody who is to have an account.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// By which they will sign in.
    pub address: String,
    /// Given names.
    pub given_name: String,
    /// Family name in use.
    pub usual_name: String,
    /// SIRET of their establishment; none: the realm's.
    pub siret: Option<String>,
    /// Their service.
    pub organizational_unit: Option<String>,
    /// What they are there.
    pub population: Option<Population>,
}

/// What an invitation left.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The link, for who cannot mail it.
    pub link: Url,
    /// Whether it was mailed.
    pub mailed: bool,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// Not an e-mail address.
    #[error("{0}: not an e-mail address")]
    Address(String),
    /// Not a SIRET.
    #[error("{0}: not a SIRET")]
    Siret(String),
    /// A name is missing or too long.
    #[error("both names are needed, of 256 characters at most")]
    Name,
    /// The service is too long, or no line of text.
    #[error("the service is one line of 256 characters at most")]
    Unit,
    /// The account has a password: its holder chooses another by “forgotten password”.
    #[error(
        "{0} has an account and a password already: its holder chooses another by “forgotten \
         password”"
    )]
    AlreadyThere(String),
    /// The tool.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// The accounts of one realm, at hand.
#[derive(Clone)]
pub struct Desk {
    /// Where they are.
    pub db: Db,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Where mails go.
    pub mailer: Mailer,
    /// Whose accounts.
    pub realm: Realm,
    /// The administration of accounts without one.
    pub organisation: OrganisationId,
    /// What the provider is called.
    pub provider: String,
    /// Where it is.
    pub base_url: Url,
}

impl Desk {
    /// Makes an account without a password and mails a link to choose one; an account whose
    /// password nobody has chosen yet gets another link, and the one before is no longer good.
    ///
    /// # Errors
    /// See [`InviteError`].
    pub async fn invite(&self, invitation: Invitation) -> Result<Invited, InviteError> {
        let account = self.account(&invitation)?;
        let now = self.clock.now();
        let secret = self.rng.secret();
        let link = link_to(&self.base_url, &secret);
        let asked = Arc::new((account, secret, link.clone()));
        let desk = self.clone();
        let made = self
            .db
            .write(move |tx| {
                let (asked, desk) = (Arc::clone(&asked), desk.clone());
                Box::pin(async move {
                    let (account, secret, link) = &*asked;
                    desk.invite_in(tx, account, (secret, link), None, now).await
                })
            })
            .await?;
        if !made {
            return Err(InviteError::AlreadyThere(invitation.address));
        }
        Ok(self.invited(link))
    }

    /// What an invitation leaves.
    pub(super) fn invited(&self, link: Url) -> Invited {
        Invited {
            link,
            mailed: self.mailer.is_configured(),
        }
    }

    /// The account that somebody is to have.
    ///
    /// # Errors
    /// See [`InviteError`].
    pub(super) fn account(&self, invitation: &Invitation) -> Result<LocalAccount, InviteError> {
        let address = &invitation.address;
        let refused = || InviteError::Address(address.clone());
        let login = Login::parse(address).map_err(|_| refused())?;
        // An address that no mail can be sent to would wait for its link for ever.
        Mailbox::parse(None, login.as_str()).map_err(|_| refused())?;
        let siret = match &invitation.siret {
            None => None,
            Some(text) => Some(Siret::parse(text).map_err(|_| InviteError::Siret(text.clone()))?),
        };
        let named = |name: &str| line(name).ok_or(InviteError::Name);
        let unit = invitation.organizational_unit.as_deref();
        let unit = unit.filter(|unit| !unit.trim().is_empty());
        let unit = unit.map(|unit| line(unit).ok_or(InviteError::Unit));
        let subject = LocalSubject::new(self.clock.now(), self.rng.as_ref());
        Ok(LocalAccount {
            realm: self.realm.clone(),
            login,
            subject,
            attributes: Attributes {
                given_name: named(&invitation.given_name)?,
                usual_name: named(&invitation.usual_name)?,
                uid: subject.to_string(),
                siret: siret.map(|siret| siret.as_str().to_owned()),
                organizational_unit: unit.transpose()?,
                population: invitation.population,
                phone: None,
            },
        })
    }

    /// Removes every second factor of an account: its holder adds a new one at the next sign-in,
    /// after the password, and nothing opens before. Their sessions end. Answers how many; none:
    /// there is no such account.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn reset_factor(&self, address: &str) -> Result<Option<usize>, IdentityError> {
        let Ok(login) = Login::parse(address) else {
            return Ok(None);
        };
        let now = self.clock.now();
        let login = Arc::new(login);
        let desk = self.clone();
        let ended = self
            .db
            .write(move |tx| {
                let (login, desk) = (Arc::clone(&login), desk.clone());
                Box::pin(async move { desk.reset_in(tx, &login, now).await })
            })
            .await?;
        Ok(ended.map(|ended| ended.len()))
    }

    async fn reset_in(
        &self,
        tx: &mut Tx,
        login: &Login,
        now: Timestamp,
    ) -> Result<Option<Vec<SessionId>>, IdentityError> {
        let Some(stored) = local::find_account(tx, &self.realm, login).await? else {
            return Ok(None);
        };
        let ended = self.reset_of(tx, stored.account, None, now).await?;
        Ok(Some(ended))
    }
}

/// A line of text, without the spaces around it; none: it is empty, too long or several.
fn line(text: &str) -> Option<String> {
    let text = text.trim();
    let is_one = (1..=256).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    is_one.then(|| text.to_owned())
}
