-- The canonical tables of kunjing_exchange v1. Generated from the models; don't edit.
-- record_no numbers the records of a submission (header 0); item_no numbers what repeats within its parent.

CREATE TABLE header (
  record_no BIGINT NOT NULL,
  version VARCHAR(7),
  message_type VARCHAR(32),
  edition VARCHAR(20),
  sender_code VARCHAR(18),
  sender_name VARCHAR(100),
  sender_division VARCHAR(6),
  sender_level VARCHAR(32),
  receiver_code VARCHAR(18),
  receiver_name VARCHAR(100),
  receiver_division VARCHAR(6),
  period VARCHAR(7),
  period_end DATE,
  sequence_no INTEGER,
  kind VARCHAR(32),
  submission_no VARCHAR(50),
  replaces VARCHAR(50),
  created_at TIMESTAMP,
  record_count INTEGER,
  digest VARCHAR(75)
);
COMMENT ON TABLE header IS '报送';
COMMENT ON COLUMN header.version IS '格式版本';
COMMENT ON COLUMN header.message_type IS '报文类型';
COMMENT ON COLUMN header.edition IS '政策版本';
COMMENT ON COLUMN header.sender_code IS '报送单位代码';
COMMENT ON COLUMN header.sender_name IS '报送单位';
COMMENT ON COLUMN header.sender_division IS '报送单位行政区划';
COMMENT ON COLUMN header.sender_level IS '报送层级';
COMMENT ON COLUMN header.receiver_code IS '接收单位代码';
COMMENT ON COLUMN header.receiver_name IS '接收单位';
COMMENT ON COLUMN header.receiver_division IS '接收单位行政区划';
COMMENT ON COLUMN header.period IS '报告期';
COMMENT ON COLUMN header.period_end IS '截止日期';
COMMENT ON COLUMN header.sequence_no IS '序号';
COMMENT ON COLUMN header.kind IS '报送方式';
COMMENT ON COLUMN header.submission_no IS '报送编号';
COMMENT ON COLUMN header.replaces IS '替代报送编号';
COMMENT ON COLUMN header.created_at IS '生成时间';
COMMENT ON COLUMN header.record_count IS '记录数';
COMMENT ON COLUMN header.digest IS '摘要';

CREATE TABLE organisation (
  record_no BIGINT NOT NULL,
  credit_code VARCHAR(18),
  name VARCHAR(100),
  kind VARCHAR(32),
  division VARCHAR(6),
  address VARCHAR(200),
  telephone VARCHAR(30),
  beds INTEGER,
  kindergarten_licence BOOLEAN,
  start_date DATE,
  end_date DATE,
  change VARCHAR(32)
);
COMMENT ON TABLE organisation IS '机构';
COMMENT ON COLUMN organisation.credit_code IS '统一社会信用代码';
COMMENT ON COLUMN organisation.name IS '机构名称';
COMMENT ON COLUMN organisation.kind IS '机构类别';
COMMENT ON COLUMN organisation.division IS '所在行政区划';
COMMENT ON COLUMN organisation.address IS '地址';
COMMENT ON COLUMN organisation.telephone IS '联系电话';
COMMENT ON COLUMN organisation.beds IS '床位数';
COMMENT ON COLUMN organisation.kindergarten_licence IS '有无办园许可';
COMMENT ON COLUMN organisation.start_date IS '成立日期';
COMMENT ON COLUMN organisation.end_date IS '注销日期';
COMMENT ON COLUMN organisation.change IS '变更类型';

CREATE TABLE worker (
  record_no BIGINT NOT NULL,
  worker_id VARCHAR(40),
  name VARCHAR(50),
  role VARCHAR(32),
  full_time BOOLEAN,
  division VARCHAR(6),
  township VARCHAR(9),
  village VARCHAR(12),
  telephone VARCHAR(30),
  trained_on DATE,
  start_date DATE,
  end_date DATE,
  change VARCHAR(32)
);
COMMENT ON TABLE worker IS '人员';
COMMENT ON COLUMN worker.worker_id IS '人员编号';
COMMENT ON COLUMN worker.name IS '姓名';
COMMENT ON COLUMN worker.role IS '岗位';
COMMENT ON COLUMN worker.full_time IS '是否专职';
COMMENT ON COLUMN worker.division IS '行政区划';
COMMENT ON COLUMN worker.township IS '乡镇街道';
COMMENT ON COLUMN worker.village IS '村居';
COMMENT ON COLUMN worker.telephone IS '联系电话';
COMMENT ON COLUMN worker.trained_on IS '最近培训日期';
COMMENT ON COLUMN worker.start_date IS '任职日期';
COMMENT ON COLUMN worker.end_date IS '离任日期';
COMMENT ON COLUMN worker.change IS '变更类型';

CREATE TABLE service_site (
  record_no BIGINT NOT NULL,
  site_id VARCHAR(40),
  name VARCHAR(100),
  kind VARCHAR(32),
  division VARCHAR(6),
  township VARCHAR(9),
  village VARCHAR(12),
  address VARCHAR(200),
  facilities VARCHAR(200),
  start_date DATE,
  end_date DATE,
  change VARCHAR(32)
);
COMMENT ON TABLE service_site IS '站点';
COMMENT ON COLUMN service_site.site_id IS '站点编号';
COMMENT ON COLUMN service_site.name IS '站点名称';
COMMENT ON COLUMN service_site.kind IS '站点类别';
COMMENT ON COLUMN service_site.division IS '行政区划';
COMMENT ON COLUMN service_site.township IS '乡镇街道';
COMMENT ON COLUMN service_site.village IS '村居';
COMMENT ON COLUMN service_site.address IS '地址';
COMMENT ON COLUMN service_site.facilities IS '设施';
COMMENT ON COLUMN service_site.start_date IS '启用日期';
COMMENT ON COLUMN service_site.end_date IS '停用日期';
COMMENT ON COLUMN service_site.change IS '变更类型';

CREATE TABLE case_file (
  record_no BIGINT NOT NULL,
  case_id VARCHAR(40),
  division VARCHAR(6),
  township VARCHAR(9),
  village VARCHAR(12),
  worker_name VARCHAR(50),
  filing_date DATE,
  filing_no VARCHAR(50),
  filing_office VARCHAR(100),
  status VARCHAR(32),
  opened_on DATE,
  closed_on DATE,
  exit_reason VARCHAR(32),
  guardianship_status VARCHAR(1),
  change VARCHAR(32)
);
COMMENT ON TABLE case_file IS '档案';
COMMENT ON COLUMN case_file.case_id IS '档案编号';
COMMENT ON COLUMN case_file.division IS '责任县区';
COMMENT ON COLUMN case_file.township IS '责任乡镇街道';
COMMENT ON COLUMN case_file.village IS '责任村居';
COMMENT ON COLUMN case_file.worker_name IS '责任人';
COMMENT ON COLUMN case_file.filing_date IS '备案日期';
COMMENT ON COLUMN case_file.filing_no IS '备案编号';
COMMENT ON COLUMN case_file.filing_office IS '备案机关';
COMMENT ON COLUMN case_file.status IS '档案状态';
COMMENT ON COLUMN case_file.opened_on IS '建档日期';
COMMENT ON COLUMN case_file.closed_on IS '结案日期';
COMMENT ON COLUMN case_file.exit_reason IS '退出原因';
COMMENT ON COLUMN case_file.guardianship_status IS '监护情况';
COMMENT ON COLUMN case_file.change IS '变更类型';

