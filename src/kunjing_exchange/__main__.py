"""``python -m kunjing_exchange`` is the same as ``kunjing``."""

from __future__ import annotations

from kunjing_exchange.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
