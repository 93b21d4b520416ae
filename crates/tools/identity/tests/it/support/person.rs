//! Somebody with a browser: redirects and pages that go on by themselves are followed, forms are
//! filled in.

use std::collections::BTreeMap;

use testkit::{Answer, Client};
use url::Url;

use super::state::{BESACE, Instance, Someone};

/// Where a browser stands.
pub(crate) struct Place {
    pub(crate) url: Url,
    /// What is shown; none: an application's page.
    pub(crate) answer: Option<Answer>,
}

impl Place {
    /// The page shown here.
    pub(crate) fn page(&self) -> &Answer {
        self.answer
            .as_ref()
            .unwrap_or_else(|| panic!("a page of ours, not {}", self.url))
    }

    /// A field of the form on this page.
    pub(crate) fn field(&self, name: &str) -> String {
        let page = self.page();
        page.field(name)
            .unwrap_or_else(|| panic!("no field {name} at {}: {}", self.url, page.text()))
    }
}

/// A browser, one jar for each site.
#[derive(Clone)]
pub(crate) struct Person {
    sites: BTreeMap<String, Client>,
}

impl Person {
    pub(crate) fn new<'a>(instances: impl IntoIterator<Item = &'a Instance>) -> Self {
        let sites = instances.into_iter().map(|instance| {
            let origin = instance.house.site.base_url.origin();
            (origin.ascii_serialization(), instance.client())
        });
        Self {
            sites: sites.collect(),
        }
    }

    /// The same browser, whose requests to a site of ours come to this node from now on.
    pub(crate) fn at(&self, node: &Instance) -> Self {
        let mut moved = self.clone();
        let site = moved.site(&node.house.site.base_url).expect("a site");
        let mut client = node.client();
        for (name, value) in site.cookies() {
            client.set_cookie(name, value);
        }
        *site = client;
        moved
    }

    /// The part of the browser that speaks to Besace.
    pub(crate) fn besace(&mut self) -> &mut Client {
        let base = Url::parse(BESACE).expect("an address");
        self.site(&base).expect("Besace")
    }

    /// The part that speaks to this site; none for an application's.
    pub(crate) fn site(&mut self, url: &Url) -> Option<&mut Client> {
        self.sites.get_mut(&url.origin().ascii_serialization())
    }

    /// Opens an address and goes on until a page is shown or an application is reached.
    pub(crate) async fn open(&mut self, target: &str) -> Place {
        let base = Url::parse(BESACE).expect("an address");
        let url = base.join(target).expect("an address");
        let Some(site) = self.site(&url) else {
            return Place { url, answer: None };
        };
        let answer = site.get(url.as_str()).await;
        self.travel(url, answer).await
    }

    /// Sends a form and goes on.
    pub(crate) async fn submit(&mut self, url: &Url, fields: &[(&str, &str)]) -> Place {
        let site = self.site(url).expect("a site of ours");
        let answer = site.post_form(url.as_str(), fields).await;
        self.travel(url.clone(), answer).await
    }

    /// Goes on from an answer.
    pub(crate) async fn travel(&mut self, mut url: Url, mut answer: Answer) -> Place {
        for _ in 0..12 {
            let next = match (answer.location(), answer.refresh()) {
                ("", "") => {
                    return Place {
                        url,
                        answer: Some(answer),
                    };
                }
                ("", refresh) => refresh,
                (location, _) => location,
            };
            url = url.join(next).expect("an address");
            let Some(site) = self.site(&url) else {
                return Place { url, answer: None };
            };
            answer = site.get(url.as_str()).await;
        }
        panic!("a loop of redirects at {url}");
    }

    /// On Besace's first page: gives the address.
    pub(crate) async fn give_address(&mut self, place: &Place, email: &str) -> Place {
        let csrf = place.field("csrf");
        self.submit(&place.url, &[("csrf", &csrf), ("email", email)])
            .await
    }

    /// In Besace's list of administrations: chooses one.
    pub(crate) async fn choose(&mut self, first: &Place, provider: &str) -> Place {
        let list = self.open(&format!("{}/administrations", first.url)).await;
        let csrf = list.field("csrf");
        self.submit(&list.url, &[("csrf", &csrf), ("provider", provider)])
            .await
    }

    /// On the ministry's page: gives the password, and goes on.
    pub(crate) async fn give_password(&mut self, place: &Place, someone: Someone) -> Place {
        let (url, answer) = self.password(place, someone).await;
        self.travel(url, answer).await
    }

    /// On the ministry's page: gives the password, and stops before Besace's callback, whose
    /// address this is.
    pub(crate) async fn until_callback(&mut self, place: &Place, someone: Someone) -> Url {
        let (url, answer) = self.password(place, someone).await;
        url.join(answer.refresh()).expect("an address")
    }

    async fn password(&mut self, place: &Place, someone: Someone) -> (Url, Answer) {
        let csrf = place.field("csrf");
        let mut url = place.url.clone();
        url.set_query(None);
        if !url.path().ends_with("/mot-de-passe") {
            url.set_path(&format!("{}/mot-de-passe", url.path()));
        }
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", someone.email),
            ("password", someone.password),
        ];
        let site = self.site(&url).expect("a ministry");
        let answer = site.post_form(url.as_str(), &fields).await;
        (url, answer)
    }

    /// From Besace's first page to wherever the sign-in was for.
    pub(crate) async fn go_through(&mut self, place: &Place, someone: Someone) -> Place {
        let ministry = self.give_address(place, someone.email).await;
        self.give_password(&ministry, someone).await
    }

    /// Signs in to the portal.
    pub(crate) async fn sign_in(&mut self, someone: Someone) -> Place {
        let place = self.open("/connexion").await;
        self.go_through(&place, someone).await
    }

    /// Who Besace says is signed in; null when nobody is.
    pub(crate) async fn who(&mut self) -> serde_json::Value {
        let answer = self.besace().get("/api/v1/session").await;
        match answer.status {
            200 => answer.json(),
            401 => serde_json::Value::Null,
            other => panic!("status {other}: {}", answer.text()),
        }
    }
}