CREATE TABLE child (
  record_no BIGINT NOT NULL,
  name VARCHAR(50),
  former_name VARCHAR(50),
  alias VARCHAR(50),
  id_document_type VARCHAR(3),
  id_number VARCHAR(30),
  id_valid_until DATE,
  document_absence VARCHAR(32),
  sex VARCHAR(1),
  birth_date DATE,
  birth_month VARCHAR(7),
  birth_date_estimated BOOLEAN,
  death_date DATE,
  death_certificate_no VARCHAR(50),
  ethnicity VARCHAR(2),
  birthplace_division VARCHAR(6),
  birth_certificate_no VARCHAR(50),
  nationality VARCHAR(3),
  hukou_registered BOOLEAN,
  hukou_type VARCHAR(1),
  hukou_agricultural BOOLEAN,
  hukou_division VARCHAR(6),
  hukou_address VARCHAR(200),
  residence_division VARCHAR(6),
  residence_address VARCHAR(200),
  mailing_address VARCHAR(200),
  postcode VARCHAR(20),
  telephone VARCHAR(30),
  mobile VARCHAR(30),
  only_child BOOLEAN,
  health_status VARCHAR(2),
  health_note VARCHAR(200),
  left_behind BOOLEAN,
  left_behind_since DATE,
  migrant BOOLEAN,
  migrant_since DATE,
  photo_reference VARCHAR(100)
);
COMMENT ON TABLE child IS '儿童';
COMMENT ON COLUMN child.name IS '姓名';
COMMENT ON COLUMN child.former_name IS '曾用名';
COMMENT ON COLUMN child.alias IS '别名';
COMMENT ON COLUMN child.id_document_type IS '身份证件类型';
COMMENT ON COLUMN child.id_number IS '身份证件号码';
COMMENT ON COLUMN child.id_valid_until IS '身份证件有效期至';
COMMENT ON COLUMN child.document_absence IS '无证件原因';
COMMENT ON COLUMN child.sex IS '性别';
COMMENT ON COLUMN child.birth_date IS '出生日期';
COMMENT ON COLUMN child.birth_month IS '出生年月';
COMMENT ON COLUMN child.birth_date_estimated IS '出生日期是否估计';
COMMENT ON COLUMN child.death_date IS '死亡日期';
COMMENT ON COLUMN child.death_certificate_no IS '死亡医学证明编号';
COMMENT ON COLUMN child.ethnicity IS '民族';
COMMENT ON COLUMN child.birthplace_division IS '出生地行政区划';
COMMENT ON COLUMN child.birth_certificate_no IS '出生医学证明编号';
COMMENT ON COLUMN child.nationality IS '国籍';
COMMENT ON COLUMN child.hukou_registered IS '是否登记户口';
COMMENT ON COLUMN child.hukou_type IS '户口类型';
COMMENT ON COLUMN child.hukou_agricultural IS '是否农业户口';
COMMENT ON COLUMN child.hukou_division IS '户籍地行政区划';
COMMENT ON COLUMN child.hukou_address IS '户籍地址';
COMMENT ON COLUMN child.residence_division IS '居住地行政区划';
COMMENT ON COLUMN child.residence_address IS '居住地址';
COMMENT ON COLUMN child.mailing_address IS '通信地址';
COMMENT ON COLUMN child.postcode IS '邮政编码';
COMMENT ON COLUMN child.telephone IS '联系电话';
COMMENT ON COLUMN child.mobile IS '手机号码';
COMMENT ON COLUMN child.only_child IS '是否独生子女';
COMMENT ON COLUMN child.health_status IS '健康状况';
COMMENT ON COLUMN child.health_note IS '疾病状况';
COMMENT ON COLUMN child.left_behind IS '是否留守儿童';
COMMENT ON COLUMN child.left_behind_since IS '留守起始日期';
COMMENT ON COLUMN child.migrant IS '是否随迁子女';
COMMENT ON COLUMN child.migrant_since IS '随迁起始日期';
COMMENT ON COLUMN child.photo_reference IS '照片索引';

CREATE TABLE circumstances (
  record_no BIGINT NOT NULL,
  labour_capacity BOOLEAN,
  income_source BOOLEAN,
  supporters_able BOOLEAN,
  hiv_infected BOOLEAN,
  medical_difficulty BOOLEAN,
  schooling_difficulty BOOLEAN,
  living_difficulty BOOLEAN,
  care_difficulty BOOLEAN,
  sudden_hardship BOOLEAN,
  hardship_kind VARCHAR(32),
  shelter_needed BOOLEAN,
  assessed_on DATE,
  evidence VARCHAR(200)
);
COMMENT ON TABLE circumstances IS '困难情形';
COMMENT ON COLUMN circumstances.labour_capacity IS '有无劳动能力';
COMMENT ON COLUMN circumstances.income_source IS '有无生活来源';
COMMENT ON COLUMN circumstances.supporters_able IS '法定抚养人有无抚养能力';
COMMENT ON COLUMN circumstances.hiv_infected IS '是否艾滋病病毒感染';
COMMENT ON COLUMN circumstances.medical_difficulty IS '就医困难';
COMMENT ON COLUMN circumstances.schooling_difficulty IS '就学困难';
COMMENT ON COLUMN circumstances.living_difficulty IS '基本生活困难';
COMMENT ON COLUMN circumstances.care_difficulty IS '照料护理康复困难';
COMMENT ON COLUMN circumstances.sudden_hardship IS '突发性紧迫性临时性困难';
COMMENT ON COLUMN circumstances.hardship_kind IS '困境情形';
COMMENT ON COLUMN circumstances.shelter_needed IS '需临时救助庇护';
COMMENT ON COLUMN circumstances.assessed_on IS '核实日期';
COMMENT ON COLUMN circumstances.evidence IS '佐证材料';

CREATE TABLE household (
  record_no BIGINT NOT NULL,
  household_no VARCHAR(30),
  head_name VARCHAR(50),
  address VARCHAR(200),
  postcode VARCHAR(20),
  contact VARCHAR(50),
  telephone VARCHAR(30),
  size INTEGER,
  monthly_income DECIMAL(14,2),
  annual_income DECIMAL(14,2),
  income_per_head DECIMAL(14,2),
  income_source VARCHAR(100),
  economic_state VARCHAR(200)
);
COMMENT ON TABLE household IS '家庭';
COMMENT ON COLUMN household.household_no IS '户编号';
COMMENT ON COLUMN household.head_name IS '户主姓名';
COMMENT ON COLUMN household.address IS '家庭住址';
COMMENT ON COLUMN household.postcode IS '家庭邮政编码';
COMMENT ON COLUMN household.contact IS '家庭联系人';
COMMENT ON COLUMN household.telephone IS '家庭电话';
COMMENT ON COLUMN household.size IS '家庭人口';
COMMENT ON COLUMN household.monthly_income IS '家庭月收入';
COMMENT ON COLUMN household.annual_income IS '家庭年收入';
COMMENT ON COLUMN household.income_per_head IS '家庭人均年收入';
COMMENT ON COLUMN household.income_source IS '家庭经济来源';
COMMENT ON COLUMN household.economic_state IS '家庭经济状况';

