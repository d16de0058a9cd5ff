"""A shipped rule with one thing changed reads otherwise in both languages: what a lawyer would have to notice."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from rulecheck import data
from rulecheck.commands.read import render
from rulecheck.language.diagnostics import render as render_problem
from rulecheck.prose.documents import told
from rulecheck.rules.load import load
from rulecheck.rules.model import RuleSet

# The folder is named as well: a file name may occur in several.
TARGETS, ORGANS, ENTERPRISES = (
    "2022-60/1-targets.rule",
    "2022-60/2-01-organs.rule",
    "2022-60/2-02-state-enterprises.rule",
)
STUDENTS, SERVICES, SAFEGUARDS = (
    "2022-60/2-06-to-08-rural-students-blind.rule",
    "2022-60/2-09-to-10-services-and-skills.rule",
    "2022-60/3-safeguards.rule",
)
CLAIMS, SCHOOLS = "2022-58/unemployment-claims.rule", "2022-58/after-school-service.rule"
HEALTH, UTILITIES, ENVIRONMENT = "2022-58/2-03-health.rule", "2022-58/2-05-utilities.rule", "2022-58/2-06-environment.rule"
GOVERNMENT, PUBLICITY = "2022-58/2-12-government-services.rule", "2022-58/3-safeguards.rule"

MUTATIONS = [
    # file, rule, from, to
    (ORGANS, "city_organ_employs_disabled", "编制 不少于 50人", "编制 超过 50人"),
    (ORGANS, "city_organ_employs_disabled", "编制 不少于 50人", "编制 不少于 49人"),
    (ORGANS, "city_organ_employs_disabled", "（机关、残联机关）", "（机关、残联机关、事业单位）"),
    (ORGANS, "city_organ_employs_disabled", " 且 层级=市级 且 编制 不少于 50人\n", " 且 编制 不少于 50人\n"),
    (ORGANS, "city_organ_employs_disabled", "考核期：2022年11月28日", "考核期：2022年11月29日"),
    (ORGANS, "city_organ_employs_disabled", "continuing_duty（默认）", "continuing_duty"),
    (ORGANS, "city_organ_employs_disabled", "完成时限〔期末目标〕：2025年底", "完成时限〔期末目标〕：2025年12月30日"),
    (ORGANS, "city_organ_employs_disabled", "要求：安排残疾人就业人数", "原则上：安排残疾人就业人数"),
    (ORGANS, "institution_employs_disabled", "  除外情形：机构类型 属于 （中小学、幼儿园）\n", ""),
    (ORGANS, "federation_disabled_cadres", "15%×残联干部总数", "16%×残联干部总数"),
    (ORGANS, "federation_disabled_cadres", "不低于 县级", "高于 县级"),
    (ORGANS, "institution_sets_posts", "鼓励：", "要求："),
    (TARGETS, "new_jobs_in_city", "2022年至2024年） 不少于 2500人\n  要求〔", "2023年至2024年） 不少于 2500人\n  要求〔"),
    (ENTERPRISES, "state_enterprise_pays_levy", " 或 应缴保障金 超过 0元", " 且 应缴保障金 超过 0元"),
    (ENTERPRISES, "tobacco_spacing_for_disabled", "义务主体：受理机关\n", ""),
    (ENTERPRISES, "tobacco_spacing_for_disabled", "要求（乙）：许可决定=不予", "要求（乙）：许可决定≠不予"),
    (STUDENTS, "at_risk_households", "要求（甲）：每一 风险家庭", "要求（甲）：存在 风险家庭"),
    (STUDENTS, "at_risk_households", "已纳入监测=是", "已纳入监测=否"),
    (SERVICES, "four_one_services", "其中 （适龄未就业） 满足", "其中 （适龄求职） 满足"),
    (SERVICES, "colleges_enrol_more", "上期（残疾学生招生数）", "残疾学生招生数@2022年"),
    (SAFEGUARDS, "yearly_report", "当期末+31天", "当期末+30天"),
    (CLAIMS, "unemployment_review_limit", "完成时限：受理日+5个工作日", "完成时限：受理日+5天"),
    (CLAIMS, "unemployment_review_limit", "完成时限：受理日+5个工作日", "完成时限：受理日+4个工作日"),
    (CLAIMS, "unemployment_review_limit", "完成时限：受理日+5个工作日", "完成时限：受理日+5个工作日 遇休息日顺延"),
    (SCHOOLS, "after_school_service_on_weekdays", "属于 周一至周五） 满足", "属于 周一至周四） 满足"),
    (SCHOOLS, "after_school_service_on_weekdays", "不少于 2小时", "超过 2小时"),
    (SCHOOLS, "after_school_service_ends", "不早于 当地", "晚于 当地"),
    (HEALTH, "three_ways_of_booking", "网站预约、自助机预约、", "网站预约、"),
    (HEALTH, "three_ways_of_booking", "+其他预约方式种数 不少于", " 不少于"),
    (HEALTH, "three_ways_of_booking", "不少于 3种", "不少于 4种"),
    (ENVIRONMENT, "air_plan_and_programmes", "柴油货车方案已印发） 不少于 3", "柴油货车方案已印发） 不少于 2"),
    (UTILITIES, "outages_fall", "降幅（用户平均停电时长）", "增幅（用户平均停电时长）"),
    (UTILITIES, "outages_fall", "降幅（用户平均停电时长） 不低于 10%", "降幅（用户平均停电时长） 超过 10%"),
    (UTILITIES, "outages_fall", "降幅（停电总时长）", "降幅（用户平均停电时长）"),
    (GOVERNMENT, "frequent_matters_limit", "居前（年办件量，50%）", "居前（年办件量，51%）"),
    (GOVERNMENT, "frequent_matters_limit", "居前（年办件量，50%）", "并非 居前（年办件量，50%）"),
    (GOVERNMENT, "quarterly_limit_assessment", "考核期：2023年1月1日", "考核期：2023年4月1日"),
    (PUBLICITY, "yearly_publicity_of_places", "属于 每年9月1日至", "属于 每年9月2日至"),
    (PUBLICITY, "yearly_publicity_of_places", "属于 每年9月1日至", "不属于 每年9月1日至"),
    (PUBLICITY, "yearly_publicity_of_places", "完成时限：每年10月31日", "完成时限：每年10月30日"),
]


@cache
def shipped() -> RuleSet:
    rules, problems = load()
    assert rules is not None, problems
    return rules


@pytest.mark.parametrize(("file", "rule", "before", "after"), MUTATIONS, ids=lambda each: None)
def test_a_changed_rule_reads_otherwise(tmp_path: Path, file: str, rule: str, before: str, after: str) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(data.folder("rules"), folder)
    path = folder / "huangshi" / file
    text = path.read_text(encoding="utf-8")
    start = text.index(f" / {rule}\n")
    assert before in text[start:]
    # Examples would no longer hold; they are no part of what is told.
    changed = re.sub(r"(?m)^ +(示例|前提).*\n", "", text[:start] + text[start:].replace(before, after, 1))
    path.write_text(changed, encoding="utf-8")
    found, problems = load(folder)
    assert found is not None, [render_problem(each) for each in problems]
    for language in ("zh", "en"):
        assert render(told(found, {rule}, ()), language, color=False) != render(
            told(shipped(), {rule}, ()), language, color=False
        )
