//! What the law wants said, out of the site's configuration. What nobody configured is said to
//! be missing; conformity is what an audit found, and without one there is none.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Locale, Problem, Text};
use kernel_db::Retention;

use super::{Page, PageContext, texts};
use crate::accessibility::{Accessibility, Audit};
use crate::problem::ApiError;
use crate::site::Site;

struct Section {
    title: String,
    paragraphs: Vec<String>,
}

#[derive(Template)]
#[template(path = "legal.html")]
struct Main<'a> {
    title: &'a str,
    intro: String,
    sections: Vec<Section>,
}

struct Writer {
    locale: Locale,
    sections: Vec<Section>,
}

impl Writer {
    fn section(&mut self, title: &Text, paragraphs: &[&Text]) {
        let said = |text: &Text| text.get(self.locale).to_owned();
        self.sections.push(Section {
            title: said(title),
            paragraphs: paragraphs.iter().map(|text| said(text)).collect(),
        });
    }

    fn configured(&mut self, title: &Text, text: Option<&Text>) {
        self.section(title, &[text.unwrap_or(&texts::NOT_STATED)]);
    }
}

fn answer(
    context: &PageContext,
    title: &Text,
    write: impl FnOnce(&Site, &mut Writer) -> Text,
) -> Result<Response, ApiError> {
    let site = context.site.as_ref().ok_or(ApiError(Problem::internal()))?;
    let mut writer = Writer {
        locale: context.locale,
        sections: Vec::new(),
    };
    let intro = write(site, &mut writer);
    let title = title.get(context.locale);
    let main = Main {
        title,
        intro: intro.get(context.locale).to_owned(),
        sections: writer.sections,
    };
    let mut page = Page::new(context, title, main.render().unwrap_or_default());
    page.look.art = false;
    Ok(page.into_response())
}

fn contact(site: &Site) -> Text {
    let support = &site.support;
    let mut ways: Vec<&str> = Vec::new();
    ways.extend(support.phone.as_deref());
    ways.extend(support.email.as_deref());
    if ways.is_empty() {
        return texts::NOT_STATED.clone();
    }
    let ways = ways.join(", ");
    Text::made(
        format!("{}\u{a0}: {ways}.", support.label.fr),
        format!("{}: {ways}.", support.label.en),
    )
}

/// `GET /accessibilite`.
pub(super) async fn accessibility(context: PageContext) -> Result<Response, ApiError> {
    let title = Text::fixed("Déclaration d’accessibilité", "Accessibility statement");
    answer(&context, &title, |site, writer| {
        let state = site.accessibility();
        let why = match state {
            Accessibility::NonConforme if site.audit.is_some() => Text::fixed(
                "L’audit a trouvé que moins de la moitié des critères est respectée.",
                "The audit found that less than half of the criteria are met.",
            ),
            Accessibility::NonConforme => Text::fixed(
                "Aucun audit n’a encore été réalisé sur cette instance\u{a0}: tant qu’il n’existe pas, aucune conformité ne peut être affirmée.",
                "No audit has been made of this instance yet: until there is one, no compliance may be claimed.",
            ),
            Accessibility::PartiellementConforme => Text::fixed(
                "L’audit a trouvé que la moitié au moins des critères est respectée.",
                "The audit found that at least half of the criteria are met.",
            ),
            Accessibility::TotalementConforme => Text::fixed(
                "L’audit a trouvé que tous les critères sont respectés.",
                "The audit found that every criterion is met.",
            ),
        };
        let word = state.text();
        writer.section(
            &Text::fixed("État de conformité", "State of compliance"),
            &[
                &Text::made(
                    format!("{} est {} avec le référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.", site.name, word.fr),
                    format!("{} is {} with the French general accessibility framework (RGAA), version 4.1.", site.name, word.en),
                ),
                &why,
            ],
        );
        if let Some(audit) = &site.audit {
            found(writer, audit);
        }
        writer.section(
            &Text::fixed("Signaler un défaut", "Report a defect"),
            &[
                &Text::fixed(
                    "Si un contenu ou une fonction vous est inaccessible, dites-le\u{a0}: une alternative vous sera proposée.",
                    "If a content or a function is inaccessible to you, say so: an alternative will be offered.",
                ),
                &site.legal.accessibility_contact.clone().unwrap_or_else(|| contact(site)),
            ],
        );
        writer.section(
            &Text::fixed("Voie de recours", "Remedy"),
            &[&Text::fixed(
                "Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits\u{a0}: en ligne sur defenseurdesdroits.fr, auprès de son délégué dans votre département, ou par courrier gratuit, sans timbre, à Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.",
                "Without a satisfactory answer, you may refer to the Défenseur des droits (French ombudsman): online at defenseurdesdroits.fr, through the delegate in your department, or by free post, without stamp, to Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.",
            )],
        );
        Text::made(
            format!(
                "Cette déclaration concerne {}, à l’adresse {}.",
                site.name, site.base_url
            ),
            format!(
                "This statement is about {}, at {}.",
                site.name, site.base_url
            ),
        )
    })
}

