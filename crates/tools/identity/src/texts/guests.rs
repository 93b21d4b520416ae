//! Guests, in words: pages, mails, refusals.

use kernel::{Locale, Problem, Text};

use crate::domain::invitation::{
    Ending, InvitationRefusal, LONGEST_DAYS, MOST_A_DAY, MOST_OPEN, MOST_TOOLS,
};

catalogue!(
    /// The page behind the link, before a code is asked for.
    Link {
        code_goes_to: "Pour entrer, recevez un code à 6 chiffres à l’adresse"
            | "To enter, have a 6-digit code sent to",
        get_code: "Recevoir un code" | "Send me a code",
        nothing_yet: "Ouvrir ce lien n’a rien envoyé et n’a rien accepté."
            | "Opening this link has sent nothing and accepted nothing.",
        not_you: "Ce n’est pas vous ?" | "Not you?",
        not_you_lead: "Ne faites rien : l’invitation s’éteint seule."
            | "Do nothing: the invitation ends by itself.",
        decline: "La refuser maintenant" | "Refuse it now",
        declined_title: "L’invitation est refusée" | "The invitation is refused",
        declined_lead: "Rien n’a été ouvert à votre nom. Qui vous invitait le voit dans sa liste."
            | "Nothing was opened in your name. Whoever invited you sees this in their list.",
    }
);

catalogue!(
    /// The side panel of an invitation.
    Side {
        heading: "Votre invitation" | "Your invitation",
        purpose: "Pour quoi" | "What for",
        until: "Jusqu’à quand" | "Until when",
        sees: "Ce que vous verrez" | "What you will see",
        nothing_else: "Rien d’autre de Besace." | "Nothing else of Besace.",
        nothing_shared: "Aucun outil n’est partagé en ce moment." | "No tool is shared at the moment.",
        seen: "Ce qu’on verra de vous" | "What is seen of you",
        kept: "Combien de temps" | "For how long",
        kept_lead: "Votre compte s’efface 90 jours après la fin, si aucun accès n’est rouvert."
            | "Your account is erased 90 days after the end, unless an access is opened again.",
    }
);

catalogue!(
    /// The page on which the digits are entered.
    Code {
        title: "Entrer avec un code" | "Enter with a code",
        label: "Code reçu par courriel" | "Code received by mail",
        nothing: "Rien reçu ? Regardez les indésirables. Il part au plus 5 codes par heure."
            | "Nothing received? Look into the spam folder. At most 5 codes leave in an hour.",
        again_now: "Un nouvel envoi est possible." | "It can be sent again.",
        submit: "Entrer" | "Enter",
        again: "Envoyer un nouveau code" | "Send a new code",
        other_address: "Revenir à l’adresse électronique" | "Back to the e-mail address",
        unreadable: "Saisissez les 6 chiffres du courriel." | "Enter the 6 digits of the mail.",
        dead: "Ce code n’est plus bon. Demandez-en un nouveau."
            | "This code is no longer good. Ask for a new one.",
        too_many: "Trop de codes ont été demandés par ce lien. Réessayez dans une heure."
            | "Too many codes were asked for by this link. Try again in an hour.",
        sent_again: "Un nouveau code est parti. Les précédents ne sont plus bons."
            | "A new code has left. Earlier ones are no longer good.",
    }
);

catalogue!(
    /// A link that is over.
    Over {
        title: "Ce lien est terminé" | "This link has ended",
        unknown_title: "Ce lien n’est pas valable" | "This link is not valid",
        unknown_lead: "Vérifiez qu’il est entier, ou demandez une nouvelle invitation à qui vous a écrit."
            | "Check that it is whole, or ask whoever wrote to you for a new invitation.",
        why: "Pourquoi revenir ? (facultatif)" | "Why come back? (optional)",
        ask: "Demander un nouvel accès" | "Ask for a new access",
        asked: "La demande est partie." | "The demand has left.",
        too_often: "Une demande est déjà partie. Une par jour suffit, et trois en tout."
            | "A demand has left already. One a day is enough, and three in all.",
        long: "La raison dépasse 300 caractères." | "The reason is longer than 300 characters.",
        heading: "Ce qui se passe" | "What happens",
        answer: "La réponse vous viendra par courriel" | "The answer will come by mail",
        applications: "Ce que vous avez écrit reste" | "What you wrote stays",
        applications_lead: "Les outils partagés gardent ce que vous y avez fait."
            | "The shared tools keep what you did there.",
        another: "Un autre accès est ouvert" | "Another access is open",
        another_lead: "Le lien de l’autre invitation mène à ce qui est encore partagé."
            | "The link of the other invitation leads to what is still shared.",
        enter: "Se connecter" | "Sign in",
    }
);

