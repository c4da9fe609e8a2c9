//! `farol setup`: asks what is missing, proves every layer of the link in front of the person, writes the settings.

mod answers;
mod entrance;
mod files;
mod guide;
mod https;
mod layers;
mod steps;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::app::Process;
use crate::auth::Authenticator;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use answers::Answers;
use steps::Steps;

const EXIT_CODES: &str = "\
Códigos de saída:
  0  tudo testado e gravado
  2  faltam respostas, ou alguma não é válida
  3  uma camada da conexão com o TrueNAS falhou; nada foi gravado
  4  já existe uma configuração e ela não foi substituída
  5  os arquivos não puderam ser gravados";

/// Testa a conexão com o TrueNAS camada por camada e grava a configuração
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Args {
    /// Mostra como criar a conta, o privilégio e a chave no TrueNAS, e termina
    #[arg(long)]
    guide: bool,
    /// Não pergunta nada: usa só o que foi informado aqui
    #[arg(long, short)]
    yes: bool,
    /// Substitui uma configuração existente sem perguntar
    #[arg(long)]
    force: bool,
    // Here and below: documentation wants its addresses between brackets, and people would type them.
    #[arg(long, value_name = "URL", help = "Endereço do TrueNAS, como https://192.168.1.100")]
    url: Option<String>,
    /// Conta do TrueNAS a que a chave pertence (vazia até a versão 24.10)
    #[arg(long, value_name = "CONTA")]
    username: Option<String>,
    /// Arquivo com a chave da API; "-" lê da entrada padrão
    #[arg(long, value_name = "ARQUIVO")]
    api_key_file: Option<PathBuf>,
    /// Impressão digital SHA-256 do certificado do TrueNAS
    #[arg(long, value_name = "SHA256", conflicts_with = "ca_file")]
    fingerprint: Option<String>,
    /// Arquivo PEM da autoridade que assinou o certificado do TrueNAS
    #[arg(long, value_name = "ARQUIVO")]
    ca_file: Option<PathBuf>,
    /// Aceita HTTP sem criptografia (só laboratório e versões até 24.10)
    #[arg(long)]
    allow_plain_http: bool,
    /// Onde o TrueNAS atende SMB, se não for no mesmo endereço
    #[arg(long, value_name = "NOME")]
    smb_host: Option<String>,
    /// Porta do SMB
    #[arg(long, value_name = "PORTA", default_value_t = crate::smb::SMB_PORT)]
    smb_port: u16,
    /// Onde o Farol atende
    #[arg(long, value_name = "ENDEREÇO", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    https: https::Args,
    /// Quem confere as senhas: smb (o servidor de arquivos) ou truenas-api (a interface do TrueNAS) [padrão: smb]
    #[arg(long, value_name = "MODO", value_parser = entrance::read_authenticator)]
    authenticator: Option<Authenticator>,
    /// Grupo do TrueNAS cujos membros administram o portal [padrão: portal-admins]
    #[arg(long, value_name = "GRUPO", value_parser = entrance::read_group)]
    admin_group: Option<String>,
    #[arg(
        long,
        value_name = "URL",
        help = "Endereço que as pessoas abrem no navegador, como https://farol.exemplo.com.br; com um proxy, o dele"
    )]
    public_url: Option<String>,
    /// Pasta de farol.toml e dos segredos
    #[arg(long, value_name = "PASTA", default_value = ".")]
    dir: PathBuf,
    /// Pasta dos dados do Farol [padrão: data, dentro de --dir]
    #[arg(long, value_name = "PASTA")]
    data_dir: Option<PathBuf>,
    /// Pasta do registro (log) [padrão: logs, na pasta dos dados; /var/log/intranet se --dir é /etc/farol]
    #[arg(long, value_name = "PASTA")]
    log_dir: Option<PathBuf>,
}

pub async fn run(args: Args, console: &mut Console<'_>) -> Result<Exit, std::io::Error> {
    if args.guide {
        console.out.write_all(guide::TEXT.as_bytes())?;
        return Ok(Exit::Fine);
    }
    let process = Process::real();
    let answers = match Answers::gather(&args, console)? {
        Ok(answers) => answers,
        Err(problem) => {
            writeln!(console.err, "{problem}")?;
            return Ok(Exit::Settings);
        }
    };
    if !files::may_write(&answers, args.force, console)? {
        writeln!(console.err, "A configuração existente ficou como estava. Para substituí-la: --force.")?;
        return Ok(Exit::Exists);
    }
    let mut steps = Steps::new(console);
    let proved = layers::walk(&answers, &process, &mut steps).await?;
    process.tasks.stop(&process.clock, crate::app::lifecycle::STOP_LIMIT).await;
    let Some(proved) = proved else {
        writeln!(console.err, "\nNada foi gravado. Resolva o ponto acima e rode farol setup de novo.")?;
        return Ok(Exit::Nas);
    };
    match files::write(&answers, &proved, &process.random) {
        Ok(written) => {
            files::tell(&written, console.out)?;
            Ok(Exit::Fine)
        }
        Err(problem) => {
            writeln!(console.err, "\n{problem}")?;
            Ok(Exit::Write)
        }
    }
}
