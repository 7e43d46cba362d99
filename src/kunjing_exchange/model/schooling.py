"""School: stage, place, status."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required
from kunjing_exchange.model.types import (
    AdmissionModeCode,
    BoardingCode,
    Date,
    DisabilityClassEduCode,
    DivisionCode,
    DropOutReasonCode,
    Flag,
    Month,
    PupilKindCode,
    PupilSourceCode,
    SchoolCode,
    SchoolModeCode,
    SchoolStageCode,
    StudentNo,
    StudentStatusCode,
    Text20,
    Text100,
)


class Schooling(Record):
    """就学: one spell of schooling, or of not being at school."""

    student_no: Fact[StudentNo] | None = optional("学籍号", "National student number.")
    school_code: Fact[SchoolCode] | None = optional("学校标识码", "School identification code.")
    school_name: Fact[Text100] | None = optional("学校名称", "Name of the school.")
    school_division: DivisionCode | None = optional("学校所在行政区划", "County of the school.")
    school_student_no: Text20 | None = optional(
        "校内学号", "Number of the pupil at the school.", standard="JY/T 1004 XH"
    )
    stage: Fact[SchoolStageCode] = required("学段", "Stage of schooling.", clause="五(三)")
    grade: Text20 | None = optional("年级", "Grade, as the school names it.")
    class_no: Text20 | None = optional("班号", "Number of the class at the school.", standard="JY/T 1004 BH")
    class_name: Text20 | None = optional("班级", "Class.")
    boarding: Fact[BoardingCode] | None = optional("就读方式", "Day pupil or boarder.", standard="JY/T 1001-2012 JDFS")
    mode: Fact[SchoolModeCode] | None = optional("教育形式", "Ordinary, special, or at home.", clause="五(三)")
    inclusive_local: Text20 | None = optional(
        "随班就读（学籍系统）", "Inclusive schooling as the national roll writes it; its values are not public."
    )
    pupil_kind: PupilKindCode | None = optional("学生类别", "Kind of pupil.", standard="JY/T 1001-2012 XSLB")
    pupil_source: PupilSourceCode | None = optional(
        "学生来源", "Where the pupil came from.", standard="JY/T 1001-2012 ZXXXSLY"
    )
    admission_mode: AdmissionModeCode | None = optional(
        "入学方式", "How the pupil was admitted; code of the national roll."
    )
    enrolment_month: Month | None = optional("入学年月", "Month of enrolment.", standard="JY/T 1004 RXNY")
    preschool_attended: Flag | None = optional("是否受过学前教育", "Went to a kindergarten before.")
    disability_kind: DisabilityClassEduCode | None = optional(
        "学籍残疾类型",
        "Kind of disability as the school roll knows it; four values, not GB/T 26341.",
        standard="JY/T 1001-2012 CJRLX",
    )
    aid_needed: Flag | None = optional("是否需要申请资助", "Aid is to be applied for.", clause="五(三)")
    aid_received: Flag | None = optional("是否享受一补", "Draws the boarder's living subsidy.", clause="五(三)")
    status: Fact[StudentStatusCode] = required("学生状态", "Present status.", standard="JY/T 1001-2012 XSDQZT")
    never_enrolled: Flag | None = optional("是否未入学", "Of school age and never enrolled.")
    drop_out_reason: Fact[DropOutReasonCode] | None = optional("未就学原因", "Why not at school.", clause="五(三)")
    drop_out_date: Fact[Date] | None = optional("辍学日期", "Since when out of school.")
    start_date: Fact[Date] = required("起始日期", "From this day.")
    end_date: Date | None = optional("终止日期", "To this day; absent while it lasts.")
    migrant_pupil: Flag | None = optional("是否随迁就读", "At school where the parents work.", clause="五(三)")
    school_registered: Flag | None = optional("学校是否登记建档", "Registered by the school.", clause="六(二)")
    counselled: Flag | None = optional("学校是否心理疏导", "Counselled by the school.", clause="六(二)")
