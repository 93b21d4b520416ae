//! The life of an account, seen from its agent's browser and applications: what is refused, what
//! closes, what a page says of it, and who comes back.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt as _;
use identity::domain::life::Step;
use kernel::Clock as _;
use kernel_db::testing::TestDb;
use kernel_db::{JobHandler, Value};
use tower::ServiceExt as _;

use crate::support::{Application, CLAIRE, HUGO, Instance, Person, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_suspension_refuses_everything_and_says_so_in_each_tab,
    a_suspension_closes_the_open_stream_of_its_agent_and_no_other,
    another_node_lets_the_stream_go_without_a_bus,
    who_is_back_signs_in_and_is_the_same,
    who_left_is_told_that_the_account_is_closed,
    who_was_erased_comes_back_as_somebody_new,
    a_sign_in_at_the_moment_of_a_suspension_opens_nothing,
    a_domain_renamed_costs_nobody_their_account,
);

async fn act(state: &State, email: &str, step: Step) -> usize {
    let with = (state.clock.now(), Arc::clone(&state.besace.house.rng));
    let done = identity::act_on_address(&state.besace.house.db, with, email, step, None).await;
    done.expect("done").expect("one account").sessions
}

/// The frames of a browser's stream.
struct Frames(axum::body::BodyDataStream);

impl Frames {
    async fn open(instance: &Instance, cookie: &str) -> Self {
        let name = instance.house.cookies().session();
        let request = http::Request::get("/api/v1/live")
            .header("cookie", format!("{name}={cookie}"))
            .body(Body::empty())
            .expect("a request");
        let answer = instance.router.clone().oneshot(request).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), 200);
        let mut frames = Self(answer.into_body().into_data_stream());
        assert!(frames.next().await.expect("open").starts_with("retry:"));
        frames
    }

    async fn next(&mut self) -> Option<String> {
        let next = tokio::time::timeout(Duration::from_secs(10), self.0.next());
        let bytes = next.await.expect("in time")?.expect("a frame");
        Some(String::from_utf8(bytes.to_vec()).expect("text"))
    }

    /// Whether nothing comes.
    async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(50), self.0.next())
            .await
            .is_err()
    }
}

fn cookie_of(state: &State, person: &mut Person) -> String {
    let name = state.besace.house.cookies().session();
    person.besace().cookie(&name).expect("a cookie").to_owned()
}

async fn a_suspension_refuses_everything_and_says_so_in_each_tab(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let (mut claire, mut hugo) = (state.person(), state.person());
    claire.sign_in(CLAIRE).await;
    hugo.sign_in(HUGO).await;
    let tokens = mission.tokens(&mut claire).await;
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(mission.userinfo(token).await.status, 200);
    let code = mission.silent_code(&mut claire).await;

    assert_eq!(act(&state, CLAIRE.email, Step::Suspend).await, 1);
    assert!(claire.who().await.is_null());
    assert_eq!(mission.userinfo(token).await.status, 401);
    assert_eq!(mission.exchange(&code).await.status, 400, "a code too");
    for tab in 1..=3 {
        let mut tab_of_hers = claire.clone();
        let place = tab_of_hers.open("/connexion?retour=/outils").await;
        let page = place.page();
        assert_eq!(page.status, 403, "tab {tab}");
        assert!(page.text().contains("Votre compte est suspendu"), "{tab}");
        assert!(page.text().contains("Y500024"), "{tab}");
        assert_eq!(page.header("clear-site-data"), "\"storage\"", "{tab}");
    }
    let again = claire.open("/connexion?autre=1").await;
    assert_eq!(again.page().status, 200, "with another address");
    assert!(again.url.path().starts_with("/connexion/"));
    // Her ministry recognises her still.
    let refused = claire.give_address(&again, CLAIRE.email).await;
    assert!(refused.page().text().contains("Y500024"));
    assert!(claire.who().await.is_null());
    assert!(!hugo.who().await.is_null(), "nobody else is touched");
}

