"""The datatypes of the canonical records: scalars, identifiers and one code type per code list.

Codes are patterns here and in the schemas; whether a code is in its list is judged by the validator on the record's own
date, so that a code newer than the installed list is a warning and not a schema error.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated

from kunjing_exchange.model.element import Lexical

# A character of a text: no control, no private-use character, no lone surrogate; U+0020, U+00A0 and U+3000 only inside.
_C = "[!-~\u00a1-\u2027\u202a-\u2fff\u3001-\ud7ff\uf900-\ufffd\U00010000-\U000effff]"
# No text begins with {, as an unknown fact does in JSON.
TEXT_PATTERN = f"{_C.replace('!-~', '!-z|-~')}{_C}*([ \u00a0\u3000]+{_C}+)*"
_YEAR = "(19|20|21)[0-9][0-9]"
_LEAP = "(19(0[48]|[2468][048]|[13579][26])|2[01](0[48]|[2468][048]|[13579][26])|2000)"
DATE_PATTERN = (
    f"({_YEAR}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    f"|02-(0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"


def _text(length: int, name: str | None = None) -> Lexical:
    return Lexical(name or f"Text{length}", "text", TEXT_PATTERN, f"c..{length}", length)


def _number(name: str, identifier: str | None, pattern: str, length: int, shape: str) -> Lexical:
    return Lexical(name, "text", pattern, shape, length, identifier=identifier)


def _code(code_list: str, pattern: str, length: int, shape: str) -> Lexical:
    name = "".join(part.capitalize() for part in code_list.split("_")) + "Code"
    return Lexical(name, "code", pattern, shape, length, code_list=code_list)


def _own(code_list: str) -> Lexical:
    return _code(code_list, "[a-z][a-z0-9_]{0,31}", 32, "a..32")


# --- scalars -------------------------------------------------------------------------------------------------------
Text20 = Annotated[str, _text(20)]
Text50 = Annotated[str, _text(50)]
Text100 = Annotated[str, _text(100)]
Text200 = Annotated[str, _text(200)]
Text500 = Annotated[str, _text(500)]
Name = Annotated[str, _text(50, "Name")]
Date = Annotated[datetime.date, Lexical("Date", "date", DATE_PATTERN, "d10", 10, 10)]
Month = Annotated[str, Lexical("Month", "month", f"{_YEAR}-(0[1-9]|1[0-2])", "d7", 7, 7)]
DateTime = Annotated[datetime.datetime, Lexical("DateTime", "datetime", f"{DATE_PATTERN}T{_TIME}", "dt19", 19, 19)]
Money = Annotated[Decimal, Lexical("Money", "money", "(0|[1-9][0-9]{0,11})([.][0-9]{1,2})?", "n..14,2", 15)]
Count = Annotated[int, Lexical("Count", "integer", "0|[1-9][0-9]{0,8}", "n..9", 9)]
Flag = Annotated[bool, Lexical("Flag", "boolean", "true|false", "bl", 5)]

# --- identifiers ---------------------------------------------------------------------------------------------------
CaseId = Annotated[str, _number("CaseId", None, "[0-9A-Za-z][0-9A-Za-z._-]{0,39}", 40, "an..40")]
IdNumber = Annotated[str, _number("IdNumber", None, "[0-9A-Za-z()-]{1,30}", 30, "an..30")]
CreditCode = Annotated[str, _number("CreditCode", "credit_code", "[0-9A-Z]{18}", 18, "an18")]
DisabilityCertificateNo = Annotated[
    str, _number("DisabilityCertificateNo", "disability_certificate", "[0-9A-Z]{20}(B[0-9]{1,2})?", 23, "an20..23")
]
StudentNo = Annotated[str, _number("StudentNo", "student_number", "[GJL][0-9]{17}[0-9X]", 19, "an19")]
SchoolCode = Annotated[str, _number("SchoolCode", "school_code", "[0-9]{10}", 10, "n10")]
HouseholdNo = Annotated[str, _number("HouseholdNo", "household_number", TEXT_PATTERN, 30, "c..30")]
CertificateNo = Annotated[str, _number("CertificateNo", "certificate_number", TEXT_PATTERN, 30, "c..30")]
DocumentNo = Annotated[str, _text(50, "DocumentNo")]
Telephone = Annotated[str, _number("Telephone", None, "[0-9+ ()-]{3,30}", 30, "an..30")]
Digest = Annotated[str, _number("Digest", None, "[a-z0-9]{3,10}:[0-9a-f]{64}", 75, "an..75")]
VersionNo = Annotated[str, _number("VersionNo", None, "[0-9]{1,3}([.][0-9]{1,3})?", 7, "an..7")]
Period = Annotated[str, _number("Period", None, f"{_YEAR}(-(0[1-9]|1[0-2])|Q[1-4]|H[12])?", 7, "an4..7")]
InsuranceYear = Annotated[str, _number("Year", None, _YEAR, 4, "n4")]
LayoutName = Annotated[str, _number("LayoutName", None, "[a-z][a-z0-9_]{0,31}:[a-z0-9][a-z0-9-]{0,47}", 80, "an..80")]
SourceKey = Annotated[str, _number("SourceKey", None, "[a-z][a-z0-9_]{0,31}:[0-9A-Za-z._:-]{1,68}", 100, "an..100")]
# codes of the 2017 form's items of which several may be ticked, set apart as the form's writer does
_SEVERAL = "([,，、;； ]?{0})*"
BasicLifeMeasures = Annotated[
    str, _number("BasicLifeMeasures", None, f"0|[A-F]{_SEVERAL.format('[A-F]')}", 20, "an..20")
]
MedicalMeasures = Annotated[str, _number("MedicalMeasures", None, f"0|[A-E]{_SEVERAL.format('[A-E]')}", 20, "an..20")]
DisabilityWelfareMeasures = Annotated[
    str, _number("DisabilityWelfareMeasures", None, f"0|[A-D]{_SEVERAL.format('[A-D]')}", 20, "an..20")
]
Icd10 = Annotated[str, _number("Icd10", None, "[A-Z][0-9]{2}([.][0-9A-Za-z]{1,6})?", 10, "an3..10")]

# --- codes of national and industry standards ------------------------------------------------------------------------
DivisionCode = Annotated[str, _code("division", "[0-9]{6}", 6, "n6")]
TownshipCode = Annotated[str, _code("township", "[0-9]{9}", 9, "n9")]
VillageCode = Annotated[str, _code("village", "[0-9]{12}", 12, "n12")]
SexCode = Annotated[str, _code("sex", "[0-9]", 1, "n1")]
MaritalStatusCode = Annotated[str, _code("marital_status", "[0-9]{2}", 2, "n2")]
HealthStatusCode = Annotated[str, _code("health_status", "[0-9]{2}", 2, "n2")]
EmploymentCode = Annotated[str, _code("employment", "[0-9]{2}", 2, "n2")]
EthnicityCode = Annotated[str, _code("ethnicity", "[0-9]{2}", 2, "n2")]
NationalityCode = Annotated[str, _code("nationality", "[A-Z]{3}", 3, "a3")]
EducationLevelCode = Annotated[str, _code("education_level", "[0-9]{2}", 2, "n2")]
FamilyRelationCode = Annotated[str, _code("family_relation", "[0-9]{2}", 2, "n2")]
DisabilityClassCode = Annotated[str, _code("disability_class", "[0-9]", 1, "n1")]
DisabilityGradeCode = Annotated[str, _code("disability_grade", "[0-9]", 1, "n1")]
HukouTypeCode = Annotated[str, _code("hukou_type", "[0-9]", 1, "n1")]
IdDocumentTypeCode = Annotated[str, _code("id_document_type", "[0-9]{3}", 3, "n3")]
InsuranceTypeCode = Annotated[str, _code("insurance_type", "[0-9]{3}", 3, "n3")]
InsuredPersonTypeCode = Annotated[str, _code("insured_person_type", "[0-9]{2,6}", 6, "n2..6")]
InsuranceStatusCode = Annotated[str, _code("insurance_status", "[0-9]", 1, "n1")]
BoardingCode = Annotated[str, _code("boarding", "[0-9]", 1, "n1")]
PupilKindCode = Annotated[str, _code("pupil_kind", "[0-9]{1,5}", 5, "n1..5")]
PupilSourceCode = Annotated[str, _code("pupil_source", "[0-9]", 1, "n1")]
AdmissionModeCode = Annotated[str, _code("admission_mode_roll", "[0-9]{2}", 2, "n2")]
DisabilityClassEduCode = Annotated[str, _code("disability_class_edu", "[0-9]", 1, "n1")]
RollChangeKindCode = Annotated[str, _code("roll_change_kind", "[0-9]{2}", 2, "n2")]
RollChangeReasonCode = Annotated[str, _code("roll_change_reason", "[0-9]{2}", 2, "n2")]
StudentStatusCode = Annotated[str, _code("student_status", "[0-9]{2}", 2, "n2")]
ReportCircumstanceCode = Annotated[str, _code("mandatory_report_circumstance", "[0-9]", 1, "n1")]

# --- codes of the policy and its 2017 form ----------------------------------------------------------------------------
DilemmaCategoryCode = Annotated[str, _code("dilemma_category", "[A-Z](-[0-9]{1,2})?", 4, "an1..4")]
EducationMeasureCode = Annotated[str, _code("education_measure", "[A-E0]", 1, "an1")]
GuardianshipStatusCode = Annotated[str, _code("guardianship_status", "[A-Z]", 1, "a1")]
ParentSituationCode = Annotated[str, _code("parent_situation", "[0-9]{2}", 2, "n2")]

# --- codes of the project's own ---------------------------------------------------------------------------------------
DepartmentCode = Annotated[str, _own("department")]
ClaimKindCode = Annotated[str, _own("claim_kind")]
IdentityCheckCode = Annotated[str, _own("identity_check")]
CorrectionKindCode = Annotated[str, _own("correction_kind")]
CaseStatusCode = Annotated[str, _own("case_status")]
ExitReasonCode = Annotated[str, _own("exit_reason")]
ChangeKindCode = Annotated[str, _own("change_kind")]
DocumentAbsenceCode = Annotated[str, _own("document_absence")]
HardshipCode = Annotated[str, _own("hardship")]
HouseholdHardshipCode = Annotated[str, _own("household_hardship")]
ParentCode = Annotated[str, _own("parent")]
GuardianKindCode = Annotated[str, _own("guardian_kind")]
LegalBasisCode = Annotated[str, _own("legal_basis")]
CareKindCode = Annotated[str, _own("care_kind")]
CareAnswerCode = Annotated[str, _own("care_answer")]
SchemeCode = Annotated[str, Lexical("SchemeCode", "code", "[a-z]+-[0-9]{4}", "an..20", 20, code_list="scheme")]
EndReasonCode = Annotated[str, _own("end_reason")]
ProcedureStepCode = Annotated[str, _own("procedure_step")]
ProcedureResultCode = Annotated[str, _own("procedure_result")]
SchoolStageCode = Annotated[str, _own("school_stage")]
SchoolModeCode = Annotated[str, _own("school_mode")]
DropOutReasonCode = Annotated[str, _own("drop_out_reason")]
PremiumSubsidyCode = Annotated[str, _own("premium_subsidy")]
BenefitKindCode = Annotated[str, _own("benefit_kind")]
AmountUnitCode = Annotated[str, _own("amount_unit")]
GovernmentLevelCode = Annotated[str, _own("government_level")]
FundCode = Annotated[str, _own("fund")]
PaymentStatusCode = Annotated[str, _own("payment_status")]
PaymentKindCode = Annotated[str, _own("payment_kind")]
ServiceKindCode = Annotated[str, _own("service_kind")]
ReportSourceCode = Annotated[str, _own("report_source")]
ReporterRoleCode = Annotated[str, _own("reporter_role")]
HarmKindCode = Annotated[str, _own("harm_kind")]
SafetyOutcomeCode = Annotated[str, _own("safety_outcome")]
NeedCode = Annotated[str, _own("need")]
ReferralResultCode = Annotated[str, _own("referral_result")]
OrganisationKindCode = Annotated[str, _own("organisation_kind")]
WorkerRoleCode = Annotated[str, _own("worker_role")]
ProtectionFieldCode = Annotated[str, _own("protection_field")]
SiteKindCode = Annotated[str, _own("site_kind")]
MessageTypeCode = Annotated[str, _own("message_type")]
SubmissionKindCode = Annotated[str, _own("submission_kind")]
DiseaseListCode = Annotated[str, _own("disease_list")]
