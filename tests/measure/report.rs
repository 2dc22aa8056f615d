//! The numbers as Markdown: each aim beside what was measured, and the medians behind it.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::process::{Calls, Sample, Throttled};
use crate::target::Target;

/// Everything that was measured.
#[derive(Debug)]
pub(crate) struct Measured {
    /// The samples of each target, by round.
    pub(crate) samples: BTreeMap<Target, Vec<Sample>>,
    /// `ingest` under the quota, by round; or why not.
    pub(crate) throttled: Result<Vec<Throttled>, String>,
    /// Zipped sizes in bytes, by binary.
    pub(crate) zips: Result<Vec<(String, u64)>, String>,
}

/// The middle one, or the mean of the two in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |n: usize| sorted.get(n).copied().unwrap_or(f64::NAN);
    f64::midpoint(at(sorted.len().saturating_sub(1) / 2), at(sorted.len() / 2))
}

/// An aim.
enum Aim {
    AtMost(f64),
    AtLeast(f64),
}

impl Measured {
    fn of(&self, target: Target) -> &[Sample] {
        self.samples.get(&target).map_or(&[], Vec::as_slice)
    }

    fn median(&self, target: Target, of: impl Fn(&Sample) -> f64) -> f64 {
        median(&self.of(target).iter().map(of).collect::<Vec<_>>())
    }

    /// How much more one took than the other in the same round: of each round.
    fn ratios(&self, more: Target, less: Target, of: impl Fn(&Sample) -> f64) -> Vec<f64> {
        self.of(more).iter().zip(self.of(less)).map(|(more, less)| of(more) / of(less)).collect()
    }

    /// The aims and what became of them.
    pub(crate) fn aims(&self) -> String {
        use Target::{AlertDue, AlertIdle, Api, ApiOurs, Echo, Ingest, Large, Python};
        let mut out = String::from("| Aim | Measured (lowest to highest round) | Met |\n|---|---|---|\n");
        let mut times = |what: &str, aim: &Aim, values: Vec<f64>| row(&mut out, what, aim, &values, "times");
        times("ingest, 22 KB: cold CPU at most 3.0 times the echo's", &Aim::AtMost(3.0), self.ratios(Ingest, Echo, Sample::cold));
        times("ingest, 22 KB: cold CPU at least 75 times under Python's", &Aim::AtLeast(75.0), self.ratios(Python, Ingest, Sample::cold));
        times("ingest, 22 KB: warm CPU at least 10 times under Python's", &Aim::AtLeast(10.0), self.ratios(Python, Ingest, |s| s.warm));
        times("ingest, 22 KB: peak memory at least 6 times under Python's", &Aim::AtLeast(6.0), self.ratios(Python, Ingest, |s| s.peak));
        times("ingest, 2 MB: warm CPU at most 5 times that of 22 KB", &Aim::AtMost(5.0), self.ratios(Large, Ingest, |s| s.warm));
        times("ingest, 2 MB: cold CPU at most 5 times that of 22 KB", &Aim::AtMost(5.0), self.ratios(Large, Ingest, Sample::cold));
        times("alert, nothing due: cold CPU at most 2.5 times the echo's", &Aim::AtMost(2.5), self.ratios(AlertIdle, Echo, Sample::cold));
        times("alert, one due: cold CPU at most 2.5 times the echo's", &Aim::AtMost(2.5), self.ratios(AlertDue, Echo, Sample::cold));
        times(
            "api, our turn, a token's first use of the hour: cold CPU at most 2.5 times the echo's",
            &Aim::AtMost(2.5),
            self.ratios(ApiOurs, Echo, Sample::cold),
        );
        times(
            "api, all turns, a token in use: cold CPU at most 2.5 times the echo's",
            &Aim::AtMost(2.5),
            self.ratios(Api, Echo, Sample::cold),
        );
        let peaks: Vec<f64> = self.of(Ingest).iter().map(|s| s.peak / 1e6).collect();
        row(&mut out, "ingest, 22 KB: peak memory at most 10 MB", &Aim::AtMost(10.0), &peaks, "MB");
        let what = "ingest: zip at most 3.5 MB";
        match &self.zips {
            Ok(zips) => {
                #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
                let size = zips.iter().filter(|(name, _)| name == "ingest").map(|(_, size)| *size as f64 / 1e6).collect::<Vec<_>>();
                row(&mut out, what, &Aim::AtMost(3.5), &size, "MB");
            }
            Err(why) => line(&mut out, what, &format!("not measured: {why}"), "–"),
        }
        let what = "ingest, 22 KB, CPU quota of 128 MB: first invocation at most 3 times a warm one (wall time)";
        match &self.throttled {
            Ok(samples) => {
                let ratios: Vec<f64> = samples.iter().map(|s| s.first / s.warm).collect();
                row(&mut out, what, &Aim::AtMost(3.0), &ratios, "times");
            }
            Err(why) => line(&mut out, what, &format!("not measured: {why}"), "–"),
        }
        let new = [("BatchGetItem", 1), ("GetObject", 1), ("Query", 1), ("TransactWriteItems", 1)];
        self.calls(&mut out, "ingest, new mail in a known request: one object read, batch get, query, transaction", Ingest, &new);
        self.calls(&mut out, "ingest, duplicate: the object read and the batch get", Target::Duplicate, &new[..2]);
        out
    }

