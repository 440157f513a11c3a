//! What channels are built from: signatures, the way in, the way out, texts, answers. A rule that two
//! channels need stands here and nowhere else; a word of a provider never does.

pub mod crypto;
pub mod inbound;
pub mod outbound;
pub mod provider;
pub mod text;
