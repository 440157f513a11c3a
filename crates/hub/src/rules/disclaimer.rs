//! The note under what a machine wrote, for people on channels.

use model::content::Content;
use model::record::ShownAuthor;

use super::words::Words;

/// The subtype of authors whose messages a machine wrote.
const MACHINE: &str = "AI";

/// Whether a machine wrote it.
pub(crate) fn is_by_machine(author: &ShownAuthor) -> bool {
    author.subtype.as_deref() == Some(MACHINE)
}

/// Adds the note to a text or caption, and to its rich form, of which a channel shows one.
pub(crate) fn disclaim(content: &mut Content, words: &Words) {
    let (text, html) = match content {
        Content::Text(text) => (&mut text.text, &mut text.html_text),
        Content::Image(media) | Content::File(media) => (&mut media.text, &mut media.html_text),
        _ => return,
    };
    let note = words.ai_disclaimer;
    *text = Some(text.take().map_or_else(|| note.to_owned(), |said| format!("{said}\n\n{note}")));
    if let Some(html) = html {
        let note = note.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        html.push_str(&format!("<p>{note}</p>"));
    }
}

#[cfg(test)]
mod tests {
    use model::content::{MediaContent, MediaRef, Text};
    use model::record::AppSettings;

    use super::*;
    use crate::rules::words::words_for;

    const NOTE: &str = "(This message was written by AI.)";

    fn disclaimed(mut content: Content) -> (Option<String>, Option<String>) {
        disclaim(&mut content, words_for(&AppSettings::default(), None));
        match content {
            Content::Text(text) => (text.text, text.html_text),
            Content::Image(media) => (media.text, media.html_text),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_forms_of_a_text_say_it() {
        for html in ["<b>Hi</b>", "<p><b>Hi</b></p>"] {
            let rich = Text { text: Some("Hi".into()), html_text: Some(html.into()), ..Text::default() };
            let (text, html) = disclaimed(Content::Text(rich));
            let words = Some(format!("Hi\n\n{NOTE}"));
            assert_eq!((text, html.map(|html| model::rich_text::plain_text(&html))), (words.clone(), words));
        }
        let plain = Text { text: Some("Hi".into()), ..Text::default() };
        assert_eq!(disclaimed(Content::Text(plain)), (Some(format!("Hi\n\n{NOTE}")), None));
    }

    #[test]
    fn a_picture_without_a_caption_gets_one() {
        let picture = MediaContent {
            media: MediaRef::Url("https://files.example.com/a.png".into()),
            media_type: None,
            media_size: None,
            alt_text: None,
            text: None,
            html_text: None,
            actions: Vec::new(),
            block_chat_input: None,
            attachment_id: None,
        };
        assert_eq!(disclaimed(Content::Image(picture)), (Some(NOTE.to_owned()), None));
    }
}
