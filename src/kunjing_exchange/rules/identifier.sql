-- rule: KJ-ID-101
-- title: 儿童性别与身份证号码第17位不符 | The child's sex differs from digit 17 of the resident id
-- source: GB 11643-1999
-- scope: record · effect: record · fields: child.sex, child.id_document_type, child.id_number
-- fix: 核对户口簿和身份证 | Check the household register and the id card
select
  child.record_no,
  child.sex as found,
  case when substr(child.id_number, 17, 1) in ('1', '3', '5', '7', '9') then '1' else '2' end as expected
from child
where
  coalesce(child.id_document_type, '111') = '111'
  and length(child.id_number) = 18
  and (
    (child.sex = '1' and substr(child.id_number, 17, 1) in ('0', '2', '4', '6', '8'))
    or (child.sex = '2' and substr(child.id_number, 17, 1) in ('1', '3', '5', '7', '9'))
  );

-- rule: KJ-ID-102
-- title: 儿童出生日期与身份证号码不符 | The child's birth date differs from the resident id
-- source: GB 11643-1999
-- scope: record · effect: record · fields: child.birth_date, child.id_document_type, child.id_number
-- fix: 核对户口簿和身份证 | Check the household register and the id card
select
  child.record_no,
  child.birth_date as found,
  substr(child.id_number, 7, 4) || '-' || substr(child.id_number, 11, 2) || '-' || substr(child.id_number, 13, 2)
    as expected
from child
where
  coalesce(child.id_document_type, '111') = '111'
  and length(child.id_number) = 18
  and substr(child.id_number, 7, 8) <> replace(cast(child.birth_date as varchar), '-', '');

-- rule: KJ-ID-103
-- title: 家庭成员性别与身份证号码第17位不符 | A member's sex differs from digit 17 of the resident id
-- source: GB 11643-1999
-- scope: record · effect: record · fields: member.sex, member.id_document_type, member.id_number
-- fix: 核对户口簿和身份证 | Check the household register and the id card
select
  member.record_no,
  member.item_no,
  member.sex as found,
  case when substr(member.id_number, 17, 1) in ('1', '3', '5', '7', '9') then '1' else '2' end as expected
from member
where
  coalesce(member.id_document_type, '111') = '111'
  and length(member.id_number) = 18
  and (
    (member.sex = '1' and substr(member.id_number, 17, 1) in ('0', '2', '4', '6', '8'))
    or (member.sex = '2' and substr(member.id_number, 17, 1) in ('1', '3', '5', '7', '9'))
  );

-- rule: KJ-ID-104
-- title: 家庭成员出生日期与身份证号码不符 | A member's birth date differs from the resident id
-- source: GB 11643-1999
-- scope: record · effect: record · fields: member.birth_date, member.id_document_type, member.id_number
-- fix: 核对户口簿和身份证 | Check the household register and the id card
select
  member.record_no,
  member.item_no,
  member.birth_date as found,
  substr(member.id_number, 7, 4) || '-' || substr(member.id_number, 11, 2) || '-' || substr(member.id_number, 13, 2)
    as expected
from member
where
  coalesce(member.id_document_type, '111') = '111'
  and length(member.id_number) = 18
  and substr(member.id_number, 7, 8) <> replace(cast(member.birth_date as varchar), '-', '');

-- rule: KJ-ID-105
-- title: 残疾人证号的前18位不是该儿童的身份证号码 | The disability certificate is not of this child
-- source: 中国残联 残疾人证管理办法;GB 11643-1999
-- scope: record · effect: record · fields: disability.certificate_no, child.id_document_type, child.id_number
-- fix: 核对残疾人证是否为本人的 | Check that the certificate is the child's own
select
  disability.record_no,
  disability.item_no,
  disability.certificate_no as found,
  child.id_number as expected
from disability
join child using (record_no)
where
  coalesce(child.id_document_type, '111') = '111'
  and length(child.id_number) = 18
  and substr(disability.certificate_no, 1, 18) <> child.id_number;

-- rule: KJ-ID-106
-- title: 残疾类别与残疾人证号第19位不符 | The class of disability differs from digit 19 of the certificate
-- source: GB/T 26341-2010;残疾人证管理办法
-- scope: record · effect: record · fields: disability.disability_class, disability.certificate_no
-- fix: 核对残疾人证的类别 | Check the class on the certificate
select
  disability.record_no,
  disability.item_no,
  disability.disability_class as found,
  substr(disability.certificate_no, 19, 1) as expected
from disability
where substr(disability.certificate_no, 19, 1) <> disability.disability_class;

-- rule: KJ-ID-107
-- title: 残疾等级与残疾人证号第20位不符 | The grade of disability differs from digit 20 of the certificate
-- source: GB/T 26341-2010;残疾人证管理办法
-- scope: record · effect: record · fields: disability.disability_grade, disability.certificate_no
-- fix: 核对残疾人证的等级 | Check the grade on the certificate
select
  disability.record_no,
  disability.item_no,
  disability.disability_grade as found,
  substr(disability.certificate_no, 20, 1) as expected
from disability
where substr(disability.certificate_no, 20, 1) <> disability.disability_grade;

-- rule: KJ-ID-108
-- title: 监护人证件号码与儿童本人相同 | The guardian has the child's own identity number
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: guardian.id_number, child.id_number
-- fix: 核对监护人的证件号码 | Check the guardian's identity number
select guardian.record_no, guardian.item_no, guardian.id_number as found, null as expected
from guardian
join child using (record_no)
where guardian.id_number = child.id_number;
