//! Nothing but the words tells a wrong password from a name nobody has: what is asked, shown and written down is the same.

use std::sync::{Arc, Mutex};

use farol::domain::signin::{AttemptId, Progress};
use farol::sim::Profile;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use crate::office::{Office, form, soon, word};

/// Every call the NAS was asked.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

impl Visit for Asked {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "asked" {
            self.0.lock().unwrap().push(value.to_owned());
        }
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Asked {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

/// The answer, how far it came, and the entry in the trail without the name.
async fn refusal(office: &Office, name: &str, password: &str) -> (String, Progress, String) {
    let attempt = AttemptId::new(name);
    let watched = office.server.sign_in.watch(&attempt).unwrap();
    let said = soon(office.server.sign_in.with_password(form(attempt, "10.0.0.7", name, password))).await;
    let progress = *watched.borrow();
    let (action, _, detail) = office.deeds().await.remove(0);
    (word(said), progress, format!("{action:?} {detail}"))
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_a_locked_account_take_the_same_steps_on_every_release() {
    for profile in Profile::ALL {
        let asked = Asked::default();
        let _ears = tracing::subscriber::set_default(tracing_subscriber::registry().with(asked.clone()));
        let office = Office::open(profile).await;
        // The first to come finds out what this NAS has; who opens that connection says nothing about who is refused.
        assert_eq!(office.says("bruno", "demo-bruno").await, "bruno employee", "{profile}");
        let mut seen = Vec::new();
        for (name, password) in [("ana", "wrong"), ("nobody", "wrong"), ("elisa", "demo-elisa"), ("elisa", "wrong")] {
            asked.0.lock().unwrap().clear();
            let told = refusal(&office, name, password).await;
            seen.push((told, asked.0.lock().unwrap().clone()));
        }
        let passwords = seen[0].1.iter().filter(|call| call.contains("login") || call.contains("check_password"));
        assert_eq!(passwords.count(), 1, "{profile} {:?}", seen[0]);
        assert!(seen.iter().all(|other| *other == seen[0]), "{profile} {seen:#?}");
    }
}
