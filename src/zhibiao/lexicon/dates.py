"""From a mention of a period to calendar days, by a governing period and the document's date, never by today's.

Conventions, where Chinese statistical prose leaves a choice:
- a month, quarter or year end without a year takes the year of the governing period, else the document's; where its
  month is later than the document's it is the year before, unless the value is still to come (``future``) or the named
  quarter or half year has begun;
- 近五年, 五年来 and 过去五年 end on the document's date and begin the same day five years earlier; 未来五年 mirrors it;
- 年初 is the state of 1 January, 年末 that of 31 December; 上年, 当年 and 同期 lean on the governing period, 去年 and
  今年 on the document's date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from zhibiao.core.records import Period
from zhibiao.lexicon.days import UnresolvedError, add_months, days_of, edge, months_of, moved, year_of
from zhibiao.lexicon.numbers import parse_number

_TO = r"\s?(?:至|到|[-—–―~～?])\s?"
_N = r"(?:\d{1,3}|[〇零一二两三四五六七八九十百]+)"
_CONGRESSES = {
    "十六": date(2002, 11, 8),
    "十七": date(2007, 10, 15),
    "十八": date(2012, 11, 8),
    "十九": date(2017, 10, 18),
    "二十": date(2022, 10, 16),
}
_PLAN_STARTS = {1: 1953, 2: 1958}
_LAST, _NEXT = ("去年", "上年", "上一年"), ("明年", "来年", "次年", "翌年")
_HOLIDAY = re.compile("春节|国庆|中秋|五一|端午|清明|元旦|元宵|除夕|假期|假日|黄金周|小长假|春运|暑|寒假|新春|节日")
_BY_CONTEXT = ("上年", "上一年", "当年", "同年", "次年", "翌年")

_POINT = re.compile(
    rf"""(?P<year>
      (?:(?:19|20)\d\d|(?:一九|二[〇零○])[〇零○一二三四五六七八九]{{2}})年
    | (?:今|去|上|上一|明|本|当|次|来|同|翌)年 | 今(?=[上前下])
    )?度?
    (?:
      (?P<m1>{_N})(?:月(?:份)?)?{_TO}(?P<m2>{_N})月(?:份)?
    | (?P<dm>{_N})月(?P<d1>\d{{1,2}})[日号](?:{_TO}(?:(?P<dm2>\d{{1,2}})月)?(?P<d2>\d{{1,2}})[日号])?(?:\d{{1,2}}时)?
    | (?P<q1>[一1])(?:个?季度)?{_TO}(?P<q2>[二三四2-4])个?季度
    | (?P<qfirst>前)(?P<qn>{_N})个?季度
    | (?:第?(?P<q>[一二三四1-4])|(?P<qhead>首))个?季度
    | (?P<half>[上下前后])半年
    | [前头](?P<first>{_N})个?月(?:份)?
    | 后(?P<last>{_N})个?月(?:份)?
    | (?P<m>{_N})月(?:份)?
    | (?P<whole>全年)
    )?
    (?P<end>年?[底末]|年?初|年中|[上中下]旬|年?内)?
    (?P<before>以?前|之前)?
    (?P<after>当月|单月|同期|期间|(?:\w\w)?以来)?""",
    re.VERBOSE,
)
_PLAN = re.compile(r"[“\"「]?(?P<n>[一二三四五六七八九十]{1,2})五[”\"」]?(?P<rest>.*)")
_RECENT = re.compile(
    rf"(?P<lead>近|过去的?|最近|这|未来|今后|此?前|此?后)?(?P<n>{_N})[多余]?(?P<unit>年|个月|个季度|周)(?P<tail>.*)"
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a mention leans on."""

    anchor: date | None
    context: Period | None
    future: bool

    def today(self) -> date:
        if self.anchor is None:
            raise UnresolvedError("relative to the document's date, which is unknown")
        return self.anchor

    def governing(self, surface: str) -> Period:
        if self.context is None:
            raise UnresolvedError(f"{surface} leans on a governing period, and there is none")
        return self.context


def resolve_period(
    surface: str, *, anchor: date | None, context: Period | None = None, future: bool = False
) -> Period | str:
    """The days that ``surface``, a mention as ``find_periods`` gives it, stands for; or the reason why it has none.

    ``anchor`` is the document's date, ``context`` a period that governs the mention, ``future`` says that the value
    is a target or an estimate, so that a month still to come stays in the anchor's year. Without an anchor only
    mentions resolve that name a year or lean on the context.
    """
    try:
        return _resolve(surface.strip(), _Frame(anchor, context, future))
    except UnresolvedError as reason:
        return str(reason)
    except ValueError as error:
        return f"{surface!r} leads out of the calendar: {error}"


