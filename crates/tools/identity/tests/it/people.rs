//! The directory through its door: who is found, by what, in which order.

use identity::domain::agent::{Agent, AgentState, Attributes};
use identity::domain::organisation::id_of_siret;
use identity::service::people::KnownAgent;
use kernel::port::{Directory as _, SearchProvider, SearchQuery};
use kernel::{AgentId, Limit, Locale};
use kernel_db::testing::TestDb;
use serde_json::Value;
use testkit::callers;

use crate::support::{CLAIRE, Person, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    people_are_found_by_the_beginnings_of_their_words_best_first,
    pages_follow_each_other_and_nobody_comes_twice,
    who_may_not_sign_in_is_not_in_the_directory,
    what_somebody_is_called_anew_finds_them_and_the_old_name_does_not,
    agents_of_an_older_release_are_found_once_their_words_are_made,
    an_address_of_two_administrations_is_the_agent_s_who_signed_in,
    administrations_are_listed_by_name_and_seen_anew_within_two_seconds,
);

const INTERIOR: &str = "11001401600015";
const AGRICULTURE: &str = "11007001800012";

/// An agent of some administration.
fn known(number: u128, given: &str, usual: &str, unit: &str, siret: &str) -> KnownAgent {
    let login = format!("{given}.{usual}").to_lowercase().replace(' ', "-");
    KnownAgent {
        provider: "interieur".to_owned(),
        subject: format!("known-{number}"),
        agent: Agent {
            id: AgentId::from_u128(number),
            state: AgentState::PreCreated,
            organisation: id_of_siret(siret),
            attributes: Attributes {
                given_name: given.to_owned(),
                usual_name: usual.to_owned(),
                email: format!("{login}@Interieur.gouv.fr"),
                uid: number.to_string(),
                organizational_unit: Some(unit.to_owned()),
                population: None,
                phone: None,
                chorusdt: None,
                custom: serde_json::Map::new(),
            },
        },
    }
}

/// Claire signed in, with colleagues.
async fn with_colleagues(test: &TestDb) -> (State, Person) {
    let state = State::new(test).await;
    let colleagues = vec![
        known(
            101,
            "Paul",
            "Vernier",
            "Chef de la mission retour d’expérience",
            INTERIOR,
        ),
        known(
            102,
            "Solène",
            "Kerbrat",
            "Chargée de mission santé animale",
            AGRICULTURE,
        ),
        known(
            103,
            "Étienne",
            "Roussel-Maillard",
            "Adjoint, mission des outre-mer",
            INTERIOR,
        ),
        known(104, "Paule", "d’Haene", "Bureau de l’audit", AGRICULTURE),
        known(105, "Missaoui", "Claire", "Greffe", AGRICULTURE),
    ];
    state.besace.identity.know(colleagues).await.expect("known");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    (state, claire)
}

async fn answer(person: &mut Person, query: &str) -> Value {
    let answer = person
        .besace()
        .get(&format!("/api/v1/people?{query}"))
        .await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("a list");
    let name = |item: &Value| item["displayName"].as_str().expect("a name").to_owned();
    items.iter().map(name).collect()
}

async fn found(person: &mut Person, typed: &str) -> Vec<String> {
    let typed: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    names(&answer(person, &format!("q={typed}")).await)
}

async fn people_are_found_by_the_beginnings_of_their_words_best_first(test: TestDb) {
    let (state, mut claire) = with_colleagues(&test).await;
    for (typed, expected) in [
        ("cla del", &["Claire Delmas"][..]),
        ("delmas claire", &["Claire Delmas"]),
        ("CLAIRE", &["Missaoui Claire", "Claire Delmas"]),
        ("paul", &["Paul Vernier", "Paule d’Haene"]),
        ("haene", &["Paule d’Haene"]),
        ("dhaene", &["Paule d’Haene"]),
        ("maillard eti", &["Étienne Roussel-Maillard"]),
        ("mission retour", &["Paul Vernier"]),
        ("de la mission paul", &["Paul Vernier"]),
        (
            "miss",
            &[
                "Missaoui Claire",
                "Solène Kerbrat",
                "Étienne Roussel-Maillard",
                "Paul Vernier",
            ],
        ),
        ("claire.delmas@int", &["Claire Delmas"]),
        ("Solène.Kerbrat@interieur.gouv.fr", &["Solène Kerbrat"]),
        ("paul claire", &[]),
        ("%", &[]),
        ("laire", &[]),
    ] {
        assert_eq!(found(&mut claire, typed).await, expected, "{typed}");
    }
    let of = format!("q=mission&organisation={}", id_of_siret(AGRICULTURE));
    assert_eq!(names(&answer(&mut claire, &of).await), ["Solène Kerbrat"]);

    let query = SearchQuery {
        words: "kerb".to_owned(),
        caller: callers::agent(1),
        locale: Locale::Fr,
        limit: Limit::new(5),
    };
    let hits = SearchProvider::search(&state.besace.identity, query).await;
    let hits = hits.expect("hits");
    assert_eq!(hits[0].title, "Solène Kerbrat");
    let detail = "Chargée de mission santé animale, Ministère de l’Agriculture";
    assert_eq!(hits[0].detail.as_deref(), Some(detail));
    assert_eq!(
        hits[0].link,
        format!("/annuaire/{}", AgentId::from_u128(102))
    );
}

async fn pages_follow_each_other_and_nobody_comes_twice(test: TestDb) {
    let (_state, mut claire) = with_colleagues(&test).await;
    for (query, expected) in [("", 6), ("q=miss", 4), ("q=a", 3), ("q=claire", 2)] {
        let whole = names(&answer(&mut claire, query).await);
        assert_eq!(whole.len(), expected, "{query}: {whole:?}");
        let (mut pages, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = answer(&mut claire, &format!("{query}&limit=1{cursor}")).await;
            pages.extend(names(&page));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(pages, whole, "{query}");
    }
    for cursor in ["%25", "Y2xhaXJl"] {
        let answer = claire
            .besace()
            .get(&format!("/api/v1/people?cursor={cursor}"))
            .await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["type"], "/problems/invalid-cursor");
    }
}

