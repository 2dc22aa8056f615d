//! The whole-system tests of port25; everything is in the test binary `promises` (`main.rs`).
