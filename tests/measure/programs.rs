//! The programs that are measured: built, installed, and their zipped sizes.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use port25_tests::bootstraps;

use crate::Failure;
use crate::target::Programs;

/// The packages whose binaries are measured.
const PACKAGES: [&str; 4] = ["ingest", "alert", "api", "echo"];

/// Builds the binaries, and makes the Python of the comparison if that is possible; else says why not.
pub(crate) fn prepare(python: bool) -> Result<(Programs, Option<String>), Failure> {
    let binaries = match boot::world::env("PORT25_BOOTSTRAPS") {
        Some(_) => bootstraps::folder()?.to_owned(),
        None => bootstraps::build(true, &PACKAGES)?,
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    if !python {
        return Ok((Programs { binaries, python: None }, Some("--no-python".to_owned())));
    }
    let home = root.join("target/measure-python");
    match install(&root.join("benches/python"), &home) {
        Ok((python, task)) => Ok((Programs { binaries, python: Some((python, task)) }, None)),
        Err(error) => Ok((Programs { binaries, python: None }, Some(format!("no Python 3.11 with the packages: {error}")))),
    }
}

/// A virtual environment with the pinned packages, and a folder with the handler, where Python may leave its byte code.
fn install(source: &Path, home: &Path) -> io::Result<(PathBuf, PathBuf)> {
    let (python, task, done) = (home.join("venv/bin/python"), home.join("task"), home.join("installed.txt"));
    let wanted = std::fs::read_to_string(source.join("requirements.txt"))?;
    if std::fs::read_to_string(&done).ok().as_ref() != Some(&wanted) {
        run(Command::new("python3.11").args(["-m", "venv", "--clear"]).arg(home.join("venv")))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        run(Command::new(&python).args(pip).arg(source.join("requirements.txt")))?;
        std::fs::write(&done, wanted)?;
    }
    std::fs::create_dir_all(&task)?;
    for module in ["ingest.py", "reading.py"] {
        std::fs::copy(source.join(module), task.join(module))?;
    }
    Ok((python, task))
}

/// The sizes of the deployment packages, as a zip of its own for each binary. Python's standard library makes them.
pub(crate) fn zips(binaries: &Path) -> Result<Vec<(String, u64)>, String> {
    const ZIP: &str = "import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z: z.write(sys.argv[1], 'bootstrap')
print(len(out.getvalue()))";
    let size = |name: &str| {
        let printed = run(Command::new("python3").args(["-c", ZIP]).arg(binaries.join(name))).map_err(|e| e.to_string())?;
        Ok((name.to_owned(), printed.trim().parse().map_err(|e| format!("{printed:?}: {e}"))?))
    };
    PACKAGES.into_iter().map(size).collect()
}

fn run(command: &mut Command) -> io::Result<String> {
    let done = command.output()?;
    if !done.status.success() {
        return Err(io::Error::other(format!("{command:?}: {}\n{}", done.status, String::from_utf8_lossy(&done.stderr))));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
