"""The example submissions under examples/, judged: every expected verdict below was worked out by hand from the clause.

Clauses: 黄政办发〔2022〕58号 二（一）2 and 二（四）13, 60号 as a whole. Working days were counted on the State Council's
calendars of 2022 to 2024. A row is `rule | limb | subject | period | verdict | why`; of an undetermined judgement the
verdicts that are still possible stand in brackets.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from rulecheck import data, facts
from rulecheck.checking import run
from rulecheck.judgement import Evidence, Judgement, Report
from rulecheck.report.exit_status import REFUSED, VIOLATED, exit_status
from rulecheck.rules.load import load
from rulecheck.rules.model import RuleSet
from rulecheck.submission import Submission

EXAMPLES = Path(__file__).parents[1] / "examples"
FOLDER = EXAMPLES / "huangshi-2023"
RECORDS = EXAMPLES / "huangshi-2023-records.yaml"
LONG_AFTER = date(2030, 1, 1).toordinal()
"""Today: without effect, since every file names its own as-of date."""

Key = tuple[str, str | None, str, str | None]
"""Rule, limb, the subject's own id (reports mask some), period."""

# --- the table: as of the files' own dates ---

OWN_DATES = """
# 二（一）2 after-school service: Monday to Friday every day (甲), at least two hours each day (乙)
after_school_service_on_weekdays | 甲 | XX-01 | - | met | all five days from Monday 6 March 2023 have it
after_school_service_on_weekdays | 乙 | XX-01 | - | met | 120, 120, 121, 125, 120 minutes: two hours are enough
after_school_service_on_weekdays | 甲 | XX-02 | - | violated | none on Friday 10 March
after_school_service_on_weekdays | 乙 | XX-02 | - | violated | 119 minutes on Monday; three hours on Tuesday do not help
after_school_service_on_weekdays | 甲 | XX-03 | - | undetermined (met, violated) | the list of days is not complete
after_school_service_on_weekdays | 乙 | XX-03 | - | undetermined (met, violated) | the list of days is not complete
after_school_service_on_weekdays | 甲 | XX-04 | - | not_applicable | a senior high school gives no compulsory education
after_school_service_on_weekdays | 甲 | XX-05 | - | violated | special schools give compulsory education; none on Monday
after_school_service_on_weekdays | 乙 | XX-05 | - | met | 120 minutes on the one day that has it
after_school_service_on_weekdays | 甲 | XX-06 | - | met | none on 23 April only: a Sunday, though a working day
after_school_service_on_weekdays | 乙 | XX-06 | - | violated | one hour on Monday 24 April; the average does not count
after_school_service_on_weekdays | 甲 | XX-07 | - | undetermined (violated, not_applicable) | type of school untold
after_school_service_on_weekdays | 乙 | XX-07 | - | not_applicable | no day has it, so no length is to be checked
after_school_service_on_weekdays | 甲 | XX-08 | - | not_applicable | no school day yet: nothing to check
after_school_service_on_weekdays | 甲 | WD-X01 | - | not_applicable | another city

# the same: in principle it ends no earlier than office hours, which nobody has told yet
after_school_service_ends | - | XX-01-0306 | - | undetermined (met, departs) | 17:30 against an end of office hours not known
after_school_service_ends | - | XX-02-0310 | - | not_applicable | no service that day, so no end
after_school_service_ends | - | XX-02-0311 | - | not_applicable | a Saturday
after_school_service_ends | - | XX-04-0306 | - | not_applicable | a senior high school
after_school_service_ends | - | XX-06-0423 | - | not_applicable | a Sunday, and no service
after_school_service_ends | - | WD-X01-0306 | - | not_applicable | another city

# 二（四）13 five working days, the day of acceptance not counted
unemployment_review_limit | - | YQ-S01 | - | met | Thursday 19 January: 20, 28, 29 (both worked), 30, 31 January
unemployment_review_limit | - | YQ-S02 | - | violated | 1 February is the sixth
unemployment_review_limit | - | YQ-S03 | - | met | Monday 6 March: 7, 8, 9, 10, 13
unemployment_review_limit | - | YQ-S04 | - | violated | 14 March is the sixth
unemployment_review_limit | - | YQ-S05 | - | met | 28 September: off to 6 October; 7, 8 (both worked), 9, 10, 11
unemployment_review_limit | - | YQ-S06 | - | violated | 12 October is the sixth
unemployment_review_limit | - | YQ-S07 | - | not_due | 25 December: 26, 27, 28, 29, and 2 January: not past on 31 December
unemployment_review_limit | - | YQ-S08 | - | violated | 22 December: 25 to 29; not done by the 31st
unemployment_review_limit | - | YQ-S09 | - | undetermined (met, violated) | 20 June to 28 June is past; the day of review untold
unemployment_review_limit | - | YQ-S10 | - | not_applicable | accepted on 15 November 2022, the day before the issue
unemployment_review_limit | - | YQ-S11 | - | met | accepted on the day of issue, a Wednesday: 17, 18, 21, 22, 23
unemployment_review_limit | - | YQ-S12 | - | met | 28 December 2022: 29, 30, 3, 4, 5 January (2 January off)
unemployment_review_limit | - | YQ-S13 | - | violated | 6 January is the sixth
unemployment_review_limit | - | WH-S01 | - | met | accepted on Friday 7 July: 10 to 14
unemployment_review_limit | - | WH-S02 | - | undetermined (met, violated, not_due, not_applicable) | reviewed before accepted
unemployment_review_limit | - | WH-S03 | - | undetermined (met, violated, not_due, not_applicable) | day of acceptance untold
unemployment_review_limit | - | WH-S04 | - | met | Friday 21 April: 23 (a Sunday, worked), 24, 25, 26, 27
unemployment_review_limit | - | WH-S05 | - | violated | 28 April is the sixth
unemployment_review_limit | - | WD-S01 | - | not_applicable | another city

# 一 2,500 new jobs in 2022-2024
new_jobs_in_city | - | D-00 | - | met | 912 + 1,588 = 2,500 already; 2024 can only add
new_jobs_in_city | - | D-01 | - | not_applicable | a figure of the city, not of a county

# 二（一）1 organs of the city with 50 posts or more, below the ratio (at least 1.5%), employ one
city_organ_employs_disabled | - | JG-01 | - | violated | 50 posts count (含); 0 of 48 is below any ratio
city_organ_employs_disabled | - | JG-02 | - | not_applicable | 49 posts
city_organ_employs_disabled | - | JG-03 | - | met | 67 × 1.5% = 1.005 > 1: surely below the ratio, and 1 is enough
city_organ_employs_disabled | - | JG-04 | - | undetermined (violated, not_applicable) | posts untold, nobody employed
city_organ_employs_disabled | - | JG-05 | - | undetermined (met, not_applicable) | 1 of 48 is over 1.5%, the ratio unknown
city_organ_employs_disabled | - | JG-06 | - | violated | a waiver changes no verdict
city_organ_employs_disabled | - | JG-07 | - | not_applicable | of a county
city_organ_employs_disabled | - | JG-08 | - | met | 134 × 1.5% = 2.01 > 2, and 2 are enough
city_organ_employs_disabled | - | JG-10 | - | undetermined (met, violated, not_applicable) | 15 disabled among 12 staff
city_organ_employs_disabled | - | JG-11 | - | violated | staff untold, but nobody of any staff is below any ratio
city_organ_employs_disabled | - | CL-01 | - | not_applicable | 30 posts
city_organ_employs_disabled | - | SY-01 | - | not_applicable | an institution
city_organ_employs_disabled | - | WD-01 | - | not_applicable | another city

# 二（一）1 institutions with 67 posts or more, schools and kindergartens excepted
institution_employs_disabled | - | SY-01 | - | violated | 67 posts count (含), nobody employed
institution_employs_disabled | - | SY-02 | - | not_applicable | 66 posts
institution_employs_disabled | - | SY-03 | - | not_applicable | a secondary school
institution_employs_disabled | - | SY-04 | - | not_applicable | a kindergarten
institution_employs_disabled | - | SY-05 | - | violated | a vocational school is not 中小学
institution_employs_disabled | - | SY-06 | - | not_applicable | of a county: 市级 reaches the institutions
institution_employs_disabled | - | SY-07 | - | met | 70 × 1.5% = 1.05 > 1, and 1 is enough
institution_employs_disabled | - | SY-08 | - | undetermined (met, not_applicable) | perhaps a school, but 1 is employed
institution_employs_disabled | - | SY-09 | - | undetermined (violated, not_applicable) | perhaps a school, nobody employed
institution_employs_disabled | - | JB-01 | - | not_applicable | 40 posts
institution_employs_disabled | - | ZY-01 | - | undetermined (met, not_applicable) | 5 of 290 is over 1.5%; the ratio unknown
institution_employs_disabled | - | JG-01 | - | not_applicable | an organ

# 二（一）1 15% disabled cadres in federations at county level and above
federation_disabled_cadres | - | CL-01 | - | met | 20 × 15% = 3, and 15% counts (含)
federation_disabled_cadres | - | CL-02 | - | violated | 21 × 15% = 3.15 > 3; the waiver ran out on 30 June 2023
federation_disabled_cadres | - | CL-03 | - | met | 13 × 15% = 1.95 < 2
federation_disabled_cadres | - | CL-04 | - | not_applicable | of a township
federation_disabled_cadres | - | CL-05 | - | undetermined (met, violated) | number of disabled cadres untold
federation_disabled_cadres | - | JG-01 | - | not_applicable | no federation

# 二（一）1 who employs, publishes; institutions are encouraged
placement_is_published | - | JG-03 | - | met | published
placement_is_published | - | JG-05 | - | violated | employs one and has not published it
placement_is_published | - | JG-08 | - | undetermined (met, violated) | untold (—)
placement_is_published | - | JG-01 | - | not_applicable | employs nobody
placement_is_published | - | JG-10 | - | undetermined (met, violated, not_applicable) | how many it employs is in dispute
placement_is_published | - | CL-01 | - | met | a federation is an organ; told as JSON true
placement_is_published | - | SY-07 | - | met | published
placement_is_published | - | QY-01 | - | not_applicable | an enterprise
institution_sets_posts | - | SY-01 | - | falls_short | encouraged, and no post was set aside
institution_sets_posts | - | SY-07 | - | met | one post
institution_sets_posts | - | SY-08 | - | met | two posts
institution_sets_posts | - | SY-02 | - | undetermined (met, falls_short) | untold; it cannot be violated
institution_sets_posts | - | JG-01 | - | not_applicable | an organ
statistics_and_plan | 甲 | D-00 | - | met | there is a system
statistics_and_plan | 乙 | D-00 | - | not_due | no plan yet; no date, so by the end of 2024
statistics_and_plan | 甲 | D-02 | - | not_applicable | a county: the clause does not say by whom, the city is asked
statistics_and_plan | 乙 | D-02 | - | not_applicable | a county
county_pooled_ratio | - | D-00 | - | not_applicable | the city, of which the clause does not speak
county_pooled_ratio | - | D-01 | - | violated | 29 of 2,000 posts: 1.5% is 30
county_pooled_ratio | - | D-02 | - | undetermined (met, violated) | 30 of 2,000: the province may ask for more than 1.5%

# 二（二）2 state enterprises
state_enterprise_pays_levy | 甲 | QY-01 | 2022 | met | 86,000 yuan of 86,000
state_enterprise_pays_levy | 乙 | QY-01 | 2022 | met | paid on the last day, 30 November 2022, after the issue
state_enterprise_pays_levy | 甲 | QY-01 | 2023 | violated | 0.01 yuan short
state_enterprise_pays_levy | 乙 | QY-01 | 2023 | violated | not paid in full by 30 November 2023
state_enterprise_pays_levy | 甲 | QY-02 | 2022 | not_applicable | the limit of 15 November 2022 was before the issue
state_enterprise_pays_levy | 乙 | QY-02 | 2022 | not_applicable | the limit of 15 November 2022 was before the issue
state_enterprise_pays_levy | 甲 | QY-02 | 2023 | met | 30,000 yuan of 30,000
state_enterprise_pays_levy | 乙 | QY-02 | 2023 | violated | a day late, 1 December
state_enterprise_pays_levy | 甲 | QY-03 | 2023 | undetermined (met, not_applicable) | 3 of 200 is just 1.5%; nothing is owed
state_enterprise_pays_levy | 甲 | QY-04 | 2023 | undetermined (met, violated) | the sum paid is untold, the limit past
state_enterprise_pays_levy | 乙 | QY-04 | 2023 | met | 28 November
state_enterprise_pays_levy | 甲 | QY-05 | 2023 | not_applicable | not owned by the state
report_covers_ratio | - | QY-01 | 2023 | met | the report of 2023 has it
report_covers_ratio | - | QY-02 | 2023 | not_applicable | no report was drawn up
report_covers_ratio | - | QY-03 | 2023 | not_due | not yet in it; the year ends on the as-of date itself
tobacco_spacing_for_disabled | 甲 | YQ-T01 | - | violated | 30 m is just 60% of 50 m: refused for spacing
tobacco_spacing_for_disabled | 乙 | YQ-T01 | - | not_applicable | not below 60%
tobacco_spacing_for_disabled | 甲 | YQ-T02 | - | not_applicable | 29.99 m is below 60%
tobacco_spacing_for_disabled | 乙 | YQ-T02 | - | met | rightly refused
tobacco_spacing_for_disabled | 乙 | YQ-T03 | - | violated | granted at 29.99 m
tobacco_spacing_for_disabled | 甲 | YQ-T04 | - | met | granted at 30 m
tobacco_spacing_for_disabled | 乙 | YQ-T04 | - | not_applicable | not below 60%
tobacco_spacing_for_disabled | 甲 | YQ-T05 | - | met | refused, but not for spacing
tobacco_spacing_for_disabled | 甲 | YQ-T06 | - | not_applicable | the applicant is not disabled
tobacco_spacing_for_disabled | 甲 | YQ-T07 | - | not_applicable | not decided yet
tobacco_spacing_for_disabled | 甲 | YQ-T08 | - | undetermined (violated, not_applicable) | distance untold, refused for spacing
tobacco_spacing_for_disabled | 乙 | YQ-T08 | - | undetermined (met, not_applicable) | distance untold; a refusal is right anyway
tobacco_spacing_for_disabled | 甲 | YQ-T09 | - | undetermined (met, violated) | 40 m of 30 m; the ground of the refusal untold
tobacco_spacing_for_disabled | 甲 | YQ-T10 | - | not_applicable | decided on the day before the issue
tobacco_spacing_for_disabled | 甲 | YQ-T11 | - | violated | decided on the day of issue
tobacco_spacing_for_disabled | 甲 | WH-T01 | - | met | 60.00 m of 100 m, granted
tobacco_spacing_for_disabled | 乙 | WH-T02 | - | violated | 59.99 m of 100 m, granted
tobacco_spacing_for_disabled | 甲 | WH-T03 | - | violated | 60.01 m of 0.1 km, refused for spacing
tobacco_spacing_for_disabled | 甲 | WH-T04 | - | undetermined (violated, not_applicable) | whether disabled is untold
tobacco_spacing_for_disabled | 乙 | WH-T04 | - | not_applicable | 80 m is not below 60%, whoever applied
tobacco_spacing_for_disabled | 甲 | WH-T05 | - | undetermined (violated, not_applicable) | decided before it was applied for
tobacco_spacing_for_disabled | 甲 | WH-T06 | - | not_applicable | 20 m of 100 m
tobacco_spacing_for_disabled | 乙 | WH-T06 | - | met | refused below 60%, whatever the ground
tobacco_spacing_for_disabled | 甲 | WD-T01 | - | not_applicable | another city
tobacco_one_stop_service | - | YC-01 | - | met | there is one
tobacco_one_stop_service | - | YC-02 | - | violated | there is none
tobacco_one_stop_service | - | YC-03 | - | undetermined (met, violated) | left blank
tobacco_one_stop_service | - | JG-01 | - | not_applicable | no tobacco authority
state_enterprise_job_fair | - | D-00 | - | met | one is enough
state_enterprise_job_fair | - | D-01 | - | not_applicable | counted for the whole city
state_enterprise_targeted_posts | - | D-00 | 2023 | met | one in 2023
state_enterprise_targeted_posts | - | D-00 | 2024 | not_due | the year has only begun

# 二（三）4 private enterprises
alliance_and_bases | 甲 | D-00 | - | met | formed
alliance_and_bases | 乙 | D-00 | - | not_due | no base yet; by the end of 2024
private_enterprise_activities | 甲 | D-00 | - | not_due | one of the two months is not done
private_enterprise_activities | 乙 | D-00 | - | met | two events
private_enterprise_activities | 丙 | D-00 | - | not_due | untold, and not due

# 二（五）7 people who can hardly find work
hard_to_employ_are_assisted | - | D-00 | - | violated | 254 of 255
hard_to_employ_are_assisted | - | D-01 | - | met | 120 of 120
hard_to_employ_are_assisted | - | D-02 | - | violated | 79 of 80
hard_to_employ_are_assisted | - | WD-D01 | - | not_applicable | another city
yearly_assistance_month | - | D-00 | 2023 | met | held once
yearly_assistance_month | - | D-01 | 2023 | not_applicable | counted for the whole city
public_posts_as_last_resort | - | D-00 | - | violated | 29 of 31, and 5 posts are vacant
public_posts_as_last_resort | - | D-01 | - | not_applicable | 10 of 11, but no post is vacant
public_posts_as_last_resort | - | D-02 | - | violated | 9 of 10, and 5 posts are vacant
public_posts_as_last_resort | - | D-03 | - | undetermined (met, violated, not_applicable) | placed and vacant untold

# 二（六）8, 9 the countryside
rural_disabled_into_work | - | D-00 | - | not_due | 430 + 610 = 1,040 of 1,500; by the end of 2024
at_risk_households | 甲 | D-01 | - | met | all three are monitored
at_risk_households | 乙 | D-01 | - | violated | one of three is not helped
at_risk_households | 甲 | D-02 | - | undetermined (met, violated) | the list is not complete
at_risk_households | 甲 | D-03 | - | violated | the list is not complete, but one on it is not monitored
at_risk_households | 乙 | D-03 | - | undetermined (met, violated) | all on an incomplete list are helped
at_risk_households | 甲 | D-00 | - | undetermined (met, violated, not_applicable) | no list at all
rural_practical_training | - | D-00 | - | met | six in 2023, within the plan

# 二（七）10, 12 students
graduate_ledger | - | D-00 | - | met | kept
graduate_ledger | - | D-01 | - | not_applicable | a county: the clause does not say by whom, the city is asked
student_personal_service | 甲 | D-01 | - | met | both enrolled students have a file; who has left is not meant
student_personal_service | 乙 | D-01 | - | not_due | one enrolled student had no service; by the end of 2024
student_personal_service | 甲 | D-02 | - | not_applicable | no student: nothing to check
graduate_recruitment_activities | 甲 | D-00 | - | not_due | three of the four
graduate_recruitment_activities | 乙 | D-00 | - | met | three online events
service_after_leaving | - | D-01 | - | not_due | who left without work had no service; by the end of 2024
service_after_leaving | - | D-02 | - | not_applicable | no student: nothing to check

# 二（八）13 the blind
blind_who_want_are_trained | - | D-00 | - | met | 52 of 52
blind_who_want_are_trained | - | D-01 | - | not_applicable | nobody wants training
blind_who_want_are_trained | - | D-02 | - | undetermined (met, not_due, not_applicable) | 12 trained of 10: in dispute

# 二（九）16 four services, each at least once
four_one_services | 甲 | D-01 | - | met | all six of working age and not employed were checked
four_one_services | 乙 | D-01 | - | not_due | one of the four who want work was not assessed; by the end of 2024
four_one_services | 丙 | D-01 | - | met | all four are registered
four_one_services | 丁 | D-01 | - | not_due | of one it is untold
four_one_services | 甲 | D-02 | - | not_applicable | an empty list: nothing to check
four_one_services | 甲 | D-03 | - | not_due | one was not checked; by the end of 2024
four_one_services | 乙 | D-03 | - | not_due | the list is not complete

# 二（九）17-19 agencies and services
public_agency_serves_disabled | - | FW-01 | - | met | in its scope
public_agency_serves_disabled | - | FW-02 | - | not_due | not in its scope; by the end of 2024
public_agency_serves_disabled | - | FW-03 | - | not_applicable | an agency for disabled people
disabled_agency_standardised | 甲 | FW-03 | - | met | done
disabled_agency_standardised | 乙 | FW-03 | - | not_due | rules on procedure are missing; by the end of 2024
disabled_agency_standardised | 甲 | FW-04 | - | not_due | not done; by the end of 2024
disabled_agency_standardised | 乙 | FW-04 | - | met | all three kinds of rules
disabled_agency_standardised | 甲 | FW-05 | - | not_applicable | of a township
disabled_agency_standardised | 甲 | FW-06 | - | met | of the city: at county level and above
five_fine_services | - | FW-03 | - | met | all five
five_fine_services | - | FW-04 | - | violated | no follow-up
five_fine_services | - | FW-05 | - | not_applicable | of a township
five_fine_services | - | FW-06 | - | undetermined (met, violated) | follow-up untold
five_fine_services | - | FW-01 | - | not_applicable | a public agency
service_exchange_events | - | D-00 | - | not_due | none yet; by the end of 2024
services_can_be_purchased | - | D-00 | - | met | on the list
services_can_be_purchased | - | D-01 | - | not_due | not on the list; by the end of 2024
injured_workers_are_served | - | D-00 | - | not_due | 44 of 45; by the end of 2024
injured_workers_are_served | - | D-02 | - | not_applicable | nobody is eligible
purchase_rules | - | D-00 | - | not_due | none yet; by the end of 2024

# 二（十）21, 22 skills
disabled_people_trained | - | D-00 | - | not_due | 520 in 2022, 2023 untold; by the end of 2024
contests_and_shows | 甲 | D-00 | - | met | one contest
contests_and_shows | 乙 | D-00 | - | not_due | no show yet
colleges_enrol_more | - | SY-05 | 2023 | met | 6 are more than 4
colleges_enrol_more | - | ZY-01 | 2023 | falls_short | 5 are not more than 5
colleges_enrol_more | - | ZY-02 | 2023 | undetermined (met, falls_short) | untold; it cannot be violated
colleges_enrol_more | - | ZY-03 | 2023 | falls_short | 3 after 7, a private school
colleges_enrol_more | - | ZY-01 | 2024 | not_due | the year has only begun
colleges_enrol_more | - | SY-03 | 2023 | not_applicable | no vocational school

# 三（二）, 三（四） safeguards
subsidy_measures | 甲 | D-00 | - | met | made
subsidy_measures | 乙 | D-00 | - | not_due | without amounts and conditions; by the end of 2024
subsidy_measures | 甲 | D-01 | - | not_applicable | the city makes them
duties_are_assigned | - | D-01 | - | met | assigned
duties_are_assigned | - | D-02 | - | not_due | not assigned; by the end of 2024
duties_are_assigned | - | D-00 | - | not_applicable | a duty of the counties
yearly_monitoring | 甲 | D-01 | 2022 | not_applicable | from 2023 on
yearly_monitoring | 乙 | D-01 | 2022 | not_applicable | from 2023 on
yearly_monitoring | 乙 | D-01 | 2023 | met | once in 2023
yearly_monitoring | 甲 | D-02 | 2022 | not_applicable | from 2023 on
yearly_monitoring | 甲 | D-02 | 2023 | violated | none in 2023
yearly_monitoring | 乙 | D-03 | 2023 | undetermined (met, violated) | untold, and the year is over
yearly_report | - | D-01 | 2022 | met | on 31 December 2022 itself
yearly_report | - | D-01 | 2023 | violated | ten days late, 10 January 2024
yearly_report | - | D-02 | 2022 | met | 30 December 2022
yearly_report | - | D-02 | 2023 | violated | none by 15 January 2024
yearly_report | - | D-03 | 2022 | violated | a day late, 1 January 2023
yearly_report | - | D-03 | 2023 | undetermined (met, violated) | untold
yearly_report | - | D-00 | 2023 | not_applicable | the counties report to the city
policy_evaluation | - | D-01 | - | met | one within the plan
policy_evaluation | - | D-02 | - | not_due | none yet; by the end of 2024
final_evaluation | - | D-00 | - | not_due | not yet; by the end of 2024
final_evaluation | - | D-01 | - | not_applicable | held by the city
"""

