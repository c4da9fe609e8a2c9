//! The command line's own words in Portuguese: `clap` brings English ones.

use clap::builder::StyledStr;
use clap::error::{ContextKind, Error, ErrorKind};
use clap::{Arg, ArgAction, Command};

use crate::runtime::logging::escape;

const PAGE: &str = "{about}\n\nUso: {usage}\n\n{all-args}{after-help}\n";

const OPTIONS: &str = "Opções";
const ARGUMENTS: &str = "Argumentos";

/// The whole tree of commands with Portuguese headings, help option and defaults.
pub fn translated(command: Command) -> Command {
    let has_version = command.get_version().is_some();
    let option = |name: &'static str, action, help: &'static str| {
        Arg::new(name).long(name).action(action).help(help).help_heading(OPTIONS)
    };
    let mut command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .help_template(PAGE)
        .subcommand_help_heading("Comandos")
        .subcommand_value_name("COMANDO")
        .mut_args(translated_argument)
        .arg(option("help", ArgAction::Help, "Mostra esta ajuda").short('h'));
    if has_version {
        command = command.arg(option("version", ArgAction::Version, "Mostra a versão").short('V'));
    }
    command.mut_subcommands(translated)
}

fn translated_argument(argument: Arg) -> Arg {
    let heading = if argument.is_positional() { ARGUMENTS } else { OPTIONS };
    let argument = argument.help_heading(heading);
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if defaults.is_empty() || !argument.get_action().takes_values() {
        return argument;
    }
    let help = argument.get_help().map(StyledStr::to_string).unwrap_or_default();
    argument.hide_default_value(true).help(format!("{help} [padrão: {}]", defaults.join(", ")))
}

/// The text of a help page; this much of it cannot be had otherwise.
pub fn help_page(page: &Error) -> String {
    page.to_string().replace("[OPTIONS]", "[OPÇÕES]")
}

/// What is wrong with a command line, for the person who typed it.
pub fn complaint(error: &Error) -> String {
    let named = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("Não existe a opção {}.", named(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => format!("Não existe o comando {}.", named(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "Falta dizer o comando.".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("Falta {}.", named(ContextKind::InvalidArg)),
        ErrorKind::ArgumentConflict => {
            format!("{} e {} não combinam.", named(ContextKind::InvalidArg), named(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{} não aceita \"{}\".", named(ContextKind::InvalidArg), named(ContextKind::InvalidValue))
        }
        ErrorKind::NoEquals
        | ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::InvalidUtf8
        | ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format
        | _ => "Essa linha de comando não foi entendida.".to_owned(),
    };
    // What somebody typed may command the terminal; here it is only repeated.
    format!("{}\nVeja os comandos e opções com --help.\n", escape(&what))
}
