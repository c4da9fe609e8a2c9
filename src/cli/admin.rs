//! `farol admin`: the local administrators, for the day the NAS cannot say who somebody is.

use std::io;

use clap::Subcommand;
use jiff::tz::TimeZone;

use crate::app::Process;
use crate::audit::Audit;
use crate::auth::{Administrators, Error, Kept, SHORTEST_PASSWORD, Unfit, check_name, check_password};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::{SettingsArgs, words};
use crate::domain::{Secret, Timestamp};
use crate::store::{self, Settings, Store};

const EXIT_CODES: &str = "\
Códigos de saída:
  0  feito
  1  o banco de dados não pôde ser usado
  2  há problemas na configuração, no nome, na senha ou no código; nada foi criado
  4  já existe um administrador com esse nome; ele ficou como estava
  6  não existe um administrador com esse nome, ou ele não tem segundo fator";

/// Whoever mistypes three codes has a wrong clock or the wrong telephone in hand.
const CODE_TRIES: u32 = 3;

/// Cuida dos administradores locais, que entram em /emergency mesmo sem o TrueNAS, e do segundo fator dos demais
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(CreateArgs),
    List(ListArgs),
    Remove(RemoveArgs),
    ResetFactor(ResetArgs),
}

/// Cria um administrador: pede a senha duas vezes e um código do aplicativo autenticador (sem terminal, uma linha para cada)
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
struct CreateArgs {
    /// Nome do administrador: letras minúsculas, números, ponto, hífen e sublinhado
    #[arg(value_name = "NOME")]
    username: String,
    #[command(flatten)]
    source: SettingsArgs,
}

/// Mostra os administradores locais
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
struct ListArgs {
    #[command(flatten)]
    source: SettingsArgs,
}

/// Remove um administrador e encerra as sessões dele
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
struct RemoveArgs {
    /// Nome do administrador
    #[arg(value_name = "NOME")]
    username: String,
    #[command(flatten)]
    source: SettingsArgs,
}

/// Apaga o segundo fator de um administrador do TrueNAS que perdeu o celular, e encerra as sessões dele
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
struct ResetArgs {
    /// Nome da conta no TrueNAS
    #[arg(value_name = "NOME")]
    username: String,
    #[command(flatten)]
    source: SettingsArgs,
}

