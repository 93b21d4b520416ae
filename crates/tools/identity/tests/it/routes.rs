//! Every route of the tool, with what it answers to a stranger and to an agent signed in.

use http::Method;
use kernel_db::testing::TestDb;

use crate::support::{CLAIRE, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    every_route_answers_a_stranger_and_an_agent_as_it_is_said_to,
);

/// Method, path, and the statuses for a request that carries nothing: by a stranger, by an agent.
const EXPECTED: &[(&str, &str, u16, u16)] = &[
    ("GET", "/.well-known/openid-configuration", 200, 200),
    ("GET", "/api/v2/.well-known/openid-configuration", 200, 200),
    (
        "GET",
        "/.well-known/oauth-authorization-server/api/v2",
        200,
        200,
    ),
    ("GET", "/api/v2/jwks", 200, 200),
    ("GET", "/api/v2/authorize", 400, 400),
    ("POST", "/api/v2/authorize", 400, 400),
    ("POST", "/api/v2/token", 400, 400),
    ("POST", "/api/v2/token/introspection", 400, 400),
    ("POST", "/api/v2/token/revocation", 400, 400),
    ("GET", "/api/v2/userinfo", 401, 401),
    ("POST", "/api/v2/userinfo", 401, 401),
    ("OPTIONS", "/api/v2/userinfo", 204, 204),
    ("GET", "/api/v2/session/end", 303, 200),
    ("POST", "/api/v2/session/end", 303, 200),
    ("POST", "/api/v2/session/end/confirm", 303, 403),
    ("GET", "/api/v2/client/logout-callback", 303, 303),
    ("GET", "/api/v2/oidc-callback", 400, 303),
    ("GET", "/api/v1/session", 401, 200),
    ("GET", "/api/v1/account/sessions", 401, 200),
    ("DELETE", "/api/v1/account/sessions", 401, 403),
    ("DELETE", "/api/v1/account/sessions/{id}", 401, 403),
    ("GET", "/api/v1/account/applications", 401, 200),
    (
        "DELETE",
        "/api/v1/account/applications/{client_id}",
        401,
        403,
    ),
    ("GET", "/api/v1/account/export", 401, 200),
    ("GET", "/api/v1/account/token", 401, 404),
    ("GET", "/api/v1/account/tokens", 401, 200),
    ("POST", "/api/v1/account/tokens", 401, 403),
    ("DELETE", "/api/v1/account/tokens", 401, 403),
    ("DELETE", "/api/v1/account/tokens/{id}", 401, 403),
    // An agent without a role; a write is refused for its missing token before that.
    ("GET", "/api/v1/admin/agents", 401, 403),
    ("GET", "/api/v1/admin/agents/{id}", 401, 403),
    ("POST", "/api/v1/admin/agents/{id}/suspend", 401, 403),
    ("POST", "/api/v1/admin/agents/{id}/resume", 401, 403),
    ("POST", "/api/v1/admin/agents/{id}/depart", 401, 403),
    ("POST", "/api/v1/admin/agents/{id}/erase", 401, 403),
    ("POST", "/api/v1/admin/agents/{id}/merge", 401, 403),
    ("GET", "/api/v1/admin/agents/{id}/tokens", 401, 403),
    (
        "DELETE",
        "/api/v1/admin/agents/{id}/tokens/{token}",
        401,
        403,
    ),
    ("GET", "/api/v1/admin/grants", 401, 403),
    ("POST", "/api/v1/admin/grants", 401, 403),
    ("DELETE", "/api/v1/admin/grants/{id}", 401, 403),
    ("POST", "/api/v1/admin/imports", 401, 403),
    ("GET", "/api/v1/admin/imports/template.csv", 401, 403),
    ("GET", "/api/v1/admin/imports/{id}", 401, 403),
    ("DELETE", "/api/v1/admin/imports/{id}", 401, 403),
    ("POST", "/api/v1/admin/imports/{id}/apply", 401, 403),
    ("GET", "/api/v1/admin/imports/{id}/faulty.csv", 401, 403),
    // Nobody signs in at Besace itself with a password.
    ("GET", "/api/v1/admin/local-accounts", 401, 404),
    ("POST", "/api/v1/admin/local-accounts", 401, 403),
    ("GET", "/api/v1/admin/local-accounts/{id}", 401, 404),
    ("DELETE", "/api/v1/admin/local-accounts/{id}", 401, 403),
    ("POST", "/api/v1/admin/local-accounts/{id}/invite", 401, 403),
    (
        "POST",
        "/api/v1/admin/local-accounts/{id}/reset-factor",
        401,
        403,
    ),
    ("GET", "/api/v1/admin/organisation/{id}", 401, 403),
    ("PUT", "/api/v1/admin/organisation/{id}", 401, 403),
    ("GET", "/api/v1/admin/journal", 401, 403),
    ("GET", "/api/v1/admin/journal/export", 401, 403),
    ("GET", "/api/v1/admin/journal/{chain}/{seq}", 401, 403),
    ("GET", "/api/v1/people", 401, 200),
    ("GET", "/api/v1/people/{id}", 401, 404),
    ("GET", "/api/v1/organisations", 401, 200),
    ("GET", "/api/v1/admin/providers", 401, 403),
    ("POST", "/api/v1/admin/providers", 401, 403),
    ("POST", "/api/v1/admin/providers/check", 401, 403),
    ("GET", "/api/v1/admin/providers/{id}", 401, 404),
    ("PUT", "/api/v1/admin/providers/{id}", 401, 403),
    ("POST", "/api/v1/admin/providers/{id}/enable", 401, 403),
    ("POST", "/api/v1/admin/providers/{id}/disable", 401, 403),
    ("POST", "/api/v1/admin/providers/{id}/try", 401, 403),
    ("GET", "/api/v1/admin/providers/{id}/try", 401, 404),
    ("GET", "/api/v1/invitations", 401, 200),
    ("POST", "/api/v1/invitations", 401, 403),
    // Nobody can be invited where no mail leaves.
    ("GET", "/api/v1/invitations/tools", 401, 503),
    ("POST", "/api/v1/invitations/{id}/extend", 401, 403),
    ("POST", "/api/v1/invitations/{id}/end", 401, 403),
    (
        "POST",
        "/api/v1/invitations/{id}/reset-second-factor",
        401,
        403,
    ),
    // Of no administration.
    ("GET", "/api/v1/admin/invitations", 401, 400),
    ("GET", "/invitation/{secret}", 404, 404),
    ("POST", "/invitation/{secret}/code", 403, 403),
    ("POST", "/invitation/{secret}/refus", 403, 403),
    ("POST", "/invitation/{secret}/demande", 403, 403),
    ("GET", "/connexion/{interaction}/code-invite", 400, 400),
    ("POST", "/connexion/{interaction}/code-invite", 400, 400),
    (
        "GET",
        "/connexion/{interaction}/second-facteur-invite",
        400,
        400,
    ),
    (
        "POST",
        "/connexion/{interaction}/second-facteur-invite",
        400,
        400,
    ),
    ("GET", "/connexion", 303, 303),
    ("GET", "/connexion/{interaction}", 400, 303),
    ("POST", "/connexion/{interaction}", 400, 400),
    ("GET", "/connexion/{interaction}/administrations", 400, 400),
    ("POST", "/connexion/{interaction}/administrations", 400, 400),
    ("GET", "/connexion/{interaction}/mot-de-passe", 303, 303),
    ("GET", "/connexion/{interaction}/code", 303, 303),
    ("GET", "/connexion/{interaction}/second-facteur", 303, 303),
    ("POST", "/connexion/{interaction}/mot-de-passe", 400, 400),
    ("POST", "/connexion/{interaction}/code", 400, 400),
    ("POST", "/connexion/{interaction}/second-facteur", 400, 400),
    ("POST", "/connexion/{interaction}/retour", 400, 400),
    ("GET", "/deconnexion", 303, 200),
    ("POST", "/deconnexion", 303, 403),
    // A ministry's own pages.
    ("GET", "/", 303, 200),
    ("GET", "/compte", 303, 200),
    ("GET", "/compte/second-facteur", 303, 200),
    ("POST", "/compte/second-facteur", 303, 403),
    ("GET", "/compte/second-facteur/confirmer", 303, 303),
    ("POST", "/compte/second-facteur/confirmer", 303, 403),
    ("GET", "/compte/second-facteur/{id}", 303, 303),
    ("GET", "/compte/second-facteur/{id}/nom", 303, 303),
    ("GET", "/compte/second-facteur/{id}/retirer", 303, 303),
    ("POST", "/compte/second-facteur/{id}/nom", 303, 403),
    ("POST", "/compte/second-facteur/{id}/retirer", 303, 403),
    ("GET", "/compte/codes-de-secours", 303, 303),
    ("POST", "/compte/codes-de-secours", 303, 403),
    ("GET", "/compte/mot-de-passe", 303, 200),
    ("POST", "/compte/mot-de-passe", 303, 403),
    ("GET", "/mot-de-passe-oublie", 303, 303),
    ("POST", "/mot-de-passe-oublie", 403, 403),
    ("GET", "/mot-de-passe/{secret}", 200, 200),
    ("POST", "/mot-de-passe/{secret}", 403, 403),
];

