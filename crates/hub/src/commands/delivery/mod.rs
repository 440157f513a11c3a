//! Deliveries that were given up.

mod replay;
