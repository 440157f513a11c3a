//! A bot that repeats what customers say, and hands over to a human when somebody asks for one.
//!
//! `cargo run -p crosspoint-client --example echo_bot`, with CROSSPOINT_URL, CROSSPOINT_KEY_ID and
//! CROSSPOINT_KEY_SECRET of an account key.

use std::env::var;

use crosspoint_client::crosspoint::Start;
use crosspoint_client::sunshine::types::*;
use crosspoint_client::{Client, Credentials};
use futures::StreamExt as _;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = Credentials::basic(var("CROSSPOINT_KEY_ID")?, var("CROSSPOINT_KEY_SECRET")?);
    let client = Client::builder(var("CROSSPOINT_URL")?).credentials(key).build()?;
    let sunshine = client.sunshine();
    let app = sunshine.create_app(&AppCreateBody::new("Echo")).await?.app.id;
    let board = sunshine.create_switchboard(&app).await?.switchboard.id;
    for name in ["bot", "human"] {
        let custom = sunshine.create_integration(&app, &IntegrationCreateBody::custom(name)).await?;
        let (name, id) = (name.to_owned(), Some(custom.integration.id));
        let seat = SwitchboardIntegrationCreateBody { name, integration_id: id, ..Default::default() };
        sunshine.create_switchboard_integration(&app, &board, &seat).await?;
    }
    println!("crosspoint chat --app {app} --as customer");
    let mut events = client.crosspoint().follow(&app, Start::Oldest);
    while let Some(event) = events.next().await {
        let Payload::Message(told) = event?.typed()?.payload else { continue };
        let (message, id) = (told.message, told.conversation.id);
        let in_control = told.conversation.active_switchboard_integration.and_then(|active| active.name);
        let (AuthorType::User, Content::Text(Text { text: Some(text), .. })) =
            (message.author.kind, message.content)
        else {
            continue;
        };
        if text.contains("human") {
            sunshine.pass_control(&app, &id, &PassControlBody::to("human")).await?;
        } else if in_control.as_deref() != Some("human") {
            let echo = MessagePost::new(Author::business(), Content::text(format!("You said: {text}")));
            sunshine.post_message(&app, &id, &echo).await?;
        }
    }
    Ok(())
}
