//! What went wrong, in the words of the person at the terminal: what happened, and what to do.

use std::path::Path;

use crate::truenas::{self, Need};
use crate::{app, config, sim, smb, store};

/// What happened on the way to the NAS, the technical cause on a line of its own, and the cure.
pub fn nas_trouble(error: &truenas::Error) -> (String, &'static str) {
    use truenas::Error as E;
    let (what, cure) = match error {
        E::Unreachable(_) => (
            "ninguém responde nesse endereço",
            "Confira o endereço, se o TrueNAS está ligado e se a rede permite chegar até ele.",
        ),
        E::TimedOut(_) => {
            ("o TrueNAS não respondeu a tempo", "Confira se o TrueNAS está ligado e se um firewall descarta a conexão.")
        }
        E::Disconnected(_) => {
            ("a conexão caiu no meio", "Tente de novo; se repetir, verifique proxies e a rede entre as máquinas.")
        }
        E::NotReady { .. } => {
            ("o TrueNAS está iniciando, reiniciando ou atualizando", "Espere alguns minutos e tente de novo.")
        }
        E::Tls(_) => (
            "a conexão segura não é confiável",
            "Confirme a impressão digital do certificado (fingerprint) ou informe o arquivo da autoridade (ca_file).",
        ),
        E::WrongCertificate { .. } => (
            "o certificado não é o que foi fixado",
            "Se o certificado do TrueNAS foi trocado por vocês, confirme a nova impressão digital; se não, alguém pode estar no meio da conexão.",
        ),
        E::Authority(_) => (
            "o arquivo da autoridade certificadora não pôde ser usado",
            "Informe em ca_file um arquivo PEM com ao menos um certificado.",
        ),
        E::PlainRefused => (
            "a chave não é enviada por HTTP sem criptografia",
            "Use https:// no endereço. A partir da versão 25.04 o TrueNAS revoga para sempre uma chave que chega sem criptografia.",
        ),
        E::AddressRefused => (
            "o TrueNAS não aceita conexões desta máquina",
            "Inclua o endereço desta máquina na lista de acesso da interface web (System > General Settings > GUI, Allowed IP Addresses).",
        ),
        E::KeyRefused { .. } => (
            "o TrueNAS recusou a chave",
            "Confira a conta e a chave; se foi revogada ou apagada, crie outra.\nO roteiro: farol setup --guide",
        ),
        E::Standby { .. } => {
            ("este é o controlador em espera", "Use o endereço do controlador ativo, ou o endereço virtual do par.")
        }
        E::RateLimited => ("o TrueNAS está limitando tentativas de entrada", "Espere um minuto e tente de novo."),
        E::Busy => ("o TrueNAS está ocupado demais com as nossas perguntas", "Espere um instante e tente de novo."),
        E::SessionEnded => {
            ("a sessão com o TrueNAS terminou", "Tente de novo; se repetir, a chave pode ter sido revogada.")
        }
        E::RoleMissing { .. } => {
            ("a chave não tem permissão para isso", "Dê à conta o papel que falta.\nO roteiro: farol setup --guide")
        }
        E::Missing { .. } => ("o TrueNAS não conhece esse item", "Confira o nome."),
        E::Refused { .. } => ("o TrueNAS não conseguiu atender", "Veja o motivo acima e o registro do TrueNAS."),
        E::Protocol { .. } => {
            ("a resposta não é a de um TrueNAS conhecido", "Confira se o endereço é o do TrueNAS, e a versão dele.")
        }
    };
    (with_cause(what, error), cure)
}

/// For who can make use of it, and for a search engine.
pub fn with_cause(what: &str, error: &dyn std::error::Error) -> String {
    format!("{what}\n({})", causes(error))
}

/// Why a file or folder could not be used.
pub fn file_trouble(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of causes grows with Rust, and its own words will do")]
    match error.kind() {
        ErrorKind::NotFound => "não existe".to_owned(),
        ErrorKind::PermissionDenied => "sem permissão".to_owned(),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => "há um arquivo onde deveria haver uma pasta".to_owned(),
        ErrorKind::IsADirectory => "é uma pasta".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "o disco só permite leitura".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "o disco está cheio".to_owned(),
        ErrorKind::FileTooLarge => "é grande demais".to_owned(),
        ErrorKind::InvalidData => "não é texto em UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// Why nobody can listen there.
pub fn listening(error: &std::io::Error) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of causes grows with Rust, and its own words will do")]
    match error.kind() {
        std::io::ErrorKind::AddrInUse => "outro programa já o usa".to_owned(),
        std::io::ErrorKind::AddrNotAvailable => "ele não é desta máquina".to_owned(),
        std::io::ErrorKind::PermissionDenied => "sem permissão para usar essa porta".to_owned(),
        _ => error.to_string(),
    }
}

/// What we lose without the right to ask for it.
pub fn lost_without(need: Need) -> &'static str {
    match need {
        Need::People => "ninguém consegue entrar: as contas não podem ser lidas",
        Need::Shares => "ninguém vê compartilhamentos",
        Need::ShareRights => "não se sabe quem alcança cada compartilhamento",
        Need::FolderRights => "não se sabe quem pode ler ou gravar em cada pasta",
        Need::State => "não se distingue um TrueNAS iniciando de um pronto",
        Need::Alerts => "alertas do armazenamento não aparecem",
        Need::Pools => "problemas nos pools não aparecem",
        Need::Services => "não se percebe o serviço SMB parado",
        Need::Release => "a versão exata não aparece",
    }
}

