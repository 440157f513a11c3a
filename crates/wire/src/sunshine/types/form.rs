//! Questions and answers in a message (sunshine-v2.md §6.2).

use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};

/// Questions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Form {
    /// Whether they were answered; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted: Option<bool>,
    /// Whether the messenger's input is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// 1–20, their names unique.
    pub fields: Vec<FormField>,
    /// Shown above a link where the channel has no forms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormField {
    /// The kind of answer.
    #[serde(rename = "type")]
    pub kind: FormFieldType,
    /// 1–128 characters.
    pub name: String,
    /// What is shown, 1–128 characters.
    pub label: String,
    /// A text, 1–256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// An e-mail address, 1–128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Chosen options.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<Vec<SelectOption>>,
    /// What a text has to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<TextFormat>,
    /// 1–128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Least characters of a text, 1–256; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_size: Option<u32>,
    /// Most characters of a text, 1–256; 128 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size: Option<u32>,
    /// What can be chosen, up to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<SelectOption>>,
}

/// Answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormResponse {
    /// 1–20, their names unique.
    pub fields: Vec<FormResponseField>,
    /// The same as plain text; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_fallback: Option<String>,
}

/// An answer: exactly the one of text, email, select that fits the type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormResponseField {
    /// The kind of answer.
    #[serde(rename = "type")]
    pub kind: FormFieldType,
    /// 1–128 characters.
    pub name: String,
    /// What is shown, 1–128 characters.
    pub label: String,
    /// The text, 1–256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The e-mail address, 1–128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The chosen options.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<Vec<SelectOption>>,
    /// What the text had to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<TextFormat>,
    /// The message with the question; only in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_message_id: Option<String>,
}

/// An option of a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelectOption {
    /// Unique in its field, 1–128 characters.
    pub name: String,
    /// What is shown, 1–128 characters.
    pub label: String,
}

string_enum! {
    /// The kind of an answer.
    pub enum FormFieldType {
        Email = "email",
        Select = "select",
        Text = "text",
    }
}

string_enum! {
    /// What a text answer has to be.
    pub enum TextFormat {
        Integer = "integer",
        Decimal = "decimal",
    }
}
