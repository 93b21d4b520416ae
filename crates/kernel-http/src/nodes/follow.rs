//! Hearing the other nodes, and comparing while they cannot be heard.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel_bus::{Heard, Message, Subscription};
use kernel_db::Backend;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use super::message::{Ended, LIVE, REVISED, REVOKED, Told};
use crate::House;
use crate::live::Reached;

/// How often rows that pages show are compared while the bus is down.
const COMPARE: Duration = Duration::from_secs(2);

/// Passes on what other nodes say, until `stop`; once this answers, nothing that is said or
/// changed is missed. Tools are made before: what they keep is compared. A node that can have no
/// company (on SQLite, without a bus) has nothing to do here.
pub async fn follow(house: House, stop: CancellationToken) -> JoinHandle<()> {
    if house.bus.is_alone() && house.db.backend() == Backend::Sqlite {
        return tokio::spawn(std::future::ready(()));
    }
    let hints = house.bus.subscribe();
    // What later changes are told from.
    let mut compared = Compared::default();
    compared.compare(&house).await;
    tokio::spawn(listen(house, hints, compared, stop))
}

async fn listen(
    house: House,
    mut hints: Subscription,
    mut compared: Compared,
    stop: CancellationToken,
) {
    // Compared once just now.
    let mut tick = interval_at(Instant::now() + COMPARE, COMPARE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            heard = hints.next() => match heard {
                Some(Heard::Message(message)) => pass_on(&house, &message),
                Some(Heard::Missed) => {
                    house.db.doubt_all();
                    compared.compare(&house).await;
                    house.live.missed();
                }
                None => return,
            },
            _ = tick.tick() => {
                if !house.bus.is_connected() {
                    compared.compare(&house).await;
                }
            }
        }
    }
}

fn pass_on(house: &House, message: &Message) {
    let Message { subject, payload } = message;
    let known = if *subject == REVISED {
        let name = std::str::from_utf8(payload).ok();
        name.map(|name| house.db.doubt(name))
    } else if *subject == LIVE {
        Told::parse(payload).map(|told| {
            let topic = told.topic.into();
            house.live.say_here(topic, told.version, told.to);
        })
    } else if *subject == REVOKED {
        Ended::parse(payload).map(|ended| house.live.end_here(ended))
    } else {
        // Of a tool, or of a newer version.
        Some(())
    };
    if known.is_none() {
        tracing::warn!(%subject, "another node said what this one does not understand");
    }
}

/// The revisions that pages show, as last compared.
#[derive(Default)]
struct Compared(BTreeMap<&'static str, i64>);

impl Compared {
    /// Says here what has changed since the last time.
    async fn compare(&mut self, house: &House) {
        let revisions = match house.db.shown_revisions().await {
            Ok(revisions) => revisions,
            Err(cause) => {
                tracing::debug!(%cause, "revisions cannot be compared now");
                return;
            }
        };
        for (name, topic, number) in revisions {
            let before = self.0.insert(name, number);
            if before.is_some_and(|before| before != number) {
                house.db.doubt(name);
                let version = house.clock.now().millis();
                house
                    .live
                    .say_here(topic.into(), version, Reached::Everyone);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kernel::{AgentId, OsRng};
    use kernel_bus::{Bus, Exchange, NodeId, Subject};
    use tokio::time::timeout;

    use super::*;
    use crate::live::Live;
    use crate::testing::{TestHouse, caller};

    /// A node on this exchange, that follows the others.
    async fn node(exchange: &Exchange) -> (House, TestHouse) {
        let test = TestHouse::new().await;
        let bus = exchange.join(NodeId::new(&OsRng));
        let house = test.house.clone().with_bus(bus);
        drop(follow(house.clone(), test.house.draining.clone()).await);
        (house, test)
    }

    /// What was said at this node since its start, once it has heard a mark; none: it does not
    /// know all of it any more.
    async fn said(from: &Live, at: &Live) -> Option<Vec<String>> {
        let before = at.said();
        from.say("mark", 1, Reached::Everyone);
        let heard = async {
            loop {
                let topics = at.topics_since_start();
                let is_last = |topics: &Vec<String>| topics.last().is_some_and(|t| t == "mark");
                if at.said() > before && topics.as_ref().is_none_or(is_last) {
                    return topics;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(30), heard)
            .await
            .expect("heard")
    }

    #[tokio::test]
    async fn what_one_node_says_the_others_say_once_and_never_back() {
        let exchange = Exchange::new();
        let (one, _one) = node(&exchange).await;
        let (two, _two) = node(&exchange).await;
        let (three, _three) = node(&exchange).await;
        one.live.say("home", 1, Reached::Agent(caller().agent));
        for at in [&two.live, &three.live] {
            let heard = said(&one.live, at).await.expect("a whole history");
            assert_eq!(heard.iter().filter(|topic| *topic == "home").count(), 1);
        }
        let back = one.live.topics_since_start().expect("a whole history");
        assert_eq!(back, ["home", "mark", "mark"]);
    }

    #[tokio::test]
    async fn what_no_node_of_ours_says_is_passed_over() {
        let exchange = Exchange::new();
        let (here, _here) = node(&exchange).await;
        let stranger = exchange.join(NodeId::new(&OsRng));
        stranger.publish(LIVE, "no hint");
        stranger.publish(LIVE, r#"{"topic":"a\nb","version":1,"to":"everyone"}"#);
        stranger.publish(REVOKED, "nobody");
        stranger.publish(REVISED, vec![0xff]);
        stranger.publish(REVISED, "rows.that.nobody.keeps");
        stranger.publish(Subject::fixed("of-a-newer-version"), "whatever");
        let rng = OsRng;
        let from = Live::new(&rng, stranger);
        assert_eq!(said(&from, &here.live).await, Some(vec!["mark".to_owned()]));
    }

    #[tokio::test]
    async fn after_a_cut_who_comes_back_fetches_everything() {
        let exchange = Exchange::new();
        let (one, _one) = node(&exchange).await;
        let (two, _two) = node(&exchange).await;
        assert!(said(&one.live, &two.live).await.is_some());
        exchange.cut();
        one.live
            .say("home", 2, Reached::Agent(AgentId::from_u128(1)));
        exchange.mend();
        assert_eq!(
            said(&one.live, &two.live).await,
            None,
            "not a whole history"
        );
    }

    #[tokio::test]
    async fn the_only_node_follows_nobody() {
        let test = TestHouse::new().await;
        let house = test.house.clone().with_bus(Bus::alone());
        let following = follow(house, CancellationToken::new()).await;
        let ended = timeout(Duration::from_secs(30), following).await;
        ended.expect("at once").expect("no panic");
    }
}