/// What kept us from doing it.
enum Trouble {
    Terminal(io::Error),
    Store(store::Error),
    Auth(Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Terminal(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Auth(error)
    }
}

pub async fn run(args: Args, console: &mut Console<'_>) -> io::Result<Exit> {
    match args.command {
        Command::Create(CreateArgs { username, source }) => {
            with_store(source, console, async |all, console| create(&all, &username, console).await).await
        }
        Command::List(ListArgs { source }) => {
            with_store(source, console, async |all, console| list(&all, console).await).await
        }
        Command::Remove(RemoveArgs { username, source }) => {
            with_store(source, console, async |all, console| remove(&all, &username, console).await).await
        }
        Command::ResetFactor(ResetArgs { username, source }) => {
            with_store(source, console, async |all, console| reset_factor(&all, &username, console).await).await
        }
    }
}

/// Needs nothing but the database: it has to work on the day nothing else does.
async fn with_store(
    source: SettingsArgs,
    console: &mut Console<'_>,
    work: impl AsyncFnOnce(Administrators, &mut Console<'_>) -> Result<Exit, Trouble>,
) -> io::Result<Exit> {
    let settings = match source.load(Vec::new()).store() {
        Ok(settings) => settings,
        Err(report) => {
            writeln!(console.err, "{report}")?;
            return Ok(Exit::Settings);
        }
    };
    let outcome = match open(&settings).await {
        Ok(administrators) => work(administrators, console).await,
        Err(error) => Err(Trouble::Store(error)),
    };
    match outcome {
        Ok(exit) => return Ok(exit),
        Err(Trouble::Terminal(error)) => return Err(error),
        Err(Trouble::Store(error)) => writeln!(console.err, "{}", words::store_trouble(&error))?,
        Err(Trouble::Auth(error)) => {
            writeln!(console.err, "{}", words::with_cause("Não foi possível concluir.", &error))?;
        }
    }
    Ok(Exit::Failed)
}

async fn open(settings: &Settings) -> Result<Administrators, store::Error> {
    let Process { clock, random, .. } = Process::real();
    let store = Store::open(settings).await?;
    store.migrate().await?;
    Ok(Administrators::new(store.clone(), Audit::new(store, clock.clone()), clock, random))
}

async fn create(all: &Administrators, username: &str, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    if let Err(problem) = check_name(username) {
        writeln!(console.err, "{}", unfit(problem))?;
        return Ok(Exit::Settings);
    }
    if all.exists(username).await? {
        writeln!(console.err, "Já existe um administrador {username}. Para trocar a senha, remova-o e crie de novo.")?;
        return Ok(Exit::Exists);
    }
    let Some(password) = ask_password(username, console)? else { return Ok(Exit::Settings) };
    let candidate = all.prepare(username, &password)?;
    drop(password);
    writeln!(console.out, "\nCadastre agora no aplicativo autenticador. Isto não será mostrado de novo.")?;
    writeln!(console.out, "Endereço  {}", candidate.uri()?.reveal())?;
    writeln!(console.out, "Segredo   {}\n", candidate.secret().reveal())?;
    for _ in 0..CODE_TRIES {
        let code = Secret::new(console.ask("Código que o aplicativo mostra", "")?);
        match all.keep(&candidate, &code).await? {
            Kept::Created => {
                writeln!(console.out, "\nAdministrador {username} criado. Ele entra em /emergency.")?;
                return Ok(Exit::Fine);
            }
            Kept::Exists => {
                writeln!(console.err, "Já existe um administrador {username}; ele ficou como estava.")?;
                return Ok(Exit::Exists);
            }
            Kept::WrongCode => {
                writeln!(console.out, "O código não confere. Confira a hora desta máquina e do telefone.")?;
            }
        }
    }
    writeln!(console.err, "Nada foi criado.")?;
    Ok(Exit::Settings)
}

fn ask_password(username: &str, console: &mut Console<'_>) -> io::Result<Option<Secret<String>>> {
    let password = console.ask_password("Senha (não aparece)")?;
    if let Err(problem) = check_password(username, &password) {
        writeln!(console.err, "{}", unfit(problem))?;
        return Ok(None);
    }
    if console.ask_password("De novo")? != password {
        writeln!(console.err, "As duas senhas são diferentes. Nada foi criado.")?;
        return Ok(None);
    }
    Ok(Some(password))
}

async fn list(all: &Administrators, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let listed = all.list().await?;
    if listed.is_empty() {
        writeln!(console.out, "Não há administradores locais. Para criar um: farol admin create NOME")?;
    }
    let width = listed.iter().map(|one| one.username.len()).max().unwrap_or_default();
    for one in listed {
        writeln!(console.out, "{:width$}  criado em {}", one.username, day(one.created_at))?;
    }
    Ok(Exit::Fine)
}

async fn remove(all: &Administrators, username: &str, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    if all.remove(username).await? {
        writeln!(console.out, "Administrador {username} removido; as sessões dele terminaram.")?;
        return Ok(Exit::Fine);
    }
    let name: String = username.chars().filter(|c| !c.is_control()).collect();
    writeln!(console.err, "Não existe um administrador {name}.")?;
    Ok(Exit::Nobody)
}

async fn reset_factor(all: &Administrators, username: &str, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    if all.reset_factor(username).await? {
        let then = "as sessões terminaram. Na próxima visita a /admin, logo após entrar, ele cadastra outro.";
        writeln!(console.out, "Segundo fator de {username} apagado; {then}")?;
        return Ok(Exit::Fine);
    }
    let name: String = username.chars().filter(|c| !c.is_control()).collect();
    writeln!(console.err, "{name} não tem segundo fator cadastrado.")?;
    Ok(Exit::Nobody)
}

fn unfit(problem: Unfit) -> String {
    match problem {
        Unfit::Name => "O nome usa só letras minúsculas sem acento, números, ponto, hífen e sublinhado, \
            começa por letra e tem até 64 caracteres."
            .to_owned(),
        Unfit::ShortPassword => format!("A senha precisa de pelo menos {SHORTEST_PASSWORD} caracteres."),
        Unfit::LongPassword => "A senha é longa demais: até 256 caracteres.".to_owned(),
        Unfit::Guessable => "A senha é quase só o nome. Escolha outra.".to_owned(),
    }
}

/// In the time of this machine.
fn day(at: Timestamp) -> String {
    at.in_zone(&TimeZone::system()).strftime("%d/%m/%Y").to_string()
}
