//! Announcements as a source of the one search.

use std::sync::Arc;

use kernel::port::{Hit, PortError, SearchProvider, SearchQuery};
use kernel::{BoxFuture, Limit, Locale, Text, fold};

use super::Shown;
use crate::service::News;
use crate::texts::news as texts;

/// Characters of a body that a hit shows.
const EXCERPT: usize = 120;

/// The source.
pub(crate) struct AnnouncementSearch(pub(crate) Arc<News>);

impl SearchProvider for AnnouncementSearch {
    fn source(&self) -> &'static str {
        "announcements"
    }

    fn title(&self) -> Text {
        texts::ANNOUNCEMENTS
    }

    fn search(&self, query: SearchQuery) -> BoxFuture<'_, Result<Vec<Hit>, PortError>> {
        Box::pin(async move {
            let shown = self
                .0
                .announcements_for(&query.caller, None, Limit::new(Limit::MAX))
                .await
                .map_err(|cause| PortError::Unavailable(cause.to_string()))?;
            let words: Vec<String> = fold(&query.words)
                .split_whitespace()
                .map(str::to_owned)
                .collect();
            let most = usize::try_from(query.limit.rows()).unwrap_or(usize::MAX);
            let mut found: Vec<(bool, &Shown)> = shown
                .items
                .iter()
                .filter_map(|one| Some((matches(one, &words, query.locale)?, one)))
                .collect();
            // Where the title says it before where only the text does; the latest first.
            found.sort_by_key(|(in_title, _)| !in_title);
            Ok(found
                .into_iter()
                .take(most)
                .map(|(_, one)| hit(one, query.locale))
                .collect())
        })
    }
}

/// Whether every word begins one of the announcement's; whether the title alone does.
fn matches(shown: &Shown, words: &[String], locale: Locale) -> Option<bool> {
    let content = &shown.announcement.content;
    let title = fold(content.title.get(locale));
    let body = fold(content.body.get(locale));
    let begins = |text: &str, word: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|one| one.starts_with(word))
    };
    if words.is_empty() {
        return None;
    }
    let in_title = words.iter().all(|word| begins(&title, word));
    let anywhere = words
        .iter()
        .all(|word| begins(&title, word) || begins(&body, word));
    (in_title || anywhere).then_some(in_title)
}

fn hit(shown: &Shown, locale: Locale) -> Hit {
    let content = &shown.announcement.content;
    let body = content.body.get(locale);
    let line = body.lines().next().unwrap_or_default();
    let mut excerpt: String = line.chars().take(EXCERPT).collect();
    if excerpt.len() < body.len() {
        excerpt.push('…');
    }
    Hit {
        id: shown.announcement.id.to_string(),
        title: content.title.get(locale).to_owned(),
        detail: Some(format!("{} · {excerpt}", shown.organisation_label)),
        icon: Some("megaphone-line".to_owned()),
        link: format!("/annonces#{}", shown.announcement.id),
    }
}
