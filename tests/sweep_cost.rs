//! A sweep costs what is due, never what exists.

use std::time::Duration;

use domain::policy::Policy;
use jiff::{SignedDuration, Timestamp};

use crate::crowd::{fill, letter_saying};
use crate::world::{Letter, World};

/// When AWS wrote to those that are due, and to the others.
const DUE_SINCE: &str = "2026-11-18T11:00:00Z";
const OPEN_SINCE: &str = "2026-11-20T11:00:00Z";
const NOW: &str = "2026-11-20T12:00:00Z";
/// Requests that are due in the measurement.
const DUE: usize = 10;

fn letter(n: usize, at: &str) -> Letter {
    letter_saying(n, at, "for you.")
}

/// What a sweep consumes with `open` open requests of which `due` are due, and one after it that finds nothing.
async fn consumed(open: usize, due: usize) -> (f64, f64) {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to(NOW);
    for n in 0..open {
        world.mail(&letter(n, if n < due { DUE_SINCE } else { OPEN_SINCE }).bytes()).await;
    }
    let before = world.store.spent();
    let report = world.sweep().await;
    assert_eq!(report.sent as usize, due);
    let busy = world.store.spent() - before;
    let before = world.store.spent();
    assert_eq!(world.sweep().await.looked, 0);
    (busy, world.store.spent() - before)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_costs_what_is_due_and_never_what_exists() {
    let few = consumed(10, DUE).await;
    let many = consumed(200, DUE).await;
    assert_eq!(few, many);
    // What it costs beyond an idle sweep follows what is due; of what it sends in a digest the settling is shared.
    let double = consumed(200, 2 * DUE).await;
    let (once, twice) = (many.0 - many.1, double.0 - double.1);
    assert!(twice <= 2.0 * once && twice >= 1.7 * once, "{once} units for {DUE}, {twice} for twice as many");
    assert!(few.1 <= 0.5 * f64::from(store::WORK_SHARDS), "an idle sweep costs half a unit a shard: {}", few.1);
}

/// Busy sweeps of one measurement: as many repeats, an hour apart.
const ROUNDS: i64 = 5;
/// Idle sweeps between two busy ones.
const IDLE: u32 = 5;

/// What sweeps cost with so many requests.
#[derive(Debug)]
struct Cost {
    open: usize,
    due: usize,
    units: f64,
    idle_units: f64,
    /// CPU time of a busy sweep and of an idle one, in milliseconds: the medians.
    busy: f64,
    idle: f64,
    /// A busy sweep as a multiple of the idle ones after it, sorted.
    ratios: Vec<f64>,
}

/// The CPU time of this process so far: the sweep, and the engine that answers it.
#[cfg(target_os = "linux")]
fn cpu() -> Duration {
    nix::time::clock_gettime(nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID).unwrap().into()
}

/// Where there is no such clock: the time that passed.
#[cfg(not(target_os = "linux"))]
fn cpu() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

async fn cost(open: usize, due: usize) -> Cost {
    let mut world = World::with(Policy { repeat: SignedDuration::from_hours(1), ..Policy::default() }).await;
    world.ignore_alerts();
    world.advance_to(NOW);
    fill(&world, 0..due, |n| letter(n, DUE_SINCE)).await;
    if due < open {
        fill(&world, due..open, |n| letter(n, OPEN_SINCE)).await;
    }
    let start: Timestamp = NOW.parse().unwrap();
    let (mut units, mut idle_units) = (0.0, 0.0);
    let (mut busy, mut idle, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Those that are due are repeated each hour; the others are not, for two days.
        world.advance_to(&(start + SignedDuration::from_hours(round)).to_string());
        let (spent, before) = (world.store.spent(), cpu());
        let report = world.sweep().await;
        let took = (cpu() - before).as_secs_f64() * 1000.0;
        assert_eq!((report.sent as usize, report.broken), (due, 0), "{report:?}");
        let between = world.store.spent();
        let before = cpu();
        for _ in 0..IDLE {
            assert_eq!(world.sweep().await.looked, 0);
        }
        let quiet = (cpu() - before).as_secs_f64() * 1000.0 / f64::from(IDLE);
        if round == 0 {
            (units, idle_units) = (between - spent, (world.store.spent() - between) / f64::from(IDLE));
        }
        busy.push(took);
        idle.push(quiet);
        ratios.push(took / quiet);
        while world.alerts.next().is_some() {}
    }
    ratios.sort_by(f64::total_cmp);
    Cost { open, due, units, idle_units, busy: median(busy), idle: median(idle), ratios }
}

/// Measures, and prints a table; what it costs in units is a promise, what it takes in time is not. `.ci/long sweep` runs it with
/// `PORT25_SWEEP_COST=10/10,100000/10,10000/1000`: so many open, of which so many are due.
#[tokio::test(flavor = "multi_thread")]
async fn sweep_cost_by_open_and_by_due_requests() {
    let wanted = boot::world::env("PORT25_SWEEP_COST").unwrap_or_else(|| "10/10,30/10,30/20".to_owned());
    println!("| open | due | units | units, nothing due | CPU | CPU, nothing due | times |");
    println!("|---|---|---|---|---|---|---|");
    let mut all: Vec<Cost> = Vec::new();
    for pair in wanted.split(',') {
        let numbers: Vec<usize> = pair.split('/').map(|n| n.parse().expect("PORT25_SWEEP_COST is a list like 100/10,1000/10")).collect();
        let [open, due] = numbers[..] else { panic!("PORT25_SWEEP_COST is a list like 100/10,1000/10") };
        let cost = cost(open, due).await;
        let Cost { units, idle_units, busy, idle, ratios, .. } = &cost;
        let (least, middle, most) = (ratios[0], ratios[ratios.len() / 2], ratios[ratios.len() - 1]);
        println!("| {open} | {due} | {units} | {idle_units} | {busy:.1} ms | {idle:.2} ms | {middle:.1} ({least:.1} to {most:.1}) |");
        all.push(cost);
    }
    for (one, other) in all.iter().flat_map(|one| all.iter().map(move |other| (one, other))).filter(|(one, other)| one.due == other.due) {
        assert_eq!((one.units, one.idle_units), (other.units, other.idle_units), "{} and {} open", one.open, other.open);
    }
}