def _resolve(surface: str, frame: _Frame) -> Period:
    for attempt in (_single, _plan, _point, _range, _recent, _since):
        period = attempt(surface, frame)
        if period is not None:
            return period
    raise UnresolvedError(f"{surface!r} has no calendar days of its own")


def _single(surface: str, frame: _Frame) -> Period | None:
    """Words that lean on the governing period as a whole: 上年同期, 当月, 上季度, 月末."""
    same = re.fullmatch(r"(?:(?P<last>[去上]年|上一年)|(?P<year>\d{4})年)?(?:的)?同期", surface)
    if same:
        base = frame.governing(surface)
        year = int(same["year"]) if same["year"] else int(base.end[:4]) - (1 if same["last"] else 0)
        return moved(base, year - int(base.end[:4]))
    if match := re.fullmatch(r"([上本当这])一?个?月([份末底初]?)|(月)([末底初])", surface):
        day, relative = _governing_day(frame)
        month = add_months(day.replace(day=1), -1 if match[1] == "上" else 0)
        period = months_of(month.year, month.month, month.month, relative)
        return edge(period, match[2] or match[4] or "")
    if match := re.fullmatch(r"([上本当])个?季度?([末底初]?)", surface):
        day, relative = _governing_day(frame)
        first = add_months(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), -3 if match[1] == "上" else 0)
        return edge(months_of(first.year, first.month, first.month + 2, relative), match[2])
    if surface in ("期末", "期初"):
        return edge(frame.governing(surface), surface[1])
    if surface in ("当日", "前一日"):
        base = frame.governing(surface)
        day = date.fromisoformat(base.end) - timedelta(days=surface == "前一日")
        return Period(str(day), str(day), "instant", base.relative)
    return None


def _plan(surface: str, frame: _Frame) -> Period | None:
    match = _PLAN.fullmatch(surface)
    number = match and parse_number(match["n"])
    if match is None or number is None or number > 15:
        return None
    n, rest = int(number), match["rest"]
    start = _PLAN_STARTS.get(n, 1951 + 5 * n)
    whole = Period(f"{start}-01-01", f"{start + 4}-12-31", "plan")
    if rest in ("", "时期", "期间", "规划期", "规划期间"):
        return whole
    if mark := re.fullmatch(r"(?:规划|时)?期?([末底初])期?", rest):
        return edge(whole, mark[1])
    if part := re.fullmatch(rf"([前后])({_N})年", rest):
        years = _count(part[2])
        first = start if part[1] == "前" else start + 5 - years
        return Period(f"{first}-01-01", f"{first + years - 1}-12-31", "span")
    if rest in ("开局之年", "收官之年"):
        return year_of(start + (4 if rest[0] == "收" else 0), False)
    if rest == "以来":
        return _until_today(whole, frame)
    return None


def _point(surface: str, frame: _Frame) -> Period | None:
    match = _POINT.fullmatch(surface)
    if match is None or not surface.removesuffix(match["after"] or "").removesuffix(match["before"] or ""):
        return None
    part = _part_months(match)
    if match["dm"]:
        part = (_count(match["dm"]), _count(match["dm2"] or match["dm"]))
    year, relative = _year_of(match, part, frame)
    if part and match["dm"]:
        first, last = (part[0], int(match["d1"])), (part[1], int(match["d2"] or match["d1"]))
        period = days_of(year, first, last, relative)
    elif part:
        period = months_of(year, *part, relative)
    else:
        period = year_of(year, relative)
    end = (match["end"] or "").removeprefix("年")
    if match["before"] and not end:
        end = "末"
    period = edge(period, end)
    after = match["after"] or ""
    if after.endswith("以来"):
        return _until_today(period, frame)
    if after == "同期":
        return moved(period, 0)
    return period


def _part_months(match: re.Match[str]) -> tuple[int, int] | None:
    """First and last month of the part of a year that is named."""
    if match["m1"]:
        return _count(match["m1"]), _count(match["m2"])
    if match["m"]:
        return _count(match["m"]), _count(match["m"])
    if match["first"]:
        return 1, _count(match["first"])
    if match["last"]:
        return 13 - _count(match["last"]), 12
    if match["half"]:
        return (1, 6) if match["half"] in "上前" else (7, 12)
    if match["q1"] or match["qfirst"]:
        return 1, 3 * _count(match["q2"] or match["qn"])
    if match["q"] or match["qhead"]:
        quarter = _count(match["q"]) if match["q"] else 1
        return 3 * quarter - 2, 3 * quarter
    return None


