//! What every `main` needs before it works: configuration ([`settings`], and the operator's [`rules`]), logs ([`log`]), the way to AWS ([`aws`]), and the one home of
//! the clock and the environment ([`world`]).

pub mod aws;
pub mod log;
pub mod rules;
pub mod settings;
pub mod world;
