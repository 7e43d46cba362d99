"""Medical insurance."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required
from kunjing_exchange.model.types import (
    Date,
    DivisionCode,
    DocumentNo,
    Flag,
    IdNumber,
    InsuranceStatusCode,
    InsuranceTypeCode,
    InsuranceYear,
    InsuredPersonTypeCode,
    Money,
    Month,
    PremiumSubsidyCode,
    Text50,
    Text100,
    Text200,
)


class Insurance(Record):
    """医保: one year of one insurance."""

    insurance_type: InsuranceTypeCode = required("险种", "Kind of insurance.", clause="五(二)")
    person_type: Fact[InsuredPersonTypeCode] | None = optional("人员类别", "Category of the insured person.")
    person_no: IdNumber | None = optional("人员编号", "Number of the person on the insurance platform.")
    year: Fact[InsuranceYear] = required(
        "参保年度", "Year of cover; not known where an office only keeps the present state."
    )
    division: DivisionCode | None = optional("参保地", "County of the insurance.")
    pooling_division: DivisionCode | None = optional("统筹区", "Area whose fund covers the person.")
    enrolling_unit_no: Text50 | None = optional("参保单位编号", "Number of the unit that enrolled the person.")
    enrolling_unit: Text200 | None = optional("参保单位", "Village, school or office that enrolled the person.")
    first_month: Month | None = optional("首次参保年月", "First month of cover.")
    first_date: Date | None = optional("首次参保日期", "First day of cover that the platform holds.")
    from_month: Month | None = optional("参保开始年月", "Cover from this month.")
    until_month: Month | None = optional("参保终止年月", "Cover to this month.")
    levied_until: Month | None = optional("最大做账年月", "Last month of which the premium is in the books.")
    status: Fact[InsuranceStatusCode] | None = optional("参保状态", "Insured, suspended or ended.")
    start_date: Date | None = optional("参保日期", "Cover from this day.")
    end_date: Date | None = optional("停保日期", "Cover to this day.")
    account_balance: Money | None = optional("个人账户余额", "Balance of the personal account, yuan.")
    premium_subsidy: Fact[PremiumSubsidyCode] | None = optional(
        "参保资助", "Premium paid in full, in part or not.", clause="五(二)"
    )
    premium_amount: Fact[Money] | None = optional("个人缴费标准", "Premium of a person, yuan.")
    subsidised_amount: Fact[Money] | None = optional("资助金额", "Part paid by the subsidy, yuan.")
    serious_illness: Flag | None = optional(
        "是否纳入大病保险", "Covered by serious-illness insurance.", clause="五(二)"
    )
    supplementary: Flag | None = optional(
        "是否纳入大病补充保险", "Covered by the province's supplement.", clause="五(二)"
    )
    ratio_raised: Flag | None = optional("是否提高报销比例", "Reimbursement ratio raised.", clause="五(二)")
    ceiling_raised: Flag | None = optional("是否提高封顶线", "Reimbursement ceiling raised.", clause="五(二)")


class MedicalAssistance(Record):
    """医疗救助: one settlement of medical costs, and who bore what part."""

    settlement_no: DocumentNo | None = optional("结算编号", "Number of the settlement.")
    hospital: Text100 | None = optional("医疗机构", "Hospital.")
    illness: Text100 | None = optional("疾病名称", "What was treated.")
    settled_on: Date | None = optional("结算日期", "Day of the settlement.")
    total_amount: Money = required("医疗费总额", "Cost in all, yuan.")
    basic_amount: Money | None = optional("基本医保支付", "Borne by the basic insurance, yuan.")
    serious_illness_amount: Money | None = optional("大病保险支付", "Borne by the serious-illness insurance, yuan.")
    supplementary_amount: Money | None = optional("大病补充保险支付", "Borne by the supplement, yuan.", clause="五(二)")
    assistance_amount: Money | None = optional("医疗救助支付", "Borne by medical assistance, yuan.", clause="五(二)")
    fund_amount: Money | None = optional("基金支付总额", "Borne by all funds together, yuan.")
    own_amount: Money | None = optional("个人自付", "Borne by the family, yuan.")
    account_amount: Money | None = optional("个人账户支付", "Part of it paid from a personal account, yuan.")
