"""All that can be measured without other people's texts: `python -m benchmarks`."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("first_paint", "terminal_bytes", "write_large", "schema_large")


def main() -> None:
    """Run each script in a process of its own, so that none pays for another's imports."""
    for name in NAMES:
        print(f"\n{name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
