"""``python -m benchmarks [NAME] …``: one entrance to all benchmarks; without a name, the table beside the peers."""

from __future__ import annotations

import importlib
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
NAMES = sorted({path.stem for path in FOLDER.glob("[a-z]*.py")} - {"run", "peers"})


def main() -> int:
    sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "src")]
    name = sys.argv.pop(1) if sys.argv[1:2] and sys.argv[1] in NAMES else "validate"
    sys.argv[0] = f"python -m benchmarks {name}"
    return importlib.import_module(name).main() or 0


if __name__ == "__main__":
    raise SystemExit(main())
