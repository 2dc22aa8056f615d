"""Prints the commands that README.md shows under a marker, so that CI runs what the README says.

`readme.py test-command` takes the next fenced block after `<!-- test-command -->`. In a block with `$ ` prompts only
the prompted lines are commands, and the rest is their output.
"""

import re
import sys
from pathlib import Path


def commands(readme: str, marker: str) -> list[str]:
    """The commands under the marker, without comments and prompts; empty when there are none."""
    found = re.search(rf"<!-- {re.escape(marker)} -->.*?^```\w*\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    lines = found.group(1).splitlines() if found else []
    prompted = [line[2:] for line in lines if line.startswith("$ ")]
    return [line for line in prompted or lines if line.strip() and not line.startswith("#")]


if __name__ == "__main__":
    wanted = sys.argv[1]
    block = commands((Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8"), wanted)
    if not block:
        sys.exit(f"README.md has no commands after <!-- {wanted} -->")
    print("\n".join(block))
