"""Lines of a page, and which of them are page furniture: navigation, buttons, bylines, dates, licences, disclaimers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from zhibiao.core.spans import Span

Kind = Literal["text", "furniture"]
_LINE = re.compile(r"[^\n]+")
_BULLETS = " -—–·•●▪■□◆◇★☆*|#>»›<«‹[]【】「」{}_=~"
_HAN = re.compile("[㐀-鿿]")
_LETTER = re.compile(r"[^\W_]")
# A figure that is measured (not a date, a count of clicks or a phone number): such a line is a statement.
_STATEMENT = re.compile(
    r"\d(?:[%‰]|个百分点|[多余]?[百千万亿]*(?:元|吨|亩|户|千瓦|平方|公里|公顷)|[百千万亿]|倍|成)"
    r"|\d.{0,20}?(?:增长|下降|提高|减少|位居)|(?:增长|下降|提高|减少|位居).{0,20}?\d"
)
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_FOREIGN_WORDS = 3
_TOOL_CHARS = 80

_NAME = r"[一-鿿·]{2,6}"
_NAMES = rf"{_NAME}(?:[ 、,/]+{_NAME})*"
_DATE = r"(?:\d{4}[-/.年] ?\d{1,2}[-/.月] ?\d{1,2}日?|\d{1,2}[-/月]\d{1,2}日?)"
_TIME = r"(?:[ T]*\d{1,2}:\d{2}(?::\d{2})?)?(?: *星期[一二三四五六日天])?"
_TIME_LABEL = (
    r"(?:(?:发布|发稿|更新|发表|录入|添加|公布|成文|发文|生成|上传|刊发|创建)?(?:时间|日期)|发布于|更新于|发表于)"
)
_PERSON_LABEL = (
    r"(?:(?:责任|执行|值班|本期|网络|网页|新媒体|实习|见习|美术|视觉|文字|主|副)?(?:编辑|责编|编审|主编|校对|审核|编校)|责编|编辑|一审|"
    r"二审|三审|初审|复审|终审|审签|签发|监制|统筹|策划|作者|撰稿|撰文|供稿|供图|摄影|图|文|文/图|图/文|制图|来稿|投稿|录入|发布人|发布者)"
)
_SOURCE_LABEL = (
    r"(?:(?:文章|信息|新闻|稿件|内容|资料|数据|图片)?(?:来源|出处)|稿源|来自|转自|原标题|发布机构|发布单位|发文机关|发文单位|发文字号|文号|"
    r"索引号|主题分类|主题词|信息分类|公开方式|公开范围|有效性|标签|关键词|关键字|栏目|频道|分类|责任单位|主办单位|主办|承办单位|承办|协办|"
    r"技术支持|版权|网站标识码|备案号|网址)"
)
_COUNT = r"(?:(?:浏览|点击|阅读|访问|查看|人气|评论|转发|点赞|收藏)(?:次数|人数|量|数)?|次数|已阅)"
_CONTACT = (
    r"(?:(?:联系|咨询|举报|投诉|监督|投稿|新闻|客服|服务|值班|办公|广告)(?:电话|热线|邮箱|方式|地址|人|QQ|我们)|热线电话|电话|手机|传真|邮箱|"
    r"电子邮[箱件]|[Ee]-?[Mm]ail|[Tt]el|[Ff]ax|QQ群?|地址|邮编|邮政编码|微信号?|微博|公众号)"
)
_TOOL = (
    r"首页|正文|网站首页|返回首页|分享到?|转发到?|微信|微博|新浪|腾讯|QQ空间|QQ好友|QQ|朋友圈|复制链接|收藏本?页?|加入收藏|设为首页|打印本?[页文]?|关闭窗口|"
    r"关闭本页|关闭|返回顶部|返回列表|返回上[一]?[页级]|返回|顶部|回到顶部|字体大小|字体|字号|[Tt]?[大中小]字|[大中小]|放大|缩小|默认|手机版?看?|电脑版|"
    r"朗读|听新闻|纠错|保存|我要|评论|点赞|举报|登录|注册|投稿|搜索|上一[篇页条]|下一[篇页条]|没有了|末页|尾页|更多|查看更多|加载更多|展开全文|"
    r"展开|收起|阅读原文|阅读全文|查看原文|点击查看|网站地图|关于我们|联系我们|联系方式|网站声明|法律声明|隐私声明|使用帮助|无障碍浏览|无障碍|长者模式|"
    r"关怀版|简体|繁体|繁體|English|EN|RSS|APP|客户端|扫一扫|二维码|导航|菜单|目录|留言|反馈|设置|退出|中文版?|"
    r"到|A[+-]?|T|\d{1,3}(?!\d)|[ ,:;、/|\[\]()【】+<>«»·…_*-]"
)
_LEGAL = (
    r"版权所有(?!者|人)|[Cc]opyright|©|\bAll [Rr]ights [Rr]eserved|ICP[备证] ?\d|ICP备案号|公网安备 ?\d|公安备案|"
    r"网站标识码|"
    r"(?:增值电信业务经营|互联网新闻信息服务|信息网络传播视听节目)许可证? ?[:号编(\d]|"
    r"违法和不良信息举报|未经.{0,12}(?:授权|许可|同意|允许).{0,12}(?:转载|使用|复制)"
)
_NOTICE = (
    r"\(?(?:特别|免责|郑重|版权|法律|网站|转载|重要)(?:声明|提示|说明)\)? ?(?::|$)|声明:|"
    r"凡(?:本[网站报]|注明|未注明|转载[^量])"
)
_DISCLAIMER = (
    r"仅代表作者|不代表本(?:网|站|平台|报)|[与和]本(?:网|站|平台)无关|转载请(?:注明|标明|联系)|"
    r"仅提供信息(?:存储|发布)|"
    r"如(?:有|涉及?).{0,8}(?:侵权|版权|著作权)|(?:自媒体|网友|用户).{0,12}(?:上传|发布).{0,30}(?:存储|观点|立场|责任)|"
    r"不构成(?:任何)?投资建议|投资有风险"
)
_RELATED = (
    r"(?:相关|热门|推荐|延伸|精彩|更多|最新|热点|图片|往期|编辑|今日|本周|猜你喜欢|网友|友情|媒体|其他|大家都在看|为您|您可能)*"
    r"(?:文章|新闻|阅读|链接|推荐|资讯|报道|专题|内容|附件|稿件|评论|排行榜?|头条|标签|感兴趣的?|回顾|导读|关注|要闻|视频|图片|喜欢|看)+"
)


def _full(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})\Z")


# Reason, what the line must match, and up to how many characters the line may have.
_RULES: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("page_number", _full(r"第 ?\d{1,4} ?[页版](?:[ ,/]*共 ?\d{1,4} ?[页版])?|(?:共 ?)?\d{1,4} ?/ ?\d{1,4} ?页?"), 20),
    ("date", _full(rf"(?:{_TIME_LABEL} ?:? ?)?{_DATE}{_TIME}"), 40),
    (
        "date",
        _full(rf"(?:{_TIME_LABEL} ?:? ?)?{_DATE}{_TIME}[ |,/-]+(?:{_SOURCE_LABEL}|{_PERSON_LABEL}|{_COUNT}) ?:.*"),
        90,
    ),
    ("date", _full(rf"{_TIME_LABEL} ?:.*"), 60),
    (
        "byline",
        _full(
            rf"\(?{_PERSON_LABEL} ?: ?(?:{_NAMES}|[A-Za-z\d_.@ -]{{0,30}})(?:[ |,;]+{_PERSON_LABEL} ?: ?.{{0,30}})*\)?"
        ),
        80,
    ),
    ("byline", _full(rf"\(?{_PERSON_LABEL} +{_NAMES}\)?"), 30),
    (
        "byline",
        _full(
            rf"\(?(?:文/|图/|[一-鿿]{{2,12}}(?:日报|晚报|晨报|早报|时报|网|社|台|报|中心|客户端))?(?:全媒体|融媒体?|本报|本网|特约|见习|首席)*"
            rf"(?:记者|通讯员|特派员|评论员)[ :]+{_NAMES}(?:[ ,、]*(?:报道|摄影?|文/图|图/文|文|图|整理))?\)?"
        ),
        60,
    ),
    ("source", _full(rf"{_SOURCE_LABEL} ?:.*"), 45),
    ("counter", _full(rf"(?:\d+ ?[条次人]?)? ?{_COUNT} ?[:(]? ?\[?\d*\]? ?[)次人条]?"), 24),
    ("contact", _full(rf"(?>{_TOOL})*+{_CONTACT} ?:.*|{_CONTACT}"), 120),
    ("neighbour", _full(r"[上下]一[篇条页个] ?(?:[:：>]|文章).*|[上下]一[篇条页] .*"), 80),
    (
        "breadcrumb",
        re.compile(r"(?:您?的?(?:当前|现在|所在|目前)的?所?在?位置|您(?:现在?)?(?:所在|的位置)|位置) ?[:是>]"),
        80,
    ),
    ("breadcrumb", _full(r"(?:网站)?首页(?: ?[>»›/-]+ ?[^,。;]{1,20})+"), 80),
    ("legal", re.compile(rf".*(?:{_LEGAL})"), 200),
    ("disclaimer", re.compile(_NOTICE), 400),
    ("disclaimer", re.compile(rf".*?(?:{_DISCLAIMER})"), 120),
    ("related", _full(rf"{_RELATED} ?[:>+]*"), 16),
    (
        "share",
        re.compile(
            r".{0,12}扫(?:一扫|描|码)|.{0,6}(?:长按|识别).{0,4}二维码|.{0,4}(?:关注|打开)(?:微信|我们|公众号|客户端)"
        ),
        40,
    ),
    (
        "caption",
        _full(r"\((?:资料|网络|图片|配|效果|示意)图片?.{0,12}\)|.*(?:[ /]摄(?:影)?\)?|\((?:\w{2,6} )?摄\)|摄影报道)"),
        50,
    ),
    ("attachment", _full(r"附件 ?\d* ?:? ?.*\.(?:docx?|xlsx?|pdf|wps|zip|rar|et)"), 80),
    ("address", _full(r"(?:https?://|www\.)[\x21-\x7e]+|[\w.-]+@[\w.-]+"), 200),
)
_NAVIGATION_WORD = re.compile(
    "首页|关于我们|联系我们|网站地图|网站首页|设为首页|加入收藏|登录|注册|站内搜索|返回顶部|友情链接|法律声明"
)
_NAVIGATION_SEPARATOR = re.compile(r" *[|｜»›>/] *|  +| ")
_NAVIGATION_ITEM_CHARS = 8
_PAGE = _full(r"[-—–] ?\d{1,4} ?[-—–]")
_TOOLS = _full(rf"(?>{_TOOL})++")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its newline and outer blanks; ``reason`` names the kind of furniture, empty for text."""

    span: Span
    kind: Kind
    reason: str


