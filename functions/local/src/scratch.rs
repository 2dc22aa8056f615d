//! A folder for one story, scenario or test, gone when that ends.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A new empty folder under the system's folder for temporary files.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder. No two calls get the same one, in this process or in another that runs.
    pub(crate) fn named(name: &str) -> std::io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let path = std::env::temp_dir().join(format!("port25-{name}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        // What a process of the same number left there is none of ours.
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    #[cfg(test)]
    pub(crate) fn new() -> Self {
        Self::named("test").unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file below the folder, and the folders it needs.
    #[cfg(test)]
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed stays in the system's folder for such things.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