/// What the audit found, in the order that the model of the statement asks for.
fn found(writer: &mut Writer, audit: &Audit) {
    writer.section(
        &Text::fixed("Résultats de l’audit", "Results of the audit"),
        &[&Text::made(
            format!(
                "Audit du {}, par {}\u{a0}: {}\u{a0}% des critères applicables sont respectés ({} sur {}).",
                audit.date, audit.auditor, audit.rate(), audit.met, audit.met + audit.not_met
            ),
            format!(
                "Audit of {}, by {}: {}% of the applicable criteria are met ({} of {}).",
                audit.date, audit.auditor, audit.rate(), audit.met, audit.met + audit.not_met
            ),
        )],
    );
    let listed = [
        (
            Text::fixed("Contenus non accessibles", "Content that is not accessible"),
            &audit.not_accessible,
        ),
        (Text::fixed("Dérogations", "Exemptions"), &audit.exempt),
    ];
    for (title, texts) in listed {
        if !texts.is_empty() {
            writer.section(&title, &texts.iter().collect::<Vec<_>>());
        }
    }
    if let Some(plan) = &audit.plan {
        writer.section(
            &Text::fixed("Schéma pluriannuel", "Multi-year plan"),
            &[&Text::made(plan.clone(), plan.clone())],
        );
    }
}

/// `GET /mentions-legales`.
pub(super) async fn notice(context: PageContext) -> Result<Response, ApiError> {
    answer(&context, &texts::NOTICE, |site, writer| {
        let legal = &site.legal;
        writer.configured(
            &Text::fixed("Éditeur", "Publisher"),
            legal.publisher.as_ref(),
        );
        writer.configured(
            &Text::fixed("Directeur de la publication", "Publication director"),
            legal.director.as_ref(),
        );
        writer.configured(&Text::fixed("Hébergement", "Hosting"), legal.host.as_ref());
        writer.section(
            &Text::fixed("Logiciel", "Software"),
            &[&Text::made(
                format!(
                    "Besace, version {}, sous licence MIT ou Apache 2.0, au choix.",
                    site.version
                ),
                format!(
                    "Besace, version {}, under the MIT or Apache 2.0 licence, at your choice.",
                    site.version
                ),
            )],
        );
        Text::made(
            format!(
                "{} est accessible à l’adresse {}.",
                site.name, site.base_url
            ),
            format!("{} is available at {}.", site.name, site.base_url),
        )
    })
}

