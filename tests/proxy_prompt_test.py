#!/usr/bin/env python3
"""Holds the question for a proxy's user name and password to what it promises.

It is asked on a terminal, when the proxy asks and not before, and the password
is not shown; without a terminal nothing is asked.
"""

import base64
import os
import pty
import socket
import subprocess
import sys
import threading
import unittest

from tests.testing import cases

RIGHT = b"Basic " + base64.b64encode(b"alice:secret1")


class Proxy:
    """Asks who is there, and forbids alice everything."""

    def __init__(self, asks=True):
        self.requests = []
        self._asks = asks
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            client, _ = self._listener.accept()
            with client:
                request = b""
                while chunk := client.recv(4096):
                    request += chunk
                    if b"\r\n\r\n" not in request:
                        continue
                    self.requests.append(request)
                    answer = (b"HTTP/1.1 403 Forbidden\r\n"
                              if RIGHT in request or not self._asks else
                              b"HTTP/1.1 407 Who\r\nProxy-Authenticate: "
                              b"Basic realm=\"x\"\r\n")
                    client.sendall(answer + b"Content-Length: 0\r\n\r\n")
                    request = b""


def run_on_terminal(proxy, typed):
    """Runs tlspin on a terminal where `typed` is; returns what it showed."""
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [TLSPIN, "inspect", "host.example.com", "--json", "--timeout", "30",
         "--proxy", proxy.url],
        stdin=terminal, stderr=terminal, stdout=subprocess.PIPE)
    os.close(terminal)
    shown = b""
    for prompt, line in typed:
        while prompt not in shown:
            shown += os.read(master, 1024)
        os.write(master, line)
    answer = process.stdout.read()
    process.stdout.close()
    while True:
        try:
            chunk = os.read(master, 1024)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(master)
    return process.wait(timeout=60), answer, shown


class ProxyPromptTest(unittest.TestCase):

    def test_asks_and_does_not_show_the_password(self):
        proxy = Proxy()
        code, answer, shown = run_on_terminal(
            proxy, [(b"User name: ", b"alice\n"),
                    (b"Password of alice", b"secret1\n")])
        self.assertEqual(code, 3, shown)
        self.assertIn(b'"code":"proxy-forbidden"', answer)
        self.assertIn(RIGHT, proxy.requests[-1])
        self.assertNotIn(b"secret1", shown)
        self.assertIn(b"asks who is there (Basic)", shown)
        self.assertIn(proxy.url.encode(), shown)

    def test_a_person_who_gives_none_ends_it(self):
        proxy = Proxy()
        code, answer, shown = run_on_terminal(
            proxy, [(b"User name: ", b"alice\n"),
                    (b"Password of alice", b"\x03")])
        self.assertEqual(code, 3, shown)
        self.assertIn(b"no user name and password were given", answer)
        self.assertFalse([request for request in proxy.requests
                          if b"Authorization" in request])

    def test_asks_nothing_that_the_proxy_does_not_ask(self):
        code, answer, shown = run_on_terminal(Proxy(asks=False), [])
        self.assertEqual(code, 3, shown)
        self.assertIn(b'"code":"proxy-forbidden"', answer)
        self.assertNotIn(b"User name", shown)

    def test_asks_nobody_without_a_terminal(self):
        proxy = Proxy()
        result = subprocess.run(
            [TLSPIN, "inspect", "host.example.com", "--proxy", proxy.url],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
            check=False)
        self.assertEqual(result.returncode, 3)
        self.assertIn(b"no user name was given", result.stderr)
        self.assertNotIn(b"User name", result.stderr)


if __name__ == "__main__":
    TLSPIN = sys.argv[1]
    cases.main()
