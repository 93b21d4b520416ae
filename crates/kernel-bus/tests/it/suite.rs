//! What holds on every bus.

use std::time::Duration;

use kernel_bus::testing::Network;
use kernel_bus::{Bus, Heard, MAX_PAYLOAD, RECENT, Subject, Subscription};
use tokio::time::timeout;

const LIVE: Subject = Subject::fixed("live");
const REVOKED: Subject = Subject::fixed("identity.revoked");
/// Far longer than anything here takes.
const LONG: Duration = Duration::from_secs(30);

kernel_bus::bus_suite!(
    a_message_reaches_the_other_nodes_and_never_its_own,
    messages_of_one_node_keep_their_order_whatever_their_subjects,
    a_line_that_is_cut_and_mended_says_so_and_repeats_nothing,
    a_node_that_starts_without_a_line_is_there_once_it_is_mended,
    a_listener_that_is_too_slow_is_told_and_hears_what_comes_then,
    a_message_that_is_too_long_is_dropped_and_the_next_one_arrives,
    the_only_node_speaks_to_nobody,
);

pub(crate) async fn next(hints: &mut Subscription) -> Heard {
    let next = timeout(LONG, hints.next()).await;
    next.expect("in time").expect("a bus")
}

/// The next message, as text.
async fn said(hints: &mut Subscription) -> (String, String) {
    match next(hints).await {
        Heard::Message(message) => (
            message.subject.to_string(),
            String::from_utf8(message.payload.to_vec()).expect("text"),
        ),
        Heard::Missed => panic!("nothing was missed"),
    }
}

fn live(text: &str) -> (String, String) {
    ("live".to_owned(), text.to_owned())
}

async fn until(bus: &Bus, up: bool) {
    timeout(LONG, bus.until_connected(up))
        .await
        .expect("in time");
}

async fn a_message_reaches_the_other_nodes_and_never_its_own(network: Network) {
    let (one, two, three) = (
        network.join().await,
        network.join().await,
        network.join().await,
    );
    let (mut at_one, mut at_two, mut at_three) =
        (one.subscribe(), two.subscribe(), three.subscribe());
    one.publish(LIVE, "from one");
    assert_eq!(said(&mut at_two).await, live("from one"));
    assert_eq!(said(&mut at_three).await, live("from one"));
    two.publish(LIVE, "from two");
    // Had it heard itself, that would have come first.
    assert_eq!(said(&mut at_one).await, live("from two"));
    assert_eq!(said(&mut at_three).await, live("from two"));
}

async fn messages_of_one_node_keep_their_order_whatever_their_subjects(network: Network) {
    let (here, there) = (network.join().await, network.join().await);
    let mut hints = there.subscribe();
    for number in 0..200 {
        let subject = if number % 2 == 0 { LIVE } else { REVOKED };
        here.publish(subject, number.to_string());
    }
    for number in 0..200 {
        let subject = if number % 2 == 0 { LIVE } else { REVOKED };
        let expected = (subject.to_string(), number.to_string());
        assert_eq!(said(&mut hints).await, expected);
    }
}

async fn a_line_that_is_cut_and_mended_says_so_and_repeats_nothing(network: Network) {
    let (here, there) = (network.join().await, network.join().await);
    let mut hints = there.subscribe();
    here.publish(LIVE, "before");
    assert_eq!(said(&mut hints).await, live("before"));
    network.cut();
    until(&here, false).await;
    until(&there, false).await;
    for _ in 0..RECENT * 4 {
        here.publish(LIVE, "lost");
    }
    network.mend();
    until(&here, true).await;
    assert_eq!(next(&mut hints).await, Heard::Missed);
    here.publish(LIVE, "after");
    assert_eq!(said(&mut hints).await, live("after"));
    here.publish(LIVE, "last");
    assert_eq!(
        said(&mut hints).await,
        live("last"),
        "once, and nothing old"
    );
}

async fn a_node_that_starts_without_a_line_is_there_once_it_is_mended(network: Network) {
    network.cut();
    let (here, there) = (network.join().await, network.join().await);
    assert!(!here.is_connected() && !here.is_alone());
    let mut hints = there.subscribe();
    here.publish(LIVE, "lost");
    network.mend();
    until(&here, true).await;
    assert_eq!(next(&mut hints).await, Heard::Missed);
    here.publish(LIVE, "heard");
    assert_eq!(said(&mut hints).await, live("heard"));
}

async fn a_listener_that_is_too_slow_is_told_and_hears_what_comes_then(network: Network) {
    let (here, there) = (network.join().await, network.join().await);
    let (mut slow, mut quick) = (there.subscribe(), there.subscribe());
    for number in 0..RECENT * 2 {
        here.publish(LIVE, number.to_string());
        // In step with the quick one, so that no queue but the slow one's overflows.
        assert_eq!(said(&mut quick).await, live(&number.to_string()));
    }
    assert_eq!(next(&mut slow).await, Heard::Missed);
    assert_eq!(said(&mut slow).await, live(&RECENT.to_string()));
}

async fn a_message_that_is_too_long_is_dropped_and_the_next_one_arrives(network: Network) {
    let (here, there) = (network.join().await, network.join().await);
    let mut hints = there.subscribe();
    here.publish(LIVE, vec![b'a'; MAX_PAYLOAD + 1]);
    here.publish(LIVE, vec![b'b'; MAX_PAYLOAD]);
    assert_eq!(said(&mut hints).await, live(&"b".repeat(MAX_PAYLOAD)));
}

async fn the_only_node_speaks_to_nobody(network: Network) {
    let (alone, other) = (Bus::alone(), network.join().await);
    assert!(alone.is_alone() && !alone.is_connected());
    let (mut hints, third) = (other.subscribe(), network.join().await);
    alone.publish(LIVE, "nobody hears");
    third.publish(LIVE, "heard");
    assert_eq!(said(&mut hints).await, live("heard"));
}