/// `GET /donnees-personnelles`.
pub(super) async fn privacy(context: PageContext) -> Result<Response, ApiError> {
    answer(&context, &texts::PRIVACY, |site, writer| {
        writer.section(
            &Text::fixed("Ce qui est traité, et pourquoi", "What is processed, and why"),
            &[&Text::fixed(
                "Votre nom, votre adresse électronique professionnelle, votre administration et le statut que votre ministère communique à la connexion\u{a0}: ils servent à vous reconnaître et à vous montrer vos outils.",
                "Your name, your professional e-mail address, your administration and the status that your ministry sends at sign-in: they serve to recognise you and to show you your tools.",
            ), &Text::fixed(
                "Le journal de sécurité garde les connexions et les actes d’administration, pour pouvoir prouver ce qui s’est passé.",
                "The security journal keeps sign-ins and administrative acts, so that what happened can be proved.",
            )],
        );
        writer.section(
            &Text::fixed("Durées de conservation", "Retention"),
            &[&kept(site.journal_retention)],
        );
        writer.section(
            &Text::fixed("Cookies", "Cookies"),
            &[&Text::fixed(
                "Seuls des cookies indispensables sont déposés\u{a0}: la session, la connexion en cours, la langue et le thème. Aucune mesure d’audience, aucun tiers.",
                "Only indispensable cookies are set: the session, the sign-in under way, the language and the theme. No audience measurement, no third party.",
            )],
        );
        writer.configured(
            &Text::fixed(
                "Délégué à la protection des données",
                "Data protection officer",
            ),
            site.legal.data_protection_officer.as_ref(),
        );
        writer.section(
            &Text::fixed("Vos droits", "Your rights"),
            &[&Text::fixed(
                "Vous pouvez demander l’accès à vos données, leur rectification ou leur effacement au délégué à la protection des données et, sans réponse satisfaisante, saisir la CNIL.",
                "You may ask the data protection officer for access to your data, their correction or their erasure and, without a satisfactory answer, refer to the CNIL (French data protection authority).",
            )],
        );
        if let Some(notes) = &site.legal.privacy_notes {
            writer.section(&Text::fixed("Précisions", "Further information"), &[notes]);
        }
        Text::made(
            format!("Ce que {} sait de vous, et ce qu’il en fait.", site.name),
            format!(
                "What {} knows about you, and what it does with it.",
                site.name
            ),
        )
    })
}

/// How long what is kept.
fn kept(journal: Retention) -> Text {
    let months = journal.count();
    let (fr, en) = match (months / 12, months % 12) {
        (1, 0) => ("1\u{a0}an".to_owned(), "1 year".to_owned()),
        (years, 0) => (format!("{years}\u{a0}ans"), format!("{years} years")),
        _ => (format!("{months}\u{a0}mois"), format!("{months} months")),
    };
    Text::made(
        format!(
            "Session\u{a0}: 12\u{a0}heures. Connexion inachevée\u{a0}: 15\u{a0}minutes. Journal de sécurité\u{a0}: {fr}."
        ),
        format!("Session: 12 hours. Unfinished sign-in: 15 minutes. Security journal: {en}."),
    )
}

#[cfg(test)]
mod tests {
    use super::kept;
    use crate::accessibility::Audit;
    use crate::site::Site;
    use crate::testing::TestHouse;
    use kernel::Text;
    use kernel_db::Retention;
    use url::Url;

    #[test]
    fn the_journal_s_retention_is_the_configured_one() {
        let said = |months| kept(Retention::months(months).expect("a retention")).en;
        assert!(said(12).ends_with("Security journal: 1 year."));
        assert!(said(18).ends_with("Security journal: 18 months."));
        assert!(said(24).ends_with("Security journal: 2 years."));
    }

    #[tokio::test]
    async fn without_an_audit_nothing_is_claimed() {
        let test = TestHouse::new().await;
        let page = test.get("/accessibilite", &[]).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("est non conforme"), "{}", page.text());
        assert!(page.text().contains("Aucun audit"));
        let english = test
            .get("/accessibilite", &[("accept-language", "en")])
            .await;
        assert!(english.text().contains("is not compliant"));
        let mut site = Site::new(Url::parse("http://localhost:1/").expect("url"));
        let file = r#"{"date":"2 octobre 2026","auditor":"Cabinet","met":60,"not-met":20,
            "not-applicable":26,"not-accessible":[{"fr":"Le plan","en":"The map"}]}"#;
        site.audit = Some(Audit::parse(file).expect("an audit"));
        let audited = TestHouse::of(site).await.get("/accessibilite", &[]).await;
        assert!(audited.text().contains("est partiellement conforme"));
        assert!(audited.text().contains("75\u{a0}% des critères"));
        assert!(audited.text().contains("Le plan"));
    }

    #[tokio::test]
    async fn what_is_configured_is_said_and_what_is_not_is_said_to_be_missing() {
        let mut site = Site::new(Url::parse("http://localhost:1/").expect("url"));
        site.legal.publisher = Some(Text::fixed("Direction <du> numérique", "Digital office"));
        let page = TestHouse::of(site)
            .await
            .get("/mentions-legales", &[])
            .await;
        assert!(
            page.text().contains("Direction &#60;du&#62; numérique"),
            "{}",
            page.text()
        );
        assert!(page.text().contains("pas encore renseigné"));
        let privacy = TestHouse::new()
            .await
            .get("/donnees-personnelles", &[])
            .await;
        assert!(privacy.text().contains("CNIL"));
    }
}
