"""A report with one of everything that a report can have: the input of the report tests."""

from __future__ import annotations

from rulecheck.judgement import (
    AcceptedReason,
    Change,
    DataFault,
    Evidence,
    Margin,
    NotChecked,
    ReadingResult,
    ReadingUse,
    ResponsibleAgency,
    UsedParameter,
    Verdict,
    Waiver,
)
from rulecheck.language.diagnostics import Diagnostic, Label, fault
from rulecheck.language.source import Source, Span
from rulecheck.measures.places import Place
from rulecheck.rules.model import Bilingual
from rulecheck.submission import ExpectedUnit, Received, Refusal, Standing, State
from support_report import EMPLOYS, SERVICES, at, judgement, missing, party, report, subject

REVIEW = Bilingual("失业保险金审核时限", "Limit for review of unemployment claims")
SCHOOL = Bilingual("课后服务结束时间", "End of after-school service")
STAFF = Bilingual("残联干部队伍中残疾人占比", "Disabled persons among federation staff")
JOBS = Bilingual("全市城乡新增残疾人就业", "New jobs for disabled persons in the city")

RATIO = UsedParameter(
    "prescribed_ratio",
    Bilingual("规定比例", "prescribed ratio"),
    "1.5",
    "%",
    Bilingual("残疾人就业条例第八条", "Regulations on the Employment of Disabled Persons, art. 8"),
    "bounded",
)
AGENCIES = (
    ResponsibleAgency("各县（市、区）人民政府", "responsible"),
    ResponsibleAgency("市残联", "responsible"),
    ResponsibleAgency("市委组织部", "responsible"),
    ResponsibleAgency("市委编办", "responsible"),
    ResponsibleAgency("市人社局", "responsible"),
    ResponsibleAgency("市政府国资委", "responsible"),
)

EVIDENCE = Evidence(
    Bilingual("机关安排残疾人就业", "Organs employ disabled persons"),
    None,
    None,
    None,
    False,
    (
        Evidence(
            Bilingual("适用情形：成立", "applies: holds"),
            "yes",
            None,
            None,
            False,
            (
                Evidence(
                    Bilingual("编制 50人 不少于 50人：成立", "posts 50 people at least 50 people: holds"),
                    "yes",
                    None,
                    None,
                    False,
                    (Evidence(Bilingual("编制：50人", "posts: 50 people"), "50", "人", at("单位.yaml", 5, "50"), False),),
                ),
                Evidence(
                    Bilingual(
                        "安排残疾人就业人数 ＜ 规定比例×在职职工总数：0人 ＜ 1.5%×48人 = 0.72人：成立",
                        "disabled employed < prescribed ratio × staff: 0 people < 1.5% × 48 people = 0.72 people: holds",
                    ),
                    "yes",
                    None,
                    None,
                    False,
                ),
            ),
        ),
        Evidence(
            Bilingual("要求：安排残疾人就业人数 不少于 1人：不成立", "must: disabled employed at least 1 person: does not hold"),
            "no",
            None,
            None,
            True,
            (
                Evidence(
                    Bilingual("安排残疾人就业人数：0人", "disabled employed: 0 people"), "0", "人", at("单位.yaml", 7, "0"), True
                ),
            ),
        ),
    ),
)

VIOLATED = judgement(
    Verdict.VIOLATED,
    title=EMPLOYS,
    limb="甲",
    quote=("编制50人(含)以上的市级机关", "安排残疾人就业未达到规定比例的", "至少安排1名残疾人就业"),
    of=subject("黄石市市场监测局", line=3),
    reason=Bilingual(
        "经比对，该单位编制50人，报送安排残疾人就业0人（单位.yaml 第7行），少1人；要求至少安排1名。",
        "Compared: the unit has 50 posts and reports 0 disabled persons employed (单位.yaml line 7), 1 short; "
        "at least 1 is required.",
    ),
    margin=Margin("-1", "人"),
    remedy=(
        Change(
            "黄石市市场监测局",
            "disabled_employed",
            "0",
            "1",
            "人",
            Bilingual("还需安排1名残疾人就业", "employ 1 more disabled person"),
        ),
    ),
    parameters=(RATIO,),
    reading=ReadingUse(
        Bilingual("“十四五”期间", "within the five-year period"),
        (ReadingResult(Bilingual("2025年底前的目标", "a target for the end of 2025"), Verdict.NOT_DUE),),
    ),
    given_reason="近三年无招录计划",
    responsible=AGENCIES,
    evidence=EVIDENCE,
    see_also=(Bilingual("湖北省实施办法另有规定", "the province's measures say more"),),
)

