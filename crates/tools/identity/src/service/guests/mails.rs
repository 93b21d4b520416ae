//! What guests are written.

use kernel::port::SharedTool;
use kernel::{AgentId, Locale, OrganisationId, Secret, Timestamp};
use kernel_db::Tx;
use kernel_mail::{Mail, Mailbox};

use crate::domain::agent::{Agent, Attributes};
use crate::domain::guest_code::Digits;
use crate::domain::invitation::{Invitation, InvitationRefusal};
use crate::error::IdentityError;
use crate::pages::Reader;
use crate::service::Identity;
use crate::store;
use crate::texts::guests as texts;

/// The mail that invites.
pub(super) struct InvitationMail<'a> {
    pub(super) one: &'a Invitation,
    pub(super) address: &'a str,
    pub(super) tools: &'a [SharedTool],
    pub(super) secret: &'a Secret,
}

/// Who invites, as the guest is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inviter {
    /// First name and name; none: the account was erased.
    pub(crate) name: Option<String>,
    /// Two letters.
    pub(crate) initials: String,
    /// Their service.
    pub(crate) unit: Option<String>,
    /// The sponsor's name.
    pub(crate) organisation: String,
}

impl Inviter {
    /// The service and the administration, as one line.
    pub(crate) fn place(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{unit}, {}", self.organisation),
            None => self.organisation.clone(),
        }
    }

    /// The name, or who it must have been.
    pub(crate) fn shown(&self, locale: Locale) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None => texts::somebody_of(locale, &self.organisation),
        }
    }
}

/// Who invited, as they are now.
pub(super) async fn inviter(
    tx: &mut Tx,
    agent: AgentId,
    sponsor: OrganisationId,
) -> Result<Inviter, IdentityError> {
    let organisation = store::organisation::label(tx, sponsor).await?;
    let known = store::agent::by_id(tx, agent).await?;
    let said = known.map(|known| known.attributes);
    let said = said.filter(|said| !said.usual_name.is_empty());
    Ok(Inviter {
        name: said.as_ref().map(Attributes::display_name),
        initials: said.as_ref().map(Attributes::initials).unwrap_or_default(),
        unit: said.and_then(|said| said.organizational_unit),
        organisation: organisation.unwrap_or_default(),
    })
}

impl Identity {
    /// Puts the invitation into the queue of the transaction.
    pub(super) async fn mail_invitation(
        &self,
        tx: &mut Tx,
        mail: &InvitationMail<'_>,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        // The inviter's language is French, and nothing is known of the guest's.
        const LOCALE: Locale = Locale::Fr;
        let one = mail.one;
        let inviter = inviter(tx, one.inviter, one.sponsor).await?;
        let reader = Reader {
            locale: LOCALE,
            zone: &self.zone,
            now,
        };
        let names: Vec<&str> = mail
            .tools
            .iter()
            .map(|tool| tool.name.get(LOCALE))
            .collect();
        let link = self.invitation_link(mail.secret);
        let written = texts::Invitation {
            site: &self.house.site.name,
            given_name: one.who.given_name.as_str(),
            inviter: &inviter.shown(LOCALE),
            place: &inviter.place(),
            purpose: one.purpose.as_str(),
            tools: &names,
            until: &reader.date(one.until),
            answer_by: &reader.date(one.answer_by),
            link: &link,
        };
        let to = Mailbox::parse(Some(&one.who.display_name()), mail.address);
        let to = to.map_err(|_| InvitationRefusal::Address)?;
        self.queue_mail(
            tx,
            &Mail {
                to,
                subject: texts::invitation_subject(LOCALE, &inviter.shown(LOCALE)),
                text: texts::invitation_mail(&written),
                html: None,
                list_unsubscribe: None,
            },
        )
        .await
    }

    /// Puts a code into the queue of the transaction.
    pub(super) async fn mail_code(
        &self,
        tx: &mut Tx,
        (name, address): (&str, &str),
        digits: &Digits,
        locale: Locale,
    ) -> Result<(), IdentityError> {
        let Ok(to) = Mailbox::parse(Some(name), address) else {
            return Ok(());
        };
        let site = &self.house.site.name;
        self.queue_mail(
            tx,
            &Mail {
                to,
                subject: texts::code_subject(locale, site),
                text: texts::code_mail(locale, site, &digits.grouped()),
                html: None,
                list_unsubscribe: None,
            },
        )
        .await
    }

    /// Tells a guest, in the transaction, what became of their second factor.
    pub(super) async fn mail_factor(
        &self,
        tx: &mut Tx,
        guest: &Agent,
        news: texts::FactorNews,
        locale: Locale,
    ) -> Result<(), IdentityError> {
        let said = &guest.attributes;
        let Ok(to) = Mailbox::parse(Some(&said.display_name()), &said.email) else {
            return Ok(());
        };
        let (subject, text) = texts::factor_mail(locale, &self.house.site.name, news);
        self.queue_mail(
            tx,
            &Mail {
                to,
                subject,
                text,
                html: None,
                list_unsubscribe: None,
            },
        )
        .await
    }

    async fn queue_mail(&self, tx: &mut Tx, mail: &Mail) -> Result<(), IdentityError> {
        if let Some(guests) = self.guests.get() {
            guests.mailer.queue(tx, mail).await?;
        }
        Ok(())
    }

    /// Where an invitation is answered.
    fn invitation_link(&self, secret: &Secret) -> String {
        let base = self.house.site.base_url.as_str().trim_end_matches('/');
        format!("{base}/invitation/{}", secret.expose())
    }
}