# --- the same folder at other dates ---

LAST_DAY_OF_2023 = """
# On the last day itself a date has not passed.
yearly_monitoring | 甲 | D-02 | 2023 | not_due | the year is not over
yearly_monitoring | 甲 | D-02 | 2022 | not_applicable | from 2023 on
yearly_report | - | D-01 | 2023 | not_due | on 31 December 2023 the limit has not passed: nothing is adverse yet
yearly_report | - | D-02 | 2023 | not_due | to be sent by today
colleges_enrol_more | - | ZY-01 | 2023 | not_due | the year is not over
city_organ_employs_disabled | - | JG-01 | - | violated | a continuing duty
"""

AFTER_THE_PLAN = """
# As of 31 January 2025, with the figures left as they were a year before.
new_jobs_in_city | - | D-00 | - | met | 2,500 after two years
statistics_and_plan | 乙 | D-00 | - | violated | no plan
report_covers_ratio | - | QY-03 | 2023 | violated | not in it when the year was over
alliance_and_bases | 乙 | D-00 | - | violated | no base
private_enterprise_activities | 甲 | D-00 | - | violated | one month of the two
private_enterprise_activities | 丙 | D-00 | - | undetermined (met, violated) | untold
rural_disabled_into_work | - | D-00 | - | undetermined (met, violated) | 1,040 and what 2024 brought
student_personal_service | 乙 | D-01 | - | violated | one enrolled student had no service
graduate_recruitment_activities | 甲 | D-00 | - | violated | three of four
service_after_leaving | - | D-01 | - | violated | no service
blind_who_want_are_trained | - | D-02 | - | undetermined (met, violated, not_applicable) | in dispute
four_one_services | 甲 | D-03 | - | violated | one was not checked
four_one_services | 乙 | D-01 | - | violated | one was not assessed
four_one_services | 丁 | D-01 | - | undetermined (met, violated) | of one it is untold
public_agency_serves_disabled | - | FW-02 | - | violated | not in its scope
disabled_agency_standardised | 甲 | FW-04 | - | violated | not done
disabled_agency_standardised | 乙 | FW-03 | - | violated | no rules on procedure
service_exchange_events | - | D-00 | - | violated | none
services_can_be_purchased | - | D-01 | - | violated | not on the list
injured_workers_are_served | - | D-01 | - | violated | 29 of 30
purchase_rules | - | D-00 | - | violated | none
disabled_people_trained | - | D-00 | - | undetermined (met, violated) | 520 and two years untold
contests_and_shows | 乙 | D-00 | - | violated | no show
subsidy_measures | 乙 | D-00 | - | violated | without amounts and conditions
duties_are_assigned | - | D-02 | - | violated | not assigned
policy_evaluation | - | D-02 | - | violated | none
final_evaluation | - | D-00 | - | violated | not held
unemployment_review_limit | - | YQ-S07 | - | violated | due on 2 January 2024, and nothing done
"""

