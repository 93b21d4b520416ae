//! `GET /api/v1/admin/local-accounts`.

use axum::Json;
use axum::extract::State;
use kernel::{Cursor, Limit};
use kernel_http::{ApiError, ApiQuery, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::LocalAccountView;
use crate::http::admin::{cursor, not_an_id, organisation_id};
use crate::local::Login;
use crate::service::Identity;
use crate::service::local_accounts::AccountSearch;

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Which {
    /// Beginnings of words of the name, or of the address; three count.
    q: Option<String>,
    /// Of this administration and below; absent: of all that the caller administers.
    organisation: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    limit: Option<u16>,
}

impl Which {
    fn search(self) -> Result<AccountSearch, ApiError> {
        let organisation = self.organisation.as_deref().map(organisation_id);
        Ok(AccountSearch {
            words: self.q.unwrap_or_default().chars().take(100).collect(),
            organisation: organisation.transpose()?,
            after: self.cursor.as_deref().map(place).transpose()?,
            limit: self.limit.map_or_else(Limit::default, Limit::new),
        })
    }
}

/// The address after which a list goes on.
fn place(text: &str) -> Result<String, ApiError> {
    let address = String::from_utf8(cursor(text)?).map_err(|_| ApiError(not_an_id()))?;
    match Login::parse(&address) {
        Ok(login) => Ok(login.as_str().to_owned()),
        Err(_) => Err(ApiError(not_an_id())),
    }
}

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct LocalAccounts {
    items: Vec<LocalAccountView>,
    /// Sent back as `cursor` for the following ones; absent at the end.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The password accounts of what the caller administers, by address.
#[utoipa::path(
    get,
    path = "/api/v1/admin/local-accounts",
    operation_id = "listLocalAccounts",
    tag = "administration",
    params(Which),
    responses(
        (status = 200, description = "a page, by address", body = LocalAccounts),
        (status = 400, description = "`invalid-query`", content_type = "application/problem+json"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 404, description = "nobody signs in here with a password", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<Json<LocalAccounts>, ApiError> {
    let (found, after) = identity.local_accounts(caller, which.search()?).await?;
    Ok(Json(LocalAccounts {
        items: found.into_iter().map(LocalAccountView::from).collect(),
        next: after.map(|address| Cursor::new(address.into_bytes()).to_text()),
    }))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use serde_json::Value;

    use super::super::testing::{ACCOUNTS, addresses, provider};
    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, AGRICULTURE, Admin, INTERIOR, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_finds_the_accounts_of_their_administrations_and_how_they_stand,
        pages_follow_each_other_to_the_end,
        a_stranger_a_neighbour_an_announcer_and_an_agent_find_none,
        where_people_sign_in_at_their_ministry_there_is_nothing_here,
    );

    async fn an_administrator_finds_the_accounts_of_their_administrations_and_how_they_stand(
        test: TestDb,
    ) {
        let admin = provider(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let listed = claire.get(ACCOUNTS).await.json();
        assert_eq!(
            addresses(&listed),
            [
                "ines.fofana@interieur.gouv.fr",
                "mathieu@landes.gouv.fr",
                "nadia.benhamou@interieur.gouv.fr",
                "yann.kerbrat@interieur.gouv.fr",
            ]
        );
        let nadia = &listed["items"][2];
        assert_eq!(
            (&nadia["passwordChosen"], &nadia["origin"]),
            (&false.into(), &"invited".into())
        );
        assert!(nadia["invitedUntil"].is_i64());
        assert_eq!(nadia["organisation"]["label"], "Ministère de l’Intérieur");
        let yann = &listed["items"][3];
        assert_eq!(
            (&yann["passwordChosen"], &yann["origin"]),
            (&true.into(), &"configured".into())
        );
        assert!(yann["invitedUntil"].is_null());
        assert_eq!(yann["secondFactor"], false);
        assert_eq!(
            listed["items"][1]["organisation"]["label"],
            "Préfecture des Landes"
        );
        for (query, found) in [
            ("q=benh", vec!["nadia.benhamou@interieur.gouv.fr"]),
            ("q=nadia%20BEN", vec!["nadia.benhamou@interieur.gouv.fr"]),
            ("q=yann.kerbrat@", vec!["yann.kerbrat@interieur.gouv.fr"]),
            ("q=hamou", vec![]),
            ("q=%25", vec![]),
        ] {
            let listed = claire.get(&format!("{ACCOUNTS}?{query}")).await.json();
            assert_eq!(addresses(&listed), found, "{query}");
        }
        let everybody = admin.as_agent(OPERATOR).get(ACCOUNTS).await;
        assert_eq!(addresses(&everybody.json()).len(), 5);
        assert!(!everybody.text().contains("argon2"), "never a hash");
    }

    async fn pages_follow_each_other_to_the_end(test: TestDb) {
        let admin = provider(&test).await;
        let mut operator = admin.as_agent(OPERATOR);
        let mut seen: Vec<String> = Vec::new();
        let mut path = format!("{ACCOUNTS}?limit=2");
        loop {
            let page: Value = operator.get(&path).await.json();
            seen.extend(addresses(&page));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            path = format!("{ACCOUNTS}?limit=2&cursor={next}");
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted());
        let foreign = operator.get(&format!("{ACCOUNTS}?cursor=YQ")).await;
        assert_eq!(foreign.status, 400);
    }

    async fn a_stranger_a_neighbour_an_announcer_and_an_agent_find_none(test: TestDb) {
        let admin = provider(&test).await;
        let of_interior = format!("{ACCOUNTS}?organisation={}", Admin::organisation(INTERIOR));
        assert_eq!(admin.stranger().get(ACCOUNTS).await.status, 401);
        let mut hugo = admin.as_agent(NEIGHBOUR);
        assert_eq!(hugo.get(&of_interior).await.status, 403);
        let own = format!(
            "{ACCOUNTS}?organisation={}",
            Admin::organisation(AGRICULTURE)
        );
        for path in [ACCOUNTS, own.as_str()] {
            let listed = hugo.get(path).await.json();
            assert_eq!(addresses(&listed), ["louis@agriculture.gouv.fr"]);
        }
        assert_eq!(admin.as_agent(AGENT).get(ACCOUNTS).await.status, 403);
        assert_eq!(admin.announcer(AGENT).get(ACCOUNTS).await.status, 403);
    }

    async fn where_people_sign_in_at_their_ministry_there_is_nothing_here(test: TestDb) {
        let admin = Admin::start(&test).await;
        for who in [OPERATOR, ADMINISTRATOR, AGENT] {
            let answer = admin.as_agent(who).get(ACCOUNTS).await;
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (404, "not-found")
            );
        }
        assert_eq!(admin.stranger().get(ACCOUNTS).await.status, 401);
    }
}
