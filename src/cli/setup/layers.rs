//! The layers of the link, from the name to the rights, each proved before the next is tried.

use std::io;

use crate::app::Process;
use crate::cli::setup::answers::Answers;
use crate::cli::setup::entrance::{self, Entrance};
use crate::cli::setup::steps::Steps;
use crate::cli::words;
use crate::domain::nas::Road;
use crate::smb::Prover;
use crate::truenas::{Client, Error, Fingerprint, Need, Settings, Survey, Trust};

/// The link as it was proved, and how people will come in.
pub struct Proved {
    pub truenas: Settings,
    pub entrance: Entrance,
}

/// `None` after a layer that failed: those above it would only fail too.
pub async fn walk(answers: &Answers, process: &Process, steps: &mut Steps<'_, '_>) -> io::Result<Option<Proved>> {
    let mut settings = answers.truenas.clone();
    if !reach(&settings, process, steps).await? {
        return Ok(None);
    }
    let Some(trust) = certificate(answers, process, steps).await? else { return Ok(None) };
    settings.trust = trust;
    let Some(road) = road(&settings, process, steps).await? else { return Ok(None) };
    if road == Road::Rpc && settings.url().scheme() == "http" {
        steps.begin("Transporte")?;
        let (what, cure) = words::nas_trouble(&Error::PlainRefused);
        steps.fail(&what, cure)?;
        return Ok(None);
    }
    let client = match Client::start(settings.clone(), &process.clock, &process.random, &process.tasks) {
        Ok(client) => client,
        Err(error) => return told(steps, &error).map(|()| None),
    };
    if !sign_in(&client, &settings, steps).await? || !needs(&client, road, steps).await? {
        return Ok(None);
    }
    power(&client, steps).await?;
    shares(&client, steps).await?;
    let smb_answers = smb(answers, process, steps).await?;
    let entrance = entrance::settle(answers, &client, smb_answers, steps).await?;
    Ok(Some(Proved { truenas: settings, entrance }))
}

fn told(steps: &mut Steps<'_, '_>, error: &Error) -> io::Result<()> {
    let (what, cure) = words::nas_trouble(error);
    steps.fail(&what, cure)
}

async fn reach(settings: &Settings, process: &Process, steps: &mut Steps<'_, '_>) -> io::Result<bool> {
    let survey = Survey { settings, clock: &process.clock };
    steps.begin("Nome do servidor")?;
    match survey.resolve().await {
        Ok(addresses) => {
            let addresses: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            steps.fine(&format!("{} → {}", settings.host(), addresses.join(", ")))?;
        }
        Err(error) => {
            let what = words::with_cause("esse nome não leva a nenhum endereço", &error);
            steps.fail(&what, "Confira o nome no DNS da rede, ou use o endereço IP.")?;
            return Ok(false);
        }
    }
    steps.begin("Conexão TCP")?;
    match survey.connect().await {
        Ok(()) => steps.fine(&format!("porta {}", settings.url().port_or_known_default().unwrap_or_default()))?,
        Err(error) => {
            told(steps, &error)?;
            return Ok(false);
        }
    }
    Ok(true)
}

async fn certificate(answers: &Answers, process: &Process, steps: &mut Steps<'_, '_>) -> io::Result<Option<Trust>> {
    let settings = &answers.truenas;
    let survey = Survey { settings, clock: &process.clock };
    steps.begin("TLS e certificado")?;
    if settings.url().scheme() == "http" {
        steps.warn(
            "sem criptografia: a chave passa aberta pela rede",
            "Só para laboratório. Em produção use https://.",
        )?;
        return Ok(Some(settings.trust.clone()));
    }
    match survey.verify_certificate().await {
        Ok(()) => {
            steps.fine(match &settings.trust {
                Trust::System => "certificado de uma autoridade conhecida",
                Trust::Authority(_) => "certificado da autoridade informada",
                Trust::Pinned(_) => "impressão digital confirmada",
            })?;
            return Ok(Some(settings.trust.clone()));
        }
        Err(Error::Tls(_)) if !answers.trust_given => {}
        Err(error) => {
            told(steps, &error)?;
            return Ok(None);
        }
    }
    match survey.look_at_certificate().await {
        Ok(certificate) => confirm(certificate.fingerprint, answers.may_ask, steps),
        Err(error) => told(steps, &error).map(|()| None),
    }
}

fn confirm(fingerprint: Fingerprint, may_ask: bool, steps: &mut Steps<'_, '_>) -> io::Result<Option<Trust>> {
    let where_to_compare = "Compare com o que o próprio TrueNAS mostra (System > Shell):\n\
        openssl x509 -noout -fingerprint -sha256 -in /etc/certificates/truenas_default.crt";
    if !may_ask {
        let what =
            format!("nenhuma autoridade conhecida assina o certificado, cuja impressão digital é\n{fingerprint}");
        steps.fail(&what, &format!("{where_to_compare}\nSe for a mesma, acrescente:\n--fingerprint={fingerprint}"))?;
        return Ok(None);
    }
    steps.warn(&format!("certificado próprio, com a impressão digital\n{fingerprint}"), where_to_compare)?;
    let same = steps.console.confirm("    É a mesma?")?;
    if !same {
        steps.begin("Certificado")?;
        steps.fail("não confirmado", "Sem certeza de quem responde, a chave não é enviada.")?;
    }
    Ok(same.then_some(Trust::Pinned(fingerprint)))
}

