//! The benchmark: how fast the real server is, beside the simplest program that could do the same work.
//!
//! `cargo bench --profile dist --bench farol`, and `-- --help` for what can be chosen. This program starts all others: the simulated
//! NAS, the server, the floor and the browsers are itself again, each a process of its own on a core of its own.

mod fanout;
mod figures;
mod floor;
mod helper;
mod http;
mod idle;
mod load;
mod machine;
mod nas;
mod options;
mod pages;
mod program;
mod report;
mod server;
mod stalled;
mod start;
mod wire;

use helper::Helper;
use machine::Cores;
use options::{Options, Part};
use report::Report;
use wire::{HIRED, Nas, Role};

fn main() {
    let mut arguments = std::env::args();
    if let Some(word) = arguments.by_ref().skip(1).find_map(|word| word.strip_prefix(wire::ROLE).map(str::to_owned)) {
        return play(Role::parse(&word));
    }
    let Some(options) = Options::read() else { return };
    let cores = Cores::find();
    cores.pin_this_process();
    let report = measure(&options, &cores);
    report.show(options.json);
}

/// What this program is when another one of its own started it.
fn play(role: Role) {
    match role {
        Role::Nas => nas::run(),
        Role::Server => server::run(),
        Role::Floor => floor::run(),
        Role::Load => load::run(),
    }
}

fn measure(options: &Options, cores: &Cores) -> Report {
    let machine = machine::describe(cores);
    options.tell(&format!("{machine}"));
    let mut simulator = Helper::start(Role::Nas, cores.load);
    let nas: Nas = simulator.ask(&HIRED);
    let fanout = if options.wants(Part::Fanout) { fanout::measure(options, cores, &nas) } else { Vec::new() };
    let stalled = options.wants(Part::Stalled).then(|| stalled::measure(options, cores, &nas));
    let pages = if options.wants(Part::Pages) { pages::measure(options, cores, &nas) } else { Vec::new() };
    let start = options.wants(Part::Start).then(|| start::measure(options, &nas));
    let idle = options.wants(Part::Idle).then(|| idle::measure(options, cores, &nas));
    Report { load_after: machine::load_average(), machine, fanout, stalled, pages, start, idle }
}
