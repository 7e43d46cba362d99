-- rule: KJ-ID-101
-- title: 儿童性别与身份证号码第17位不符 | The child's sex differs from digit 17 of the resident id
-- message: 儿童性别与身份证号码第17位不符（{title}为{found}，应为{expected}） | The child's sex differs from digit 17 of the resident id ({name} is {found}, expected {expected})
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
-- message: 儿童出生日期与身份证号码不符（{title}为{found}，应为{expected}） | The child's birth date differs from the resident id ({name} is {found}, expected {expected})
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
-- message: 家庭成员性别与身份证号码第17位不符（{title}为{found}，应为{expected}） | A member's sex differs from digit 17 of the resident id ({name} is {found}, expected {expected})
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
-- message: 家庭成员出生日期与身份证号码不符（{title}为{found}，应为{expected}） | A member's birth date differs from the resident id ({name} is {found}, expected {expected})
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
-- message: 残疾人证号的前18位不是该儿童的身份证号码（{title}为{found}，应为{expected}） | The disability certificate is not of this child ({name} is {found}, expected {expected})
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
-- message: 残疾类别与残疾人证号第19位不符（{title}为{found}，应为{expected}） | The class of disability differs from digit 19 of the certificate ({name} is {found}, expected {expected})
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
-- message: 残疾等级与残疾人证号第20位不符（{title}为{found}，应为{expected}） | The grade of disability differs from digit 20 of the certificate ({name} is {found}, expected {expected})
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

-- rule: KJ-ID-109
-- title: 父亲或母亲的证件号码与儿童本人相同 | A parent has the child's own identity number
-- source: 豫政办〔2017〕47号 四(一)
-- scope: record · effect: record · fields: parent_situation.id_number, child.id_number
-- fix: 核对父母的证件号码 | Check the parent's number
select parent_situation.record_no, parent_situation.item_no, parent_situation.id_number as found, null as expected
from parent_situation
join child using (record_no)
where parent_situation.id_number = child.id_number;

-- rule: KJ-ID-110
-- title: 父亲或母亲的身份证号码性别位不符 | The sex in a parent's resident id is not a father's or mother's
-- message: 父亲或母亲的身份证号码性别位不符（{title}：{found}） | The sex in a parent's resident id is not a father's or mother's ({name}: {found})
-- source: GB 11643-1999
-- scope: record · effect: record · fields: parent_situation.id_number, child.id_number, parent_situation.parent
-- fix: 核对是父亲还是母亲，核对证件号码 | Check which parent it is, and the number
select parent_situation.record_no, parent_situation.item_no, parent_situation.id_number as found, null as expected
from parent_situation
join child using (record_no)
where
  length(parent_situation.id_number) = 18
  and coalesce(parent_situation.id_number <> child.id_number, true)
  and (
    (parent_situation.parent = 'father' and substr(parent_situation.id_number, 17, 1) in ('0', '2', '4', '6', '8'))
    or (parent_situation.parent = 'mother' and substr(parent_situation.id_number, 17, 1) in ('1', '3', '5', '7', '9'))
  );

-- rule: KJ-ID-111
-- title: 照料人证件号码与儿童本人相同 | The carer has the child's own identity number
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: care_arrangement.carer_id_number, child.id_number
-- fix: 核对照料人的证件号码 | Check the carer's number
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.carer_id_number as found,
  null as expected
from care_arrangement
join child using (record_no)
where care_arrangement.carer_id_number = child.id_number;

-- rule: KJ-ID-112
-- title: 学籍号中的身份证号码不是该儿童的 | The resident id in the student number is not the child's
-- message: 学籍号中的身份证号码不是该儿童的（{title}为{found}，应为{expected}） | The resident id in the student number is not the child's ({name} is {found}, expected {expected})
-- source: 教育部 全国学籍号;GB 11643-1999
-- scope: record · effect: none · fields: schooling.student_no, child.id_document_type, child.id_number
-- fix: 核对学籍号和身份证号码 | Check the student number and the resident id
select schooling.record_no, schooling.item_no, schooling.student_no as found, 'G' || child.id_number as expected
from schooling
join child using (record_no)
where
  substr(schooling.student_no, 1, 1) = 'G'
  and child.id_document_type = '111'
  and length(child.id_number) = 18
  and substr(schooling.student_no, 2, 18) <> child.id_number;

-- rule: KJ-ID-113
-- title: 父亲或母亲按身份证号码不比儿童年长 | By the resident id a parent is not older than the child
-- source: GB 11643-1999
-- scope: record · effect: record · fields: parent_situation.id_number, child.birth_date, child.id_number
-- fix: 核对父母的证件号码 | Check the parent's number
select
  parent_situation.record_no,
  parent_situation.item_no,
  parent_situation.id_number as found,
  child.birth_date as expected
from parent_situation
join child using (record_no)
where
  length(parent_situation.id_number) = 18
  and parent_situation.id_number <> child.id_number
  and substr(parent_situation.id_number, 7, 8) >= replace(cast(child.birth_date as varchar), '-', '');

-- rule: KJ-ID-114
-- title: 作为监护人的亲属按身份证号码尚未成年 | By the resident id a relative who is guardian is a minor
-- message: 作为监护人的亲属按身份证号码尚未成年（{title}：{found}） | By the resident id a relative who is guardian is a minor ({name}: {found})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: guardian.id_number, child.id_number, guardian.kind, header.period_end
-- fix: 核对监护人的证件号码 | Check the guardian's number
select guardian.record_no, guardian.item_no, guardian.id_number as found, null as expected
from guardian
join child using (record_no)
cross join header
where
  guardian.kind in ('kin', 'other_individual')
  and length(guardian.id_number) = 18
  and coalesce(guardian.id_number <> child.id_number, true)
  and substr(guardian.id_number, 7, 4) > cast(extract(year from header.period_end) - 18 as varchar);
