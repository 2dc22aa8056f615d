//! Random scenarios: mails in any order, trusted, forged, late and doubled; what people do; sweeps that die at any moment, overlap, or hear
//! of failures that were none; topics that are silent for hours. What must hold is worked out a second time by [`oracle`].
//!
//! `PORT25_SCENARIOS` and `PORT25_SEED` choose how many and which; a failure names its seed.

mod scenario;
mod oracle;
mod told;
mod pure;

use scenario::Scenario;

fn number(name: &str) -> Option<u64> {
    boot::world::env(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// The seeds of a run, a failure names the one at fault.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    let first = number("PORT25_SEED").unwrap_or(20_261_124);
    first..first + number("PORT25_SCENARIOS").unwrap_or(usual)
}

fn named(seed: u64, play: impl FnOnce() + std::panic::UnwindSafe) {
    if let Err(cause) = std::panic::catch_unwind(play) {
        eprintln!("the scenario failed: PORT25_SEED={seed} PORT25_SCENARIOS=1");
        std::panic::resume_unwind(cause);
    }
}

#[test]
fn every_silence_is_told_and_nothing_without_its_cause() {
    let all = seeds(50_000);
    let half = all.start + (all.end - all.start) / 2;
    std::thread::scope(|scope| {
        for part in [all.start..half, half..all.end] {
            scope.spawn(move || part.for_each(|seed| named(seed, || drop(pure::play(&Scenario::of(seed), seed)))));
        }
    });
}

#[test]
fn nothing_forged_makes_anybody_quiet_or_loud() {
    for seed in seeds(5_000) {
        named(seed, || {
            let scenario = Scenario { faults: 0, ..Scenario::of(seed) };
            assert_eq!(pure::play(&scenario, seed), pure::play(&scenario.without_forgeries(), seed));
        });
    }
}
