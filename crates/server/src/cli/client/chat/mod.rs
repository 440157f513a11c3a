//! `crosspoint chat`: a conversation in the terminal, as the customer or as an agent.

mod room;
mod state;
mod view;

use std::collections::VecDeque;
use std::io::IsTerminal as _;

use client::crosspoint::Start;
use client::sunshine::types::Event;
use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event as Terminal};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use tokio::sync::mpsc;

use self::room::Room;
use self::state::{Act, State};
use super::session::{Session, Target};
use super::show::printable;
use crate::exit::{Failure, Result};

/// What is shown while the server does not answer.
const WAITING: &str = "waiting for the server";

/// Chat in the terminal, as a customer or as an agent.
///
/// An agent takes over with F2 and gives back with F3. A customer presses the first numbered button with /1:
/// what is on it is said, with its payload; of a postback, too, since the API has no other way to press one.
/// Esc ends it.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  crosspoint chat --as customer --user ann\n  \
                  crosspoint chat --as agent --member human 029c31f25a21b47effd7be90")]
pub(in crate::cli) struct Chat {
    #[command(flatten)]
    target: Target,
    /// The conversation; a customer's own one, or the next in which a customer writes.
    #[arg(value_name = "CONVERSATION_ID")]
    conversation: Option<String>,
    /// Whose side you are on.
    #[arg(long = "as", value_enum, value_name = "WHO", default_value_t = Side::Customer)]
    side: Side,
    /// The customer, by id or external id; made when there is none.
    #[arg(long, value_name = "USER", default_value = "terminal")]
    user: String,
    /// The agent's name in the switchboard, which takes over.
    #[arg(long, value_name = "MEMBER", default_value = "agent")]
    member: String,
}

/// Whose side somebody is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Side {
    /// Who asks.
    Customer,
    /// Who answers.
    Agent,
}

impl Chat {
    pub(in crate::cli) fn run(self) -> Result<()> {
        let Chat { target, conversation, side, user, member } = self;
        target.refuse_json("crosspoint listen and crosspoint messages list")?;
        if !std::io::stdout().is_terminal() {
            return Err(no_terminal());
        }
        target.run(async |session| {
            let start = session.crosspoint.newest_event(session.app()?).await?;
            let room = match side {
                Side::Customer => Room::of_customer(session, conversation, &user).await?,
                Side::Agent => Room::of_agent(session, conversation, member, start.clone()).await?,
            };
            let mut state = State::new(side, room.conversation.clone());
            room.begin(session, &mut state).await?;
            let mut screen = ratatui::try_init().map_err(|_| no_terminal())?;
            // A terminal that does not know it gives the lines one by one.
            let _known = execute!(std::io::stdout(), EnableBracketedPaste);
            let ended = talk(session, &room, start, &mut state, &mut screen).await;
            let _known = execute!(std::io::stdout(), DisableBracketedPaste);
            ratatui::restore();
            ended
        })
    }
}

fn no_terminal() -> Failure {
    Failure::refused(
        "a chat needs a terminal; crosspoint messages create and crosspoint listen work without one",
    )
}

/// What is being done, and what is to be done behind it, in the order of the keys.
struct Doing<'a> {
    session: &'a Session,
    room: &'a Room,
    now: Option<LocalBoxFuture<'a, (Act, Result<()>)>>,
    next: VecDeque<Act>,
}

impl<'a> Doing<'a> {
    fn add(&mut self, act: Act) {
        self.next.push_back(act);
        self.begin();
    }

    fn begin(&mut self) {
        if self.now.is_none()
            && let Some(act) = self.next.pop_front()
        {
            let (session, room): (&'a Session, &'a Room) = (self.session, self.room);
            let doing = async move {
                let ended = room.act(session, &act).await;
                (act, ended)
            };
            self.now = Some(doing.boxed_local());
        }
    }

