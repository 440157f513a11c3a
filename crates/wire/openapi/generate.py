#!/usr/bin/env python3
"""Makes sunshine.json, crosspoint.json and exotel.json, our descriptions of the APIs.

    python3 generate.py path/to/sunshine-v2.openapi.yaml

From the vendor's document come facts only: paths, operation ids, parameters, names and types of
fields, limits, enums, what is required, nullable, read-only or write-only, references and status
codes. Its sentences and examples stay behind. Summaries are those of our operation tables.
Needs Python 3.10 and PyYAML.
"""

import json
import re
import sys
from pathlib import Path

import yaml

import exotel_routes
import own_routes

HERE = Path(__file__).resolve().parent
METHODS = ("get", "post", "put", "patch", "delete")
# The keywords of a schema that state facts; `description`, `example` and the like are not among them.
FACTS = (
    "type format nullable readOnly writeOnly deprecated default enum pattern minimum maximum minLength maxLength "
    "minItems maxItems uniqueItems required additionalProperties discriminator $ref"
).split()
TABLE_ROW = re.compile(r'(\w+): (\w+) "([^"]+)" \w+ \w+ (\d+) \[[\d, ]*\]\s+"([^"]+)", "([^"]+)";')
STATUS = {
    200: "Done",
    201: "Made",
    302: "Go on there",
    400: "The request is wrong",
    402: "The plan does not allow it; never sent",
    403: "Not allowed for this caller",
    404: "Not found",
    409: "It exists already",
    423: "The conversation is full",
}


def main(source):
    vendor = yaml.safe_load(Path(source).read_text(encoding="utf-8"))
    write("sunshine.json", sunshine(vendor, summaries("sunshine")))
    write("crosspoint.json", own_routes.document(summaries("crosspoint"), STATUS))
    write("exotel.json", exotel_routes.document(summaries("exotel"), STATUS))


def write(name, document):
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (HERE / name).write_text(text + "\n", encoding="utf-8")


def summaries(api):
    """Operation id to summary, read from the operation table in src."""
    table = (HERE.parent / "src" / api / "table.rs").read_text(encoding="utf-8")
    return {row[0]: row[5] for row in TABLE_ROW.findall(table)}


def sunshine(vendor, summary):
    components = vendor["components"]
    schemas = {name: facts(schema) for name, schema in components["schemas"].items()}
    name_alternatives(schemas)
    triggers = name_events(schemas, components["schemas"])
    events = webhook_request(vendor)
    events["properties"]["events"]["items"]["discriminator"] = {
        "propertyName": "type",
        "mapping": {trigger: ref(name) for trigger, name in triggers.items()},
    }
    schemas["triggers"]["items"]["enum"] = sorted([*triggers, "passthrough:messaging"])
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Sunshine Conversations v2 as spoken by Crosspoint",
            "version": vendor["info"]["version"],
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag["name"]} for tag in vendor["tags"]],
        "paths": {path: path_item(item, summary) for path, item in vendor["paths"].items()},
        "x-webhooks": {
            "event": {
                "post": {
                    "operationId": "EventWebhooks",
                    "summary": "What is posted to a webhook",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": events}}},
                    "responses": {"200": {"description": STATUS[200]}},
                }
            }
        },
        "components": {
            "securitySchemes": {
                name: {key: value for key, value in scheme.items() if key in ("type", "scheme", "bearerFormat")}
                for name, scheme in components["securitySchemes"].items()
            },
            "schemas": schemas,
            "parameters": {name: parameter(value) for name, value in components["parameters"].items()},
        },
    }


def ref(name):
    return f"#/components/schemas/{name}"


def facts(schema):
    """A schema without its sentences and examples."""
    kept = {key: schema[key] for key in FACTS if key in schema and schema[key] != "undefined"}
    if re.fullmatch(r"\w+", str(schema.get("title", "-"))):
        kept["title"] = schema["title"]
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            kept[key] = [facts(part) for part in schema[key]]
    if "items" in schema:
        kept["items"] = facts(schema["items"])
        for key in ("minItems", "maxItems", "uniqueItems"):  # one list has them a level too deep
            if key in kept["items"] and kept["items"].get("type") != "array":
                kept[key] = kept["items"].pop(key)
    if isinstance(schema.get("additionalProperties"), dict):
        kept["additionalProperties"] = facts(schema["additionalProperties"])
    if "properties" in schema:
        properties = {name: facts(value) for name, value in schema["properties"].items()}
        # The document marks one field of a filter as required in OpenAPI 2 style.
        old_style = [name for name, value in properties.items() if value.get("required") is True]
        for name in old_style:
            del properties[name]["required"]
        if old_style:
            kept["required"] = old_style
        kept.setdefault("type", "object")
        kept["properties"] = properties
    return kept


def name_alternatives(schemas):
    """Makes alternatives exclude each other, so that a plain validator can tell them apart."""
    for schema in schemas.values():
        if "discriminator" in schema and "mapping" not in schema["discriminator"]:
            targets = [part["$ref"] for part in schema["oneOf"]]
            schema["discriminator"]["mapping"] = {target.rsplit("/", 1)[1]: target for target in targets}
        for name, target in schema.get("discriminator", {}).get("mapping", {}).items():
            part = schemas[target.rsplit("/", 1)[1]]
            own = part if "properties" in part else part["allOf"][1]
            own["properties"].setdefault("type", {"type": "string"})["enum"] = [name]
        for part in schema.get("oneOf", []):
            if "required" not in part and len(part.get("properties", {})) == 1:
                part["required"] = list(part["properties"])
    # The changes of the sixteen types overlap; which one is meant depends on the stored integration.
    schemas["integrationUpdate"] = {"anyOf": schemas["integrationUpdate"]["oneOf"]}


def name_events(schemas, vendor):
    """Trigger to the schema of its event; the trigger becomes the only value of `type`."""
    triggers = {}
    for name, schema in vendor.items():
        based = any(part.get("$ref") == ref("eventSubSchema") for part in schema.get("allOf", []))
        if based:
            trigger = schema["title"]
            triggers[trigger] = name
            schemas[name]["allOf"].append({"type": "object", "properties": {"type": {"type": "string", "enum": [trigger]}}})
    return triggers


def webhook_request(vendor):
    (item,) = vendor["x-webhooks"].values()
    return facts(item["post"]["requestBody"]["content"]["application/json"]["schema"])


def path_item(item, summary):
    kept = {}
    if "parameters" in item:
        kept["parameters"] = [parameter(value) for value in item["parameters"]]
    for method in METHODS:
        if method in item:
            kept[method] = operation(item[method], summary)
    return kept


def operation(vendor, summary):
    kept = {"operationId": vendor["operationId"], "tags": vendor["tags"], "summary": summary[vendor["operationId"]]}
    if vendor.get("parameters"):
        kept["parameters"] = [parameter(value) for value in vendor["parameters"]]
    body = vendor.get("requestBody")
    if body:
        kept["requestBody"] = {"required": bool(body.get("required")), "content": content(body["content"])}
    kept["responses"] = {}
    for status, response in vendor["responses"].items():
        kept["responses"][status] = {"description": STATUS[int(status)], "content": content(response["content"])}
    kept["security"] = vendor["security"]
    return kept


def parameter(vendor):
    if "$ref" in vendor:
        return {"$ref": vendor["$ref"]}
    kept = {key: vendor[key] for key in ("name", "in", "required", "style", "explode") if key in vendor}
    kept["schema"] = facts(vendor["schema"])
    return kept


def content(vendor):
    return {kind: {"schema": facts(media["schema"])} for kind, media in vendor.items()}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
