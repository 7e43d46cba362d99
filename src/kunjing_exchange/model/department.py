"""What one department holds about one child: the canonical form of every departmental record."""

from __future__ import annotations

from kunjing_exchange.model.benefit import Benefit, ProtectionGap
from kunjing_exchange.model.child import ChildFacts, Disability, Illness
from kunjing_exchange.model.determination import Determination, Procedure
from kunjing_exchange.model.element import Fact, Record, optional, required, several
from kunjing_exchange.model.guardian import CareArrangement, CareInquiry, Guardian, ParentSituation
from kunjing_exchange.model.household import Household
from kunjing_exchange.model.insurance import Insurance, MedicalAssistance
from kunjing_exchange.model.safety import SafetyEvent
from kunjing_exchange.model.schooling import Schooling
from kunjing_exchange.model.service import Handover, Referral, Service
from kunjing_exchange.model.types import (
    BasicLifeMeasures,
    CaseId,
    ClaimKindCode,
    CorrectionKindCode,
    Date,
    DepartmentCode,
    DilemmaCategoryCode,
    DisabilityWelfareMeasures,
    DivisionCode,
    DocumentNo,
    EducationLevelCode,
    EducationMeasureCode,
    EmploymentCode,
    EthnicityCode,
    FamilyRelationCode,
    Flag,
    GuardianshipStatusCode,
    HealthStatusCode,
    IdDocumentTypeCode,
    IdentityCheckCode,
    IdNumber,
    LayoutName,
    MedicalMeasures,
    Month,
    Name,
    NationalityCode,
    RollChangeKindCode,
    RollChangeReasonCode,
    SchoolCode,
    SexCode,
    SourceKey,
    Telephone,
    Text20,
    Text50,
    Text100,
    Text200,
    Text500,
    TownshipCode,
    VillageCode,
)


class Relative(Record):
    """亲属: a relative of the child as a department knows it."""

    name: Name = required("亲属姓名", "Name.")
    relation_to_child: Fact[FamilyRelationCode] = required(
        "与儿童关系", "What the relative is to the child.", standard="GB/T 4761-2008"
    )
    relation_note: Text50 | None = optional("关系说明", "The relation in words where no code fits.")
    id_document_type: IdDocumentTypeCode | None = optional("证件类型", "Kind of identity document.")
    id_number: Fact[IdNumber] | None = optional(
        "证件号码", "Number of the identity document.", standard="GB 11643-1999"
    )
    sex: SexCode | None = optional("性别", "Sex.")
    birth_date: Fact[Date] | None = optional("出生日期", "Day of birth.")
    birth_month: Month | None = optional("出生年月", "Month of birth, where the department holds no day.")
    ethnicity: Fact[EthnicityCode] | None = optional("民族", "Ethnic group.")
    nationality: NationalityCode | None = optional("国籍", "Nationality, three letters.")
    education_level: Fact[EducationLevelCode] | None = optional("文化程度", "Highest education.")
    health_status: Fact[HealthStatusCode] | None = optional("健康状况", "State of health.")
    employment: Fact[EmploymentCode] | None = optional("从业状况", "Employment.")
    employer: Text100 | None = optional("工作单位", "Where the relative works.")
    duty: Text50 | None = optional("职务", "Duty at work.")
    work_place: Text200 | None = optional("务工地点", "Where the relative works away from home.")
    guardian: Flag | None = optional("是否监护人", "Marked as a guardian.")
    able_to_support: Flag | None = optional("有无监护能力", "Able to look after the child.")
    telephone: Telephone | None = optional("联系电话", "Telephone.")
    mobile: Telephone | None = optional("手机号码", "Mobile telephone.")
    address: Text200 | None = optional("住址", "Address.")
    hukou_division: Fact[DivisionCode] | None = optional("户籍地行政区划", "County of the household registration.")


class Claim(Record):
    """标识: a mark that an office puts on a child (孤儿, 低保, 留守 …); what it says, not what is so."""

    kind: ClaimKindCode = required("标识种类", "What the mark says.")
    value: Flag = required("是否", "Whether the office says that it holds.")
    local_code: Text20 | None = optional("本部门代码", "The office's own code, by its own list.")
    level: Text20 | None = optional("等级", "Grade within the kind, by the office's own list.")
    start_date: Fact[Date] | None = optional("起始日期", "From this day.")
    end_date: Date | None = optional("终止日期", "To this day; absent while it lasts.")
    document_no: DocumentNo | None = optional("证件或文书编号", "Certificate or decision it rests on.")
    note: Text500 | None = optional("备注", "Anything else.")


class RollChange(Record):
    """学籍异动: one change of the school roll."""

    kind: RollChangeKindCode = required("异动类别", "What changed.", standard="JY/T 1001-2012 XJYDLB")
    change_date: Date = required("异动日期", "Day of the change.")
    reason: RollChangeReasonCode | None = optional("异动原因", "Why.", standard="JY/T 1001-2012 XJYDYY")
    approval_date: Date | None = optional("审批日期", "Day of the approval.")
    approval_no: DocumentNo | None = optional("审批文号", "Number of the approval.")
    from_school: SchoolCode | None = optional("来源学校", "School the pupil comes from.")
    to_school: SchoolCode | None = optional("去向学校", "School the pupil goes to.")
    old_class: Text20 | None = optional("原班号", "Class before.")
    old_grade: Text20 | None = optional("原年级", "Grade before.")
    new_class: Text20 | None = optional("现班号", "Class afterwards.")
    new_grade: Text20 | None = optional("现年级", "Grade afterwards.")
    note: Text200 | None = optional("异动说明", "Anything else.")


