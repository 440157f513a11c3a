use sim::Channel;
use testkit::{run, text_at};

use super::Street;

#[test]
fn a_picture_comes_with_the_address_of_its_bytes() {
    run(60, async {
        let street = Street::build().await;
        street.telegram().await;
        let ann = street.sim.customer(Channel::Telegram, "1111111");
        ann.picture("look").await.unwrap();
        let told = street.event("conversation:message").await;
        assert_eq!(text_at(told.payload(), "/message/content/type"), "image");
        assert_eq!(text_at(told.payload(), "/message/content/text"), "look");
        let url = text_at(told.payload(), "/message/content/mediaUrl");
        let path = url.strip_prefix(&street.server.base()).expect("ours").to_owned();
        let reply = street.server.api().get(&path).await;
        assert_eq!(reply.status, 200, "its file is there when the event comes");
        assert!(!reply.text.is_empty());
        assert_eq!(text_at(told.payload(), "/message/content/mediaType"), reply.header("content-type"));
    });
}
