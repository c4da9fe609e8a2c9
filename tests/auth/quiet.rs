//! Nothing that was typed in secret is ever said aloud: neither in the log nor in the database.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use farol::auth::Entered;
use farol::sim::Profile;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use crate::office::Office;

/// All that is logged by anybody, whatever its level.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<String>>);

impl Visit for Ear {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Ear {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }

    fn on_new_span(&self, attributes: &tracing::span::Attributes<'_>, _: &tracing::Id, _: Context<'_, S>) {
        attributes.record(&mut self.clone());
    }
}

#[tokio::test]
async fn passwords_codes_and_tokens_are_neither_logged_nor_kept() {
    let ear = Ear::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(ear.clone()));
    let office = Office::open(Profile::R25_10).await;
    let mut secrets = vec!["demo-ana".to_owned(), "cânario-errado".to_owned(), "demo-fabio".to_owned()];
    let Entered::SignedIn(ana) = office.sign_in("ana", "demo-ana").await.unwrap() else { panic!("a code") };
    office.sign_in("ana", "cânario-errado").await.unwrap_err();
    let Entered::CodeWanted(handle) = office.sign_in("fabio", "demo-fabio").await.unwrap() else { panic!("no code") };
    let fabio = office.code(&handle, "123456").await.unwrap();
    office.turn("revoked-key", true);
    let _ = office.sign_in("bruno", "demo-bruno").await;
    secrets.push("demo-bruno".to_owned());
    secrets.extend([ana.token, fabio.token, handle].map(|token| token.reveal().clone()));
    let said = ear.0.lock().unwrap().clone();
    assert!(said.contains("signed in") && said.contains("a sign-in was refused"), "{said}");
    let kept: Vec<u8> = office.database_files().into_iter().flat_map(|file| std::fs::read(file).unwrap()).collect();
    let kept = String::from_utf8_lossy(&kept);
    assert!(kept.contains("Ana Lima"));
    for secret in secrets {
        assert!(!said.contains(&secret) && !kept.contains(&secret), "{secret}");
    }
}
