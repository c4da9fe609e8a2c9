//! Putting an archive back: first all of it is looked at and laid ready, then everything takes its place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::backup::manifest::{Manifest, Part, Role};
use crate::backup::settle::{Ended, judge, settle};
use crate::backup::{Archive, CERTIFICATE_FOLDER, Error, place};
use crate::runtime::{Clock, Hold, Space};
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
    pub clock: Clock,
}

/// What became of it all.
#[derive(Debug, Default)]
pub struct Restored {
    pub placed: Vec<PathBuf>,
    /// There already, and the same.
    pub same: Vec<PathBuf>,
    /// There already, not the same, and left as they are.
    pub kept: Vec<PathBuf>,
    pub aside: Vec<PathBuf>,
    /// Where the files are that settings name, by the keys of the settings.
    pub named: Vec<(String, PathBuf)>,
    /// `None`: there is no database in the archive.
    pub ended: Option<Ended>,
}

/// A part laid ready beside the place it will take.
struct Ready {
    draft: NamedTempFile,
    file: PathBuf,
    is_database: bool,
}

pub async fn restore(archive: &mut Archive, plan: &Plan) -> Result<Restored, Error> {
    let manifest = archive.manifest().clone();
    find_room(&manifest, plan)?;
    archive.verify()?;
    if let Some(schema) = manifest.schema.as_ref().filter(|schema| !store::is_known_schema(schema)) {
        return Err(Error::NewerSchema(schema.clone()));
    }
    place::make_folder(&plan.data_dir)?;
    let taken = |source| Error::Read { path: plan.data_dir.clone(), source };
    let _alone = Hold::alone(&plan.data_dir).map_err(taken)?.ok_or_else(|| Error::InUse(plan.data_dir.clone()))?;
    let (mut ready, mut restored) = (Vec::new(), Restored::default());
    let places = places(&manifest, plan);
    for (part, file) in &places {
        if let Some(Role::Named(key, _)) = Role::of(&part.name) {
            restored.named.push((key.to_owned(), file.clone()));
        }
        if ready.iter().any(|other: &Ready| other.file == *file) {
            continue;
        }
        let is_database = Role::of(&part.name) == Some(Role::Database);
        if !is_database && !plan.replace && file.symlink_metadata().is_ok() {
            let present = if is_same(file, part) { &mut restored.same } else { &mut restored.kept };
            if !present.contains(file) {
                present.push(file.clone());
            }
            continue;
        }
        let draft = lay_ready(archive, part, file)?;
        if is_database {
            judge(draft.path()).await?;
            restored.ended = Some(settle(draft.path(), &manifest.made_at, &plan.clock).await?);
        }
        place::hand_over(&draft, file, part.mode, part.owner.as_ref())?;
        draft.as_file().sync_all().map_err(|source| place::failed(file, source))?;
        ready.push(Ready { draft, file: file.clone(), is_database });
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

/// Whatever the archive says of itself, it fills no disk.
fn find_room(manifest: &Manifest, plan: &Plan) -> Result<(), Error> {
    let (Some(part), Some(file)) = (manifest.find(Role::Database), &plan.database) else { return Ok(()) };
    let folder = file.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let free = Space::of(folder).map_err(|source| Error::Read { path: folder.to_owned(), source })?.free;
    if part.bytes <= free {
        return Ok(());
    }
    Err(Error::NoRoom { folder: folder.to_owned(), bytes: part.bytes, free })
}

/// Two files of one name from two folders both have a place: the second is called by its key too.
fn places<'a>(manifest: &'a Manifest, plan: &Plan) -> Vec<(&'a Part, PathBuf)> {
    let mut places: Vec<(&Part, PathBuf)> = Vec::new();
    for part in &manifest.parts {
        let Some(mut file) = place_of(part, plan) else { continue };
        let is_taken = |(other, place): &(&Part, PathBuf)| *place == file && other.sha256 != part.sha256;
        if places.iter().any(is_taken)
            && let Some(Role::Named(key, name)) = Role::of(&part.name)
        {
            file = file.with_file_name(format!("{key}-{name}"));
        }
        places.push((part, file));
    }
    places
}

fn is_same(present: &Path, part: &Part) -> bool {
    fs::read(present).is_ok_and(|bytes| place::hexadecimal(&Sha256::digest(&bytes)) == part.sha256)
}

fn place_of(part: &Part, plan: &Plan) -> Option<PathBuf> {
    let settings = plan.settings.as_ref();
    match Role::of(&part.name)? {
        Role::Database => plan.database.clone(),
        Role::Settings => settings.cloned(),
        Role::Named(_, name) => settings.map(|settings| settings.with_file_name(name)),
        Role::Certificate(name) => Some(plan.data_dir.join(CERTIFICATE_FOLDER).join(name)),
    }
}

fn lay_ready(archive: &mut Archive, part: &Part, file: &Path) -> Result<NamedTempFile, Error> {
    let folder = place::folder_of(file);
    if matches!(Role::of(&part.name), Some(Role::Certificate(_))) && folder.is_symlink() {
        return Err(Error::Linked(folder.to_owned()));
    }
    place::make_folder(folder)?;
    let mut draft = place::draft(file)?;
    archive.copy(part, file, draft.as_file_mut())?;
    Ok(draft)
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
