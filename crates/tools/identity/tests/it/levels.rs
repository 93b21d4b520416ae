//! Levels of authentication: what is essential is met or refused, what is wished is not.

use jose::Algorithm;
use kernel_db::testing::TestDb;

use crate::support::{Application, CLAIRE, State, answer_of, error_of};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    an_essential_level_that_is_not_met_is_refused,
    an_essential_level_that_is_met_gives_a_code,
    a_level_is_written_by_the_name_it_was_asked_by,
);

const DENIED: (&str, &str) = ("access_denied", "requested ACRs could not be satisfied");

async fn an_essential_level_that_is_not_met_is_refused(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    for demand in [
        r#"{"id_token":{"acr":{"essential":true,"value":"eidas2"}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"values":["eidas3","eidas1-mfa"]}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"value":"eidas0"}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"value":"unheard-of"}}}"#,
    ] {
        let mut claire = state.person();
        let place = claire.open(&mission.asks(&[("claims", demand)])).await;
        let place = claire.go_through(&place, CLAIRE).await;
        let (error, description) = error_of(&place);
        assert_eq!((error.as_str(), description.as_str()), DENIED, "{demand}");
        let place = claire.open(&mission.asks(&[])).await;
        assert!(answer_of(&place).contains_key("code"), "the session stands");
    }
}

async fn an_essential_level_that_is_met_gives_a_code(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    for demand in [
        r#"{"id_token":{"acr":{"essential":true,"value":"eidas1"}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"values":["eidas3","eidas1"]}}}"#,
        r#"{"id_token":{"acr":{"essential":false,"value":"eidas3"}}}"#,
        r#"{"id_token":{"acr":null,"auth_time":{"essential":true}},"userinfo":{"x":null}}"#,
    ] {
        let change = [("claims", demand), ("prompt", "none")];
        let place = claire.open(&mission.asks(&change)).await;
        assert!(answer_of(&place).contains_key("code"), "{demand}");
    }
    let wish = [("acr_values", "eidas3 unheard-of"), ("prompt", "none")];
    let place = claire.open(&mission.asks(&wish)).await;
    assert!(
        answer_of(&place).contains_key("code"),
        "a wish is no demand"
    );
}

async fn a_level_is_written_by_the_name_it_was_asked_by(test: TestDb) {
    const ALIAS: &str = "https://proconnect.gouv.fr/assurance/consistency-checked";
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let essential = format!(r#"{{"id_token":{{"acr":{{"essential":true,"value":"{ALIAS}"}}}}}}"#);
    for (change, written) in [
        (("acr_values", ALIAS), ALIAS),
        (("claims", essential.as_str()), ALIAS),
        (("acr_values", "eidas2 eidas1"), "eidas1"),
        (
            (
                "acr_values",
                "https://proconnect.gouv.fr/assurance/self-asserted",
            ),
            "eidas1",
        ),
    ] {
        let code = mission.code_with(&mut claire, CLAIRE, &[change]).await;
        let tokens = mission.exchange(&code).await.json();
        let token = tokens["id_token"].as_str().expect("a token");
        let claims = mission.verify(token, Algorithm::Es256).await;
        assert_eq!(claims["acr"], written, "{change:?}");
    }
}
