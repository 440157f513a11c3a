//! Questions in a message (sunshine-v2.md §6.2).

use std::collections::HashSet;

use model::content::{Form, FormField, FormOption};
use wire::sunshine::limits::{
    FORM_FIELDS_COUNT_MAX, FORM_LABEL_CHARS_MAX, FORM_OPTIONS_COUNT_MAX, FORM_TEXT_CHARS_MAX,
    FORM_TEXT_CHARS_MAX_DEFAULT, FORM_TEXT_CHARS_MIN_DEFAULT, TEXT_CHARS_MAX,
};
use wire::sunshine::types::{self, FormFieldType, SelectOption, TextFormat};

use super::{At, Checked, count, one_of, refuse, text};

/// A form that is about to be sent: nobody has answered it.
pub(crate) fn form(form: types::Form) -> Checked<Form> {
    count(form.fields.len(), 1, FORM_FIELDS_COUNT_MAX).at("fields")?;
    text::opt(form.text.as_ref(), |text| text::at_most(text, TEXT_CHARS_MAX)).at("text")?;
    let names: HashSet<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
    if names.len() < form.fields.len() {
        return refuse("must have unique names").at("fields");
    }
    let numbered = form.fields.into_iter().enumerate();
    let fields = numbered.map(|(index, one)| field(one).nth("fields", index)).collect::<Checked<_>>()?;
    Ok(Form { fields, text: form.text, submitted: false, block_chat_input: form.block_chat_input })
}

/// A question.
pub(super) fn field(field: types::FormField) -> Checked<FormField> {
    let label = |text: &str| text::within(text, 1, FORM_LABEL_CHARS_MAX);
    one_of((), field.kind.is_known(), FormFieldType::KNOWN).at("type")?;
    label(&field.name).at("name")?;
    label(&field.label).at("label")?;
    text::opt(field.placeholder.as_ref(), label).at("placeholder")?;
    let mut core = FormField {
        kind: field.kind.as_str().to_owned(),
        name: field.name,
        label: field.label,
        placeholder: field.placeholder,
        ..FormField::default()
    };
    // What belongs to another type is ignored, as an answer in a question is.
    match field.kind {
        FormFieldType::Text => {
            sizes(field.min_size, field.max_size)?;
            if let Some(format) = &field.format {
                one_of((), format.is_known(), TextFormat::KNOWN).at("format")?;
            }
            core.min_size = field.min_size;
            core.max_size = field.max_size;
            core.format = field.format.map(|format| format.as_str().to_owned());
        }
        FormFieldType::Select => core.options = Some(options(field.options.unwrap_or_default())?),
        _ => {}
    }
    Ok(core)
}

fn sizes(min: Option<u32>, max: Option<u32>) -> Checked {
    let in_range = |size: Option<u32>| match size {
        Some(size) if !(1..=FORM_TEXT_CHARS_MAX as u32).contains(&size) => {
            refuse(format!("must be from 1 to {FORM_TEXT_CHARS_MAX}"))
        }
        _ => Ok(()),
    };
    in_range(min).at("minSize")?;
    in_range(max).at("maxSize")?;
    match min.unwrap_or(FORM_TEXT_CHARS_MIN_DEFAULT) > max.unwrap_or(FORM_TEXT_CHARS_MAX_DEFAULT) {
        true => refuse("must not be greater than maxSize").at("minSize"),
        false => Ok(()),
    }
}

fn options(options: Vec<SelectOption>) -> Checked<Vec<FormOption>> {
    count(options.len(), 1, FORM_OPTIONS_COUNT_MAX).at("options")?;
    for (index, option) in options.iter().enumerate() {
        text::within(&option.name, 1, FORM_LABEL_CHARS_MAX).at("name").nth("options", index)?;
        text::within(&option.label, 1, FORM_LABEL_CHARS_MAX).at("label").nth("options", index)?;
    }
    let names: HashSet<&str> = options.iter().map(|option| option.name.as_str()).collect();
    if names.len() < options.len() {
        return refuse("must have unique names").at("options");
    }
    Ok(options.into_iter().map(|SelectOption { name, label }| FormOption { name, label }).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    fn make(value: Value) -> Checked<Form> {
        form(serde_json::from_value(value).unwrap())
    }

    fn refusal(fields: Value) -> String {
        make(json!({ "fields": fields })).unwrap_err().to_string()
    }

    #[test]
    fn questions_keep_what_their_type_has() {
        let form = make(json!({ "submitted": true, "text": "Please", "blockChatInput": true, "fields": [
            { "type": "text", "name": "a", "label": "A", "placeholder": "x", "minSize": 2, "maxSize": 5, "format": "integer",
              "text": "an answer", "options": [] },
            { "type": "email", "name": "b", "label": "B", "minSize": 900 },
            { "type": "select", "name": "c", "label": "C", "options": [{ "name": "x", "label": "X" }] },
        ] }));
        let shown = serde_json::to_value(form.unwrap()).unwrap();
        assert_eq!(
            shown,
            json!({ "submitted": false, "text": "Please", "blockChatInput": true, "fields": [
            { "type": "text", "name": "a", "label": "A", "placeholder": "x", "minSize": 2, "maxSize": 5, "format": "integer" },
            { "type": "email", "name": "b", "label": "B" },
            { "type": "select", "name": "c", "label": "C", "options": [{ "name": "x", "label": "X" }] },
        ] })
        );
    }

    #[test]
    fn wrong_questions_are_named() {
        let text = |field: &str, value: Value| {
            let mut question = json!({ "type": "text", "name": "a", "label": "A" });
            question.as_object_mut().unwrap().insert(field.to_owned(), value);
            refusal(json!([question]))
        };
        assert_eq!(text("type", json!("date")), "fields[0].type: must be one of email, select, text");
        assert_eq!(text("name", json!("")), "fields[0].name: must not be empty");
        assert_eq!(
            text("label", json!("x".repeat(129))),
            "fields[0].label: must not be longer than 128 characters"
        );
        assert_eq!(text("placeholder", json!("")), "fields[0].placeholder: must not be empty");
        assert_eq!(text("minSize", json!(0)), "fields[0].minSize: must be from 1 to 256");
        assert_eq!(text("maxSize", json!(257)), "fields[0].maxSize: must be from 1 to 256");
        assert_eq!(text("minSize", json!(129)), "fields[0].minSize: must not be greater than maxSize");
        assert_eq!(text("format", json!("x")), "fields[0].format: must be one of integer, decimal");
        let twice = json!([{ "type": "text", "name": "a", "label": "A" }, { "type": "email", "name": "a", "label": "B" }]);
        assert_eq!(refusal(twice), "fields: must have unique names");
        assert_eq!(refusal(json!([])), "fields: must have 1 to 20 entries");
        let select = |options: Value| {
            refusal(json!([{ "type": "select", "name": "a", "label": "A", "options": options }]))
        };
        assert_eq!(select(json!([])), "fields[0].options: must have 1 to 200 entries");
        assert_eq!(
            select(json!([{ "name": "", "label": "x" }])),
            "fields[0].options[0].name: must not be empty"
        );
        let same = json!([{ "name": "x", "label": "x" }, { "name": "x", "label": "y" }]);
        assert_eq!(select(same), "fields[0].options: must have unique names");
    }
}
