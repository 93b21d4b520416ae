//! `/demonstration/courriels`: the mails, latest first.

use axum::extract::State;
use kernel::Locale;
use kernel_http::Page;
use kernel_http::pages::PageContext;

use super::{Mails, Received};

/// The page.
pub(super) async fn list(State(mails): State<Mails>, context: PageContext) -> Page {
    let (title, intro) = match context.locale {
        Locale::Fr => (
            "Courriels de la démonstration",
            "Ce que Besace a envoyé depuis le démarrage. Rien ne quitte cette machine.",
        ),
        Locale::En => (
            "Mails of the demonstration",
            "What Besace has sent since it started. Nothing leaves this machine.",
        ),
    };
    let received = mails.all();
    let mut main = format!("<h1>{title}</h1><p>{intro}</p>");
    if received.is_empty() {
        main.push_str(match context.locale {
            Locale::Fr => {
                "<p>Aucun courriel pour l’instant. Le résumé des notifications non lues part le \
                 matin, après les heures de silence.</p>"
            }
            Locale::En => {
                "<p>No mail yet. The digest of unread notices leaves in the morning, after the \
                 quiet hours.</p>"
            }
        });
    }
    for mail in &received {
        main.push_str(&article(mail, context.locale));
    }
    let mut page = Page::new(&context, title, main);
    page.look.art = false;
    page
}

fn article(mail: &Received, locale: Locale) -> String {
    let to = match locale {
        Locale::Fr => "À",
        Locale::En => "To",
    };
    let text: Vec<String> = mail
        .text
        .replace("\r\n", "\n")
        .trim()
        .split("\n\n")
        .map(|paragraph| format!("<p>{}</p>", escaped(paragraph).replace('\n', "<br>")))
        .collect();
    format!(
        "<article id=\"courriel-{}\"><h2>{}</h2><p>{to} {} · {}</p>{}<hr></article>",
        mail.number,
        escaped(&mail.subject),
        escaped(&mail.to),
        when(mail, locale),
        text.concat(),
    )
}

fn when(mail: &Received, locale: Locale) -> String {
    let at = jiff::Timestamp::from_millisecond(mail.at.millis()).unwrap_or_default();
    let zone = jiff::tz::TimeZone::get("Europe/Paris").unwrap_or(jiff::tz::TimeZone::UTC);
    let wall = zone.to_datetime(at);
    let (day, month, hour, minute) = (wall.day(), wall.month(), wall.hour(), wall.minute());
    match locale {
        Locale::Fr => format!("{day:02}/{month:02}, {hour}\u{a0}h\u{a0}{minute:02}"),
        Locale::En => format!("{day:02}/{month:02}, {hour}:{minute:02}"),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}