async fn a_suspension_closes_the_open_stream_of_its_agent_and_no_other(test: TestDb) {
    let state = State::new(&test).await;
    let (mut claire, mut hugo) = (state.person(), state.person());
    claire.sign_in(CLAIRE).await;
    hugo.sign_in(HUGO).await;
    let mut hers = Frames::open(&state.besace, &cookie_of(&state, &mut claire)).await;
    let mut his = Frames::open(&state.besace, &cookie_of(&state, &mut hugo)).await;
    act(&state, CLAIRE.email, Step::Suspend).await;
    let heard = state.besace.identity.hear_session_ends().await;
    assert_eq!(heard.expect("heard"), 1);
    let end = hers.next().await.expect("the end");
    assert!(end.starts_with("event: end\n"), "{end}");
    assert_eq!(hers.next().await, None);
    assert!(his.is_silent().await);
    let again = state.besace.identity.hear_session_ends().await;
    assert_eq!(again.expect("heard"), 0, "each is told once");
}

async fn another_node_lets_the_stream_go_without_a_bus(test: TestDb) {
    let state = State::new(&test).await;
    let other = state.restarted(|_| ()).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let mut frames = Frames::open(&other, &cookie_of(&state, &mut claire)).await;
    act(&state, CLAIRE.email, Step::Depart).await;
    // The first node has told its own pages; this one has not heard yet.
    state
        .besace
        .identity
        .hear_session_ends()
        .await
        .expect("heard");
    assert!(frames.is_silent().await);
    assert_eq!(other.identity.hear_session_ends().await.expect("heard"), 1);
    assert!(
        frames
            .next()
            .await
            .expect("the end")
            .starts_with("event: end\n")
    );
    assert_eq!(frames.next().await, None);
}

async fn who_is_back_signs_in_and_is_the_same(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let before = claire.who().await["agent"]["id"].clone();
    for step in [Step::Suspend, Step::Depart] {
        act(&state, CLAIRE.email, step).await;
        act(&state, CLAIRE.email, Step::Resume).await;
        assert!(
            claire.who().await.is_null(),
            "the session does not come back"
        );
        let mut again = state.person();
        again.sign_in(CLAIRE).await;
        assert_eq!(again.who().await["agent"]["id"], before, "{step:?}");
    }
}

async fn who_left_is_told_that_the_account_is_closed(test: TestDb) {
    let state = State::new(&test).await;
    state.person().sign_in(CLAIRE).await;
    act(&state, CLAIRE.email, Step::Depart).await;
    let mut again = state.person();
    let place = again.sign_in(CLAIRE).await;
    assert_eq!(place.page().status, 403);
    assert!(place.page().text().contains("Votre compte est clos"));
    assert!(again.who().await.is_null());
}

async fn who_was_erased_comes_back_as_somebody_new(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    mission.tokens(&mut claire).await;
    let before = claire.who().await["agent"]["id"].clone();
    act(&state, CLAIRE.email, Step::Depart).await;
    act(&state, CLAIRE.email, Step::Erase).await;
    run_waiting_jobs(&state).await;
    let mut again = state.person();
    again.sign_in(CLAIRE).await;
    let after = again.who().await["agent"].clone();
    assert_ne!(after["id"], before);
    assert_eq!(after["email"], CLAIRE.email);
    let id = kernel::AgentId::parse(before.as_str().expect("an id")).expect("an id");
    for left in [
        "SELECT COUNT(*) AS n FROM identity_received WHERE agent = $1",
        "SELECT COUNT(*) AS n FROM identity_grant WHERE agent = $1",
        "SELECT COUNT(*) AS n FROM identity_session_end WHERE agent = $1",
        "SELECT COUNT(*) AS n FROM identity_agent_word WHERE agent = $1",
        "SELECT COUNT(*) AS n FROM identity_login WHERE agent = $1",
        "SELECT COUNT(*) AS n FROM journal_pending WHERE actor = $1 AND personal IS NOT NULL",
    ] {
        let count = state.besace.count(left, vec![Value::from(id)]).await;
        assert_eq!(count, 0, "{left}");
    }
    let signed_in = "SELECT COUNT(*) AS n FROM journal_pending
                     WHERE actor = $1 AND act = 'identity.session.open'";
    let count = state.besace.count(signed_in, vec![Value::from(id)]).await;
    assert_eq!(count, 1, "what happened stays");
}

