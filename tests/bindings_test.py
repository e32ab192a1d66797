#!/usr/bin/env python3
"""Holds the libraries that tlspin loads for a proxy apart from its BoringSSL.

libcurl brings libraries that were built for OpenSSL. Were a name of BoringSSL
offered to the dynamic linker, they would call it in OpenSSL's place. So tlspin
asks a proxy that wants Negotiate, with the NTLM mechanism of GSSAPI installed,
while the dynamic linker says what it binds to what; and a program that does
offer such a name shows that this would be seen.
"""

import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from tests.testing import cases

# "binding file LIBRARY [0] to PROGRAM [0]: normal symbol `NAME' [VERSION]"
BINDING = re.compile(r"binding file (\S+) \[\d+\] to (\S+) \[\d+\]: \S+ symbol "
                     r"`([^']+)'")
NTLM = pathlib.Path("/etc/gss/mech.d/mech.ntlmssp.conf")
# What the answer to a request without a token is, and to one with.
ASKS = (b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Negotiate\r\n"
        b"Content-Length: 0\r\n\r\n")


class Proxy:
    """Asks each client for Negotiate, and keeps what it is told."""

    def __init__(self):
        self.told = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            client, _ = self._listener.accept()
            with client:
                request = b""
                while chunk := client.recv(4096):
                    request += chunk
                    if b"\r\n\r\n" in request:
                        self.told.append(request)
                        request = b""
                        client.sendall(ASKS)


def trace(program, arguments, environment):
    """Runs the program and returns its result and [(from, to, name)] bound."""
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [program] + arguments,
            env={
                **os.environ, **environment,
                "LD_BIND_NOW": "1",
                "LD_DEBUG": "bindings",
                "LD_DEBUG_OUTPUT": folder + "/ld",
            },
            capture_output=True, text=True, timeout=120, check=False)
        bindings = []
        for file in pathlib.Path(folder).iterdir():
            bindings += BINDING.findall(file.read_text(errors="replace"))
    return result, bindings


def own_names(program):
    """Returns the names in the symbol table of the program itself."""
    table = subprocess.run(["nm", "--defined-only", program], check=True,
                           capture_output=True, text=True).stdout
    return {line.split()[-1] for line in table.splitlines()
            if line.split()[1] in "TtRrDdBb"}


def copied_names(program):
    """Returns the variables of the C and C++ libraries that it has copies of."""
    table = subprocess.run(["readelf", "-rW", program], check=True,
                           capture_output=True, text=True).stdout
    return {line.split()[4].split("@")[0] for line in table.splitlines()
            if "R_X86_64_COPY" in line}


def bound_to(program, bindings):
    """Returns what is bound to names of the program, copies left out."""
    copies = copied_names(program)
    names = own_names(program)
    here = os.path.realpath(program)
    return [(library, name) for library, target, name in bindings
            if os.path.realpath(target) == here
            and os.path.realpath(library) != here
            and name in names and name not in copies]


class BindingsTest(unittest.TestCase):

    def setUp(self):
        if not NTLM.exists():
            cases.missing("gss-ntlmssp")

    def test_nothing_is_bound_to_boringssl(self):
        proxy = Proxy()
        with tempfile.TemporaryDirectory() as folder:
            users = pathlib.Path(folder, "users")
            users.write_text("CORP:alice:secret1\n")
            # What gss-ntlmssp leaves of its OpenSSL at the end is not ours.
            leaks = pathlib.Path(folder, "leaks")
            leaks.write_text("leak:libcrypto.so.3\n")
            result, bindings = trace(
                TLSPIN,
                ["inspect", "host.example.com", "--timeout", "60",
                 "--proxy", f"http://127.0.0.1:{proxy.port}",
                 "--proxy-auth", "negotiate"],
                {"NTLM_USER_FILE": str(users),
                 "KRB5CCNAME": "FILE:/nonexistent",
                 "LSAN_OPTIONS":
                     f"suppressions={leaks}:print_suppressions=0"})
        # It went the whole way: through libcurl and GSSAPI to NTLM's token.
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertTrue(any(b"Proxy-Authorization: Negotiate" in request
                            for request in proxy.told), result.stderr)
        libraries = {os.path.basename(library) for library, _, _ in bindings}
        for wanted in ("libcurl.so", "libssl.so", "libcrypto.so",
                       "libgssapi_krb5.so", "gssntlmssp.so"):
            self.assertTrue(any(name.startswith(wanted) for name in libraries),
                            f"{wanted} is not among {sorted(libraries)}")
        self.assertGreater(len(bindings), 1000)
        self.assertEqual(bound_to(TLSPIN, bindings), [])

    def test_a_name_that_is_offered_would_be_seen(self):
        result, bindings = trace(CONTROL, [], {})
        self.assertEqual(result.returncode, 0, result.stderr)
        bound = bound_to(CONTROL, bindings)
        self.assertIn("SSL_new", {name for _, name in bound}, bound)
        self.assertTrue(any("libcurl" in library for library, _ in bound), bound)

    def test_tlspin_starts_without_them(self):
        result, bindings = trace(TLSPIN, ["--version"], {})
        self.assertEqual(result.returncode, 0, result.stderr)
        libraries = {os.path.basename(library) for library, _, _ in bindings}
        self.assertFalse([name for name in libraries if "curl" in name
                          or "ssl" in name or "crypto" in name], libraries)


if __name__ == "__main__":
    TLSPIN, CONTROL = sys.argv[1:3]
    cases.main()
