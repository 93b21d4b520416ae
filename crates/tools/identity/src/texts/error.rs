//! When something stands in the way.

use kernel::{Locale, Text};

use crate::pages::failure::Failure;

catalogue!(
    /// Parts common to all of them.
    Common {
        request: "Demande" | "Request",
        code: "Code" | "Code",
        whom_to_call: "Qui appeler" | "Whom to call",
        restart: "Recommencer la connexion" | "Start signing in again",
        provider_words: "Réponse de l’administration :" | "The administration’s answer:",
        status: "État des connexions" | "State of sign-ins",
        none_interrupted: "Aucune interruption connue" | "No known interruption",
        other_address: "Se connecter avec une autre adresse" | "Sign in with another address",
    }
);

catalogue!(
    /// A provider that does not answer.
    Down {
        title: "La connexion de votre administration ne répond plus"
            | "Your administration’s sign-in no longer answers",
        not_you: "Votre mot de passe et votre poste n’y sont pour rien."
            | "Neither your password nor your computer is the cause.",
        retry: "Réessayer la connexion" | "Try signing in again",
        meanwhile: "En attendant" | "Meanwhile",
        elsewhere: "Une session déjà ouverte ailleurs ?" | "A session already open elsewhere?",
        kept: "Rien n’est perdu" | "Nothing is lost",
        kept_line: "Votre compte et vos droits restent ce qu’ils étaient."
            | "Your account and your rights stay what they were.",
        elsewhere_line: "Une session déjà ouverte tient jusqu’à son terme, douze heures après la connexion."
            | "A session that is already open holds to its end, twelve hours after signing in.",
        unannounced: "Cette administration n’a pas donné de numéro d’assistance."
            | "This administration gave no support number.",
    }
);

catalogue!(
    /// An application that may not ask, or not so.
    BadClient {
        title: "Cette application ne peut pas ouvrir de connexion"
            | "This application cannot open a sign-in",
        unknown: "L’application qui vous envoie ici n’est pas connue, ou elle est désactivée."
            | "The application that sent you here is not known, or it is disabled.",
        redirect: "L’application qui vous envoie ici demande un retour à une adresse qu’elle n’a pas déclarée."
            | "The application that sent you here asks to return to an address it did not declare.",
        next: "Rien n’a été ouvert. Signalez-le à l’assistance de cette application, avec le numéro de demande."
            | "Nothing was opened. Tell that application’s support, with the request number.",
        technical: "Pour l’assistance :" | "For support:",
    }
);

/// What happened, in a line.
pub(crate) const fn title(failure: Failure) -> Text {
    match failure {
        Failure::BadRequest => {
            Text::fixed("La demande est incomplète", "The request is incomplete")
        }
        Failure::NotFound => Text::fixed("Cette page n’existe pas", "This page does not exist"),
        Failure::ProviderDisabled => Text::fixed(
            "La connexion de cette administration est désactivée",
            "This administration’s sign-in is disabled",
        ),
        Failure::TokenCall
        | Failure::Userinfo
        | Failure::TokenInvalid
        | Failure::Discovery
        | Failure::InvalidIdentity => Text::fixed(
            "La connexion de votre administration n’a pas abouti",
            "Your administration’s sign-in did not succeed",
        ),
        Failure::ProviderError => Text::fixed(
            "Votre administration a refusé la connexion",
            "Your administration refused the sign-in",
        ),
        Failure::NoSession => Text::fixed(
            "Cette connexion n’est plus en cours",
            "This sign-in is no longer under way",
        ),
        Failure::CsrfMissing | Failure::CsrfMismatch => Text::fixed(
            "Le formulaire n’est plus valable",
            "The form is no longer valid",
        ),
        Failure::NoProvider => Text::fixed(
            "Aucune administration pour cette adresse",
            "No administration for this address",
        ),
        Failure::NotPublicAgent => Text::fixed(
            "Cette application est réservée aux agents publics",
            "This application is for public agents only",
        ),
        Failure::TooWeak => Text::fixed(
            "Cette page demande un second facteur",
            "This page demands a second factor",
        ),
        Failure::Blocked => Text::fixed("Ce compte est suspendu", "This account is suspended"),
        Failure::AddressRefused => Text::fixed(
            "Cette application n’accepte pas votre adresse",
            "This application does not accept your address",
        ),
        Failure::AddressOutside => Text::fixed(
            "L’adresse reçue n’est pas de cette administration",
            "The address received is not of this administration",
        ),
    }
}

