//! Plain text in place of structured content, for readers that show nothing else
//! (sunshine-v2.md §6.2).

/// One item of a carousel or list, as far as text can show it: pictures and buttons that do not
/// link are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FallbackItem<'a> {
    /// Its title.
    pub title: &'a str,
    /// What stands below the title.
    pub description: Option<&'a str>,
    /// Its buttons that lead to an address, in order.
    pub links: Vec<FallbackLink<'a>>,
}

/// A button that leads to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FallbackLink<'a> {
    /// Its label.
    pub text: &'a str,
    /// Where it leads.
    pub uri: &'a str,
}

/// An answer of a submitted form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FallbackAnswer<'a> {
    /// The question.
    pub label: &'a str,
    /// The answer; several for a choice of several.
    pub values: Vec<&'a str>,
}

/// The items of a carousel or list, numbered from 1: title, description and a line `label: address`
/// per link; a blank line between items.
pub fn items_text(items: &[FallbackItem<'_>]) -> String {
    let texts = (1..).zip(items).map(|(number, item)| item_text(number, item));
    texts.collect::<Vec<String>>().join("\n\n")
}

fn item_text(number: usize, item: &FallbackItem<'_>) -> String {
    let mut text = format!("{number}. {}", item.title);
    if let Some(description) = item.description.filter(|description| !description.is_empty()) {
        text.push('\n');
        text.push_str(description);
    }
    for FallbackLink { text: label, uri } in &item.links {
        text.push_str(&format!("\n{label}: {uri}"));
    }
    text
}

/// A place as two lines, the second a link to a map. Degrees are written in full, without an
/// exponent.
pub fn location_text(lat: f64, long: f64) -> String {
    format!("Location shared:\n{}", map_url(lat, long))
}

/// The link to a map of a place, in degrees.
pub fn map_url(lat: f64, long: f64) -> String {
    format!("https://maps.google.com/maps?q={lat},{long}")
}

/// The answers of a form, a line `label: value` each; several values of one answer with commas
/// between.
pub fn form_response_text(answers: &[FallbackAnswer<'_>]) -> String {
    let line = |answer: &FallbackAnswer<'_>| format!("{}: {}", answer.label, answer.values.join(", "));
    answers.iter().map(line).collect::<Vec<String>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_numbered_with_a_blank_line_between() {
        let menu = FallbackLink { text: "Menu", uri: "https://example.org/menu" };
        let order = FallbackLink { text: "Order", uri: "https://example.org/order" };
        let items = [
            FallbackItem { title: "Soup", description: Some("Warm and green"), links: vec![menu, order] },
            FallbackItem { title: "Bread", description: None, links: vec![menu] },
            FallbackItem { title: "Water", description: Some(""), links: Vec::new() },
        ];
        let text = "1. Soup\nWarm and green\nMenu: https://example.org/menu\nOrder: https://example.org/order\n\n\
                    2. Bread\nMenu: https://example.org/menu\n\n\
                    3. Water";
        assert_eq!(items_text(&items), text);
        assert_eq!(items_text(&[]), "");
    }

    #[test]
    fn a_place_links_to_a_map() {
        let text = location_text(45.5261583, -73.595346);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines, ["Location shared:", "https://maps.google.com/maps?q=45.5261583,-73.595346"]);
        assert_eq!(map_url(0.0000001, 180.0), "https://maps.google.com/maps?q=0.0000001,180");
    }

    #[test]
    fn answers_are_lines() {
        let answers = [
            FallbackAnswer { label: "Your name?", values: vec!["Ada Lovelace"] },
            FallbackAnswer { label: "Toppings", values: vec!["Salt", "Pepper"] },
            FallbackAnswer { label: "Anything else?", values: Vec::new() },
        ];
        let text = "Your name?: Ada Lovelace\nToppings: Salt, Pepper\nAnything else?: ";
        assert_eq!(form_response_text(&answers), text);
        assert_eq!(form_response_text(&[]), "");
    }
}
