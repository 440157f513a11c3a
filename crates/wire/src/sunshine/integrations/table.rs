//! The fields of the sixteen types, in the order of the description.

use super::{IntegrationField, IntegrationKind, choice, flag, list, number, object, text, webhooks};

/// Of every type but `custom`.
const RESPONDER: &[IntegrationField] = &[
    text("defaultResponderId").nullable().write_only().updatable(),
    object("defaultResponder").nullable().read_only(),
    flag("showAIDisclaimer").default_json("true").updatable(),
];

/// Every type.
pub const INTEGRATION_KINDS: &[IntegrationKind] = &[
    IntegrationKind { name: "android", own: ANDROID, shared: RESPONDER },
    IntegrationKind { name: "apple", own: APPLE, shared: RESPONDER },
    IntegrationKind { name: "custom", own: CUSTOM, shared: &[] },
    IntegrationKind { name: "instagram", own: INSTAGRAM, shared: RESPONDER },
    IntegrationKind { name: "ios", own: IOS, shared: RESPONDER },
    IntegrationKind { name: "line", own: LINE, shared: RESPONDER },
    IntegrationKind { name: "mailgun", own: MAILGUN, shared: RESPONDER },
    IntegrationKind { name: "messagebird", own: MESSAGEBIRD, shared: RESPONDER },
    IntegrationKind { name: "messenger", own: MESSENGER, shared: RESPONDER },
    IntegrationKind { name: "telegram", own: TELEGRAM, shared: RESPONDER },
    IntegrationKind { name: "twilio", own: TWILIO, shared: RESPONDER },
    IntegrationKind { name: "twitter", own: TWITTER, shared: RESPONDER },
    IntegrationKind { name: "unity", own: UNITY, shared: RESPONDER },
    IntegrationKind { name: "viber", own: VIBER, shared: RESPONDER },
    IntegrationKind { name: "web", own: WEB, shared: RESPONDER },
    IntegrationKind { name: "whatsapp", own: WHATSAPP, shared: RESPONDER },
];

const ANDROID: &[IntegrationField] = &[
    text("projectId").min(1).nullable().write_only().secret().updatable(),
    text("clientEmail").min(1).nullable().write_only().secret().updatable(),
    text("privateKey").min(1).nullable().write_only().secret().updatable(),
    text("serverKey").min(1).nullable().write_only().secret().updatable(),
    text("senderId").min(1).nullable().updatable(),
    flag("canUserSeeConversationList").updatable(),
    flag("canUserCreateMoreConversations").updatable(),
    flag("attachmentsEnabled").read_only(),
];

const APPLE: &[IntegrationField] = &[
    text("businessId").required(),
    text("apiSecret").required().write_only().secret().masked(),
    text("mspId").required(),
    text("authenticationMessageSecret").min(88).secret().updatable(),
];

const CUSTOM: &[IntegrationField] = &[webhooks("webhooks").required()];

const INSTAGRAM: &[IntegrationField] = &[
    text("pageAccessToken").required().nullable().write_only().secret().updatable(),
    text("appId").required(),
    text("appSecret").required().nullable().write_only().secret(),
    text("businessName").read_only(),
    text("businessUsername").read_only(),
    text("pageId").read_only(),
    text("businessId").read_only(),
    text("username").read_only(),
    text("userId").read_only(),
    flag("storyRepliesEnabled").default_json("true").updatable(),
    flag("storyMentionsEnabled").default_json("true").updatable(),
];

const IOS: &[IntegrationField] = &[
    text("certificate").min(1).nullable().write_only().secret().updatable(),
    text("password").write_only().secret().updatable(),
    flag("production").updatable(),
    flag("autoUpdateBadge").updatable(),
    flag("canUserSeeConversationList").updatable(),
    flag("canUserCreateMoreConversations").updatable(),
    flag("attachmentsEnabled").read_only(),
];

const LINE: &[IntegrationField] = &[
    text("channelId"),
    text("channelSecret").secret(),
    text("channelAccessToken").secret(),
    text("serviceCode"),
    text("switcherSecret").min(1).secret(),
    text("qrCodeUrl"),
    text("lineId").read_only(),
];

const MAILGUN: &[IntegrationField] = &[
    text("apiKey").min(1).required().nullable().write_only().secret(),
    text("signingKey").min(1).secret(),
    text("domain").min(1).required(),
    text("incomingAddress").min(1).required(),
    flag("hideUnsubscribeLink").updatable(),
    text("fromAddress").min(1).nullable().updatable(),
];

const MESSAGEBIRD: &[IntegrationField] = &[
    text("accessKey").min(1).required().nullable().write_only().secret(),
    text("signingKey").min(1).required().nullable().write_only().secret(),
    text("originator").min(1).required(),
    text("webhookSecret").read_only(),
];

const MESSENGER: &[IntegrationField] = &[
    text("pageAccessToken").required().nullable().secret().updatable(),
    text("appId").required(),
    text("appSecret").required().nullable().write_only().secret(),
    number("pageId"),
    text("pageName"),
];

const TELEGRAM: &[IntegrationField] = &[
    // Ours, that it may be changed: a new token must not cost the business its customers.
    text("token").min(1).required().nullable().write_only().secret().updatable(),
    text("username").read_only(),
    text("botId").read_only(),
];

const TWILIO: &[IntegrationField] = &[
    text("accountSid").required(),
    text("authToken").min(1).required().nullable().write_only().secret().updatable(),
    text("phoneNumberSid").min(1),
    text("messagingServiceSid").min(1),
];

const TWITTER: &[IntegrationField] = &[
    choice("tier", &["enterprise"]).required(),
    text("envName").min(1).read_only(),
    text("consumerKey").min(1).required().write_only().secret().masked(),
    text("consumerSecret").min(1).required().nullable().write_only().secret(),
    text("accessTokenKey").min(1).required().write_only().secret().masked(),
    text("accessTokenSecret").min(1).required().nullable().write_only().secret(),
];

const UNITY: &[IntegrationField] = &[
    flag("canUserSeeConversationList").updatable(),
    flag("canUserCreateMoreConversations").updatable(),
    flag("attachmentsEnabled").read_only(),
];

const VIBER: &[IntegrationField] = &[
    text("token").min(1).required().nullable().write_only().secret(),
    text("uri").read_only(),
    text("accountId").read_only(),
];

const WEB: &[IntegrationField] = &[
    text("brandColor").default_json("\"65758e\"").updatable(),
    flag("fixedIntroPane").default_json("false").updatable(),
    text("conversationColor").default_json("\"0099ff\"").updatable(),
    text("actionColor").default_json("\"0099ff\"").updatable(),
    choice("displayStyle", &["button", "tab"]).default_json("\"button\"").updatable(),
    text("buttonIconUrl").nullable().updatable(),
    text("buttonWidth").default_json("\"58\"").updatable(),
    text("buttonHeight").default_json("\"58\"").updatable(),
    list("integrationOrder").nullable().updatable(),
    text("businessName").updatable(),
    text("businessIconUrl").updatable(),
    text("backgroundImageUrl").updatable(),
    list("originWhitelist").nullable().updatable(),
    object("prechatCapture").updatable(),
    flag("canUserSeeConversationList").updatable(),
    flag("canUserCreateMoreConversations").updatable(),
    flag("attachmentsEnabled").read_only(),
];

const WHATSAPP: &[IntegrationField] = &[
    text("hsmFallbackLanguage").nullable().default_json("\"en_US\"").updatable(),
    text("accountId").nullable().updatable(),
    text("accountManagementAccessToken").nullable().secret().updatable(),
    text("phoneNumber").nullable().read_only(),
];
