//! The texts that we say ourselves on channels, by language (`appLocalizationEnabled`, sunshine-v2.md §10.4).
//! A language is added by a row.

use model::content::Content;
use model::record::{AppSettings, AuthorSubtype, ShownAuthor, User};

/// What is said in one language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// ISO 639-1.
    language: &'static str,
    /// What a person is asked when a link needs their consent and the business has said nothing of its own.
    pub question: &'static str,
    /// The label of consent.
    pub yes: &'static str,
    /// The label of refusal.
    pub no: &'static str,
    /// Other words of consent, in lower case.
    consents: &'static [&'static str],
    /// Other words of refusal, in lower case.
    refuses: &'static [&'static str],
    /// What is added to what an AI says (sunshine-v2.md §6.1).
    pub ai_disclaimer: &'static str,
    /// What stands behind the name of a file that will not come, and in front of the reason.
    pub not_received: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    question: "Do you want to continue our conversation here?",
    yes: "Yes",
    no: "No",
    consents: &["y", "ok"],
    refuses: &["n"],
    ai_disclaimer: "(This message was written by AI.)",
    not_received: "was not received",
};

const OTHERS: &[Words] = &[
    Words {
        language: "fr",
        question: "Voulez-vous poursuivre notre conversation ici ?",
        yes: "Oui",
        no: "Non",
        consents: &["o", "d'accord"],
        refuses: &["n"],
        ai_disclaimer: "(Ce message a été rédigé par une IA.)",
        not_received: "n'a pas été reçu",
    },
    Words {
        language: "es",
        question: "¿Quiere continuar nuestra conversación aquí?",
        yes: "Sí",
        no: "No",
        consents: &["si", "s", "vale"],
        refuses: &["n"],
        ai_disclaimer: "(Este mensaje fue escrito por una IA.)",
        not_received: "no se recibió",
    },
    Words {
        language: "de",
        question: "Möchten Sie unser Gespräch hier fortsetzen?",
        yes: "Ja",
        no: "Nein",
        consents: &["j"],
        refuses: &["n"],
        ai_disclaimer: "(Diese Nachricht wurde von einer KI verfasst.)",
        not_received: "kam nicht an",
    },
    Words {
        language: "pt",
        question: "Deseja continuar a nossa conversa aqui?",
        yes: "Sim",
        no: "Não",
        consents: &["s"],
        refuses: &["nao", "n"],
        ai_disclaimer: "(Esta mensagem foi escrita por uma IA.)",
        not_received: "não foi recebido",
    },
    Words {
        language: "it",
        question: "Vuole continuare la nostra conversazione qui?",
        yes: "Sì",
        no: "No",
        consents: &["si", "s"],
        refuses: &["n"],
        ai_disclaimer: "(Questo messaggio è stato scritto da un'IA.)",
        not_received: "non è stato ricevuto",
    },
];

/// The words for a user: in the language of the profile's locale where the app wants that and we have it,
/// else in English.
pub(crate) fn words_for(settings: &AppSettings, user: Option<&User>) -> &'static Words {
    words_in(settings, user.and_then(|user| user.profile.locale.as_deref()))
}

fn words_in(settings: &AppSettings, locale: Option<&str>) -> &'static Words {
    let locale = locale.filter(|_| settings.app_localization_enabled);
    let language = locale.and_then(|locale| locale.split(['-', '_']).next()).unwrap_or_default();
    OTHERS.iter().find(|words| words.language.eq_ignore_ascii_case(language)).unwrap_or(&ENGLISH)
}

impl Words {
    /// Whether a text says yes (`true`) or no in this language or in English; `None` when it says neither.
    pub(crate) fn answer(&self, text: &str) -> Option<bool> {
        let around = |character: char| character.is_whitespace() || matches!(character, '.' | '!');
        let said = text.trim_matches(around).replace('’', "'").to_lowercase();
        let says =
            |label: &str, others: &[&str]| label.to_lowercase() == said || others.contains(&said.as_str());
        [self, &ENGLISH].into_iter().find_map(|words| {
            let yes = says(words.yes, words.consents);
            (yes || says(words.no, words.refuses)).then_some(yes)
        })
    }
}

/// Whether a machine wrote it.
pub(crate) fn is_by_machine(author: &ShownAuthor) -> bool {
    author.subtype == Some(AuthorSubtype::Ai)
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

    use super::*;

    #[test]
    fn a_language_is_that_of_the_locale_where_the_app_wants_it() {
        let (on, off) = (
            AppSettings { app_localization_enabled: true, ..AppSettings::default() },
            AppSettings { app_localization_enabled: false, ..AppSettings::default() },
        );
        for (locale, language) in [
            ("fr", "fr"),
            ("de-AT", "de"),
            ("PT_br", "pt"),
            ("es-419", "es"),
            ("en-GB", "en"),
            ("tlh", "en"),
            ("", "en"),
        ] {
            assert_eq!(words_in(&on, Some(locale)).language, language, "{locale}");
            assert_eq!(words_in(&off, Some(locale)), &ENGLISH, "{locale}");
        }
        assert_eq!(words_for(&on, None), &ENGLISH);
    }

    #[test]
    fn each_language_understands_its_own_answers_and_english_ones() {
        for words in OTHERS.iter().chain([&ENGLISH]) {
            let language = words.language;
            assert_eq!(words.answer(&format!(" {} ! ", words.yes.to_uppercase())), Some(true), "{language}");
            assert_eq!(words.answer(words.no), Some(false), "{language}");
            assert_eq!((words.answer("yes"), words.answer("No.")), (Some(true), Some(false)), "{language}");
            assert_eq!(words.answer("who are you?"), None, "{language}");
            assert!(words.consents.iter().all(|word| words.answer(word) == Some(true)), "{language}");
            assert!(words.refuses.iter().all(|word| words.answer(word) == Some(false)), "{language}");
        }
        assert_eq!(ENGLISH.answer("oui"), None);
    }

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
        let picture = MediaContent::at(MediaRef::Url("https://files.example.com/a.png".into()));
        assert_eq!(disclaimed(Content::Image(picture)), (Some(NOTE.to_owned()), None));
    }
}
