//! An archive that somebody brings: nothing of it is believed before it was looked at.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use zip::ZipArchive;

use crate::backup::manifest::{self, Manifest, Part, Role};
use crate::backup::{Error, place};

/// Far more than a list of a few files takes.
const MANIFEST_LIMIT: u64 = 1 << 20;

#[derive(Debug)]
pub struct Archive {
    zip: ZipArchive<File>,
    manifest: Manifest,
    stop: CancellationToken,
}

impl Archive {
    /// Reads what the archive says of itself: every part it lists is there, and nothing else. No part is read after `stop`.
    pub fn open(path: &Path, stop: CancellationToken) -> Result<Self, Error> {
        let file = File::open(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let mut zip = ZipArchive::new(file).map_err(Error::NoArchive)?;
        let mut text = Vec::new();
        let listed = zip.by_name(manifest::NAME).map_err(|_| Error::NoManifest)?;
        listed.take(MANIFEST_LIMIT).read_to_end(&mut text).map_err(|_| Error::NoManifest)?;
        let manifest = Manifest::read(&text)?;
        let mut archive = Self { zip, manifest, stop };
        archive.compare_names()?;
        Ok(archive)
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn compare_names(&mut self) -> Result<(), Error> {
        let mut listed = BTreeSet::from([manifest::NAME]);
        for Part { name, .. } in &self.manifest.parts {
            if Role::of(name).is_none() || !listed.insert(name) {
                return Err(Error::Differs(name.clone()));
            }
        }
        let mut present = BTreeSet::new();
        for index in 0..self.zip.len() {
            let entry = self.zip.by_index(index).map_err(Error::NoArchive)?;
            present.insert(String::from_utf8_lossy(entry.name_raw()).into_owned());
        }
        let present: BTreeSet<&str> = present.iter().map(String::as_str).collect();
        match listed.symmetric_difference(&present).next() {
            Some(name) => Err(Error::Differs((*name).to_owned())),
            None => Ok(()),
        }
    }

    /// Reads all of it once.
    pub fn verify(&mut self) -> Result<(), Error> {
        for part in self.manifest.parts.clone() {
            self.copy(&part, Path::new(""), &mut io::sink())?;
        }
        Ok(())
    }

    pub fn read(&mut self, part: &Part) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.copy(part, Path::new(""), &mut bytes)?;
        Ok(bytes)
    }

    /// Not a byte more than the list says, whatever the archive would unpack to.
    pub(super) fn copy(&mut self, part: &Part, path: &Path, out: &mut impl Write) -> Result<(), Error> {
        let differs = || Error::Differs(part.name.clone());
        let mut entry = self.zip.by_name(&part.name).map_err(|_| differs())?;
        let (mut hash, mut bytes, mut left) = (Sha256::new(), vec![0; 64 << 10], part.bytes);
        loop {
            if self.stop.is_cancelled() {
                return Err(Error::Stopped);
            }
            let count = entry.read(&mut bytes).map_err(|_| differs())?;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or_else(differs)?;
            hash.update(&bytes[..count]);
            out.write_all(&bytes[..count]).map_err(|source| Error::Write { path: path.to_owned(), source })?;
        }
        if left == 0 && place::hexadecimal(&hash.finalize()) == part.sha256 { Ok(()) } else { Err(differs()) }
    }
}