OFFICE_HOURS_TO_1730 = """
# Rules in which the local office hours are known to end at 17:30.
after_school_service_ends | - | XX-01-0306 | - | met | 17:30 is no earlier
after_school_service_ends | - | XX-01-0308 | - | departs | a minute early
after_school_service_ends | - | XX-01-0309 | - | departs | the school's own reason changes nothing
after_school_service_ends | - | XX-01-0310 | - | met | early, but the authority accepted the reason
after_school_service_ends | - | XX-02-0306 | - | met | 17:45
after_school_service_ends | - | XX-02-0311 | - | not_applicable | a Saturday
after_school_service_ends | - | XX-06-0424 | - | departs | 16:30
after_school_service_ends | - | XX-06-0425 | - | met | 17时30分
"""


@dataclass(frozen=True)
class Row:
    key: Key
    verdict: str
    possible: frozenset[str]
    why: str


def rows(table: str) -> Iterator[Row]:
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        rule, limb, subject, period, expected, why = (part.strip() for part in line.split("|"))
        verdict, _, possible = expected.rstrip(")").partition(" (")
        left = frozenset(possible.split(", ") if possible else [verdict])
        yield Row((rule, limb if limb != "-" else None, subject, period if period != "-" else None), verdict, left, why)


def cases(table: str) -> list[object]:
    return [pytest.param(row, id="/".join(part or "-" for part in row.key)) for row in rows(table)]