catalogue!(
    /// The offer to guests on the page of an unknown domain.
    Offer {
        lead: "Un agent vous a envoyé une invitation ? Si cette adresse est celle d’un invité, un code y partira."
            | "Has an agent sent you an invitation? If this address is a guest’s, a code will be sent to it.",
        submit: "Recevoir un code d’invité" | "Send me a guest’s code",
        asked: "Si cette adresse est celle d’un invité, un code à 6 chiffres vient d’y partir, bon pour 10 minutes."
            | "If this address is a guest’s, a 6-digit code has just been sent to it, good for 10 minutes.",
    }
);

/// An inviter whose account is gone.
pub(crate) fn somebody_of(locale: Locale, organisation: &str) -> String {
    match locale {
        Locale::Fr => format!("Un agent ({organisation})"),
        Locale::En => format!("An agent ({organisation})"),
    }
}

/// The title of the page behind the link.
pub(crate) fn invites_you(locale: Locale, inviter: &str) -> String {
    match locale {
        Locale::Fr => format!("{inviter} vous invite"),
        Locale::En => format!("{inviter} invites you"),
    }
}

/// For what and until when.
pub(crate) fn invitation_lead(locale: Locale, purpose: &str, until: &str) -> String {
    match locale {
        Locale::Fr => format!("« {purpose} », jusqu’au {until}."),
        Locale::En => format!("“{purpose}”, until {until}."),
    }
}

/// The same once a code was sent.
pub(crate) fn code_lead(locale: Locale, inviter: &str, purpose: &str, until: &str) -> String {
    match locale {
        Locale::Fr => format!("{inviter} vous invite : « {purpose} », jusqu’au {until}."),
        Locale::En => format!("{inviter} invites you: “{purpose}”, until {until}."),
    }
}

/// Where the code went, by a link.
pub(crate) const fn code_sent_to(locale: Locale) -> (&'static str, &'static str) {
    match locale {
        Locale::Fr => (
            "Un code à 6 chiffres vient de partir vers",
            ", bon pour 10 minutes.",
        ),
        Locale::En => (
            "A 6-digit code has just been sent to",
            ", good for 10 minutes.",
        ),
    }
}

/// How long until another can be sent.
pub(crate) fn again_in(locale: Locale, seconds: u64) -> String {
    match locale {
        Locale::Fr => format!("Nouvel envoi possible dans {seconds} s."),
        Locale::En => format!("It can be sent again in {seconds} s."),
    }
}

/// Other digits.
pub(crate) fn wrong_code(locale: Locale, left: u32) -> String {
    match (locale, left) {
        (Locale::Fr, 0) => {
            "Ce n’est pas ce code. Il n’est plus bon : demandez-en un nouveau.".to_owned()
        }
        (Locale::Fr, 1) => "Ce n’est pas ce code. Il reste un essai.".to_owned(),
        (Locale::Fr, _) => format!("Ce n’est pas ce code. Il reste {left} essais."),
        (Locale::En, 0) => {
            "That is not the code. It is no longer good: ask for a new one.".to_owned()
        }
        (Locale::En, 1) => "That is not the code. One try is left.".to_owned(),
        (Locale::En, _) => format!("That is not the code. {left} tries are left."),
    }
}

/// Until when, unless ended before.
pub(crate) fn until_or_before(locale: Locale, until: &str, inviter: &str) -> String {
    match locale {
        Locale::Fr => format!("{until}, ou plus tôt si {inviter} y met fin"),
        Locale::En => format!("{until}, or earlier if {inviter} ends it"),
    }
}

/// What others see of a guest.
pub(crate) fn seen_as(locale: Locale, name: &str, organisation: &str) -> String {
    match locale {
        Locale::Fr => format!("{name}, « {organisation} » et la mention « externe »"),
        Locale::En => format!("{name}, “{organisation}” and the mention “external”"),
    }
}

/// When the invitation was sent.
pub(crate) fn invited(locale: Locale, moment: &str) -> String {
    match locale {
        Locale::Fr => format!("Invitation envoyée {moment}"),
        Locale::En => format!("Invitation sent {moment}"),
    }
}