CREATE TABLE member (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  name VARCHAR(50),
  id_document_type VARCHAR(3),
  id_number VARCHAR(30),
  relation_to_head VARCHAR(2),
  relation_to_child VARCHAR(2),
  sex VARCHAR(1),
  birth_date DATE,
  ethnicity VARCHAR(2),
  marital_status VARCHAR(2),
  education_level VARCHAR(2),
  health_status VARCHAR(2),
  employment VARCHAR(2),
  employer VARCHAR(100),
  annual_income DECIMAL(14,2),
  able_to_support BOOLEAN,
  telephone VARCHAR(30)
);
COMMENT ON TABLE member IS '家庭成员';
COMMENT ON COLUMN member.name IS '成员姓名';
COMMENT ON COLUMN member.id_document_type IS '证件类型';
COMMENT ON COLUMN member.id_number IS '证件号码';
COMMENT ON COLUMN member.relation_to_head IS '与户主关系';
COMMENT ON COLUMN member.relation_to_child IS '与儿童关系';
COMMENT ON COLUMN member.sex IS '性别';
COMMENT ON COLUMN member.birth_date IS '出生日期';
COMMENT ON COLUMN member.ethnicity IS '民族';
COMMENT ON COLUMN member.marital_status IS '婚姻状况';
COMMENT ON COLUMN member.education_level IS '文化程度';
COMMENT ON COLUMN member.health_status IS '健康状况';
COMMENT ON COLUMN member.employment IS '从业状况';
COMMENT ON COLUMN member.employer IS '工作单位';
COMMENT ON COLUMN member.annual_income IS '年收入';
COMMENT ON COLUMN member.able_to_support IS '有无抚养能力';
COMMENT ON COLUMN member.telephone IS '联系电话';

CREATE TABLE household_hardship (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  kind VARCHAR(32),
  certificate_no VARCHAR(30),
  start_date DATE,
  end_date DATE,
  single_person BOOLEAN,
  covered_members VARCHAR(100)
);
COMMENT ON TABLE household_hardship IS '家庭困难身份';
COMMENT ON COLUMN household_hardship.kind IS '困难身份';
COMMENT ON COLUMN household_hardship.certificate_no IS '证件编号';
COMMENT ON COLUMN household_hardship.start_date IS '起始日期';
COMMENT ON COLUMN household_hardship.end_date IS '终止日期';
COMMENT ON COLUMN household_hardship.single_person IS '是否按单人户';
COMMENT ON COLUMN household_hardship.covered_members IS '保障人口说明';

CREATE TABLE parent_situation (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  parent VARCHAR(32),
  name VARCHAR(50),
  id_number VARCHAR(30),
  situation VARCHAR(2),
  start_date DATE,
  end_date DATE,
  care_given BOOLEAN,
  document_no VARCHAR(50),
  issuing_body VARCHAR(100)
);
COMMENT ON TABLE parent_situation IS '父母状况';
COMMENT ON COLUMN parent_situation.parent IS '父或母';
COMMENT ON COLUMN parent_situation.name IS '姓名';
COMMENT ON COLUMN parent_situation.id_number IS '证件号码';
COMMENT ON COLUMN parent_situation.situation IS '状况';
COMMENT ON COLUMN parent_situation.start_date IS '起始日期';
COMMENT ON COLUMN parent_situation.end_date IS '终止日期';
COMMENT ON COLUMN parent_situation.care_given IS '是否履行抚养';
COMMENT ON COLUMN parent_situation.document_no IS '证明文书编号';
COMMENT ON COLUMN parent_situation.issuing_body IS '出具机关';

CREATE TABLE guardian (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  name VARCHAR(50),
  kind VARCHAR(32),
  id_number VARCHAR(30),
  credit_code VARCHAR(18),
  relation_to_child VARCHAR(2),
  legal_basis VARCHAR(32),
  document_no VARCHAR(50),
  capable BOOLEAN,
  employer VARCHAR(100),
  telephone VARCHAR(30),
  address VARCHAR(200),
  start_date DATE,
  end_date DATE
);
COMMENT ON TABLE guardian IS '监护人';
COMMENT ON COLUMN guardian.name IS '监护人姓名或名称';
COMMENT ON COLUMN guardian.kind IS '监护人类别';
COMMENT ON COLUMN guardian.id_number IS '证件号码';
COMMENT ON COLUMN guardian.credit_code IS '统一社会信用代码';
COMMENT ON COLUMN guardian.relation_to_child IS '与儿童关系';
COMMENT ON COLUMN guardian.legal_basis IS '监护依据';
COMMENT ON COLUMN guardian.document_no IS '依据文书编号';
COMMENT ON COLUMN guardian.capable IS '有无监护能力';
COMMENT ON COLUMN guardian.employer IS '工作单位';
COMMENT ON COLUMN guardian.telephone IS '联系电话';
COMMENT ON COLUMN guardian.address IS '联系地址';
COMMENT ON COLUMN guardian.start_date IS '起始日期';
COMMENT ON COLUMN guardian.end_date IS '终止日期';

CREATE TABLE care_arrangement (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  kind VARCHAR(32),
  carer_name VARCHAR(50),
  carer_id_number VARCHAR(30),
  relation_to_child VARCHAR(2),
  institution_code VARCHAR(18),
  institution_name VARCHAR(100),
  agreement_no VARCHAR(50),
  assessment_date DATE,
  assessment_passed BOOLEAN,
  registration_no VARCHAR(50),
  start_date DATE,
  end_date DATE
);
COMMENT ON TABLE care_arrangement IS '安置照料';
COMMENT ON COLUMN care_arrangement.kind IS '安置方式';
COMMENT ON COLUMN care_arrangement.carer_name IS '照料人';
COMMENT ON COLUMN care_arrangement.carer_id_number IS '照料人证件号码';
COMMENT ON COLUMN care_arrangement.relation_to_child IS '与儿童关系';
COMMENT ON COLUMN care_arrangement.institution_code IS '机构代码';
COMMENT ON COLUMN care_arrangement.institution_name IS '机构名称';
COMMENT ON COLUMN care_arrangement.agreement_no IS '协议编号';
COMMENT ON COLUMN care_arrangement.assessment_date IS '评估日期';
COMMENT ON COLUMN care_arrangement.assessment_passed IS '评估是否合格';
COMMENT ON COLUMN care_arrangement.registration_no IS '收养登记证号';
COMMENT ON COLUMN care_arrangement.start_date IS '起始日期';
COMMENT ON COLUMN care_arrangement.end_date IS '终止日期';

CREATE TABLE care_inquiry (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  asked_at TIMESTAMP,
  asked_by VARCHAR(100),
  parent VARCHAR(32),
  parent_name VARCHAR(50),
  parent_id_number VARCHAR(30),
  measure VARCHAR(2),
  measure_date DATE,
  answer VARCHAR(32),
  contacted VARCHAR(50),
  arranged VARCHAR(32),
  arranged_on DATE,
  agreement_no VARCHAR(50),
  note VARCHAR(200)
);
COMMENT ON TABLE care_inquiry IS '监护询问';
COMMENT ON COLUMN care_inquiry.asked_at IS '询问时间';
COMMENT ON COLUMN care_inquiry.asked_by IS '询问机关';
COMMENT ON COLUMN care_inquiry.parent IS '父或母';
COMMENT ON COLUMN care_inquiry.parent_name IS '被询问人姓名';
COMMENT ON COLUMN care_inquiry.parent_id_number IS '被询问人证件号码';
COMMENT ON COLUMN care_inquiry.measure IS '被采取的措施';
COMMENT ON COLUMN care_inquiry.measure_date IS '措施起始日期';
COMMENT ON COLUMN care_inquiry.answer IS '询问结果';
COMMENT ON COLUMN care_inquiry.contacted IS '联系对象';
COMMENT ON COLUMN care_inquiry.arranged IS '安排方式';
COMMENT ON COLUMN care_inquiry.arranged_on IS '安排日期';
COMMENT ON COLUMN care_inquiry.agreement_no IS '委托协议编号';
COMMENT ON COLUMN care_inquiry.note IS '备注';

