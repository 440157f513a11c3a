"""The providers' clients judge what Crosspoint understands and sends.

`judged.json` holds what our channels made: inbound fixtures with what was understood, and outbound requests. The
tests also write `signed.json`: callbacks signed by these clients, for our channels to verify.
"""

import collections
import collections.abc
import hashlib
import hmac
import inspect
import json
import random
import re
import unittest
from urllib.parse import parse_qsl, urlencode

import telegram
from pywa.utils import webhook_updates_validator
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter
from twilio.request_validator import RequestValidator
from twilio.rest.api.v2010.account.message import MessageList
from twilio.rest.content.v1.content import ContentList

# This client is older than the move of the abstract classes.
collections.Iterable = collections.abc.Iterable
from fbmessenger import BaseMessenger, MessengerClient, attachments, elements, quick_replies, templates  # noqa: E402

with open("judged.json", encoding="utf-8") as file:
    JUDGED = json.load(file)
SIGNED = []


def tearDownModule():
    with open("signed.json", "w", encoding="utf-8") as out:
        json.dump(SIGNED, out)


def without_nothing(value):
    if isinstance(value, dict):
        return {name: without_nothing(inner) for name, inner in value.items() if inner is not None}
    return [without_nothing(inner) for inner in value] if isinstance(value, list) else value


def snake(name):
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


