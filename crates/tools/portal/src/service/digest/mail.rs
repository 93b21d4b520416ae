//! The text of a digest.

use std::fmt::Write as _;

use kernel::port::Person;
use kernel::{Locale, Text};
use kernel_mail::{Mail, Mailbox};
use url::Url;

use crate::domain::news::{StoredNotice, Zone};
use crate::texts::news::source_name;

/// Notices that are written out.
const SHOWN: usize = 20;
/// Where the inbox is.
const INBOX: &str = "/notifications";
/// Where quiet hours and digests are set.
const SETTINGS: &str = "/reglages";

/// One notice, ready to be written.
struct Line {
    when: String,
    source: String,
    title: String,
    detail: Option<String>,
    link: Option<String>,
}

/// A mail with these notices, latest first; none when there is none, or nowhere to write to.
pub(super) fn compose(
    person: &Person,
    notices: &[StoredNotice],
    urgent: bool,
    zone: &Zone,
    base_url: &Url,
) -> Option<Mail> {
    let locale = person.locale.unwrap_or_default();
    let first = notices.first()?;
    let to = match Mailbox::parse(Some(&person.display_name()), &person.email) {
        Ok(to) => to,
        Err(cause) => {
            tracing::warn!(agent = %person.id, %cause, "an agent without an address gets no digest");
            return None;
        }
    };
    let lines: Vec<Line> = notices
        .iter()
        .take(SHOWN)
        .map(|notice| line(notice, locale, zone, base_url))
        .collect();
    let words = Words::of(locale, notices.len(), urgent);
    let said = |text: &Text| text.get(locale).to_owned();
    let subject = if urgent && notices.len() == 1 {
        said(&Text::made(
            format!("Urgent\u{a0}: {}", first.title.fr),
            format!("Urgent: {}", first.title.en),
        ))
    } else {
        words.subject.clone()
    };
    let inbox = absolute(base_url, INBOX)?;
    let settings = absolute(base_url, SETTINGS)?;
    let more = notices.len().saturating_sub(SHOWN);
    Some(Mail {
        to,
        subject,
        text: plain(&person.given_name, &words, &lines, more, &inbox, &settings),
        html: Some(html(
            &person.given_name,
            &words,
            &lines,
            more,
            &inbox,
            &settings,
        )),
        list_unsubscribe: Some(settings),
    })
}

/// What surrounds the notices.
struct Words {
    locale: Locale,
    subject: String,
    greeting: &'static str,
    intro: String,
    open: &'static str,
    why: &'static str,
    change: &'static str,
}

impl Words {
    fn of(locale: Locale, count: usize, urgent: bool) -> Self {
        let one = count == 1;
        match locale {
            Locale::Fr => Self {
                locale,
                subject: match (urgent, one) {
                    (true, _) => format!("{count} notifications urgentes"),
                    (false, true) => "1 notification non lue".to_owned(),
                    (false, false) => format!("{count} notifications non lues"),
                },
                greeting: "Bonjour",
                intro: if one {
                    "Une notification vous attend dans Besace.".to_owned()
                } else {
                    format!("{count} notifications vous attendent dans Besace.")
                },
                open: "Ouvrir les notifications",
                why: "Aucun courriel ne part pendant vos heures de silence, sauf urgence si vous \
                      l’autorisez.",
                change: "Changer les heures de silence et le résumé",
            },
            Locale::En => Self {
                locale,
                subject: match (urgent, one) {
                    (true, _) => format!("{count} urgent notices"),
                    (false, true) => "1 unread notice".to_owned(),
                    (false, false) => format!("{count} unread notices"),
                },
                greeting: "Hello",
                intro: if one {
                    "One notice awaits you in Besace.".to_owned()
                } else {
                    format!("{count} notices await you in Besace.")
                },
                open: "Open the notices",
                why: "No mail leaves during your quiet hours, but urgent ones if you allow it.",
                change: "Change quiet hours and digest",
            },
        }
    }

    fn colon(&self) -> &'static str {
        match self.locale {
            Locale::Fr => "\u{a0}: ",
            Locale::En => ": ",
        }
    }

    fn more(&self, more: usize) -> Option<String> {
        (more > 0).then(|| match self.locale {
            Locale::Fr => format!("Et {more} de plus."),
            Locale::En => format!("And {more} more."),
        })
    }
}

fn line(notice: &StoredNotice, locale: Locale, zone: &Zone, base_url: &Url) -> Line {
    let said = |text: &Text| text.get(locale).to_owned();
    let name = notice
        .source_name
        .clone()
        .or_else(|| source_name(&notice.source));
    Line {
        when: when(notice, locale, zone),
        source: name.map_or_else(|| notice.source.clone(), |name| said(&name)),
        title: said(&notice.title),
        detail: notice.detail.as_ref().map(said),
        link: notice
            .link
            .as_ref()
            .and_then(|link| absolute(base_url, link)),
    }
}

fn when(notice: &StoredNotice, locale: Locale, zone: &Zone) -> String {
    let wall = zone.civil(notice.at);
    let (day, month) = (wall.day(), wall.month());
    let (hour, minute) = (wall.hour(), wall.minute());
    match locale {
        Locale::Fr => format!("{day:02}/{month:02}, {hour}\u{a0}h\u{a0}{minute:02}"),
        Locale::En => format!("{day:02}/{month:02}, {hour}:{minute:02}"),
    }
}

fn absolute(base_url: &Url, link: &str) -> Option<String> {
    base_url.join(link).ok().map(String::from)
}

