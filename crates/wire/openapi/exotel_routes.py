"""The description of Exotel's integrations core as we speak it (exotel.md)."""

from own_routes import number, record, ref, text

APP = "/v2/integrations/app"
SETTING = "/v2/integrations/app_setting"


def document(summary, status):
    status = {**status, 501: "Not offered"}

    def operation(identifier, tag, scopes, data, failures, body=None, query=()):
        described = {
            "operationId": identifier,
            "tags": [tag],
            "summary": summary[identifier],
            "responses": {
                "200": reply(status[200], envelope("Success", data)),
                **{str(code): reply(status[code], ref("errorResponse")) for code in failures},
            },
            "security": [{"token": scopes}] if scopes else [],
        }
        if query:
            described["parameters"] = list(query)
        if body:
            described["requestBody"] = {"required": True, "content": json(ref(body))}
        return described

    key = {"name": "key", "in": "query", "schema": text(minLength=1, maxLength=256)}
    deleted = text(enum=["Deleted Successfully"])
    setting_or_all = {"oneOf": [ref("setting"), {"type": "array", "items": ref("setting")}]}
    app_or_all = {"oneOf": [ref("app"), {"type": "array", "items": ref("app")}]}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Exotel's integrations core", "version": "2"},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in ("Token", "Apps", "Settings", "Calls")],
        "paths": {
            "/v2/integrations/token": {
                "post": operation("ExotelCreateToken", "Token", [], text(), [400], "tokenRequest"),
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
                    "ExotelGetSetting", "Settings", ["app"], setting_or_all, [400, 404], query=[key]
                ),
                "delete": operation(
                    "ExotelDeleteSetting", "Settings", ["app"], deleted, [400, 404], query=[key]
                ),
            },
            "/v2/integrations/call/outbound_call": {
                "post": operation("ExotelOutboundCall", "Calls", ["app"], {"nullable": True}, [501]),
            },
        },
        "components": {
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
            "schemas": schemas(),
        },
    }


def schemas():
    flag = {"type": "boolean"}
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
        "setting": record([*owner, *setting], **owner, **setting),
        "errorResponse": envelope("Failed", {"nullable": True, "enum": [None]}),
    }


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
