//! What the whole-system tests (`main.rs`, the test binary `promises`) and the measuring command both need to run the functions as
//! Lambda runs them: the Runtime API, the binaries as processes, and stand-ins for the services that they call.

pub mod runtime_api;
pub mod bootstraps;
pub mod stand_ins;
pub mod tls;
mod wire;
