-- One row a child.
select record_no, category, letter, sex, age_band, hukou, 1 as children
from child_now
