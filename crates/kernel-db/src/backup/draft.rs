//! A backup under way: a folder beside its place, under a name that nobody takes for a backup.

use std::{
    fs::{DirBuilder, File, Permissions},
    io::{Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{Context, SHA256};

use super::{BackedFile, BackupError, BackupKey, Contents, MANIFEST, Manifest};

/// A backup under way. Dropped before [`Draft::keep`], it leaves nothing.
#[derive(Debug)]
pub struct Draft {
    partial: PathBuf,
    folder: PathBuf,
    kept: bool,
}

impl Draft {
    /// Begins a backup that will be `folder`, which does not exist or is empty. What an earlier
    /// one left that was killed is removed.
    ///
    /// # Errors
    /// [`BackupError::NotEmpty`]; what the file system says.
    pub fn begin(folder: &Path) -> Result<Self, BackupError> {
        refuse_unless_empty(folder)?;
        let name = folder
            .file_name()
            .ok_or_else(|| BackupError::NotEmpty(folder.to_owned()))?;
        let beside = parent(folder);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(beside)
            .map_err(BackupError::io(beside))?;
        let partial = beside.join(format!(".{}.partial", name.to_string_lossy()));
        if partial.exists() {
            std::fs::remove_dir_all(&partial).map_err(BackupError::io(&partial))?;
        }
        DirBuilder::new()
            .mode(0o700)
            .create(&partial)
            .map_err(BackupError::io(&partial))?;
        Ok(Self {
            partial,
            folder: folder.to_owned(),
            kept: false,
        })
    }

    /// Where a file of the backup is to be written.
    pub fn path(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// The folder that holds it for now.
    pub(super) fn partial(&self) -> &Path {
        &self.partial
    }

    /// Writes a small file of mode 0600.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let path = self.path(name);
        write_new(&path, bytes).map_err(BackupError::io(&path))
    }

    /// Ends the backup: digests of all files, the manifest, everything on the disk, and only then
    /// its name. Blocks.
    ///
    /// # Errors
    /// What the file system says; nothing is left then.
    pub fn keep(mut self, contents: Contents, key: &BackupKey) -> Result<Manifest, BackupError> {
        let mut files = Vec::new();
        let failed = BackupError::io(&self.partial);
        let entries = std::fs::read_dir(&self.partial)
            .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
            .map_err(failed)?;
        for entry in entries {
            let path = entry.path();
            // PostgreSQL's program follows the umask of who calls it.
            std::fs::set_permissions(&path, Permissions::from_mode(0o600))
                .map_err(BackupError::io(&path))?;
            let file = digest_of(&path).map_err(BackupError::io(&path))?;
            File::open(&path)
                .and_then(|file| file.sync_all())
                .map_err(BackupError::io(&path))?;
            files.push(file);
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let manifest = Manifest::new(contents, files);
        self.write(MANIFEST, &manifest.clone().encode(key)?)?;
        sync_folder(&self.partial)?;
        refuse_unless_empty(&self.folder)?;
        // Takes the place of an empty folder, and of nothing else.
        std::fs::rename(&self.partial, &self.folder).map_err(BackupError::io(&self.folder))?;
        self.kept = true;
        sync_folder(parent(&self.folder))?;
        Ok(manifest)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept
            && let Err(cause) = std::fs::remove_dir_all(&self.partial)
        {
            tracing::warn!(%cause, "a backup cut short could not be removed");
        }
    }
}

fn refuse_unless_empty(folder: &Path) -> Result<(), BackupError> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(BackupError::NotEmpty(folder.to_owned())),
        },
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(BackupError::io(folder)(cause)),
    }
}

/// The folder that a path lies in.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(BackupError::io(folder))
}

/// Writes a file that does not exist, of mode 0600, to the disk.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The name, length and SHA-256 of a file.
pub(super) fn digest_of(path: &Path) -> std::io::Result<BackedFile> {
    let name = path.file_name().unwrap_or_default();
    let (bytes, sha256) = copy_through(&mut File::open(path)?, &mut std::io::sink())?;
    Ok(BackedFile {
        name: name.to_string_lossy().into_owned(),
        bytes,
        sha256,
    })
}

/// Copies to the end; the length and the SHA-256 of what went through.
pub(super) fn copy_through(
    from: &mut File,
    to: &mut dyn std::io::Write,
) -> std::io::Result<(u64, String)> {
    let mut digest = Context::new(&SHA256);
    let mut bytes = 0_u64;
    let mut buffer = vec![0_u8; 1 << 18];
    loop {
        let read = from.read(&mut buffer)?;
        let Some(chunk) = buffer.get(..read).filter(|chunk| !chunk.is_empty()) else {
            break;
        };
        digest.update(chunk);
        to.write_all(chunk)?;
        bytes = bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    Ok((bytes, hex::encode(digest.finish().as_ref())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> Contents {
        Contents {
            release: "0.1.0".to_owned(),
            database: "postgres".to_owned(),
            at: 5,
            schema: std::collections::BTreeMap::new(),
            journal: Vec::new(),
        }
    }

    #[test]
    fn a_draft_has_no_name_until_it_is_kept_and_leaves_nothing_when_dropped() {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("monday");
        let key = BackupKey::new(&[1; 32]);
        let draft = Draft::begin(&folder).expect("begun");
        draft.write("a", b"one").expect("written");
        assert!(!folder.exists());
        assert!(matches!(
            Manifest::open(draft.partial(), &key),
            Err(BackupError::NoManifest(_))
        ));
        drop(draft);
        assert_eq!(std::fs::read_dir(scratch.path()).expect("read").count(), 0);

        let draft = Draft::begin(&folder).expect("begun");
        draft.write("a", b"one").expect("written");
        let kept = draft.keep(contents(), &key).expect("kept");
        assert_eq!(Manifest::open(&folder, &key).expect("whole"), kept);
        assert_eq!(kept.file("a").expect("a file").bytes, 3);
    }

    #[test]
    fn a_folder_that_holds_anything_is_refused_and_left_as_it_was() {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("monday");
        std::fs::create_dir(&folder).expect("made");
        let key = BackupKey::new(&[1; 32]);
        // Empty when the backup begins, no longer when it ends.
        let draft = Draft::begin(&folder).expect("empty: begun");
        std::fs::write(folder.join("precious"), "x").expect("written");
        assert!(matches!(
            Draft::begin(&folder),
            Err(BackupError::NotEmpty(_))
        ));
        let late = draft.keep(contents(), &key);
        assert!(matches!(late, Err(BackupError::NotEmpty(_))), "{late:?}");
        let left: Vec<_> = std::fs::read_dir(scratch.path()).expect("read").collect();
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(folder.join("precious").exists());
    }
}
