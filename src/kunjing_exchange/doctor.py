"""Whether this installation can do its work: versions, extras, memory, temporary folder, code lists, schemas."""

from __future__ import annotations

import datetime
import importlib
import importlib.metadata
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kunjing_exchange import __version__, policy
from kunjing_exchange.bundled import bundled
from kunjing_exchange.codes import code_list, list_names
from kunjing_exchange.errors import ExchangeError
from kunjing_exchange.rules import rules
from kunjing_exchange.schema import schema_files
from kunjing_exchange.wire import work_folder

__all__ = ["Check", "doctor"]

_REQUIRED = ("pydantic", "lxml", "xmlschema", "jsonschema", "duckdb")
_EXTRAS = {"xlsx": ("xlsxwriter",), "fast": ("jsonschema_rs", "orjson")}
_DISTRIBUTIONS = {"xlsxwriter": "XlsxWriter", "jsonschema_rs": "jsonschema-rs"}
_LEAST_MEMORY = 512 * 1024 * 1024
_OLD = 365


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``state`` is ``ok``, ``notice`` (works, but look) or ``broken``."""

    name: str
    state: str
    zh: str
    en: str

    def as_dict(self, lang: str) -> dict[str, str]:
        """For JSON."""
        return {"name": self.name, "state": self.state, "text": self.zh if lang == "zh" else self.en}


def doctor() -> Iterator[Check]:
    """Every check, one after the other; a check that fails stops no other."""
    for name, look in _CHECKS.items():
        try:
            yield look(name)
        except ExchangeError as error:
            yield Check(name, "broken", error.zh, error.en)
        except (OSError, ValueError, ImportError) as error:
            yield Check(name, "broken", f"检查失败：{type(error).__name__}", f"failed: {type(error).__name__}")


def _same(name: str, state: str, text: str) -> Check:
    return Check(name, state, text, text)


def _versions(name: str) -> Check:
    return _same(name, "ok", f"kunjing_exchange {__version__}, Python {platform.python_version()}, {platform.system()}")


def _installed(module: str) -> str | None:
    try:
        importlib.import_module(module)
        return importlib.metadata.version(_DISTRIBUTIONS.get(module, module))
    except ImportError:
        return None


def _libraries(name: str) -> Check:
    found = {module: _installed(module) for module in _REQUIRED}
    listed = ", ".join(f"{module} {version or '-'}" for module, version in found.items())
    return _same(name, "ok" if all(found.values()) else "broken", listed)


def _extras(name: str) -> Check:
    found = {extra: all(map(_installed, modules)) for extra, modules in _EXTRAS.items()}
    absent = [extra for extra, there in found.items() if not there]
    listed = ", ".join(extra for extra, there in found.items() if there) or "-"
    if not absent:
        return _same(name, "ok", listed)
    command = f"pip install 'kunjing-exchange[{','.join(absent)}]'"
    return Check(name, "notice", f"{listed}；未安装 {', '.join(absent)}：{command}", f"{listed}; absent: {command}")


def _memory(name: str) -> Check:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return Check(name, "ok", "本系统不提供内存数据", "this system tells nothing of its memory")
    size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    enough = size >= _LEAST_MEMORY
    text = f"{size // 1024**2} MB"
    return Check(name, "ok" if enough else "notice", text, text)


def _temporary_folder(name: str) -> Check:
    with work_folder() as folder:
        (folder / "probe").write_bytes(b"kunjing")
        free = shutil.disk_usage(folder).free // 1024**2
        place = folder.parent
    return Check(name, "ok", f"{place} 可写，剩余 {free} MB", f"{place} is writable, {free} MB free")


def _code_lists(name: str) -> Check:
    days = {one: code_list(one).updated for one in list_names()}
    undated = sorted(one for one, day in days.items() if day is None)
    if undated:
        return Check(name, "broken", f"缺少日期：{', '.join(undated)}", f"without a day: {', '.join(undated)}")
    oldest = min(day for day in days.values() if day is not None)
    age = (datetime.date.today() - oldest).days
    return Check(
        name,
        "notice" if age > _OLD else "ok",
        f"{len(days)} 个，最旧的取自 {oldest}（{age} 天前）",
        f"{len(days)}, the oldest taken on {oldest} ({age} days ago)",
    )


def _rules(name: str) -> Check:
    editions = ", ".join(policy.edition(one).name for one in policy.edition_names())
    return Check(name, "ok", f"{len(rules())} 条，政策版本 {editions}", f"{len(rules())}, editions {editions}")


def _schemas(name: str) -> Check:
    folder = bundled("schemas/v1")
    stale = [
        file
        for file, text in schema_files().items()
        if not (folder / file).is_file() or (folder / file).read_text(encoding="utf-8") != text
    ]
    if stale:
        listed = ", ".join(stale)
        return Check(name, "broken", f"与模型不一致：{listed}", f"not what the models make: {listed}")
    return Check(name, "ok", f"{len(schema_files())} 个，与模型一致", f"{len(schema_files())}, equal to the models")


def _fixture(name: str) -> Check:
    path = bundled("fixtures/nanyang/county.xml")
    return _same(name, "ok", f"{path.name}, {path.stat().st_size // 1024} kB")


_CHECKS: dict[str, Callable[[str], Check]] = {
    "version": _versions,
    "libraries": _libraries,
    "extras": _extras,
    "memory": _memory,
    "temporary_folder": _temporary_folder,
    "code_lists": _code_lists,
    "rules": _rules,
    "schemas": _schemas,
    "fixture": _fixture,
}
