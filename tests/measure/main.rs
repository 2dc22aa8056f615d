//! `measure`: what the functions cost, as processes against a Runtime API and stand-ins of this process, compared with an empty Lambda
//! and with the same job in Python. Prints Markdown; `docs/PERFORMANCE.md` keeps it.
//!
//! In each round every target gets one fresh process, so that what the machine does meanwhile falls on all of them; ratios are of two
//! processes of the same round, and the median of the rounds counts. Time is CPU time of the process, up to its next poll.

mod programs;
mod mails;
mod target;
mod clock;
mod process;
mod report;

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use clock::Quota;
use report::Measured;
use target::{Cloud, Programs, Target};

/// Why nothing could be measured.
type Failure = Box<dyn Error + Send + Sync>;

/// Measures what the functions cost.
#[derive(Debug, Parser)]
struct Args {
    /// Rounds: fresh processes of each target.
    #[arg(long, default_value_t = 20)]
    cold: usize,
    /// Warm invocations of each process.
    #[arg(long, default_value_t = 15)]
    warm: usize,
    /// Processes under the CPU quota.
    #[arg(long, default_value_t = 10)]
    throttled: usize,
    /// Leave out the comparison with Python.
    #[arg(long)]
    no_python: bool,
    /// Measure these alone (default: all).
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Target>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nothing was measured: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<(), Failure> {
    eprintln!("building the binaries (a first time takes minutes)");
    let (programs, no_python) = programs::prepare(!args.no_python)?;
    let targets: Vec<Target> = Target::ALL
        .into_iter()
        .filter(|target| programs.of(*target).is_some() && (args.only.is_empty() || args.only.contains(target)))
        .collect();
    let cloud = Cloud::new(args.warm + 1).await?;
    let mut samples: BTreeMap<Target, Vec<process::Sample>> = BTreeMap::new();
    // Round 0 only brings everything into memory.
    for round in 0..=args.cold {
        eprint!("\rround {round} of {}", args.cold);
        for at in 0..targets.len() {
            // Nobody is always first.
            let Some(target) = targets.get((at + round) % targets.len()).copied() else { continue };
            let sample = process::measure(&cloud, &programs, target, &format!("{target:?}-{round}"), args.warm).await?;
            if round > 0 {
                samples.entry(target).or_default().push(sample);
            }
        }
    }
    let throttled = throttled(args, &cloud, &programs).await;
    let measured = Measured { samples, throttled, zips: programs::zips(&programs.binaries) };
    eprintln!();
    println!("{}\n{}", measured.aims(), measured.medians());
    if let Some(why) = no_python {
        println!("Python was not measured: {why}.");
    }
    cloud.close().await;
    Ok(())
}

async fn throttled(args: &Args, cloud: &Cloud, programs: &Programs) -> Result<Vec<process::Throttled>, String> {
    let quota = Quota::new().map_err(|error| format!("no CPU cgroup can be made here ({error})"))?;
    let mut samples = Vec::with_capacity(args.throttled);
    for n in 0..args.throttled {
        eprint!("\rthrottled {n} of {}   ", args.throttled);
        let table = format!("throttled-{n}");
        samples.push(process::throttled(cloud, programs, Target::Ingest, &table, args.warm, &quota).await.map_err(|e| e.to_string())?);
    }
    Ok(samples)
}
