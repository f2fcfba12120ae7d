"""Period swap: other years, months and quarters, in the same order and throughout the paragraph."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date

from zhibiao.core.records import AnnotatedText
from zhibiao.data.augment.edit import Edit, crosses, rewrite

# No report from the future, no target beyond the usual ones.
_EARLIEST, _LATEST_REPORT, _LATEST = 2008, 2026, 2035
_YEAR_RE = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年|\s?[至到—–~～-]\s?(?:19|20)[0-9]{2}年)")
_NO_YEAR_SHIFT_RE = re.compile(
    "十[一二三四五六]五|恢复[到至]|[零〇○]|奥运|冬奥|亚运|疫|新冠|世博|进博|以来最|改革开放|[0-9]{4}版|建党|建国|党的"
    "|2月29日|第[0-9一二三四五六七八九十]+[届批]"
)
# What years after the pandemic are compared with.
_BEFORE_THE_PANDEMIC = "2019年"
# What there was no talk of in earlier years.
_RECENT_RE = re.compile(
    "东数西算|算力|新质生产力|低空经济|大模型|人工智能[+＋]|数据要素|大规模设备更新|两[新重]|新三样|特别国债|留抵退税|双碳|碳达峰|碳中和|秦创原"
)
_MONTH_RE = re.compile(
    r"(?<![0-9.])(?P<from>1[0-2]|[1-9])(?=(?:月份?)?\s?[至到—–~～-]\s?(?:1[0-2]|[1-9])(?:月|日))"
    r"|(?<![0-9.])(?P<month>1[0-2]|[1-9])(?=月(?!均|亮|饼|球))"
    r"|(?<=前)(?P<first>1[0-2]|[2-9])(?=个月)"
)
_DAY_RE = re.compile(r"(?<![0-9.])(?P<month>1[0-2]|[1-9])月(?P<day>[0-9]{1,2})(?=[日号])")
_SEASON_RE = re.compile(
    "[春夏秋冬节]|暑|汛|寒|雪|[三入出]伏|国庆|五一|元旦|小长假|黄金周|假[期日]|开学|高考|梅雨|[淡旺]季|花开|播种|丰收|采[摘收]|收[割获购]|开镰"
    "|小麦|麦收|棉花|烟叶|上市|[供取]暖|农历|腊月|正月"
)
# How far a plan is carried out goes by the time of year.
_PROGRESS_RE = re.compile(
    "(?:时[序间]|序时)进度|年[^,，。;；]{0,8}(?:计划|目标|任务|预算)[^,，。;；]{0,6}[0-9.]+[%％]|(?:计划|目标|任务|预算)的[0-9.]+[%％]"
)
_NO_MONTH_SHIFT_RE = re.compile("季|半年|[一二三四五六七八九十]月|前[一二三四五六七八九十两]+个月|年[初末底]|全年")
_LADDER = ("一季度", "上半年", "前三季度")
_LADDER_RE = re.compile(r"一季度(?!至|到|—)|上半年|前三季度")
_NO_LADDER_RE = re.compile(
    "[二三四]季度|下半年|[0-9]月|前[0-9一二三四五六七八九十两]+个月|首季|[一二三四五六七八九十]月|个季度|年[中末底]|全年|同期"
)
_LADDER_ALLOWED_RE = re.compile("前三季度|去年同期|上年同期|全年(?=目标|计划|任务|预算|新增)")
_LEAST_CUMULATIVE = 2


def swap_periods(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Shift the years, and the months or quarters, of the whole paragraph and of ``meta.date`` alike.

    Years and months move by one distance each, cumulative months (1至9月) keep their beginning, 一季度, 上半年 and
    前三季度 are exchanged in their order: what came earlier still does. Left alone where the text names what belongs
    to a certain year or season, or how far a plan of the year is carried out; what is new moves to later years only.
    None if nothing can be moved.
    """
    steps = [_shift_years, rng.choice((_shift_months, _shift_quarters))]
    if steps[1] is _shift_months and not _MONTH_RE.search(annotated.text):
        steps[1] = _shift_quarters
    changed = annotated
    for step in steps:
        changed = step(changed, rng) or changed
    return None if changed is annotated else changed