class Twilio(unittest.TestCase):
    def test_requests_have_the_fields_of_the_client(self):
        known = set(inspect.signature(MessageList.create).parameters)
        seen = set()
        for request in JUDGED["twilio"]["requests"]:
            self.assertRegex(request["url"], r"^https://api\.twilio\.com/2010-04-01/Accounts/AC\w+/Messages\.json$")
            for name, value in request["fields"]:
                field = {"from": "from_"}.get(snake(name), snake(name))
                self.assertIn(field, known)
                seen.add(field)
                if name == "Body":
                    self.assertLessEqual(len(value.encode("utf-16-le")) // 2, 1600)
        self.assertLessEqual({"to", "from_", "body", "media_url", "status_callback", "persistent_action"}, seen)

    def test_contents_are_what_the_client_builds(self):
        kinds = set()
        for request in JUDGED["twilio"]["contents"]:
            self.assertEqual(request["url"], "https://content.twilio.com/v1/Content")
            built = ContentList.ContentCreateRequest(request["body"]).to_dict()
            self.assertEqual(without_nothing(built), request["body"])
            kinds.update(request["body"]["types"])
        self.assertEqual({"twilio/quick-reply", "twilio/list-picker"}, kinds)

    def test_the_simulator_signs_as_the_client_does(self):
        validator, url = RequestValidator(JUDGED["twilio"]["token"]), JUDGED["twilio"]["url"]
        self.assertGreater(len(JUDGED["twilio"]["signed"]), 10)
        for case in JUDGED["twilio"]["signed"]:
            params = dict(parse_qsl(case["body"], keep_blank_values=True))
            self.assertTrue(validator.validate(url, params, case["signature"]), case)
            self.assertFalse(validator.validate(url, {**params, "x": "1"}, case["signature"]))

    def test_callbacks_are_signed_for_us(self):
        numbers = random.Random(7)
        token, url = JUDGED["twilio"]["token"], JUDGED["twilio"]["url"]
        validator = RequestValidator(token)
        for body in JUDGED["twilio"]["fixtures"]:
            params = dict(parse_qsl(body, keep_blank_values=True))
            for _ in range(5):
                params["Extra" + str(numbers.randrange(100))] = numbers.choice(["", "é & ü", "a b", "😀", "+1%2B"])
                signature = validator.compute_signature(url, params)
                self.assertTrue(validator.validate(url, params, signature))
                SIGNED.append({"kind": "twilio", "body": urlencode(params), "signature": signature})


class Messenger(unittest.TestCase):
    def test_the_simulator_signs_as_the_client_does(self):
        self.assertGreater(len(JUDGED["messenger"]["signed"]), 10)
        for case in JUDGED["messenger"]["signed"]:
            check = lambda body: webhook_updates_validator(  # noqa: E731
                app_secret=JUDGED["messenger"]["secret"], request_body=body.encode(), x_hub_signature=case["signature"])
            self.assertTrue(check(case["body"]), case)
            self.assertFalse(check(case["body"] + " "))

    def test_callbacks_are_signed_for_us(self):
        secret = JUDGED["messenger"]["secret"]
        for body in JUDGED["messenger"]["fixtures"]:
            signature = "sha256=" + hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
            check = lambda body: webhook_updates_validator(  # noqa: E731
                app_secret=secret, request_body=body.encode(), x_hub_signature=signature)
            self.assertTrue(check(body))
            self.assertFalse(check(body + " "))
            SIGNED.append({"kind": "messenger", "body": body, "signature": signature})

    def test_the_proof_of_the_secret_is_the_client_s(self):
        client = MessengerClient(JUDGED["messenger"]["token"], app_secret=JUDGED["messenger"]["secret"])
        for request in JUDGED["messenger"]["requests"]:
            query = dict(parse_qsl(request["url"].split("?", 1)[1]))
            self.assertEqual(query["appsecret_proof"], client.generate_appsecret_proof())
            self.assertEqual(query["access_token"], JUDGED["messenger"]["token"])

    def test_payloads_are_what_the_client_builds(self):
        button = lambda b: elements.Button(  # noqa: E731
            b["type"], title=b.get("title"), url=b.get("url"), payload=b.get("payload"),
            webview_height_ratio=b.get("webview_height_ratio"))
        card = lambda e: elements.Element(  # noqa: E731
            e["title"], subtitle=e.get("subtitle"), image_url=e.get("image_url"), buttons=[button(b) for b in e["buttons"]],
            default_action=button(e["default_action"]) if "default_action" in e else None)
        kinds = collections.Counter()
        with self.assertNoLogs("fbmessenger"):  # it warns of labels and titles that are too long
            for request in JUDGED["messenger"]["requests"]:
                message = request["body"]["message"]
                attachment = message.get("attachment", {})
                payload = attachment.get("payload", {})
                kind = payload.get("template_type", attachment.get("type", "text"))
                if kind == "text":
                    self.assertLessEqual(len(message["text"]), 2000)
                    replies = [quick_replies.QuickReply(r["title"], r["payload"]) for r in message.get("quick_replies", [])]
                    replies = quick_replies.QuickReplies(replies) if replies else None
                    built = elements.Text(message["text"], replies)
                elif kind == "button":
                    built = templates.ButtonTemplate(payload["text"], [button(b) for b in payload["buttons"]])
                elif kind == "generic":
                    built = templates.GenericTemplate(
                        [card(e) for e in payload["elements"]], image_aspect_ratio=payload.get("image_aspect_ratio"))
                else:
                    built = getattr(attachments, kind.capitalize())(url=payload["url"])
                built = built.to_dict()
                # The client writes its own defaults where we say nothing, and the other way round.
                built.get("attachment", {}).get("payload", {}).pop("sharable", None)
                payload.pop("is_reusable", None)
                self.assertEqual(message, built)
                kinds[kind] += 1
        self.assertLessEqual({"text", "button", "generic", "image", "file"}, set(kinds))

    def test_callbacks_go_where_the_client_sends_them(self):
        heard = []

        class Bot(BaseMessenger):
            account_linking = delivery = optin = read = referral = None

        for name in ["message", "postback", "delivery", "read", "optin", "referral", "account_linking"]:
            setattr(Bot, name, lambda self, item, name=name: heard.append(name))
        Bot.__abstractmethods__ = frozenset()
        count = 0
        for case in JUDGED["messenger"]["understood"]:
            if "messaging" not in case["fixture"]["entry"][0]:
                continue  # another app has the thread; the client does not know that
            heard.clear()
            Bot("token").handle(case["fixture"])
            self.assertEqual([case["kind"]], heard, case)
            count += 1
        self.assertGreater(count, 10)


class Telegram(unittest.TestCase):
    def test_updates_say_the_same_to_the_client(self):
        for case in JUDGED["telegram"]["understood"]:
            update = telegram.Update.de_json(case["fixture"], None)
            if case["kind"] == "moved":
                message = update.effective_message
                self.assertEqual(str(message.migrate_from_chat_id or message.chat.id), case["person"])
                self.assertEqual(str(message.migrate_to_chat_id or message.chat.id), case["to"])
                continue
            self.assertEqual(str(update.effective_chat.id), case["person"])
            if case["kind"] in ("message", "edit"):
                message = update.effective_message
                self.assertEqual(f"{message.chat.id}:{message.message_id}", case["externalId"])
                if case["text"] is not None and not case["unsupported"] and message.contact is None:
                    emoji = message.sticker and message.sticker.emoji
                    self.assertEqual(message.text or message.caption or emoji, case["text"])
            if case["kind"] == "reaction":
                reaction = update.message_reaction
                self.assertEqual([r.emoji for r in reaction.new_reaction], [case["emoji"]] if case["emoji"] else [])
            if case["kind"] == "postback":
                self.assertEqual(update.callback_query.data, case["payload"])

    def test_requests_are_calls_of_the_client(self):
        methods = set()
        for request in JUDGED["telegram"]["requests"]:
            method = request["url"].rsplit("/", 1)[1]
            methods.add(method)
            known = inspect.signature(getattr(telegram.Bot, snake(method))).parameters
            body = request["body"]
            for field in body:
                self.assertIn(field, known, method)
            self.assertLessEqual(len(body.get("text", "")), MessageLimit.MAX_TEXT_LENGTH)
            self.assertLessEqual(len(body.get("caption", "")), MessageLimit.CAPTION_LENGTH)
            markup = body.get("reply_markup")
            if markup and "inline_keyboard" in markup:
                read = telegram.InlineKeyboardMarkup.de_json(markup, None)
                self.assertEqual(read.to_dict(), markup)
                for button in [button for row in read.inline_keyboard for button in row if button.callback_data]:
                    size = len(button.callback_data.encode())
                    self.assertLessEqual(size, InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
            elif markup:
                rows = [[telegram.KeyboardButton(**key) for key in row] for row in markup["keyboard"]]
                built = telegram.ReplyKeyboardMarkup(rows, one_time_keyboard=True, resize_keyboard=True)
                self.assertEqual(built.to_dict(), markup)
        self.assertLessEqual({"sendMessage", "sendPhoto", "sendDocument", "sendLocation", "sendVenue"}, methods)

    def test_files_are_uploaded_as_the_client_does(self):
        methods = set()
        for upload in JUDGED["telegram"]["uploads"]:
            method = upload["url"].rsplit("/", 1)[1]
            methods.add(method)
            known = inspect.signature(getattr(telegram.Bot, snake(method))).parameters
            self.assertLessEqual({*upload["texts"], *upload["files"]}, set(known), method)
            given = [RequestParameter.from_input(name, text) for name, text in upload["texts"].items()]
            for field, (name, media_type) in upload["files"].items():
                file = telegram.InputFile(b"the bytes", filename=name)
                self.assertEqual(file.mimetype, media_type)
                given.append(RequestParameter.from_input(field, file))
            built = RequestData(given)
            self.assertEqual(built.json_parameters, upload["texts"])
            self.assertEqual(
                {field: [name, media_type] for field, (name, _, media_type) in built.multipart_data.items()},
                upload["files"])
        self.assertIn("sendDocument", methods)

    def test_answers_are_read_alike(self):
        sent = JUDGED["telegram"]["sent"]
        message = telegram.Message.de_json(sent["answer"]["result"], None)
        self.assertEqual([f"{message.chat.id}:{message.message_id}"], sent["ids"])


if __name__ == "__main__":
    unittest.main()
