//! `POST /api/v1/admin/local-accounts/{id}/invite`: the invitation is sent again.

use axum::extract::State;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Signed};

use super::{InvitationSent, Once, once};
use crate::local::LocalSubject;
use crate::service::Identity;

/// Sends another link to somebody who has not chosen a password; the one before is no longer good.
#[utoipa::path(
    post,
    path = "/api/v1/admin/local-accounts/{id}/invite",
    operation_id = "inviteLocalAccount",
    tag = "administration",
    params(("id" = String, Path, description = "the account")),
    responses(
        (status = 200, description = "sent", body = InvitationSent),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`, `mail-needed`", content_type = "application/problem+json"),
        (status = 404, description = "no such account, or nobody signs in here with a password", content_type = "application/problem+json"),
        (status = 409, description = "`password-chosen`, `account-closed`, `oneself`", content_type = "application/problem+json"),
        (status = 429, description = "`too-many-invitations-today`, `sent-enough-today`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(subject): ApiPath<LocalSubject>,
) -> Result<Once<InvitationSent>, ApiError> {
    let sent = identity.invite_local_again(caller, subject).await?;
    let sent = sent.ok_or_else(|| ApiError(Problem::not_found()))?;
    Ok(once(sent.into()))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::Tx;
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use super::super::testing::{ACCOUNTS, NADIA, NOBODY, path, paul, provider};
    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, INTERIOR, NEIGHBOUR, OPERATOR};
    use crate::service::local_office::Invitation;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        another_link_replaces_the_one_before,
        a_stranger_a_neighbour_an_announcer_and_an_agent_send_nothing,
        who_has_a_password_is_sent_none,
        who_is_suspended_is_said_to_be_and_is_sent_no_link,
        an_administrator_sends_twenty_invitations_a_day_and_three_to_one_account,
    );

    async fn another_link_replaces_the_one_before(test: TestDb) {
        let admin = provider(&test).await;
        let before = admin.link_of(NADIA).await;
        let again = path(&admin.account_id(NADIA).await, "/invite");
        let sent = admin
            .as_agent(ADMINISTRATOR)
            .call(Method::POST, &again)
            .await;
        assert_eq!(sent.status, 200, "{}", sent.text());
        assert_eq!(sent.header("cache-control"), "no-store");
        let link = sent.json()["link"].as_str().expect("a link").to_owned();
        assert!(admin.opens_link(&link).await);
        assert!(!admin.opens_link(&before).await);
    }

    async fn a_stranger_a_neighbour_an_announcer_and_an_agent_send_nothing(test: TestDb) {
        let admin = provider(&test).await;
        let link = admin.link_of(NADIA).await;
        let again = path(&admin.account_id(NADIA).await, "/invite");
        let mut stranger = admin.stranger();
        assert_eq!(stranger.call(Method::POST, &again).await.status, 401);
        for mut who in [
            admin.as_agent(NEIGHBOUR),
            admin.as_agent(AGENT),
            admin.announcer(AGENT),
        ] {
            let refused = who.call(Method::POST, &again).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "forbidden")
            );
        }
        assert!(admin.opens_link(&link).await);
        let nobody = path(NOBODY, "/invite");
        let unknown = admin.as_agent(OPERATOR).call(Method::POST, &nobody).await;
        assert_eq!(unknown.status, 404);
    }

    async fn who_has_a_password_is_sent_none(test: TestDb) {
        let admin = provider(&test).await;
        let again = path(&Admin::account(AGENT), "/invite");
        let refused = admin
            .as_agent(ADMINISTRATOR)
            .call(Method::POST, &again)
            .await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (409, "password-chosen")
        );
    }

    async fn who_is_suspended_is_said_to_be_and_is_sent_no_link(test: TestDb) {
        let admin = provider(&test).await;
        let id = admin.account_id(NADIA).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let seen = claire.get(&path(&id, "")).await.json();
        assert_eq!(seen["agentState"], "pre_created");
        assert_eq!(seen["may"], json!(["invite", "remove"]));
        let suspend = format!("/api/v1/admin/agents/{id}/suspend");
        let why = json!({ "reason": "Badge perdu" });
        let done = claire.post_json(&suspend, &why).await;
        assert_eq!(done.status, 200, "{}", done.text());
        let seen = claire.get(&path(&id, "")).await.json();
        assert_eq!(seen["agentState"], "suspended");
        assert_eq!(seen["may"], json!(["remove"]));
        let refused = claire.call(Method::POST, &path(&id, "/invite")).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (409, "account-closed")
        );
    }

    async fn an_administrator_sends_twenty_invitations_a_day_and_three_to_one_account(
        test: TestDb,
    ) {
        let admin = provider(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let again = path(&admin.account_id(NADIA).await, "/invite");
        for _ in 0..3 {
            assert_eq!(claire.call(Method::POST, &again).await.status, 200);
        }
        let mut ines = admin.as_agent(OPERATOR);
        let enough = ines.call(Method::POST, &again).await;
        assert_eq!(
            (enough.status, enough.problem().as_str()),
            (429, "sent-enough-today"),
            "whoever asks"
        );
        let mut body = paul(INTERIOR);
        for number in 3..=20 {
            body["email"] = format!("paul.{number}@interieur.gouv.fr").into();
            let made = claire.post_json(ACCOUNTS, &body).await;
            let expected = if number < 20 { 201 } else { 429 };
            assert_eq!(made.status, expected, "{number}: {}", made.text());
        }
        let refused = claire.post_json(ACCOUNTS, &body).await;
        assert_eq!(refused.problem(), "too-many-invitations-today");
        assert_eq!(ines.post_json(ACCOUNTS, &body).await.status, 201, "another");

        // The command line is not counted, nor held back.
        let desk = admin.identity.desk().expect("a provider");
        let invited = desk.invite(Invitation {
            address: NADIA.to_owned(),
            given_name: "Nadia".to_owned(),
            usual_name: "Benhamou".to_owned(),
            siret: None,
            organizational_unit: None,
            population: None,
        });
        invited.await.expect("invited");

        let aged = admin.identity.house.db.write(|tx: &mut Tx| {
            Box::pin(async move {
                let sql = "UPDATE identity_local_sent SET sent_at = sent_at - 86400000";
                tx.execute(sql, &[]).await?;
                Ok::<_, kernel_db::DbError>(())
            })
        });
        aged.await.expect("written");
        assert_eq!(claire.call(Method::POST, &again).await.status, 200);
    }
}
