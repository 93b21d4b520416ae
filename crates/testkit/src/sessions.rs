//! Sessions without a sign-in.

use std::sync::Mutex;

use kernel::{Caller, Secret, SessionId};
use kernel_http::{BoxFuture, Sessions, SessionsError};

/// Who is signed in, by cookie.
#[derive(Debug, Default)]
pub struct FakeSessions(Mutex<Vec<(String, Caller)>>);

impl FakeSessions {
    /// Opens a session; the cookie is the session's id.
    pub fn open(&self, caller: Caller) -> Secret {
        let session = caller.session().expect("a session");
        let cookie = session.to_string();
        let mut open = self.0.lock().expect("sessions");
        open.retain(|(known, _)| *known != cookie);
        open.push((cookie.clone(), caller));
        Secret::new(cookie)
    }

    /// Closes one.
    pub fn close(&self, session: SessionId) {
        self.0
            .lock()
            .expect("sessions")
            .retain(|(_, caller)| caller.session() != Some(session));
    }
}

impl Sessions for FakeSessions {
    fn caller<'a>(
        &'a self,
        cookie: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Caller>, SessionsError>> {
        let found = self
            .0
            .lock()
            .expect("sessions")
            .iter()
            .find(|(known, _)| cookie.matches(known))
            .map(|(_, caller)| caller.clone());
        Box::pin(async move { Ok(found) })
    }
}
