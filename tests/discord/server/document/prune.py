"""Makes openapi.json of Discord's own description of its HTTP API: the routes that are spoken here, and what they name.

    python3 prune.py path/to/discord-openapi.json > openapi.json

The whole is over a megabyte. One schema stands on each line, so that a newer version is a difference to read.
"""

import json
import re
import sys

OPERATIONS = """
get /applications/@me
get put post /applications/{application_id}/commands
delete /applications/{application_id}/commands/{command_id}
get /channels/{channel_id}
get post /channels/{channel_id}/messages
get patch delete /channels/{channel_id}/messages/{message_id}
put delete /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me
post /channels/{channel_id}/typing
get /gateway
get /gateway/bot
get /guilds/{guild_id}/members/{user_id}
post /interactions/{interaction_id}/{interaction_token}/callback
get /oauth2/applications/@me
get /users/@me
post /users/@me/channels
get /users/{user_id}
post /webhooks/{webhook_id}/{webhook_token}
get patch delete /webhooks/{webhook_id}/{webhook_token}/messages/@original
get patch delete /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}
""".strip().splitlines()


def named(part: object) -> set[str]:
    """What a part of the document names."""
    return set(re.findall(r'"#/components/(\w+/[\w-]+)"', json.dumps(part)))


def prune(whole: dict) -> dict:
    """Keeps the routes and everything they name, however far."""
    paths = {}
    for operation in OPERATIONS:
        *methods, route = operation.split()
        paths[route] = {method: whole["paths"][route][method] for method in methods}
    wanted, found = named(paths), set()
    while wanted:
        found |= wanted
        wanted = (
            set().union(
                *(
                    named(whole["components"][k][n])
                    for k, n in (w.split("/") for w in wanted)
                )
            )
            - found
        )
    components: dict = {}
    for kind, name in sorted(entry.split("/") for entry in found):
        components.setdefault(kind, {})[name] = whole["components"][kind][name]
    return {
        "openapi": whole["openapi"],
        "info": whole["info"],
        "paths": paths,
        "components": components,
    }


def written(part: object, depth: int) -> str:
    """JSON with one entry on a line down to a depth."""
    if depth == 0 or not isinstance(part, dict):
        return json.dumps(part, separators=(",", ":"), ensure_ascii=False)
    entries = (
        f"{json.dumps(name)}: {written(value, depth - 1)}"
        for name, value in part.items()
    )
    return "{\n" + ",\n".join(entries) + "\n}"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(written(prune(json.load(file)), 3))