CREATE TABLE determination (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  scheme VARCHAR(20),
  category VARCHAR(4),
  start_date DATE,
  end_date DATE,
  decided_by VARCHAR(100),
  document_no VARCHAR(50),
  review_date DATE,
  end_reason VARCHAR(32),
  principal BOOLEAN,
  note VARCHAR(200)
);
COMMENT ON TABLE determination IS '困境认定';
COMMENT ON COLUMN determination.scheme IS '认定方案';
COMMENT ON COLUMN determination.category IS '困境类别';
COMMENT ON COLUMN determination.start_date IS '认定日期';
COMMENT ON COLUMN determination.end_date IS '终止日期';
COMMENT ON COLUMN determination.decided_by IS '认定机关';
COMMENT ON COLUMN determination.document_no IS '认定文书编号';
COMMENT ON COLUMN determination.review_date IS '下次复核日期';
COMMENT ON COLUMN determination.end_reason IS '终止原因';
COMMENT ON COLUMN determination.principal IS '是否主要类别';
COMMENT ON COLUMN determination.note IS '备注';

CREATE TABLE procedure (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  step VARCHAR(32),
  step_date DATE,
  office VARCHAR(100),
  result VARCHAR(32),
  reason VARCHAR(200),
  document_no VARCHAR(50),
  notified_on DATE,
  publicised BOOLEAN
);
COMMENT ON TABLE procedure IS '办理过程';
COMMENT ON COLUMN procedure.step IS '环节';
COMMENT ON COLUMN procedure.step_date IS '日期';
COMMENT ON COLUMN procedure.office IS '办理单位';
COMMENT ON COLUMN procedure.result IS '结果';
COMMENT ON COLUMN procedure.reason IS '原因';
COMMENT ON COLUMN procedure.document_no IS '文书编号';
COMMENT ON COLUMN procedure.notified_on IS '告知日期';
COMMENT ON COLUMN procedure.publicised IS '是否公示';

CREATE TABLE disability (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  disability_class VARCHAR(1),
  disability_grade VARCHAR(1),
  certificate_no VARCHAR(23),
  issue_date DATE,
  expiry_date DATE,
  validity_years INTEGER,
  issuing_body VARCHAR(100),
  condition VARCHAR(100),
  diagnosed_only BOOLEAN,
  diagnosis_date DATE,
  autism BOOLEAN,
  note VARCHAR(200)
);
COMMENT ON TABLE disability IS '残疾';
COMMENT ON COLUMN disability.disability_class IS '残疾类别';
COMMENT ON COLUMN disability.disability_grade IS '残疾等级';
COMMENT ON COLUMN disability.certificate_no IS '残疾人证号';
COMMENT ON COLUMN disability.issue_date IS '发证日期';
COMMENT ON COLUMN disability.expiry_date IS '有效期至';
COMMENT ON COLUMN disability.validity_years IS '有效期年数';
COMMENT ON COLUMN disability.issuing_body IS '批准残联';
COMMENT ON COLUMN disability.condition IS '残疾状况';
COMMENT ON COLUMN disability.diagnosed_only IS '仅有诊断';
COMMENT ON COLUMN disability.diagnosis_date IS '诊断日期';
COMMENT ON COLUMN disability.autism IS '是否孤独症';
COMMENT ON COLUMN disability.note IS '备注';

CREATE TABLE illness (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  icd10 VARCHAR(10),
  icd10_edition VARCHAR(20),
  name VARCHAR(100),
  disease_list VARCHAR(32),
  diagnosis_date DATE,
  hospital VARCHAR(100),
  document_no VARCHAR(50),
  end_date DATE,
  note VARCHAR(500)
);
COMMENT ON TABLE illness IS '疾病';
COMMENT ON COLUMN illness.icd10 IS '疾病编码';
COMMENT ON COLUMN illness.icd10_edition IS '疾病编码版本';
COMMENT ON COLUMN illness.name IS '疾病名称';
COMMENT ON COLUMN illness.disease_list IS '重大疾病名录';
COMMENT ON COLUMN illness.diagnosis_date IS '确诊日期';
COMMENT ON COLUMN illness.hospital IS '诊断医院';
COMMENT ON COLUMN illness.document_no IS '诊断证明编号';
COMMENT ON COLUMN illness.end_date IS '治愈日期';
COMMENT ON COLUMN illness.note IS '备注';

CREATE TABLE schooling (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  student_no VARCHAR(19),
  school_code VARCHAR(10),
  school_name VARCHAR(100),
  school_division VARCHAR(6),
  school_student_no VARCHAR(20),
  stage VARCHAR(32),
  grade VARCHAR(20),
  class_no VARCHAR(20),
  class_name VARCHAR(20),
  boarding VARCHAR(1),
  mode VARCHAR(32),
  inclusive_local VARCHAR(20),
  pupil_kind VARCHAR(5),
  pupil_source VARCHAR(1),
  admission_mode VARCHAR(2),
  enrolment_month VARCHAR(7),
  preschool_attended BOOLEAN,
  disability_kind VARCHAR(1),
  aid_needed BOOLEAN,
  aid_received BOOLEAN,
  status VARCHAR(2),
  never_enrolled BOOLEAN,
  drop_out_reason VARCHAR(32),
  drop_out_date DATE,
  start_date DATE,
  end_date DATE,
  migrant_pupil BOOLEAN,
  school_registered BOOLEAN,
  counselled BOOLEAN
);
COMMENT ON TABLE schooling IS '就学';
COMMENT ON COLUMN schooling.student_no IS '学籍号';
COMMENT ON COLUMN schooling.school_code IS '学校标识码';
COMMENT ON COLUMN schooling.school_name IS '学校名称';
COMMENT ON COLUMN schooling.school_division IS '学校所在行政区划';
COMMENT ON COLUMN schooling.school_student_no IS '校内学号';
COMMENT ON COLUMN schooling.stage IS '学段';
COMMENT ON COLUMN schooling.grade IS '年级';
COMMENT ON COLUMN schooling.class_no IS '班号';
COMMENT ON COLUMN schooling.class_name IS '班级';
COMMENT ON COLUMN schooling.boarding IS '就读方式';
COMMENT ON COLUMN schooling.mode IS '教育形式';
COMMENT ON COLUMN schooling.inclusive_local IS '随班就读（学籍系统）';
COMMENT ON COLUMN schooling.pupil_kind IS '学生类别';
COMMENT ON COLUMN schooling.pupil_source IS '学生来源';
COMMENT ON COLUMN schooling.admission_mode IS '入学方式';
COMMENT ON COLUMN schooling.enrolment_month IS '入学年月';
COMMENT ON COLUMN schooling.preschool_attended IS '是否受过学前教育';
COMMENT ON COLUMN schooling.disability_kind IS '学籍残疾类型';
COMMENT ON COLUMN schooling.aid_needed IS '是否需要申请资助';
COMMENT ON COLUMN schooling.aid_received IS '是否享受一补';
COMMENT ON COLUMN schooling.status IS '学生状态';
COMMENT ON COLUMN schooling.never_enrolled IS '是否未入学';
COMMENT ON COLUMN schooling.drop_out_reason IS '未就学原因';
COMMENT ON COLUMN schooling.drop_out_date IS '辍学日期';
COMMENT ON COLUMN schooling.start_date IS '起始日期';
COMMENT ON COLUMN schooling.end_date IS '终止日期';
COMMENT ON COLUMN schooling.migrant_pupil IS '是否随迁就读';
COMMENT ON COLUMN schooling.school_registered IS '学校是否登记建档';
COMMENT ON COLUMN schooling.counselled IS '学校是否心理疏导';

