"""The description of Exotel's integrations core as we speak it (exotel.md)."""

from own_routes import number, record, ref, text

CUSTOMER = "/v2/integrations/customer"
APP = "/v2/integrations/app"
SETTING = "/v2/integrations/app_setting"
USER = "/v2/integrations/usermapping"
NEWER = "/v2/integrations/{customer_id}/apps/{app_id}"
FLAG = {"type": "boolean"}


def document(summary, status):
    status = {**status, 401: "Not allowed for this caller", 501: "Not offered"}

    def operation(identifier, tag, scopes, data, failures, body=None, query=(), answer=None, needed=True):
        described = {
            "operationId": identifier,
            "tags": [tag],
            "summary": summary[identifier],
            "responses": {
                "200": reply(status[200], answer or envelope("Success", data)),
                **{str(code): reply(status[code], ref("errorResponse")) for code in failures},
            },
            "security": [{"token": scopes}] if scopes else [],
        }
        if query:
            described["parameters"] = list(query)
        if body:
            schema = ref(body) if isinstance(body, str) else body
            described["requestBody"] = {"required": needed, "content": json(schema)}
        return described

    def newer(*names):
        return [{"name": name, "in": "path", "required": True, "schema": text()} for name in names]

    def success(data):
        return record(["success", "data"], success={"type": "boolean", "enum": [True]}, data=data)

    # The vendor's examples spell it in lower case, its parameter tables as it stands in bodies.
    keys = [
        {"name": name, "in": "query", "schema": text(minLength=1, maxLength=256)} for name in ("key", "Key")
    ]
    deleted = text(enum=["Deleted Successfully"])
    users = {"type": "array", "items": ref("user")}
    asked_users = {"type": "array", "items": ref("userRequest"), "minItems": 1, "maxItems": 500}
    user_ids = {"type": "array", "items": text(), "minItems": 1, "maxItems": 500}
    user_query = [
        {"name": "user_id", "in": "query", "schema": text()},
        {"name": "last_value", "in": "query", "schema": number(minimum=0, default=0)},
        {"name": "page_size", "in": "query", "schema": number(minimum=1, maximum=1000, default=20)},
    ]
    settings = success(ref("appSettingsOf"))
    setting_or_all = {"oneOf": [ref("setting"), {"type": "array", "items": ref("setting")}]}
    app_or_all = {"oneOf": [ref("app"), {"type": "array", "items": ref("app")}]}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Exotel's integrations core", "version": "2"},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in ("Token", "Customers", "Apps", "Settings", "Users", "Calls")],
        "paths": {
            "/v2/integrations/token": {
                "post": operation("ExotelCreateToken", "Token", [], text(), [400], "tokenRequest"),
            },
            CUSTOMER: {
                "post": operation(
                    "ExotelCreateCustomer", "Customers", [], ref("customer"), [400, 401], "customerRequest"
                ),
                "get": operation("ExotelGetCustomer", "Customers", ["account"], ref("customer"), []),
                "delete": operation("ExotelDeleteCustomer", "Customers", ["account"], deleted, [400]),
            },
            APP: {
                "post": operation("ExotelRegisterApp", "Apps", ["account"], ref("app"), [400], "appRequest"),
                "get": operation("ExotelGetApp", "Apps", ["account", "app"], app_or_all, []),
                "put": operation("ExotelUpdateApp", "Apps", ["app"], ref("app"), [400], "appChange"),
                "delete": operation("ExotelDeleteApp", "Apps", ["app"], deleted, []),
            },
            SETTING: {
                "post": operation("ExotelPutSetting", "Settings", ["app"], ref("setting"), [400], "settingRequest"),
                "get": operation(
                    "ExotelGetSetting", "Settings", ["app"], setting_or_all, [400, 404], query=keys
                ),
                "delete": operation(
                    "ExotelDeleteSetting",
                    "Settings",
                    ["app"],
                    deleted,
                    [400, 404],
                    "settingName",
                    query=keys,
                    needed=False,
                ),
            },
            f"{NEWER}/settings": {
                "parameters": newer("customer_id", "app_id"),
                "get": operation("ExotelGetAppSettings", "Settings", ["app"], None, [], answer=settings),
                "put": operation(
                    "ExotelPutAppSettings", "Settings", ["app"], None, [400], "appSettingsChange", answer=settings
                ),
            },
            USER: {
                "post": operation("ExotelCreateUsers", "Users", ["app"], users, [400], asked_users),
                "get": operation(
                    "ExotelGetUsers",
                    "Users",
                    ["app"],
                    {"oneOf": [ref("user"), ref("userPage")]},
                    [400, 404],
                    query=user_query,
                ),
                "delete": operation(
                    "ExotelDeleteAllUsers", "Users", ["app"], text(enum=["Deleted Successfuly"]), []
                ),
            },
            "/v2/integrations/users": {
                "delete": operation("ExotelDeleteUsers", "Users", ["app"], deleted, [400, 404], user_ids),
            },
            f"{NEWER}/users/{{user_id}}/devices": {
                "parameters": newer("customer_id", "app_id", "user_id"),
                "put": operation(
                    "ExotelSetDevices",
                    "Users",
                    ["app"],
                    None,
                    [400, 404],
                    "deviceChange",
                    answer=success(ref("deviceState")),
                ),
            },
            "/v2/integrations/call/outbound_call": {
                "post": operation(
                    "ExotelOutboundCall",
                    "Calls",
                    ["app"],
                    {"nullable": True},
                    [501],
                    "outboundCall",
                    needed=False,
                ),
            },
        },
        "x-webhooks": {
            "notice": {
                "post": {
                    "summary": "What the addresses in an app's settings are sent",
                    "requestBody": {"required": True, "content": json(ref("notice"))},
                    "responses": {"200": {"description": "Taken"}},
                }
            }
        },
        "components": {
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
            "schemas": schemas(),
        },
    }


