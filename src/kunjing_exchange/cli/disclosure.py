"""Disclosure control of tables, for the verbs that write any: by default nothing leaves the office without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Parser, Say, count

if TYPE_CHECKING:
    from kunjing_exchange.report import Report

__all__ = ["add_disclosure", "released"]

METHODS = ("suppress", "round", "none")
"""The same as ``kunjing_exchange.report.METHODS``."""


def add_disclosure(parser: Parser, say: Say) -> None:
    """--disclosure, --least, --zeros and --base."""
    parser.add_argument(
        "--disclosure",
        choices=METHODS,
        help=say(
            "小数保护：隐去、取整或不作；默认隐去，只有显示在屏幕上的 text 不作",
            "disclosure control: hide small figures, round, or none; default: hide, but for text on the screen",
        ),
    )
    parser.add_argument(
        "--least",
        type=count,
        default=5,
        metavar=say("人数", "N"),
        help=say("公布的最小人数（默认 5）", "the smallest number of children that is told (default 5)"),
    )
    parser.add_argument("--zeros", action="store_true", help=say("0 也隐去", "hide 0 as well"))
    parser.add_argument(
        "--base",
        type=count,
        default=5,
        metavar=say("基数", "N"),
        help=say("取整的基数（默认 5）", "what is rounded to (default 5)"),
    )


def released(args: Any, say: Say, reports: list[Report], *, inside: bool) -> list[Report]:
    """The tables as they may leave the office; what is only shown on the screen (``inside``) does not leave it."""
    from kunjing_exchange.report import released as protected

    method = args.disclosure or ("none" if inside else "suppress")
    made = protected(reports, method, least=args.least, zeros=args.zeros, base=args.base)
    release = made[0].release if made else None
    if args.disclosure is None and release is not None and release.small:
        hidden = release.small + release.others
        terminal.note(
            say(
                f"小数保护：{release.figures} 个数字中 {hidden} 个不公布；"
                "本单位内部使用和上报汇总请加 --disclosure none",
                f"disclosure control: {hidden} of {release.figures} figures are hidden; for the office's own use and "
                "for returns give --disclosure none",
            )
        )
    return made