CREATE TABLE insurance (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  insurance_type VARCHAR(3),
  person_type VARCHAR(6),
  person_no VARCHAR(30),
  year VARCHAR(4),
  division VARCHAR(6),
  pooling_division VARCHAR(6),
  enrolling_unit_no VARCHAR(50),
  enrolling_unit VARCHAR(200),
  first_month VARCHAR(7),
  first_date DATE,
  from_month VARCHAR(7),
  until_month VARCHAR(7),
  levied_until VARCHAR(7),
  status VARCHAR(1),
  start_date DATE,
  end_date DATE,
  account_balance DECIMAL(14,2),
  premium_subsidy VARCHAR(32),
  premium_amount DECIMAL(14,2),
  subsidised_amount DECIMAL(14,2),
  serious_illness BOOLEAN,
  supplementary BOOLEAN,
  ratio_raised BOOLEAN,
  ceiling_raised BOOLEAN
);
COMMENT ON TABLE insurance IS '医保';
COMMENT ON COLUMN insurance.insurance_type IS '险种';
COMMENT ON COLUMN insurance.person_type IS '人员类别';
COMMENT ON COLUMN insurance.person_no IS '人员编号';
COMMENT ON COLUMN insurance.year IS '参保年度';
COMMENT ON COLUMN insurance.division IS '参保地';
COMMENT ON COLUMN insurance.pooling_division IS '统筹区';
COMMENT ON COLUMN insurance.enrolling_unit_no IS '参保单位编号';
COMMENT ON COLUMN insurance.enrolling_unit IS '参保单位';
COMMENT ON COLUMN insurance.first_month IS '首次参保年月';
COMMENT ON COLUMN insurance.first_date IS '首次参保日期';
COMMENT ON COLUMN insurance.from_month IS '参保开始年月';
COMMENT ON COLUMN insurance.until_month IS '参保终止年月';
COMMENT ON COLUMN insurance.levied_until IS '最大做账年月';
COMMENT ON COLUMN insurance.status IS '参保状态';
COMMENT ON COLUMN insurance.start_date IS '参保日期';
COMMENT ON COLUMN insurance.end_date IS '停保日期';
COMMENT ON COLUMN insurance.account_balance IS '个人账户余额';
COMMENT ON COLUMN insurance.premium_subsidy IS '参保资助';
COMMENT ON COLUMN insurance.premium_amount IS '个人缴费标准';
COMMENT ON COLUMN insurance.subsidised_amount IS '资助金额';
COMMENT ON COLUMN insurance.serious_illness IS '是否纳入大病保险';
COMMENT ON COLUMN insurance.supplementary IS '是否纳入大病补充保险';
COMMENT ON COLUMN insurance.ratio_raised IS '是否提高报销比例';
COMMENT ON COLUMN insurance.ceiling_raised IS '是否提高封顶线';

CREATE TABLE benefit (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  kind VARCHAR(32),
  amount DECIMAL(14,2),
  unit VARCHAR(32),
  start_date DATE,
  end_date DATE,
  suspended_from DATE,
  suspended_to DATE,
  payer_level VARCHAR(32),
  fund VARCHAR(32),
  approval_no VARCHAR(50),
  approved_by VARCHAR(100),
  account_holder VARCHAR(50),
  account_holder_id VARCHAR(30),
  account_bank VARCHAR(100),
  account_no VARCHAR(30)
);
COMMENT ON TABLE benefit IS '待遇';
COMMENT ON COLUMN benefit.kind IS '待遇种类';
COMMENT ON COLUMN benefit.amount IS '标准金额';
COMMENT ON COLUMN benefit.unit IS '计发单位';
COMMENT ON COLUMN benefit.start_date IS '享受起始日期';
COMMENT ON COLUMN benefit.end_date IS '享受终止日期';
COMMENT ON COLUMN benefit.suspended_from IS '停发起始日期';
COMMENT ON COLUMN benefit.suspended_to IS '停发终止日期';
COMMENT ON COLUMN benefit.payer_level IS '负担层级';
COMMENT ON COLUMN benefit.fund IS '资金来源';
COMMENT ON COLUMN benefit.approval_no IS '审批文号';
COMMENT ON COLUMN benefit.approved_by IS '审批机关';
COMMENT ON COLUMN benefit.account_holder IS '领款人';
COMMENT ON COLUMN benefit.account_holder_id IS '领款人证件号码';
COMMENT ON COLUMN benefit.account_bank IS '开户银行';
COMMENT ON COLUMN benefit.account_no IS '银行账号';

CREATE TABLE payment (
  record_no BIGINT NOT NULL,
  benefit_item_no INTEGER NOT NULL,
  item_no INTEGER NOT NULL,
  period VARCHAR(7),
  kind VARCHAR(32),
  amount DECIMAL(14,2),
  paid_on DATE,
  status VARCHAR(32),
  return_reason VARCHAR(100)
);
COMMENT ON TABLE payment IS '发放';
COMMENT ON COLUMN payment.period IS '所属月份';
COMMENT ON COLUMN payment.kind IS '发放类型';
COMMENT ON COLUMN payment.amount IS '金额';
COMMENT ON COLUMN payment.paid_on IS '发放日期';
COMMENT ON COLUMN payment.status IS '发放状态';
COMMENT ON COLUMN payment.return_reason IS '退回原因';

CREATE TABLE protection_gap (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  field VARCHAR(32),
  reason VARCHAR(200),
  noted_on DATE
);
COMMENT ON TABLE protection_gap IS '未保障';
COMMENT ON COLUMN protection_gap.field IS '保障领域';
COMMENT ON COLUMN protection_gap.reason IS '未保障原因';
COMMENT ON COLUMN protection_gap.noted_on IS '记录日期';

CREATE TABLE service (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  kind VARCHAR(32),
  provider_name VARCHAR(100),
  provider_code VARCHAR(18),
  waiting_since DATE,
  start_date DATE,
  end_date DATE,
  cost DECIMAL(14,2),
  paid_by VARCHAR(100),
  note VARCHAR(200)
);
COMMENT ON TABLE service IS '服务';
COMMENT ON COLUMN service.kind IS '服务种类';
COMMENT ON COLUMN service.provider_name IS '提供单位';
COMMENT ON COLUMN service.provider_code IS '提供单位代码';
COMMENT ON COLUMN service.waiting_since IS '等候起始日期';
COMMENT ON COLUMN service.start_date IS '开始日期';
COMMENT ON COLUMN service.end_date IS '结束日期';
COMMENT ON COLUMN service.cost IS '费用';
COMMENT ON COLUMN service.paid_by IS '费用负担';
COMMENT ON COLUMN service.note IS '备注';

