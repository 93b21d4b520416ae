//! `/invitation/{secret}`: what the link of a mail opens. Looking (`GET`, `HEAD`) changes nothing,
//! since programs open the links of mails; only what a button posts does.

pub(super) mod ask;
pub(super) mod code;
pub(super) mod decline;
pub(super) mod page;

use kernel::Locale;

use super::view::View;
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::http::form::single;
use crate::pages::Help;
use crate::pages::guest_link::Shown;
use crate::service::Identity;
use crate::service::guests::Opened;

/// Where the links lead.
const LINK: &str = "/invitation";

/// An invitation with the words of a language.
pub(super) struct Named<'a> {
    opened: &'a Opened,
    inviter: String,
    place: String,
    guest: String,
    locale: Locale,
}

impl<'a> Named<'a> {
    pub(super) fn of(opened: &'a Opened, locale: Locale) -> Self {
        Self {
            inviter: opened.inviter.shown(locale),
            place: opened.inviter.place(),
            guest: opened.one.who.display_name(),
            opened,
            locale,
        }
    }

    pub(super) fn tools(&self) -> Vec<&str> {
        let tools = self.opened.tools.iter();
        tools.map(|tool| tool.name.get(self.locale)).collect()
    }

    pub(super) fn shown<'b>(&'b self, tools: &'b [&'b str]) -> Shown<'b> {
        let one = &self.opened.one;
        Shown {
            inviter: &self.inviter,
            initials: &self.opened.inviter.initials,
            place: &self.place,
            sent_at: one.created_at,
            purpose: one.purpose.as_str(),
            until: one.until,
            tools,
            guest: &self.guest,
            organisation: one.who.organisation.as_str(),
        }
    }
}

/// Whom to call.
pub(super) fn help(identity: &Identity, locale: Locale) -> Option<Help<'_>> {
    Help::of(&identity.house.site.support, locale)
}

/// Checks that a form comes from the link's own page. The secret is what it is bound to: who knows
/// it could post by themselves, and what signs in is bound to the tab besides.
fn check(
    identity: &Identity,
    view: &View,
    secret: &str,
    fields: &Parameters,
) -> Result<(), IdentityError> {
    let token = single(fields, kernel_http::csrf::FIELD).unwrap_or_default();
    view.check_form(identity, secret, token)
}
