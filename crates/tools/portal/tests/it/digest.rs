//! Quiet hours and digests, over virtual days.

use std::time::Duration;

use http::Method;
use kernel::port::Urgency;
use kernel_db::testing::TestDb;
use serde_json::{Value, json};
use testkit::{Answer, Client, FixedClock, callers};

use crate::news_support::{News, notice};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    a_stranger_has_no_settings,
    settings_are_kept_and_an_edit_of_an_older_version_is_refused,
    a_setting_that_cannot_be_is_named,
    a_notice_of_ten_in_the_evening_rings_and_is_mailed_once_at_seven,
    a_notice_of_the_day_rings_at_once_and_is_mailed_the_next_morning,
    what_was_read_meanwhile_is_not_mailed,
    an_urgent_notice_passes_the_night_when_allowed_and_not_otherwise,
    who_wants_no_mail_gets_none_and_pages_still_ring_after_the_night,
    a_week_end_is_quiet_and_muting_lasts_until_its_end,
    changed_settings_hold_for_what_waits,
    an_urgent_notice_leaves_although_settings_are_saved_just_before,
    without_a_directory_nothing_is_lost,
);

const PATH: &str = "/api/v1/settings";

/// 22:00 that day.
const TO_EVENING: Duration = Duration::from_mins(12 * 60 + 40);

async fn put(client: &mut Client, body: &Value, tag: Option<&str>) -> Answer {
    let mut client = client.clone();
    if let Some(tag) = tag {
        client = client.with_header("if-match", tag);
    }
    client.json(Method::PUT, PATH, body).await
}

/// Changes some settings of a reader.
async fn change(client: &mut Client, changes: &Value) {
    let read = client.get(PATH).await;
    let mut body = read.json();
    for (name, value) in changes.as_object().expect("changes") {
        body[name] = value.clone();
    }
    let tag = read.header("etag").to_owned();
    let written = put(client, &body, Some(&tag)).await;
    assert_eq!(written.status, 200, "{}", written.text());
}

async fn a_stranger_has_no_settings(test: TestDb) {
    let news = News::start(&test).await;
    let mut stranger = news.app.client();
    assert_eq!(stranger.get(PATH).await.status, 401);
    assert_eq!(
        put(&mut stranger, &json!({}), Some("\"v0\"")).await.status,
        401
    );
}

async fn settings_are_kept_and_an_edit_of_an_older_version_is_refused(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(callers::agent(1));
    let read = claire.get(PATH).await;
    assert_eq!(read.header("etag"), "\"v0\"");
    let mut body = read.json();
    assert_eq!(body["zone"], "Europe/Paris");
    assert_eq!(body["digestAt"], "08:00");
    body["digest"] = json!("weekly");
    body["zone"] = json!("Indian/Reunion");
    assert_eq!(put(&mut claire, &body, None).await.status, 428);
    let written = put(&mut claire, &body, Some("\"v0\"")).await;
    assert_eq!((written.status, written.header("etag")), (200, "\"v1\""));
    let stale = put(&mut claire, &body, Some("\"v0\"")).await;
    assert_eq!(stale.status, 412);
    assert_eq!(stale.json()["current"]["zone"], "Indian/Reunion");
    assert_eq!(claire.get(PATH).await.json(), body);
    let mut hugo = news.app.sessions_for(callers::agent(2));
    assert_eq!(hugo.get(PATH).await.json()["digest"], "daily");
}

async fn a_setting_that_cannot_be_is_named(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(callers::agent(1));
    let mut body = claire.get(PATH).await.json();
    body["zone"] = json!("Mars/Base");
    let refused = put(&mut claire, &body, Some("\"v0\"")).await;
    assert_eq!(refused.problem(), "invalid-settings");
    assert_eq!(refused.json()["field"], "zone");
    assert_eq!(claire.get(PATH).await.header("etag"), "\"v0\"");
}

async fn a_notice_of_ten_in_the_evening_rings_and_is_mailed_once_at_seven(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut page = news.listen(&claire).await;
    news.app.clock.advance(TO_EVENING);
    news.tell(&claire, "Du soir").await;
    news.round().await;
    assert!(page.heard().await.is_empty());
    assert!(news.mails().await.is_empty());
    assert_eq!(
        news.unread(claire.agent).await,
        (1, 1),
        "the inbox fills all the same"
    );
    // Every half hour of the night, until one minute to seven.
    for _ in 0..17 {
        news.app.clock.advance(Duration::from_mins(30));
        news.tell(&claire, "De la nuit").await;
        news.round().await;
    }
    news.app.clock.advance(Duration::from_mins(29));
    news.round().await;
    assert!(page.heard().await.is_empty());
    assert!(news.mails().await.is_empty());
    news.app.clock.advance(Duration::from_mins(1));
    news.round().await;
    assert_eq!(page.heard().await, ["inbox"]);
    let mails = news.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].mail.subject, "18 notifications non lues");
    assert_eq!(mails[0].mail.to.email(), "claire.delmas@example.gouv.fr");
    for _ in 0..6 {
        news.app.clock.advance(Duration::from_mins(30));
        news.round().await;
    }
    assert_eq!(
        news.mails().await.len(),
        1,
        "eight o’clock has passed and nothing more"
    );
}

async fn a_notice_of_the_day_rings_at_once_and_is_mailed_the_next_morning(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut page = news.listen(&claire).await;
    news.tell(&claire, "Du jour").await;
    assert_eq!(page.heard().await, ["inbox"]);
    let mut hugo_page = news.listen(&callers::agent(2)).await;
    news.tell(&claire, "Encore").await;
    assert!(hugo_page.heard().await.is_empty());
    news.app
        .clock
        .set(FixedClock::START.plus(Duration::from_hours(22)));
    news.round().await;
    assert!(news.mails().await.is_empty(), "07:20");
    news.app
        .clock
        .set(FixedClock::START.plus(Duration::from_mins(22 * 60 + 40)));
    news.round().await;
    news.round().await;
    assert_eq!(news.mails().await.len(), 1, "08:00");
}

