"""Findings: what is wrong with data, said so that somebody can put it right.

A finding is returned, never raised. Its value is masked unless somebody asked for it: the mask keeps the shape
(``411303…`` → ``999999…``, ``张三`` → ``字字``) and nothing else.
"""

from __future__ import annotations

import enum
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from kunjing_exchange.errors import UnknownRule

__all__ = [
    "BUILT_IN",
    "BuiltIn",
    "Finding",
    "Location",
    "Path",
    "Problem",
    "Severity",
    "Verdict",
    "built_in",
    "clip",
    "mask",
    "path_text",
]

Path = tuple[str | int, ...]
"""Where in a record: ``("benefit", 1, "start_date")``; positions count from 0."""

VALUE_LIMIT = 80
"""Characters of a value that are ever shown."""


class Severity(enum.StrEnum):
    """How bad a finding is. Edition and configuration decide it, not the rule."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """3 for an error, 1 for an info."""
        return {"error": 3, "warning": 2, "info": 1}[self.value]


class Verdict(enum.StrEnum):
    """What is to become of a submission."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    PARTLY_ACCEPTED = "partly_accepted"
    REJECTED = "rejected"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding is. ``line`` counts from 1 in the file as it was sent; ``index`` is the record's position in a
    JSON array, ``offset`` its first byte; ``cell`` is ``待遇!D7``, or the element of a
    department's record; ``path`` is ``benefit[2]/start_date`` (from 1)."""

    file: str
    line: int | None = None
    cell: str | None = None
    index: int | None = None
    offset: int | None = None
    path: str | None = None
    record: str | None = None

    def as_dict(self) -> dict[str, str | int]:
        """The parts that are known, for JSON."""
        parts = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in parts.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding in the making: what a reader or a check saw, before severity, language and masking.

    ``facts`` are the message's named parameters. What comes from the input is here as it stands: ``value``, and names in
    ``name`` and ``path``, are masked when the finding is made, unless the models know the name.
    """

    id: str
    path: Path = ()
    line: int | None = None
    cell: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with its place, its rule and its remedy."""

    id: str
    severity: Severity
    message_zh: str
    message_en: str
    location: Location
    effect: str
    value: str | None = None
    expected: str | None = None
    clause: str | None = None
    fix_zh: str | None = None
    fix_en: str | None = None
    edition: str | None = None
    code_list: str | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same finding in the next submission: id, record and path, no line and no value."""
        parts = (self.id, self.location.record or str(self.location.index), self.location.path or "")
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    def message(self, lang: str) -> str:
        """The message in ``zh`` or ``en``."""
        return self.message_zh if lang == "zh" else self.message_en

    def as_dict(self, lang: str) -> dict[str, object]:
        """The finding for JSON; the keys are a promise to scripts."""
        parts: dict[str, object | None] = {
            "id": self.id,
            "severity": self.severity.value,
            "effect": self.effect,
            "message": self.message(lang),
            "location": self.location.as_dict(),
            "value": self.value,
            "expected": self.expected,
            "clause": self.clause,
            "fix": self.fix_zh if lang == "zh" else self.fix_en,
            "edition": self.edition,
            "code_list": self.code_list,
            "fingerprint": self.fingerprint,
        }
        return {name: value for name, value in parts.items() if value is not None}


def path_text(path: Path) -> str:
    """``("benefit", 1, "start_date")`` → ``benefit[2]/start_date``: positions count from 1, as XPath does."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f"/{step}"
    return text.removeprefix("/")


_SAFE_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}|[a-z_]{1,32}:[a-z0-9-]{1,48}:[0-9]{1,10}")
_LOOKS_PERSONAL = re.compile(r"[0-9]{15,}[0-9Xx]?")


def record_key(key: object) -> str | None:
    """A record's key as it may be shown: masked where it looks like a resident id or isn't a key at all."""
    if key is None:
        return None
    text = str(key)
    if _SAFE_KEY.fullmatch(text) and not _LOOKS_PERSONAL.search(text):
        return text
    return mask(text)


def clip(text: str) -> str:
    """What a problem keeps of a value or a name: one character more than is shown, and nothing that can't be printed."""
    return text[: VALUE_LIMIT + 1].encode("utf-8", "replace").decode()


