//! What holds over NATS only.

use std::time::Duration;

use kernel::OsRng;
use kernel_bus::testing::{Kind, Network, run};
use kernel_bus::{Bus, BusError, Heard, NodeId, Subject, look};
use tokio::time::timeout;

use crate::suite::next;

const LIVE: Subject = Subject::fixed("live");

#[test]
fn a_server_that_is_there_is_found_good_and_one_that_is_not_is_named() {
    run(Kind::Nats, |network| async move {
        let config = network.config().expect("a server").clone();
        let version = look(&config, &OsRng).await.expect("a good server");
        assert!(version.starts_with(|first: char| first.is_ascii_digit()));
        let mut gone = config;
        gone.servers = vec!["nats://127.0.0.1:1".parse().expect("an address")];
        let error = look(&gone, &OsRng).await.expect_err("nobody there");
        assert!(matches!(error, BusError::Refused(_)), "{error}");
    });
}

#[test]
fn foreign_bytes_on_our_subjects_are_dropped_and_nothing_else() {
    run(Kind::Nats, |network| async move {
        let config = network.config().expect("a server").clone();
        let (here, there) = (network.join().await, network.join().await);
        let mut hints = there.subscribe();
        let server = config.servers.first().expect("a server").to_string();
        let stranger = async_nats::connect(server).await.expect("connected");
        for (subject, payload) in [
            ("hint.live", vec![]),
            ("hint.live", vec![9; 17]),
            ("hint.live", vec![1; 16]),
            ("hint.LIVE", vec![1; 20]),
            ("hint.live", vec![1; 100_000]),
        ] {
            let subject = format!("{}.{subject}", config.prefix);
            let sent = stranger.publish(subject, payload.into()).await;
            sent.expect("sent");
        }
        stranger.flush().await.expect("flushed");
        here.publish(LIVE, "ours");
        let Heard::Message(message) = next(&mut hints).await else {
            panic!("nothing was missed");
        };
        assert_eq!(&message.payload[..], b"ours");
    });
}

#[test]
fn two_installations_at_one_server_do_not_hear_each_other() {
    run(Kind::Nats, |ours| async move {
        let theirs = Network::of(Kind::Nats).await.expect("a server");
        let (here, there, foreign) = (ours.join().await, ours.join().await, theirs.join().await);
        let mut hints = there.subscribe();
        foreign.publish(LIVE, "foreign");
        here.publish(LIVE, "ours");
        let Heard::Message(message) = next(&mut hints).await else {
            panic!("nothing was missed");
        };
        assert_eq!(&message.payload[..], b"ours");
    });
}

#[test]
fn a_bus_without_a_server_starts_at_once_and_drops_what_is_said() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let config = kernel_bus::NatsConfig {
            servers: vec!["nats://127.0.0.1:1".parse().expect("an address")],
            credentials: None,
            tls: None,
            prefix: "test".to_owned(),
        };
        let started = Bus::nats(&config, NodeId::new(&OsRng));
        let bus = timeout(Duration::from_secs(5), started)
            .await
            .expect("at once")
            .expect("a configuration");
        for _ in 0..100_000 {
            bus.publish(LIVE, "lost");
        }
        assert!(!bus.is_connected());
    });
}
