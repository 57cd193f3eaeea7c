//! Simulated citizens against the real engine.
