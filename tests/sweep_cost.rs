//! A sweep costs what is due, never what exists.

use crate::world::{Letter, World};

/// Requests that are due in the measurement.
const DUE: usize = 10;

fn letter(n: usize, at: &str) -> Vec<u8> {
    let text =
        format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: 1700000{n:08}\r\n");
    Letter::aws(&format!("m{n}@amazon"), at, "Your request", &text).bytes()
}

/// What a sweep consumes with `open` open requests of which `due` are due, and one after it that finds nothing.
async fn consumed(open: usize, due: usize) -> (f64, f64) {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T12:00:00Z");
    for n in 0..open {
        let at = if n < due { "2026-11-18T11:00:00Z" } else { "2026-11-20T11:00:00Z" };
        world.mail(&letter(n, at)).await;
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

/// The measurement of the closing notes; `.ci/long` runs it with `PORT25_SWEEP_COST=10,1000,10000`.
#[tokio::test(flavor = "multi_thread")]
async fn sweep_cost_by_open_requests() {
    let wanted = boot::world::env("PORT25_SWEEP_COST").unwrap_or_else(|| "10,30".to_owned());
    let mut all = Vec::new();
    for open in wanted.split(',') {
        let open: usize = open.parse().expect("PORT25_SWEEP_COST is a list of numbers");
        let (busy, idle) = consumed(open, DUE).await;
        println!("sweep cost: {open} open, {DUE} due: {busy} units; then nothing due: {idle} units");
        all.push((busy, idle));
    }
    assert!(all.windows(2).all(|w| w[0] == w[1]), "{all:?}");
}