CREATE TABLE safety_event (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  source VARCHAR(32),
  reporter_role VARCHAR(32),
  circumstance VARCHAR(1),
  harm VARCHAR(32),
  found_at TIMESTAMP,
  place VARCHAR(200),
  reported_at TIMESTAMP,
  police_station VARCHAR(100),
  police_case_no VARCHAR(50),
  responded_at TIMESTAMP,
  assessed_at TIMESTAMP,
  intervened_at TIMESTAMP,
  admonished BOOLEAN,
  ruling_no VARCHAR(50),
  liability VARCHAR(200),
  outcome VARCHAR(32),
  description VARCHAR(500),
  evidence VARCHAR(500),
  authority_notice VARCHAR(200),
  feedback VARCHAR(500)
);
COMMENT ON TABLE safety_event IS '安全保护';
COMMENT ON COLUMN safety_event.source IS '线索来源';
COMMENT ON COLUMN safety_event.reporter_role IS '报告人身份';
COMMENT ON COLUMN safety_event.circumstance IS '报告情形';
COMMENT ON COLUMN safety_event.harm IS '侵害类型';
COMMENT ON COLUMN safety_event.found_at IS '发现时间';
COMMENT ON COLUMN safety_event.place IS '发现地点';
COMMENT ON COLUMN safety_event.reported_at IS '报告时间';
COMMENT ON COLUMN safety_event.police_station IS '接报公安机关';
COMMENT ON COLUMN safety_event.police_case_no IS '案件编号';
COMMENT ON COLUMN safety_event.responded_at IS '应急处置时间';
COMMENT ON COLUMN safety_event.assessed_at IS '评估帮扶时间';
COMMENT ON COLUMN safety_event.intervened_at IS '监护干预时间';
COMMENT ON COLUMN safety_event.admonished IS '是否训诫';
COMMENT ON COLUMN safety_event.ruling_no IS '裁定文书编号';
COMMENT ON COLUMN safety_event.liability IS '追责情况';
COMMENT ON COLUMN safety_event.outcome IS '处置结果';
COMMENT ON COLUMN safety_event.description IS '情况描述';
COMMENT ON COLUMN safety_event.evidence IS '初步核实及材料';
COMMENT ON COLUMN safety_event.authority_notice IS '向主管机关备案情况';
COMMENT ON COLUMN safety_event.feedback IS '处置反馈';

CREATE TABLE visit (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  survey_round VARCHAR(100),
  visitor_name VARCHAR(50),
  visit_date DATE,
  child_seen BOOLEAN,
  guardianship_status VARCHAR(1),
  observation VARCHAR(500),
  need VARCHAR(32)
);
COMMENT ON TABLE visit IS '走访';
COMMENT ON COLUMN visit.survey_round IS '排查轮次';
COMMENT ON COLUMN visit.visitor_name IS '走访人';
COMMENT ON COLUMN visit.visit_date IS '走访日期';
COMMENT ON COLUMN visit.child_seen IS '是否见到儿童';
COMMENT ON COLUMN visit.guardianship_status IS '监护情况';
COMMENT ON COLUMN visit.observation IS '走访情况';
COMMENT ON COLUMN visit.need IS '发现需求';

CREATE TABLE referral (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  from_body VARCHAR(100),
  to_body VARCHAR(100),
  matter VARCHAR(200),
  referred_on DATE,
  accepted_on DATE,
  finished_on DATE,
  result VARCHAR(32),
  green_channel BOOLEAN
);
COMMENT ON TABLE referral IS '转介';
COMMENT ON COLUMN referral.from_body IS '转出单位';
COMMENT ON COLUMN referral.to_body IS '转入单位';
COMMENT ON COLUMN referral.matter IS '事项';
COMMENT ON COLUMN referral.referred_on IS '转介日期';
COMMENT ON COLUMN referral.accepted_on IS '受理日期';
COMMENT ON COLUMN referral.finished_on IS '办结日期';
COMMENT ON COLUMN referral.result IS '办理结果';
COMMENT ON COLUMN referral.green_channel IS '是否绿色通道';

CREATE TABLE handover (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  from_division VARCHAR(6),
  to_division VARCHAR(6),
  handover_date DATE,
  last_paid_month VARCHAR(7),
  first_paid_month VARCHAR(7),
  acknowledged BOOLEAN,
  acknowledged_on DATE
);
COMMENT ON TABLE handover IS '转接';
COMMENT ON COLUMN handover.from_division IS '转出地';
COMMENT ON COLUMN handover.to_division IS '转入地';
COMMENT ON COLUMN handover.handover_date IS '转接日期';
COMMENT ON COLUMN handover.last_paid_month IS '转出地末次发放月份';
COMMENT ON COLUMN handover.first_paid_month IS '转入地首次发放月份';
COMMENT ON COLUMN handover.acknowledged IS '是否回执';
COMMENT ON COLUMN handover.acknowledged_on IS '回执日期';

CREATE TABLE department_record (
  record_no BIGINT NOT NULL,
  record_key VARCHAR(100),
  department VARCHAR(32),
  layout VARCHAR(80),
  as_of DATE,
  division VARCHAR(6),
  township VARCHAR(9),
  village VARCHAR(12),
  reporting_unit VARCHAR(100),
  reported_on DATE,
  source_no VARCHAR(50),
  person_no VARCHAR(30),
  valid BOOLEAN,
  answered BOOLEAN,
  failure VARCHAR(200),
  note VARCHAR(500),
  case_id VARCHAR(40),
  identity_check VARCHAR(32),
  guardianship_status VARCHAR(1)
);
COMMENT ON TABLE department_record IS '部门数据';
COMMENT ON COLUMN department_record.record_key IS '来源记录编号';
COMMENT ON COLUMN department_record.department IS '来源部门';
COMMENT ON COLUMN department_record.layout IS '来源格式';
COMMENT ON COLUMN department_record.as_of IS '数据截止日期';
COMMENT ON COLUMN department_record.division IS '数据来源行政区划';
COMMENT ON COLUMN department_record.township IS '责任乡镇街道';
COMMENT ON COLUMN department_record.village IS '责任村居';
COMMENT ON COLUMN department_record.reporting_unit IS '填报单位';
COMMENT ON COLUMN department_record.reported_on IS '填报日期';
COMMENT ON COLUMN department_record.source_no IS '部门记录编号';
COMMENT ON COLUMN department_record.person_no IS '人员编号';
COMMENT ON COLUMN department_record.valid IS '是否有效';
COMMENT ON COLUMN department_record.answered IS '是否成功答复';
COMMENT ON COLUMN department_record.failure IS '失败原因';
COMMENT ON COLUMN department_record.note IS '备注';
COMMENT ON COLUMN department_record.case_id IS '档案编号';
COMMENT ON COLUMN department_record.identity_check IS '身份核验结果';
COMMENT ON COLUMN department_record.guardianship_status IS '监护情况';