/// What is kept and what to do next.
pub(crate) const fn advice(failure: Failure) -> Text {
    match failure {
        Failure::BadRequest | Failure::NotFound => Text::fixed(
            "Revenez à l’application d’où vous veniez et recommencez. Rien n’a été ouvert.",
            "Go back to the application you came from and start again. Nothing was opened.",
        ),
        Failure::ProviderDisabled => Text::fixed(
            "Elle a été fermée par l’exploitant. L’assistance de votre administration sait quand elle rouvre.",
            "It was closed by the operator. Your administration’s support knows when it reopens.",
        ),
        Failure::TokenCall | Failure::Userinfo | Failure::Discovery => Text::fixed(
            "Son service de connexion a mal répondu. Réessayez ; si cela dure, prévenez son assistance avec le code et le numéro de demande.",
            "Its sign-in service answered badly. Try again; if it lasts, tell its support the code and the request number.",
        ),
        Failure::TokenInvalid | Failure::InvalidIdentity => Text::fixed(
            "Elle a donné une identité qui ne peut pas être acceptée. Prévenez son assistance avec le code et le numéro de demande : réessayer ne suffit pas.",
            "It gave an identity that cannot be accepted. Tell its support the code and the request number: trying again is not enough.",
        ),
        Failure::ProviderError => Text::fixed(
            "Réessayez, ou demandez à son assistance pourquoi elle refuse, avec le code et le numéro de demande.",
            "Try again, or ask its support why it refuses, with the code and the request number.",
        ),
        Failure::NoSession => Text::fixed(
            "Elle a déjà abouti, a expiré, ou a commencé dans un autre navigateur. Recommencez : rien n’est perdu.",
            "It has already ended, has expired, or began in another browser. Start again: nothing is lost.",
        ),
        Failure::CsrfMissing | Failure::CsrfMismatch => Text::fixed(
            "Il a expiré, ou n’a pas été envoyé depuis notre page. Rien n’a été fait : recommencez.",
            "It has expired, or was not sent from our page. Nothing was done: start again.",
        ),
        Failure::NoProvider => Text::fixed(
            "Vérifiez l’adresse, ou choisissez votre administration dans la liste.",
            "Check the address, or choose your administration in the list.",
        ),
        Failure::NotPublicAgent => Text::fixed(
            "Votre administration n’est pas reconnue comme un organisme public. L’assistance peut corriger son rattachement.",
            "Your administration is not recognised as a public body. Support can correct how it is registered.",
        ),
        Failure::TooWeak => Text::fixed(
            "Votre administration vous a reconnu sans le demander. Rien n’a changé\u{a0}: votre session d’avant reste ouverte. L’assistance de votre administration sait comment activer un second facteur.",
            "Your administration recognised you without asking for one. Nothing changed: your session of before is still open. Your administration’s support knows how to activate a second factor.",
        ),
        Failure::Blocked => Text::fixed(
            "Seule l’assistance de votre administration peut le rouvrir. Vos données sont gardées.",
            "Only your administration’s support can reopen it. Your data is kept.",
        ),
        Failure::AddressRefused => Text::fixed(
            "Elle choisit les administrations qu’elle reçoit. Adressez-vous à son assistance.",
            "It chooses which administrations it receives. Ask its support.",
        ),
        Failure::AddressOutside => Text::fixed(
            "Par précaution, la connexion est refusée. L’assistance de votre administration doit faire attacher ce domaine.",
            "As a precaution, the sign-in is refused. Your administration’s support must have this domain attached.",
        ),
    }
}

/// A line of the state of sign-ins.
pub(crate) fn interrupted(locale: Locale, title: &str) -> String {
    match locale {
        Locale::Fr => format!("Connexion interrompue : {title}"),
        Locale::En => format!("Sign-in interrupted: {title}"),
    }
}

/// Since when, at the start of a line.
pub(crate) fn since(locale: Locale, moment: &str) -> String {
    match locale {
        Locale::Fr => format!("Depuis {moment}"),
        Locale::En => format!("Since {moment}"),
    }
}

/// Which administration, since when.
pub(crate) fn no_answer_since(locale: Locale, moment: &str) -> String {
    match locale {
        Locale::Fr => format!("pas de réponse depuis {moment}."),
        Locale::En => format!("no answer since {moment}."),
    }
}

/// Which administration, when the beginning is not known.
pub(crate) fn no_answer(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => "pas de réponse.",
        Locale::En => "no answer.",
    }
}

/// How many tries got no answer.
pub(crate) fn failures(locale: Locale, count: u32) -> String {
    match (locale, count) {
        (Locale::Fr, 1) => "un essai sans réponse".to_owned(),
        (Locale::Fr, _) => format!("{count} essais sans réponse"),
        (Locale::En, 1) => "one attempt without answer".to_owned(),
        (Locale::En, _) => format!("{count} attempts without answer"),
    }
}

/// The administrations that are not touched.
pub(crate) fn others_untouched(locale: Locale, count: usize) -> String {
    match (locale, count) {
        (Locale::Fr, 1) => "L’autre administration n’est pas touchée".to_owned(),
        (Locale::Fr, _) => format!("Les {count} autres administrations ne sont pas touchées"),
        (Locale::En, 1) => "The other administration is not affected".to_owned(),
        (Locale::En, _) => format!("The {count} other administrations are not affected"),
    }
}
