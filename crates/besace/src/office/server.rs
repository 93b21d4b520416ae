//! The server's side of the socket.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use identity::Desk;
use kernel::{Clock, Rng, Secret};
use kernel_db::backup::{self, BackupKey, BackupOrder, Progress};
use kernel_db::{Db, JournalConfig};
use kernel_http::MasterKeys;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Answer, LocalInvitation, Order, Verdict, socket};
use crate::keyring::Keyring;

/// Bytes of an order.
const ORDER: u64 = 65_536;
/// Until the order is in.
const PATIENCE: Duration = Duration::from_secs(5);
/// Callers at once; further ones wait.
const CALLERS: usize = 4;

/// What orders are done with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Clerk {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) journal: JournalConfig,
    pub(crate) key: BackupKey,
    pub(crate) keys: Arc<MasterKeys>,
    pub(crate) rng: Arc<dyn Rng>,
    /// The data folder, where backups are noted.
    pub(crate) folder: PathBuf,
    /// The password accounts, where people sign in here.
    pub(crate) desk: Option<Desk>,
    /// One backup at a time.
    pub(crate) turn: Arc<Mutex<()>>,
}

/// Takes orders at the folder's socket until `stop`; the folder is held by this process, so a
/// socket that is there is one left behind.
///
/// # Errors
/// When the socket cannot be made.
pub(crate) fn open(
    clerk: Clerk,
    stop: CancellationToken,
) -> std::io::Result<tokio::task::JoinHandle<()>> {
    let path = socket(&clerk.folder);
    match std::fs::remove_file(&path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let ours = std::fs::metadata(&path)?.uid();
    Ok(tokio::spawn(take_orders(listener, path, ours, clerk, stop)))
}

async fn take_orders(
    listener: UnixListener,
    path: PathBuf,
    ours: u32,
    clerk: Clerk,
    stop: CancellationToken,
) {
    let places = Arc::new(tokio::sync::Semaphore::new(CALLERS));
    let callers = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(cause) => {
                tracing::warn!(%cause, "a command cannot be heard");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if !is_heard(&stream, ours) {
            tracing::warn!(target: "security", "a command of another user was refused");
            continue;
        }
        let (clerk, stop, places) = (clerk.clone(), stop.clone(), Arc::clone(&places));
        callers.spawn(async move {
            let Ok(_place) = places.acquire().await else {
                return;
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = serve(stream, &clerk) => {}
            }
        });
    }
    drop(listener);
    drop(std::fs::remove_file(&path));
    callers.close();
    callers.wait().await;
}

/// Whether the other end is the user who runs the server, or root.
fn is_heard(stream: &UnixStream, ours: u32) -> bool {
    stream
        .peer_cred()
        .is_ok_and(|peer| peer.uid() == ours || peer.uid() == 0)
}

/// One caller: an order, then answers until the last. The order ends when the caller does.
async fn serve(stream: UnixStream, clerk: &Clerk) {
    let (reading, mut writing) = stream.into_split();
    let mut reading = BufReader::new(reading.take(ORDER));
    let mut line = String::new();
    let order = match tokio::time::timeout(PATIENCE, reading.read_line(&mut line)).await {
        Ok(Ok(_)) => serde_json::from_str::<Order>(&line),
        _ => return,
    };
    let (said, mut heard) = mpsc::channel(16);
    let work = async {
        let last = match order {
            Ok(order) => carry_out(order, clerk, said.clone()).await,
            Err(_) => Answer::Failed {
                words: "the order was not understood: use the program of the same version"
                    .to_owned(),
            },
        };
        // The caller that is gone needs no answer.
        drop(said.send(last).await);
        drop(said);
    };
    let speak = async {
        while let Some(answer) = heard.recv().await {
            let Ok(mut line) = serde_json::to_vec(&answer) else {
                return;
            };
            line.push(b'\n');
            if writing.write_all(&line).await.is_err() {
                return;
            }
        }
    };
    let gone = async {
        // Nothing more is expected: what ends the wait is the other end closing.
        let mut rest = [0_u8; 64];
        while matches!(reading.read(&mut rest).await, Ok(read) if read > 0) {}
    };
    tokio::select! {
        ((), ()) = async { tokio::join!(work, speak) } => {}
        () = gone => {}
    }
}

async fn carry_out(order: Order, clerk: &Clerk, said: mpsc::Sender<Answer>) -> Answer {
    let done = match order {
        Order::Backup { folder, master_key } => back_up(clerk, &folder, master_key, said).await,
        Order::JournalVerify => verify(clerk).await,
        Order::Providers => match identity::plugged_in(&clerk.db).await {
            Ok(providers) => Ok(Answer::Providers { providers }),
            Err(cause) => Err(cause.to_string()),
        },
        Order::LocalInvite { invitation } => match &clerk.desk {
            Some(desk) => invite(desk, invitation).await,
            None => Err(NOBODY_SIGNS_IN_HERE.to_owned()),
        },
        Order::LocalResetFactor { address } => match &clerk.desk {
            Some(desk) => reset_factor(desk, &address).await,
            None => Err(NOBODY_SIGNS_IN_HERE.to_owned()),
        },
        order => of_keys(order, clerk, said).await,
    };
    done.unwrap_or_else(|words| Answer::Failed { words })
}

async fn back_up(
    clerk: &Clerk,
    folder: &Path,
    master_key: bool,
    said: mpsc::Sender<Answer>,
) -> Result<Answer, String> {
    if !folder.is_absolute() {
        return Err("the folder's path must be absolute".to_owned());
    }
    let _turn = clerk
        .turn
        .try_lock()
        .map_err(|_| "another backup is under way: wait for its end".to_owned())?;
    let progress: Progress = Arc::new(move |copied, all| {
        // A caller who reads slowly misses a figure, and does not hold the copy.
        drop(said.try_send(Answer::Progress { copied, all }));
    });
    let order = BackupOrder {
        folder: folder.to_owned(),
        release: env!("CARGO_PKG_VERSION").to_owned(),
        at: clerk.clock.now(),
        master_key: master_key.then(|| Secret::new(clerk.keys.to_text())),
    };
    tracing::info!("a backup begins");
    let manifest = backup::back_up(&clerk.db, &clerk.journal, &clerk.key, order, progress)
        .await
        .map_err(|cause| cause.to_string())?;
    crate::commands::backup::note_backup(&clerk.db, &clerk.folder, &manifest, folder)
        .await
        .map_err(|cause| cause.to_string())?;
    tracing::info!("a backup is whole");
    Ok(Answer::BackedUp {
        manifest: Box::new(manifest),
    })
}

async fn of_keys(
    order: Order,
    clerk: &Clerk,
    said: mpsc::Sender<Answer>,
) -> Result<Answer, String> {
    let keyring = Keyring {
        db: clerk.db.clone(),
        clock: Arc::clone(&clerk.clock),
        rng: Arc::clone(&clerk.rng),
        keys: Arc::clone(&clerk.keys),
        journal: clerk.journal.clone(),
    };
    let progress = move |copied, all| {
        drop(said.try_send(Answer::Progress { copied, all }));
    };
    super::of_keys(order, &keyring, &progress)
        .await
        .map_err(|cause| cause.to_string())
}

async fn verify(clerk: &Clerk) -> Result<Answer, String> {
    let journal = &clerk.journal;
    kernel_db::verify(&clerk.db, &journal.checkpoint_file, &journal.key)
        .await
        .map(|report| Answer::Verified(Verdict::from(&report)))
        .map_err(|cause| cause.to_string())
}

/// Said where people sign in at their ministry.
pub(crate) const NOBODY_SIGNS_IN_HERE: &str =
    "nobody signs in here with a password: the configuration has no [identity.local]";

/// Makes an account, and says the link where no mail leaves.
///
/// # Errors
/// What is said of a failure.
pub(crate) async fn invite(desk: &Desk, invitation: LocalInvitation) -> Result<Answer, String> {
    let invited = desk.invite(invitation.into()).await;
    let invited = invited.map_err(|cause| cause.to_string())?;
    Ok(Answer::Invited {
        link: (!invited.mailed).then(|| invited.link.to_string()),
    })
}

/// Removes the second factors of an account.
///
/// # Errors
/// What is said of a failure.
pub(crate) async fn reset_factor(desk: &Desk, address: &str) -> Result<Answer, String> {
    let ended = desk.reset_factor(address).await;
    match ended.map_err(|cause| cause.to_string())? {
        Some(sessions) => Ok(Answer::FactorReset { sessions }),
        None => Err(format!("{address}: nobody signs in here by this address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::MIGRATIONS;
    use crate::office::ask;
    use kernel::{OsRng, SystemClock};
    use kernel_db::JournalKey;
    use kernel_db::backup::Manifest;
    use kernel_db::testing::TestDb;
    use kernel_http::MasterKey;

    async fn office() -> (
        TestDb,
        PathBuf,
        CancellationToken,
        tokio::task::JoinHandle<()>,
    ) {
        let test = TestDb::sqlite(MIGRATIONS).await;
        let folder = test.file("data");
        let clerk = Clerk {
            db: test.db.clone(),
            clock: Arc::new(SystemClock::default()),
            journal: JournalConfig {
                checkpoint_file: folder.join("journal.checkpoint"),
                key: JournalKey::new(&[1; 32]),
                retention: kernel_db::Retention::default(),
            },
            key: BackupKey::new(&[2; 32]),
            keys: Arc::new(MasterKeys::new(MasterKey::from_bytes([3; 32]))),
            rng: Arc::new(OsRng),
            folder: folder.clone(),
            desk: None,
            turn: Arc::default(),
        };
        let stop = CancellationToken::new();
        let task = open(clerk, stop.clone()).expect("a socket");
        (test, folder, stop, task)
    }

    #[tokio::test]
    async fn a_backup_is_ordered_from_outside_and_is_whole() {
        let (test, folder, stop, task) = office().await;
        let target = test.file("monday");
        let order = Order::Backup {
            folder: target.clone(),
            master_key: false,
        };
        let answer = ask(&folder, &order, |_, _| {}).await.expect("an answer");
        let Answer::BackedUp { manifest } = answer else {
            panic!("{answer:?}");
        };
        let opened = Manifest::open(&target, &BackupKey::new(&[2; 32])).expect("whole");
        assert_eq!(opened, *manifest);
        assert!(!opened.has(backup::MASTER_KEY), "the key stays out");
        let again = ask(&folder, &order, |_, _| {}).await.expect("an answer");
        assert!(
            matches!(&again, Answer::Failed { words } if words.contains("not empty")),
            "{again:?}"
        );
        let verified = ask(&folder, &Order::JournalVerify, |_, _| {}).await;
        assert!(
            matches!(&verified, Ok(Answer::Verified(verdict)) if verdict.findings.is_empty()),
            "{verified:?}"
        );
        let keys = ask(&folder, &Order::Keys, |_, _| {}).await;
        assert!(
            matches!(&keys, Ok(Answer::Keys(report)) if report.masters.len() == 1),
            "{keys:?}"
        );
        let kid = "no-such-key".to_owned();
        let none = ask(&folder, &Order::WithdrawKey { kid }, |_, _| {}).await;
        assert!(
            matches!(&none, Ok(Answer::Failed { words }) if words.contains("no such key")),
            "{none:?}"
        );
        stop.cancel();
        task.await.expect("it ends");
        assert!(!socket(&folder).exists());
        let late = ask(&folder, &order, |_, _| {}).await.expect_err("closed");
        assert!(late.to_string().contains("takes no command"), "{late}");
    }

    #[tokio::test]
    async fn accounts_are_made_and_mended_where_people_sign_in_and_nowhere_else() {
        let (test, folder, stop, task) = office().await;
        let reset = |address: &str| Order::LocalResetFactor {
            address: address.to_owned(),
        };
        let answer = ask(&folder, &reset("nadia@interieur.test"), |_, _| {}).await;
        assert!(
            matches!(&answer, Ok(Answer::Failed { words }) if words.contains("identity.local")),
            "{answer:?}"
        );
        stop.cancel();
        task.await.expect("it ends");
        let organisation = crate::compose::organisation_id("11001401600015");
        let desk = Desk {
            db: test.db.clone(),
            clock: Arc::new(SystemClock::default()),
            rng: Arc::new(kernel::OsRng),
            mailer: kernel_mail::Mailer::none(),
            realm: identity::local::Realm::parse("interieur").expect("a realm"),
            organisation,
            provider: "Ministère de l’Intérieur".to_owned(),
            base_url: url::Url::parse("https://interieur.test/").expect("an address"),
        };
        let invitation = || LocalInvitation {
            address: "nadia@interieur.test".to_owned(),
            given_name: "Nadia".to_owned(),
            usual_name: "Benhamou".to_owned(),
            siret: None,
            organizational_unit: None,
            population: None,
        };
        let invited = invite(&desk, invitation()).await.expect("invited");
        let Answer::Invited { link: Some(link) } = invited else {
            panic!("{invited:?}");
        };
        assert!(
            link.starts_with("https://interieur.test/mot-de-passe/"),
            "{link}"
        );
        let reset = reset_factor(&desk, "nadia@interieur.test").await;
        assert_eq!(reset, Ok(Answer::FactorReset { sessions: 0 }));
        let nobody = reset_factor(&desk, "personne@interieur.test").await;
        assert!(nobody.is_err());
    }

    #[tokio::test]
    async fn the_socket_is_its_users_alone_and_another_user_is_not_heard() {
        let (_test, folder, _stop, _task) = office().await;
        let metadata = std::fs::metadata(socket(&folder)).expect("a socket");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        let (here, _there) = UnixStream::pair().expect("a pair");
        let me = metadata.uid();
        assert!(is_heard(&here, me));
        // Another user's server hears us only when we are root.
        assert_eq!(is_heard(&here, me + 1), me == 0);
    }

    #[tokio::test]
    async fn what_is_no_order_is_refused_and_a_silent_caller_does_not_hold_the_others() {
        let (_test, folder, _stop, _task) = office().await;
        let _silent = UnixStream::connect(socket(&folder)).await.expect("heard");
        let mut stream = UnixStream::connect(socket(&folder)).await.expect("heard");
        stream
            .write_all(b"{\"order\":\"drop-tables\"}\n")
            .await
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.contains("not understood"), "{answer}");
        let relative = Order::Backup {
            folder: "monday".into(),
            master_key: false,
        };
        let answer = ask(&folder, &relative, |_, _| {}).await.expect("an answer");
        assert!(
            matches!(&answer, Answer::Failed { words } if words.contains("absolute")),
            "{answer:?}"
        );
    }
}
