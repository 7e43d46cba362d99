"""Recognition as a child in difficulty, and the procedure that led to it."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required
from kunjing_exchange.model.types import (
    Date,
    DilemmaCategoryCode,
    DocumentNo,
    EndReasonCode,
    Flag,
    ProcedureResultCode,
    ProcedureStepCode,
    SchemeCode,
    Text100,
    Text200,
)


class Determination(Record):
    """困境认定: one category of one scheme, with its term. Several over time."""

    scheme: SchemeCode = required("认定方案", "Category scheme, such as henan-2017.")
    category: DilemmaCategoryCode = required("困境类别", "Category of the scheme.", clause="四")
    start_date: Date = required("认定日期", "Valid from this day.")
    end_date: Date | None = optional("终止日期", "Valid to this day; absent while it lasts.")
    decided_by: Text100 | None = optional("认定机关", "Body that decided.")
    document_no: DocumentNo | None = optional("认定文书编号", "Number of the decision.")
    review_date: Fact[Date] | None = optional("下次复核日期", "Day by which it has to be reviewed.", clause="五(一)")
    end_reason: EndReasonCode | None = optional("终止原因", "Why it ended.")
    principal: Flag | None = optional("是否主要类别", "The category counted where several hold.")
    note: Text200 | None = optional("备注", "Anything else.")


class Procedure(Record):
    """办理过程: one step of application, check, decision, review or appeal."""

    step: ProcedureStepCode = required("环节", "Which step.", clause="五(一)")
    step_date: Date = required("日期", "Day of the step.")
    office: Text100 | None = optional("办理单位", "Office that took it.")
    result: ProcedureResultCode | None = optional("结果", "Outcome of the step.")
    reason: Text200 | None = optional("原因", "Reason of a refusal or return.")
    document_no: DocumentNo | None = optional("文书编号", "Number of the document.")
    notified_on: Date | None = optional("告知日期", "Day on which the family was told.")
    publicised: Flag | None = optional("是否公示", "Whether it was made public; only where that is allowed.")