# --- judging ---


@dataclass(frozen=True)
class Result:
    report: Report
    submission: Submission
    judgements: dict[Key, Judgement]


def judged(rules: RuleSet, as_of: date | None = None) -> Result:
    submission = facts.read([FOLDER], rules, records=[RECORDS])
    report = run(rules, submission, as_of=as_of.toordinal() if as_of else None, today=LONG_AFTER)
    ids = {
        (kind, each.origin.file, each.origin.where_zh): each.id
        for kind, found in submission.subjects.items()
        for each in found
    }
    judgements = {}
    for each in report.judgements:
        origin = each.subject.origin
        key = (each.rule, each.limb, ids[each.subject.type, origin.file, origin.where_zh], each.period)
        assert key not in judgements
        judgements[key] = each
    return Result(report, submission, judgements)


@cache
def shipped_rules() -> RuleSet:
    rules, problems = load()
    assert rules is not None, problems
    return rules


@cache
def at_own_dates() -> Result:
    return judged(shipped_rules())


@cache
def at(day: date) -> Result:
    return judged(shipped_rules(), day)


@pytest.fixture(scope="module")
def with_office_hours(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Judged by a copy of the rules in which the authority has settled the end of office hours: 17:30."""
    folder = tmp_path_factory.mktemp("settled") / "rules"
    shutil.copytree(data.folder("rules"), folder)
    file = folder / "huangshi" / "2022-58" / "vocabulary.rule"
    head, name, rest = file.read_text(encoding="utf-8").partition("参数：当地正常下班时间")
    values = re.compile(r"(^ *取值：.*\n)+", re.M)
    settled, count = values.subn("  取值：黄石市，2022年11月16日起，17:30\n", rest, count=1)
    assert count == 1
    file.write_text(head + name + settled, encoding="utf-8")
    rules, problems = load(folder)
    assert rules is not None, problems
    return judged(rules)


def check(result: Result, row: Row) -> None:
    judgement = result.judgements[row.key]
    found = frozenset(str(each) for each in judgement.possible)
    assert (str(judgement.verdict), found) == (row.verdict, row.possible), f"{row.why}\n{judgement.reason.zh}"


@pytest.mark.parametrize("row", cases(OWN_DATES))
def test_verdict_at_the_dates_of_the_files(row: Row) -> None:
    check(at_own_dates(), row)


@pytest.mark.parametrize("row", cases(LAST_DAY_OF_2023))
def test_verdict_on_the_last_day_of_the_year(row: Row) -> None:
    check(at(date(2023, 12, 31)), row)


@pytest.mark.parametrize("row", cases(AFTER_THE_PLAN))
def test_verdict_after_the_plan(row: Row) -> None:
    check(at(date(2025, 1, 31)), row)


@pytest.mark.parametrize("row", cases(OFFICE_HOURS_TO_1730))
def test_verdict_once_office_hours_are_settled(row: Row, with_office_hours: Result) -> None:
    check(with_office_hours, row)


OF_OTHER_DOCUMENTS = {"after_school_service_on_weekdays", "after_school_service_ends", "unemployment_review_limit"}
"""Rules of 黄政办发〔2022〕58号 that the folder is about too; the others have examples/gazette."""


def test_table_is_large_and_covers_every_rule_and_limb() -> None:
    table = [*rows(OWN_DATES), *rows(LAST_DAY_OF_2023), *rows(AFTER_THE_PLAN), *rows(OFFICE_HOURS_TO_1730)]
    assert len(table) >= 80
    judged_rules = {
        (rule.id, limb.tag)
        for rule in shipped_rules().rules
        if rule.document.number == "黄政办发〔2022〕60号" or rule.id in OF_OTHER_DOCUMENTS
        for reading in rule.readings
        for limb in reading.limbs
    }
    assert {row.key[:2] for row in table} == judged_rules
    verdicts = {"met", "violated", "departs", "falls_short", "not_due", "not_applicable", "undetermined"}
    assert {row.verdict for row in table} == verdicts


# --- what goes with a verdict ---

OTHER_READINGS = [
    (("unemployment_review_limit", None, "WH-S01", None), "from_submission", "violated"),
    # from Monday 3 July: 4, 5, 6, 7, 10 July; reviewed on the 14th
    (("institution_employs_disabled", None, "SY-05", None), "vocational_schools_excepted", "not_applicable"),
    (("institution_employs_disabled", None, "SY-06", None), "all_levels", "violated"),  # 100 posts, nobody employed
    (("institution_employs_disabled", None, "SY-01", None), "target_at_period_end", "not_due"),  # end of 2025
    (("after_school_service_on_weekdays", "甲", "XX-05", None), "special_schools_left_out", "not_applicable"),
    (("yearly_report", None, "D-01", "2023"), "around_year_end", "met"),  # by 31 January 2024
    (("yearly_report", None, "D-02", "2023"), "around_year_end", "not_due"),  # by 31 January 2024
    (("report_covers_ratio", None, "QY-02", "2023"), "report_required", "not_due"),  # the year ends that day
    (("statistics_and_plan", "甲", "D-02", None), "each_locality", "not_due"),
    (("state_enterprise_pays_levy", "甲", "QY-02", "2023"), "ratio_itself_owed", "violated"),  # 2 of 200 is under 1.5%
    (("services_can_be_purchased", None, "D-01", None), "owed_throughout", "violated"),
    (("new_jobs_in_city", None, "D-00", None), "net_growth", "not_due"),  # 2,500 less 200, and 2024 untold
]


@pytest.mark.parametrize(("key", "reading", "verdict"), OTHER_READINGS)
def test_other_reading_is_told(key: Key, reading: str, verdict: str) -> None:
    use = at_own_dates().judgements[key].reading
    assert use is not None
    others = {each.name.en: str(each.verdict) for each in use.others}
    assert {name.replace(" ", "_"): found for name, found in others.items()}[reading] == verdict


CURES = [
    (("city_organ_employs_disabled", None, "JG-01", None), [("disabled_employees", "0", "1")]),
    (("federation_disabled_cadres", None, "CL-02", None), [("disabled_cadres", "3", "4")]),  # 3.15 rounded up
    (("state_enterprise_pays_levy", "甲", "QY-01", "2023"), [("levy_paid", "92999.99", "93000")]),
    (("placement_is_published", None, "JG-05", None), [("placement_published", "no", "yes")]),
    (("hard_to_employ_are_assisted", None, "D-00", None), [("given_assistance", "254", "255")]),
    (("public_posts_as_last_resort", None, "D-00", None), [("given_public_posts", "29", "31")]),
    (("at_risk_households", "乙", "D-01", None), [("helped", "no", "yes")]),
    (("five_fine_services", None, "FW-04", None), [("offers_follow_up", "no", "yes")]),
    (("unemployment_review_limit", None, "YQ-S02", None), []),  # a day gone by
    (("tobacco_spacing_for_disabled", "甲", "YQ-T01", None), []),  # a decision already made
]


@pytest.mark.parametrize(("key", "cure"), CURES)
def test_cure(key: Key, cure: list[tuple[str, str, str]]) -> None:
    remedy = at_own_dates().judgements[key].remedy
    assert [(each.fact, each.from_value, each.to_value) for each in remedy] == cure


MISSING = [
    (("city_organ_employs_disabled", None, "JG-04", None), {("posts", "submitter")}),
    (("city_organ_employs_disabled", None, "JG-05", None), set()),  # cannot be violated: asks nothing
    (("institution_employs_disabled", None, "SY-09", None), {("institution_type", "submitter")}),
    (("federation_disabled_cadres", None, "CL-05", None), {("disabled_cadres", "submitter")}),
    (("state_enterprise_pays_levy", "甲", "QY-04", "2023"), {("levy_paid", "submitter")}),
    (("unemployment_review_limit", None, "YQ-S09", None), {("reviewed_on", "submitter")}),
    (("tobacco_spacing_for_disabled", "甲", "YQ-T08", None), {("nearest_shop_distance", "submitter")}),
    (("after_school_service_ends", None, "XX-01-0306", None), {("local_end_of_office_hours", "authority")}),
    (("at_risk_households", "甲", "D-02", None), {("at_risk_household", "submitter")}),
    (("yearly_report", None, "D-03", "2023"), {("reported_on", "submitter")}),
    (("institution_sets_posts", None, "SY-02", None), set()),  # encouraged: asks nothing
]


@pytest.mark.parametrize(("key", "facts_missing"), MISSING)
def test_what_is_missing_and_whose_move_it_is(key: Key, facts_missing: set[tuple[str, str]]) -> None:
    found = at_own_dates().judgements[key].missing
    assert {(each.fact, each.awaiting) for each in found} == facts_missing


def test_who_is_bound_is_the_authority_and_not_the_applicant() -> None:
    judgements = at_own_dates().judgements
    assert judgements["tobacco_spacing_for_disabled", "甲", "YQ-T01", None].bound.name == "云栖县烟草专卖局"
    assert judgements["unemployment_review_limit", None, "WH-S05", None].bound.name == "望湖区失业保险经办所"
    assert judgements["after_school_service_ends", None, "XX-01-0306", None].bound.name == "湖畔小学"


def test_a_waiver_is_shown_until_it_runs_out() -> None:
    judgements = at_own_dates().judgements
    waived = judgements["city_organ_employs_disabled", None, "JG-06", None].waived
    assert waived is not None
    assert (waived.document, waived.until) == ("示残工委函〔2023〕7号", "2024-06-30")
    assert judgements["federation_disabled_cadres", None, "CL-02", None].waived is None  # until 30 June 2023
    later = at(date(2025, 1, 31)).judgements
    assert later["city_organ_employs_disabled", None, "JG-06", None].waived is None


def test_only_the_authority_accepts_a_reason(with_office_hours: Result) -> None:
    own = with_office_hours.judgements["after_school_service_ends", None, "XX-01-0309", None]
    accepted = with_office_hours.judgements["after_school_service_ends", None, "XX-01-0310", None]
    assert own.given_reason == "当日下午停电检修，提前离校"
    assert own.by_reason is None
    assert accepted.by_reason is not None
    assert accepted.by_reason.by == "示例市教育局"
    organ = at_own_dates().judgements["city_organ_employs_disabled", None, "JG-01", None]
    assert organ.given_reason == "拟于2024年招录1名残疾人"


def test_contradictions_are_found() -> None:
    result = at_own_dates()
    ids = {(kind, each.origin): each.id for kind, found in result.submission.subjects.items() for each in found}
    found = {(each.relation, ids[each.subject.type, each.subject.origin]) for each in result.report.faults}
    assert found == {
        ("disabled_within_staff", "JG-10"),  # 15 of 12
        ("decided_after_applied", "WH-T05"),  # 1 July, applied for on 10 July
        ("reviewed_after_accepted", "WH-S02"),  # 8 May, accepted on 10 May
        ("trained_within_wanting", "D-02"),  # 12 of 10
    }


# --- the folder itself ---


def test_first_run_ends_with_violations_and_nothing_refused() -> None:
    report = at_own_dates().report
    assert report.refused == ()
    assert exit_status(report) == VIOLATED
    assert report.as_of == ("2023-12-31", "2024-01-15")
    idle = {each.id for each in report.not_checked if each.what == "rule"}
    assert not idle & {row.key[0] for row in rows(OWN_DATES)}


def test_every_verdict_occurs(with_office_hours: Result) -> None:
    found = {str(each.verdict) for each in with_office_hours.report.judgements}
    assert found == {"met", "violated", "departs", "falls_short", "not_due", "not_applicable", "undetermined"}


def test_folder_is_of_the_size_and_kinds_promised() -> None:
    subjects = at_own_dates().submission.subjects
    events = ("tobacco_application", "unemployment_claim", "school_day")
    assert len(subjects["unit"]) >= 15
    assert sum(len(subjects[kind]) for kind in events) >= 40
    assert {path.suffix for path in FOLDER.rglob("*") if path.is_file()} == {".yaml", ".json", ".csv"}
    assert "虚构" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


def test_what_was_meant_to_be_one_subject_is_one() -> None:
    """Told of in several files, of several formats."""
    judgement = at_own_dates().judgements["graduate_ledger", None, "D-00", None]
    jobs = at_own_dates().judgements["new_jobs_in_city", None, "D-00", None]
    assert (str(judgement.verdict), str(jobs.verdict)) == ("met", "met")
    assert len([each for each in at_own_dates().submission.subjects["locality"] if each.id == "D-00"]) == 1


BROKEN = [
    ("计量单位不对.yaml", "F304", "第7行"),
    ("名称写错.yaml", "F202", "第6行"),
    ("同一项写了两次.yaml", "F134", "第7行"),
    ("失业保险金申领-没有的日期.csv", "U831", "第3行"),
    ("读不出的数.json", "U819", "$.unit.posts"),
    ("冒号不对.yaml", "F132", "第1行"),
    ("单位-合计不对.csv", "S231", "第4行"),
    ("两份报表不一致/单位-编办报.csv", "F401", "第2行"),
    ("两份报表不一致/单位-本单位报.csv", "F401", "第2行"),
]


@cache
def broken() -> Report:
    rules = shipped_rules()
    return run(rules, facts.read([EXAMPLES / "refused"], rules), as_of=None, today=LONG_AFTER)


@pytest.mark.parametrize(("file", "code", "where"), BROKEN)
def test_broken_file_is_refused_at_the_right_place(file: str, code: str, where: str) -> None:
    (refusal,) = [each for each in broken().refused if each.file == f"refused/{file}"]
    (fault,) = refusal.faults
    assert fault.code == code
    assert fault.place is not None
    assert fault.place.where.startswith(where)


def test_broken_files_do_not_stop_the_others() -> None:
    report = broken()
    assert len(report.refused) == len(BROKEN)
    assert exit_status(report) == REFUSED
    verdicts = {each.rule: str(each.verdict) for each in report.judgements}
    assert verdicts["city_organ_employs_disabled"] == "met"  # 55 posts, 1 of 70 staff: 70 × 1.5% = 1.05
    assert verdicts["placement_is_published"] == "met"


def test_every_step_of_the_evidence_says_how_it_came_out() -> None:
    ends = {"yes": ("成立", "是"), "no": ("不成立", "否"), "unknown": ("无法确定",)}

    def steps(node: Evidence) -> Iterator[Evidence]:
        for child in node.children:
            yield child
            yield from steps(child)

    shown = [step for each in at_own_dates().report.judgements for step in steps(each.evidence) if step.value in ends]
    assert len(shown) > 1000
    assert [step.text.zh for step in shown if not step.text.zh.endswith(tuple(f"：{end}" for end in ends[str(step.value)]))] == []
