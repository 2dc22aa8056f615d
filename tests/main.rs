//! The promises of port25, tested through one door: the three functions on the real embedded engine, with captured alerts and a
//! clock that the test moves. The files are in the order in which the data flows.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly; clippy sees only the test functions themselves as tests")]

mod engine;
mod world;

mod story;
mod arriving;
mod finding;
mod bad_input;
mod contract;
mod correcting;
mod acting;
mod registering;
mod forgetting;
mod sweeping;
mod alerting;
mod boundaries;
mod telling;
mod simulation;
mod simulated;
mod quarantine;
mod replying;
mod audit;
mod watching;
mod redriving;
mod doctor;
mod migrating;
mod crowd;
mod sweep_cost;
mod list_cost;
mod cost;
mod api;
mod access;
mod asking;
mod bucket;
mod lambda;
mod review;
mod template;
