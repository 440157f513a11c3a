"""Creates, lists and reads nearly everything with the vendor's own Python client, unchanged.

It is the strictest reader of all clients (sunshine-v2.md, chapter 12): one value outside its models
makes a whole list unreadable. Bodies made with `from_dict` carry an explicit null for every nullable
field, which a server has to take for absent. Needs CROSSPOINT_URL, CROSSPOINT_KEY_ID and CROSSPOINT_KEY_SECRET (the
account key).
"""

import os
import unittest

import sunshine_conversations_client as sunshine

NOWHERE = "http://127.0.0.1:9/hook"
LINK = {"type": "link", "text": "More", "uri": "https://a.example"}


def client(key_id, secret):
    configuration = sunshine.Configuration(host=os.environ["CROSSPOINT_URL"], username=key_id, password=secret)
    return sunshine.ApiClient(configuration)


class Apis:
    """Every API of the client under one key."""

    def __init__(self, key_id, secret):
        self._client = client(key_id, secret)

    def __getattr__(self, name):
        return getattr(sunshine, f"{name}Api")(self._client)


class Readable(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = Apis(os.environ["CROSSPOINT_KEY_ID"], os.environ["CROSSPOINT_KEY_SECRET"])
        body = sunshine.AppCreateBody.from_dict({"displayName": "Readable", "metadata": {"a": 1}})
        cls.app = cls.account.Apps.create_app(body).app.id
        made = cls.account.AppKeys.create_app_key(cls.app, sunshine.AppKeyCreateBody(display_name="tests"))
        cls.api = Apis(made.key.id, made.key.secret)

    def user(self, external_id, **more):
        body = sunshine.UserCreateBody.from_dict({"externalId": external_id, **more})
        return self.api.Users.create_user(self.app, body).user

    def conversation(self, user):
        body = {"type": "personal", "participants": [{"userId": user.id}]}
        body = sunshine.ConversationCreateBody.from_dict(body)
        return self.api.Conversations.create_conversation(self.app, body).conversation

    def custom(self, name, webhook=None):
        webhook = webhook or {"target": NOWHERE, "triggers": ["user:merge"]}
        body = {"type": "custom", "displayName": name, "webhooks": [webhook]}
        return self.api.Integrations.create_integration(self.app, sunshine.Custom.from_dict(body)).integration

    def post(self, conversation, content, author=None, **more):
        body = {"author": author or {"type": "business"}, "content": content, **more}
        posted = self.api.Messages.post_message(self.app, conversation.id, sunshine.MessagePost.from_dict(body))
        return posted.messages

    def refused(self, status, call, *arguments, **named):
        with self.assertRaises(sunshine.ApiException) as caught:
            call(*arguments, **named)
        self.assertEqual(caught.exception.status, status)
        self.assertIn('"errors"', caught.exception.body)

    def test_apps_and_keys(self):
        listed = self.account.Apps.list_apps(page=sunshine.Page(size=10))
        self.assertIn(self.app, [app.id for app in listed.apps])
        app = self.api.Apps.get_app(self.app).app
        self.assertEqual((app.display_name, app.metadata), ("Readable", {"a": 1}))
        self.assertFalse(app.settings.multi_convo_enabled)
        changed = sunshine.AppUpdateBody.from_dict({"settings": {"useAnimalNames": True}})
        self.assertTrue(self.api.Apps.update_app(self.app, changed).app.settings.use_animal_names)
        keys = self.account.AppKeys.list_app_keys(self.app).keys
        key = self.account.AppKeys.get_app_key(self.app, keys[0].id).key
        self.assertEqual((key.id, key.secret), (keys[0].id, None))
        info = self.api.OAuthEndpoints.get_token_info(_headers={"Authorization": self.authorization()})
        self.assertEqual(info.app.id, self.app)

    def authorization(self):
        return self.api._client.configuration.get_basic_auth_token()

    def test_integrations_of_all_types(self):
        bodies = {
            "android": {"projectId": "p", "clientEmail": "c@a.example", "privateKey": "k"},
            "apple": {"businessId": "b", "apiSecret": "s", "mspId": "m"},
            "instagram": {"pageAccessToken": "t", "appId": "1", "appSecret": "s"},
            "ios": {"certificate": "c", "password": "p", "production": True},
            "line": {"channelId": "1", "channelSecret": "s", "channelAccessToken": "t"},
            "mailgun": {"apiKey": "k", "domain": "a.example", "incomingAddress": "in@a.example"},
            "messagebird": {"accessKey": "a", "signingKey": "s", "originator": "+15145550100"},
            # The accounts that every simulator has from the beginning.
            "messenger": {
                "pageAccessToken": "EAAsimulatedPageAccessToken", "appId": "1517776481860111",
                "appSecret": "simulated-meta-app-secret",
            },
            "telegram": {"token": "4200000042:AAHsimulatedTelegramBotToken0000000"},
            "twilio": {
                "accountSid": "AC00000000000000000000000000000001", "authToken": "simulated-twilio-auth-token",
                "phoneNumberSid": "PN00000000000000000000000000000001",
            },
            "twitter": {
                "tier": "enterprise", "consumerKey": "a", "consumerSecret": "b", "accessTokenKey": "c",
                "accessTokenSecret": "d",
            },
            "unity": {},
            "viber": {"token": "t"},
            "web": {"brandColor": "65758e", "originWhitelist": ["https://a.example"]},
            "whatsapp": {"hsmFallbackLanguage": "fr"},
        }
        made = {}
        for kind, fields in bodies.items():
            with self.subTest(kind):
                body = sunshine.Integration.from_dict({"type": kind, **fields})
                integration = self.api.Integrations.create_integration(self.app, body).integration
                self.assertEqual(type(integration).__name__.lower(), kind)
                self.assertEqual(integration.status, "active")
                made[kind] = integration.id
                self.assertEqual(self.api.Integrations.get_integration(self.app, integration.id).integration.type, kind)
        self.custom("readable")
        # One unreadable element would lose the whole list.
        listed = self.api.Integrations.list_integrations(self.app, page=sunshine.Page(size=100)).integrations
        self.assertLessEqual(set(bodies) | {"custom"}, {integration.type for integration in listed})
        only = sunshine.IntegrationListFilter(types="web,ios")
        listed = self.api.Integrations.list_integrations(self.app, filter=only).integrations
        self.assertEqual([integration.type for integration in listed], ["ios", "web"])
        update = sunshine.IntegrationUpdate(sunshine.WebUpdate(display_name="Named"))
        changed = self.api.Integrations.update_integration(self.app, made["web"], update).integration
        self.assertEqual(changed.display_name, "Named")
        self.api.Integrations.delete_integration(self.app, made["viber"])
        self.refused(404, self.api.Integrations.get_integration, self.app, made["viber"])

    def test_webhooks_and_integration_keys(self):
        custom = self.custom("webhooks")
        webhook = custom.webhooks[0]
        self.assertEqual((webhook.target, len(webhook.secret)), (NOWHERE, 32))
        body = sunshine.WebhookCreateBody(target=NOWHERE, triggers=["user:remove"])
        made = self.api.Webhooks.create_webhook(self.app, custom.id, body).webhook
        listed = self.api.Webhooks.list_webhooks(self.app, custom.id).webhooks
        self.assertEqual([webhook.id for webhook in listed], [webhook.id, made.id])
        update = sunshine.WebhookBody(include_full_user=True)
        changed = self.api.Webhooks.update_webhook(self.app, custom.id, made.id, update).webhook
        self.assertTrue(changed.include_full_user)
        self.assertEqual(self.api.Webhooks.get_webhook(self.app, custom.id, made.id).webhook.secret, made.secret)
        self.assertEqual(len(self.api.Integrations.get_integration(self.app, custom.id).integration.webhooks), 1)
        self.api.Webhooks.delete_webhook(self.app, custom.id, made.id)

        keys = self.api.CustomIntegrationApiKeys
        made = keys.create_custom_integration_key(self.app, custom.id, sunshine.IntegrationApiKey(display_name="k")).key
        self.assertEqual(len(made.secret), 86)
        self.assertIsNone(keys.get_custom_integration_key(self.app, custom.id, made.id).key.secret)
        self.assertEqual(len(keys.list_custom_integration_keys(self.app, custom.id).keys), 1)
        own = Apis(made.id, made.secret)
        self.assertEqual(len(own.Webhooks.list_webhooks(self.app, "me").webhooks), 1)
        self.refused(403, own.Apps.get_app, self.app)
        keys.delete_custom_integration_key(self.app, custom.id, made.id)
        self.refused(401, own.Webhooks.list_webhooks, self.app, "me")
        self.api.Integrations.delete_integration(self.app, custom.id)

    def test_users(self):
        profile = {"givenName": "Ada", "email": "ada@a.example", "avatarUrl": "https://a.example/a.png", "locale": "en"}
        user = self.user("ext/ #1", profile=profile, metadata={"a": 1, "b": True}, signedUpAt="2020-01-01T00:00:00Z")
        self.assertEqual((user.profile.given_name, user.metadata), ("Ada", {"a": 1, "b": True}))
        self.assertEqual(user.signed_up_at, "2020-01-01T00:00:00.000Z")
        self.assertEqual(self.api.Users.get_user(self.app, "ext/ #1").user.id, user.id)
        update = sunshine.UserUpdateBody.from_dict({"metadata": {"a": None}, "profile": {"givenName": None}})
        changed = self.api.Users.update_user(self.app, user.id, update).user
        self.assertEqual((changed.metadata, changed.profile.given_name), ({"b": True}, None))
        bare = self.api.Users.delete_user_personal_information(self.app, user.id).user
        self.assertEqual((bare.identities, bare.external_id), ([], "ext/ #1"))
        self.refused(409, self.api.Users.create_user, self.app, sunshine.UserCreateBody(external_id="ext/ #1"))
        self.refused(404, self.api.Users.sync_user, self.app, "12345")
        self.api.Users.delete_user(self.app, user.id)
        self.refused(404, self.api.Users.get_user, self.app, user.id)

    def test_clients_and_devices(self):
        user = self.user("linked")
        conversation = self.conversation(user)
        body = {"type": "messagebird", "accessKey": "a", "signingKey": "s", "originator": "+15145550199"}
        channel = self.api.Integrations.create_integration(self.app, sunshine.Messagebird.from_dict(body)).integration
        link = sunshine.ClientCreate.from_dict({
            "matchCriteria": {"type": "messagebird", "integrationId": channel.id, "phoneNumber": "+15145550100"},
            "confirmation": {"type": "immediate"},
            "target": {"conversationId": conversation.id},
        })
        made = self.api.Clients.create_client(self.app, user.id, link).client
        self.assertEqual((made.type, made.status), ("messagebird", "pending"))
        listed = self.api.Clients.list_clients(self.app, user.id, page=sunshine.Page(size=5)).clients
        self.assertEqual([client.id for client in listed], [made.id])
        self.api.Clients.remove_client(self.app, user.id, made.id)
        self.assertEqual(self.api.Devices.list_devices(self.app, user.id).devices, [])
        self.refused(404, self.api.Devices.get_device, self.app, user.id, "0" * 24)

    def test_conversations_and_participants(self):
        user, other = self.user("one"), self.user("two")
        personal = self.conversation(user)
        self.assertTrue(personal.is_default)
        body = {
            "type": "sdkGroup", "displayName": "Group", "description": "All", "iconUrl": "https://a.example/i.png",
            "metadata": {"a": 1}, "participants": [{"userId": user.id, "subscribeSDKClient": True}],
        }
        body = sunshine.ConversationCreateBody.from_dict(body)
        group = self.api.Conversations.create_conversation(self.app, body).conversation
        listed = []
        cursor = None
        while True:
            page = sunshine.Page(size=1, after=cursor)
            filter_ = sunshine.ConversationListFilter(user_id=user.id)
            found = self.api.Conversations.list_conversations(self.app, filter_, page=page)
            listed += [conversation.id for conversation in found.conversations]
            cursor = found.meta.after_cursor
            if not found.meta.has_more:
                break
        self.assertEqual(listed, [personal.id, group.id])
        join = sunshine.ParticipantJoinBody.from_dict({"userId": other.id, "subscribeSDKClient": False})
        joined = self.api.Participants.join_conversation(self.app, group.id, join).participant
        self.assertEqual((joined.user_id, joined.client_associations), (other.id, []))
        listed = self.api.Participants.list_participants(self.app, group.id).participants
        self.assertEqual([participant.user_id for participant in listed], [user.id, other.id])
        self.assertEqual(listed[0].client_associations[0].type, "sdk")
        leave = sunshine.ParticipantLeaveBodyParticipantId(participant_id=joined.id)
        leave = sunshine.ParticipantLeaveBody(leave)
        self.api.Participants.leave_conversation(self.app, group.id, leave)
        update = sunshine.ConversationUpdateBody.from_dict({"displayName": None})
        self.assertIsNone(self.api.Conversations.update_conversation(self.app, group.id, update).conversation.display_name)
        self.api.Conversations.delete_conversation(self.app, group.id)
        self.refused(404, self.api.Conversations.get_conversation, self.app, group.id)
        self.refused(400, self.api.Conversations.delete_conversation, self.app, personal.id)

    def test_messages_of_all_types(self):
        user = self.user("reader")
        conversation = self.conversation(user)
        postback = {"type": "postback", "text": "P", "payload": "p", "metadata": {"k": 1}}
        item = {"title": "T", "description": "D", "mediaUrl": "https://a.example/i.png", "actions": [LINK, postback]}
        actions = [
            LINK, postback, {"type": "buy", "text": "B", "amount": 100},
            {"type": "locationRequest", "text": "Where?"},
            {"type": "webview", "text": "W", "uri": "https://a.example", "fallback": "https://b.example"},
        ]
        contents = [
            {"type": "text", "text": "plain"},
            {"type": "text", "markdownText": "**rich**"},
            {"type": "text", "text": "choose", "actions": actions},
            {"type": "text", "text": "choose", "actions": [{"type": "reply", "text": "R", "payload": "r"}]},
            {"type": "image", "mediaUrl": "http://127.0.0.1:9/a.png", "altText": "a"},
            {"type": "file", "mediaUrl": "http://127.0.0.1:9/a.pdf"},
            {"type": "carousel", "items": [item]},
            {"type": "list", "items": [item], "actions": [LINK]},
            {"type": "location", "coordinates": {"lat": 45.5, "long": -73.6}, "location": {"name": "Home"}},
            {"type": "form", "fields": [
                {"type": "text", "name": "a", "label": "A", "minSize": 1, "maxSize": 5},
                {"type": "select", "name": "b", "label": "B", "options": [{"name": "x", "label": "X"}]},
            ]},
        ]
        kinds = []
        for content in contents:
            with self.subTest(content["type"]):
                message = self.post(conversation, content)[0]
                kinds.append(message.content.actual_instance.type)
        self.post(conversation, {"type": "text", "text": "I"}, {"type": "user", "userId": user.id}, metadata={"a": "b"})
        template = {"type": "template", "template": {"name": "t"}}
        self.post(conversation, template, schema="whatsapp")
        self.post(conversation, {"type": "text", "text": "AI"}, {"type": "business", "subtypes": ["AI"]})
        quiet = sunshine.MessagePost.from_dict(
            {"author": {"type": "business"}, "content": {"type": "text", "text": "quiet"}})
        quiet.destination = sunshine.Destination(sunshine.IntegrationType(integration_type="none"))
        self.api.Messages.post_message(self.app, conversation.id, quiet)
        self.assertEqual(kinds, [content["type"] for content in contents])
        # One unreadable message would lose the whole page.
        listed = self.api.Messages.list_messages(self.app, conversation.id)
        self.assertEqual(len(listed.messages), len(contents) + 4)
        newest = sunshine.Page(before=listed.messages[2].id)
        older = self.api.Messages.list_messages(self.app, conversation.id, page=newest).messages
        self.assertEqual([message.id for message in older], [message.id for message in listed.messages[:2]])
        read = sunshine.ActivityPost.from_dict({"type": "conversation:read", "author": {"type": "business"}})
        self.api.Activities.post_activity(self.app, conversation.id, read)
        again = self.api.Conversations.get_conversation(self.app, conversation.id).conversation
        self.assertIsNotNone(again.business_last_read)
        self.api.Messages.delete_message(self.app, conversation.id, listed.messages[0].id)
        self.api.Messages.delete_all_messages(self.app, conversation.id)
        self.assertEqual(self.api.Messages.list_messages(self.app, conversation.id).messages, [])

    def test_switchboard(self):
        one, two = self.custom("one"), self.custom("two")
        board = self.api.Switchboards.create_switchboard(self.app).switchboard
        members = self.api.SwitchboardIntegrations
        create = lambda **body: members.create_switchboard_integration(  # noqa: E731
            self.app, board.id, sunshine.SwitchboardIntegrationCreateBody(**body)).switchboard_integration
        first = create(name="one", integration_id=one.id)
        second = create(name="two", integration_id=two.id, next_switchboard_integration_id=first.id,
                        message_history_count=3, deliver_standby_events=False)
        listed = members.list_switchboard_integrations(self.app, board.id).switchboard_integrations
        self.assertEqual([member.id for member in listed], [first.id, second.id])
        update = sunshine.SwitchboardIntegrationUpdateBody(message_history_count=None)
        changed = members.update_switchboard_integration(self.app, board.id, second.id, update).switchboard_integration
        self.assertIsNone(changed.message_history_count)
        update = sunshine.SwitchboardUpdateBody(enabled=True, default_switchboard_integration_id=first.id)
        self.assertTrue(self.api.Switchboards.update_switchboard(self.app, board.id, update).switchboard.enabled)
        self.assertEqual(len(self.api.Switchboards.list_switchboards(self.app).switchboards), 1)

        conversation = self.conversation(self.user("controlled"))
        active = lambda: self.api.Conversations.get_conversation(  # noqa: E731
            self.app, conversation.id).conversation.active_switchboard_integration
        self.assertEqual(active().name, "one")
        control = self.api.SwitchboardActions
        target = {"switchboard_integration": "two", "metadata": {"a": 1}}
        control.pass_control(self.app, conversation.id, sunshine.PassControlBody(**target))
        self.assertEqual(active().integration_type, "custom")
        control.offer_control(self.app, conversation.id, sunshine.OfferControlBody(switchboard_integration=first.id))
        control.accept_control(self.app, conversation.id, sunshine.AcceptControlBody())
        self.assertEqual(active().name, "one")
        control.release_control(self.app, conversation.id)
        self.assertIsNone(active())
        members.delete_switchboard_integration(self.app, board.id, second.id)
        self.api.Switchboards.delete_switchboard(self.app, board.id)
        for custom in [one, two]:
            self.api.Integrations.delete_integration(self.app, custom.id)

    def test_attachments(self):
        for source in [b"%PDF-1.4 hello", ("named.pdf", b"%PDF-1.4 hello")]:
            uploaded = self.api.Attachments.upload_attachment(self.app, "public", source).attachment
            self.assertEqual(uploaded.media_type, "application/pdf")
            body = sunshine.AttachmentDeleteBody(media_url=uploaded.media_url)
            self.api.Attachments.delete_attachment(self.app, body)
        self.refused(404, self.api.Attachments.delete_attachment, self.app, body)


if __name__ == "__main__":
    unittest.main()
