"""Protection from harm: report, response, assessment, intervention."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required
from kunjing_exchange.model.types import (
    DateTime,
    DocumentNo,
    Flag,
    HarmKindCode,
    ReportCircumstanceCode,
    ReporterRoleCode,
    ReportSourceCode,
    SafetyOutcomeCode,
    Text100,
    Text200,
    Text500,
)


class SafetyEvent(Record):
    """安全保护: one event through 强制报告, 应急处置, 评估帮扶 and 监护干预."""

    source: ReportSourceCode = required("线索来源", "Where the report came from.", clause="五(四)")
    reporter_role: ReporterRoleCode | None = optional(
        "报告人身份", "Role of the reporter; never the name.", restricted=True
    )
    circumstance: ReportCircumstanceCode | None = optional(
        "报告情形", "Circumstance by the reporting rules.", restricted=True
    )
    harm: HarmKindCode = required("侵害类型", "Kind of harm.", restricted=True)
    found_at: DateTime | None = optional("发现时间", "When it was found.")
    place: Text200 | None = optional("发现地点", "Where it was found.", restricted=True)
    reported_at: DateTime = required("报告时间", "When it was reported.", clause="六(一)")
    police_station: Text100 | None = optional("接报公安机关", "Police station that took the report.")
    police_case_no: DocumentNo | None = optional("案件编号", "Number of the police case.", restricted=True)
    responded_at: DateTime | None = optional("应急处置时间", "When help began.", clause="六(一)")
    assessed_at: DateTime | None = optional("评估帮扶时间", "When the assessment was made.", clause="六(一)")
    intervened_at: DateTime | None = optional("监护干预时间", "When guardianship was intervened in.", clause="六(一)")
    admonished: Flag | None = optional("是否训诫", "Guardian admonished by the police.", clause="五(四)")
    ruling_no: DocumentNo | None = optional("裁定文书编号", "Number of the court ruling.", restricted=True)
    liability: Fact[Text200] | None = optional("追责情况", "Liability pursued.", clause="五(四)", restricted=True)
    outcome: SafetyOutcomeCode | None = optional("处置结果", "Outcome.")
    description: Text500 | None = optional("情况描述", "What happened.", restricted=True)
    evidence: Text500 | None = optional("初步核实及材料", "What was verified, what is attached.", restricted=True)
    authority_notice: Text200 | None = optional("向主管机关备案情况", "Notice to the reporting unit's own authority.")
    feedback: Text500 | None = optional("处置反馈", "What the police answered to the reporting unit.", restricted=True)
