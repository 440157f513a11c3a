"""The description of Crosspoint's own routes: what the vendor's API has no word for."""


def document(summary, status):
    return {
        "openapi": "3.0.3",
        "info": {"title": "Crosspoint's own routes", "version": "1"},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in ("Conversations", "Messages", "Deliveries", "Events", "Settings")],
        "paths": paths(summary, status),
        "components": {
            "securitySchemes": {
                "basicAuth": {"type": "http", "scheme": "basic"},
                "bearerAuth": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
            "schemas": schemas(),
            "parameters": parameters(),
        },
    }


def paths(summary, status):
    def operation(identifier, tag, reply, failures, query=(), body=None):
        replies = {"200": reply, **{str(code): "errorResponse" for code in failures}}
        described = {
            "operationId": identifier,
            "tags": [tag],
            "summary": summary[identifier],
            "responses": {
                code: {
                    "description": status[int(code)],
                    "content": {"application/json": {"schema": ref(schema)}},
                }
                for code, schema in replies.items()
            },
            "security": [{"basicAuth": ["account", "app"]}, {"bearerAuth": ["account", "app"]}],
        }
        if query:
            described["parameters"] = [parameter_ref(name) for name in query]
        if body:
            described["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
        return described

    def item(method, described, *names):
        return {"parameters": [parameter_ref(name) for name in names], method: described}

    app = "/v2/apps/{appId}"
    conversation = f"{app}/conversations/{{conversationId}}"
    state = "conversationStateResponse"
    return {
        f"{conversation}/close": item(
            "post", operation("CloseConversation", "Conversations", state, [404]), "appId", "conversationId"
        ),
        f"{conversation}/reopen": item(
            "post", operation("ReopenConversation", "Conversations", state, [404]), "appId", "conversationId"
        ),
        f"{app}/messages/preview": item(
            "post",
            operation("PreviewMessage", "Messages", "previewResponse", [400, 404], body={"type": "object"}),
            "appId",
        ),
        f"{app}/deliveries": item(
            "get", operation("ListDeliveries", "Deliveries", "deliveryListResponse", [400, 404], ["page"]), "appId"
        ),
        f"{app}/deliveries/{{deliveryId}}/replay": item(
            "post", operation("ReplayDelivery", "Deliveries", "deliveryResponse", [404]), "appId", "deliveryId"
        ),
        f"{app}/events": item(
            "get",
            operation("ListEvents", "Events", "eventListResponse", [400, 404], ["after", "limit", "wait"]),
            "appId",
        ),
        f"{app}/settings": item(
            "get", operation("ListSettings", "Settings", "settingListResponse", [404]), "appId"
        ),
        f"{app}/settings/{{key}}": {
            **item("get", operation("GetSetting", "Settings", "settingResponse", [404]), "appId", "key"),
            "put": operation("PutSetting", "Settings", "settingResponse", [400, 404], body=ref("settingBody")),
            "delete": operation("DeleteSetting", "Settings", "emptyResponse", [404]),
        },
    }


def parameters():
    def path(name):
        return {"name": name, "in": "path", "required": True, "schema": text()}

    def query(name, schema):
        return {"name": name, "in": "query", "schema": schema}

    page = {
        "type": "object",
        "properties": {
            "after": text(minLength=24, maxLength=24),
            "before": text(minLength=24, maxLength=24),
            "size": number(minimum=1, maximum=100, default=25),
        },
    }
    return {
        "appId": path("appId"),
        "conversationId": path("conversationId"),
        "deliveryId": path("deliveryId"),
        "key": path("key"),
        "page": {**query("page", page), "style": "deepObject", "explode": True},
        "after": query("after", text()),
        "limit": query("limit", number(minimum=1, maximum=100, default=25)),
        "wait": query("wait", number(minimum=0, maximum=30, default=0)),
    }


def schemas():
    event = {"id": text(), "type": text(), "createdAt": text()}
    integration = record(["id"], id=text(), name=text(), integrationId=text(), integrationType=text())
    return {
        "conversationStateResponse": record(["conversation"], conversation=ref("conversationState")),
        "conversationState": record(
            ["id", "type", "status"],
            id=text(),
            type=text(enum=["personal", "sdkGroup"]),
            status=text(enum=["new", "open", "closed"]),
            closedAt=text(),
            metadata={"type": "object"},
            activeSwitchboardIntegration=ref("switchboardIntegrationSummary"),
            pendingSwitchboardIntegration=ref("switchboardIntegrationSummary"),
            isDefault={"type": "boolean"},
            displayName=text(),
            description=text(),
            iconUrl=text(),
            businessLastRead=text(),
            lastUpdatedAt=text(),
            createdAt=text(),
        ),
        "switchboardIntegrationSummary": integration,
        "previewResponse": record(["previews"], previews={"type": "array", "items": ref("preview")}),
        "preview": record(
            ["channel", "requests", "losses"],
            channel=text(),
            sender=text(),
            requests={"type": "array", "items": {}},
            losses={"type": "array", "items": record(["part", "became"], part=text(), became=text())},
            refused=text(),
        ),
        "delivery": record(
            ["id", "status", "webhookId", "event", "attempts"],
            id=text(),
            status=text(enum=["waiting", "dead", "replaying"]),
            webhookId=text(),
            target=text(),
            event=record(["id", "type", "createdAt"], **event),
            conversationId=text(),
            attempts=number(minimum=0),
            lastStatus=number(minimum=100, maximum=999),
            lastError=text(),
            failedAt=text(),
            nextAttemptAt=text(),
        ),
        "deliveryResponse": record(["delivery"], delivery=ref("delivery")),
        "deliveryListResponse": record(
            ["deliveries", "meta"],
            deliveries={"type": "array", "items": ref("delivery")},
            meta=ref("meta"),
            links=record([], prev=text(), next=text()),
        ),
        "event": record(["id", "type", "createdAt", "payload"], payload={"type": "object"}, **event),
        "eventListResponse": record(
            ["events", "meta"], events={"type": "array", "items": ref("event")}, meta=ref("meta")
        ),
        "setting": record(
            ["key", "value", "updatedAt"],
            key=text(minLength=1, maxLength=256),
            value=text(minLength=1, maxLength=16384),
            updatedAt=text(),
        ),
        "settingBody": record(["value"], value=text(minLength=1, maxLength=16384)),
        "settingResponse": record(["setting"], setting=ref("setting")),
        "settingListResponse": record(["settings"], settings={"type": "array", "items": ref("setting")}),
        "emptyResponse": {"type": "object"},
        "meta": record(["hasMore"], hasMore={"type": "boolean"}, afterCursor=text(), beforeCursor=text()),
        "errorResponse": record(
            ["errors"],
            errors={"type": "array", "minItems": 1, "items": record(["code", "title"], code=text(), title=text())},
        ),
    }


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def parameter_ref(name):
    return {"$ref": f"#/components/parameters/{name}"}


def text(**limits):
    return {"type": "string", **limits}


def number(**limits):
    return {"type": "integer", **limits}


def record(required, **properties):
    described = {"type": "object", "properties": properties}
    return {**described, "required": required} if required else described
