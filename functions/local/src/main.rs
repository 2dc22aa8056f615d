//! The binary `port25`: reads the command line, runs one command, and turns its end into an exit code.

use std::process::ExitCode;

use clap::Parser;
use port25::cli::{Cli, run};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("port25: cannot start: {error}");
            return ExitCode::from(1);
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // File names and answers of servers are in it: nothing of them steers the terminal.
            eprintln!("port25: {}", domain::text::clean(&boot::log::chain(error.as_ref())));
            ExitCode::from(1)
        }
    }
}
