//! The decisions of port25, as functions of values and `now`: no I/O, no clock, no environment.
//!
//! In the order in which the data flows: a mail is read ([`mail`]), believed or not ([`trust`]), understood ([`classify`]) and
//! becomes an entry of a request ([`request`], found by its references, [`filing`]). What its turn makes due at which time is
//! computed ([`due`]), what people must hear becomes alerts ([`alert`]), and how AWS is answered is said in [`reply`]. The [`canary`] shows
//! that mail still comes.
//! [`policy`] holds what the operator configures ([`window`]: when alerts that can wait are delivered), [`ids`] the names of things, [`text`] the cleaning of foreign text.

pub mod alert;
pub mod canary;
pub mod classify;
pub mod due;
pub mod filing;
pub mod ids;
pub mod mail;
pub mod policy;
pub mod reply;
pub mod request;
pub mod text;
pub mod trust;
pub mod window;

#[cfg(test)]
mod documented;
