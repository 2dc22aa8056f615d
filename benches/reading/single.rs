//! `cargo bench -p reading`: what each step of reading costs, by mail size. The ratios and aims are `cargo run --release -p reading`'s.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};

const SIZES: [usize; 3] = [reading::SMALL, reading::ORDINARY, reading::LARGE];

fn main() {
    divan::main();
}

#[divan::bench(args = SIZES)]
fn read_judge_classify(bencher: Bencher<'_, '_>, size: usize) {
    let (mail, policy) = (reading::mail(size), domain::policy::Policy::default());
    bencher.counter(BytesCount::new(mail.len())).bench(|| reading::ours(black_box(&mail), &policy));
}

#[divan::bench(args = SIZES)]
fn read_only(bencher: Bencher<'_, '_>, size: usize) {
    let mail = reading::mail(size);
    bencher.counter(BytesCount::new(mail.len())).bench(|| domain::mail::read(black_box(&mail)));
}

#[divan::bench(args = SIZES)]
fn mail_parser_alone(bencher: Bencher<'_, '_>, size: usize) {
    let mail = reading::mail(size);
    bencher.counter(BytesCount::new(mail.len())).bench(|| reading::floor(black_box(&mail)));
}
