//! The mail server: that it is reached, protected as asked, and takes our account. Nothing is
//! sent.

use super::Fact;
use crate::commands::mail_test::{mend, word};
use crate::compose::mail_settings;
use crate::config::Config;

/// Whether the mail server answers as the configuration says.
pub(super) async fn fact(config: &Config) -> Fact {
    let Some(section) = &config.mail else {
        return Fact::good("mail", "no server is configured: no mail is sent");
    };
    let settings = match mail_settings(config, section) {
        Ok(settings) => settings,
        Err(cause) => return Fact::error("mail", cause, "mend [mail]"),
    };
    let told = match kernel_mail::trial(&settings, None).await {
        Ok(told) => told,
        Err(cause) => return Fact::error("mail", cause, "mend [mail]"),
    };
    for outcome in told {
        if let Err(cause) = outcome.said {
            let found = format!("{}: {}: {cause}", settings.host, word(outcome.step));
            return Fact::error("mail", found, mend(outcome.step));
        }
    }
    Fact::good(
        "mail",
        format!("leaves through {}, which answers", settings.host),
    )
}
