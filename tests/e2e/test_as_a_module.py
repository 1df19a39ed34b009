"""`python -m sequela` is the command."""

import subprocess
import sys


def test_the_package_can_be_called() -> None:
    done = subprocess.run([sys.executable, "-m", "sequela", "--help"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage: sequela [OPTIONS] COMMAND")
