//! Logs, and what may never be in them.