async fn what_was_read_meanwhile_is_not_mailed(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    news.tell(&claire, "Lue").await;
    let mut reader = news.app.sessions_for(claire);
    reader.call(Method::POST, "/api/v1/inbox/read-all").await;
    news.app.clock.advance(Duration::from_hours(24));
    news.round().await;
    assert!(news.mails().await.is_empty());
}

async fn an_urgent_notice_passes_the_night_when_allowed_and_not_otherwise(test: TestDb) {
    let news = News::start(&test).await;
    let (claire, hugo) = (callers::agent(1), callers::agent(2));
    let mut reader = news.app.sessions_for(claire.clone());
    change(&mut reader, &json!({"allowUrgent": true})).await;
    let mut claire_page = news.listen(&claire).await;
    let mut hugo_page = news.listen(&hugo).await;
    news.app.clock.advance(TO_EVENING);
    for agent in [&claire, &hugo] {
        news.tell(agent, "Peut attendre").await;
        let mut urgent = notice(agent, "Évacuation");
        urgent.urgency = Urgency::Urgent;
        news.notify(urgent).await;
    }
    news.round().await;
    assert_eq!(claire_page.heard().await, ["inbox"]);
    assert!(hugo_page.heard().await.is_empty());
    let mails = news.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].mail.subject, "Urgent\u{a0}: Évacuation");
    assert_eq!(mails[0].mail.to.name(), Some("Claire Delmas"));
    news.app.clock.advance(Duration::from_hours(9));
    news.round().await;
    let subjects: Vec<_> = news
        .mails()
        .await
        .into_iter()
        .map(|one| one.mail.subject)
        .collect();
    assert_eq!(subjects.len(), 3);
    assert!(
        subjects.contains(&"1 notification non lue".to_owned()),
        "Claire’s other one"
    );
    assert!(
        subjects.contains(&"2 notifications non lues".to_owned()),
        "both of Hugo’s"
    );
}

async fn who_wants_no_mail_gets_none_and_pages_still_ring_after_the_night(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut reader = news.app.sessions_for(claire.clone());
    change(&mut reader, &json!({"digest": "none", "allowUrgent": true})).await;
    let mut page = news.listen(&claire).await;
    news.app.clock.advance(TO_EVENING);
    news.tell(&claire, "Du soir").await;
    assert!(page.heard().await.is_empty());
    news.app.clock.advance(Duration::from_hours(9));
    news.round().await;
    assert_eq!(page.heard().await, ["inbox"]);
    news.app.clock.advance(Duration::from_hours(48));
    news.round().await;
    assert!(news.mails().await.is_empty());
}

async fn a_week_end_is_quiet_and_muting_lasts_until_its_end(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    // Saturday 28 November, 10:00.
    let saturday = FixedClock::START.plus(Duration::from_mins((4 * 24) * 60 + 40));
    news.app.clock.set(saturday);
    news.tell(&claire, "Du samedi").await;
    news.app.clock.advance(Duration::from_hours(24));
    news.round().await;
    assert!(news.mails().await.is_empty(), "Sunday");
    news.app.clock.advance(Duration::from_hours(21));
    news.round().await;
    assert_eq!(news.mails().await.len(), 1, "Monday, 07:00");
    let mut reader = news.app.sessions_for(claire.clone());
    let until = news
        .app
        .house
        .clock
        .now()
        .plus(Duration::from_hours(5))
        .millis();
    change(&mut reader, &json!({"muteUntil": until})).await;
    let mut page = news.listen(&claire).await;
    news.tell(&claire, "Pendant le silence").await;
    news.round().await;
    assert!(page.heard().await.is_empty());
    news.app.clock.advance(Duration::from_hours(5));
    news.round().await;
    assert_eq!(page.heard().await, ["inbox"]);
    assert_eq!(news.mails().await.len(), 2);
}

async fn changed_settings_hold_for_what_waits(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    news.tell(&claire, "Du jour").await;
    let mut reader = news.app.sessions_for(claire.clone());
    change(&mut reader, &json!({"digestAt": "16:00"})).await;
    news.app.clock.advance(Duration::from_mins(6 * 60 + 40));
    news.round().await;
    assert_eq!(news.mails().await.len(), 1, "the same day at 16:00");
    news.tell(&claire, "Encore").await;
    change(&mut reader, &json!({"digest": "none"})).await;
    news.app.clock.advance(Duration::from_hours(48));
    news.round().await;
    assert_eq!(news.mails().await.len(), 1);
}

async fn an_urgent_notice_leaves_although_settings_are_saved_just_before(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut reader = news.app.sessions_for(claire.clone());
    let mut urgent = notice(&claire, "Évacuation");
    urgent.urgency = Urgency::Urgent;
    news.notify(urgent).await;
    change(&mut reader, &json!({"digestAt": "09:00"})).await;
    news.round().await;
    let mails = news.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].mail.subject, "Urgent\u{a0}: Évacuation");
}

async fn without_a_directory_nothing_is_lost(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    news.tell(&claire, "Du jour").await;
    news.app.clock.advance(Duration::from_hours(24));
    news.directory.set_failing(true);
    news.round().await;
    assert!(news.mails().await.is_empty());
    news.directory.set_failing(false);
    news.app.clock.advance(Duration::from_mins(2));
    news.round().await;
    assert_eq!(news.mails().await.len(), 1);
}
