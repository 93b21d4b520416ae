//! `POST /api/v1/admin/local-accounts`: somebody is invited to have an account.

use axum::extract::State;
use http::StatusCode;
use kernel::{OrganisationId, Population};
use kernel_http::{ApiError, ApiJson, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{InvitationSent, LocalAccountInFull, Once, once};
use crate::service::Identity;
use crate::service::local_office::Invitation;

/// Somebody who is to have an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct LocalAccountBody {
    /// By which they will sign in.
    email: String,
    given_name: String,
    usual_name: String,
    /// Whose agent they are; absent: the provider's own administration.
    #[schema(value_type = String, nullable = false)]
    #[serde(default)]
    organisation: Option<OrganisationId>,
    /// Their service.
    #[schema(nullable = false)]
    #[serde(default)]
    unit: Option<String>,
    /// `agent`, `prestataire`, `partenaire` or `stagiaire`.
    #[schema(value_type = String, nullable = false)]
    #[serde(default)]
    population: Option<Population>,
}

impl From<LocalAccountBody> for Invitation {
    fn from(body: LocalAccountBody) -> Self {
        Self {
            address: body.email,
            given_name: body.given_name,
            usual_name: body.usual_name,
            siret: None,
            organizational_unit: body.unit,
            population: body.population,
        }
    }
}

/// An account just made, and its invitation.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct LocalAccountMade {
    account: LocalAccountInFull,
    invitation: InvitationSent,
}

