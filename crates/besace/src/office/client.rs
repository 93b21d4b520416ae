//! The command's side of the socket.

use std::path::Path;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use super::{Answer, Order, socket};
use crate::compose::StartError;

/// Hands an order to the server that holds the folder, and waits for its last word.
///
/// # Errors
/// When no server answers there, or it ends before it has answered.
pub(crate) async fn ask(
    folder: &Path,
    order: &Order,
    mut hear: impl FnMut(u64, u64),
) -> Result<Answer, StartError> {
    let path = socket(folder);
    let failed = |cause: String| StartError::File {
        path: path.clone(),
        cause,
    };
    let stream = UnixStream::connect(&path).await.map_err(|cause| {
        failed(format!(
            "the program that holds the data folder takes no command here ({cause}): run this as \
             the user who runs it, or stop it and run this again"
        ))
    })?;
    let (reading, mut writing) = stream.into_split();
    let mut line = serde_json::to_vec(order).map_err(|cause| failed(cause.to_string()))?;
    line.push(b'\n');
    let words = |cause: std::io::Error| failed(cause.to_string());
    writing.write_all(&line).await.map_err(words)?;
    let mut lines = BufReader::new(reading).lines();
    while let Some(line) = lines.next_line().await.map_err(words)? {
        let answer: Answer = serde_json::from_str(&line).map_err(|_| {
            failed("the server is of another version: use its own program".to_owned())
        })?;
        match answer {
            Answer::Progress { copied, all } => hear(copied, all),
            last => return Ok(last),
        }
    }
    Err(failed(
        "the server ended before it had answered: nothing is left of what was asked".to_owned(),
    ))
}
