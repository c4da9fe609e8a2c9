//! The room with real small servers around it.
