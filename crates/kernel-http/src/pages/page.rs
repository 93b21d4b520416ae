//! The layout.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::{Locale, Problem};
use url::Url;

use super::context::PageContext;
use super::look::{Look, Mark};
use super::{PREFERENCES, icon, style, texts};
use crate::csp::Policy;
use crate::problem;
use crate::site::Site;

/// A page on its way out.
#[derive(Debug, Clone)]
pub struct Page {
    /// Title, in the reader's language.
    pub title: String,
    /// HTML of the main column, with its `h1`; trusted: made by a template that escapes.
    pub main: String,
    /// HTML of the panel beside it; trusted too. None: the look's drawing, or no panel.
    pub aside: Option<String>,
    /// Links before the footer's own: address and text.
    pub footer: Vec<(String, String)>,
    /// How it looks; the site's unless changed.
    pub look: Look,
    /// Where the page goes on to by itself. The main column holds a plain link too.
    pub refresh: Option<Url>,
    /// Status.
    pub status: StatusCode,
    /// Policy; forms go home unless [`Page::with_form_action`] says otherwise.
    pub policy: Policy,
    context: PageContext,
}

impl Page {
    /// A page with a main column.
    pub fn new(context: &PageContext, title: impl Into<String>, main: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            main: main.into(),
            aside: None,
            footer: Vec::new(),
            look: context
                .site
                .as_ref()
                .map(|site| site.look.clone())
                .unwrap_or_default(),
            refresh: None,
            status: StatusCode::OK,
            policy: Policy::page(),
            context: context.clone(),
        }
    }

    /// With a panel.
    pub fn with_aside(mut self, html: impl Into<String>) -> Self {
        self.aside = Some(html.into());
        self
    }

    /// With another look.
    pub fn with_look(mut self, look: Look) -> Self {
        self.look = look;
        self
    }

    /// With a status other than 200.
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Goes on by itself, with status 200: Chromium would apply `form-action` to a redirect.
    pub fn with_refresh(mut self, to: Url) -> Self {
        self.refresh = Some(to);
        self
    }

    /// Lets the page's forms go to another origin.
    pub fn with_form_action(mut self, target: &Url) -> Self {
        self.policy = self.policy.with_form_action(target);
        self
    }

    /// With a link before the footer's own.
    pub fn with_footer_link(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.footer.push((href.into(), text.into()));
        self
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct Layout<'a> {
    lang: &'static str,
    theme: &'static str,
    title: &'a str,
    site_name: &'a str,
    style: String,
    accent: Option<String>,
    product: &'a str,
    letter: Option<char>,
    bag: &'static str,
    main: &'a str,
    aside: Option<&'a str>,
    art: bool,
    links: &'a [(String, String)],
    skip: &'a str,
    accessibility: String,
    notice: &'a str,
    privacy: &'a str,
    display: &'a str,
    display_href: String,
    other_lang: &'static str,
    other_name: &'static str,
    other_href: String,
    demo: Option<&'a str>,
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let Some(site) = self.context.site.clone() else {
            return problem::json(&Problem::internal(), self.context.locale, None);
        };
        let html = match self.layout(&site).render() {
            Ok(html) => html,
            Err(cause) => {
                tracing::error!(%cause, "a page cannot be rendered");
                return problem::json(
                    &Problem::internal(),
                    self.context.locale,
                    self.context.request_id,
                );
            }
        };
        let mut response = (self.status, html).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(self.context.locale.tag()),
        );
        if let Some(to) = &self.refresh
            && matches!(to.scheme(), "https" | "http")
            && let Ok(value) = HeaderValue::from_str(&format!("0; url={to}"))
        {
            headers.insert(header::REFRESH, value);
        }
        response.extensions_mut().insert(self.policy);
        response
    }
}