/// Does what waits for the background, twice: nothing is different the second time.
async fn run_waiting_jobs(state: &State) {
    let tool = identity::tool(&state.besace.identity);
    let db = &state.besace.house.db;
    let payload = db
        .read(|tx| {
            Box::pin(async move {
                let sql = "SELECT payload FROM job WHERE kind = 'identity.erase'";
                let row = tx.query_optional(sql, &[]).await?.expect("a job");
                row.get::<String>("payload")
            })
        })
        .await
        .expect("a payload");
    let payload = serde_json::from_str(&payload).expect("JSON");
    let job = tool.jobs.iter().find(|job| job.kind() == "identity.erase");
    let job: &Arc<dyn JobHandler> = job.expect("a handler");
    for _ in 0..2 {
        job.run(db, &payload).await.expect("done");
    }
}

async fn a_sign_in_at_the_moment_of_a_suspension_opens_nothing(test: TestDb) {
    let state = State::new(&test).await;
    state.person().sign_in(CLAIRE).await;
    for _ in 0..4 {
        let mut claire = state.person();
        let tab = claire.open("/connexion").await;
        let ministry = claire.give_address(&tab, CLAIRE.email).await;
        let callback = claire.until_callback(&ministry, CLAIRE).await;
        let (_, ended) = futures_util::future::join(
            claire.besace().get(callback.as_str()),
            act(&state, CLAIRE.email, Step::Suspend),
        )
        .await;
        assert!(ended <= 2);
        assert!(claire.who().await.is_null());
        let open = "SELECT COUNT(*) AS n FROM identity_session";
        assert_eq!(state.besace.count(open, Vec::new()).await, 0);
        act(&state, CLAIRE.email, Step::Resume).await;
    }
}

async fn a_domain_renamed_costs_nobody_their_account(test: TestDb) {
    let state = State::new(&test).await;
    let (mut claire, mut common) = (state.person(), state.person());
    claire.sign_in(CLAIRE).await;
    common.sign_in(HUGO).await;
    let before = claire.who().await["agent"]["id"].clone();
    let rename = |old: &str, new: &str, apply: bool| {
        let with = (state.clock.now(), Arc::clone(&state.besace.house.rng));
        let renaming = identity::Renaming {
            old: old.to_owned(),
            new: new.to_owned(),
            siret: "11001401600015".to_owned(),
        };
        let db = state.besace.house.db.clone();
        async move {
            let renamed = identity::rename_domain(&db, with, renaming, apply).await;
            renamed.expect("done").expect("an administration")
        }
    };
    let said = rename("interieur.gouv.fr", "partage.gouv.fr", false).await;
    assert_eq!((said.agents, said.taken.len()), (2, 0));
    let still = "SELECT COUNT(*) AS n FROM identity_agent WHERE email LIKE '%@interieur.gouv.fr'";
    assert_eq!(state.besace.count(still, Vec::new()).await, 2, "only said");
    let done = rename("interieur.gouv.fr", "partage.gouv.fr", true).await;
    assert_eq!(done, said);
    assert_eq!(state.besace.count(still, Vec::new()).await, 0);
    assert_eq!(
        claire.who().await["agent"]["email"],
        "claire.delmas@partage.gouv.fr"
    );
    let again = rename("interieur.gouv.fr", "partage.gouv.fr", true).await;
    assert_eq!(again.agents, 0, "done again, it changes nothing");
    let mut back = state.person();
    back.sign_in(CLAIRE).await;
    assert_eq!(back.who().await["agent"]["id"], before);
    // The ministry still says the old address of her: of the two, one is taken now.
    let sql = "UPDATE identity_agent SET email = 'claire.delmas@interieur.gouv.fr'
               WHERE usual_name = 'Martin'";
    state.besace.execute(sql, Vec::new()).await;
    let sql = "UPDATE identity_agent SET email = 'claire.delmas@partage.gouv.fr'
               WHERE usual_name = 'Delmas'";
    state.besace.execute(sql, Vec::new()).await;
    let refused = rename("interieur.gouv.fr", "partage.gouv.fr", true).await;
    assert_eq!(refused.agents, 0);
    assert_eq!(refused.taken, ["claire.delmas@partage.gouv.fr"]);
    let journal = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.domain.rename'";
    assert_eq!(state.besace.count(journal, Vec::new()).await, 1);
}
