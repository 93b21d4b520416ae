"""A mail server on aiosmtpd. It says on its standard output what it sees, a JSON object a line.

Its only argument is a JSON object: `certificate` and `key` (files), `mode` (`starttls`, `tls`,
`none`), `users` (passwords by name; then nobody sends without one), `rules` (by the part of an
address before the @, what its first mails are answered to RCPT; then they are taken).
"""

import asyncio
import json
import signal
import ssl
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult

OPTIONS = json.loads(sys.argv[1])


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


def read(content):
    """What Python's own parser makes of a message."""
    message = message_from_bytes(content, policy=policy.default)
    bodies = {}
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        bodies[kind] = part.get_content() if part else None
    return {
        "headers": [name.lower() for name in message.keys()],
        "values": {name.lower(): str(value) for name, value in message.items()},
        "recipients": [
            {"name": one.display_name, "address": one.addr_spec} for one in message["to"].addresses
        ],
        "defects": [str(defect) for part in message.walk() for defect in part.defects],
        "raw": content.decode("utf-8", "surrogateescape"),
        **bodies,
    }


class Handler:
    def __init__(self, rules):
        self.rules = {name: list(answers) for name, answers in rules.items()}

    async def handle_RCPT(self, server, session, envelope, address, options):
        answers = self.rules.get(address.split("@")[0], [])
        answer = answers.pop(0) if answers else "250 2.1.5 ok"
        tell("recipient", address=address, answer=answer)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_QUIT(self, server, session, envelope):
        tell("quit")
        return "221 2.0.0 bye"

    async def handle_DATA(self, server, session, envelope):
        tell(
            "mail",
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            encrypted=session.ssl is not None,
            user=session.auth_data,
            greeted=session.host_name,
            **read(envelope.content),
        )
        return "250 2.0.0 taken"


def authenticator(server, session, envelope, mechanism, data):
    user, password = data.login.decode(), data.password.decode()
    good = OPTIONS["users"].get(user) == password
    tell("login", user=user, mechanism=mechanism, good=good, encrypted=session.ssl is not None)
    return AuthResult(success=good, handled=False, auth_data=user if good else None)


async def main():
    mode = OPTIONS.get("mode", "starttls")
    context = None
    if mode != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(OPTIONS["certificate"], OPTIONS["key"])
    handler = Handler(OPTIONS.get("rules", {}))
    users = OPTIONS.get("users")
    arguments = {
        "hostname": "courrier.example",
        "enable_SMTPUTF8": True,
        "tls_context": context if mode == "starttls" else None,
        "require_starttls": mode == "starttls",
        # Sent over TLS from the first byte, a password is as safe as after STARTTLS.
        "auth_require_tls": mode == "starttls",
        "auth_required": bool(users),
        "authenticator": authenticator if users else None,
        "auth_exclude_mechanism": [] if users else ["LOGIN", "PLAIN"],
    }
    loop = asyncio.get_running_loop()

    def connected():
        tell("connected")
        return SMTP(handler, loop=loop, **arguments)

    implicit = context if mode == "tls" else None
    port = OPTIONS.get("port", 0)
    server = await loop.create_server(connected, "127.0.0.1", port, ssl=implicit)
    tell("ready", port=server.sockets[0].getsockname()[1])
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    server.close()


asyncio.run(main())