/// Invites somebody: the link to choose a password is good for seven days and once. Where no mail
/// leaves, only who administers the provider's own administration is told it.
#[utoipa::path(
    post,
    path = "/api/v1/admin/local-accounts",
    operation_id = "createLocalAccount",
    tag = "administration",
    request_body = LocalAccountBody,
    responses(
        (status = 201, description = "invited", body = LocalAccountMade),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `mail-needed`", content_type = "application/problem+json"),
        (status = 404, description = "nobody signs in here with a password", content_type = "application/problem+json"),
        (status = 409, description = "`already-invited`, `account-exists`", content_type = "application/problem+json"),
        (status = 429, description = "`too-many-invitations-today`", content_type = "application/problem+json"),
        (status = 422, description = "`address`, `name`, `unit`, `unknown-organisation`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiJson(body): ApiJson<LocalAccountBody>,
) -> Result<(StatusCode, Once<LocalAccountMade>), ApiError> {
    let organisation = body.organisation;
    let (seen, invited) = identity
        .invite_local(caller, organisation, body.into())
        .await?;
    let made = LocalAccountMade {
        account: seen.into(),
        invitation: invited.into(),
    };
    Ok((StatusCode::CREATED, once(made)))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::testing::TestDb;
    use serde_json::{Value, json};

    use super::super::testing::{ACCOUNTS, NADIA, path, provider};
    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, AGRICULTURE, Admin, INTERIOR, LANDES, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_invites_for_what_they_administer_and_the_link_is_told_once,
        a_stranger_a_neighbour_an_announcer_and_an_agent_invite_nobody,
        an_address_that_is_taken_is_left_alone_also_in_another_case,
        who_waits_for_their_answer_is_not_invited_anew_but_by_their_sheet,
        of_an_address_that_is_promised_more_than_one_holds_nothing_is_said,
        where_mails_leave_the_link_is_in_the_mail_only,
        an_invitation_waits_for_seven_days,
        what_cannot_be_is_said_by_name,
    );

    const INVITED: &str =
        "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.account.invite'";

    fn paul(siret: Option<&str>) -> Value {
        let mut body = json!({
            "email": "paul.roux@interieur.gouv.fr", "givenName": "Paul", "usualName": "Roux",
            "unit": "Cabinet", "population": "stagiaire",
        });
        if let Some(siret) = siret {
            body["organisation"] = Admin::organisation(siret).to_string().into();
        }
        body
    }

    async fn an_administrator_invites_for_what_they_administer_and_the_link_is_told_once(
        test: TestDb,
    ) {
        let admin = provider(&test).await;
        let before = admin.count(INVITED).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let made = claire.post_json(ACCOUNTS, &paul(Some(LANDES))).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.header("cache-control"), "no-store");
        let made = made.json();
        let account = &made["account"];
        assert_eq!(account["organisation"]["label"], "Préfecture des Landes");
        assert_eq!(account["population"], "stagiaire");
        assert_eq!(account["passwordChosen"], false);
        assert_eq!(made["invitation"]["mailed"], false);
        let link = made["invitation"]["link"].as_str().expect("a link");
        assert!(admin.opens_link(link).await);
        assert_eq!(admin.count(INVITED).await, before + 1);
        let by = "SELECT COUNT(*) AS n FROM journal_pending
                  WHERE act = 'identity.account.invite' AND actor IS NOT NULL";
        assert_eq!(admin.count(by).await, 1);
        let listed = claire.get(&format!("{ACCOUNTS}?q=roux")).await;
        assert!(!listed.text().contains("mot-de-passe"), "never again");
    }

    async fn a_stranger_a_neighbour_an_announcer_and_an_agent_invite_nobody(test: TestDb) {
        let admin = provider(&test).await;
        let before = admin.count(INVITED).await;
        let mut stranger = admin.stranger();
        let refused = stranger.post_json(ACCOUNTS, &paul(None)).await;
        assert_eq!(refused.status, 401);
        for mut who in [
            admin.as_agent(NEIGHBOUR),
            admin.as_agent(AGENT),
            admin.announcer(AGENT),
        ] {
            for siret in [None, Some(INTERIOR), Some(LANDES)] {
                let refused = who.post_json(ACCOUNTS, &paul(siret)).await;
                assert_eq!(
                    (refused.status, refused.problem().as_str()),
                    (403, "forbidden")
                );
            }
        }
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let refused = claire.post_json(ACCOUNTS, &paul(Some(AGRICULTURE))).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (403, "forbidden")
        );
        assert_eq!(admin.count(INVITED).await, before);
    }

    async fn an_address_that_is_taken_is_left_alone_also_in_another_case(test: TestDb) {
        let admin = provider(&test).await;
        let link = admin.link_of(NADIA).await;
        let mut body = paul(None);
        let mut claire = admin.as_agent(ADMINISTRATOR);
        body["email"] = " Yann.KERBRAT@Interieur.gouv.fr ".into();
        let taken = claire.post_json(ACCOUNTS, &body).await;
        assert_eq!(
            (taken.status, taken.problem().as_str()),
            (409, "account-exists")
        );
        // Somebody else's invitation is neither seen nor replaced.
        admin.mails_leave();
        body["email"] = NADIA.into();
        body["organisation"] = Admin::organisation(AGRICULTURE).to_string().into();
        let mut hugo = admin.as_agent(NEIGHBOUR);
        let taken = hugo.post_json(ACCOUNTS, &body).await;
        assert_eq!(
            (taken.status, taken.problem().as_str()),
            (409, "account-exists")
        );
        assert!(
            admin.opens_link(&link).await,
            "the link is as good as before"
        );
    }

    async fn who_waits_for_their_answer_is_not_invited_anew_but_by_their_sheet(test: TestDb) {
        let admin = provider(&test).await;
        let link = admin.link_of(NADIA).await;
        let before = admin.count(INVITED).await;
        let mut body = paul(None);
        body["email"] = NADIA.into();
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let again = claire.post_json(ACCOUNTS, &body).await;
        assert_eq!(
            (again.status, again.problem().as_str()),
            (409, "already-invited")
        );
        let whose = admin.account_id(NADIA).await;
        assert_eq!(again.json()["account"], whose.as_str(), "the way to it");
        assert!(
            admin.opens_link(&link).await,
            "the link is as good as before"
        );
        let seen = claire
            .get(&path(&admin.account_id(NADIA).await, ""))
            .await
            .json();
        assert_eq!(seen["givenName"], "Nadia", "nothing typed was taken");
        assert_eq!(admin.count(INVITED).await, before);
    }

    async fn of_an_address_that_is_promised_more_than_one_holds_nothing_is_said(test: TestDb) {
        let admin = provider(&test).await;
        let mut body = paul(None);
        body["email"] = "exploitation@interieur.gouv.fr".into();
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let refused = claire.post_json(ACCOUNTS, &body).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (409, "account-exists"),
            "the same as of an address that has an account"
        );
        let done = admin.as_agent(OPERATOR).post_json(ACCOUNTS, &body).await;
        assert_eq!(done.status, 201, "{}", done.text());
        let refused = claire.post_json(ACCOUNTS, &body).await;
        assert_eq!(refused.problem(), "account-exists", "nor sent again");
    }

    async fn where_mails_leave_the_link_is_in_the_mail_only(test: TestDb) {
        let admin = provider(&test).await;
        admin.mails_leave();
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let made = claire.post_json(ACCOUNTS, &paul(None)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.json()["invitation"], json!({ "mailed": true }));
        let id = made.json()["account"]["id"].as_str().map(str::to_owned);
        let again = path(&id.expect("an id"), "/invite");
        let sent = claire.call(Method::POST, &again).await;
        assert_eq!(sent.json(), json!({ "mailed": true }));
        let mails = "SELECT COUNT(*) AS n FROM job WHERE kind = 'mail.send'";
        assert_eq!(admin.count(mails).await, 2);
    }

    async fn an_invitation_waits_for_seven_days(test: TestDb) {
        let admin = provider(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let made = claire.post_json(ACCOUNTS, &paul(None)).await.json();
        let until = made["account"]["invitedUntil"].as_i64().expect("a time");
        let now = admin.identity.house.clock.now().millis();
        assert_eq!(until - now, 7 * 24 * 3_600_000);
    }

    async fn what_cannot_be_is_said_by_name(test: TestDb) {
        let admin = provider(&test).await;
        let mut operator = admin.as_agent(OPERATOR);
        for (field, value, problem) in [
            ("email", "paul".into(), "address"),
            ("email", "paul,roux@interieur.gouv.fr".into(), "address"),
            ("email", "paul..roux@interieur.gouv.fr".into(), "address"),
            ("givenName", "  ".into(), "name"),
            ("usualName", "x".repeat(257), "name"),
            ("unit", "x".repeat(257), "unit"),
            ("population", "roi".to_owned(), "invalid-body"),
            (
                "organisation",
                "01890000-0000-7000-8000-000000000000".to_owned(),
                "unknown-organisation",
            ),
        ] {
            let mut body = paul(None);
            body[field] = value.into();
            let refused = operator.post_json(ACCOUNTS, &body).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (422, problem),
                "{field}"
            );
        }
    }
}
