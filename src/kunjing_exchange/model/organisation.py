"""Organisations, the people who work with the children, and the places."""

from __future__ import annotations

from kunjing_exchange.model.element import Record, optional, required
from kunjing_exchange.model.types import (
    CaseId,
    ChangeKindCode,
    Count,
    CreditCode,
    Date,
    DivisionCode,
    Flag,
    Name,
    OrganisationKindCode,
    SiteKindCode,
    Telephone,
    Text100,
    Text200,
    TownshipCode,
    VillageCode,
    WorkerRoleCode,
)


class Organisation(Record):
    """机构: a welfare, rescue or rehabilitation institution, or an office."""

    credit_code: CreditCode = required("统一社会信用代码", "Credit code.", standard="GB 32100-2015")
    name: Text100 = required("机构名称", "Name.")
    kind: OrganisationKindCode = required("机构类别", "Kind of institution.", clause="六(一)")
    division: DivisionCode = required("所在行政区划", "County it lies in.")
    address: Text200 | None = optional("地址", "Address.")
    telephone: Telephone | None = optional("联系电话", "Telephone.")
    beds: Count | None = optional("床位数", "Number of beds.")
    kindergarten_licence: Flag | None = optional("有无办园许可", "Licensed as a kindergarten.", clause="五(三)")
    start_date: Date | None = optional("成立日期", "Since when.")
    end_date: Date | None = optional("注销日期", "Until when.")
    change: ChangeKindCode | None = optional("变更类型", "What a delta does with this record.")


class Worker(Record):
    """人员: someone of the front line, with the dated role."""

    worker_id: CaseId = required("人员编号", "Number of the worker, local.")
    name: Name = required("姓名", "Name.")
    role: WorkerRoleCode = required("岗位", "Role; titles differ before and after 2019.", clause="六(一)")
    full_time: Flag | None = optional("是否专职", "Full-time.")
    division: DivisionCode = required("行政区划", "County.")
    township: TownshipCode | None = optional("乡镇街道", "Township.", standard="GB/T 10114-2003")
    village: VillageCode | None = optional("村居", "Village or neighbourhood.")
    telephone: Telephone | None = optional("联系电话", "Telephone.")
    trained_on: Date | None = optional("最近培训日期", "Last training.", clause="七(二)")
    start_date: Date = required("任职日期", "From this day.")
    end_date: Date | None = optional("离任日期", "To this day.")
    change: ChangeKindCode | None = optional("变更类型", "What a delta does with this record.")


class ServiceSite(Record):
    """站点: a child-welfare station or children's home."""

    site_id: CaseId = required("站点编号", "Number of the site, local.")
    name: Text100 = required("站点名称", "Name.")
    kind: SiteKindCode = required("站点类别", "Kind of site.", clause="六(一)")
    division: DivisionCode = required("行政区划", "County.")
    township: TownshipCode | None = optional("乡镇街道", "Township.", standard="GB/T 10114-2003")
    village: VillageCode | None = optional("村居", "Village or neighbourhood.")
    address: Text200 | None = optional("地址", "Address.")
    facilities: Text200 | None = optional("设施", "Facilities.")
    start_date: Date | None = optional("启用日期", "Since when.")
    end_date: Date | None = optional("停用日期", "Until when.")
    change: ChangeKindCode | None = optional("变更类型", "What a delta does with this record.")