/// How an invitation came to its end.
pub(crate) fn over_lead(
    locale: Locale,
    purpose: &str,
    inviter: &str,
    date: &str,
    why: Ending,
) -> String {
    match (locale, why) {
        (Locale::Fr, Ending::Date) => {
            format!("Votre accès à « {purpose} » a pris fin le {date}, comme prévu à l’invitation.")
        }
        (Locale::Fr, Ending::Unanswered) => format!(
            "L’invitation à « {purpose} » attendait une réponse jusqu’au {date}. Rien n’a été ouvert."
        ),
        (Locale::Fr, Ending::Inviter) => {
            format!("{inviter} a mis fin à votre accès à « {purpose} » le {date}.")
        }
        (Locale::Fr, Ending::Administrator) => format!(
            "L’administration qui vous accueille a mis fin à votre accès à « {purpose} » le {date}."
        ),
        (Locale::Fr, Ending::Guest) => {
            format!("Vous avez refusé l’invitation à « {purpose} » le {date}.")
        }
        (Locale::Fr, Ending::Account) => {
            format!("Votre compte a été fermé le {date}, et avec lui l’accès à « {purpose} ».")
        }
        (Locale::En, Ending::Date) => {
            format!("Your access to “{purpose}” ended on {date}, as the invitation said.")
        }
        (Locale::En, Ending::Unanswered) => format!(
            "The invitation to “{purpose}” waited for an answer until {date}. Nothing was opened."
        ),
        (Locale::En, Ending::Inviter) => {
            format!("{inviter} ended your access to “{purpose}” on {date}.")
        }
        (Locale::En, Ending::Administrator) => format!(
            "The administration that receives you ended your access to “{purpose}” on {date}."
        ),
        (Locale::En, Ending::Guest) => {
            format!("You refused the invitation to “{purpose}” on {date}.")
        }
        (Locale::En, Ending::Account) => {
            format!("Your account was closed on {date}, and with it the access to “{purpose}”.")
        }
    }
}

/// Who had invited whom.
pub(crate) fn had_invited(locale: Locale, inviter: &str, guest: &str) -> String {
    match locale {
        Locale::Fr => format!("{inviter} avait invité {guest}"),
        Locale::En => format!("{inviter} had invited {guest}"),
    }
}

/// From when to when.
pub(crate) fn from_to(locale: Locale, from: &str, to: &str) -> String {
    match locale {
        Locale::Fr => format!("Du {from} au {to}"),
        Locale::En => format!("From {from} to {to}"),
    }
}

/// Who reads the reason.
pub(crate) fn read_by(locale: Locale, inviter: &str) -> String {
    match locale {
        Locale::Fr => format!("Lu par {inviter}. 300 caractères au plus."),
        Locale::En => format!("Read by {inviter}. 300 characters at most."),
    }
}

/// Where the answer comes.
pub(crate) fn answer_to(locale: Locale, address: &str) -> String {
    match locale {
        Locale::Fr => format!("À {address}, par une nouvelle invitation."),
        Locale::En => format!("To {address}, by a new invitation."),
    }
}

/// When the account goes.
pub(crate) fn erased_on(locale: Locale, date: &str) -> (String, &'static str) {
    match locale {
        Locale::Fr => (
            format!("Votre compte s’efface le {date}"),
            "90 jours après la fin, si aucun accès n’est rouvert.",
        ),
        Locale::En => (
            format!("Your account is erased on {date}"),
            "90 days after the end, unless an access is opened again.",
        ),
    }
}

/// What the invitation's mail says.
pub(crate) struct Invitation<'a> {
    pub(crate) site: &'a str,
    pub(crate) given_name: &'a str,
    pub(crate) inviter: &'a str,
    pub(crate) place: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) tools: &'a [&'a str],
    pub(crate) until: &'a str,
    pub(crate) answer_by: &'a str,
    pub(crate) link: &'a str,
}

/// Its subject.
pub(crate) fn invitation_subject(locale: Locale, inviter: &str) -> String {
    match locale {
        Locale::Fr => format!("{inviter} vous invite"),
        Locale::En => format!("{inviter} invites you"),
    }
}

