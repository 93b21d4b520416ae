//! Whole sign-ins before a provider in memory: those that succeed and their refused twins.

use std::time::Duration;

use jose::{Algorithm, Error, SigningKey};
use kernel::Secret;
use serde_json::{Value, json};
use testkit::FixedClock;

use super::testing::{ISSUER, Scene, config, published};
use super::*;
use crate::domain::acr::Acr;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test]
async fn a_sign_in_gives_the_identity_that_the_provider_vouches_for() {
    let scene = Scene::with(config());
    let identity = scene.sign_in().await.expect("an identity");
    assert_eq!(identity.provider, config().id);
    assert_eq!(identity.subject, "s-1");
    assert_eq!(identity.attributes.display_name(), "Claire Delmas");
    assert_eq!(
        identity.attributes.custom.get("grade"),
        Some(&json!("attachée"))
    );
    assert_eq!(identity.siret, config().default_siret);
    assert_eq!(identity.acr, Acr::Eidas2);
    assert_eq!(identity.amr, ["pwd", "otp"]);
    assert_eq!(identity.auth_time, FixedClock::START);
    assert!(!format!("{identity:?}").contains(&identity.id_token));
    scene.sign_in().await.expect("a second one");
    assert_eq!(
        (
            scene.provider.count("openid-configuration"),
            scene.provider.count("jwks")
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn every_algorithm_registered_and_signed_userinfo_are_accepted() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256, Algorithm::Hs256] {
        let mut config = config();
        config.id_token_alg = algorithm;
        let scene = Scene::with(config);
        scene.provider.behaviour().userinfo_mime = "application/jwt";
        let signed_in = scene.sign_in().await;
        assert!(signed_in.is_ok(), "{algorithm}: {signed_in:?}");
    }
}

#[tokio::test]
async fn a_signed_userinfo_of_another_key_issuer_or_audience_is_refused() {
    for changes in [
        json!({ "iss": "https://evil.test" }),
        json!({ "aud": "other" }),
    ] {
        let scene = Scene::with(config());
        scene.provider.behaviour().userinfo_mime = "application/jwt";
        scene.provider.behaviour().userinfo = changes;
        let refused = scene.sign_in().await;
        assert!(
            matches!(refused, Err(UpstreamError::TokenRefused(_))),
            "{refused:?}"
        );
    }
    let scene = Scene::with(config());
    scene.provider.behaviour().userinfo_mime = "text/html";
    let refused = scene.sign_in().await;
    assert!(
        matches!(refused, Err(UpstreamError::UserinfoCall(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn another_algorithm_than_the_registered_one_is_refused() {
    let scene = Scene::with(config());
    let public = published(&scene.provider.behaviour().key).to_string();
    let confused = SigningKey::hs256(public.as_bytes()).expect("a key");
    scene.provider.behaviour().key = std::sync::Arc::new(confused);
    let refused = scene.sign_in().await;
    assert!(
        matches!(
            refused,
            Err(UpstreamError::TokenRefused(Error::WrongAlgorithm { .. }))
        ),
        "{refused:?}"
    );
    let mut symmetric = config();
    symmetric.id_token_alg = Algorithm::Hs256;
    let scene = Scene::with(symmetric);
    let key = SigningKey::generate_es256().expect("a key");
    scene.provider.behaviour().key = std::sync::Arc::new(key);
    assert!(scene.sign_in().await.is_err());
}

#[tokio::test]
async fn an_id_token_of_another_issuer_audience_nonce_or_access_token_is_refused() {
    for changes in [
        json!({ "iss": "https://evil.test" }),
        json!({ "iss": format!("{ISSUER}/") }),
        json!({ "aud": "other" }),
        json!({ "aud": ["besace", "other"] }),
        json!({ "aud": ["besace", "other"], "azp": "other" }),
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "at_hash": "another" }),
        json!({ "exp": null }),
        json!({ "iat": null }),
        json!({ "sub": "" }),
        json!({ "sub": "é" }),
        json!({ "sub": "s-2" }),
    ] {
        let scene = Scene::with(config());
        scene.provider.behaviour().id_token = changes.clone();
        let refused = scene.sign_in().await;
        assert!(
            matches!(
                refused,
                Err(UpstreamError::TokenRefused(_)
                    | UpstreamError::TokenInvalid(_)
                    | UpstreamError::InvalidIdentity { what: "sub" })
            ),
            "{changes}: {refused:?}"
        );
    }
    let scene = Scene::with(config());
    scene.provider.behaviour().id_token =
        json!({ "aud": ["besace", "other"], "azp": "besace", "at_hash": null });
    scene
        .sign_in()
        .await
        .expect("several audiences, ours the authorised party");
}

#[tokio::test]
async fn a_clock_a_minute_away_is_tolerated_and_no_more() {
    let now = FixedClock::START.seconds();
    for (name, shift, accepted) in [
        ("iat", 60, true),
        ("iat", 61, false),
        ("nbf", 60, true),
        ("nbf", 61, false),
        ("exp", -59, true),
        ("exp", -60, false),
        ("exp", -61, false),
    ] {
        let scene = Scene::with(config());
        scene.provider.behaviour().id_token = json!({ name: now + shift });
        let judged = scene.sign_in().await;
        assert_eq!(judged.is_ok(), accepted, "{name} {shift}: {judged:?}");
    }
}

#[tokio::test]
async fn an_answer_replayed_or_of_another_tab_is_refused() {
    let scene = Scene::with(config());
    let (url, pending) = scene.start().await.expect("an address");
    let (_, other) = scene.start().await.expect("an address");
    let answer = scene.provider.approve(&url);
    let foreign = scene.upstreams.finish(&other, &answer).await;
    assert!(matches!(foreign, Err(UpstreamError::State)), "{foreign:?}");
    assert_eq!(
        scene.provider.count("token"),
        0,
        "no code is spent on a foreign answer"
    );
    scene
        .upstreams
        .finish(&pending, &answer)
        .await
        .expect("an identity");
    let replayed = scene.upstreams.finish(&pending, &answer).await;
    let Err(UpstreamError::TokenCall(CallFault::Status { status: 400, code })) = replayed else {
        panic!("{replayed:?}");
    };
    assert_eq!(code.as_deref(), Some("invalid_grant"));
}

#[tokio::test]
async fn a_key_rotated_in_between_is_fetched_once_in_thirty_seconds() {
    let scene = Scene::with(config());
    scene.sign_in().await.expect("the first key");
    scene.provider.rotate();
    scene.sign_in().await.expect("the second key");
    assert_eq!(scene.provider.count("jwks"), 2);
    scene.provider.rotate();
    scene.clock.advance(seconds(29));
    let refused = scene.sign_in().await;
    assert!(
        matches!(refused, Err(UpstreamError::TokenRefused(Error::UnknownKey))),
        "{refused:?}"
    );
    assert_eq!(scene.provider.count("jwks"), 2, "not asked again so soon");
    scene.clock.advance(seconds(1));
    scene.sign_in().await.expect("the third key");
    assert_eq!(scene.provider.count("jwks"), 3);
}

#[tokio::test]
async fn a_thousand_keys_are_refused() {
    let scene = Scene::with(config());
    {
        let mut behaviour = scene.provider.behaviour();
        let key = behaviour.published["keys"][0].clone();
        behaviour.published = json!({ "keys": vec![key; 1_000] });
    }
    let refused = scene.sign_in().await;
    assert!(
        matches!(
            refused,
            Err(UpstreamError::KeysCall(CallFault::Document(_)))
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn metadata_of_another_issuer_is_refused_and_what_was_good_is_kept() {
    let scene = Scene::with(config());
    scene.provider.behaviour().document["issuer"] = json!("https://evil.test");
    let refused = scene.start().await;
    assert!(
        matches!(refused, Err(UpstreamError::Discovery(_))),
        "{refused:?}"
    );
    scene.provider.behaviour().document["issuer"] = json!(ISSUER);
    scene.start().await.expect("an address");
    scene.provider.behaviour().document = Value::Null;
    scene.clock.advance(seconds(7_200));
    scene.start().await.expect("the metadata kept");
}

#[tokio::test]
async fn nobody_is_sent_to_a_provider_that_died_since_it_was_heard() {
    let scene = Scene::with(config());
    scene.start().await.expect("an address");
    scene.provider.behaviour().dead = true;
    scene.clock.advance(seconds(29));
    scene.start().await.expect("heard just now");
    scene.clock.advance(seconds(2));
    let refused = scene.start().await.expect_err("asked first");
    assert!(refused.is_outage(), "{refused:?}");
}

#[tokio::test]
async fn an_answer_of_another_issuer_or_with_an_error_is_refused() {
    let scene = Scene::with(config());
    let (url, pending) = scene.start().await.expect("an address");
    let mut answer = scene.provider.approve(&url);
    answer[2].1 = "https://evil.test".into();
    let mixed = scene.upstreams.finish(&pending, &answer).await;
    assert!(matches!(mixed, Err(UpstreamError::MixUp)), "{mixed:?}");
    answer[2].1 = ISSUER.into();
    answer[0] = ("error".into(), "access_denied".into());
    let refused = scene.upstreams.finish(&pending, &answer).await;
    assert!(
        matches!(refused, Err(UpstreamError::Refused { ref code, .. }) if code == "access_denied")
    );
    assert_eq!(scene.provider.count("token"), 0);
}

#[tokio::test]
async fn an_address_outside_the_provider_s_domains_is_refused() {
    for email in [
        "claire@justice.gouv.fr",
        "claire@sub.interieur.gouv.fr",
        "a@interieur.gouv.fr.evil.test",
    ] {
        let scene = Scene::with(config());
        scene.provider.behaviour().userinfo = json!({ "email": email });
        let refused = scene.sign_in().await;
        assert!(
            matches!(refused, Err(UpstreamError::DomainNotVouched { .. })),
            "{refused:?}"
        );
    }
    let mut broker = config();
    broker.kind = ProviderKind::Broker;
    let scene = Scene::with(broker);
    scene.provider.behaviour().userinfo = json!({ "email": "claire@justice.gouv.fr" });
    scene.sign_in().await.expect("a broker vouches for all");
}

#[tokio::test]
async fn a_userinfo_of_another_subject_or_without_a_claim_is_refused() {
    let scene = Scene::with(config());
    scene.provider.behaviour().userinfo = json!({ "sub": "S-1" });
    let refused = scene.sign_in().await;
    assert!(
        matches!(refused, Err(UpstreamError::TokenInvalid(_))),
        "{refused:?}"
    );
    scene.provider.behaviour().userinfo = json!({ "usual_name": null });
    let refused = scene.sign_in().await;
    assert!(
        matches!(
            refused,
            Err(UpstreamError::InvalidIdentity { what: "usual_name" })
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_dead_provider_is_left_alone_and_found_again() {
    let scene = Scene::with(config());
    scene.sign_in().await.expect("alive");
    let (url, pending) = scene.start().await.expect("an address");
    let answer = scene.provider.approve(&url);
    scene.provider.behaviour().dead = true;
    scene.clock.advance(seconds(60));
    let since = FixedClock::START.plus(seconds(60));
    for _ in 0..5 {
        let silent = scene
            .upstreams
            .finish(&pending, &answer)
            .await
            .expect_err("dead");
        assert!(
            matches!(silent, UpstreamError::TokenCall(CallFault::Network { .. })),
            "{silent}"
        );
    }
    assert_eq!(scene.provider.count("dead"), 5);
    let down = scene.start().await.expect_err("left alone");
    assert!(matches!(down, UpstreamError::Down { .. }) && down.is_outage());
    assert_eq!(down.since(), Some(since));
    let health = scene.upstreams.health();
    assert_eq!((health[0].since, health[0].failures), (Some(since), 5));
    assert_eq!(scene.provider.count("dead"), 5, "nothing was sent");

    scene.clock.advance(seconds(10));
    scene.start().await.expect_err("the probe finds nobody");
    assert_eq!(scene.provider.count("dead"), 6);
    scene.start().await.expect_err("one probe at a time");
    assert_eq!(scene.provider.count("dead"), 6);

    scene.provider.behaviour().dead = false;
    scene.start().await.expect_err("not probed yet");
    scene.clock.advance(seconds(10));
    scene.sign_in().await.expect("found again");
    assert_eq!(scene.upstreams.health()[0].since, None);
}

#[tokio::test]
async fn a_provider_that_never_answers_is_given_up() {
    let scene = Scene::lasting(config(), Duration::ZERO);
    scene.provider.behaviour().silent = true;
    let silent = scene.start().await;
    assert!(
        matches!(
            silent,
            Err(UpstreamError::Discovery(CallFault::Network { .. }))
        ),
        "{silent:?}"
    );
    assert!(CALL_TIME <= seconds(3));
}

#[tokio::test]
async fn a_gateway_s_error_is_an_outage_and_a_refusal_is_not() {
    let scene = Scene::with(config());
    scene.provider.behaviour().token_status = Some((503, json!({})));
    assert!(scene.sign_in().await.expect_err("a gateway").is_outage());
    scene.provider.behaviour().token_status = Some((401, json!({ "error": "invalid_client" })));
    let refused = scene.sign_in().await.expect_err("a refusal");
    assert!(!refused.is_outage(), "{refused}");
    assert_eq!(scene.upstreams.health()[0].failures, 0);
}

#[tokio::test]
async fn a_disabled_provider_is_neither_listed_nor_started_but_is_signed_out_of() {
    let mut disabled = config();
    disabled.enabled = false;
    let scene = Scene::with(disabled);
    assert!(matches!(scene.start().await, Err(UpstreamError::Disabled)));
    assert!(scene.upstreams.list().is_empty());
    assert_eq!(scene.upstreams.provider_named("interieur"), None);
    assert_eq!(
        scene.upstreams.only_provider_for("a@interieur.gouv.fr"),
        None
    );
    assert!(scene.upstreams.config(&config().id).is_some());
    assert!(
        scene
            .upstreams
            .logout_url("interieur", "t", "s")
            .await
            .expect("metadata")
            .is_some()
    );
}

#[tokio::test]
async fn signing_out_leads_to_the_provider_and_back_here() {
    let scene = Scene::with(config());
    let url = scene
        .upstreams
        .logout_url("interieur", "to ken", "st")
        .await
        .expect("metadata");
    let url = url.expect("a place");
    assert_eq!(url.path(), "/realms/interieur/logout");
    let query: Vec<_> = url.query_pairs().into_owned().collect();
    for (name, value) in [
        ("id_token_hint", "to ken"),
        ("client_id", "besace"),
        (
            "post_logout_redirect_uri",
            "https://besace.fr/api/v2/client/logout-callback",
        ),
        ("state", "st"),
    ] {
        assert!(query.contains(&(name.into(), value.into())), "{name}");
    }
    for nowhere in ["local", "", "Not A Slug"] {
        assert_eq!(
            scene
                .upstreams
                .logout_url(nowhere, "t", "s")
                .await
                .expect("none"),
            None
        );
    }
}

#[tokio::test]
async fn domains_are_compared_however_they_were_configured() {
    let mut shouted = config();
    shouted.kind = ProviderKind::Ministry {
        domains: vec![" Interieur.GOUV.fr".into(), "not a domain".into()],
    };
    let scene = Scene::with(shouted);
    let found = scene
        .upstreams
        .only_provider_for("Claire@interieur.gouv.fr");
    assert_eq!(found, Some(config().id));
    scene.sign_in().await.expect("vouched for");
}

#[test]
fn a_secret_of_a_provider_is_not_shown() {
    let mut config = config();
    config.credentials = ProviderCredentials::Basic(Secret::new("sesame-sesame"));
    assert!(!format!("{config:?}").contains("sesame"));
}