/// Whether only a ministry's provider serves this page.
fn is_ministry_s(path: &str) -> bool {
    path == "/" || path.starts_with("/compte") || path.starts_with("/mot-de-passe")
}

async fn every_route_answers_a_stranger_and_an_agent_as_it_is_said_to(test: TestDb) {
    let state = State::new(&test).await;
    let mut served = identity::routes();
    let mut expected: Vec<_> = EXPECTED.iter().map(|row| (row.0, row.1)).collect();
    served.sort_unstable();
    expected.sort_unstable();
    assert_eq!(
        served, expected,
        "a route without an expectation, or the reverse"
    );
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    for (method, path, stranger, signed) in EXPECTED {
        let base = if is_ministry_s(path) {
            "https://interieur.test"
        } else {
            "https://besace.test"
        };
        let target = format!(
            "{base}{}",
            path.replace("{interaction}", "abcdefgh")
                .replace("{client_id}", "mission")
                .replace("{secret}", "jeton")
                .replace("{chain}/{seq}", "system/1")
                .replace("{token}", "01890000-0000-7000-8000-000000000001")
                .replace("{id}", "01890000-0000-7000-8000-000000000000")
        );
        let url = url::Url::parse(&target).expect("an address");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        for (mut person, status) in [(state.person(), stranger), (claire.clone(), signed)] {
            let site = person.site(&url).expect("an instance");
            let answer = if method == Method::POST {
                site.post_form(&target, &[]).await
            } else {
                site.call(method.clone(), &target).await
            };
            assert_eq!(
                answer.status,
                *status,
                "{method} {target}: {}",
                answer.text()
            );
        }
    }
    assert!(!claire.who().await.is_null(), "none of it signed her out");
}
