//! The whole product in one process: the same `ingest`, `alert` and `api` that run in Lambda.
//!
//! In the order in which the data flows: a mail comes in through [`smtp`] (it stands in for SES) or from a [`mailbox`]; its bytes are
//! kept in the [`bucket`] (for S3), their signatures are checked if that is wanted ([`dkim`]); the [`node`] files it into the table of
//! the [`engine`] (embedded DynamoDB), sweeps, and serves the page. One file for each command: [`serve`], [`demo`], [`import`],
//! [`list`] (also as `csv`), [`show`], [`register`], [`identify`], [`reply`], [`act`] (`replied`, `ack`, `snooze`, `settle`, `reopen`, `note`), [`explain`], [`rules`], [`quarantine`], [`judge`] (also `dismiss` and `split`, with [`fixture`]), [`forget`] and [`audit`];
//! [`cli`] is the command line. The commands that look at requests and act on them find them at a
//! [`place`]: a data folder, or an API elsewhere ([`remote`]); both give the same JSON, and [`fields`] and [`paint`] print it.

pub mod smtp;
pub mod mailbox;
pub mod bucket;
pub mod dkim;
mod original;
pub mod engine;
pub mod node;
pub mod web;
pub mod command;
pub mod heartbeat;

pub mod cli;
pub mod place;
pub mod remote;
pub mod fields;
pub mod paint;
pub mod serve;
pub mod demo;
pub mod import;
pub mod list;
mod csv;
pub mod show;
pub mod register;
pub mod identify;
pub mod reply;
pub mod act;
pub mod explain;
pub mod rules;
pub mod quarantine;
pub mod judge;
pub mod fixture;
pub mod forget;
pub mod audit;
pub mod simulate;
pub mod why;
pub mod test_alert;
pub mod token;

pub mod aws;
pub mod doctor;
pub mod redrive;

mod examples;
mod scratch;