    /// Waits until something was done; for ever when there is nothing to do.
    async fn ended(&mut self) -> (Act, Result<()>) {
        match &mut self.now {
            Some(doing) => {
                let ended = doing.await;
                self.now = None;
                ended
            }
            None => std::future::pending().await,
        }
    }

    /// Takes note of what was done. What the server refuses is shown and ends nothing, and what was not said
    /// may be said again.
    fn settle(&mut self, state: &mut State, act: Act, ended: Result<()>) {
        state.status = match ended {
            Ok(()) => String::new(),
            Err(failure) => {
                let acts = std::iter::once(act).chain(self.next.drain(..));
                state.give_back(acts.filter_map(|act| match act {
                    Act::Say(text) => Some(text),
                    Act::Press(number, _) => Some(format!("/{number}")),
                    _ => None,
                }));
                printable(&failure.to_string())
            }
        };
        self.begin();
    }
}

/// Shows what happens and does what is typed, until somebody leaves. Nothing that the server is asked for
/// keeps the keys waiting.
async fn talk(
    session: &Session,
    room: &Room,
    start: Start,
    state: &mut State,
    screen: &mut ratatui::DefaultTerminal,
) -> Result<()> {
    let mut events = session.crosspoint.follow(session.app()?, start);
    let mut typed = keyboard();
    let mut doing = Doing { session, room, now: None, next: VecDeque::new() };
    let mut is_sure = true;
    loop {
        let drawn = draw(screen, state, &mut is_sure);
        drawn.map_err(|error| Failure::failed(format!("the terminal: {error}")))?;
        tokio::select! {
            came = events.next() => match came {
                Some(Ok(event)) => tell(state, event),
                // Why something was not done stays to be read.
                Some(Err(error)) if error.is_temporary() && !state.status.is_empty() => {}
                Some(Err(error)) if error.is_temporary() => WAITING.clone_into(&mut state.status),
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(()),
            },
            (act, ended) = doing.ended() => doing.settle(state, act, ended),
            input = typed.recv() => match act_of(state, input) {
                Act::Leave => return Ok(()),
                Act::None => {}
                act => doing.add(act),
            },
        }
    }
}

/// Draws everything. Terminals disagree about how many columns an emoji of several takes, so that remains of
/// one could stand beside what comes in its place: then the screen is cleared before.
fn draw(screen: &mut ratatui::DefaultTerminal, state: &State, was_sure: &mut bool) -> std::io::Result<()> {
    let rows = usize::from(screen.size()?.height);
    let is_sure = view::widths_are_sure(state, rows);
    // Shown at once, without the empty screen in between, by terminals that know it.
    execute!(std::io::stdout(), BeginSynchronizedUpdate)?;
    if !std::mem::replace(was_sure, is_sure) || !is_sure {
        screen.clear()?;
    }
    screen.draw(|frame| view::draw(frame, state))?;
    execute!(std::io::stdout(), EndSynchronizedUpdate)
}

/// What was typed asks for; a keyboard that is gone, to leave.
fn act_of(state: &mut State, input: Option<Terminal>) -> Act {
    match input {
        Some(Terminal::Key(key)) => state.key(key),
        Some(Terminal::Paste(text)) => state.paste(&text),
        Some(_) => Act::None,
        None => Act::Leave,
    }
}

fn tell(state: &mut State, event: Event) {
    // The server is there again.
    if state.status == WAITING {
        state.status.clear();
    }
    match event.typed() {
        Ok(event) => state.tell(event.payload),
        Err(error) => state.status = printable(&format!("an event cannot be read: {error}")),
    }
}

/// Keys as they are pressed. The thread waits in the terminal and ends with the program.
fn keyboard() -> mpsc::Receiver<Terminal> {
    let (send, receive) = mpsc::channel(64);
    std::thread::spawn(move || {
        while let Ok(pressed) = event::read() {
            if send.blocking_send(pressed).is_err() {
                return;
            }
        }
    });
    receive
}
