"""A mail server on aiosmtpd that offers STARTTLS and can be told to refuse.

Prints one line of JSON for its port, then one for each message it took. Its behaviour is read
from the recipient: `busy-once…` is put off the first time (451), `nobody…` is refused (550).
"""

import asyncio
import email
import json
import ssl
import sys
from email import policy

from aiosmtpd.smtp import SMTP

put_off = set()


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if not session.ssl:
            return "530 5.7.0 Must issue a STARTTLS command first"
        if address.startswith("busy-once") and address not in put_off:
            put_off.add(address)
            return "451 4.2.0 Try again later"
        if address.startswith("nobody"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))
        print(json.dumps({
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "subject": str(message["subject"]),
            "id": str(message["message-id"]),
            "text": body.get_content() if body else "",
        }), flush=True)
        return "250 OK"


async def main(certificate, key):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), tls_context=tls, require_starttls=True, enable_SMTPUTF8=True),
        "127.0.0.1",
        0,
    )
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:3]))
