"""The household: who lives together, and the hardship it is recognised for."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required, several
from kunjing_exchange.model.types import (
    CertificateNo,
    Count,
    Date,
    EducationLevelCode,
    EmploymentCode,
    EthnicityCode,
    FamilyRelationCode,
    Flag,
    HealthStatusCode,
    HouseholdHardshipCode,
    HouseholdNo,
    IdDocumentTypeCode,
    IdNumber,
    MaritalStatusCode,
    Money,
    Name,
    SexCode,
    Telephone,
    Text20,
    Text100,
    Text200,
)


class Member(Record):
    """家庭成员: one member of the household, the child itself included."""

    name: Name = required("成员姓名", "Name.")
    id_document_type: IdDocumentTypeCode | None = optional("证件类型", "Kind of identity document.")
    id_number: Fact[IdNumber] | None = optional(
        "证件号码", "Number of the identity document.", standard="GB 11643-1999"
    )
    relation_to_head: FamilyRelationCode = required("与户主关系", "Relation to the reference person.")
    relation_to_child: Fact[FamilyRelationCode] | None = optional("与儿童关系", "What this member is to the child.")
    sex: SexCode | None = optional("性别", "Sex.")
    birth_date: Fact[Date] | None = optional("出生日期", "Day of birth.")
    ethnicity: Fact[EthnicityCode] | None = optional("民族", "Ethnic group.")
    marital_status: Fact[MaritalStatusCode] | None = optional("婚姻状况", "Marital status.")
    education_level: Fact[EducationLevelCode] | None = optional("文化程度", "Highest education.")
    health_status: Fact[HealthStatusCode] | None = optional("健康状况", "State of health.")
    employment: Fact[EmploymentCode] | None = optional("从业状况", "Employment.")
    employer: Text100 | None = optional("工作单位", "Where the member works.")
    annual_income: Fact[Money] | None = optional("年收入", "Income a year, yuan.")
    able_to_support: Fact[Flag] | None = optional("有无抚养能力", "Able to support the child.", clause="四(二)")
    telephone: Telephone | None = optional("联系电话", "Telephone.")


class HouseholdHardship(Record):
    """家庭困难身份: one recognised state of hardship of the household, with its term."""

    kind: HouseholdHardshipCode = required("困难身份", "Which recognition.", clause="四(四)")
    certificate_no: CertificateNo | None = optional("证件编号", "Number of the certificate; no national rule.")
    start_date: Date = required("起始日期", "From this day.")
    end_date: Date | None = optional("终止日期", "To this day; absent while it lasts.")
    single_person: Flag | None = optional("是否按单人户", "Treated as a single-person household.")
    covered_members: Text100 | None = optional("保障人口说明", "Who of the household is covered.")


class Household(Record):
    """家庭: the household of the child."""

    household_no: Fact[HouseholdNo] | None = optional("户编号", "Household number; no national rule.")
    head_name: Fact[Name] | None = optional("户主姓名", "Name of the reference person.")
    address: Text200 | None = optional("家庭住址", "Address of the household.")
    postcode: Text20 | None = optional("家庭邮政编码", "Postcode of that address.")
    contact: Name | None = optional("家庭联系人", "Who speaks for the household.")
    telephone: Telephone | None = optional("家庭电话", "Telephone of the household.")
    size: Count | None = optional("家庭人口", "Number of members.")
    monthly_income: Money | None = optional("家庭月收入", "Income a month, yuan.")
    annual_income: Money | None = optional("家庭年收入", "Income a year, yuan.")
    income_per_head: Fact[Money] | None = optional("家庭人均年收入", "Income per head and year, yuan.")
    income_source: Text100 | None = optional("家庭经济来源", "Main sources of income.")
    economic_state: Text200 | None = optional("家庭经济状况", "State of the household in the office's own words.")
    member: tuple[Member, ...] = several("家庭成员", "Members, the child included.")
    household_hardship: tuple[HouseholdHardship, ...] = several("家庭困难身份", "Recognised hardship.")
