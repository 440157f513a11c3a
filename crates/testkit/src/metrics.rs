//! The server's gauges and counters.

/// One reading of `GET /metrics`.
#[derive(Clone, Debug)]
pub struct Metrics(String);

impl Metrics {
    /// Takes the text of Prometheus' form.
    pub fn parse(text: &str) -> Metrics {
        Metrics(text.to_owned())
    }

    /// The sum of all series of this name; `None` when there is none.
    pub fn value(&self, name: &str) -> Option<f64> {
        let series = self.0.lines().filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            let labelled = rest.starts_with('{') || rest.starts_with(' ');
            if labelled { rest.rsplit(' ').next()?.parse::<f64>().ok() } else { None }
        });
        series.fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_of_one_name_are_added_up() {
        let text = "# HELP a_b what\n# TYPE a_b gauge\na_b{app=\"1 2\"} 3\na_b{app=\"2\"} 4\na_bc 9\nd 1e2\n";
        let metrics = Metrics::parse(text);
        assert_eq!(metrics.value("a_b"), Some(7.0));
        assert_eq!(metrics.value("d"), Some(100.0));
        assert_eq!(metrics.value("a"), None);
    }
}