def schemas():
    flag = FLAG
    carrier = {
        "AppName": text(minLength=1, maxLength=100),
        "ExotelAccountSid": text(maxLength=512),
        "ExotelApiKey": text(maxLength=512),
        "ExotelApiToken": text(maxLength=512),
        "ExotelDomain": text(),
        "IsActive": flag,
    }
    asked = {**carrier, "ExotelDomain": text(enum=["mumbai", "singapore"])}
    given = {
        "AppID": text(),
        "AppSecret": text(),
        "CustomerID": text(),
        **carrier,
        "CreatedAt": text(),
        "UpdatedAt": text(),
    }
    setting = {"Key": text(minLength=1, maxLength=256), "Value": text(minLength=1, maxLength=16384)}
    owner = {"CustomerID": text(), "AppID": text()}
    return {
        "tokenRequest": record(
            ["Id", "Secret", "Entity"], Id=text(), Secret=text(), Entity=text(enum=["customer", "app"])
        ),
        "appRequest": record(list(asked), **asked),
        "appChange": record([], **asked),
        "app": record(list(given), **given),
        "settingRequest": record(["Key", "Value"], **setting),
        "settingName": record([], Key=setting["Key"]),
        "setting": record([*owner, *setting], **owner, **setting),
        "customerRequest": record(
            ["CustomerName", "Email"],
            CustomerName=text(minLength=1, maxLength=100),
            Email=text(minLength=1, maxLength=128),
        ),
        "customer": everything(
            CustomerID=text(),
            CustomerSecret=text(),
            CustomerName=text(),
            Email=text(),
            CustomerSetting={"nullable": True, "enum": [None]},
            CreatedAt=text(),
            UpdatedAt=text(),
            DeletedAt=flag,
        ),
        **newer_schemas(),
        **user_schemas(),
        "outboundCall": everything(**{name: text() for name in ("customer_id", "app_id", "to", "user_id")}),
        "notice": notice(),
        "errorResponse": envelope("Failed", {"nullable": True, "enum": [None]}),
    }


def newer_schemas():
    address = text(nullable=True)
    settings = {
        "popup_url": address,
        "missed_call_url": address,
        "callback_url": address,
        "recording_enabled": FLAG,
        "recording_url": address,
        "streaming_enabled": FLAG,
        "streaming_url": address,
    }
    changed = {name: {**schema, "nullable": True} for name, schema in settings.items()}
    devices = {"phone": FLAG, "sip": FLAG}
    return {
        "appSettingsChange": record([], **changed),
        "appSettings": everything(**settings, created_at=text(), updated_at=text()),
        "appSettingsOf": everything(app_id=text(), settings=ref("appSettings")),
        "deviceChange": record([], **devices),
        "devices": everything(**devices),
        "deviceState": everything(app_id=text(), user_id=text(), devices=ref("devices")),
    }


def user_schemas():
    some = text(minLength=1, maxLength=256)
    asked = {
        "AppUserId": some,
        "AppUsername": some,
        "Email": text(minLength=1, maxLength=128),
        "ExotelAccountSid": some,
        "ExotelUserName": some,
        "AgentNumber": text(maxLength=256),
        "VirtualNumber": some,
    }
    return {
        "userRequest": record([name for name in asked if name != "AgentNumber"], **asked),
        "user": everything(
            CustomerId=text(),
            AppID=text(),
            **{name: text() for name in asked},
            ExotelUserId=text(),
            ActiveDeviceId=text(),
            PhoneDeviceID=text(),
            SipDeviceID=text(),
            OutboundActive=FLAG,
            Role=text(enum=["user"]),
            SipId=text(),
            SipSecret=text(),
            IsActive=FLAG,
            UserDetail={"nullable": True, "enum": [None]},
            CreatedAt=text(),
            UpdatedAt=text(),
            customer_id=text(),
        ),
        "userPage": everything(
            Users={"type": "array", "items": ref("user")}, PageSize=number(), LastEvaluatedValue=text()
        ),
    }


def notice():
    texts = (
        "CustomerId AppId CallSid ExotelAccountSid DialWhomNumber AppUserID VirtualNumber ToNumber FromNumber "
        "CallRecordings AccountDomain TicketId CallDetail StartTime EndTime CreatedAt UpdatedAt"
    ).split()
    states = ["queued", "sent", "delivered", "read", "failed", "opened", "missed", "released"]
    return everything(
        Kind=text(enum=["message"]),
        **{name: text() for name in texts},
        Direction=text(enum=["inbound", "outbound"]),
        CallStatus=text(enum=states),
        CallState=text(enum=["active", "terminal"]),
        TotalDuration=number(),
    )


def everything(**properties):
    return record(list(properties), **properties)


def envelope(status, data):
    fields = {
        "RequestId": text(),
        "Status": text(enum=[status]),
        "Code": number(),
        "Error": text(),
        "Data": data,
    }
    return record(list(fields), **fields)


def reply(description, schema):
    return {"description": description, "content": json(schema)}


def json(schema):
    return {"application/json": {"schema": schema}}
