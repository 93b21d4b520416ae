//! Plugging identity providers in.

use kernel::{Problem, Text};

use crate::domain::provider::ProviderFault;
use crate::service::providers::ProviderRefusal;
use crate::upstream::DiscoveryProblem;

catalogue!(
    /// The end of a trial.
    TrialDone {
        title: "L’essai est terminé" | "The trial is over",
        succeeds: "Une connexion aboutirait."
            | "A sign-in would succeed.",
        fails: "Une connexion n’aboutirait pas encore : la page d’administration dit pourquoi."
            | "A sign-in would not succeed yet: the administration page says why.",
        tried: "Service essayé :" | "Service tried:",
        nobody: "Personne n’a été connecté à Besace par cet essai."
            | "Nobody was signed in to Besace by this trial.",
        close: "Vous pouvez fermer cet onglet et revenir à la page d’administration."
            | "You may close this tab and go back to the administration page.",
    }
);

/// Nobody came back from a trial.
pub(crate) const TRIAL_EXPIRED: Text = Text::fixed(
    "L’essai n’a pas abouti en quinze minutes.",
    "The trial did not end within fifteen minutes.",
);

/// What a refusal says to whoever administers.
pub(crate) fn problem(refusal: &ProviderRefusal) -> Problem {
    match refusal {
        ProviderRefusal::NotAdministrator => Problem::forbidden(),
        ProviderRefusal::BrokerIsOperators => Problem::forbidden().with_detail(Text::fixed(
            "Un courtier répond de tous les ministères : seul l’opérateur l’ajoute.",
            "A broker vouches for all ministries: only the operator adds one.",
        )),
        ProviderRefusal::Unknown | ProviderRefusal::NoProviders => Problem::not_found(),
        ProviderRefusal::NoTrial => Problem::new(
            404,
            "no-trial",
            Text::fixed(
                "Vous n’avez pas encore essayé ce service.",
                "You have not tried this service yet.",
            ),
        ),
        ProviderRefusal::Configured => Problem::new(
            409,
            "provider-configured",
            Text::fixed(
                "Ce service est décrit dans la configuration de l’instance.",
                "This service is described in the instance’s configuration.",
            ),
        )
        .with_detail(Text::fixed(
            "L’opérateur le modifie dans le fichier de configuration.",
            "The operator changes it in the configuration file.",
        )),
        ProviderRefusal::IdTaken => Problem::new(
            409,
            "provider-id-taken",
            Text::fixed(
                "Un autre service porte déjà cet identifiant.",
                "Another service already has this identifier.",
            ),
        ),
        ProviderRefusal::DomainTaken { domain, title } => domain_taken(domain, title),
        ProviderRefusal::DomainsNotProved(domains) => domains_not_proved(domains),
        ProviderRefusal::InService => Problem::new(
            409,
            "provider-in-service",
            Text::fixed(
                "L’adresse d’un service ouvert ne change pas.",
                "The address of an open service does not change.",
            ),
        )
        .with_detail(Text::fixed(
            "Fermez d’abord le service : les agents sont reconnus par l’adresse et l’identifiant qu’elle leur donne.",
            "Close the service first: agents are recognised by the address and the identifier that it gives them.",
        )),
        ProviderRefusal::NeverEnabled => Problem::new(
            409,
            "provider-never-enabled",
            Text::fixed(
                "Ce service n’a jamais été ouvert.",
                "This service was never open.",
            ),
        ),
        ProviderRefusal::UnknownOrganisation => Problem::new(
            422,
            "unknown-organisation",
            Text::fixed(
                "Cette administration n’est pas connue.",
                "This administration is not known.",
            ),
        ),
        ProviderRefusal::Fault(fault) => invalid(fault),
    }
}

fn domain_taken(domain: &str, title: &str) -> Problem {
    Problem::new(
        409,
        "domain-taken",
        Text::fixed(
            "Un autre service répond déjà de ce domaine.",
            "Another service already vouches for this domain.",
        ),
    )
    .with_detail(Text::made(
        format!("Les adresses en {domain} passent par «\u{a0}{title}\u{a0}»."),
        format!("Addresses at {domain} go through “{title}”."),
    ))
    .with_extension("domain", domain.into())
    .with_extension("provider", title.into())
}

fn domains_not_proved(domains: &[String]) -> Problem {
    let named = domains.join(", ");
    Problem::new(
        409,
        "domain-not-proved",
        Text::fixed(
            "Rien ne prouve encore que ces domaines sont les vôtres.",
            "Nothing proves yet that these domains are yours.",
        ),
    )
    .with_detail(Text::made(
        format!("Demandez à l’opérateur d’ouvrir le service pour {named}."),
        format!("Ask the operator to open the service for {named}."),
    ))
    .with_extension("domains", domains.into())
}

