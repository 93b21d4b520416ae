//! Every act that the house journals, by its stable name. Who reads the journal is told each in a
//! sentence: a name that is not here is refused by the rules of the house (`xtask/tests/rules`),
//! one that has no sentence does not compile in the web app.

use crate::Act;

/// The acts, in the order of their names.
pub const ACTS: &[Act] = &[
    Act("identity.account.export"),
    Act("identity.account.invite"),
    Act("identity.account.remove"),
    Act("identity.agent.depart"),
    Act("identity.agent.erase"),
    Act("identity.agent.merge"),
    Act("identity.agent.resume"),
    Act("identity.agent.suspend"),
    Act("identity.application.withdraw"),
    Act("identity.client.amend"),
    Act("identity.client.end"),
    Act("identity.client.register"),
    Act("identity.code.reuse"),
    Act("identity.domain.rename"),
    Act("identity.factor.add"),
    Act("identity.factor.codes"),
    Act("identity.factor.recover"),
    Act("identity.factor.remove"),
    Act("identity.factor.rename"),
    Act("identity.factor.reset"),
    Act("identity.import.apply"),
    Act("identity.invitation.accept"),
    Act("identity.invitation.ask"),
    Act("identity.invitation.create"),
    Act("identity.invitation.decline"),
    Act("identity.invitation.end"),
    Act("identity.invitation.extend"),
    Act("identity.journal.export"),
    Act("identity.journal.read"),
    Act("identity.key.made"),
    Act("identity.key.withdraw"),
    Act("identity.organisation.edit"),
    Act("identity.password.change"),
    Act("identity.provider.amend"),
    Act("identity.provider.create"),
    Act("identity.provider.disable"),
    Act("identity.provider.enable"),
    Act("identity.provider.try"),
    Act("identity.refresh.reuse"),
    Act("identity.role.grant"),
    Act("identity.role.revoke"),
    Act("identity.session.end"),
    Act("identity.session.open"),
    Act("identity.token.make"),
    Act("identity.token.revoke"),
    Act("portal.announcement.changed"),
    Act("portal.announcement.created"),
    Act("portal.announcement.published"),
    Act("portal.announcement.withdrawn"),
    Act("portal.notice.clear"),
    Act("portal.notice.set"),
    Act("portal.request.approve"),
    Act("portal.request.create"),
    Act("portal.request.refuse"),
    Act("portal.request.withdraw"),
    Act("portal.search_source.end"),
    Act("portal.search_source.register"),
    Act("portal.tool.application"),
    Act("portal.tool.create"),
    Act("portal.tool.delete"),
    Act("portal.tool.disconnect"),
    Act("portal.tool.edit"),
    Act("portal.tool.publish"),
    Act("portal.tool.withdraw"),
    Act("system.backup.make"),
    Act("system.backup.restore"),
    Act("system.key.abandon"),
    Act("system.key.reseal"),
    Act("system.key.switch"),
];

/// The acts of this name, or of the family `tool.noun` of this name; none: there is no such.
pub fn acts_named(name: &str) -> Vec<Act> {
    let is_named = |act: &&Act| {
        act.0 == name
            || act
                .0
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.') && rest.matches('.').count() == 1)
    };
    ACTS.iter().filter(is_named).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_act_is_there_once_in_the_order_of_names() {
        assert!(ACTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(ACTS.iter().all(|act| act.0.matches('.').count() == 2));
    }

    #[test]
    fn a_family_is_its_acts_and_a_tool_is_no_family() {
        let opened = acts_named("identity.session");
        assert_eq!(
            opened,
            [Act("identity.session.end"), Act("identity.session.open")]
        );
        assert_eq!(acts_named("portal.tool.edit"), [Act("portal.tool.edit")]);
        assert!(acts_named("identity").is_empty());
        assert!(acts_named("identity.sess").is_empty());
        assert!(acts_named("").is_empty());
    }
}
