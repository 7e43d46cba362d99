"""The child: who it is, what it suffers from, what it lacks."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required
from kunjing_exchange.model.types import (
    Count,
    Date,
    DisabilityCertificateNo,
    DisabilityClassCode,
    DisabilityGradeCode,
    DiseaseListCode,
    DivisionCode,
    DocumentAbsenceCode,
    DocumentNo,
    EthnicityCode,
    Flag,
    HardshipCode,
    HealthStatusCode,
    HukouTypeCode,
    Icd10,
    IdDocumentTypeCode,
    IdNumber,
    Month,
    Name,
    NationalityCode,
    SexCode,
    Telephone,
    Text20,
    Text100,
    Text200,
    Text500,
)


class ChildFacts(Record):
    """儿童信息: what an office knows of a child; any of it may be missing."""

    name: Name | None = optional("姓名", "Name as registered; a foundling carries the name the institution gave.")
    former_name: Fact[Name] | None = optional("曾用名", "A name used before.")
    alias: Name | None = optional("别名", "Another name in use.")
    id_document_type: IdDocumentTypeCode | None = optional("身份证件类型", "Kind of identity document.")
    id_number: Fact[IdNumber] | None = optional(
        "身份证件号码",
        "Number of the identity document; a resident id where the type is 111.",
        standard="GB 11643-1999",
    )
    id_valid_until: Date | None = optional("身份证件有效期至", "Last day on which the identity document is valid.")
    document_absence: DocumentAbsenceCode | None = optional("无证件原因", "Why there is no identity document.")
    sex: SexCode | None = optional("性别", "Sex.")
    birth_date: Fact[Date] | None = optional("出生日期", "Day of birth.")
    birth_month: Month | None = optional("出生年月", "Month of birth, where the office holds no day.")
    birth_date_estimated: Flag | None = optional("出生日期是否估计", "True where the day was estimated (foundlings).")
    death_date: Date | None = optional("死亡日期", "Day of death.")
    death_certificate_no: DocumentNo | None = optional("死亡医学证明编号", "Number of the medical death certificate.")
    ethnicity: Fact[EthnicityCode] | None = optional("民族", "Ethnic group.")
    birthplace_division: Fact[DivisionCode] | None = optional("出生地行政区划", "County of birth.")
    birth_certificate_no: DocumentNo | None = optional("出生医学证明编号", "Number of the medical birth certificate.")
    nationality: NationalityCode | None = optional("国籍", "Nationality, three letters.")
    hukou_registered: Flag | None = optional("是否登记户口", "Whether the child is registered in a household at all.")
    hukou_type: Fact[HukouTypeCode] | None = optional("户口类型", "Kind of household registration.")
    hukou_agricultural: Flag | None = optional(
        "是否农业户口", "Agricultural, where the office does not say household or collective."
    )
    hukou_division: Fact[DivisionCode] | None = optional("户籍地行政区划", "County of the household registration.")
    hukou_address: Fact[Text200] | None = optional("户籍地址", "Address of the household registration.")
    residence_division: Fact[DivisionCode] | None = optional("居住地行政区划", "County where the child lives.")
    residence_address: Fact[Text200] | None = optional("居住地址", "Address where the child lives.")
    mailing_address: Text200 | None = optional("通信地址", "Address that letters go to.")
    postcode: Text20 | None = optional("邮政编码", "Postcode of that address.")
    telephone: Telephone | None = optional("联系电话", "Telephone under which the family can be reached.")
    mobile: Telephone | None = optional("手机号码", "Mobile telephone of the family.")
    only_child: Flag | None = optional("是否独生子女", "The only child of its parents.")
    health_status: Fact[HealthStatusCode] | None = optional("健康状况", "State of health.")
    health_note: Text200 | None = optional("疾病状况", "State of health in the office's own words.")
    left_behind: Fact[Flag] | None = optional("是否留守儿童", "Left behind in the countryside by working parents.")
    left_behind_since: Fact[Date] | None = optional("留守起始日期", "Since when left behind.")
    migrant: Fact[Flag] | None = optional("是否随迁子女", "Moved with parents who work elsewhere.", clause="五(三)")
    migrant_since: Fact[Date] | None = optional("随迁起始日期", "Since when living there as a migrant.")
    photo_reference: Text100 | None = optional("照片索引", "A reference to a photo kept elsewhere; never the photo.")


class Child(ChildFacts):
    """儿童: the child itself. Exactly one in a case file."""

    name: Name = required("姓名", "Name as registered; a foundling carries the name the institution gave.")
    sex: SexCode = required("性别", "Sex.")
    birth_date: Fact[Date] = required("出生日期", "Day of birth.")


class Circumstances(Record):
    """困难情形: what the child and its family can't meet, each with its day and evidence."""

    labour_capacity: Fact[Flag] | None = optional("有无劳动能力", "Whether the child is able to work.", clause="四(二)")
    income_source: Fact[Flag] | None = optional(
        "有无生活来源", "Whether the child has a source of income.", clause="四(二)"
    )
    supporters_able: Fact[Flag] | None = optional(
        "法定抚养人有无抚养能力", "Whether the legal supporters are able to support.", clause="四(二)"
    )
    hiv_infected: Fact[Flag] | None = optional(
        "是否艾滋病病毒感染", "HIV infection: sets the rate, is no category.", clause="五(一)1", restricted=True
    )
    medical_difficulty: Fact[Flag] | None = optional("就医困难", "Medical care can't be met.", clause="四(四)")
    schooling_difficulty: Fact[Flag] | None = optional("就学困难", "Schooling can't be met.", clause="四(四)")
    living_difficulty: Fact[Flag] | None = optional("基本生活困难", "Basic living can't be met.", clause="四(四)")
    care_difficulty: Fact[Flag] | None = optional(
        "照料护理康复困难", "Care, nursing or rehabilitation can't be met.", clause="四(三)"
    )
    sudden_hardship: Fact[Flag] | None = optional(
        "突发性紧迫性临时性困难", "Sudden, urgent or temporary hardship.", clause="四(五)"
    )
    hardship_kind: Fact[HardshipCode] | None = optional("困境情形", "What has befallen the child.", clause="四(五)")
    shelter_needed: Fact[Flag] | None = optional(
        "需临时救助庇护", "In need of temporary help or shelter.", clause="四(五)"
    )
    assessed_on: Date | None = optional("核实日期", "Day on which these facts were checked.")
    evidence: Text200 | None = optional("佐证材料", "What the facts rest on.")