async fn road(settings: &Settings, process: &Process, steps: &mut Steps<'_, '_>) -> io::Result<Option<Road>> {
    steps.begin("HTTP e interface")?;
    match (Survey { settings, clock: &process.clock }).find_road().await {
        Ok(road) => {
            let releases = match road {
                Road::Rpc => "JSON-RPC, versão 25.04 ou mais nova",
                Road::Rest => "REST, versão até 24.10",
            };
            steps.fine(releases)?;
            Ok(Some(road))
        }
        Err(error) => told(steps, &error).map(|()| None),
    }
}

async fn sign_in(client: &Client, settings: &Settings, steps: &mut Steps<'_, '_>) -> io::Result<bool> {
    steps.begin("Entrada com a chave")?;
    match client.road().await {
        // Up to 24.10 a key belongs to the system, whatever account was named.
        Ok(road) if road == Road::Rest || settings.username.is_empty() => steps.fine("chave aceita")?,
        Ok(_) => steps.fine(&format!("chave aceita, conta {}", settings.username))?,
        Err(error) => {
            told(steps, &error)?;
            return Ok(false);
        }
    }
    steps.begin("Versão")?;
    match client.read_release().await {
        Ok(release) => steps.fine(&release.to_string())?,
        Err(error) => {
            let (what, _) = words::nas_trouble(&error);
            steps.warn(&what, "Nada depende da versão exata; ela só não aparece nas páginas.")?;
        }
    }
    Ok(true)
}

/// Every right by name. Those without which nobody could sign in or see a share are a failure.
async fn needs(client: &Client, road: Road, steps: &mut Steps<'_, '_>) -> io::Result<bool> {
    let mut enough = true;
    for need in Need::ALL {
        // What the administrator will find in the menus: a role of the account, or an address the key allows.
        let (kind, right) = match road {
            Road::Rpc => ("Papel", need.role().to_owned()),
            Road::Rest => ("Permita na chave", need.rest_paths().join(", ")),
        };
        steps.begin(&format!("Permissão: {}", words::need(need)))?;
        match client.try_need(need).await {
            Ok(_) => steps.fine(&right)?,
            Err(error) => {
                let (what, _) = words::nas_trouble(&error);
                let cure = format!("Sem ela, {}. {kind}: {right}.", words::lost_without(need));
                if need.is_vital() {
                    enough = false;
                    steps.fail(&what, &cure)?;
                } else {
                    steps.warn(&what, &cure)?;
                }
            }
        }
    }
    Ok(enough)
}

async fn power(client: &Client, steps: &mut Steps<'_, '_>) -> io::Result<()> {
    steps.begin("Poder da chave")?;
    match client.is_key_too_powerful().await {
        Ok(false) => steps.fine("só o necessário"),
        Ok(true) => steps.warn(
            "esta chave pode fazer muito mais do que ler",
            "Funciona, mas quem a roubar controla o TrueNAS. Prefira um acesso só de leitura.\nO roteiro: farol setup --guide",
        ),
        Err(error) => {
            let (what, cure) = words::nas_trouble(&error);
            steps.warn(&what, cure)
        }
    }
}

async fn shares(client: &Client, steps: &mut Steps<'_, '_>) -> io::Result<()> {
    steps.begin("Compartilhamentos")?;
    match client.list_shares().await {
        Ok(shares) if shares.is_empty() => {
            steps.warn("nenhum compartilhamento SMB existe ainda", "Crie um em Shares > Windows (SMB) Shares.")
        }
        Ok(shares) => {
            let names: Vec<&str> = shares.iter().map(|share| share.name.as_str()).collect();
            steps.fine(&format!("{}: {}", names.len(), printable(&names.join(", "))))
        }
        Err(error) => {
            let (what, cure) = words::nas_trouble(&error);
            steps.warn(&what, cure)
        }
    }
}

/// Says whether the file server is there.
async fn smb(answers: &Answers, process: &Process, steps: &mut Steps<'_, '_>) -> io::Result<bool> {
    let settings = &answers.smb;
    steps.begin(&format!("SMB na porta {}", settings.port))?;
    match Prover::new(settings.clone(), process.clock.clone()).probe().await {
        Ok(()) => steps.fine(&format!("{} atende", settings.host)).map(|()| true),
        Err(silence) => {
            let what = format!("{} não atende ({})", settings.host, words::smb_silence(silence));
            let cure = "Os computadores não conseguirão mapear drives, nem o Farol provar senhas por SMB. \
                Ligue o serviço SMB (System > Services) e libere a porta.";
            steps.warn(&what, cure).map(|()| false)
        }
    }
}

/// Names come from the NAS and may hold anything; a terminal obeys control characters.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
