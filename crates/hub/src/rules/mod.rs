//! Rules that more than one command uses.

pub(crate) mod append;
pub(crate) mod arrival;
pub(crate) mod assignment;
pub(crate) mod beginning;
pub(crate) mod board;
pub(crate) mod choices;
pub(crate) mod clients;
pub(crate) mod emit;
pub(crate) mod integrations;
pub(crate) mod keys;
pub(crate) mod lifecycle;
pub(crate) mod links;
pub(crate) mod merge;
pub(crate) mod moved;
pub(crate) mod notices;
pub(crate) mod people;
pub(crate) mod pictures;
pub(crate) mod receipts;
pub(crate) mod seating;
pub(crate) mod seats;
pub(crate) mod settings;
pub(crate) mod standing;
pub(crate) mod targets;
pub(crate) mod webhooks;
pub(crate) mod words;