class Disability(Record):
    """残疾: one disability with its certificate, or a diagnosis without one."""

    disability_class: Fact[DisabilityClassCode] = required("残疾类别", "Class.", standard="GB/T 26341-2010 4")
    disability_grade: Fact[DisabilityGradeCode] = required("残疾等级", "Grade; 1 is the heaviest.", clause="四(三)")
    certificate_no: Fact[DisabilityCertificateNo] | None = optional(
        "残疾人证号", "Certificate number: id + class + grade."
    )
    issue_date: Fact[Date] | None = optional("发证日期", "Day of issue.")
    expiry_date: Fact[Date] | None = optional("有效期至", "Last day of validity, usually ten years on.")
    validity_years: Count | None = optional("有效期年数", "Years of validity from the day of issue, as printed.")
    issuing_body: Text100 | None = optional("批准残联", "Federation that approved it.")
    condition: Text100 | None = optional("残疾状况", "What it consists of in words, such as 脑瘫 or 截肢.")
    diagnosed_only: Flag | None = optional("仅有诊断", "A diagnosis without a certificate.")
    diagnosis_date: Fact[Date] | None = optional("诊断日期", "Day of the diagnosis.")
    autism: Flag | None = optional("是否孤独症", "Autism, marked apart since class 6 is wider.", clause="五(五)")
    note: Text200 | None = optional("备注", "For multiple disabilities: every class and grade.")


class Illness(Record):
    """疾病: one serious illness."""

    icd10: Fact[Icd10] | None = optional("疾病编码", "ICD-10 code.")
    icd10_edition: Text20 | None = optional("疾病编码版本", "Edition the code is of.")
    name: Fact[Text100] = required("疾病名称", "Name of the illness.")
    disease_list: Fact[DiseaseListCode] | None = optional(
        "重大疾病名录", "On the province's list of serious illnesses, or not.", clause="四(三)"
    )
    diagnosis_date: Fact[Date] | None = optional("确诊日期", "Day of the diagnosis.")
    hospital: Text100 | None = optional("诊断医院", "Hospital that diagnosed it.")
    document_no: DocumentNo | None = optional("诊断证明编号", "Number of the certificate.")
    end_date: Date | None = optional("治愈日期", "Day of recovery.")
    note: Text500 | None = optional("备注", "Anything else.")