CREATE TABLE child_facts (
  record_no BIGINT NOT NULL,
  name VARCHAR(50),
  former_name VARCHAR(50),
  alias VARCHAR(50),
  id_document_type VARCHAR(3),
  id_number VARCHAR(30),
  id_valid_until DATE,
  document_absence VARCHAR(32),
  sex VARCHAR(1),
  birth_date DATE,
  birth_month VARCHAR(7),
  birth_date_estimated BOOLEAN,
  death_date DATE,
  death_certificate_no VARCHAR(50),
  ethnicity VARCHAR(2),
  birthplace_division VARCHAR(6),
  birth_certificate_no VARCHAR(50),
  nationality VARCHAR(3),
  hukou_registered BOOLEAN,
  hukou_type VARCHAR(1),
  hukou_agricultural BOOLEAN,
  hukou_division VARCHAR(6),
  hukou_address VARCHAR(200),
  residence_division VARCHAR(6),
  residence_address VARCHAR(200),
  mailing_address VARCHAR(200),
  postcode VARCHAR(20),
  telephone VARCHAR(30),
  mobile VARCHAR(30),
  only_child BOOLEAN,
  health_status VARCHAR(2),
  health_note VARCHAR(200),
  left_behind BOOLEAN,
  left_behind_since DATE,
  migrant BOOLEAN,
  migrant_since DATE,
  photo_reference VARCHAR(100)
);
COMMENT ON TABLE child_facts IS '儿童信息';
COMMENT ON COLUMN child_facts.name IS '姓名';
COMMENT ON COLUMN child_facts.former_name IS '曾用名';
COMMENT ON COLUMN child_facts.alias IS '别名';
COMMENT ON COLUMN child_facts.id_document_type IS '身份证件类型';
COMMENT ON COLUMN child_facts.id_number IS '身份证件号码';
COMMENT ON COLUMN child_facts.id_valid_until IS '身份证件有效期至';
COMMENT ON COLUMN child_facts.document_absence IS '无证件原因';
COMMENT ON COLUMN child_facts.sex IS '性别';
COMMENT ON COLUMN child_facts.birth_date IS '出生日期';
COMMENT ON COLUMN child_facts.birth_month IS '出生年月';
COMMENT ON COLUMN child_facts.birth_date_estimated IS '出生日期是否估计';
COMMENT ON COLUMN child_facts.death_date IS '死亡日期';
COMMENT ON COLUMN child_facts.death_certificate_no IS '死亡医学证明编号';
COMMENT ON COLUMN child_facts.ethnicity IS '民族';
COMMENT ON COLUMN child_facts.birthplace_division IS '出生地行政区划';
COMMENT ON COLUMN child_facts.birth_certificate_no IS '出生医学证明编号';
COMMENT ON COLUMN child_facts.nationality IS '国籍';
COMMENT ON COLUMN child_facts.hukou_registered IS '是否登记户口';
COMMENT ON COLUMN child_facts.hukou_type IS '户口类型';
COMMENT ON COLUMN child_facts.hukou_agricultural IS '是否农业户口';
COMMENT ON COLUMN child_facts.hukou_division IS '户籍地行政区划';
COMMENT ON COLUMN child_facts.hukou_address IS '户籍地址';
COMMENT ON COLUMN child_facts.residence_division IS '居住地行政区划';
COMMENT ON COLUMN child_facts.residence_address IS '居住地址';
COMMENT ON COLUMN child_facts.mailing_address IS '通信地址';
COMMENT ON COLUMN child_facts.postcode IS '邮政编码';
COMMENT ON COLUMN child_facts.telephone IS '联系电话';
COMMENT ON COLUMN child_facts.mobile IS '手机号码';
COMMENT ON COLUMN child_facts.only_child IS '是否独生子女';
COMMENT ON COLUMN child_facts.health_status IS '健康状况';
COMMENT ON COLUMN child_facts.health_note IS '疾病状况';
COMMENT ON COLUMN child_facts.left_behind IS '是否留守儿童';
COMMENT ON COLUMN child_facts.left_behind_since IS '留守起始日期';
COMMENT ON COLUMN child_facts.migrant IS '是否随迁子女';
COMMENT ON COLUMN child_facts.migrant_since IS '随迁起始日期';
COMMENT ON COLUMN child_facts.photo_reference IS '照片索引';

CREATE TABLE registration (
  record_no BIGINT NOT NULL,
  category VARCHAR(4),
  cause_child VARCHAR(200),
  cause_family VARCHAR(200),
  cause_guardianship VARCHAR(200),
  basic_life VARCHAR(20),
  education VARCHAR(1),
  medical VARCHAR(20),
  disability_welfare VARCHAR(20),
  schooling_state VARCHAR(20),
  guardianship_state VARCHAR(50),
  assistance VARCHAR(100)
);
COMMENT ON TABLE registration IS '登记情况';
COMMENT ON COLUMN registration.category IS '困境类别';
COMMENT ON COLUMN registration.cause_child IS '儿童本身原因';
COMMENT ON COLUMN registration.cause_family IS '家庭原因';
COMMENT ON COLUMN registration.cause_guardianship IS '监护缺失原因';
COMMENT ON COLUMN registration.basic_life IS '基本生活保障';
COMMENT ON COLUMN registration.education IS '教育保障';
COMMENT ON COLUMN registration.medical IS '医疗保障';
COMMENT ON COLUMN registration.disability_welfare IS '残疾儿童福利服务';
COMMENT ON COLUMN registration.schooling_state IS '就学情况';
COMMENT ON COLUMN registration.guardianship_state IS '监护类型';
COMMENT ON COLUMN registration.assistance IS '救助帮扶情况';

CREATE TABLE relative (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  name VARCHAR(50),
  relation_to_child VARCHAR(2),
  relation_note VARCHAR(50),
  id_document_type VARCHAR(3),
  id_number VARCHAR(30),
  sex VARCHAR(1),
  birth_date DATE,
  birth_month VARCHAR(7),
  ethnicity VARCHAR(2),
  nationality VARCHAR(3),
  education_level VARCHAR(2),
  health_status VARCHAR(2),
  employment VARCHAR(2),
  employer VARCHAR(100),
  duty VARCHAR(50),
  work_place VARCHAR(200),
  guardian BOOLEAN,
  able_to_support BOOLEAN,
  telephone VARCHAR(30),
  mobile VARCHAR(30),
  address VARCHAR(200),
  hukou_division VARCHAR(6)
);
COMMENT ON TABLE relative IS '亲属';
COMMENT ON COLUMN relative.name IS '亲属姓名';
COMMENT ON COLUMN relative.relation_to_child IS '与儿童关系';
COMMENT ON COLUMN relative.relation_note IS '关系说明';
COMMENT ON COLUMN relative.id_document_type IS '证件类型';
COMMENT ON COLUMN relative.id_number IS '证件号码';
COMMENT ON COLUMN relative.sex IS '性别';
COMMENT ON COLUMN relative.birth_date IS '出生日期';
COMMENT ON COLUMN relative.birth_month IS '出生年月';
COMMENT ON COLUMN relative.ethnicity IS '民族';
COMMENT ON COLUMN relative.nationality IS '国籍';
COMMENT ON COLUMN relative.education_level IS '文化程度';
COMMENT ON COLUMN relative.health_status IS '健康状况';
COMMENT ON COLUMN relative.employment IS '从业状况';
COMMENT ON COLUMN relative.employer IS '工作单位';
COMMENT ON COLUMN relative.duty IS '职务';
COMMENT ON COLUMN relative.work_place IS '务工地点';
COMMENT ON COLUMN relative.guardian IS '是否监护人';
COMMENT ON COLUMN relative.able_to_support IS '有无监护能力';
COMMENT ON COLUMN relative.telephone IS '联系电话';
COMMENT ON COLUMN relative.mobile IS '手机号码';
COMMENT ON COLUMN relative.address IS '住址';
COMMENT ON COLUMN relative.hukou_division IS '户籍地行政区划';

