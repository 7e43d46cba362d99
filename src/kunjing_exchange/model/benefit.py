"""Benefits in money, and their payments; what is still missing."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required, several
from kunjing_exchange.model.types import (
    AmountUnitCode,
    BenefitKindCode,
    Date,
    DocumentNo,
    FundCode,
    GovernmentLevelCode,
    IdNumber,
    Money,
    Month,
    Name,
    PaymentKindCode,
    PaymentStatusCode,
    ProtectionFieldCode,
    Text100,
    Text200,
)


class Payment(Record):
    """发放: one payment of a benefit, an arrears payment or a recovery."""

    period: Month = required("所属月份", "Month the money is for.")
    kind: PaymentKindCode | None = optional("发放类型", "Regular, arrears 补发 or recovery 追缴; absent means regular.")
    amount: Money = required("金额", "Amount, yuan.")
    paid_on: Date | None = optional("发放日期", "Day of payment.")
    status: PaymentStatusCode = required("发放状态", "Made, returned or planned.")
    return_reason: Text100 | None = optional("退回原因", "Why the bank returned it.")


class Benefit(Record):
    """待遇: one benefit with its rate, term and payments."""

    kind: BenefitKindCode = required("待遇种类", "Which benefit.", clause="五(一)—(三)")
    amount: Fact[Money] = required("标准金额", "Rate, yuan per unit.")
    unit: AmountUnitCode = required("计发单位", "Month, year or once.")
    start_date: Date = required("享受起始日期", "From this day.")
    end_date: Date | None = optional("享受终止日期", "To this day; absent while it lasts.")
    suspended_from: Date | None = optional("停发起始日期", "Suspended from this day.")
    suspended_to: Date | None = optional("停发终止日期", "Suspended to this day.")
    payer_level: GovernmentLevelCode | None = optional("负担层级", "Level of government that pays.")
    fund: FundCode | None = optional("资金来源", "Fund it is paid from.", clause="五(一)")
    approval_no: DocumentNo | None = optional("审批文号", "Number of the approval.")
    approved_by: Text100 | None = optional("审批机关", "Body that approved it.")
    account_holder: Name | None = optional("领款人", "Who draws the money.")
    account_holder_id: Fact[IdNumber] | None = optional("领款人证件号码", "Identity number of who draws the money.")
    account_bank: Text100 | None = optional("开户银行", "Bank of the account.")
    account_no: IdNumber | None = optional("银行账号", "Account the money is paid to (一卡通).", restricted=True)
    payment: tuple[Payment, ...] = several("发放", "Payments.")


class ProtectionGap(Record):
    """未保障: a field of protection in which nothing is provided, and why."""

    field: ProtectionFieldCode = required("保障领域", "Which field.", clause="五")
    reason: Text200 = required("未保障原因", "Why nothing is provided.")
    noted_on: Date | None = optional("记录日期", "Day on which it was noted.")