pub fn need(need: Need) -> &'static str {
    match need {
        Need::People => "contas e grupos",
        Need::Shares => "compartilhamentos",
        Need::ShareRights => "acesso aos compartilhamentos",
        Need::FolderRights => "acesso às pastas",
        Need::State => "estado do sistema",
        Need::Alerts => "alertas",
        Need::Pools => "pools",
        Need::Services => "serviços",
        Need::Release => "versão do sistema",
    }
}

/// Why the file server gave no answer.
pub fn smb_silence(silence: smb::Silence) -> &'static str {
    use std::io::ErrorKind;
    match silence {
        smb::Silence::Network(ErrorKind::ConnectionRefused) => "conexão recusada",
        smb::Silence::Network(_) => "não foi possível chegar até lá",
        smb::Silence::TimedOut => "não respondeu a tempo",
        smb::Silence::Dropped => "encerrou a conexão",
        smb::Silence::NotSmb => "o que responde ali não é SMB 2 ou mais novo",
    }
}

pub fn build_trouble(error: &app::Error) -> String {
    match error {
        app::Error::OpenStore(cause)
        | app::Error::MigrateStore(cause)
        | app::Error::ReadStore(cause)
        | app::Error::WriteStore(cause) => store_trouble(cause),
        app::Error::FolderTaken(folder) => format!(
            "A pasta {} está sendo restaurada por outro processo. Espere ele terminar e inicie de novo.",
            folder.display()
        ),
        app::Error::Listen { address, source } => {
            format!(
                "O endereço {address} não pôde ser aberto: {}. Escolha outro com --listen, ou encerre quem o usa.",
                listening(source)
            )
        }
        app::Error::Handed(cause) => {
            format!("O endereço que o systemd entregou não pôde ser usado: {}.", listening(cause))
        }
        app::Error::Exposed(address) => format!(
            "O systemd entregou o endereço {address}, e na rede o Farol não atende em HTTP sem criptografia.\n\
             Escreva server.tls = \"self-signed\" ou \"files\", ou ponha um proxy com HTTPS em server.public_url."
        ),
        app::Error::Certificate(cause) => {
            let (what, cure) = config::certificate_trouble(cause);
            format!("O Farol não pode falar HTTPS: {what}.\n{cure}")
        }
        app::Error::PrepareLink(cause) => {
            let (what, cure) = nas_trouble(cause);
            format!("A conexão com o TrueNAS não pôde ser preparada: {what}\n{cure}")
        }
        app::Error::PrepareMessages(cause) => format!(
            "As mensagens fora do portal não puderam ser preparadas: {}.\n\
             Confira messages.ca_file e os endereços dos canais.",
            causes(cause)
        ),
    }
}

/// Why the simulator did not start. Only its addresses can be wrong without a fault of ours.
pub fn sim_trouble(error: &sim::Error) -> String {
    match error {
        sim::Error::Listen { address, source } => {
            format!("O endereço {address} não pôde ser aberto: {}.", listening(source))
        }
        sim::Error::PanelNotLoopback(address) => {
            format!("O painel provoca falhas, por isso só atende nesta máquina (127.0.0.1), não em {address}.")
        }
        sim::Error::Certificate(_) | sim::Error::Tls(_) => {
            format!("O TrueNAS simulado não pôde iniciar: {}.", causes(error))
        }
    }
}

pub fn store_trouble(error: &store::Error) -> String {
    if matches!(error, store::Error::NewerDatabase { .. }) {
        return "O banco de dados foi usado por uma versão mais nova do Farol. \
            Instale essa versão, ou restaure uma cópia anterior do banco."
            .to_owned();
    }
    format!(
        "{}\nConfira store.url, o disco e as permissões.",
        with_cause("O banco de dados não pôde ser usado.", error)
    )
}

/// Where the installer puts what systemd has to know.
const UNITS: &str = "/etc/systemd/system";

/// All that must be stopped for the server to stay stopped, as systemctl wants to hear it: a socket that goes on listening
/// starts the server again at once. Only what is installed, because systemctl complains of everything else.
pub fn units() -> String {
    units_in(Path::new(UNITS))
}

fn units_in(folder: &Path) -> String {
    let sockets = ["farol.socket", "farol-redirect.socket"].into_iter().filter(|socket| folder.join(socket).exists());
    sockets.chain(["farol"]).collect::<Vec<_>>().join(" ")
}

/// As people say sizes.
pub fn bytes(count: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let step = units.iter().enumerate().rev().find(|(power, _)| count >> (10 * power) > 0);
    let (power, unit) = step.unwrap_or((0, &units[0]));
    let tenths = (count >> (10 * power.saturating_sub(1))) * 10 / if power > 0 { 1024 } else { 1 };
    if power == 0 { format!("{count} {unit}") } else { format!("{},{} {unit}", tenths / 10, tenths % 10) }
}

/// The whole chain on one line.
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_stops_the_server_stops_the_sockets_that_are_there_too() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(units_in(folder.path()), "farol");
        std::fs::write(folder.path().join("farol.socket"), "").unwrap();
        assert_eq!(units_in(folder.path()), "farol.socket farol");
        std::fs::write(folder.path().join("farol-redirect.socket"), "").unwrap();
        assert_eq!(units_in(folder.path()), "farol.socket farol-redirect.socket farol");
    }
}