def _year_of(match: re.Match[str], part: tuple[int, int] | None, frame: _Frame) -> tuple[int, bool]:
    """The year a mention lies in and whether the document's date was needed for it."""
    word = match["year"]
    if word and (number := parse_number(word[:-1])) is not None:
        return int(number), False
    if word:
        step = -1 if word in _LAST else 1 if word in _NEXT else 0
        if word in _BY_CONTEXT and frame.context is not None:
            return int(frame.context.end[:4]) + step, frame.context.relative
        if word in ("次年", "翌年", "同年"):
            frame.governing(word)
        return frame.today().year + step, True
    if frame.context is not None:
        return int(frame.context.end[:4]), frame.context.relative
    today = frame.today()
    if frame.future or (match["end"] in ("年初", "年内") and part is None):
        return today.year, True
    last = part[1] if part else 12
    named = bool(match["q"] or match["qhead"] or match["half"] or match["last"])
    begun = named and part is not None and part[0] <= today.month
    return today.year - (last > today.month and not begun), True


def _range(surface: str, frame: _Frame) -> Period | None:
    """Two mentions with 至 or a dash between; the first gives the second its year, 今 is the document's date."""
    if match := re.fullmatch(rf"(\d{{4}}){_TO}(\d{{4}}年)(?:间|期间)?", surface):
        surface = f"{match[1]}年至{match[2]}"
    for separator in re.finditer(_TO, surface):
        left, right = surface[: separator.start()], surface[separator.end() :]
        first = _point(left, frame) if left else None
        if first is None:
            continue
        if right == "今":
            return _until_today(first, frame)
        tail = _point(right, _Frame(frame.anchor, first, frame.future))
        if tail is not None and first.start <= tail.end:
            return Period(first.start, tail.end, "span", first.relative or tail.relative)
    return None


def _recent(surface: str, frame: _Frame) -> Period | None:
    match = _RECENT.fullmatch(surface)
    if match is None:
        return None
    count, lead, tail = _count(match["n"]), match["lead"] or "", match["tail"]
    months = count * {"年": 12, "个季度": 3, "个月": 1, "周": 0}[match["unit"]]
    if lead in ("前", "后", "此前", "此后"):
        base = frame.governing(surface)
        if "后" in lead:
            return Period(base.end, str(add_months(date.fromisoformat(base.end), months)), "span", base.relative)
        return Period(str(add_months(date.fromisoformat(base.start), -months)), base.start, "span", base.relative)
    today = frame.today()
    if tail in ("前", "以前", "之前"):
        past = add_months(today, -months) - timedelta(weeks=count if months == 0 else 0)
        if match["unit"] == "年":
            return year_of(past.year, True)
        return Period(str(past), str(past), "instant", True)
    if lead in ("未来", "今后") or (not lead and tail in ("内", "之内", "以内")):
        return Period(str(today), str(add_months(today, months)), "span", True)
    if lead or tail in ("来", "以来", "间"):
        return Period(str(add_months(today, -months)), str(today), "span", True)
    raise UnresolvedError(f"{surface} is a length of time, and the text does not say when it begins")


def _since(surface: str, frame: _Frame) -> Period | None:
    if match := re.fullmatch(r"(?:党的)?(十[六七八九]|二十)大以来", surface):
        opening = _CONGRESSES[match[1]]
        return _until_today(Period(str(opening), str(opening), "instant"), frame)
    if surface == "改革开放以来":
        return _until_today(Period("1978-12-18", "1978-12-18", "instant"), frame)
    if surface.endswith(("以来", "来", "初期")):
        raise UnresolvedError(f"the date that {surface} starts from is not in the calendar")
    if _HOLIDAY.search(surface):
        raise UnresolvedError(f"the days of {surface} differ from year to year")
    return None


def _governing_day(frame: _Frame) -> tuple[date, bool]:
    """The last day of a governing period shorter than a year, else the document's date; and whether that was needed."""
    context = frame.context
    if context is not None and (frame.anchor is None or context.kind in ("month", "months", "quarter", "half")):
        return date.fromisoformat(context.end), context.relative
    return frame.today(), True


def _count(text: str) -> int:
    number = parse_number(text)
    if number is None:
        raise UnresolvedError(f"{text!r} is no number")
    return int(number)


def _until_today(period: Period, frame: _Frame) -> Period:
    today = str(frame.today())
    if today < period.start:
        raise UnresolvedError(f"it begins on {period.start}, after the document's date {today}")
    return Period(period.start, today, "span", True)
