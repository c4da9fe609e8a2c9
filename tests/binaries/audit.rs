//! `farol audit verify`: a whole trail, one changed byte, and a trail nobody has begun.

use farol::audit::Audit;
use farol::domain::audit::{Action, Deed};
use farol::runtime::Clock;
use farol::store::{Settings, Store};

use crate::harness::Desk;

const FILE: &str = "farol-data/farol.db";
const LINE: [&str; 2] = ["audit", "verify"];

/// A trail as the server would have left it.
async fn record(desk: &Desk, actors: &[&str]) {
    let store = Store::open(&Settings::in_file(&desk.path(FILE))).await.unwrap();
    store.migrate().await.unwrap();
    let audit = Audit::new(store.clone(), Clock::real());
    for actor in actors {
        let address = Some([10, 0, 0, 7].into());
        let (actor, subject, detail) = ((*actor).to_owned(), String::new(), "over SMB".to_owned());
        audit.record(Deed { action: Action::SignIn, actor, address, subject, detail }).await.unwrap();
    }
    store.close().await.unwrap();
}

/// Wherever the text lies in the file.
fn replace(desk: &Desk, old: &str, new: &str) {
    assert_eq!(old.len(), new.len());
    let mut bytes = std::fs::read(desk.path(FILE)).unwrap();
    let places: Vec<usize> =
        bytes.windows(old.len()).enumerate().filter(|(_, part)| *part == old.as_bytes()).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "{old} is not in the file");
    for at in places {
        bytes[at..at + old.len()].copy_from_slice(new.as_bytes());
    }
    std::fs::write(desk.path(FILE), bytes).unwrap();
}

#[tokio::test]
async fn one_changed_byte_in_the_file_is_found_and_its_row_is_named() {
    let desk = Desk::new();
    record(&desk, &["ana", "bruno", "carla"]).await;
    let said = desk.run(&LINE).ended(0);
    assert!(said.contains("íntegra.\nRegistros  3\nPeríodo    ") && said.contains("\nCódigo     "), "{said}");
    let code = said.lines().find_map(|line| line.strip_prefix("Código     ")).unwrap();
    assert!(code.len() == 64 && code.chars().all(|c| c.is_ascii_hexdigit()), "{code}");
    replace(&desk, "bruno", "bruna");
    let found = desk.run(&LINE).ended(7);
    assert!(found.contains("adulterada") && found.contains("o registro 2 não confere"), "{found}");
    replace(&desk, "bruna", "bruno");
    assert_eq!(desk.run(&LINE).ended(0), said);
}

#[tokio::test]
async fn an_empty_trail_is_whole() {
    let desk = Desk::new();
    record(&desk, &[]).await;
    let said = desk.run(&LINE).ended(0);
    assert_eq!(said, "A trilha de auditoria está íntegra. Ainda não há registros.\n");
}

#[tokio::test]
async fn what_is_not_there_is_told_and_not_made() {
    let desk = Desk::new();
    let said = desk.run(&LINE).ended(1);
    assert!(said.contains("O banco de dados não pôde ser usado") && said.contains("store.url"), "{said}");
    assert!(!desk.path("farol-data").exists());
    std::fs::create_dir(desk.path("farol-data")).unwrap();
    desk.write(FILE, "");
    let said = desk.run(&LINE).ended(1);
    assert!(said.contains("nada foi conferido") && said.contains("farol migrate"), "{said}");
}
