//! Small rules about words.

/// The parts that are not empty, a line each.
pub fn lines<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// A price of so many hundredths, for example `12.50 CAD`.
pub fn price(amount: i64, currency: &str) -> String {
    let (sign, cents) = (if amount < 0 { "-" } else { "" }, amount.unsigned_abs());
    format!("{sign}{}.{:02} {}", cents / 100, cents % 100, currency.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices() {
        assert_eq!(price(1250, "cad"), "12.50 CAD");
        assert_eq!(price(-5, "usd"), "-0.05 USD");
        assert_eq!(price(i64::MIN, "usd"), "-92233720368547758.08 USD");
    }
}
