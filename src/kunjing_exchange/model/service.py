"""Services in kind, visits, referrals, and the handover between counties."""

from __future__ import annotations

from kunjing_exchange.model.element import Fact, Record, optional, required
from kunjing_exchange.model.types import (
    CreditCode,
    Date,
    DivisionCode,
    Flag,
    GuardianshipStatusCode,
    Money,
    Month,
    Name,
    NeedCode,
    ReferralResultCode,
    ServiceKindCode,
    Text100,
    Text200,
    Text500,
)


class Service(Record):
    """服务: one service given to the child, or waited for."""

    kind: ServiceKindCode = required("服务种类", "Which service.", clause="五(五)")
    provider_name: Text100 | None = optional("提供单位", "Who provides it.")
    provider_code: CreditCode | None = optional(
        "提供单位代码", "Credit code of the provider.", standard="GB 32100-2015"
    )
    waiting_since: Date | None = optional("等候起始日期", "Applied for and waiting since.")
    start_date: Date | None = optional("开始日期", "From this day.")
    end_date: Date | None = optional("结束日期", "To this day.")
    cost: Fact[Money] | None = optional("费用", "Cost, yuan.")
    paid_by: Text100 | None = optional("费用负担", "Who bears the cost.")
    note: Text200 | None = optional("备注", "Anything else.")


class Visit(Record):
    """走访: one visit to the child, or its turn in a survey round."""

    survey_round: Text100 | None = optional("排查轮次", "Round of a full survey.", clause="六(一)")
    visitor_name: Name = required("走访人", "Who visited.")
    visit_date: Date = required("走访日期", "Day of the visit.", clause="六(一)")
    child_seen: Flag | None = optional("是否见到儿童", "Whether the child itself was seen.")
    guardianship_status: GuardianshipStatusCode | None = optional("监护情况", "How the child is looked after.")
    observation: Text500 | None = optional("走访情况", "What was seen.")
    need: NeedCode | None = optional("发现需求", "Main need found.")


class Referral(Record):
    """转介: a matter handed to another body (协同办理)."""

    from_body: Text100 = required("转出单位", "Who refers.", clause="六(二)")
    to_body: Text100 = required("转入单位", "To whom.")
    matter: Text200 = required("事项", "What about.")
    referred_on: Date = required("转介日期", "Day of the referral.")
    accepted_on: Date | None = optional("受理日期", "Day of acceptance.")
    finished_on: Date | None = optional("办结日期", "Day of completion.")
    result: ReferralResultCode | None = optional("办理结果", "Outcome.")
    green_channel: Flag | None = optional("是否绿色通道", "By the fast lane.", clause="七(一)")


class Handover(Record):
    """转接: the case moves to another county, with no gap and no double payment."""

    from_division: DivisionCode = required("转出地", "County that hands over.")
    to_division: DivisionCode = required("转入地", "County that takes over.")
    handover_date: Date = required("转接日期", "Day of the handover.")
    last_paid_month: Month | None = optional("转出地末次发放月份", "Last month paid by the old county.")
    first_paid_month: Month | None = optional("转入地首次发放月份", "First month paid by the new county.")
    acknowledged: Flag | None = optional("是否回执", "Acknowledged by the new county.")
    acknowledged_on: Date | None = optional("回执日期", "Day of the acknowledgement.")
