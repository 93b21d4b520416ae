//! What other tools tell agents.

use std::sync::Arc;

use kernel::BoxFuture;
use kernel::port::{Notice, Notify, PortError};
use kernel_db::{DbError, Tx};

use super::Inbox;
use crate::domain::news::NewNotice;

impl Notify for Inbox {
    fn notify(&self, notice: Notice) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(async move {
            let agent = notice.to;
            let checked = NewNotice::parse(notice)
                .map_err(|cause| PortError::Refused(format!("the notice's {cause}")))?;
            let (inbox, checked) = (self.clone(), Arc::new(checked));
            let now = self.clock.now();
            let hint = self
                .db
                .write(move |tx: &mut Tx| {
                    let (inbox, notice) = (inbox.clone(), Arc::clone(&checked));
                    Box::pin(async move { inbox.put(tx, &notice, now).await.map(|(_, hint)| hint) })
                })
                .await
                .map_err(|cause: DbError| PortError::Unavailable(cause.to_string()))?;
            if hint {
                self.ring(agent);
            }
            Ok(())
        })
    }
}
