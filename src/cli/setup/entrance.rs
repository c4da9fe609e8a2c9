//! How people will come in: who checks their passwords, who administers, under which address browsers find us.

use std::io;

use url::Url;

use crate::auth::{ADMINISTRATORS_GROUP, Authenticator};
use crate::cli::console::Console;
use crate::cli::setup::answers::Answers;
use crate::cli::setup::https::Https;
use crate::cli::setup::steps::Steps;
use crate::cli::words;
use crate::truenas::Client;
use crate::web::InvalidPublicUrl;
use crate::{auth, web};

pub struct Entrance {
    pub authenticator: Authenticator,
    pub administrators_group: String,
    pub public_url: Option<Url>,
}

/// Asks what no flag said. Nothing here stops the set-up: all of it can be put right later.
pub async fn settle(
    answers: &Answers,
    client: &Client,
    smb_answers: bool,
    steps: &mut Steps<'_, '_>,
) -> io::Result<Entrance> {
    let authenticator = match answers.authenticator {
        Some(given) => given,
        None if answers.may_ask => ask(steps.console, WHO_CHECKS, Authenticator::Smb.as_str(), read_authenticator)?,
        None => Authenticator::Smb,
    };
    tell_authenticator(authenticator, smb_answers, steps)?;
    let administrators_group = match &answers.administrators_group {
        Some(given) => given.clone(),
        None if answers.may_ask => ask(steps.console, WHO_ADMINISTERS, ADMINISTRATORS_GROUP, read_group)?,
        None => ADMINISTRATORS_GROUP.to_owned(),
    };
    look_for_group(&administrators_group, client, steps).await?;
    let public_url = match &answers.public_url {
        None if answers.may_ask => {
            let question = if answers.https.https == Https::Off { WHICH_PROXY } else { WHICH_ADDRESS };
            ask(steps.console, question, "", read_optional_url)?
        }
        given => given.clone(),
    };
    Ok(Entrance { authenticator, administrators_group, public_url })
}

const WHO_CHECKS: &str = "Quem confere as senhas: smb (o servidor de arquivos) ou truenas-api (a interface)";
const WHO_ADMINISTERS: &str = "Grupo do TrueNAS que administra o portal";
const WHICH_PROXY: &str = "Endereço no navegador, se houver um proxy com HTTPS (https://…; vazio: não há)";
const WHICH_ADDRESS: &str = "Endereço no navegador (https://…; vazio: qualquer um desta máquina)";

/// Asks until the answer can be used; the default always can.
pub fn ask<T>(
    console: &mut Console<'_>,
    question: &str,
    default: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> io::Result<T> {
    loop {
        match read(&console.ask(question, default)?) {
            Ok(answer) => return Ok(answer),
            Err(problem) => writeln!(console.out, "{problem}")?,
        }
    }
}

pub fn read_authenticator(text: &str) -> Result<Authenticator, String> {
    Authenticator::parse(text).ok_or_else(|| "Escreva smb ou truenas-api.".to_owned())
}

pub fn read_group(text: &str) -> Result<String, String> {
    auth::Settings::parse_group(text).ok_or_else(|| "Isso não é o nome de um grupo.".to_owned())
}

pub fn read_url(text: &str) -> Result<Url, String> {
    web::Settings::parse_public_url(text).map_err(|problem| match problem {
        InvalidPublicUrl::Malformed => {
            "O endereço público deve ter a forma https://NOME ou https://NOME:PORTA, sem caminho.".to_owned()
        }
        InvalidPublicUrl::Plain => "O endereço público deve usar https://; só localhost pode usar http://.".to_owned(),
    })
}

fn read_optional_url(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() { Ok(None) } else { read_url(text).map(Some) }
}

fn tell_authenticator(authenticator: Authenticator, smb_answers: bool, steps: &mut Steps<'_, '_>) -> io::Result<()> {
    steps.begin("Senhas dos funcionários")?;
    match (authenticator, smb_answers) {
        (Authenticator::Smb, true) => steps.fine("smb: confere o servidor de arquivos; nada a preparar no TrueNAS"),
        (Authenticator::Smb, false) => steps.warn(
            "smb: ninguém entra enquanto ele não atender",
            "Ligue o serviço SMB e libere a porta; se isso não for possível, use --authenticator truenas-api.",
        ),
        (Authenticator::TruenasApi, true) => steps.warn(
            "truenas-api só aceita quem tem um privilégio no TrueNAS",
            &format!("{PREPARE}\nO servidor de arquivos atende: a não ser que usem segundo fator, smb é mais simples."),
        ),
        (Authenticator::TruenasApi, false) => {
            steps.warn("truenas-api só aceita quem tem um privilégio no TrueNAS", PREPARE)
        }
    }
}

const PREPARE: &str = "Dê um privilégio sem papéis ao grupo dos funcionários; sem ele, até a senha certa é recusada. \
    Não se pode conferir isso daqui.\nO roteiro: farol setup --guide";

async fn look_for_group(name: &str, client: &Client, steps: &mut Steps<'_, '_>) -> io::Result<()> {
    steps.begin("Grupo dos administradores")?;
    match client.find_group_size(name).await {
        Ok(Some(0)) => steps.warn(
            &format!("{name} não tem nenhuma conta deste TrueNAS"),
            "Se for um grupo de um diretório, está certo. Se não, ponha nele quem vai administrar o portal, em \
             Credentials > Groups > Members.",
        ),
        Ok(Some(1)) => steps.fine(&format!("{name}, com uma conta")),
        Ok(Some(size)) => steps.fine(&format!("{name}, com {size} contas")),
        Ok(None) => steps.warn(
            &format!("o TrueNAS não tem um grupo {name}"),
            "Crie-o em Credentials > Groups > Add e ponha nele quem vai administrar o portal. Até lá só entra como \
             administrador quem foi criado com farol admin create.",
        ),
        Err(error) => {
            let (what, cure) = words::nas_trouble(&error);
            steps.warn(&what, cure)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a person reads about it, on one line.
    fn told(authenticator: Authenticator, smb_answers: bool) -> String {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut console = Console { out: &mut out, err: &mut err, input: &mut io::empty() };
        tell_authenticator(authenticator, smb_answers, &mut Steps::new(&mut console)).unwrap();
        String::from_utf8(out).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_other_way_to_check_passwords_is_named_when_it_is_better() {
        assert!(told(Authenticator::Smb, true).contains("OK smb: confere o servidor de arquivos"));
        assert!(told(Authenticator::Smb, false).contains("use --authenticator truenas-api"));
        assert!(told(Authenticator::TruenasApi, true).contains("smb é mais simples"));
        let only_way = told(Authenticator::TruenasApi, false);
        assert!(only_way.contains("privilégio sem papéis") && !only_way.contains("mais simples"), "{only_way}");
    }
}