def mask(value: str) -> str:
    """The shape of a value: digits 9, letters A or a, everything else that is written 字; punctuation stays."""
    shape = []
    for char in value[:VALUE_LIMIT]:
        category = unicodedata.category(char)
        if category == "Nd":
            shape.append("9")
        elif char.isascii() and char.isalpha():
            shape.append("A" if char.isupper() else "a")
        elif category[0] in "LMN":
            shape.append("字")
        elif category[0] == "C":
            shape.append("?")
        else:
            shape.append(char)
    return "".join(shape) + ("…" if len(value) > VALUE_LIMIT else "")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A finding that no SQL rule makes: of reading, schema, codes or identifiers."""

    id: str
    layer: str
    severity: Severity
    effect: str
    title_zh: str
    title_en: str
    message_zh: str
    message_en: str
    fix_zh: str
    fix_en: str
    source: str


def _catalogue() -> dict[str, BuiltIn]:
    error, warning, info = Severity.ERROR, Severity.WARNING, Severity.INFO
    xml, json = "XML 1.0", "RFC 8259"
    own = "kunjing_exchange v1"
    rows: tuple[tuple[str, str, Severity, str, str, str, str, str, str, str, str], ...] = (
        # reading: the document -------------------------------------------------------------------------------------
        ("KJ-SYS-001", "reading", error, "submission", "文档不完整或不合语法", "Document broken",
         "文件在此处中断或不合语法，其后的内容未读取。", "The file breaks here; what follows was not read.",
         "重新导出或重新传送文件", "Export or send the file again", f"{xml}; {json}"),
        ("KJ-SYS-002", "reading", error, "record", "记录不合语法", "Record broken",
         "这条记录不合语法，无法读取；其余记录照常检查。", "This record is broken and can't be read; the others are checked.",
         "检查此处的标点、引号和标签是否配对", "Check quotes, brackets and tags here", f"{xml}; {json}"),
        ("KJ-SYS-003", "reading", error, "submission", "拒绝文档类型定义", "DTD refused",
         "文件含有文档类型定义（DOCTYPE），出于安全不予读取。", "The file has a DOCTYPE; it is refused for safety.",
         "去掉 DOCTYPE 和自定义实体", "Remove the DOCTYPE and its entities", "OWASP XXE"),
        ("KJ-SYS-004", "reading", error, "record", "超过限制", "Limit exceeded",
         "超过限制 {limit}（上限 {maximum}）。", "Over the limit {limit} (at most {maximum}).",
         "拆分内容，或由管理员调高限制", "Split the content, or raise the limit", own),
        ("KJ-SYS-005", "reading", error, "record", "JSON 键重复", "Duplicate JSON key",
         "同一对象内键“{name}”重复出现，无法判断以哪一个为准。", "Key “{name}” is repeated in one object.",
         "删除多余的键", "Remove the extra key", json),
        ("KJ-SYS-006", "reading", error, "record", "非法数值", "NaN or Infinity",
         "出现 NaN 或 Infinity,JSON 不允许。", "NaN or Infinity is no JSON.",
         "删去该值，或写明未知原因", "Remove the value, or give the reason it is unknown", json),
        ("KJ-SYS-007", "reading", info, "none", "字符编码说明", "Encoding notice",
         "文件按 {encoding} 解码。", "The file was decoded as {encoding}.",
         "建议改用 UTF-8", "Prefer UTF-8", "GB 18030-2022"),
        ("KJ-SYS-008", "reading", error, "record", "字节不合编码", "Bytes don't fit the encoding",
         "此处字节不合 {encoding} 编码。", "Bytes here are not {encoding}.",
         "用正确编码重新导出", "Export again in the right encoding", "GB 18030-2022"),
        ("KJ-SYS-009", "reading", error, "submission", "未知的格式版本", "Unknown version",
         "格式版本或命名空间不是本系统支持的 v1。", "Version or namespace is not the v1 that is supported.",
         "用 v1 重新导出", "Export again as v1", own),
        ("KJ-SYS-010", "reading", error, "submission", "缺少报送头", "Header missing",
         "没有报送头，无法判断报送单位和报告期。", "There is no header: sender and period are not known.",
         "补上报送头", "Add the header", own),
        ("KJ-SYS-011", "reading", error, "submission", "报送头位置不对", "Header misplaced",
         "报送头应当是第一项且只有一个。", "The header has to come first, once.",
         "把报送头移到所有记录之前", "Move the header before the records", own),
        ("KJ-SYS-012", "reading", error, "submission", "记录之外的内容", "Content outside records",
         "记录之外有无法识别的内容。", "There is unknown content outside the records.",
         "删除该内容", "Remove it", own),
        ("KJ-SYS-013", "reading", warning, "none", "没有记录", "No records",
         "报送中没有任何记录。", "The submission holds no record.",
         "确认是否为零报告", "Check that nothing was to be reported", own),
        ("KJ-SYS-014", "reading", info, "none", "字形近似的间隔号", "Look-alike middle dot",
         "姓名中的间隔号不是规范的“·”（U+00B7）。", "The middle dot in the name is not U+00B7.",
         "改为“·”", "Use U+00B7", "公安部 户籍姓名间隔号"),
        ("KJ-SYS-015", "reading", info, "none", "上次报送未能全部读取", "Previous submission not read whole",
         "上次报送有 {count} 条档案未参与比对，或未读到末尾；以某档案不在其中为据的规则对没有对应档案的记录不作判断。",
         "{count} case files of the previous submission were left out, or it breaks off: nothing is said of a file that"
         " has no counterpart.",
         "先更正上次报送，再作比对", "Correct the previous submission, then compare", own),
        # schema ----------------------------------------------------------------------------------------------------
        ("KJ-SYS-020", "schema", error, "record", "未定义的字段", "Unknown field",
         "“{name}”不是这里定义的字段。", "“{name}” is not a field here.",
         "删除该字段，或改正字段名", "Remove the field or correct its name", own),
        ("KJ-SYS-021", "schema", error, "record", "缺少必填字段", "Required field missing",
         "缺少必填字段“{title}”（{name}）。", "The required field {name} is missing.",
         "补填；不掌握的写明未知原因", "Fill it in, or give the reason it is unknown", own),
        ("KJ-SYS-022", "schema", error, "record", "数据类型不符", "Wrong type",
         "“{title}”的数据类型不符，应为 {expected}。", "{name} has the wrong type: {expected} is expected.",
         "编号和代码一律用文本", "Write numbers and codes as text", own),
        ("KJ-SYS-023", "schema", error, "record", "格式不符", "Wrong format",
         "“{title}”不合格式，应为 {expected}。", "{name} does not fit its format {expected}.",
         "按格式改正；日期须真实存在", "Correct it; a date has to exist", own),
        ("KJ-SYS-024", "schema", error, "record", "长度不符", "Wrong length",
         "“{title}”长度不符，应为 {expected}。", "{name} has the wrong length: {expected}.",
         "缩短或补全", "Shorten or complete it", own),
        ("KJ-SYS-025", "schema", error, "record", "字段重复", "Field repeated",
         "“{title}”只能出现一次。", "{name} may occur once.", "删除多余的一项", "Remove the extra one", own),
        ("KJ-SYS-026", "schema", error, "record", "字段次序不符", "Wrong order",
         "“{title}”的位置不符合规定的次序。", "{name} is not in its place in the order.",
         "按规定次序排列", "Put it in order", own),
        ("KJ-SYS-027", "schema", error, "record", "未知标记不完整", "Unknown without reason",
         "“{title}”标为未知，但原因缺失，或同时给出了值。", "{name} is unknown without a reason, or has a value too.",
         "要么给值，要么写明未知原因", "Give a value or a reason, not both", own),
        ("KJ-SYS-028", "schema", error, "record", "空值", "Empty value",
         "“{title}”为空；没有就不要写出该字段。", "{name} is empty; leave an absent field out.",
         "删除空字段，或写明未知原因", "Remove it, or give the reason it is unknown", own),
        # spreadsheets ----------------------------------------------------------------------------------------------
        ("KJ-SYS-040", "reading", error, "record", "编号被存成数字", "Number stored as a number",
         "“{title}”这一格存成了数字，前导零和末尾数位可能已经丢失。", "{name} is stored as a number; digits may be lost.",
         "把该列设为文本格式，再从原始材料重新录入", "Format the column as text and type the value again", own),
        ("KJ-SYS-041", "reading", warning, "none", "列标题无法识别", "Unknown heading",
         "列标题“{name}”无法识别，该列未读取。", "Heading “{name}” is unknown; the column was not read.",
         "改用模板的标题，或删除该列", "Use the template's heading or remove the column", own),
        ("KJ-SYS-042", "reading", warning, "none", "工作表无法识别", "Unknown sheet",
         "第 {position} 张工作表“{name}”无法识别，未读取。", "Sheet {position}, “{name}”, is unknown and was not read.",
         "改用模板的表名，或删除该表", "Use the template's name or remove the sheet", own),
        ("KJ-SYS-043", "reading", error, "submission", "缺少必需的列", "Required column missing",
         "工作表缺少列“{title}”。", "The sheet lacks the column {title}.", "补上该列", "Add the column", own),
        ("KJ-SYS-044", "reading", error, "submission", "行找不到所属档案", "Row without its file",
         "这一行的档案编号或上级序号对不上，未读取。", "The row's case number or parent matches nothing; it was not read.",
         "核对档案编号", "Check the case number", own),
        ("KJ-SYS-045", "reading", warning, "none", "列标题重复", "Heading repeated",
         "列标题“{name}”重复，只读取第一列。", "Heading “{name}” is repeated; only the first was read.",
         "删除或改名多余的列", "Remove or rename the extra column", own),
        ("KJ-SYS-046", "reading", error, "record", "单元格是公式或错误值", "Formula or error in a cell",
         "“{title}”这一格是公式结果或错误值。", "{name} is a formula or an error.",
         "粘贴为值", "Paste it as a value", own),
        ("KJ-SYS-047", "reading", info, "none", "日期按表格日期读取", "Spreadsheet date",
         "“{title}”以表格日期存放，已按日期读取。", "{name} is a spreadsheet date and was read as a date.",
         "建议把该列设为文本", "Prefer a text column", own),
        ("KJ-SYS-048", "reading", error, "record", "主表中的键重复", "Key repeated in the main sheet",
         "主表中档案编号重复，从表无法判断归属。", "The key is repeated in the main sheet; other sheets can't be matched.",
         "改正重复的档案编号", "Correct the repeated number", own),
        # engine ----------------------------------------------------------------------------------------------------
        ("KJ-SYS-090", "rules", error, "submission", "规则未能运行", "A rule crashed",
         "规则 {rule} 未能运行，本次报送的结论不能确定。", "Rule {rule} crashed; the verdict is undetermined.",
         "向软件维护方报告", "Report it to the maintainers", own),
        ("KJ-SYS-091", "reading", error, "submission", "文件未能读完", "The file was not read to its end",
         "读取进程两次中断，从第 {offset} 字节起没有读，本次报送的结论不能确定。",
         "A worker process died twice: nothing was read from byte {offset} on; the verdict is undetermined.",
         "检查内存是否够用，或用 --jobs 1 重新运行", "Look whether memory suffices, or run again with --jobs 1", own),
        # codes -----------------------------------------------------------------------------------------------------
        ("KJ-CODE-001", "codes", error, "record", "代码不在代码表中", "Code not in the list",
         "“{title}”的代码不在代码表 {code_list}({edition})中。", "{name} is not in code list {code_list} ({edition}).",
         "查代码表改正", "Look it up in the list", "GB/T 2260 等"),
        ("KJ-CODE-002", "codes", warning, "none", "代码当日不在有效期", "Code not in force",
         "“{title}”的代码在 {on} 不在有效期内。", "{name} was not in force on {on}.",
         "改用当日有效的代码，或确认为历史代码", "Use the code in force on that day", "GB/T 2260 等"),
        ("KJ-CODE-003", "codes", warning, "none", "代码可能比代码表新", "Code may be newer than the list",
         "“{title}”的代码不在代码表 {code_list} 中，该表更新于 {updated}，代码可能更新。",
         "{name} is not in {code_list}, which dates from {updated}; the code may be newer.",
         "更新代码表后再查", "Update the list", "GB/T 2260 等"),
        ("KJ-CODE-004", "codes", warning, "none", "统计用区划代码", "Statistical-only division",
         "“{title}”是统计用区划代码，不是 GB/T 2260 行政区划。", "{name} is a statistical code, no GB/T 2260 division.",
         "改用民政部门的区划代码", "Use the GB/T 2260 code", "GB/T 2260; 统计用区划代码"),
        # identifiers -----------------------------------------------------------------------------------------------
        ("KJ-ID-001", "identifiers", error, "record", "证件号码长度不符", "Identifier: length",
         "“{title}”长度不符。", "{name} has the wrong length.", "核对原证件", "Check the document", "GB 11643 等"),
        ("KJ-ID-002", "identifiers", error, "record", "证件号码字符不符", "Identifier: characters",
         "“{title}”含有不允许的字符。", "{name} has characters that may not occur.",
         "核对原证件", "Check the document", "GB 11643 等"),
        ("KJ-ID-003", "identifiers", error, "record", "证件号码中的日期不存在", "Identifier: date",
         "“{title}”中的日期不存在。", "The date in {name} does not exist.",
         "核对原证件", "Check the document", "GB 11643 等"),
        ("KJ-ID-004", "identifiers", error, "record", "证件号码校验码不符", "Identifier: check digit",
         "“{title}”的校验码不符，可能录错了数位。", "The check digit of {name} is wrong; a digit may be mistyped.",
         "核对原证件", "Check the document", "GB 11643; GB 32100"),
        ("KJ-ID-005", "identifiers", warning, "none", "证件号码中的区划代码未见", "Identifier: division",
         "“{title}”中的区划代码在出生当年及以后的代码表中未见。", "The division in {name} is in no list since the birth year.",
         "核对原证件", "Check the document", "GB/T 2260"),
        ("KJ-ID-006", "identifiers", warning, "none", "15 位身份证号码", "Fifteen-digit resident id",
         "“{title}”是 15 位的旧号码。", "{name} is a legacy id of 15 digits.",
         "换成 18 位号码", "Replace it by the id of 18", "GB 11643-1999"),
        # departments -----------------------------------------------------------------------------------------------
        ("KJ-DEPT-001", "department", warning, "none", "部门格式中没有的元素", "Element unknown to the layout",
         "“{name}”不是该部门格式的元素，未读取。", "“{name}” is no element of the layout; it was not read.",
         "核对元素名，或删除该项", "Check the element's name, or remove it", own),
        ("KJ-DEPT-002", "department", error, "record", "部门格式的必填元素缺失", "Required element missing",
         "缺少必填元素“{element}”。", "The required element {element} is missing.",
         "补填该元素", "Fill it in", own),
        ("KJ-DEPT-003", "department", error, "record", "部门元素的值不合格式", "Value does not fit the element",
         "“{element}”的值不合格式（{expected}），未转入标准记录。", "The value of {element} does not fit ({expected}); it was not carried over.",
         "按部门格式改正", "Correct it by the department's layout", own),
        ("KJ-DEPT-004", "department", error, "record", "代码不在部门代码表中", "Code not in the department's list",
         "“{element}”的代码不在代码表 {expected} 中。", "The code of {element} is not in the list {expected}.",
         "查部门代码表改正", "Look it up in the department's list", own),
        ("KJ-DEPT-005", "department", warning, "none", "代码没有对应", "Code without a counterpart",
         "“{element}”的代码在另一方的代码表中没有对应，未转换，不作猜测。",
         "The code of {element} has no counterpart in the other list; it was left out, not guessed.",
         "人工核实后补填", "Find out and fill it in by hand", own),
        ("KJ-DEPT-006", "department", error, "submission", "找不到部门格式的标题行", "Heading row not found",
         "没有找到 {layout} 的标题行。", "No heading row of {layout} was found.",
         "标题行放在前六行之内，名称与部门格式一致", "Put the heading in the first six rows, with the layout's names", own),
        ("KJ-DEPT-007", "department", error, "submission", "部门格式的必填列缺失", "Required column missing",
         "缺少必填列“{element}”。", "The required column {element} is missing.",
         "补上该列", "Add the column", own),
        # across the submission -------------------------------------------------------------------------------------
        ("KJ-BATCH-001", "header", error, "submission", "记录数与报送头不符", "Record count differs",
         "报送头写 {expected} 条，实有 {found} 条。", "The header says {expected} records, there are {found}.",
         "重新导出，勿手工删改", "Export again", own),
        ("KJ-BATCH-002", "header", error, "submission", "摘要与报送头不符", "Digest differs",
         "记录的摘要与报送头不符，内容在生成后被改动。", "The digest differs: the records were changed after it was made.",
         "重新生成报送文件", "Make the submission again", own),
        # statistical tables and aggregated returns -----------------------------------------------------------------
        ("KJ-REP-001", "report", error, "submission", "汇总表不合格式", "Return not of the form",
         "汇总表在 {column} 处不合格式。", "The return is not of the form at {column}.",
         "用 kunjing report --disclosure none --format json 重新生成",
         "Make it again with kunjing report --disclosure none --format json", own),
        ("KJ-REP-002", "report", error, "submission", "分项之和与合计不符", "Parts don't add up",
         "{table} 表 {division} 行 {column} 为 {found}，按分项应为 {expected}。",
         "Table {table}, row {division}: {column} is {found}, its parts come to {expected}.",
         "核对该行各分项", "Check the parts in this row", own),
        ("KJ-REP-003", "report", error, "submission", "下级之和与上级不符", "Divisions don't add up",
         "{table} 表 {division} 的 {column} 为 {found}，各行之和为 {expected}。",
         "Table {table}, {division}: {column} is {found}, the rows below come to {expected}.",
         "核对各行与合计", "Check rows and total", own),
        ("KJ-REP-004", "report", error, "submission", "两表的同一指标不符", "Two tables differ",
         "{table} 表 {division} 的 {column} 为 {found}，另一表为 {expected}。",
         "Table {table}, {division}: {column} is {found}, the other table has {expected}.",
         "两表用同一份档案重新汇总", "Make both tables of the same case files", own),
        ("KJ-REP-005", "report", error, "submission", "期初与上期期末不符", "Opening is not the last closing",
         "{division} 的期初为 {found}，上期期末为 {expected}。",
         "{division}: the opening figure is {found}, the last closing one {expected}.",
         "核对上期汇总后的更正", "Check what was corrected since", own),
        ("KJ-REP-006", "report", warning, "none", "与上期相比变动过大", "Changed a lot since the last return",
         "{table} 表 {division} 的 {column} 为 {found}，上期为 {expected}。",
         "Table {table}, {division}: {column} is {found}, it was {expected}.",
         "核实变动，属实的不需更正", "Make sure; nothing to do where it is so", own),
        ("KJ-REP-007", "report", warning, "none", "与本级按档案的汇总不符", "Differs from the own count",
         "{table} 表 {division} 的 {column} 报 {found}，按档案汇总为 {expected}。",
         "Table {table}, {division}: {column} is returned as {found}, the case files come to {expected}.",
         "与填报单位核对", "Settle it with the sender", own),
        ("KJ-REP-008", "report", error, "submission", "同一行政区划报了两次", "A division returned twice",
         "{table} 表的 {division} 在 {earlier} 中已有。", "{division} of table {table} is in {earlier} already.",
         "只保留一份", "Keep one of them", own),
        ("KJ-REP-009", "report", error, "submission", "汇总表有不公布的数字", "A return hides figures",
         "{table} 表 {division} 有 {found} 个数字不公布，不能相加：{columns}。",
         "Table {table}, {division}: {found} figures are not published and can't be added: {columns}.",
         "用 kunjing report --disclosure none --format json 重新生成", "Make it again with kunjing report --disclosure none "
         "--format json", own),
    )  # fmt: skip
    return {row[0]: BuiltIn(*row) for row in rows}


BUILT_IN: Mapping[str, BuiltIn] = _catalogue()
"""The built-in findings by id. Ids are permanent: never renumbered, never reused."""


def built_in(finding_id: str) -> BuiltIn:
    """The catalogue entry of a built-in finding.

    Raises:
        UnknownRule: there is none of that id.
    """
    try:
        return BUILT_IN[finding_id]
    except KeyError:
        raise UnknownRule(f"没有编号为 {finding_id} 的发现", f"no finding has the id {finding_id}") from None
