//! Windows come round, and people are told of them.
