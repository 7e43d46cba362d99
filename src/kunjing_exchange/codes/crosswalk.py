"""Cross-walks: which code of one list stands for a code of another, and what is lost on the way.

::

    >>> crosswalk("id_document_type_edu", "id_document_type").forward("1")
    '111'
    >>> back = crosswalk("id_document_type", "id_document_type_edu")
    >>> back.forward("413"), back.loss("413", lang="en")
    ('A', 'the kind of passport is lost')

A code goes to an equal one or to a broader one. Where the other list is narrower it has no counterpart, since choosing
one would be a guess; the note of the cross-walk says why. Each pair is one CSV file in ``crosswalks/`` and one table in
``crosswalks.toml``, and is read both ways; nothing is read at import.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kunjing_exchange.errors import UnknownCrosswalk

__all__ = ["CodePair", "Crosswalk", "crosswalk", "crosswalk_names"]

_COLUMNS = ("source_code", "target_code", "direction", "loss_zh", "loss_en")
_FORWARD, _BACKWARD = ("both", "forward"), ("both", "backward")


class CodePair(NamedTuple):
    """A code, the one that stands for it, and what that loses; the losses are empty where nothing is lost."""

    source: str
    target: str
    loss_zh: str
    loss_en: str


class Crosswalk:
    """From the codes of the list ``source`` to those of the list ``target``. Get one from :func:`crosswalk`.

    ``pairs`` holds one :class:`CodePair` for every code that has a counterpart. ``certainty`` is that of the pairs
    (``verified``, ``single``, ``memory`` or ``own``, as of a code list), ``basis`` what they rest on, and ``note_zh``
    and ``note_en`` say why codes were left out.
    """

    __slots__ = (
        "_by_code",
        "basis",
        "certainty",
        "note_en",
        "note_zh",
        "pairs",
        "source",
        "target",
        "title_en",
        "title_zh",
    )

    def __init__(self, source: str, target: str, pairs: Iterable[CodePair], about: dict[str, str]) -> None:
        self.source = source
        self.target = target
        self.title_zh = about["title_zh"]
        self.title_en = about["title_en"]
        self.certainty = about["certainty"]
        self.basis = about["basis"]
        self.note_zh = about["note_zh"]
        self.note_en = about["note_en"]
        self.pairs = tuple(pairs)
        self._by_code = {pair.source: pair for pair in self.pairs}

    def __repr__(self) -> str:
        return f"<Crosswalk {self.source} to {self.target}: {len(self.pairs)} codes>"

    def forward(self, code: str) -> str | None:
        """The code of the target list that stands for this one; None where there is none, or only a guess."""
        pair = self._by_code.get(code)
        return pair.target if pair else None

    def loss(self, code: str, lang: str = "zh") -> str:
        """What :meth:`forward` loses of this code; empty where nothing is lost or the code has no counterpart."""
        pair = self._by_code.get(code)
        if pair is None:
            return ""
        return pair.loss_en if lang == "en" else pair.loss_zh

    def unmapped(self) -> tuple[str, ...]:
        """The codes of the source list that have no counterpart, in the order of the list."""
        from kunjing_exchange.codes import code_list

        return tuple(code for code in code_list(self.source) if code not in self._by_code)


_loaded: dict[tuple[str, str], Crosswalk] = {}
_about: dict[tuple[str, str], dict[str, str]] | None = None


def _stored() -> dict[tuple[str, str], dict[str, str]]:
    global _about
    if _about is None:
        import tomllib
        from importlib.resources import files

        text = (files(__package__) / "crosswalks" / "crosswalks.toml").read_text(encoding="utf-8")
        stored: dict[tuple[str, str], dict[str, str]] = {}
        for name, about in tomllib.loads(text).items():
            source, target = name.split("--")
            stored[source, target] = about
        _about = stored
    return _about


def crosswalk_names() -> tuple[tuple[str, str], ...]:
    """The (source, target) of every cross-walk there is, in alphabetical order; each can be read the other way too."""
    return tuple(sorted(_stored()))


def _read(source: str, target: str) -> tuple[list[CodePair], list[CodePair]]:
    """The pairs of a file, from its source to its target and back."""
    import csv
    from importlib.resources import files

    text = (files(__package__) / "crosswalks" / f"{source}--{target}.csv").read_text(encoding="utf-8")
    lines = csv.reader(text.splitlines())
    if tuple(next(lines)) != _COLUMNS:
        raise ValueError(f"the header of the cross-walk {source}--{target} is not {','.join(_COLUMNS)}")
    pairs, back = [], []
    for source_code, target_code, direction, loss_zh, loss_en in lines:
        if direction in _FORWARD:
            pairs.append(CodePair(source_code, target_code, loss_zh, loss_en))
        if direction in _BACKWARD:
            back.append(CodePair(target_code, source_code, loss_zh, loss_en))
    return pairs, back


def _same(name: str) -> Crosswalk:
    from kunjing_exchange.codes import code_list

    codes = code_list(name)
    about = {
        "title_zh": codes.title_zh,
        "title_en": codes.title_en,
        "certainty": codes.certainty,
        "basis": codes.source,
        "note_zh": "",
        "note_en": "",
    }
    return Crosswalk(name, name, [CodePair(code, code, "", "") for code in codes], about)


def crosswalk(source: str, target: str) -> Crosswalk:
    """The cross-walk from one code list to another, read on first use and kept; a list goes to itself unchanged.

    Raises :class:`~kunjing_exchange.errors.UnknownCodeList` where a name is no code list, and
    :class:`~kunjing_exchange.errors.UnknownCrosswalk` where the two lists have no cross-walk, with the lists that
    ``source`` does go to in its text and all pairs in ``facts['known']``.
    """
    found = _loaded.get((source, target))
    if found is not None:
        return found
    if source == target:
        made = _same(source)
    elif (source, target) in _stored():
        made = Crosswalk(source, target, _read(source, target)[0], _stored()[source, target])
    elif (target, source) in _stored():
        made = Crosswalk(source, target, _read(target, source)[1], _stored()[target, source])
    else:
        raise _unknown(source, target)
    # two threads may both make it; the result is the same and one of them stays
    return _loaded.setdefault((source, target), made)


def _unknown(source: str, target: str) -> UnknownCrosswalk:
    from kunjing_exchange.codes import code_list

    for name in (source, target):
        code_list(name)
    known = crosswalk_names()
    near = sorted({one for pair in known if source in pair for one in pair if one != source})
    zh, en = f"没有从 {source} 到 {target} 的代码对照表", f"there is no cross-walk from {source} to {target}"
    if near:
        zh, en = f"{zh}；{source} 可对照 {'、'.join(near)}", f"{en}; {source} goes to {', '.join(near)}"
    return UnknownCrosswalk(zh, en, source=source, target=target, known=known)
