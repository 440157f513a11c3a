//! Everything that the simulator holds, behind one lock.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;

use crate::chat::{Bubble, Chat, ChatKey};
use crate::fault::{Fault, FaultKind, Occasion, Stage};
use crate::ids::Ids;
use crate::messenger::{Dataset, MetaApp, Page};
use crate::slack::SlackApp;
use crate::telegram::BotState;
use crate::transcript::Transcript;
use crate::twilio::TwilioAccount;

/// Bytes that a provider serves.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) content_type: String,
    pub(crate) name: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Everything.
pub(crate) struct World {
    pub(crate) ids: Ids,
    pub(crate) twilio: Vec<TwilioAccount>,
    pub(crate) contents: HashMap<String, serde_json::Value>,
    pub(crate) twilio_messages: HashMap<String, serde_json::Value>,
    pub(crate) pages: Vec<Page>,
    pub(crate) meta_apps: Vec<MetaApp>,
    pub(crate) datasets: Vec<Dataset>,
    pub(crate) bots: Vec<BotState>,
    pub(crate) slack: Vec<SlackApp>,
    pub(crate) chats: BTreeMap<ChatKey, Chat>,
    pub(crate) files: HashMap<String, Stored>,
    pub(crate) transcript: Transcript,
    pub(crate) faults: Vec<Fault>,
}

impl World {
    pub(crate) fn new(seed: u64, transcript_max: usize) -> World {
        World {
            ids: Ids::new(seed),
            twilio: Vec::new(),
            contents: HashMap::new(),
            twilio_messages: HashMap::new(),
            pages: Vec::new(),
            meta_apps: Vec::new(),
            datasets: Vec::new(),
            bots: Vec::new(),
            slack: Vec::new(),
            chats: BTreeMap::new(),
            files: HashMap::new(),
            transcript: Transcript::new(transcript_max),
            faults: Vec::new(),
        }
    }

    /// The chat, made when there is none.
    pub(crate) fn chat(&mut self, key: &ChatKey) -> &mut Chat {
        self.chats.entry(key.clone()).or_insert_with(|| Chat {
            first_name: "Ann".to_owned(),
            last_name: "Customer".to_owned(),
            ..Chat::default()
        })
    }

    pub(crate) fn bubble(&mut self, key: &ChatKey, id: &str) -> Option<&mut Bubble> {
        self.chats.get_mut(key)?.bubble(id)
    }

    /// The fault that strikes now; it is used up by that.
    pub(crate) fn strike(&mut self, stage: Stage, occasion: Occasion<'_>) -> Option<FaultKind> {
        for fault in &mut self.faults {
            if !fault.fits(stage, occasion) || !self.ids.happens(fault.chance) {
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times -= 1;
            }
            let kind = fault.kind;
            self.faults.retain(|fault| fault.times != Some(0));
            return Some(kind);
        }
        None
    }

    /// Keeps bytes and gives their name.
    pub(crate) fn keep(&mut self, stored: Stored) -> String {
        let token = self.ids.token();
        self.files.insert(token.clone(), stored);
        token
    }
}
