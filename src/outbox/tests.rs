//! The room between a hub and real small servers, with a clock moved by hand.

mod mail;
mod office;
mod queue;
mod servers;
mod trouble;
mod web;
