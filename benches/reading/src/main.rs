//! `cargo run --release -p reading`: the cost of reading as Markdown, each aim beside what was measured; docs/PERFORMANCE.md keeps it.
//!
//! In each round every mail is read by us, by `mail-parser` alone and by Python, one after the other, so that what the machine does
//! meanwhile falls on all of them; ratios are of one round, and the median of the rounds counts. Time is CPU time.

mod clock;
mod python;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clock::Clock;
use domain::policy::Policy;
use peak_alloc::PeakAlloc;
use reading::hostile;

/// Counts what is in use, for the aim on memory.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Time that one sample takes at least: below it the clock and its reading count.
const SAMPLE: Duration = Duration::from_millis(20);

/// Measures what reading a mail costs.
#[derive(Debug, Parser)]
struct Args {
    /// Rounds.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Leave out the comparison with Python.
    #[arg(long)]
    no_python: bool,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nothing was measured: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One size of mail: the seconds that one reading takes, by round.
struct Row {
    mail: Vec<u8>,
    ours: Vec<f64>,
    floor: Vec<f64>,
    python: Vec<f64>,
    /// The most memory in use while it is read, in bytes.
    memory: usize,
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let policy = Policy::default();
    let mut python = if args.no_python { None } else { Some(python::Python::start()?) };
    let mut rows: Vec<Row> = [reading::SMALL, reading::ORDINARY, reading::LARGE]
        .map(|size| Row { mail: reading::mail(size), ours: vec![], floor: vec![], python: vec![], memory: 0 })
        .into();
    for round in 0..=args.rounds {
        eprint!("\rround {round} of {}", args.rounds);
        for row in &mut rows {
            let ours = seconds(|| reading::ours(&row.mail, &policy).evidence.len());
            let floor = seconds(|| reading::floor(&row.mail));
            let theirs = python.as_mut().map(|python| python.seconds(&row.mail)).transpose()?;
            // Round 0 only warms everything up.
            if round > 0 {
                row.ours.push(ours);
                row.floor.push(floor);
                row.python.extend(theirs);
            }
        }
    }
    for row in &mut rows {
        row.memory = memory(&row.mail, &policy);
    }
    eprintln!();
    println!(
        "| Mail | Read, judge, classify | MB/s | Times `mail-parser` alone | Times faster than Python | Peak memory |\n|---|---|---|---|---|---|"
    );
    for row in &rows {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let (size, peak) = (row.mail.len() as f64, row.memory as f64);
        println!(
            "| {:.1} KB | {:.1} µs | {:.0} | {} | {} | {:.2} times the mail |",
            size / 1e3,
            median(&row.ours) * 1e6,
            size / 1e6 / median(&row.ours),
            span(&ratios(&row.ours, &row.floor)),
            span(&ratios(&row.python, &row.ours)),
            peak / size
        );
    }
    print_hostile(&policy);
    Ok(())
}

/// Each hostile mail as a multiple of a friendly one of its size: the slowest of three readings of the one, the median of many of
/// the other.
fn print_hostile(policy: &Policy) {
    let read = |mail: &[u8]| {
        let start = Clock::now();
        std::hint::black_box(reading::ours(mail, policy));
        start.elapsed().as_secs_f64()
    };
    let friendly = hostile::normal();
    let normal = median(&(0..20).map(|_| read(&friendly)).collect::<Vec<_>>());
    println!("\n| Hostile mail of 1 MB | Time | Times a friendly one ({:.1} ms) | Peak memory |\n|---|---|---|---|", normal * 1e3);
    let mut slow: Vec<(&str, f64, usize)> =
        hostile::all().iter().map(|(name, mail)| (*name, (0..3).map(|_| read(mail)).fold(0.0, f64::max), memory(mail, policy))).collect();
    slow.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (name, time, peak) in slow {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let peak = peak as f64 / hostile::SIZE as f64;
        println!("| {name} | {:.2} ms | {:.1} | {peak:.2} times the mail |", time * 1e3, time / normal);
    }
}

/// Seconds that one call takes, of as many calls as make a sample.
fn seconds(job: impl Fn() -> usize) -> f64 {
    let start = Clock::now();
    let mut calls = 0u32;
    while start.elapsed() < SAMPLE {
        std::hint::black_box(job());
        calls += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(calls)
}

/// The most memory in use at once while a mail is read, besides the mail itself.
fn memory(mail: &[u8], policy: &Policy) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    std::hint::black_box(reading::ours(mail, policy));
    MEMORY.peak_usage().saturating_sub(before)
}

fn ratios(more: &[f64], less: &[f64]) -> Vec<f64> {
    more.iter().zip(less).map(|(more, less)| more / less).collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The median, and the lowest and highest round.
fn span(values: &[f64]) -> String {
    if values.is_empty() {
        return "-".to_owned();
    }
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    format!("**{:.2}** ({low:.2} to {high:.2})", median(values))
}
