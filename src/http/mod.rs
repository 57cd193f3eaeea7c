//! The HTTP rim.
