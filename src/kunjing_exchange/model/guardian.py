"""Parents, guardians, and who cares for the child."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required
from kunjing_exchange.model.types import (
    CareAnswerCode,
    CareKindCode,
    CreditCode,
    Date,
    DateTime,
    DocumentNo,
    FamilyRelationCode,
    Flag,
    GuardianKindCode,
    IdNumber,
    LegalBasisCode,
    Name,
    ParentCode,
    ParentSituationCode,
    Telephone,
    Text100,
    Text200,
)


class ParentSituation(Record):
    """父母状况: one situation of one parent, with its term."""

    parent: ParentCode = required("父或母", "Which parent.")
    name: Fact[Name] | None = optional("姓名", "Name of the parent.")
    id_number: Fact[IdNumber] | None = optional("证件号码", "Identity number of the parent.")
    situation: ParentSituationCode = required("状况", "What the parent's situation is.", clause="四(一)、四(五)")
    start_date: Fact[Date] | None = optional("起始日期", "Since when.")
    end_date: Fact[Date] | None = optional("终止日期", "Until when, or the expected end of a term.")
    care_given: Fact[Flag] | None = optional("是否履行抚养", "Whether care is given in spite of it.")
    document_no: DocumentNo | None = optional("证明文书编号", "Certificate, ruling or report it rests on.")
    issuing_body: Text100 | None = optional("出具机关", "Body that issued it.")


class Guardian(Record):
    """监护人: one guardian with the legal basis and term."""

    name: Name = required("监护人姓名或名称", "Name of the person or organisation.")
    kind: Fact[GuardianKindCode] = required("监护人类别", "Which kind of guardian.", clause="五(四)")
    id_number: Fact[IdNumber] | None = optional("证件号码", "Identity number, of a person.")
    credit_code: CreditCode | None = optional(
        "统一社会信用代码", "Credit code, of an organisation.", standard="GB 32100-2015"
    )
    relation_to_child: Fact[FamilyRelationCode] | None = optional("与儿童关系", "What the guardian is to the child.")
    legal_basis: LegalBasisCode | None = optional("监护依据", "What the guardianship rests on.", clause="五(四)")
    document_no: DocumentNo | None = optional("依据文书编号", "Number of the ruling or agreement.")
    capable: Fact[Flag] | None = optional("有无监护能力", "Whether able to act as guardian.")
    employer: Text100 | None = optional("工作单位", "Where the guardian works.")
    telephone: Telephone | None = optional("联系电话", "Telephone.")
    address: Text200 | None = optional("联系地址", "Address.")
    start_date: Fact[Date] = required("起始日期", "Guardian from this day.")
    end_date: Date | None = optional("终止日期", "Guardian to this day; absent while it lasts.")


class CareArrangement(Record):
    """安置照料: who cares for the child day by day."""

    kind: CareKindCode = required("安置方式", "How the child is placed.", clause="五(四)")
    carer_name: Fact[Name] | None = optional("照料人", "Who cares for the child.")
    carer_id_number: Fact[IdNumber] | None = optional("照料人证件号码", "Identity number of the carer.")
    relation_to_child: Fact[FamilyRelationCode] | None = optional("与儿童关系", "What the carer is to the child.")
    institution_code: CreditCode | None = optional(
        "机构代码", "Credit code of the institution.", standard="GB 32100-2015"
    )
    institution_name: Text100 | None = optional("机构名称", "Name of the institution.")
    agreement_no: DocumentNo | None = optional("协议编号", "Number of the foster or entrustment agreement.")
    assessment_date: Date | None = optional("评估日期", "Day on which the carers were assessed.", restricted=True)
    assessment_passed: Flag | None = optional(
        "评估是否合格", "Result of the assessment.", clause="五(四)", restricted=True
    )
    registration_no: DocumentNo | None = optional(
        "收养登记证号", "Number of the adoption registration.", restricted=True
    )
    start_date: Date = required("起始日期", "From this day.")
    end_date: Date | None = optional("终止日期", "To this day; absent while it lasts.")


class CareInquiry(Record):
    """监护询问: a detained or imprisoned parent was asked whether children are left without care."""

    asked_at: DateTime = required("询问时间", "When the parent was asked.", clause="五(四)")
    asked_by: Text100 = required("询问机关", "Police station, prison or rehabilitation centre that asked.")
    parent: ParentCode = required("父或母", "Which parent was asked.")
    parent_name: Name | None = optional("被询问人姓名", "Name of the parent.")
    parent_id_number: Fact[IdNumber] | None = optional("被询问人证件号码", "Identity number of the parent.")
    measure: ParentSituationCode | None = optional("被采取的措施", "Why the parent is held.", clause="五(四)")
    measure_date: Date | None = optional("措施起始日期", "Held from this day.")
    answer: CareAnswerCode = required("询问结果", "Whether a child is left without care.")
    contacted: Name | None = optional("联系对象", "Whom the body contacted.")
    arranged: CareKindCode | None = optional("安排方式", "How care was arranged.")
    arranged_on: Date | None = optional("安排日期", "Day on which care was arranged.")
    agreement_no: DocumentNo | None = optional("委托协议编号", "Number of the entrustment agreement.")
    note: Text200 | None = optional("备注", "Anything else.")
