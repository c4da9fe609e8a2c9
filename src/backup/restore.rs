//! Putting an archive back: first all of it is looked at and laid ready, then everything takes its place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::backup::manifest::{Part, Role};
use crate::backup::{Archive, CERTIFICATE_FOLDER, Error, place};
use crate::runtime::Hold;
use crate::store::{self, Store};

/// Where everything goes.
#[derive(Debug)]
pub struct Plan {
    pub data_dir: PathBuf,
    /// The file of the database; `None` when it is on a server.
    pub database: Option<PathBuf>,
    /// The settings file; secrets go beside it.
    pub settings: Option<PathBuf>,
    /// Replaces settings, secrets and certificates that are there.
    pub replace: bool,
    /// Goes into the names of what is put aside.
    pub moment: String,
}

/// What became of it all.
#[derive(Debug, Default)]
pub struct Restored {
    pub placed: Vec<PathBuf>,
    /// There already, and the same.
    pub same: Vec<PathBuf>,
    /// There already, or the place of two parts; not the same, and left as they are.
    pub kept: Vec<PathBuf>,
    pub aside: Vec<PathBuf>,
}

/// A part laid ready beside the place it will take.
struct Ready {
    draft: NamedTempFile,
    file: PathBuf,
    is_database: bool,
}

pub async fn restore(archive: &mut Archive, plan: &Plan) -> Result<Restored, Error> {
    archive.verify()?;
    let manifest = archive.manifest().clone();
    if let Some(schema) = manifest.schema.as_ref().filter(|schema| !store::is_known_schema(schema)) {
        return Err(Error::NewerSchema(schema.clone()));
    }
    place::make_folder(&plan.data_dir)?;
    let taken = |source| Error::Read { path: plan.data_dir.clone(), source };
    let _alone = Hold::alone(&plan.data_dir).map_err(taken)?.ok_or_else(|| Error::InUse(plan.data_dir.clone()))?;
    let (mut ready, mut restored) = (Vec::new(), Restored::default());
    for part in &manifest.parts {
        let Some(file) = place_of(part, plan) else { continue };
        let is_database = Role::of(&part.name) == Some(Role::Database);
        let laid: Option<&Ready> = ready.iter().find(|other: &&Ready| other.file == file);
        let present = laid.map_or(&*file, |laid| laid.draft.path());
        if laid.is_some() || (!is_database && !plan.replace && file.symlink_metadata().is_ok()) {
            if is_same(present, part) {
                restored.same.push(file);
            } else {
                restored.kept.push(file);
            }
            continue;
        }
        let draft = lay_ready(archive, part, &file)?;
        if is_database {
            judge(draft.path()).await?;
        }
        ready.push(Ready { draft, file, is_database });
    }
    for one in ready {
        if let Err(error) = take_place(one, &plan.moment, &mut restored).await {
            let begun = !restored.placed.is_empty() || !restored.aside.is_empty();
            return Err(if begun { Error::Halfway(Box::new(error)) } else { error });
        }
    }
    Ok(restored)
}

async fn take_place(ready: Ready, moment: &str, restored: &mut Restored) -> Result<(), Error> {
    let Ready { draft, file, is_database } = ready;
    make_room(&file, is_database, moment, &mut restored.aside).await?;
    place::put(draft, &file)?;
    restored.placed.push(file);
    Ok(())
}

fn is_same(present: &Path, part: &Part) -> bool {
    fs::read(present).is_ok_and(|bytes| place::hexadecimal(&Sha256::digest(&bytes)) == part.sha256)
}

fn place_of(part: &Part, plan: &Plan) -> Option<PathBuf> {
    let settings = plan.settings.as_ref();
    match Role::of(&part.name)? {
        Role::Database => plan.database.clone(),
        Role::Settings => settings.cloned(),
        Role::Named(name) => settings.map(|settings| settings.with_file_name(name)),
        Role::Certificate(name) => Some(plan.data_dir.join(CERTIFICATE_FOLDER).join(name)),
    }
}

fn lay_ready(archive: &mut Archive, part: &Part, file: &Path) -> Result<NamedTempFile, Error> {
    place::make_folder(place::folder_of(file))?;
    let mut draft = place::draft(file)?;
    archive.copy(part, file, draft.as_file_mut())?;
    place::hand_over(&draft, file, part.mode)?;
    draft.as_file().sync_all().map_err(|source| place::failed(file, source))?;
    Ok(draft)
}

/// A sound list of contents does not make a sound database.
async fn judge(database: &Path) -> Result<(), Error> {
    let store = Store::open_copy(database).await.map_err(Error::Copy)?;
    let judged = async {
        store.pending_migrations().await?;
        store.find_damage().await
    };
    let damage = judged.await;
    store.close().await.map_err(Error::Copy)?;
    match damage {
        Ok(None) => Ok(()),
        Ok(Some(damage)) => Err(Error::Damaged(damage)),
        Err(store::Error::NewerDatabase { unknown }) => Err(Error::NewerSchema(unknown.join(", "))),
        Err(error) => Err(Error::Copy(error)),
    }
}

/// Puts what is there aside. The side files of a database go with it: beside another one they would be taken for that
/// one's own.
async fn make_room(file: &Path, is_database: bool, moment: &str, kept: &mut Vec<PathBuf>) -> Result<(), Error> {
    let aside = place::beside(file, &format!(".old-{moment}"));
    if is_database {
        fold(file).await;
        for end in ["-wal", "-shm"] {
            let (side, to) = (place::beside(file, end), place::beside(&aside, end));
            match fs::rename(&side, &to) {
                Ok(()) => kept.push(to),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(place::failed(&to, source)),
            }
        }
    }
    if file.symlink_metadata().is_ok() {
        kept.push(place::keep_as(file, aside)?);
    }
    Ok(())
}

/// The last to close a sound database leaves no side files behind. One that is not sound keeps them.
async fn fold(file: &Path) {
    if let Ok(store) = Store::open_existing(&store::Settings::in_file(file)).await {
        let folded = store.pending_migrations().await.is_ok();
        let closed = store.close().await.is_ok();
        tracing::debug!(folded, closed, "the database in the way was closed");
    }
}