fn invalid(fault: &ProviderFault) -> Problem {
    let detail = match fault {
        ProviderFault::Title => Text::fixed(
            "Donnez un nom de 1 à 120 caractères.",
            "Give a name of 1 to 120 characters.",
        ),
        ProviderFault::Issuer => Text::fixed(
            "Donnez l’adresse de l’émetteur, en https et sans identifiant.",
            "Give the issuer’s address, over https and without a user name.",
        ),
        ProviderFault::ClientId => Text::fixed(
            "Donnez l’identifiant du client, sans espace.",
            "Give the client id, without spaces.",
        ),
        ProviderFault::Secret => Text::fixed(
            "Donnez le secret du client : 16 caractères au moins, 32 avec HS256.",
            "Give the client secret: 16 characters at least, 32 with HS256.",
        ),
        ProviderFault::Domains => Text::fixed(
            "Donnez de 1 à 50 domaines d’adresses.",
            "Give 1 to 50 domains of addresses.",
        ),
        ProviderFault::Domain(text) => Text::made(
            format!("«\u{a0}{text}\u{a0}» n’est pas un domaine."),
            format!("“{text}” is not a domain."),
        ),
        ProviderFault::Siret => Text::fixed(
            "Donnez un SIRET de 14 chiffres dont la clé est juste.",
            "Give a SIRET of 14 digits whose key is right.",
        ),
        ProviderFault::Support => Text::fixed(
            "Donnez le nom de l’assistance, et une adresse électronique valable s’il y en a une.",
            "Give the support’s name, and a valid e-mail address if there is one.",
        ),
        ProviderFault::Algorithm => Text::fixed(
            "L’algorithme est ES256, RS256 ou HS256.",
            "The algorithm is ES256, RS256 or HS256.",
        ),
        ProviderFault::Scopes => Text::fixed(
            "Donnez des portées sans espace, dont openid.",
            "Give scopes without spaces, openid among them.",
        ),
        ProviderFault::ClaimNames => Text::fixed(
            "Un nom de donnée n’est pas de ceux du contrat, ou est mal formé.",
            "A claim name is not one of the contract’s, or is malformed.",
        ),
        ProviderFault::Id => Text::fixed(
            "Un identifiant a de 1 à 64 lettres minuscules, chiffres ou tirets.",
            "An identifier has 1 to 64 lower-case letters, digits or dashes.",
        ),
    };
    Problem::new(
        422,
        "invalid-provider",
        Text::fixed(
            "Un champ de ce service est à corriger.",
            "A field of this service is to be mended.",
        ),
    )
    .with_detail(detail)
    .with_extension("field", fault.field().into())
}

/// What keeps us from signing in at an issuer, in a sentence.
pub(crate) fn discovery(problem: &DiscoveryProblem) -> Text {
    match problem {
        DiscoveryProblem::Unreachable => Text::fixed(
            "Personne ne répond à cette adresse.",
            "Nobody answers at this address.",
        ),
        DiscoveryProblem::NotAllowed => Text::fixed(
            "Cette adresse est sur un réseau privé que l’opérateur n’a pas autorisé.",
            "This address is on a private network that the operator has not allowed.",
        ),
        DiscoveryProblem::Status(status) => Text::made(
            format!("La découverte répond par le statut {status}."),
            format!("The discovery answers with status {status}."),
        ),
        DiscoveryProblem::Metadata(reason) => Text::made(
            format!("La découverte n’est pas utilisable ({reason})."),
            format!("The discovery cannot be used ({reason})."),
        ),
        DiscoveryProblem::Keys => Text::fixed(
            "Les clés publiques ne se lisent pas, ou il n’y en a pas.",
            "The public keys cannot be read, or there are none.",
        ),
        DiscoveryProblem::Algorithms => Text::fixed(
            "Les jetons ne sont signés ni par ES256, ni par RS256, ni par HS256.",
            "Tokens are signed neither by ES256, nor by RS256, nor by HS256.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_that_is_another_s_names_its_holder_and_a_fault_names_its_field() {
        let taken = problem(&ProviderRefusal::DomainTaken {
            domain: "landes.gouv.fr".into(),
            title: "Landes".into(),
        });
        assert_eq!((taken.status, taken.kind), (409, "domain-taken"));
        assert!(taken.detail.expect("a detail").fr.contains("Landes"));
        let fault = problem(&ProviderRefusal::Fault(ProviderFault::Issuer));
        assert_eq!(fault.extensions, [("field", "issuer".into())]);
    }
}
