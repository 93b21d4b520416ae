//! Stamps: what a step was last done for, so that it is not done again for nothing.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use crate::error::TaskError;

/// What the files under these paths hold, in one number; folders named in `skip` are left out.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn digest(paths: &[PathBuf], skip: &[&str]) -> Result<String, TaskError> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, skip, &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let content = fs::read(&file).map_err(TaskError::file(&file))?;
        hasher.write(file.as_os_str().as_encoded_bytes());
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Whether the stamp holds this digest.
pub(crate) fn holds(stamp: &Path, digest: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|content| content == digest)
}

/// Writes the digest once the step is done.
///
/// # Errors
/// When the stamp cannot be written.
pub(crate) fn write(stamp: &Path, digest: &str) -> Result<(), TaskError> {
    fs::write(stamp, digest).map_err(TaskError::file(stamp))
}

fn collect(path: &Path, skip: &[&str], files: &mut Vec<PathBuf>) -> Result<(), TaskError> {
    if path
        .file_name()
        .is_some_and(|name| skip.iter().any(|skipped| name == *skipped))
    {
        return Ok(());
    }
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(TaskError::file(path))? {
            collect(&entry.map_err(TaskError::file(path))?.path(), skip, files)?;
        }
    } else if path.is_file() {
        files.push(path.to_path_buf());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_changes_the_digest_and_a_skipped_one_does_not() {
        let folder = std::env::temp_dir().join(format!("besace-stamp-{}", std::process::id()));
        fs::create_dir_all(folder.join("dist")).unwrap();
        fs::write(folder.join("a.ts"), "one").unwrap();
        let paths = [folder.clone()];
        let before = digest(&paths, &["dist"]).unwrap();
        fs::write(folder.join("dist/a.js"), "built").unwrap();
        assert_eq!(before, digest(&paths, &["dist"]).unwrap());
        fs::write(folder.join("a.ts"), "two").unwrap();
        assert_ne!(before, digest(&paths, &["dist"]).unwrap());
        let stamp = folder.join("stamp");
        assert!(!holds(&stamp, &before));
        write(&stamp, &before).unwrap();
        assert!(holds(&stamp, &before));
        fs::remove_dir_all(folder).unwrap();
    }
}