LATE = judgement(
    Verdict.VIOLATED,
    rule="review_limit",
    title=REVIEW,
    document=SERVICES,
    locator="二（四）13",
    quote=("实行5个工作日内完成审核",),
    of=subject(
        "SQ-2023-017",
        "申领/一季度.csv",
        18,
        (party("磁湖区经办所", "office-2", "claims_office"),),
        "unemployment_claim",
    ),
    bound=party("磁湖区经办所", "office-2", "claims_office"),
    reason=Bilingual(
        "经比对，2023年1月19日受理（申领/一季度.csv 第18行），5个工作日内应于2023年1月31日完成，"
        "报送审核完成日为2023年2月1日，晚1日。期限已过，无法补正。",
        "Compared: accepted on 2023-01-19 (申领/一季度.csv line 18), to be reviewed within 5 working days, "
        "by 2023-01-31; reviewed on 2023-02-01, 1 day late. The limit is past and nothing can cure it.",
    ),
    margin=Margin("-1", "日"),
    responsible=(ResponsibleAgency("市人社局", "lead"), ResponsibleAgency("市财政局", "accountable")),
)

WAIVED = judgement(
    Verdict.VIOLATED,
    title=EMPLOYS,
    limb="甲",
    quote=("至少安排1名残疾人就业",),
    of=subject("磁湖区档案馆", line=21),
    reason=Bilingual(
        "经比对，该单位编制52人，报送安排残疾人就业0人（单位.yaml 第25行），少1人；要求至少安排1名。",
        "Compared: the unit has 52 posts and reports 0 disabled persons employed (单位.yaml line 25), 1 short; "
        "at least 1 is required.",
    ),
    waived=Waiver("市残联", "黄残联函〔2024〕3号", "2025-06-30"),
)

DEPARTS = judgement(
    Verdict.DEPARTS,
    rule="service_ends",
    title=SCHOOL,
    limb="乙",
    document=SERVICES,
    locator="二（一）2",
    quote=("原则上不早于当地正常下班时间",),
    of=subject("湖滨路小学", "学校/湖滨路.json", 4, type="school"),
    modality="in_principle",
    reason=Bilingual(
        "经比对，课后服务结束时间17:00早于当地下班时间17:30，早30分钟；原则上不早于下班时间，须说明理由。",
        "Compared: the service ends at 17:00, 30 minutes before local offices close at 17:30; in principle no earlier: "
        "to be explained.",
    ),
    parameters=(
        UsedParameter(
            "office_hours_end",
            Bilingual("当地下班时间", "local end of office hours"),
            "17:30",
            "",
            Bilingual("市政府办公室作息通知", "notice on office hours"),
            "unconfirmed",
        ),
    ),
    given_reason="冬季天黑较早",
)

ASKED = judgement(
    Verdict.UNDETERMINED,
    rule="federation_staff",
    title=STAFF,
    quote=("残联机关干部队伍中有15%(含)以上",),
    of=subject("磁湖区残联", "残联.yaml", 2),
    bound=party("磁湖区人民政府", type="government"),
    missing=(
        missing("staff", "干部人数", "staff", subject="磁湖区残联"),
        missing("disabled_staff", "残疾人干部人数", "disabled staff", subject="磁湖区残联"),
    ),
    possible=(Verdict.VIOLATED, Verdict.MET),
    reason=Bilingual("缺少干部人数、残疾人干部人数，无法判定。", "Staff and disabled staff are missing."),
)

