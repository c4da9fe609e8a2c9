//! The NAS: every layer of the link, its clock and its certificate, and what will break at its next upgrade.

use std::time::Duration;

use crate::app::Process;
use crate::app::lifecycle::STOP_LIMIT;
use crate::auth::Authenticator;
use crate::cli::doctor::certificate;
use crate::cli::doctor::finding::Findings;
use crate::cli::words;
use crate::domain::Timestamp;
use crate::domain::nas::{Release, Road};
use crate::health::{Found, Inspector, Layer, Outcome, Step};
use crate::truenas::{Client, Error, Need, Settings};

const TOPIC: &str = "TrueNAS";
const CERTIFICATE: &str = "certificado do TrueNAS";
const UPGRADE: &str = "próxima atualização do TrueNAS";

/// How often the test is asked whether it is over.
const PAUSE: Duration = Duration::from_millis(50);
/// Second factors fail from half a minute on.
const CLOCKS_APART: Duration = Duration::from_secs(30);

pub async fn look(
    settings: Settings,
    authenticator: Option<Authenticator>,
    process: &Process,
    findings: &mut Findings,
) {
    let Process { clock, random, tasks } = process;
    let client = match Client::start(settings.clone(), clock, random, tasks) {
        Ok(client) => client,
        Err(error) => return trouble(&error, findings),
    };
    let inspector = Inspector::new(settings.clone(), client.clone(), clock.clone(), tasks.clone());
    inspector.try_layers();
    let steps = loop {
        match inspector.layers() {
            Some(test) if !test.running => break test.steps,
            _ => clock.sleep(PAUSE).await,
        }
    };
    let seen = tell(&settings, &steps, clock.now(), findings);
    if let Some(road) = seen.road.filter(|_| seen.let_in) {
        if let Ok(system) = client.read_system().await
            && let Some(told) = system.now
        {
            compare(told, clock.now(), findings);
        }
        upgrade(&settings, road, seen.release.as_ref(), authenticator, findings);
    }
    tasks.stop(clock, STOP_LIMIT).await;
}

/// What the layers told of it.
#[derive(Default)]
struct Seen {
    road: Option<Road>,
    release: Option<Release>,
    let_in: bool,
}

fn tell(settings: &Settings, steps: &[Step<Layer>], now: Timestamp, findings: &mut Findings) -> Seen {
    let mut seen = Seen::default();
    for Step { of, outcome, .. } in steps {
        match outcome {
            Outcome::Failed(error) if *of == Layer::Name => {
                let what = words::with_cause("esse nome não leva a nenhum endereço", error);
                findings.trouble(TOPIC, format!("{}: {what}. Confira o DNS, ou use o endereço IP.", settings.host()));
            }
            Outcome::Failed(error @ (Error::Unreachable(_) | Error::TimedOut(_))) => {
                let (what, cure) = words::nas_trouble(error);
                let moved = "Se o TrueNAS mudou de endereço, corrija truenas.url e reinicie o Farol.";
                findings.trouble(TOPIC, format!("{}: {what}. {cure} {moved}", settings.url()));
            }
            Outcome::Failed(error) => trouble(error, findings),
            Outcome::Found(found) => one(found, now, &mut seen, findings),
            Outcome::Running => {}
        }
    }
    seen
}

fn one(found: &Found, now: Timestamp, seen: &mut Seen, findings: &mut Findings) {
    match found {
        Found::Addresses { .. } | Found::Port(_) | Found::Answer(_) | Found::TooPowerful(false) => {}
        Found::Unencrypted => findings.attention(
            TOPIC,
            "a chave passa sem criptografia pela rede. Use https:// em truenas.url e apague truenas.allow_plain_http.",
        ),
        Found::Certificate { expires_at: Some(at), .. } => {
            let cure = "Renove-o no TrueNAS (Credentials > Certificates) e, se ele é fixado, atualize truenas.fingerprint.";
            certificate::judge(CERTIFICATE, *at, now, cure, findings);
        }
        Found::Certificate { expires_at: None, .. } => findings.attention(CERTIFICATE, "não diz até quando vale."),
        Found::Road(road) => seen.road = Some(*road),
        Found::Release(release) => {
            seen.let_in = true;
            seen.release.clone_from(release);
            let release = release.as_ref().map_or_else(|| "versão não informada".to_owned(), ToString::to_string);
            findings.ok(TOPIC, format!("{release}, chave aceita"));
        }
        Found::Rights(missing) => missing.iter().for_each(|need| lacking(*need, findings)),
        Found::TooPowerful(true) => findings.attention(
            TOPIC,
            "a chave pode fazer muito mais do que ler: quem a roubar controla o TrueNAS. O roteiro: farol setup --guide",
        ),
    }
}

fn trouble(error: &Error, findings: &mut Findings) {
    let (what, cure) = words::nas_trouble(error);
    findings.trouble(TOPIC, format!("{what}. {cure}"));
}

fn lacking(need: Need, findings: &mut Findings) {
    let text = format!(
        "falta a permissão {} ({}). Dê à conta o papel {}.",
        words::need(need),
        words::lost_without(need),
        need.role()
    );
    if need.is_vital() {
        findings.trouble(TOPIC, text);
    } else {
        findings.attention(TOPIC, text);
    }
}

fn compare(told: Timestamp, now: Timestamp, findings: &mut Findings) {
    let apart = told.since(now).max(now.since(told));
    if apart > CLOCKS_APART {
        let seconds = apart.as_secs();
        let text =
            format!("difere {seconds} s do relógio do TrueNAS: códigos e agendamentos falham. Acerte os dois por NTP.");
        findings.attention("relógio", text);
    }
}

/// What stops working when the release after this one is installed, and what to do before.
fn upgrade(
    settings: &Settings,
    road: Road,
    release: Option<&Release>,
    authenticator: Option<Authenticator>,
    findings: &mut Findings,
) {
    if road == Road::Rpc {
        let next = release
            .filter(|release| release.year < 26)
            .map_or("", |_| ": a interface REST acaba na 26, e o Farol já não a usa");
        return findings.ok(UPGRADE, format!("nada do que o Farol usa vai acabar{next}"));
    }
    if settings.url().scheme() == "http" {
        findings.trouble(
            UPGRADE,
            "a 25.04 revoga para sempre uma chave que chega por HTTP. Antes de atualizar, use https:// em truenas.url.",
        );
    }
    if settings.username.is_empty() {
        let text = "a partir da 25.04 a chave pertence a uma conta. Escreva-a em truenas.username.";
        findings.attention(UPGRADE, text);
    }
    let mut roles: Vec<&str> = Need::ALL.iter().map(|need| need.role()).collect();
    roles.sort_unstable();
    roles.dedup();
    let roles = roles.join(", ");
    findings.attention(
        UPGRADE,
        format!(
            "a 25.04 troca REST por JSON-RPC (o Farol muda sozinho), e a lista de métodos da chave deixa de valer: \
             a conta dela precisa dos papéis {roles}. O roteiro: farol setup --guide"
        ),
    );
    if authenticator == Some(Authenticator::TruenasApi) {
        findings.attention(
            UPGRADE,
            "a 25.04 só confere a senha de quem tem um privilégio. Dê um (pode ser vazio) ao grupo das pessoas, ou use \
             auth.authenticator = \"smb\".",
        );
    }
}
