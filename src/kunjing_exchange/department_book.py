"""The departments' layouts as something to look things up in: what they fill, what they lose, how certain they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kunjing_exchange.departments import Department, Layout, layouts
from kunjing_exchange.departments.transform import TRANSFORMS, code_map
from kunjing_exchange.model import DepartmentRecord, elements

__all__ = ["DIRECTIONS", "Coverage", "canonical_fields", "coverage", "losses", "page"]

DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "both": ("双向", "both ways"),
    "in": ("只读入", "in only"),
    "out": ("只写出", "out only"),
    "none": ("不收", "left out"),
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a layout has a canonical home: elements by direction and by certainty, canonical fields filled."""

    layout: str
    elements: int
    by_direction: Mapping[str, int]
    by_certainty: Mapping[str, int]
    fields: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "layout": self.layout,
            "elements": self.elements,
            "directions": dict(self.by_direction),
            "certainty": dict(self.by_certainty),
            "fields": list(self.fields),
        }


def _direction(of: Layout, name: str) -> str:
    found = [home.direction for home in of.by_name[name].homes]
    return next((one for one in DIRECTIONS if one in found), "none")


def coverage(of: Layout) -> Coverage:
    """The coverage of one layout."""
    directions = Counter(_direction(of, element.name) for element in of.elements)
    certainty = Counter(element.certainty for element in of.elements)
    fields = dict.fromkeys(
        ".".join(step.name for step in home.steps)
        for element in of.elements
        for home in element.homes
        if home.direction in ("both", "in")
    )
    return Coverage(
        of.name, len(of.elements), {one: directions[one] for one in DIRECTIONS if directions[one]},
        dict(sorted(certainty.items())), tuple(fields),
    )  # fmt: skip


def canonical_fields() -> Mapping[str, tuple[str, ...]]:
    """Every canonical field that some layout fills, with the layouts that do."""
    found: dict[str, list[str]] = {}
    for name, of in layouts().items():
        for field in coverage(of).fields:
            found.setdefault(field, []).append(name)
    return {field: tuple(names) for field, names in sorted(found.items())}


def _needed(of: Layout) -> Iterator[str]:
    """The canonical fields that a required element is written from."""
    for element in of.elements:
        if element.required == "Y":
            for home in element.homes:
                if home.direction in ("both", "out"):
                    yield home.path


def losses(of: Layout) -> Iterator[tuple[str, str, str]]:
    """(element, Chinese, English) of everything the layout declares as lost, left out elements with their reason."""
    for element in of.elements:
        for home in element.homes:
            if home.loss_zh:
                yield element.name, home.loss_zh, home.loss_en
            if home.map and home.direction != "none":
                for code, zh, en in code_map(of.department, home.map).losses:
                    yield f"{element.name} = {code}", zh, en


def _line(cells: Iterator[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    return "\n".join((_line(heads), _line(tuple("---" for _ in heads)), *map(_line, rows)))


def _rows(of: Layout) -> Iterator[tuple[str, ...]]:
    for element in of.elements:
        for at, home in enumerate(element.homes):
            how = home.map or (TRANSFORMS[home.transform].form if home.path and home.transform != "text" else "")
            yield (
                f"`{element.name}`" if at == 0 else "",
                element.title if at == 0 else "",
                element.required if at == 0 else "",
                f"`{home.path}`" if home.path else "",
                how,
                " ".join(DIRECTIONS[home.direction]),
                f"{home.loss_zh} {home.loss_en}".strip(),
                element.certainty if at == 0 else "",
            )


def page(of: Department) -> str:
    """The department's page in Markdown: for each layout its map, what it fills and needs, losses, certainty."""
    parts = []
    heads = (
        "元素 element",
        "名称 label",
        "必填",
        "标准字段 canonical",
        "写法或代码 form, codes",
        "方向",
        "损失 loss",
        "可信度",
    )
    for one in of.layouts.values():
        covered = coverage(one)
        needed = list(dict.fromkeys(_needed(one)))
        parts += [
            f"## {one.name} {one.title_zh} {one.title_en}",
            " · ".join(
                text
                for text in (
                    one.standard,
                    "公开格式 public layout" if one.public else "本项目自定 the project's own",
                    "、".join(one.formats),
                    f"{one.note_zh} {one.note_en}".strip(),
                )
                if text
            ),
            _table(heads, _rows(one)),
            f"填入 fills: {', '.join(f'`{field}`' for field in covered.fields) or '—'}",
            f"写出需要 needs: {', '.join(f'`{field}`' for field in needed) or '—'}",
            "元素 elements: "
            + ", ".join(f"{DIRECTIONS[name][0]} {name} {count}" for name, count in covered.by_direction.items())
            + " · 可信度 certainty: "
            + ", ".join(f"{name} {count}" for name, count in covered.by_certainty.items()),
        ]
    filled = {field.partition(".")[0] for one in of.layouts.values() for field in coverage(one).fields}
    absent = [element.name for element in elements(DepartmentRecord) if element.name not in filled]
    parts.append(f"本部门不填 not filled by this department: {', '.join(f'`{name}`' for name in absent)}")
    return "\n\n".join(parts)