def _shift_years(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    years = list(_YEAR_RE.finditer(annotated.text))
    published = annotated.meta.get("date", "")
    known = [int(m[0]) for m in years]
    report = int(published[:4]) if published[:4].isdigit() else max(known, default=0)
    bases = [annotated.text[e.span.start : e.span.end] for e in annotated.entities if e.label == "BASELINE"]
    if not years or _NO_YEAR_SHIFT_RE.search(annotated.text) or any(_BEFORE_THE_PANDEMIC in base for base in bases):
        return None
    earliest = 1 if _RECENT_RE.search(annotated.text) else -4
    choices = [k for k in range(earliest, 5) if k and min(known) + k >= _EARLIEST and max(known) + k <= _LATEST]
    choices = [k for k in choices if report + k <= _LATEST_REPORT]
    if not choices:
        return None
    by = rng.choice(choices)
    return _moved(annotated, [Edit(m.start(), m.end(), str(int(m[0]) + by)) for m in years], years=by)


def _shift_months(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    text = annotated.text
    months = list(_MONTH_RE.finditer(text))
    if not months or _NO_MONTH_SHIFT_RE.search(text) or _is_seasonal(text):
        return None
    # A range from January on is cumulative: only its end moves.
    moving = [m for m in months if not (m["from"] and int(m[0]) == 1)]
    ends = {m.start() for m in moving if _ends_cumulative(text, m.start())} | {m.start() for m in moving if m["first"]}
    published = annotated.meta.get("date", "")
    known = [int(m[0]) for m in moving] + ([int(published[5:7])] if published[5:7].isdigit() else [])
    choices = [
        k
        for k in range(-8, 9)
        if k
        and min(known) + k >= 1
        and max(known) + k <= 12
        and all(int(m[0]) + k >= _LEAST_CUMULATIVE for m in moving if m.start() in ends)
        and all(_is_day(int(d["month"]) + k, int(d["day"])) for d in _DAY_RE.finditer(text))
        and (not published[8:10].isdigit() or _is_day(int(published[5:7]) + k, int(published[8:10])))
    ]
    if not choices:
        return None
    by = rng.choice(choices)
    return _moved(annotated, [Edit(m.start(), m.end(), str(int(m[0]) + by)) for m in moving], months=by)


def _is_seasonal(text: str) -> bool:
    return _SEASON_RE.search(text) is not None or _PROGRESS_RE.search(text) is not None


def _ends_cumulative(text: str, at: int) -> bool:
    return re.search(r"(?<![0-9.])1(?:月份?)?\s?[至到—–~～-]\s?$", text[max(0, at - 8) : at]) is not None


def _is_day(month: int, day: int) -> bool:
    # 2023 is no leap year: a day that every year has.
    try:
        date(2023, month, day)
    except ValueError:
        return False
    return True


def _shift_quarters(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    text = annotated.text
    mentions = list(_LADDER_RE.finditer(text))
    used = sorted({_LADDER.index(m[0]) for m in mentions})
    if not used or len(used) == len(_LADDER) or _is_seasonal(text):
        return None
    if _NO_LADDER_RE.search(_LADDER_ALLOWED_RE.sub("", text)):
        return None
    size = len(used)
    others = [chosen for chosen in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)) if len(chosen) == size]
    chosen = rng.choice([c for c in others if list(c) != used])
    target = dict(zip(used, chosen, strict=True))
    by = 3 * (target[used[-1]] - used[-1])
    published = annotated.meta.get("date", "")
    month = int(published[5:7]) + by if published[5:7].isdigit() else None
    if month is not None and (not 1 <= month <= 12 or not _is_day(month, int(published[8:10] or 1))):
        return None
    edits = [Edit(m.start(), m.end(), _LADDER[target[_LADDER.index(m[0])]]) for m in mentions]
    return _moved(annotated, edits, months=by)


def _moved(annotated: AnnotatedText, edits: list[Edit], *, years: int = 0, months: int = 0) -> AnnotatedText | None:
    """The text with its periods and its date moved; None where a mention reaches over the edge of a span."""
    if crosses(annotated, edits):
        return None
    meta = _moved_date(annotated, years=years, months=months)
    return replace(rewrite(annotated, edits, inside=True), meta=meta)


def _moved_date(annotated: AnnotatedText, *, years: int = 0, months: int = 0) -> dict[str, str]:
    """``meta`` with its date moved; 29 February becomes the 28th where the year has none."""
    meta = dict(annotated.meta)
    parts = meta.get("date", "").split("-")
    if parts[0].isdigit():
        parts[0] = str(int(parts[0]) + years)
        if len(parts) > 1:
            parts[1] = f"{int(parts[1]) + months:02d}"
        if parts[1:] == ["02", "29"] and not _is_leap(int(parts[0])):
            parts[2] = "28"
        meta["date"] = "-".join(parts)
    return meta


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
