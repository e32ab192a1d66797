#!/usr/bin/env python3
"""Writes the seeds of starttls_fuzz.

Usage: make_starttls_seeds.py FOLDER

An input is the name of a protocol, a line feed, and what a server sends.
"""

import pathlib
import sys

STREAM = (b"<?xml version='1.0'?><stream:stream from='im.example.com' id='1' "
          b"version='1.0' xmlns='jabber:client' "
          b"xmlns:stream='http://etherx.jabber.org/streams'>")
FEATURES = (b"<stream:features><starttls "
            b"xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
            b"<mechanisms><mechanism>PLAIN</mechanism></mechanisms>"
            b"</stream:features>")
PROCEED = b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


def element(tag, content):
    return bytes([tag, len(content)]) + content


def ldap(result, message=1, diagnostic=b"", name=b""):
    operation = element(0x0a, bytes([result])) + element(4, b"")
    operation += element(4, diagnostic)
    if name:
        operation += element(0x8a, name)
    return element(0x30, element(2, bytes([message])) +
                   element(0x78, operation))


SEEDS = {
    "smtp": [
        b"220 mx ESMTP\r\n250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n220 go\r\n",
        b"220-mx\n220 hi\n250-mx\n250 HELP\n",
        b"220 mx\r\n250 STARTTLS\r\n454 later\r\n",
        b"554 no\r\n",
        b"220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n250 injected\r\n",
    ],
    "imap": [
        b"* OK hi\r\n* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\na2 OK go\r\n",
        b"* OK [CAPABILITY IMAP4rev2 STARTTLS] hi\r\na2 BAD\r\n",
        b"* PREAUTH hi\r\n",
        b"* BYE\r\n",
    ],
    "pop3": [
        b"+OK hi\r\n+OK\r\nUSER\r\nSTLS\r\n.\r\n+OK go\r\n",
        b"+OK hi\r\n-ERR\r\n-ERR what\r\n",
    ],
    "xmpp": [
        STREAM + FEATURES + PROCEED,
        STREAM + b"<stream:error><host-unknown/><text>no</text></stream:error>",
        STREAM + FEATURES + b"<failure/></stream:stream>",
    ],
    "postgres": [
        b"S",
        b"N",
        b"E\0\0\0\x1dSFATAL\0C53300\0Mtoo many\0\0",
        b"Eunsupported\0",
    ],
    "ldap": [
        ldap(0),
        ldap(0, name=b"1.3.6.1.4.1.1466.20037"),
        ldap(2, diagnostic=b"unsupported extended operation"),
        ldap(52, message=0, name=b"1.3.6.1.4.1.1466.20036"),
        b"\x30\x84\0\0\0\x0c" + ldap(0)[2:],
        b"\x15\x03\x01\0\x02\x02\x46",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
}


def main():
    folder = pathlib.Path(sys.argv[1])
    for protocol, answers in SEEDS.items():
        for number, answer in enumerate(answers):
            seed = protocol.encode() + b"\n" + answer
            (folder / f"{protocol}_{number}").write_bytes(seed)


if __name__ == "__main__":
    main()
