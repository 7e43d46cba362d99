"""What a county sends: a header, then records."""

from __future__ import annotations

from kunjing_exchange.model.element import Record, optional, required
from kunjing_exchange.model.types import (
    Count,
    CreditCode,
    Date,
    DateTime,
    Digest,
    DivisionCode,
    DocumentNo,
    GovernmentLevelCode,
    MessageTypeCode,
    Period,
    SchemeCode,
    SubmissionKindCode,
    Text100,
    VersionNo,
)


class Header(Record):
    """报送: who sends what to whom, for which period."""

    version: VersionNo = required("格式版本", "Wire version, 1.")
    message_type: MessageTypeCode = required("报文类型", "What the submission is.")
    edition: SchemeCode | None = optional("政策版本", "Policy edition the sender worked by.")
    sender_code: CreditCode | None = optional("报送单位代码", "Credit code of the sender.", standard="GB 32100-2015")
    sender_name: Text100 = required("报送单位", "Name of the sender.")
    sender_division: DivisionCode = required("报送单位行政区划", "Division of the sender.")
    sender_level: GovernmentLevelCode | None = optional("报送层级", "Level of the sender.")
    receiver_code: CreditCode | None = optional(
        "接收单位代码", "Credit code of the receiver.", standard="GB 32100-2015"
    )
    receiver_name: Text100 | None = optional("接收单位", "Name of the receiver.")
    receiver_division: DivisionCode | None = optional("接收单位行政区划", "Division of the receiver.")
    period: Period = required("报告期", "2017, 2017H2, 2017Q3 or 2017-09.")
    period_end: Date = required("截止日期", "Day the records are as of; ages and terms are judged on it.")
    sequence_no: Count | None = optional("序号", "Running number of the sender's submissions.")
    kind: SubmissionKindCode = required("报送方式", "Full, delta, correction or withdrawal.")
    submission_no: DocumentNo | None = optional("报送编号", "The sender's number of this submission.")
    replaces: DocumentNo | None = optional("替代报送编号", "Number of the submission this one replaces.")
    created_at: DateTime | None = optional("生成时间", "When it was made, local time of China.")
    record_count: Count | None = optional("记录数", "Number of records that follow.")
    digest: Digest | None = optional("摘要", "sha256 over the canonical JSON Lines of the records.")
