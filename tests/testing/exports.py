"""What the tests of tlspin export and import share."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TLSPIN = os.path.abspath("tools/tlspin/tlspin")
ROOT = "sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0="
SPARE = "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM="


def run(*arguments, code=0, **options):
    """Runs tlspin and returns what it printed; fails on another exit code."""
    done = subprocess.run([TLSPIN, *map(str, arguments)], text=True,
                          capture_output=True, timeout=120, check=False,
                          **options)
    if done.returncode != code:
        raise AssertionError(f"{arguments}: exit {done.returncode}\n"
                             f"{done.stdout}{done.stderr}")
    return done


def simple_file(hosts=None, **changes):
    """Returns a pin file that most formats say much of."""
    pins = {
        "schema": "pinning.pins/1",
        "updated": "2026-01-31",
        "sets": {
            "app": {
                "mode": "enforce",
                "expires": "2026-12-31",
                "on-expiry": "stop-enforcing",
                "pins": [{"name": "Root", "pin": ROOT}],
                "backup-pins": [{"name": "Spare", "pin": SPARE}],
            }
        },
        "hosts": hosts or {"**.example.com": "app"},
    }
    pins["sets"]["app"].update(changes)
    return pins


class Case(unittest.TestCase):

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory)

    def write(self, name, content):
        path = self.directory / name
        if not isinstance(content, str):
            content = json.dumps(content, indent=2)
        path.write_text(content, encoding="utf-8")
        return path

    def losses(self, form, pins, *flags):
        """Returns {code} of what `form` cannot say of `pins`."""
        path = self.write("losses.json", pins)
        done = subprocess.run(
            [TLSPIN, "export", "--json", "--format", form, str(path), *flags],
            text=True, capture_output=True, timeout=60, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        losses = json.loads(done.stdout)["losses"]
        self.assertEqual(done.returncode, 1 if losses else 0)
        return losses

    def codes(self, form, pins, *flags):
        return {loss["code"] for loss in self.losses(form, pins, *flags)}