    fn calls(&self, out: &mut String, what: &str, target: Target, wanted: &[(&str, u32)]) {
        let wanted: Calls = wanted.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        let samples = self.of(target);
        let met = !samples.is_empty() && samples.iter().all(|s| s.first_calls == wanted);
        let shown = samples.iter().find(|s| s.first_calls != wanted).or(samples.first()).map(|s| names(&s.first_calls));
        line(out, what, &shown.unwrap_or_default(), if met { "yes" } else { "**no**" });
    }

    /// The medians of each target.
    pub(crate) fn medians(&self) -> String {
        let mut out = String::from(
            "| | INIT CPU | first CPU | cold CPU | warm CPU | peak memory | calls during INIT | calls of the first invocation |\n\
             |---|---|---|---|---|---|---|---|\n",
        );
        for (target, samples) in &self.samples {
            let Some(sample) = samples.first() else { continue };
            let ms = |of: &dyn Fn(&Sample) -> f64| self.median(*target, of) * 1e3;
            let _ = writeln!(
                out,
                "| {} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} ms | {:.1} MB | {} | {} |",
                target.says(),
                ms(&|s| s.init),
                ms(&|s| s.first),
                ms(&Sample::cold),
                ms(&|s| s.warm),
                self.median(*target, |s| s.peak) / 1e6,
                names(&sample.init_calls),
                names(&sample.first_calls),
            );
        }
        if let Ok(zips) = &self.zips {
            let sizes: Vec<String> = zips.iter().map(|(name, size)| format!("{name} {size} bytes")).collect();
            let _ = writeln!(out, "\nZipped (deflate, level 9): {}.", sizes.join(", "));
        }
        if let Ok(samples) = &self.throttled
            && !samples.is_empty()
        {
            let ms = |of: fn(&Throttled) -> f64| median(&samples.iter().map(of).collect::<Vec<_>>()) * 1e3;
            let _ = writeln!(
                out,
                "\nUnder the CPU quota of 128 MB (wall time): ingest's first invocation {:.1} ms, a warm one {:.1} ms.",
                ms(|s| s.first),
                ms(|s| s.warm)
            );
        }
        out
    }
}

fn names(calls: &Calls) -> String {
    let names: Vec<String> = calls.iter().map(|(name, n)| if *n == 1 { name.clone() } else { format!("{name} × {n}") }).collect();
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

fn row(out: &mut String, what: &str, aim: &Aim, values: &[f64], unit: &str) {
    let middle = median(values);
    let met = match aim {
        Aim::AtMost(most) => middle <= *most,
        Aim::AtLeast(least) => middle >= *least,
    };
    if values.is_empty() {
        return line(out, what, "not measured", "–");
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let spread = if values.len() > 1 { format!(" ({low:.2} to {high:.2})") } else { String::new() };
    line(out, what, &format!("{middle:.2} {unit}{spread}"), if met { "yes" } else { "**no**" });
}

fn line(out: &mut String, what: &str, measured: &str, met: &str) {
    let _ = writeln!(out, "| {what} | {measured} | {met} |");
}