ASKED_TOO = judgement(
    Verdict.UNDETERMINED,
    title=EMPLOYS,
    limb="甲",
    quote=("至少安排1名残疾人就业",),
    of=subject("磁湖区残联", "残联.yaml", 2),
    bound=party("磁湖区人民政府", type="government"),
    missing=(missing("staff", "干部人数", "staff", subject="磁湖区残联"),),
    possible=(Verdict.MET, Verdict.VIOLATED, Verdict.NOT_APPLICABLE),
    reason=Bilingual("缺少干部人数，无法判定。", "Staff is missing."),
)

SETTLE = judgement(
    Verdict.UNDETERMINED,
    rule="service_ends",
    title=SCHOOL,
    limb="乙",
    document=SERVICES,
    locator="二（一）2",
    quote=("原则上不早于当地正常下班时间",),
    of=subject("青柳中学", "学校/青柳.json", 4, type="school"),
    modality="in_principle",
    missing=(missing("office_hours_end", "当地下班时间（磁湖区，冬季）", "local end of office hours (winter)", "authority"),),
    possible=(Verdict.MET, Verdict.DEPARTS),
    reason=Bilingual("当地下班时间尚未明确。", "The local end of office hours is not settled."),
)

HARMLESS = judgement(
    Verdict.UNDETERMINED,
    title=EMPLOYS,
    limb="甲",
    quote=("至少安排1名残疾人就业",),
    of=subject("月亮山管理处", line=33),
    missing=(missing("kind", "单位类别", "kind of unit", subject="月亮山管理处"),),
    possible=(Verdict.NOT_APPLICABLE, Verdict.MET),
    reason=Bilingual("单位类别未报，但不会不符合。", "The kind of unit is missing, but it cannot be violated."),
)

STRIVEN = judgement(
    Verdict.FALLS_SHORT,
    rule="jobs",
    title=JOBS,
    period="2023",
    locator="一",
    quote=("新增残疾人就业2500人",),
    of=subject("黄石市", "市.yaml", 2, type="city"),
    modality="strive",
    reason=Bilingual("2023年新增780人，少20人。", "780 new jobs in 2023, 20 short."),
)

ENCOURAGED = judgement(
    Verdict.FALLS_SHORT,
    rule="posts",
    title=Bilingual("设置合适岗位", "Suitable posts"),
    quote=("鼓励事业单位设置合适岗位",),
    of=subject("磁湖区少儿书屋", line=41),
    modality="encouraged",
    reason=Bilingual("尚未设置。", "None yet."),
)

NOT_DUE = judgement(
    Verdict.NOT_DUE,
    rule="jobs",
    title=JOBS,
    locator="一",
    quote=("新增残疾人就业2500人",),
    of=subject("黄石市", "市.yaml", 2, type="city"),
    reason=Bilingual("目标2500人，现有1650人，2024年12月31日到期。", "1650 of 2500; due on 2024-12-31."),
)

MET_IN_PART = judgement(
    Verdict.MET,
    title=EMPLOYS,
    limb="甲",
    quote=("至少安排1名残疾人就业",),
    of=subject("磁湖区统计站", line=51),
    partial=Bilingual("是否按规定向社会公示未核查", "whether it was made public was not checked"),
    reason=Bilingual(
        "经比对，报送安排残疾人就业1人（单位.yaml 第55行），达到至少1名。", "Compared: 1 employed, at least 1 required."
    ),
    margin=Margin("0", "人"),
)

MET_BY_REASON = judgement(
    Verdict.MET,
    rule="service_ends",
    title=SCHOOL,
    limb="乙",
    document=SERVICES,
    locator="二（一）2",
    quote=("原则上不早于当地正常下班时间",),
    of=subject("月湖小学", "学校/月湖.json", 4, type="school"),
    modality="in_principle",
    reason=Bilingual("早于当地下班时间，理由已采纳。", "Earlier than local offices close; the reason was accepted."),
    by_reason=AcceptedReason("磁湖区教育局", "磁教函〔2024〕8号", "2024-03-01", "校车末班17:10发车"),
)

NOT_APPLICABLE = judgement(
    Verdict.NOT_APPLICABLE,
    title=EMPLOYS,
    limb="甲",
    quote=("至少安排1名残疾人就业",),
    of=subject("磁湖区档案学会", line=61),
    reason=Bilingual("编制49人，不在适用范围。", "49 posts: outside the condition."),
)