/// Its text; in French, whoever reads it.
pub(crate) fn invitation_mail(say: &Invitation<'_>) -> String {
    let Invitation {
        site,
        given_name,
        inviter,
        place,
        purpose,
        tools,
        until,
        answer_by,
        link,
    } = say;
    let tools: Vec<String> = tools.iter().map(|tool| format!("- {tool}")).collect();
    let tools = tools.join("\n");
    format!(
        "Bonjour {given_name},\n\n\
         {inviter} ({place}) vous invite sur {site}.\n\n\
         Pour quoi : {purpose}\n\
         Jusqu’au : {until}\n\
         Ce qui est partagé avec vous :\n{tools}\n\n\
         Pour voir l’invitation et y répondre avant le {answer_by}, ouvrez ce lien :\n{link}\n\n\
         Aucun mot de passe ne vous sera demandé : un code vous sera envoyé à cette adresse. \
         Ne transmettez ce lien à personne.\n\n\
         Ce n’est pas pour vous ? Ne faites rien : l’invitation s’éteint seule.\n"
    )
}

/// The subject of a code's mail: the code is not in it, since it is shown on locked screens.
pub(crate) fn code_subject(locale: Locale, site: &str) -> String {
    match locale {
        Locale::Fr => format!("Votre code pour {site}"),
        Locale::En => format!("Your code for {site}"),
    }
}

/// Its text.
pub(crate) fn code_mail(locale: Locale, site: &str, code: &str) -> String {
    match locale {
        Locale::Fr => format!(
            "Bonjour,\n\nVotre code pour entrer sur {site} : {code}\n\n\
             Il est bon pour 10 minutes, dans la fenêtre où vous l’avez demandé, et pour une fois.\n\
             Personne de l’assistance ne vous le demandera : ne le donnez à personne.\n\n\
             Vous n’avez rien demandé ? Ne faites rien : sans ce code, personne n’entre.\n"
        ),
        Locale::En => format!(
            "Hello,\n\nYour code to enter {site}: {code}\n\n\
             It is good for 10 minutes, in the window in which you asked for it, and once.\n\
             Nobody of the support will ask you for it: give it to nobody.\n\n\
             You asked for nothing? Do nothing: without this code nobody enters.\n"
        ),
    }
}

/// What became of a guest's second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactorNews {
    /// It was added.
    Added,
    /// Who answers for them reset it.
    Reset,
}

/// The subject and the text of the mail that says so.
pub(crate) fn factor_mail(locale: Locale, site: &str, news: FactorNews) -> (String, String) {
    match (locale, news) {
        (Locale::Fr, FactorNews::Added) => (
            format!("Un second facteur protège votre accès à {site}"),
            format!(
                "Bonjour,\n\nUn second facteur vient d’être ajouté à votre accès à {site}. \
                 Son code vous sera demandé après celui du courriel.\n\n\
                 Ce n’est pas vous ? Prévenez sans attendre la personne qui vous a invité : \
                 elle peut le réinitialiser.\n"
            ),
        ),
        (Locale::En, FactorNews::Added) => (
            format!("A second factor protects your access to {site}"),
            format!(
                "Hello,\n\nA second factor was just added to your access to {site}. \
                 Its code will be asked for after that of the mail.\n\n\
                 It was not you? Tell whoever invited you without delay: they can reset it.\n"
            ),
        ),
        (Locale::Fr, FactorNews::Reset) => (
            format!("Votre second facteur pour {site} a été réinitialisé"),
            format!(
                "Bonjour,\n\nL’administration qui vous accueille a réinitialisé votre second \
                 facteur pour {site}, et vos sessions sont fermées. À votre prochaine entrée, un \
                 code vous sera envoyé à cette adresse, puis un nouveau second facteur vous sera \
                 demandé.\n\nVous ne l’avez pas demandé ? Prévenez sans attendre la personne qui \
                 vous a invité.\n"
            ),
        ),
        (Locale::En, FactorNews::Reset) => (
            format!("Your second factor for {site} was reset"),
            format!(
                "Hello,\n\nThe administration that receives you reset your second factor for \
                 {site}, and your sessions are closed. When you next enter, a code will be sent \
                 to this address, then a new second factor will be asked for.\n\n\
                 You did not ask for it? Tell whoever invited you without delay.\n"
            ),
        ),
    }
}

/// A demand, in the inviter's inbox.
pub(crate) fn asked_title(name: &str, organisation: &str) -> Text {
    Text::made(
        format!("{name} ({organisation}) demande un nouvel accès")
            .chars()
            .take(140)
            .collect::<String>(),
        format!("{name} ({organisation}) asks for a new access")
            .chars()
            .take(140)
            .collect::<String>(),
    )
}