class Correction(Record):
    """更正: one field that a sender corrects, or a record that it withdraws."""

    kind: CorrectionKindCode = required("更正类型", "Correction or withdrawal.")
    field: Text100 | None = optional(
        "更正字段", "Path of the field, such as child/birth_date; absent for a withdrawal."
    )
    reason: Text200 = required("更正原因", "Why.")
    decided_on: Date = required("更正日期", "Day of the decision.")
    decided_by: Text100 | None = optional("更正单位", "Office that decided.")


class Registration(Record):
    """登记情况: what a register or survey form says of the child, in its own codes and words; no recognition."""

    category: DilemmaCategoryCode | None = optional("困境类别", "Category that the form names.", clause="四")
    cause_child: Text200 | None = optional("儿童本身原因", "Cause of the difficulty that lies in the child.")
    cause_family: Text200 | None = optional("家庭原因", "Cause that lies in the family.")
    cause_guardianship: Text200 | None = optional("监护缺失原因", "Cause that lies in missing guardianship.")
    basic_life: BasicLifeMeasures | None = optional(
        "基本生活保障", "Measures of basic living; several codes, or 0 for none.", clause="五(一)"
    )
    education: EducationMeasureCode | None = optional("教育保障", "Measure of education; one only.", clause="五(三)")
    medical: MedicalMeasures | None = optional(
        "医疗保障", "Measures of medical care; several codes, or 0 for none.", clause="五(二)"
    )
    disability_welfare: DisabilityWelfareMeasures | None = optional(
        "残疾儿童福利服务", "Services for a disabled child; several codes, or 0 for none.", clause="五(五)"
    )
    schooling_state: Text20 | None = optional("就学情况", "Whether and where at school, in the form's own words.")
    guardianship_state: Text50 | None = optional("监护类型", "How the child is looked after, in the form's own words.")
    assistance: Text100 | None = optional("救助帮扶情况", "Help that the family is given, in the form's own words.")


class DepartmentRecord(Record):
    """部门数据: what one department holds about one child on a day, with its source."""

    record_key: SourceKey = required(
        "来源记录编号", "Layout and place in the source: disability_federation:certificate:12."
    )
    department: DepartmentCode = required("来源部门", "Department whose record it is.")
    layout: LayoutName = required("来源格式", "Layout it was read in, such as education:student.")
    as_of: Date = required("数据截止日期", "Day the department's data are as of.")
    division: Fact[DivisionCode] | None = optional("数据来源行政区划", "County of the department that holds it.")
    township: Fact[TownshipCode] | None = optional("责任乡镇街道", "Township responsible.", standard="GB/T 10114-2003")
    village: Fact[VillageCode] | None = optional("责任村居", "Village or neighbourhood responsible.")
    reporting_unit: Text100 | None = optional("填报单位", "Unit that filled it in.")
    reported_on: Date | None = optional("填报日期", "Day on which it was filled in.")
    source_no: Text50 | None = optional("部门记录编号", "The department's own number of the record.")
    person_no: IdNumber | None = optional(
        "人员编号", "The department's own number of the child, by which its tables are joined."
    )
    valid: Flag | None = optional("是否有效", "False where the department keeps the record as void.")
    answered: Flag | None = optional("是否成功答复", "False where an inquiry ended in an error.")
    failure: Text200 | None = optional("失败原因", "Why an inquiry ended in an error.")
    note: Text500 | None = optional("备注", "Anything else.")
    case_id: CaseId | None = optional("档案编号", "Number of the case file, where the department was told it.")
    identity_check: IdentityCheckCode | None = optional(
        "身份核验结果", "What the police register says of name and number."
    )
    guardianship_status: Fact[GuardianshipStatusCode] | None = optional(
        "监护情况", "How the child is looked after.", clause="五(四)"
    )
    child: ChildFacts | None = optional("儿童信息", "Who the child is.")
    registration: Registration | None = optional("登记情况", "What a register or survey form says.")
    relative: tuple[Relative, ...] = several("亲属", "Relatives.")
    claim: tuple[Claim, ...] = several("标识", "Marks put on the child.")
    household: Household | None = optional("家庭", "The household.")
    parent_situation: tuple[ParentSituation, ...] = several("父母状况", "Situations of the parents.")
    guardian: tuple[Guardian, ...] = several("监护人", "Guardians.")
    care_arrangement: tuple[CareArrangement, ...] = several("安置照料", "Placements.")
    care_inquiry: tuple[CareInquiry, ...] = several("监护询问", "Inquiries about care.", clause="五(四)")
    determination: tuple[Determination, ...] = several("困境认定", "Recognitions.", clause="四")
    procedure: tuple[Procedure, ...] = several("办理过程", "Steps of the procedure.")
    disability: tuple[Disability, ...] = several("残疾", "Disabilities.")
    illness: tuple[Illness, ...] = several("疾病", "Serious illnesses.")
    schooling: tuple[Schooling, ...] = several("就学", "Schooling.")
    roll_change: tuple[RollChange, ...] = several("学籍异动", "Changes of the school roll.")
    insurance: tuple[Insurance, ...] = several("医保", "Insurance.")
    medical_assistance: tuple[MedicalAssistance, ...] = several(
        "医疗救助", "Settlements of medical costs.", clause="五(二)"
    )
    benefit: tuple[Benefit, ...] = several("待遇", "Benefits.")
    protection_gap: tuple[ProtectionGap, ...] = several("未保障", "Fields without protection.")
    service: tuple[Service, ...] = several("服务", "Services.")
    safety_event: tuple[SafetyEvent, ...] = several("安全保护", "Events of harm.", restricted=True)
    referral: tuple[Referral, ...] = several("转介", "Referrals.")
    handover: tuple[Handover, ...] = several("转接", "Handovers between counties.")
    correction: tuple[Correction, ...] = several("更正", "Corrections and withdrawals.")
