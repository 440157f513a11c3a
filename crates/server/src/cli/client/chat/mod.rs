//! `crosspoint chat`: a conversation in the terminal, as the customer or as an agent.

mod room;
mod state;
mod view;

use client::crosspoint::Start;
use client::sunshine::types::Event;
use futures::StreamExt as _;
use ratatui::crossterm::event::{self, Event as Terminal};
use tokio::sync::mpsc;

use self::room::Room;
use self::state::{Act, State};
use super::session::{Session, Target};
use crate::exit::{Failure, Result};

/// Chat in the terminal. An agent takes over with F2 and gives back with F3.
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
        target.run(async |session| {
            let start = session.crosspoint.newest_event(session.app()?).await?;
            let room = match side {
                Side::Customer => Room::of_customer(session, conversation, &user).await?,
                Side::Agent => Room::of_agent(session, conversation, member).await?,
            };
            let mut state = State::new(side, room.conversation.clone());
            room.begin(session, &mut state).await?;
            let mut screen =
                ratatui::try_init().map_err(|error| Failure::failed(format!("the terminal: {error}")))?;
            let ended = talk(session, &room, start, &mut state, &mut screen).await;
            ratatui::restore();
            ended
        })
    }
}

/// Shows what happens and does what is typed, until somebody leaves.
async fn talk(
    session: &Session,
    room: &Room,
    start: Start,
    state: &mut State,
    screen: &mut ratatui::DefaultTerminal,
) -> Result<()> {
    let mut events = session.crosspoint.follow(session.app()?, start);
    let mut typed = keyboard();
    loop {
        let drawn = screen.draw(|frame| view::draw(frame, state));
        drawn.map_err(|error| Failure::failed(format!("the terminal: {error}")))?;
        tokio::select! {
            came = events.next() => match came {
                Some(Ok(event)) => tell(state, event),
                Some(Err(error)) if error.is_temporary() => {
                    state.status = "waiting for the server".to_owned();
                    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
                }
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(()),
            },
            input = typed.recv() => {
                let act = match input {
                    Some(Terminal::Key(key)) => state.key(key),
                    Some(Terminal::Paste(text)) => state.paste(&text),
                    Some(_) => Act::None,
                    None => Act::Leave,
                };
                if act == Act::Leave {
                    return Ok(());
                }
                // What the server refuses is shown and ends nothing.
                state.status = match room.act(session, act).await {
                    Ok(()) => String::new(),
                    Err(failure) => failure.to_string(),
                };
            }
        }
    }
}

fn tell(state: &mut State, event: Event) {
    match event.typed() {
        Ok(event) => state.tell(event.payload),
        Err(error) => state.status = format!("an event cannot be read: {error}"),
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