REFUSED = Refusal(
    "第三批/统计局.yaml",
    (
        Diagnostic(
            "X104",
            (Label(Span(Source("第三批/统计局.yaml", "单位:\n  - 名称: 统计局\n    编制: 五十\n"), 26, 28)),),
            values={"line": "3"},
        ),
        fault("X104", "第三批/统计局.yaml", "第9行", line=9),
    ),
    units=("DW-03",),
    told_by="name",
)

FAULT = DataFault(
    "disabled_within_staff",
    Bilingual("残疾人职工不多于职工总数", "Disabled staff within staff"),
    subject("磁湖区粮站", line=71),
    Bilingual("安排残疾人就业12人，多于在职职工总数10人。", "12 disabled persons employed, more than the staff of 10."),
    (at("单位.yaml", 74, "12"), at("单位.yaml", 73, "10")),
)

CITY = Place("黄石市", "huangshi", "Huangshi", "city", None, False, ("黄石",))

MARKET = ExpectedUnit("DW-01", "黄石市市场监测局", ("市场局",), "市级", CITY, ("organ",))
CLAIMS_OFFICE = ExpectedUnit("91429900000000000L", "磁湖区经办所", (), "县级", None, ("unemployment_claim", "organ"), True)
STATISTICS = ExpectedUnit("DW-03", "磁湖区统计局", (), "县级", None)
SPARROW = ExpectedUnit("DW-04", "黄石市山雀局", ("山雀局",), "市级", CITY, ("organ",))
STONE = ExpectedUnit("石阶局", "石阶局")

STANDINGS = (
    Standing(MARKET, State.RECEIVED, ("单位.yaml",)),
    Standing(CLAIMS_OFFICE, State.PARTLY, ("申领/一季度.csv",), ("申领/二季度.csv",), (), (Bilingual("机关", "organ"),)),
    Standing(STATISTICS, State.REFUSED, (), ("第三批/统计局.yaml",)),
    Standing(SPARROW, State.SILENT),
    Standing(STONE, State.SILENT, (), (), ("石阶局/扫描件.jpg",)),
)

RECEIVED = (
    Received(
        file="单位.xlsx",
        sha256="4d" * 32,
        format="xlsx",
        encoding="",
        sheets=("单位", "说明"),
        subjects=11,
        values=66,
        unit="市场局",
        filled_by="甲某",
        reviewed_by="乙某",
        signed_on="2024年1月5日",
        units=("DW-01",),
        told_by="subjects",
    ),
    Received("申领/一季度.csv", "5e" * 32, "csv", "gb18030", (), 20, 40, units=("91429900000000000L",), told_by="name"),
)

UNCHECKED = (
    NotChecked(
        "rule",
        "tobacco_spacing",
        "黄政办发〔2022〕60号",
        "二（二）2",
        Bilingual("没有报送零售点申请", "no application was submitted"),
    ),
    NotChecked("item", "3", "黄政办发〔2022〕60号", "二（二）3", Bilingual("所存文本缺失此条", "lost in the copy at hand")),
    NotChecked(
        "item",
        "18",
        "黄政办发〔2022〕60号",
        "二（九）18",
        Bilingual("逐步推动，没有可比对的数", "no figure to compare"),
    ),
)

EVERYTHING = report(
    VIOLATED,
    LATE,
    WAIVED,
    DEPARTS,
    ASKED,
    ASKED_TOO,
    SETTLE,
    HARMLESS,
    STRIVEN,
    ENCOURAGED,
    NOT_DUE,
    MET_IN_PART,
    MET_BY_REASON,
    NOT_APPLICABLE,
    refused=(REFUSED,),
    faults=(FAULT,),
    not_checked=UNCHECKED,
    warnings=(Bilingual("单位.yaml：未列入的表头“序号”已略过", "单位.yaml: the heading “序号” was ignored"),),
    received=RECEIVED,
    replaced=(("单位（初稿）.xlsx", "单位.xlsx"),),
    expected=STANDINGS,
)
