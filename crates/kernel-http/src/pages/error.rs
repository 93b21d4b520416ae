//! A refusal as a page: what happened, what is kept, what to do next, the request's number.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::Problem;

use super::{Page, PageContext, texts};
use crate::site::Support;

/// Something to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Where it leads.
    pub href: String,
    /// A verb and its result.
    pub label: String,
}

/// An error page with words of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPage {
    /// What happened.
    pub title: String,
    /// What is kept, what to do.
    pub text: String,
    /// The first is the one to take.
    pub actions: Vec<Action>,
    /// Who helps; the site's support when none.
    pub support: Option<Support>,
    /// Status.
    pub status: u16,
}

#[derive(Template)]
#[template(path = "error.html")]
struct Main<'a> {
    title: &'a str,
    text: &'a str,
    actions: &'a [Action],
    contact: &'a str,
    support: Option<Contact>,
    request: &'a str,
    request_id: Option<String>,
}

struct Contact {
    label: String,
    phone: Option<(String, String)>,
    email: Option<String>,
    hours: Option<String>,
}

impl ErrorPage {
    /// The page, to be given an aside if need be.
    pub fn page(&self, context: &PageContext) -> Page {
        let locale = context.locale;
        let support = self
            .support
            .as_ref()
            .or(context.site.as_ref().map(|site| &site.support))
            .filter(|support| support.phone.is_some() || support.email.is_some())
            .map(|support| Contact {
                label: support.label.get(locale).to_owned(),
                phone: support
                    .phone
                    .as_ref()
                    .map(|phone| (dialled(phone), phone.clone())),
                email: support.email.clone(),
                hours: support
                    .hours
                    .as_ref()
                    .map(|hours| hours.get(locale).to_owned()),
            });
        let main = Main {
            title: &self.title,
            text: &self.text,
            actions: &self.actions,
            contact: texts::WHOM_TO_CALL.get(locale),
            support,
            request: texts::REQUEST.get(locale),
            request_id: context.request_id.map(|id| id.to_string()),
        };
        let main = main.render().unwrap_or_default();
        Page::new(context, self.title.clone(), main).with_status(
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        )
    }
}

/// A French number as a phone dials it.
fn dialled(phone: &str) -> String {
    let digits: String = phone
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    match digits.strip_prefix('0') {
        Some(rest) if digits.len() == 10 => format!("+33{rest}"),
        _ => digits,
    }
}

/// The page of a problem.
pub(crate) fn page(context: &PageContext, problem: &Problem) -> Response {
    let locale = context.locale;
    let said = |text: &kernel::Text| text.get(locale).to_owned();
    let home = Action {
        href: "/".to_owned(),
        label: said(&texts::BACK_HOME),
    };
    let actions = match problem.status {
        401 => vec![
            Action {
                href: "/connexion".to_owned(),
                label: said(&texts::SIGN_IN),
            },
            home,
        ],
        429 | 500.. => vec![
            Action {
                href: context.here.clone(),
                label: said(&texts::TRY_AGAIN),
            },
            home,
        ],
        _ => vec![home],
    };
    ErrorPage {
        title: said(&problem.title),
        text: problem.detail.as_ref().map(said).unwrap_or_default(),
        actions,
        support: None,
        status: problem.status,
    }
    .page(context)
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Site;
    use crate::testing::TestHouse;
    use url::Url;

    #[tokio::test]
    async fn an_error_page_says_whom_to_call_when_there_is_somebody() {
        let mut site = Site::new(Url::parse("http://localhost:1/").expect("url"));
        let browser = [("accept", "text/html")];
        let nobody = TestHouse::of(site.clone())
            .await
            .get("/nowhere", &browser)
            .await;
        assert!(
            !nobody.text().contains("Qui contacter"),
            "{}",
            nobody.text()
        );
        site.support.phone = Some("01 99 00 41 20".to_owned());
        let page = TestHouse::of(site).await.get("/nowhere", &browser).await;
        assert!(page.text().contains("Qui contacter"));
        assert!(
            page.text().contains(r#"href="tel:+33199004120""#),
            "{}",
            page.text()
        );
    }

    #[tokio::test]
    async fn a_refused_reader_is_shown_the_way_in() {
        let test = TestHouse::new().await;
        let page = test.get("/api/v1/test/me", &[]).await;
        assert_eq!(page.status, 401);
        let context = PageContext {
            site: Some(std::sync::Arc::clone(&test.house.site)),
            locale: kernel::Locale::En,
            theme: crate::ThemeChoice::System,
            here: "/".to_owned(),
            request_id: None,
        };
        let shown = super::page(&context, &Problem::sign_in_required());
        assert_eq!(shown.status(), 401);
    }

    #[test]
    fn a_number_is_dialled_from_abroad_too() {
        assert_eq!(dialled("01 99 00 41 20"), "+33199004120");
        assert_eq!(dialled("+32 2 123 45 67"), "+3221234567");
        assert_eq!(dialled("3939"), "3939");
    }
}