CREATE TABLE claim (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  kind VARCHAR(32),
  value BOOLEAN,
  local_code VARCHAR(20),
  level VARCHAR(20),
  start_date DATE,
  end_date DATE,
  document_no VARCHAR(50),
  note VARCHAR(500)
);
COMMENT ON TABLE claim IS '标识';
COMMENT ON COLUMN claim.kind IS '标识种类';
COMMENT ON COLUMN claim.value IS '是否';
COMMENT ON COLUMN claim.local_code IS '本部门代码';
COMMENT ON COLUMN claim.level IS '等级';
COMMENT ON COLUMN claim.start_date IS '起始日期';
COMMENT ON COLUMN claim.end_date IS '终止日期';
COMMENT ON COLUMN claim.document_no IS '证件或文书编号';
COMMENT ON COLUMN claim.note IS '备注';

CREATE TABLE roll_change (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  kind VARCHAR(2),
  change_date DATE,
  reason VARCHAR(2),
  approval_date DATE,
  approval_no VARCHAR(50),
  from_school VARCHAR(10),
  to_school VARCHAR(10),
  old_class VARCHAR(20),
  old_grade VARCHAR(20),
  new_class VARCHAR(20),
  new_grade VARCHAR(20),
  note VARCHAR(200)
);
COMMENT ON TABLE roll_change IS '学籍异动';
COMMENT ON COLUMN roll_change.kind IS '异动类别';
COMMENT ON COLUMN roll_change.change_date IS '异动日期';
COMMENT ON COLUMN roll_change.reason IS '异动原因';
COMMENT ON COLUMN roll_change.approval_date IS '审批日期';
COMMENT ON COLUMN roll_change.approval_no IS '审批文号';
COMMENT ON COLUMN roll_change.from_school IS '来源学校';
COMMENT ON COLUMN roll_change.to_school IS '去向学校';
COMMENT ON COLUMN roll_change.old_class IS '原班号';
COMMENT ON COLUMN roll_change.old_grade IS '原年级';
COMMENT ON COLUMN roll_change.new_class IS '现班号';
COMMENT ON COLUMN roll_change.new_grade IS '现年级';
COMMENT ON COLUMN roll_change.note IS '异动说明';

CREATE TABLE medical_assistance (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  settlement_no VARCHAR(50),
  hospital VARCHAR(100),
  illness VARCHAR(100),
  settled_on DATE,
  total_amount DECIMAL(14,2),
  basic_amount DECIMAL(14,2),
  serious_illness_amount DECIMAL(14,2),
  supplementary_amount DECIMAL(14,2),
  assistance_amount DECIMAL(14,2),
  fund_amount DECIMAL(14,2),
  own_amount DECIMAL(14,2),
  account_amount DECIMAL(14,2)
);
COMMENT ON TABLE medical_assistance IS '医疗救助';
COMMENT ON COLUMN medical_assistance.settlement_no IS '结算编号';
COMMENT ON COLUMN medical_assistance.hospital IS '医疗机构';
COMMENT ON COLUMN medical_assistance.illness IS '疾病名称';
COMMENT ON COLUMN medical_assistance.settled_on IS '结算日期';
COMMENT ON COLUMN medical_assistance.total_amount IS '医疗费总额';
COMMENT ON COLUMN medical_assistance.basic_amount IS '基本医保支付';
COMMENT ON COLUMN medical_assistance.serious_illness_amount IS '大病保险支付';
COMMENT ON COLUMN medical_assistance.supplementary_amount IS '大病补充保险支付';
COMMENT ON COLUMN medical_assistance.assistance_amount IS '医疗救助支付';
COMMENT ON COLUMN medical_assistance.fund_amount IS '基金支付总额';
COMMENT ON COLUMN medical_assistance.own_amount IS '个人自付';
COMMENT ON COLUMN medical_assistance.account_amount IS '个人账户支付';

CREATE TABLE correction (
  record_no BIGINT NOT NULL,
  item_no INTEGER NOT NULL,
  kind VARCHAR(32),
  field VARCHAR(100),
  reason VARCHAR(200),
  decided_on DATE,
  decided_by VARCHAR(100)
);
COMMENT ON TABLE correction IS '更正';
COMMENT ON COLUMN correction.kind IS '更正类型';
COMMENT ON COLUMN correction.field IS '更正字段';
COMMENT ON COLUMN correction.reason IS '更正原因';
COMMENT ON COLUMN correction.decided_on IS '更正日期';
COMMENT ON COLUMN correction.decided_by IS '更正单位';

CREATE TABLE unknown_fact (
  record_no BIGINT,
  table_name VARCHAR,
  parent_item_no INTEGER,
  item_no INTEGER,
  column_name VARCHAR,
  reason VARCHAR
);
COMMENT ON TABLE unknown_fact IS '未知的事实及原因';

-- The submission before, for rules of scope previous_submission: a case file (case_id, division) once.
CREATE TABLE previous_header (LIKE header);
CREATE TABLE previous_organisation (LIKE organisation);
CREATE TABLE previous_worker (LIKE worker);
CREATE TABLE previous_service_site (LIKE service_site);
CREATE TABLE previous_case_file (LIKE case_file);
CREATE TABLE previous_child (LIKE child);
CREATE TABLE previous_circumstances (LIKE circumstances);
CREATE TABLE previous_household (LIKE household);
CREATE TABLE previous_member (LIKE member);
CREATE TABLE previous_household_hardship (LIKE household_hardship);
CREATE TABLE previous_parent_situation (LIKE parent_situation);
CREATE TABLE previous_guardian (LIKE guardian);
CREATE TABLE previous_care_arrangement (LIKE care_arrangement);
CREATE TABLE previous_care_inquiry (LIKE care_inquiry);
CREATE TABLE previous_determination (LIKE determination);
CREATE TABLE previous_procedure (LIKE procedure);
CREATE TABLE previous_disability (LIKE disability);
CREATE TABLE previous_illness (LIKE illness);
CREATE TABLE previous_schooling (LIKE schooling);
CREATE TABLE previous_insurance (LIKE insurance);
CREATE TABLE previous_benefit (LIKE benefit);
CREATE TABLE previous_payment (LIKE payment);
CREATE TABLE previous_protection_gap (LIKE protection_gap);
CREATE TABLE previous_service (LIKE service);
CREATE TABLE previous_safety_event (LIKE safety_event);
CREATE TABLE previous_visit (LIKE visit);
CREATE TABLE previous_referral (LIKE referral);
CREATE TABLE previous_handover (LIKE handover);
CREATE TABLE previous_department_record (LIKE department_record);
CREATE TABLE previous_child_facts (LIKE child_facts);
CREATE TABLE previous_registration (LIKE registration);
CREATE TABLE previous_relative (LIKE relative);
CREATE TABLE previous_claim (LIKE claim);
CREATE TABLE previous_roll_change (LIKE roll_change);
CREATE TABLE previous_medical_assistance (LIKE medical_assistance);
CREATE TABLE previous_correction (LIKE correction);
