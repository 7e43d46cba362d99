"""Files that travel with the library: in the package where it was installed from a wheel, else in the source tree."""

from __future__ import annotations

import pathlib

from kunjing_exchange.errors import UnreadableInput

__all__ = ["bundled"]

_PACKAGE = pathlib.Path(__file__).parent


def bundled(name: str) -> pathlib.Path:
    """Where a file or folder lies, such as ``fixtures/nanyang/county.xml`` or ``schemas/v1``.

    Raises:
        UnreadableInput: it is in neither place; the installation is incomplete.
    """
    for root in (_PACKAGE, _PACKAGE.parents[1]):
        if (root / name).exists():
            return root / name
    raise UnreadableInput(f"安装不完整：缺少 {name}", f"the installation is incomplete: {name} is missing")
