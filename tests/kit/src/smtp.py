"""A mail server for tests: takes letters on a port it chose itself, keeps them in a folder, and does to some what servers do.

What it does stands in the recipient's name: refused@ (550), busy@ (451), full@ (452 after the letter), spam@ (554 after the
letter), silent@ (takes the letter and never answers), dies@ (takes the letter and ends). The first `busy-twice@` is refused
twice. Arguments: folder, and a certificate with its key if it is to speak TLS (it then takes nothing without)."""

import asyncio
import json
import os
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP

folder = pathlib.Path(sys.argv[1])
letters = folder / "letters"
letters.mkdir(exist_ok=True)
seen = {}


def keep(suffix, envelope):
    number = len(list(letters.iterdir()))
    kept = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "content": envelope.content.decode("utf-8")}
    unfinished = folder / f"{number}.part"
    unfinished.write_text(json.dumps(kept), encoding="utf-8")
    unfinished.rename(letters / f"{number:05}.{suffix}.json")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        seen[name] = seen.get(name, 0) + 1
        if name == "refused":
            return "550 5.1.1 no such user " + address
        if name == "busy" or (name == "busy-twice" and seen[name] <= 2):
            return "451 4.3.0 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "full":
            return "452 4.2.2 mailbox full"
        if name == "spam":
            return "554 5.7.1 not wanted"
        if name == "silent":
            keep("silent", envelope)
            await asyncio.sleep(3600)
        if name == "dies":
            keep("died", envelope)
            os._exit(1)
        keep("taken", envelope)
        return "250 OK"


async def main():
    context = None
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])

    def session():
        return SMTP(Handler(), hostname="mx.example", tls_context=context, require_starttls=context is not None)

    port = int((folder / "port").read_text()) if (folder / "port").exists() else 0
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", port, reuse_address=True)
    unfinished = folder / "port.part"
    unfinished.write_text(str(server.sockets[0].getsockname()[1]))
    unfinished.rename(folder / "port")
    (folder / f"ready-{os.getpid()}").touch()
    await server.serve_forever()


asyncio.run(main())
