//! The display settings, without script: a form that keeps the theme and comes back.

use askama::Template;
use axum::Form;
use axum::extract::{Extension, Query};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{Problem, Text};

use super::{PREFERENCES, Page, PageContext, local_path, texts};
use crate::problem::ApiError;
use crate::{House, ThemeChoice, cookies, csrf};

#[derive(Debug, serde::Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    retour: String,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Choice {
    theme: String,
    #[serde(default)]
    retour: String,
}

#[derive(Template)]
#[template(path = "preferences.html")]
struct Main<'a> {
    action: &'a str,
    title: &'a str,
    intro: &'a str,
    legend: &'a str,
    back: String,
    choices: Vec<(&'static str, &'a str, bool)>,
    keep: &'a str,
}

/// `GET /preferences/affichage?retour=…`.
pub(super) async fn show(context: PageContext, Query(wish): Query<Wish>) -> Response {
    let locale = context.locale;
    let choice = |choice: ThemeChoice, text: &'static Text| {
        (choice.word(), text.get(locale), choice == context.theme)
    };
    let main = Main {
        action: PREFERENCES,
        title: texts::DISPLAY.get(locale),
        intro: texts::THEME_INTRO.get(locale),
        legend: texts::THEME.get(locale),
        back: local_path(&wish.retour),
        choices: vec![
            choice(ThemeChoice::Light, &texts::LIGHT),
            choice(ThemeChoice::Dark, &texts::DARK),
            choice(ThemeChoice::System, &texts::SYSTEM),
        ],
        keep: texts::KEEP.get(locale),
    };
    let html = main.render().unwrap_or_default();
    Page::new(&context, texts::DISPLAY.get(locale), html).into_response()
}

/// `POST /preferences/affichage`.
pub(super) async fn keep(
    Extension(house): Extension<House>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Result<Response, ApiError> {
    if !csrf::is_same_origin(&house.site, &headers) {
        return Err(ApiError(csrf::refused()));
    }
    let Some(theme) = ThemeChoice::from_word(&choice.theme) else {
        return Err(ApiError(Problem::new(
            422,
            "unknown-theme",
            Text::fixed("Ce thème n’existe pas.", "This theme does not exist."),
        )));
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    let out = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(&local_path(&choice.retour)) {
        out.insert(header::LOCATION, location);
    }
    out.append(
        header::SET_COOKIE,
        house.cookies().preference(cookies::THEME, theme.word()),
    );
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

    #[tokio::test]
    async fn a_theme_is_kept_and_the_reader_comes_back() {
        let test = TestHouse::new().await;
        let shown = test
            .get("/preferences/affichage?retour=%2Fconnexion", &[])
            .await;
        assert!(
            shown.text().contains(r#"name="retour" value="/connexion""#),
            "{}",
            shown.text()
        );
        let kept = test
            .send(
                "POST",
                "/preferences/affichage",
                &[FORM],
                "theme=dark&retour=%2Fconnexion",
            )
            .await;
        assert_eq!(
            (kept.status, kept.header("location").as_str()),
            (303, "/connexion")
        );
        assert!(kept.header("set-cookie").starts_with("besace-theme=dark;"));
        let page = test
            .get("/mentions-legales", &[("cookie", "besace-theme=dark")])
            .await;
        assert!(page.text().contains(r#"data-theme="dark""#));
    }

    #[tokio::test]
    async fn another_site_an_unknown_theme_and_a_foreign_way_back_are_refused() {
        let test = TestHouse::new().await;
        let post = async |headers: &[(&str, &str)], body: &str| {
            test.send("POST", "/preferences/affichage", headers, body)
                .await
        };
        let cross = post(&[FORM, ("origin", "https://evil.example")], "theme=dark").await;
        assert_eq!(cross.status, 403);
        assert_eq!(post(&[FORM], "theme=pink").await.status, 422);
        let away = post(&[FORM], "theme=dark&retour=//evil.example").await;
        assert_eq!(away.header("location"), "/");
    }
}