/// What it was about, and why.
pub(crate) fn asked_detail(purpose: &str, reason: Option<&str>) -> Text {
    let with = |said: String| match reason {
        Some(reason) => format!("{said} {reason}").chars().take(500).collect(),
        None => said,
    };
    Text::made(
        with(format!("Invitation « {purpose} ».")),
        with(format!("Invitation “{purpose}”.")),
    )
}

/// What is to be done.
pub(crate) const ASKED_ACTION: Text = Text::fixed("Inviter à nouveau", "Invite again");

/// What the journal calls the provider of guests.
pub(crate) const PROVIDER: Text = Text::fixed("code envoyé à un invité", "code sent to a guest");

/// Why nobody is invited so.
pub(crate) fn refusal(cause: InvitationRefusal) -> (u16, &'static str, Text) {
    match cause {
        InvitationRefusal::Unavailable => (
            503,
            "invitations-unavailable",
            Text::fixed(
                "Cette instance n’envoie pas d’invitations.",
                "This instance sends no invitations.",
            ),
        ),
        InvitationRefusal::Address => (
            422,
            "invalid-address",
            Text::fixed(
                "Cette adresse électronique n’est pas complète.",
                "This e-mail address is not whole.",
            ),
        ),
        InvitationRefusal::AgentAddress => (
            422,
            "address-of-agent",
            Text::fixed(
                "Cette personne est agent : elle peut se connecter.",
                "This person is an agent: they can sign in.",
            ),
        ),
        InvitationRefusal::Text(field) => (422, "invalid-text", text_refusal(field)),
        InvitationRefusal::Tools => (
            422,
            "tools-not-shareable",
            Text::made(
                format!("Choisissez de 1 à {MOST_TOOLS} outils ouverts aux invités."),
                format!("Choose from 1 to {MOST_TOOLS} tools that are open to guests."),
            ),
        ),
        InvitationRefusal::Until { longest } => (
            422,
            "invalid-end",
            Text::made(
                format!("La fin doit venir dans les {longest} jours."),
                format!("The end must come within {longest} days."),
            ),
        ),
        InvitationRefusal::TooLong => (
            422,
            "invalid-end",
            Text::made(
                format!("Une invitation dure {LONGEST_DAYS} jours au plus."),
                format!("An invitation lasts at most {LONGEST_DAYS} days."),
            ),
        ),
        InvitationRefusal::NoLongerShared => (
            409,
            "no-longer-shareable",
            Text::fixed(
                "Vous ne pouvez plus partager ce que cette invitation ouvre.",
                "You may no longer share what this invitation opens.",
            ),
        ),
        InvitationRefusal::Already => (
            409,
            "invited-already",
            Text::fixed(
                "Vous avez déjà invité cette personne.",
                "You have invited this person already.",
            ),
        ),
        InvitationRefusal::Account => (
            409,
            "guest-account",
            Text::fixed(
                "Le compte de cet invité n’est pas ouvert.",
                "This guest’s account is not open.",
            ),
        ),
        InvitationRefusal::TooManyOpen => (
            409,
            "too-many-invitations",
            Text::made(
                format!("Vous avez {MOST_OPEN} invitations ouvertes, le plus possible."),
                format!("You have {MOST_OPEN} open invitations, the most possible."),
            ),
        ),
        InvitationRefusal::TooManyToday => (
            429,
            "too-many-invitations-today",
            Text::made(
                format!("Vous avez envoyé {MOST_A_DAY} invitations en un jour, le plus possible."),
                format!("You have sent {MOST_A_DAY} invitations in a day, the most possible."),
            ),
        ),
        InvitationRefusal::State(_) => (
            409,
            "invitation-state",
            Text::fixed(
                "Cette invitation n’est plus ouverte.",
                "This invitation is no longer open.",
            ),
        ),
        InvitationRefusal::NoFactor => (
            409,
            "no-second-factor",
            Text::fixed(
                "Cet invité n’a pas de second facteur à réinitialiser d’ici.",
                "This guest has no second factor to be reset from here.",
            ),
        ),
        InvitationRefusal::Asked => (
            429,
            "asked-already",
            Text::fixed("Une demande est déjà partie.", "A demand has left already."),
        ),
        InvitationRefusal::LongReason => (
            422,
            "reason-too-long",
            Text::fixed(
                "La raison dépasse 300 caractères.",
                "The reason is longer than 300 characters.",
            ),
        ),
    }
}

