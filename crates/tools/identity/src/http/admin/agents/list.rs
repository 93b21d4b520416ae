//! `GET /api/v1/admin/agents`.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Cursor, Limit};
use kernel_http::{ApiError, ApiQuery, Signed};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{AdministeredAgent, AdministeredAgents};
use crate::domain::agent::AgentState;
use crate::http::admin::{cursor, not_an_id, organisation_id};
use crate::service::Identity;
use crate::service::administration::AgentSearch;
use crate::store::administration::After;

/// Which agents.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Which {
    /// Beginnings of words of the name or of the address; three count.
    q: Option<String>,
    /// Of this administration and below; absent: of all that the caller administers.
    organisation: Option<String>,
    /// `pre_created`, `active`, `suspended` or `departed`; absent: any.
    state: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    limit: Option<u16>,
}

impl Which {
    fn search(self) -> Result<AgentSearch, ApiError> {
        let state = match self.state.as_deref() {
            None | Some("") => None,
            Some(word) => Some(AgentState::from_wire(word).ok_or(ApiError(not_an_id()))?),
        };
        let organisation = self.organisation.as_deref().map(organisation_id);
        Ok(AgentSearch {
            words: self.q.unwrap_or_default().chars().take(100).collect(),
            organisation: organisation.transpose()?,
            state,
            after: self.cursor.as_deref().map(place).transpose()?,
            limit: self.limit.map_or_else(Limit::default, Limit::new),
        })
    }
}

/// The agent's 16 bytes, then the key of the name.
fn place(text: &str) -> Result<After, ApiError> {
    let bytes = cursor(text)?;
    let (id, key) = bytes.split_at_checked(16).ok_or(ApiError(not_an_id()))?;
    let id = AgentId::from_bytes(id).map_err(|_| ApiError(not_an_id()))?;
    let key = std::str::from_utf8(key).map_err(|_| ApiError(not_an_id()))?;
    if key.contains('\0') {
        return Err(ApiError(not_an_id()));
    }
    Ok((key.to_owned(), id))
}

fn next((key, id): &After) -> String {
    Cursor::new([id.as_bytes().as_slice(), key.as_bytes()].concat()).to_text()
}

/// The agents of what the caller administers, by name.
#[utoipa::path(
    get,
    path = "/api/v1/admin/agents",
    operation_id = "listAgents",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    params(Which),
    responses(
        (status = 200, description = "a page, by name", body = AdministeredAgents),
        (status = 400, description = "`invalid-query`", content_type = "application/problem+json"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<Json<AdministeredAgents>, ApiError> {
    let (found, after) = identity
        .administered_agents(caller, which.search()?)
        .await?;
    Ok(Json(AdministeredAgents {
        items: found.into_iter().map(AdministeredAgent::from).collect(),
        next: after.as_ref().map(next),
    }))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, AGRICULTURE, Admin, INTERIOR, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_finds_their_agents_and_no_other_s,
        pages_follow_each_other_to_the_end,
        a_stranger_a_neighbour_and_an_agent_see_nobody,
    );

    const AGENTS: &str = "/api/v1/admin/agents";

    fn names(list: &serde_json::Value) -> Vec<String> {
        let items = list["items"].as_array().expect("a list");
        items
            .iter()
            .map(|item| item["displayName"].as_str().expect("a name").to_owned())
            .collect()
    }

    async fn an_administrator_finds_their_agents_and_no_other_s(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let all = claire.get(AGENTS).await.json();
        assert_eq!(
            names(&all),
            [
                "Claire Delmas",
                "Inès Fofana",
                "Yann Kerbrat",
                "Mathieu Lacaze"
            ]
        );
        assert!(all["next"].is_null());
        assert_eq!(all["items"][0]["state"], "active");
        assert_eq!(all["items"][0]["unit"], "Cabinet");
        for (query, found) in [
            ("q=del", vec!["Claire Delmas"]),
            ("q=KER%20yann", vec!["Yann Kerbrat"]),
            ("q=mathieu.lacaze@landes", vec!["Mathieu Lacaze"]),
            ("q=elmas", vec![]),
            ("q=%25", vec![]),
            ("q=castaing", vec![]),
            ("state=pre_created", vec![]),
        ] {
            let listed = claire.get(&format!("{AGENTS}?{query}")).await.json();
            assert_eq!(names(&listed), found, "{query}");
        }
        assert_eq!(
            claire.get(&format!("{AGENTS}?state=dead")).await.status,
            400
        );
        let everybody = admin.as_agent(OPERATOR).get(AGENTS).await.json();
        assert_eq!(names(&everybody).len(), 5);
    }

    async fn pages_follow_each_other_to_the_end(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut operator = admin.as_agent(OPERATOR);
        let mut seen = Vec::new();
        let mut path = format!("{AGENTS}?limit=2");
        loop {
            let page = operator.get(&path).await.json();
            seen.extend(names(&page));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            path = format!("{AGENTS}?limit=2&cursor={next}");
        }
        assert_eq!(seen.len(), 5);
        assert_eq!(
            operator.get(&format!("{AGENTS}?cursor=YQ")).await.status,
            400
        );
    }

    async fn a_stranger_a_neighbour_and_an_agent_see_nobody(test: TestDb) {
        let admin = Admin::start(&test).await;
        let of_interior = format!("{AGENTS}?organisation={}", Admin::organisation(INTERIOR));
        assert_eq!(admin.stranger().get(&of_interior).await.status, 401);
        assert_eq!(
            admin.as_agent(NEIGHBOUR).get(&of_interior).await.status,
            403
        );
        assert_eq!(admin.as_agent(AGENT).get(AGENTS).await.status, 403);
        let own = format!("{AGENTS}?organisation={}", Admin::organisation(AGRICULTURE));
        let own = admin.as_agent(NEIGHBOUR).get(&own).await.json();
        assert_eq!(names(&own), ["Hugo Castaing"]);
    }
}