async fn who_may_not_sign_in_is_not_in_the_directory(test: TestDb) {
    let (state, mut claire) = with_colleagues(&test).await;
    let paul = AgentId::from_u128(101);
    let path = format!("/api/v1/people/{paul}");
    let one = claire.besace().get(&path).await.json();
    assert_eq!(one["displayName"], "Paul Vernier");
    assert_eq!(one["initials"], "PV");
    assert_eq!(one["organisation"]["label"], "Ministère de l’Intérieur");
    let directory = &state.besace.identity;
    let address = "paul.vernier@interieur.gouv.fr".to_owned();
    let by_email = directory.by_email(address.clone()).await.expect("read");
    assert_eq!(by_email.expect("found").id, paul);
    assert_eq!(
        directory
            .people(vec![paul, paul])
            .await
            .expect("read")
            .len(),
        1
    );

    let sql = "UPDATE identity_agent SET state = 'suspended' WHERE given_name = 'Paul'";
    state.besace.execute(sql, Vec::new()).await;
    assert_eq!(claire.besace().get(&path).await.status, 404);
    assert_eq!(found(&mut claire, "vernier").await, [""; 0]);
    assert_eq!(names(&answer(&mut claire, "").await).len(), 5);
    assert_eq!(directory.by_email(address).await.expect("read"), None);
    assert_eq!(directory.people(vec![paul]).await.expect("read"), []);
    assert_eq!(directory.membership(paul).await.expect("read"), None);
}

async fn what_somebody_is_called_anew_finds_them_and_the_old_name_does_not(test: TestDb) {
    let (state, mut claire) = with_colleagues(&test).await;
    state
        .rewrite(CLAIRE, |account| {
            account.attributes.usual_name = String::from("Lenoir");
        })
        .await;
    state.person().sign_in(CLAIRE).await;
    assert_eq!(found(&mut claire, "claire lenoir").await, ["Claire Lenoir"]);
    // The address still says it.
    let words = "SELECT COUNT(*) AS n FROM identity_agent_word WHERE entry LIKE 'delmas%'";
    assert_eq!(state.besace.count(words, Vec::new()).await, 1);
    let words = "SELECT COUNT(*) AS n FROM identity_agent_word WHERE entry LIKE '% delmas claire'";
    assert_eq!(state.besace.count(words, Vec::new()).await, 0);
}

async fn agents_of_an_older_release_are_found_once_their_words_are_made(test: TestDb) {
    let (state, mut claire) = with_colleagues(&test).await;
    for sql in [
        "DELETE FROM identity_agent_word",
        "UPDATE identity_agent SET words_version = 0",
    ] {
        state.besace.execute(sql, Vec::new()).await;
    }
    assert_eq!(found(&mut claire, "delmas").await, [""; 0]);
    let tool = identity::tool(&state.besace.identity);
    let job = tool.jobs.iter().find(|job| job.kind() == "identity.words");
    let job = job.expect("a job");
    job.run(&state.besace.house.db, &Value::Null)
        .await
        .expect("run");
    assert_eq!(found(&mut claire, "delmas").await, ["Claire Delmas"]);
    let left = "SELECT COUNT(*) AS n FROM identity_agent WHERE words_version = 0";
    assert_eq!(state.besace.count(left, Vec::new()).await, 0);
}

async fn an_address_of_two_administrations_is_the_agent_s_who_signed_in(test: TestDb) {
    let (state, _claire) = with_colleagues(&test).await;
    let mut twin = known(201, "Paul", "Vernier", "Greffe", AGRICULTURE);
    twin.agent.attributes.uid = String::from("twin");
    state.besace.identity.know(vec![twin]).await.expect("known");
    let directory = &state.besace.identity;
    let address = || "paul.vernier@interieur.gouv.fr".to_owned();
    assert_eq!(directory.by_email(address()).await.expect("read"), None);
    let sql = "UPDATE identity_agent SET state = 'active' WHERE uid = 'twin'";
    state.besace.execute(sql, Vec::new()).await;
    let found = directory.by_email(address()).await.expect("read");
    assert_eq!(found.expect("one").id, AgentId::from_u128(201));
}

async fn administrations_are_listed_by_name_and_seen_anew_within_two_seconds(test: TestDb) {
    let (state, mut claire) = with_colleagues(&test).await;
    let labels = async |person: &mut Person| {
        let answer = person.besace().get("/api/v1/organisations").await.json();
        let items = answer["items"].as_array().expect("a list").clone();
        let label = |item: &Value| item["label"].as_str().expect("a label").to_owned();
        items.iter().map(label).collect::<Vec<_>>()
    };
    let before = [
        "Ministère de l’Agriculture",
        "Ministère de l’Intérieur",
        "Une entreprise",
    ];
    assert_eq!(labels(&mut claire).await, before);
    let second = state.restarted(|_| ()).await;
    let sql =
        "UPDATE identity_organisation SET label = 'Agriculture' WHERE siret = '11007001800012'";
    second.execute(sql, Vec::new()).await;
    let sql = "UPDATE identity_revision SET revision = revision + 1 WHERE kind = 'organisation'";
    second.execute(sql, Vec::new()).await;
    assert_eq!(labels(&mut claire).await, before, "kept for two seconds");
    state.clock.advance(std::time::Duration::from_secs(2));
    assert_eq!(labels(&mut claire).await[0], "Agriculture");
}
