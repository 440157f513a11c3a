//! A bot that repeats what customers say, and hands over when somebody asks for a human.
//!
//! `cargo run -p crosspoint-client --example echo_bot`, with CROSSPOINT_URL, and CROSSPOINT_KEY_ID and
//! CROSSPOINT_KEY_SECRET of an account's key.
use crosspoint_client::{Client, Credentials, crosspoint::Start, sunshine::types::*};
use std::{env::var, error::Error};

/// An app with a human and, for new conversations, a bot.
pub async fn set_up(client: &Client) -> Result<String, Box<dyn Error>> {
    let api = client.sunshine();
    let app = api.create_app(&AppCreateBody::new("Echo")).await?.app.id;
    let board = api.create_switchboard(&app).await?.switchboard.id;
    let hook = WebhookCreateBody::new("https://bot.invalid", [Trigger::PassthroughMessaging]); // must be, is unused
    for who in ["human", "bot"] {
        let id =
            api.create_integration(&app, &IntegrationCreateBody::custom(who, &hook)).await?.integration.id;
        let seat = SwitchboardIntegrationCreateBody::new(who, id);
        let seat = api.create_switchboard_integration(&app, &board, &seat).await?.switchboard_integration.id;
        api.update_switchboard(&app, &board, &SwitchboardUpdateBody::enabled_for(seat)).await?;
    }
    Ok(app)
}

/// Answers customers as long as the bot is in control.
pub async fn answer(client: &Client, app: &str) -> Result<(), Box<dyn Error>> {
    let mut events = client.crosspoint().follow(app, Start::Oldest);
    while let Some(event) = futures::StreamExt::next(&mut events).await {
        let Payload::Message(told) = event?.typed()?.payload else { continue };
        let Content::Text(Text { text: Some(text), .. }) = told.message.content else { continue };
        if told.message.author.kind == AuthorType::User && told.conversation.active_name() == Some("bot") {
            let (api, chat) = (client.sunshine(), told.conversation.id);
            let reply = if text.contains("human") { "A human comes." } else { &format!("You said: {text}") };
            api.post_message(app, &chat, &MessagePost::new(Author::business(), Content::text(reply))).await?;
            if text.contains("human") {
                api.pass_control(app, &chat, &PassControlBody::to("human")).await?;
            }
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let key = Credentials::basic(var("CROSSPOINT_KEY_ID")?, var("CROSSPOINT_KEY_SECRET")?);
    let client = Client::builder(var("CROSSPOINT_URL")?).credentials(key).build()?;
    let app = set_up(&client).await.inspect(|app| println!("crosspoint chat --app {app}"))?;
    answer(&client, &app).await
}
