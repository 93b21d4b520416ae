//! What the portal's things are called, for who reads the journal.

use kernel::port::Names as _;
use kernel_db::testing::TestDb;
use portal::PortalNames;

use crate::support::{Desk, ministry};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    a_tool_is_named_and_what_is_no_more_or_another_s_is_absent,
);

async fn a_tool_is_named_and_what_is_no_more_or_another_s_is_absent(test: TestDb) {
    let desk = Desk::new(&test).await;
    let mut asked = vec![
        "agent:0193b3a0-0000-7000-8000-000000000001".to_owned(),
        "tool:0193b3a0-0000-7000-8000-000000000002".to_owned(),
        "tool:".to_owned(),
        String::new(),
    ];
    let mut expected = Vec::new();
    for number in 0..40 {
        let name = format!("Outil {number}");
        let id = desk.draft(&name, ministry()).await;
        asked.push(format!("tool:{id}"));
        expected.push((format!("tool:{id}"), name));
    }
    let names = PortalNames::new(desk.app.db().clone());
    let found = names.names(asked).await.expect("names");
    let mut found: Vec<_> = found
        .into_iter()
        .map(|(subject, name)| (subject, name.fr.into_owned()))
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}