/// What is kept and what to do next.
pub(crate) const fn advice(cause: InvitationRefusal) -> Text {
    match cause {
        InvitationRefusal::Unavailable => Text::fixed(
            "Rien n’est parti. L’exploitant doit d’abord configurer un serveur de courriel.",
            "Nothing was sent. The operator must first configure a mail server.",
        ),
        InvitationRefusal::Address | InvitationRefusal::Text(_) | InvitationRefusal::Tools => {
            Text::fixed(
                "Rien n’est parti. Corrigez, puis envoyez.",
                "Nothing was sent. Correct it, then send.",
            )
        }
        InvitationRefusal::AgentAddress => Text::fixed(
            "Rien n’est parti. Partagez plutôt l’outil avec son administration.",
            "Nothing was sent. Share the tool with their administration instead.",
        ),
        InvitationRefusal::Until { .. } => Text::fixed(
            "Rien n’a changé. Choisissez une autre date.",
            "Nothing has changed. Choose another date.",
        ),
        InvitationRefusal::TooLong => Text::fixed(
            "Rien n’a changé. Choisissez une date plus proche, ou mettez-y fin et invitez de nouveau.",
            "Nothing has changed. Choose an earlier date, or end it and invite again.",
        ),
        InvitationRefusal::NoLongerShared => Text::fixed(
            "Elle garde sa fin. Un collègue qui a ces outils peut inviter à son tour.",
            "It keeps its end. A colleague who has these tools can invite in turn.",
        ),
        InvitationRefusal::Already => Text::fixed(
            "Rien n’est parti. Prolongez son invitation, ou mettez-y fin avant d’en envoyer une autre.",
            "Nothing was sent. Extend the invitation, or end it before you send another.",
        ),
        InvitationRefusal::Account => Text::fixed(
            "Rien n’est parti. Un administrateur l’a suspendu ou clos, et peut le rouvrir.",
            "Nothing was sent. An administrator suspended or closed it, and can reopen it.",
        ),
        InvitationRefusal::TooManyOpen => Text::fixed(
            "Rien n’est parti. Mettez fin à celles qui ne servent plus.",
            "Nothing was sent. End those that no longer serve.",
        ),
        InvitationRefusal::TooManyToday => Text::fixed(
            "Rien n’est parti. Reprenez demain.",
            "Nothing was sent. Go on tomorrow.",
        ),
        InvitationRefusal::State(_) => Text::fixed(
            "Rien n’a changé. Rechargez la page, ou envoyez-en une nouvelle.",
            "Nothing has changed. Reload the page, or send a new one.",
        ),
        InvitationRefusal::NoFactor => Text::fixed(
            "Rien n’a changé. Rechargez la page\u{a0}: il a peut-être déjà été réinitialisé.",
            "Nothing has changed. Reload the page: it may have been reset already.",
        ),
        InvitationRefusal::Asked => Text::fixed(
            "Rien n’est parti. Une par jour suffit, et trois en tout.",
            "Nothing was sent. One a day is enough, and three in all.",
        ),
        InvitationRefusal::LongReason => Text::fixed(
            "Rien n’est parti. Raccourcissez-la.",
            "Nothing was sent. Make it shorter.",
        ),
    }
}

fn text_refusal(field: &str) -> Text {
    match field {
        "givenName" => Text::fixed(
            "Le prénom est fait de lettres, 60 au plus.",
            "The first name is made of letters, 60 at most.",
        ),
        "usualName" => Text::fixed(
            "Le nom est fait de lettres, 60 au plus.",
            "The name is made of letters, 60 at most.",
        ),
        "organisation" => Text::fixed(
            "L’organisation tient en 80 caractères, sans lien.",
            "The organisation takes 80 characters at most, without a link.",
        ),
        _ => Text::fixed(
            "L’objet tient en 200 caractères sur une ligne, sans lien.",
            "The purpose takes 200 characters at most on one line, without a link.",
        ),
    }
}

/// The same as a problem.
pub(crate) fn problem(cause: InvitationRefusal) -> Problem {
    let (status, kind, title) = refusal(cause);
    let problem = Problem::new(status, kind, title).with_detail(advice(cause));
    match cause {
        InvitationRefusal::Unavailable => problem.with_retry_after(3_600),
        InvitationRefusal::TooManyToday | InvitationRefusal::Asked => {
            problem.with_retry_after(86_400)
        }
        _ => problem,
    }
}
