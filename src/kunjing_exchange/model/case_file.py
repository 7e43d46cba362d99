"""One file per child (一人一档): the aggregate that everything hangs on."""

from __future__ import annotations

from kunjing_exchange.model.benefit import Benefit, ProtectionGap
from kunjing_exchange.model.child import Child, Circumstances, Disability, Illness
from kunjing_exchange.model.determination import Determination, Procedure
from kunjing_exchange.model.element import Fact, Record, optional, required, several
from kunjing_exchange.model.guardian import CareArrangement, CareInquiry, Guardian, ParentSituation
from kunjing_exchange.model.household import Household
from kunjing_exchange.model.insurance import Insurance
from kunjing_exchange.model.safety import SafetyEvent
from kunjing_exchange.model.schooling import Schooling
from kunjing_exchange.model.service import Handover, Referral, Service, Visit
from kunjing_exchange.model.types import (
    CaseId,
    CaseStatusCode,
    ChangeKindCode,
    Date,
    DivisionCode,
    DocumentNo,
    ExitReasonCode,
    GuardianshipStatusCode,
    Name,
    Text100,
    TownshipCode,
    VillageCode,
)


class CaseFile(Record):
    """档案: the file of one child."""

    case_id: CaseId = required(
        "档案编号", "Number of the file, unique in the county; never a resident id.", clause="六(一)"
    )
    division: DivisionCode = required("责任县区", "County responsible for the child.", clause="宛 二")
    township: Fact[TownshipCode] | None = optional("责任乡镇街道", "Township responsible.", standard="GB/T 10114-2003")
    village: Fact[VillageCode] | None = optional("责任村居", "Village or neighbourhood responsible.")
    worker_name: Name | None = optional("责任人", "Worker responsible, as named on the file.")
    filing_date: Fact[Date] | None = optional("备案日期", "Day of registration and filing.", clause="宛 一")
    filing_no: DocumentNo | None = optional("备案编号", "Number of the filing.")
    filing_office: Text100 | None = optional("备案机关", "Office that filed it.")
    status: CaseStatusCode = required("档案状态", "Open, suspended or closed.", clause="五(一)")
    opened_on: Date = required("建档日期", "Day the file was opened.")
    closed_on: Date | None = optional("结案日期", "Day the file was closed.")
    exit_reason: ExitReasonCode | None = optional("退出原因", "Why the child left the register.", clause="五(一)")
    guardianship_status: Fact[GuardianshipStatusCode] | None = optional(
        "监护情况", "How the child is looked after.", clause="五(四)"
    )
    change: ChangeKindCode | None = optional("变更类型", "What a delta does with this record.")
    child: Child = required("儿童", "The child.")
    circumstances: Circumstances | None = optional("困难情形", "What is lacking.")
    household: Household | None = optional("家庭", "The household.")
    parent_situation: tuple[ParentSituation, ...] = several("父母状况", "Situations of the parents.")
    guardian: tuple[Guardian, ...] = several("监护人", "Guardians over time.")
    care_arrangement: tuple[CareArrangement, ...] = several("安置照料", "Placements over time.")
    care_inquiry: tuple[CareInquiry, ...] = several("监护询问", "Inquiries about care.", clause="五(四)")
    determination: tuple[Determination, ...] = several("困境认定", "Recognitions over time.", clause="四")
    procedure: tuple[Procedure, ...] = several("办理过程", "Steps of the procedure.")
    disability: tuple[Disability, ...] = several("残疾", "Disabilities.")
    illness: tuple[Illness, ...] = several("疾病", "Serious illnesses.")
    schooling: tuple[Schooling, ...] = several("就学", "Schooling over time.")
    insurance: tuple[Insurance, ...] = several("医保", "Insurance by year.")
    benefit: tuple[Benefit, ...] = several("待遇", "Benefits.")
    protection_gap: tuple[ProtectionGap, ...] = several("未保障", "Fields without protection.")
    service: tuple[Service, ...] = several("服务", "Services.")
    safety_event: tuple[SafetyEvent, ...] = several("安全保护", "Events of harm.", restricted=True)
    visit: tuple[Visit, ...] = several("走访", "Visits.", clause="六(一)")
    referral: tuple[Referral, ...] = several("转介", "Referrals.")
    handover: tuple[Handover, ...] = several("转接", "Handovers between counties.")
