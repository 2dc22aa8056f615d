//! The Python peer as a process: it is given a mail and answers with the seconds that one reading of it took.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The peer, waiting.
pub(crate) struct Python {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Python {
    /// Starts it.
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../python/reading.py");
        let spawned = Command::new("python3").args(["-I", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|e| format!("python3 cannot be started ({e}); leave it out with --no-python"))?;
        let (input, output) = child.stdin.take().zip(child.stdout.take()).ok_or("python3 has no standard input or output")?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    /// Seconds that one reading takes.
    pub(crate) fn seconds(&mut self, mail: &[u8]) -> Result<f64, Box<dyn Error>> {
        writeln!(self.input, "{}", mail.len())?;
        self.input.write_all(mail)?;
        self.input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        line.trim().parse().map_err(|e| format!("the Python peer answered {line:?}: {e}").into())
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
