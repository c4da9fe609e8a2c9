//! The room over a database of its own, with a clock moved by hand.
