//! `GET /invitation/{secret}`: the invitation, or why it is over.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use kernel_http::csrf;

use super::{LINK, Named, help};
use crate::domain::invitation::{InvitationState, KEPT};
use crate::error::IdentityError;
use crate::http::view::{SIGN_IN, View};
use crate::pages::Form;
use crate::pages::guest_link::GuestLink;
use crate::pages::guest_over::{GuestOver, GuestUnknown, Notice};
use crate::service::Identity;
use crate::service::guests::Opened;

/// Shows the invitation.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    Path(secret): Path<String>,
) -> Response {
    let shown = show(&identity, &view, &secret, Notice::None).await;
    private(view.or_failure(&identity, shown))
}

/// The address holds a secret: neither kept nor told to the next site.
pub(super) fn private(response: Response) -> Response {
    super::super::protocol::never_cached(response)
}

/// The page as the invitation stands now.
///
/// # Errors
/// When a tool or the database does not answer.
pub(super) async fn show(
    identity: &Identity,
    view: &View,
    secret: &str,
    notice: Notice,
) -> Result<Response, IdentityError> {
    let Some(opened) = identity.opened_link(secret).await? else {
        return Ok(unknown(identity, view));
    };
    if opened.one.is_open(opened.now) {
        Ok(open(identity, view, secret, &opened))
    } else {
        Ok(over(identity, view, secret, &opened, notice))
    }
}

/// The page of what is no link of ours.
pub(super) fn unknown(identity: &Identity, view: &View) -> Response {
    let page = GuestUnknown {
        help: help(identity, view.locale()),
    };
    view.show_guest(page.render(&view.reader(identity)), StatusCode::NOT_FOUND)
}

fn open(identity: &Identity, view: &View, secret: &str, opened: &Opened) -> Response {
    let token = identity.house.form_token(secret);
    let hidden = [(csrf::FIELD, token.as_str())];
    let (code, refuse) = (
        format!("{LINK}/{secret}/code"),
        format!("{LINK}/{secret}/refus"),
    );
    let named = Named::of(opened, view.locale());
    let tools = named.tools();
    let is_pending = opened.one.state == InvitationState::Pending;
    let page = GuestLink {
        shown: named.shown(&tools),
        address: &opened.address,
        form: Form {
            action: &code,
            hidden: &hidden,
        },
        decline: is_pending.then_some(Form {
            action: &refuse,
            hidden: &hidden,
        }),
        help: help(identity, view.locale()),
    };
    view.show_guest(page.render(&view.reader(identity)), StatusCode::OK)
}

fn over(
    identity: &Identity,
    view: &View,
    secret: &str,
    opened: &Opened,
    notice: Notice,
) -> Response {
    let one = &opened.one;
    let Some(over) = one.over_at(opened.now) else {
        return unknown(identity, view);
    };
    let token = identity.house.form_token(secret);
    let hidden = [(csrf::FIELD, token.as_str())];
    let action = format!("{LINK}/{secret}/demande");
    let may_ask = matches!(
        one.at(opened.now),
        InvitationState::Ended | InvitationState::Withdrawn
    );
    let named = Named::of(opened, view.locale());
    let shown = named.shown(&[]);
    let page = GuestOver {
        inviter: shown.inviter,
        initials: shown.initials,
        place: shown.place,
        guest: shown.guest,
        address: &opened.address,
        purpose: shown.purpose,
        from: one.created_at,
        over_at: over.at,
        why: over.why,
        erased_at: opened.last_end.map(|end| end.plus(KEPT)),
        form: (may_ask && !opened.let_in).then_some(Form {
            action: &action,
            hidden: &hidden,
        }),
        notice,
        sign_in_url: SIGN_IN,
        help: help(identity, view.locale()),
    };
    let status = match notice {
        Notice::TooOften => StatusCode::TOO_MANY_REQUESTS,
        Notice::None | Notice::Asked | Notice::Long => StatusCode::OK,
    };
    view.show_guest(page.render(&view.reader(identity)), status)
}
