//! Making an archive of an installation that goes on working meanwhile.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use crate::backup::manifest::{DATABASE, FORMAT, Manifest, NAME, Part, SETTINGS, named};
use crate::backup::{Archive, CERTIFICATE_FILES, CERTIFICATE_FOLDER, Error, place, small};
use crate::domain::Timestamp;
use crate::store::{self, Store};

/// From here on an archive needs larger numbers for its entries.
const LARGE: u64 = 1 << 31;

/// What there is to be kept.
#[derive(Debug)]
pub struct Job {
    pub store: store::Settings,
    pub data_dir: PathBuf,
    pub settings: Option<PathBuf>,
    /// Files that settings name: the key of the setting, and the file.
    pub named: Vec<(&'static str, PathBuf)>,
    pub at: Timestamp,
    /// Ends the work; nothing of it stays.
    pub stop: CancellationToken,
}

/// The copy of the database as it goes into the archive.
struct Copy {
    file: NamedTempFile,
    schema: Option<String>,
}

/// Writes the archive `to`, where nothing is yet, and reads it once more before it gets its name.
pub async fn create(job: &Job, to: &Path) -> Result<Manifest, Error> {
    if to.symlink_metadata().is_ok() {
        return Err(Error::Exists(to.to_owned()));
    }
    make(job, to).await.map_err(|error| if job.stop.is_cancelled() { Error::Stopped } else { error })
}

async fn make(job: &Job, to: &Path) -> Result<Manifest, Error> {
    let copy = if job.store.file().is_some() { Some(copy_database(job, to).await?) } else { None };
    let small = small_files(job)?;
    let mut parts = Vec::new();
    if let Some(copy) = &copy {
        parts.push(describe(copy.file.path(), &job.stop)?);
    }
    parts.extend(small.iter().map(|(part, _)| part.clone()));
    let manifest = Manifest {
        format: FORMAT,
        farol: env!("CARGO_PKG_VERSION").to_owned(),
        schema: copy.as_ref().and_then(|copy| copy.schema.clone()),
        made_at: job.at.to_string(),
        database: job.store.product().to_owned(),
        settings: job.settings.as_ref().map(|path| path.to_string_lossy().into_owned()),
        parts,
    };
    let draft = place::draft(to)?;
    if let Err(error) = write(&manifest, copy.as_ref(), &small, draft.as_file(), &job.stop) {
        return Err(if let ZipError::Io(source) = error { place::failed(to, source) } else { Error::Pack(error) });
    }
    Archive::open(draft.path(), job.stop.clone())?.verify()?;
    place::put_new(draft, to)?;
    Ok(manifest)
}

/// Beside the archive, where there has to be room anyway.
async fn copy_database(job: &Job, to: &Path) -> Result<Copy, Error> {
    let store = Store::open_existing(&job.store).await.map_err(Error::Store)?;
    let file = place::draft(to)?;
    let copied = async {
        let schema = store.find_schema().await?;
        store.copy_to(file.path(), job.stop.clone()).await.map(|()| schema)
    };
    let copied = copied.await;
    // The last to close leaves no side files beside the database.
    store.close().await.map_err(Error::Store)?;
    let schema = copied.map_err(Error::Store)?;
    let copy = Store::open_copy(file.path()).await.map_err(Error::Store)?;
    let damage = tokio::select! {
        damage = copy.find_damage() => damage.map_err(Error::Store)?,
        () = job.stop.cancelled() => return Err(Error::Stopped),
    };
    copy.close().await.map_err(Error::Store)?;
    damage.map_or(Ok(Copy { file, schema }), |damage| Err(Error::Damaged(damage)))
}

fn describe(database: &Path, stop: &CancellationToken) -> Result<Part, Error> {
    let failed = |source| Error::Read { path: database.to_owned(), source };
    let mut file = Heeding(File::open(database).map_err(failed)?, stop);
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 64 << 10]);
    loop {
        let count = file.read(&mut piece).map_err(failed)?;
        if count == 0 {
            break;
        }
        hash.update(&piece[..count]);
        bytes += count as u64;
    }
    Ok(Part {
        name: DATABASE.to_owned(),
        bytes,
        sha256: place::hexadecimal(&hash.finalize()),
        mode: 0o600,
        owner: None,
    })
}

/// A file that ends with an error once it is told to.
struct Heeding<'a>(File, &'a CancellationToken);

impl io::Read for Heeding<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.1.is_cancelled() { Err(io::Error::other(Error::Stopped)) } else { self.0.read(bytes) }
    }
}

fn small_files(job: &Job) -> Result<Vec<(Part, Vec<u8>)>, Error> {
    let mut files = Vec::new();
    if let Some(settings) = &job.settings {
        files.extend(small::read(SETTINGS.to_owned(), settings)?);
    }
    for (key, file) in &job.named {
        let name = named(key, file)
            .ok_or_else(|| Error::Read { path: file.clone(), source: io::ErrorKind::InvalidFilename.into() })?;
        files.extend(small::read(name, file)?);
    }
    let folder = job.data_dir.join(CERTIFICATE_FOLDER);
    for file in CERTIFICATE_FILES {
        files.extend(small::read_own(format!("{CERTIFICATE_FOLDER}/{file}"), &folder, file)?);
    }
    Ok(files)
}

/// The list comes first: a person who opens the archive sees it at once.
fn write(
    manifest: &Manifest,
    copy: Option<&Copy>,
    small: &[(Part, Vec<u8>)],
    out: &File,
    stop: &CancellationToken,
) -> Result<(), ZipError> {
    let mut zip = ZipWriter::new(io::BufWriter::new(out));
    let options =
        |part: &Part| SimpleFileOptions::default().large_file(part.bytes >= LARGE).unix_permissions(part.mode & 0o700);
    zip.start_file(NAME, SimpleFileOptions::default().unix_permissions(0o600))?;
    zip.write_all(&serde_json::to_vec_pretty(manifest).map_err(io::Error::other)?)?;
    if let (Some(copy), Some(part)) = (copy, manifest.parts.first()) {
        zip.start_file(&*part.name, options(part))?;
        io::copy(&mut Heeding(File::open(copy.file.path())?, stop), &mut zip)?;
    }
    for (part, bytes) in small {
        zip.start_file(&*part.name, options(part))?;
        zip.write_all(bytes)?;
    }
    zip.finish()?.flush()?;
    Ok(())
}
