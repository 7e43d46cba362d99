"""Exceptions: the work could not be done.

What is wrong with *data* is a finding (:mod:`kunjing_exchange.findings`), never an exception. The tree::

    ExchangeError
    ├── UnreadableInput     the bytes can't be opened, decoded, or are refused (DTD, zip bomb, over a limit)
    ├── UnknownFormat       neither the content nor the caller says which format this is
    ├── UnknownVersion      the wire version of the document is not one of ours
    ├── UnknownCodeList     no code list of that name
    ├── UnknownCrosswalk    no cross-walk between those two code lists
    ├── UnknownEdition      no policy edition of that name
    ├── UnknownRule         no rule or finding of that id
    ├── UnknownTable        no statistical table of that name
    ├── NotAccepted         a table was asked for of a submission that was rejected
    ├── LossyConversion     ``lossless`` was asked for and something can't be expressed
    ├── MissingExtra        an optional dependency is absent; the text says which extra to install
    ├── MissingProgram      a program that has to run is not on the path; the text says which to install
    ├── OutOfSpace          the disk or the memory that the work may use is full; the text says where
    ├── OutputExists        the output is there already and ``force`` was not given
    └── InvalidArgument     an argument's value makes no sense (a division that does not exist, a period that is none)

Each carries its facts as attributes, so that a caller needs no text parsing, and a Chinese text beside the English one.
No text carries a value from a record: a path, a name of a format or a number of a line only.
"""

from __future__ import annotations

__all__ = [
    "ExchangeError",
    "InvalidArgument",
    "LossyConversion",
    "MissingExtra",
    "MissingProgram",
    "NotAccepted",
    "OutOfSpace",
    "OutputExists",
    "UnknownCodeList",
    "UnknownCrosswalk",
    "UnknownEdition",
    "UnknownFormat",
    "UnknownRule",
    "UnknownTable",
    "UnknownVersion",
    "UnreadableInput",
]


class ExchangeError(Exception):
    """The work could not be done.

    ``zh`` and ``en`` say why; ``finding_id`` names the catalogue entry where there is one.
    """

    def __init__(self, zh: str, en: str, *, finding_id: str | None = None, **facts: object) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.finding_id = finding_id
        self.facts = facts

    def text(self, lang: str) -> str:
        """The message in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


class UnreadableInput(ExchangeError):
    """The input can't be opened or decoded, or is refused for safety (DTD, archive bomb, a named limit)."""


class OutOfSpace(ExchangeError):
    """The disk, or the memory that a job may use, is full; ``facts['path']`` says where."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"空间不足：{path}（请清理磁盘，或用环境变量 KUNJING_TMPDIR 指定更大的临时文件夹）",
            f"no space left: {path} (make room, or name a larger folder for temporary files in KUNJING_TMPDIR)",
            path=path,
        )


class UnknownFormat(ExchangeError):
    """Neither the content nor the caller says which format this is."""


class UnknownVersion(ExchangeError):
    """The document says a wire version that this library does not know."""


class UnknownCodeList(ExchangeError):
    """There is no code list of that name; ``facts['known']`` names those there are."""


class UnknownCrosswalk(ExchangeError):
    """There is no cross-walk between those two code lists; ``facts['known']`` names the pairs there are."""


class UnknownEdition(ExchangeError):
    """There is no policy edition of that name."""


class UnknownRule(ExchangeError):
    """There is no rule or built-in finding of that id."""


class UnknownTable(ExchangeError):
    """There is no statistical table of that name."""


class NotAccepted(ExchangeError):
    """A table was asked for of a submission whose verdict forbids counting it."""


class LossyConversion(ExchangeError):
    """``lossless`` was asked for, and something can't be expressed in the target format.

    ``facts['losses']`` lists what.
    """


class MissingExtra(ExchangeError):
    """An optional dependency is absent. ``facts['extra']`` is the extra to install."""

    def __init__(self, extra: str, purpose_zh: str, purpose_en: str) -> None:
        command = f"pip install 'kunjing-exchange[{extra}]'"
        super().__init__(
            f"{purpose_zh}需要附加组件 {extra}：请运行 {command}",
            f"{purpose_en} needs the extra {extra}: run {command}",
            extra=extra,
        )


class MissingProgram(ExchangeError):
    """A program that has to run is not on the path. ``facts['program']`` is one that will do."""

    def __init__(self, program: str, zh: str, en: str) -> None:
        super().__init__(zh, en, program=program)


class OutputExists(ExchangeError):
    """The output is there already and ``force`` was not given."""


class InvalidArgument(ExchangeError):
    """An argument's value makes no sense."""
