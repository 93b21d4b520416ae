//! `GET /compte`: what the account has.

use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use kernel::Caller;
use kernel_http::MaybeSigned;

use super::{BASE, Holder, shown};
use crate::error::IdentityError;
use crate::http::view::View;
use crate::pages::local_account::{AccountPage, Done};
use crate::service::Identity;

/// What the page's address may carry.
#[derive(Debug, Default, serde::Deserialize)]
pub(in crate::http) struct Shown {
    /// What was just done.
    fait: Option<String>,
}

/// The account.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    holder: Holder,
    MaybeSigned(caller): MaybeSigned,
    Query(query): Query<Shown>,
) -> Response {
    let who = (&holder, caller.as_ref());
    let page = respond(&identity, &view, who, query.fait.as_deref()).await;
    shown(&view, &identity, page)
}

async fn respond(
    identity: &Identity,
    view: &View,
    (holder, caller): (&Holder, Option<&Caller>),
    done: Option<&str>,
) -> Result<Response, IdentityError> {
    let account = &holder.account;
    let second = identity.second_factor(account.subject).await?;
    let administers = match caller {
        Some(caller) => identity.administers_accounts(caller).await?,
        None => false,
    };
    let said = &account.attributes;
    let page = AccountPage {
        name: &format!("{} {}", said.given_name, said.usual_name),
        login: account.login.as_str(),
        second: &second,
        done: done.and_then(Done::from_word),
        base: BASE,
        administers,
    };
    Ok(view.show(page.render(&view.reader(identity)), StatusCode::OK))
}
