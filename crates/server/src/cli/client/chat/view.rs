//! How a chat looks.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position};
use ratatui::style::{Modifier, Style, Stylize as _};
use ratatui::text::{Line as Row, Span};
use ratatui::widgets::{Block, Borders, Paragraph, Wrap};

use super::Side;
use super::state::{Line, State};

/// Draws everything.
pub(super) fn draw(frame: &mut Frame<'_>, state: &State) {
    let rows = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(3),
        Constraint::Length(1),
    ]);
    let [head, body, input, foot] = rows.areas(frame.area());
    frame.render_widget(title(state), head);
    let text: Vec<Row<'_>> = state.lines.iter().map(row).collect();
    let lines = Paragraph::new(text).wrap(Wrap { trim: false });
    let hidden = lines.line_count(body.width).saturating_sub(usize::from(body.height));
    frame.render_widget(lines.scroll((u16::try_from(hidden).unwrap_or(u16::MAX), 0)), body);
    let width = usize::from(input.width.saturating_sub(3));
    let shown = tail(&state.input, width);
    let block = Block::new().borders(Borders::ALL).title(if state.side == Side::Agent {
        " answer "
    } else {
        " say "
    });
    let cursor = u16::try_from(Span::raw(shown).width()).unwrap_or(0);
    frame.render_widget(Paragraph::new(shown).block(block), input);
    frame.set_cursor_position(Position::new(input.x + 1 + cursor, input.y + 1));
    frame.render_widget(help(state), foot);
}

fn title(state: &State) -> Row<'_> {
    let who = state.in_control.as_deref().unwrap_or("nobody");
    let title = format!(" conversation {} · in control: {who} ", state.conversation);
    Row::from(title).style(Style::new().add_modifier(Modifier::REVERSED))
}

fn row(line: &Line) -> Row<'_> {
    match line {
        Line::Said { who, mine, text } => {
            let name = Span::raw(format!("{who}: ")).bold();
            Row::from(vec![if *mine { name.cyan() } else { name.green() }, Span::raw(text.as_str())])
        }
        Line::More(text) => Row::from(format!("  {text}")),
        Line::Happened(what) => Row::from(format!("— {what} —")).dim(),
    }
}

fn help(state: &State) -> Row<'_> {
    if !state.status.is_empty() {
        return Row::from(state.status.as_str()).red();
    }
    Row::from(match state.side {
        Side::Agent => "Enter sends · F2 takes over · F3 gives back · Esc leaves",
        Side::Customer if state.has_choices() => "Enter sends · /1 presses a button · Esc leaves",
        Side::Customer => "Enter sends · Esc leaves",
    })
    .dim()
}

/// Whether all terminals agree about the columns of what can be seen: an emoji that is joined from several is
/// one of two columns here and there, and elsewhere each of its parts.
pub(super) fn widths_are_sure(state: &State, rows: usize) -> bool {
    let seen = state.lines.iter().rev().take(rows).flat_map(|line| match line {
        Line::Said { who, text, .. } => [who.as_str(), text.as_str()],
        Line::More(text) | Line::Happened(text) => [text.as_str(), ""],
    });
    let control = state.in_control.as_deref().unwrap_or_default();
    seen.chain([state.input.as_str(), control]).all(|text| {
        let alone = |letter: char| Span::raw(letter.encode_utf8(&mut [0; 4]) as &str).width();
        Span::raw(text).width() == text.chars().map(alone).sum::<usize>()
    })
}

/// The end of a text that fits into so many columns.
fn tail(text: &str, columns: usize) -> &str {
    let fits = |start: &usize| Span::raw(text.get(*start..).unwrap_or_default()).width() <= columns;
    let start = text.char_indices().map(|(start, _)| start).find(fits).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn screen(state: &State, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, state)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn the_newest_lines_and_the_end_of_the_input_are_seen() {
        let mut state = State::new(Side::Agent, "c1".to_owned());
        for number in 0..40 {
            state.lines.push(Line::Happened(format!("event {number}")));
        }
        state.in_control = Some("bot".to_owned());
        state.input = format!("{}the end", "x".repeat(100));
        let shown = screen(&state, 60, 12);
        assert!(shown.contains("in control: bot") && shown.contains("event 39"), "{shown}");
        assert!(
            !shown.contains("event 0 ") && shown.contains("the end") && shown.contains("F2 takes over"),
            "{shown}"
        );
    }

    #[test]
    fn joined_emoji_are_what_terminals_disagree_about() {
        let mut state = State::new(Side::Customer, "c1".to_owned());
        for (input, sure) in [("hi é 日本 🙂 e\u{301}", true), ("👨‍👩‍👧", false), ("👍🏽", false), ("❤️", false)]
        {
            state.input = input.to_owned();
            assert_eq!(widths_are_sure(&state, 10), sure, "{input}");
        }
        state.input.clear();
        state.lines.push(Line::More("👨‍👩‍👧".to_owned()));
        assert!(!widths_are_sure(&state, 10));
        state.lines.push(Line::Happened("later".to_owned()));
        assert!(widths_are_sure(&state, 1), "it is seen no more");
    }

    #[test]
    fn the_smallest_terminal_is_no_panic() {
        for (width, height) in [(1, 1), (2, 3), (5, 6)] {
            screen(&State::new(Side::Customer, "c1".to_owned()), width, height);
        }
    }
}