def split_lines(text: str) -> list[Line]:
    """The lines of normalised ``text`` that are not blank, each as text or as furniture.

    When in doubt a line is text, and one with a measured figure always is. Titles and teasers of other articles are
    text.
    """
    found = []
    for match in _LINE.finditer(text):
        content = match[0].strip()
        if content:
            start = match.start() + match[0].index(content[0])
            reason = _furniture(content)
            found.append(Line(Span(start, start + len(content)), "furniture" if reason else "text", reason))
    return found


def _furniture(line: str) -> str:
    """The kind of furniture that ``line`` is, empty if it is text."""
    core = line.strip(_BULLETS)
    if not _LETTER.search(core):
        return "separator"
    if _STATEMENT.search(core):
        return ""
    if _PAGE.match(line):
        return "page_number"
    for reason, pattern, longest in _RULES:
        if len(core) <= longest and pattern.match(core):
            return reason
    if 1 < len(core) <= _TOOL_CHARS and _TOOLS.match(core):
        return "tools" if _HAN.search(core) else ""
    if not _HAN.search(core):
        return "foreign_language" if len(_LATIN_WORD.findall(core)) >= _FOREIGN_WORDS else ""
    return "navigation" if _is_navigation(core) else ""


def _is_navigation(line: str) -> bool:
    """True for a row of short words without figures or punctuation that has a word of menus in it."""
    if not _NAVIGATION_WORD.search(line) or re.search(r"[\d,。;!?]", line):
        return False
    items = [item for item in _NAVIGATION_SEPARATOR.split(line) if item]
    return len(items) > 2 and max(map(len, items)) <= _NAVIGATION_ITEM_CHARS