fn plain(
    name: &str,
    words: &Words,
    lines: &[Line],
    more: usize,
    inbox: &str,
    settings: &str,
) -> String {
    let mut text = format!("{} {name},\n\n{}\n", words.greeting, words.intro);
    for line in lines {
        // Writing to a text cannot fail.
        let _ = write!(text, "\n- {} ({}, {})", line.title, line.source, line.when);
        for more in [&line.detail, &line.link].into_iter().flatten() {
            let _ = write!(text, "\n  {}", more.replace('\n', "\n  "));
        }
    }
    if let Some(more) = words.more(more) {
        let _ = write!(text, "\n\n{more}");
    }
    let colon = words.colon();
    let _ = write!(
        text,
        "\n\n{}{colon}{inbox}\n\n{}\n{}{colon}{settings}\n",
        words.open, words.why, words.change
    );
    text
}

fn html(
    name: &str,
    words: &Words,
    lines: &[Line],
    more: usize,
    inbox: &str,
    settings: &str,
) -> String {
    let mut html = format!(
        "<!DOCTYPE html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{}</title><p>{} {},</p><p>{}</p><ul>",
        words.locale.tag(),
        escaped(&words.subject),
        words.greeting,
        escaped(name),
        escaped(&words.intro),
    );
    for line in lines {
        let title = escaped(&line.title);
        let title = match &line.link {
            Some(link) => format!("<a href=\"{}\">{title}</a>", escaped(link)),
            None => title,
        };
        let _ = write!(
            html,
            "<li><strong>{title}</strong> ({}, {})",
            escaped(&line.source),
            escaped(&line.when)
        );
        if let Some(detail) = &line.detail {
            let _ = write!(html, "<br>{}", escaped(detail).replace('\n', "<br>"));
        }
        html.push_str("</li>");
    }
    html.push_str("</ul>");
    if let Some(more) = words.more(more) {
        let _ = write!(html, "<p>{}</p>", escaped(&more));
    }
    let _ = write!(
        html,
        "<p><a href=\"{}\">{}</a></p><p><small>{} <a href=\"{}\">{}</a></small></p></html>",
        escaped(inbox),
        words.open,
        words.why,
        escaped(settings),
        words.change,
    );
    html
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::news::NoticeId;
    use kernel::port::Urgency;
    use kernel::{AgentId, OrganisationId, Timestamp};

    fn person(locale: Option<Locale>) -> Person {
        Person {
            id: AgentId::from_u128(1),
            given_name: "Claire".into(),
            usual_name: "Delmas".into(),
            email: "claire.delmas@interieur.example".into(),
            organisation: OrganisationId::from_u128(1),
            organisation_label: "Ministère".into(),
            organizational_unit: None,
            population: None,
            phone: None,
            locale,
        }
    }

    fn notice(title: &'static str) -> StoredNotice {
        StoredNotice {
            id: NoticeId::from_u128(1),
            source: "frais-de-mission".into(),
            source_name: Some(Text::fixed("Frais de mission", "Travel expenses")),
            icon: None,
            kind: "mission.order.signed".into(),
            urgency: Urgency::Normal,
            title: Text::made(title, format!("{title} (en)")),
            detail: Some(Text::fixed("Ligne 1\nLigne 2", "Line 1\nLine 2")),
            link: Some("/demonstration/frais".into()),
            action: None,
            until: None,
            at: Timestamp::from_seconds(1_795_508_400),
            read_at: None,
        }
    }

    fn mail(locale: Option<Locale>, notices: &[StoredNotice], urgent: bool) -> Option<Mail> {
        let zone = Zone::parse("Europe/Paris").expect("a zone");
        let base = Url::parse("https://besace.example/").expect("an address");
        compose(&person(locale), notices, urgent, &zone, &base)
    }

    #[test]
    fn a_digest_speaks_the_reader_s_language_and_leads_to_everything() {
        let french = mail(None, &[notice("Ordre signé")], false).expect("a mail");
        assert_eq!(french.subject, "1 notification non lue");
        assert!(
            french.text.starts_with("Bonjour Claire,"),
            "{}",
            french.text
        );
        let line = "- Ordre signé (Frais de mission, 24/11, 9\u{a0}h\u{a0}20)\n  Ligne 1\n  Ligne 2\n  https://besace.example/demonstration/frais";
        assert!(french.text.contains(line), "{}", french.text);
        assert!(french.text.contains("https://besace.example/reglages"));
        assert_eq!(
            french.list_unsubscribe.as_deref(),
            Some("https://besace.example/reglages")
        );
        let english = mail(Some(Locale::En), &[notice("a"), notice("b")], false).expect("a mail");
        assert_eq!(english.subject, "2 unread notices");
        assert!(
            english
                .text
                .contains("- a (en) (Travel expenses, 24/11, 9:20)"),
            "{}",
            english.text
        );
    }

    #[test]
    fn an_urgent_notice_is_named_in_the_subject() {
        let urgent = mail(None, &[notice("Évacuation")], true).expect("a mail");
        assert_eq!(urgent.subject, "Urgent\u{a0}: Évacuation");
        assert!(mail(None, &[], true).is_none());
    }

    #[test]
    fn nothing_of_a_notice_becomes_markup_and_a_long_list_is_cut() {
        let many = vec![notice("<script>x</script>"); 25];
        let mail = mail(None, &many, false).expect("a mail");
        let html = mail.html.expect("html");
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("<li>").count(), 20);
        assert!(mail.text.contains("Et 5 de plus."));
    }
}