impl Page {
    fn layout<'a>(&'a self, site: &'a Site) -> Layout<'a> {
        let locale = self.context.locale;
        let other = match locale {
            Locale::Fr => Locale::En,
            Locale::En => Locale::Fr,
        };
        let here = &self.context.here;
        let mark = if here.contains('?') { '&' } else { '?' };
        Layout {
            lang: locale.tag(),
            theme: self.context.theme.word(),
            title: &self.title,
            site_name: &site.name,
            style: style::address(),
            accent: self.look.accent.map(style::accent_address),
            product: &self.look.product,
            letter: match self.look.mark {
                Mark::Bag => None,
                Mark::Letter(letter) => Some(letter),
            },
            bag: icon::BAG,
            main: &self.main,
            aside: self.aside.as_deref(),
            art: self.look.art,
            links: &self.footer,
            skip: said(&texts::SKIP, locale),
            accessibility: texts::accessibility_state(site.accessibility(), locale),
            notice: said(&texts::NOTICE, locale),
            privacy: said(&texts::PRIVACY, locale),
            display: said(&texts::DISPLAY, locale),
            display_href: format!("{PREFERENCES}?retour={}", encoded(here)),
            other_lang: other.tag(),
            other_name: match other {
                Locale::Fr => "Français",
                Locale::En => "English",
            },
            other_href: format!("{here}{mark}lang={}", other.tag()),
            demo: site.demo.then(|| said(&texts::DEMO, locale)),
        }
    }
}

fn said(text: &'static kernel::Text, locale: Locale) -> &'static str {
    text.get(locale)
}

fn encoded(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::ThemeChoice;
    use http_body_util::BodyExt as _;
    use std::sync::Arc;

    fn context(locale: Locale) -> PageContext {
        PageContext {
            site: Some(Arc::new(Site::new(
                Url::parse("https://besace.test/").expect("url"),
            ))),
            locale,
            theme: ThemeChoice::Dark,
            here: "/connexion?retour=%2Foutils".to_owned(),
            request_id: None,
        }
    }

    async fn text(page: Page) -> String {
        let body = page
            .into_response()
            .into_body()
            .collect()
            .await
            .expect("body");
        String::from_utf8(body.to_bytes().to_vec()).expect("text")
    }

    #[tokio::test]
    async fn a_page_says_its_language_its_theme_and_the_way_to_the_other_language() {
        let html = text(Page::new(
            &context(Locale::Fr),
            "Se connecter",
            "<h1>Bonjour</h1>",
        ))
        .await;
        assert!(
            html.contains(r#"<html lang="fr" data-theme="dark">"#),
            "{html}"
        );
        assert!(
            html.contains("<title>Se connecter – Besace</title>"),
            "{html}"
        );
        assert!(html.contains("<h1>Bonjour</h1>"));
        assert!(
            html.contains("lang=en\" lang=\"en\" hreflang=\"en\""),
            "{html}"
        );
        assert!(html.contains("Accessibilité\u{a0}: non conforme"), "{html}");
        assert!(html.contains("width=device-width"));
        let english = text(Page::new(&context(Locale::En), "Sign in", "")).await;
        assert!(
            english.contains("Accessibility: not compliant"),
            "{english}"
        );
    }

    #[tokio::test]
    async fn a_page_has_no_inline_script_or_style_and_escapes_its_title() {
        let html = text(Page::new(&context(Locale::Fr), "<script>x</script>", "")).await;
        assert!(!html.contains("<script"), "{html}");
        assert!(
            !html.contains("<style") && !html.contains(" style="),
            "{html}"
        );
    }

    #[test]
    fn a_page_that_goes_on_says_where_and_answers_200() {
        let to = Url::parse("https://fia.test/end?a=1").expect("url");
        let page = Page::new(&context(Locale::Fr), "t", "m").with_refresh(to);
        let response = page.into_response();
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.headers()["refresh"],
            "0; url=https://fia.test/end?a=1"
        );
        let script = Url::parse("javascript:alert(1)").expect("url");
        let script = Page::new(&context(Locale::Fr), "t", "m").with_refresh(script);
        assert!(!script.into_response().headers().contains_key("refresh"));
        let still = Page::new(&context(Locale::Fr), "t", "m").into_response();
        assert!(!still.headers().contains_key("refresh"));
    }

    #[tokio::test]
    async fn a_ministry_looks_like_itself() {
        let accent = crate::pages::Accent::parse("#8d533e").expect("colour");
        let look = Look::ministry("Ministère de la Justice", accent);
        let html = text(Page::new(&context(Locale::Fr), "t", "m").with_look(look)).await;
        assert!(html.contains("/_pages/accent-8d533e.css"), "{html}");
        assert!(html.contains("Ministère de la Justice"));
        assert!(!html.contains("bs-sign__art"));
    }
}
