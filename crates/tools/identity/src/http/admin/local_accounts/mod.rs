//! `/api/v1/admin/local-accounts`: the password accounts of a provider run here. Where people sign
//! in at their ministry there is nothing under this path.

pub(in crate::http) mod create;
pub(in crate::http) mod delete;
pub(in crate::http) mod get;
pub(in crate::http) mod invite;
pub(in crate::http) mod list;
pub(in crate::http) mod reset_factor;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use axum::Json;
use axum::http::{HeaderName, header};
use kernel::{Population, Timestamp};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::NamedOrganisation;
use crate::domain::agent::AgentState;
use crate::domain::local_account::Step;
use crate::local::LocalSubject;
use crate::service::local_accounts::Seen;
use crate::service::local_office::Invited;
use crate::store::local_account::AccountRow;

/// The part of the API's description.
#[derive(OpenApi)]
#[openapi(
    paths(
        list::handle,
        create::handle,
        get::handle,
        delete::handle,
        invite::handle,
        reset_factor::handle
    ),
    components(schemas(
        LocalAccountView,
        LocalAccountInFull,
        InvitationSent,
        list::LocalAccounts,
        create::LocalAccountBody,
        create::LocalAccountMade,
        reset_factor::FactorsRemoved
    ))
)]
pub(super) struct ApiDoc;

/// A password account as administrators see it: nothing of its password but whether there is one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct LocalAccountView {
    #[schema(value_type = String)]
    id: LocalSubject,
    given_name: String,
    usual_name: String,
    display_name: String,
    /// By which they sign in.
    email: String,
    /// Absent: an administration that is not known here.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<NamedOrganisation>,
    /// Their service.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<&'static str>,
    /// `configured` or `invited`.
    origin: &'static str,
    /// The state of the agent's account (`pre_created`, `active`, `suspended`, `departed`, `erased`);
    /// absent: no agent is known.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_state: Option<&'static str>,
    /// Whether there is a password.
    password_chosen: bool,
    /// Until when the link of an invitation is good, UTC milliseconds; absent: none is.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_until: Option<i64>,
    /// Whether there is a second factor.
    second_factor: bool,
    /// Whether one must be added before anything opens.
    second_factor_due: bool,
}

impl From<AccountRow> for LocalAccountView {
    fn from(row: AccountRow) -> Self {
        let said = row.account.attributes;
        Self {
            id: row.account.subject,
            display_name: format!("{} {}", said.given_name, said.usual_name),
            given_name: said.given_name,
            usual_name: said.usual_name,
            email: row.account.login.as_str().to_owned(),
            organisation: row
                .organisation
                .map(|(id, label)| NamedOrganisation { id, label }),
            unit: said.organizational_unit,
            population: said.population.map(Population::claim),
            origin: row.origin.word(),
            agent_state: row.agent.map(AgentState::wire),
            password_chosen: row.has_password,
            invited_until: row.invited_until.map(Timestamp::millis),
            second_factor: row.factors > 0,
            second_factor_due: row.must_enrol,
        }
    }
}

/// An account, and what the caller may do to it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct LocalAccountInFull {
    #[serde(flatten)]
    account: LocalAccountView,
    /// What the caller may do now: of `invite`, `reset_factor`, `remove`.
    may: Vec<&'static str>,
}

impl From<Seen> for LocalAccountInFull {
    fn from(seen: Seen) -> Self {
        Self {
            account: seen.row.into(),
            may: seen.may.into_iter().map(Step::word).collect(),
        }
    }
}

/// An invitation that was sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct InvitationSent {
    /// Whether the link is on its way by mail.
    mailed: bool,
    /// Present where no mail leaves: the link to hand over. It is kept nowhere and never told
    /// again.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl From<Invited> for InvitationSent {
    fn from(invited: Invited) -> Self {
        Self {
            mailed: invited.mailed,
            link: (!invited.mailed).then(|| invited.link.into()),
        }
    }
}

/// An answer that may hold a link: nothing keeps it.
type Once<Body> = ([(HeaderName, &'static str); 1], Json<Body>);

fn once<Body>(body: Body) -> Once<Body> {
    ([(header::CACHE_CONTROL, "no-store")], Json(body))
}
