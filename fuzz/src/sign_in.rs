//! What people, applications, ministries and their spreadsheets send to the sign-in.

use identity::domain::guest_code::Digits;
use identity::domain::import;
use identity::domain::interaction::{Interaction, Next, Purpose, ReturnPath};
use identity::local::{Enrolment, FactorName, RecoveryCode, TotpSecret, TypedCode};
use kernel::Timestamp;

/// A query or a form of the protocol.
pub(crate) fn form(bytes: &[u8]) -> bool {
    identity::fuzz::form(&String::from_utf8_lossy(bytes))
}

/// The document by which a ministry's provider says where it answers.
pub(crate) fn discovery(bytes: &[u8]) -> bool {
    identity::fuzz::discovery(bytes)
}

/// A sign-in under way, as its cookie holds it: of an earlier version, perhaps, or damaged.
pub(crate) fn interaction(bytes: &[u8]) -> bool {
    let Ok(interaction) = serde_json::from_slice::<Interaction>(bytes) else {
        return false;
    };
    let written = serde_json::to_vec(&interaction).unwrap_or_default();
    let again = serde_json::from_slice::<Interaction>(&written).ok();
    assert_eq!(again.as_ref(), Some(&interaction), "it is kept as it is");
    let now = Timestamp::from_seconds(1_800_000_000);
    let _ = interaction.is_open(now);
    let _ = interaction.must_ask(now, "claire@interieur.gouv.fr");
    let half = interaction.half.as_ref();
    if let Some(half) = half {
        let _ = half.is_fresh(now);
    }
    if let Some(Next::Enrol { enrolment, .. }) = half.map(|half| &half.next) {
        enrolled(enrolment);
    }
    if let Purpose::Application(request) = &interaction.purpose {
        let _ = request.must_renew();
    }
    if let Purpose::Portal { back } = &interaction.purpose {
        let judged = ReturnPath::parse(back.as_str());
        let path = judged.as_str();
        let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        assert!(ours && !path.contains(char::is_whitespace), "{path}");
    }
    true
}

fn enrolled(enrolment: &Enrolment) {
    let _ = enrolment.factor();
    if let Some(secret) = enrolment.secret() {
        assert!((16..=64).contains(&secret.bytes().len()));
    }
    for code in enrolment.codes() {
        assert_eq!(RecoveryCode::parse(code.text().expose()), Some(code));
    }
}

/// What somebody types where a code, a secret or a name is asked for.
pub(crate) fn typed(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let code = TypedCode::parse(&text);
    if code.is_some() {
        assert_eq!(digits.len(), 6, "{text:?}");
        assert_eq!(TypedCode::parse(&digits), code);
    }
    let mailed = Digits::parse(&text);
    if let Some(mailed) = &mailed {
        assert!(mailed.as_str().len() == 6 && mailed.as_str().bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(Digits::parse(&mailed.grouped()).as_ref(), Some(mailed));
    }
    let recovery = RecoveryCode::parse(&text);
    if let Some(recovery) = &recovery {
        let written = recovery.text();
        assert_eq!(written.expose().len(), 19, "{text:?}");
        assert_eq!(
            RecoveryCode::parse(written.expose()).as_ref(),
            Some(recovery)
        );
    }
    let secret = TotpSecret::parse(&text);
    if let Some(secret) = &secret {
        assert!((16..=64).contains(&secret.bytes().len()));
        let again = TotpSecret::parse(secret.text().expose());
        let again = again.as_ref().map(TotpSecret::bytes);
        assert_eq!(again, Some(secret.bytes()), "a secret is read as written");
    }
    let name = FactorName::parse(&text);
    if let Some(name) = &name {
        assert_eq!(FactorName::parse(name.as_str()).as_ref(), Some(name));
        assert!(!name.as_str().contains(['\n', '\r', '\0']));
    }
    code.is_some() || mailed.is_some() || recovery.is_some() || secret.is_some()
}

/// A directory as spreadsheets write it.
pub(crate) fn csv(bytes: &[u8]) -> bool {
    let Ok(file) = import::read(bytes) else {
        return false;
    };
    assert!(!file.lines.is_empty() || !file.faults.is_empty());
    for fault in &file.faults {
        let told = serde_json::to_string(fault).unwrap_or_default();
        let heard = serde_json::from_str::<import::Fault>(&told);
        assert_eq!(heard.ok().as_ref(), Some(fault), "a fault is kept as it is");
        assert!(!told.contains("\\u0000"), "no database keeps a zero byte");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_has_its_lines_and_its_faults() {
        let file = import::read(include_bytes!("../corpus/csv/agents")).expect("a directory");
        let counts = (file.lines.len(), file.faults.len());
        assert_eq!(counts, (1, 2), "{:?}", file.faults);
    }

    #[test]
    fn each_thing_that_is_typed_has_a_seed() {
        let seed = |name: &str| {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/typed");
            std::fs::read_to_string(folder.join(name)).expect("a seed")
        };
        assert!(TypedCode::parse(&seed("code")).is_some());
        assert!(Digits::parse(&seed("full-width")).is_some());
        assert!(RecoveryCode::parse(&seed("recovery")).is_some());
        assert!(TotpSecret::parse(&seed("secret")).is_some());
    }

    #[test]
    fn each_purpose_of_a_sign_in_and_each_step_of_it_has_a_seed() {
        for seed in [
            &include_bytes!("../corpus/interaction/portal")[..],
            include_bytes!("../corpus/interaction/application"),
            include_bytes!("../corpus/interaction/trial"),
            include_bytes!("../corpus/interaction/enrol"),
            include_bytes!("../corpus/interaction/guest"),
        ] {
            assert!(interaction(seed), "{}", String::from_utf8_lossy(seed));
        }
    }
}
