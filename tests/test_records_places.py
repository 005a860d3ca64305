import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.records.gazetteer import contains, divisions, index, read_table, tier
from extractor.records.places import Place, context_divisions, context_provinces, resolve

JIANGSU, ANHUI, HUBEI, HUNAN = "320000", "340000", "420000", "430000"
BEIJING, SHANGHAI, GUANGDONG, JILIN = "110000", "310000", "440000", "220000"


def code(region: str, *provinces: str) -> str | None:
    place = resolve(region, frozenset(provinces))
    return place.code if place else None


def match(region: str, *provinces: str) -> str | None:
    place = resolve(region, frozenset(provinces))
    return place.match if place else None


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("Jilin Province", "220000"),
        ("Jilin City", "220200"),
        ("Hebi City", "410600"),
        ("Pudong New Area", "310115"),
        ("Xiong'an New Area", "133100"),
        ("Inner Mongolia Autonomous Region", "150000"),
        ("Ningxia Hui Autonomous Region", "640000"),
        ("Xinjiang Uyghur Autonomous Region", "650000"),
        ("Hong Kong Special Administrative Region", "810000"),
        ("Hainan Tibetan Autonomous Prefecture", "632500"),
        ("Pingbian Miao Autonomous County", "532523"),
        ("Alxa League", "152900"),
        ("Shaanxi Province", "610000"),
        ("HUNAN PROVINCE", "430000"),
        ("鹤壁市", "410600"),
        ("呼和浩特市", "150100"),
        ("东莞市", "441900"),
        ("仙桃市", "429004"),
        ("浦东新区", "310115"),
    ],
)
def test_full_name_is_exact(region: str, expected: str) -> None:
    assert (code(region), match(region)) == (expected, "exact")


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("Hebi", "410600"),
        ("Inner Mongolia", "150000"),
        ("Tibet", "540000"),
        ("Xizang", "540000"),
        ("Macau", "820000"),
        ("Urumqi", "650100"),
        ("Wulumuqi", "650100"),
        ("Hohhot", "150100"),
        ("Harbin", "230100"),
        ("Qiqihar", "230200"),
        ("Ordos", "150600"),
        ("Kashgar", "653100"),
        ("Shigatse", "540200"),
        ("Lhasa", "540100"),
        ("Hotan", "653200"),
        ("Xilin Gol", "152500"),
        ("Canton", "440100"),
        ("Lvliang", "141100"),
        ("Luliang", "141100"),
        ("延边州", "222400"),
        ("内蒙古", "150000"),
        ("襄樊市", "420600"),
        ("Zhabei District", "310106"),
    ],
)
def test_short_old_and_foreign_spellings_are_aliases(region: str, expected: str) -> None:
    assert (code(region), match(region)) == (expected, "alias")


@pytest.mark.parametrize("region", ["Huai ‘an", "Huai’an", "Huai'an", "Huai `an", "Huaian"])
def test_broken_apostrophe_does_not_matter(region: str) -> None:
    assert code(region) == "320800"


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("Chongqing", "500000"),
        ("Lu'an", "341500"),
        ("Xiamen", "350200"),
        ("Changchun", "220100"),
        ("Shanxi", "140000"),
        ("Shaanxi", "610000"),
        ("Bozhou City", "341600"),
        ("Lishui City", "331100"),
        ("Huangpi District", "420116"),
        ("Panyu District", "440113"),
        ("Bengbu", "340300"),
        ("Luohe", "411100"),
        ("Changzhi", "140400"),
        ("Zhangzi County", "140428"),
        ("Luhe District", "320116"),
        ("Dabu County", "441422"),
        ("Dong'e County", "371524"),
        ("Hunchun City", "222404"),
        ("Xingyang City", "410182"),
        ("Yingjing County", "511822"),
        ("Yueqing City", "330382"),
        ("Laoling City", "371481"),
        ("Yanshan County, Jiangxi", "361124"),
        ("Guoyang County", "341621"),
        ("Qianwei County", "511123"),
        ("Junlian County", "511527"),
        ("Zhashui County", "611026"),
        ("Xuyi County", "320830"),
        ("Baise", "451000"),
        ("Minhang District", "310112"),
        ("Kongtong District", "620802"),
        ("Hongsibu District", "640303"),
        ("Hongtong County", "141024"),
        ("Wubu County", "610829"),
        ("Xun County", "410621"),
        ("She County, Anhui", "341021"),
    ],
)
def test_characters_with_several_readings_are_read_as_in_the_place_name(
    region: str, expected: str
) -> None:
    assert code(region) == expected


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("Hengshui High-tech Industrial Development Zone", "131100"),
        ("云梦县盐化工产业园", "420923"),
        ("武平县中山镇", "350824"),
        ("苏州工业园区", "320500"),
        ("northern Jiangsu", "320000"),
        ("China-Singapore Suzhou Industrial Park, Jiangsu", "320500"),
        ("Chuncheng, Yangchun", "441781"),
        ("Handan County", "130400"),
    ],
)
def test_place_inside_a_division_gets_it_as_parent(region: str, expected: str) -> None:
    assert (code(region), match(region)) == (expected, "parent")


@pytest.mark.parametrize("region", ["Changle Town", "Yunmeng Street", "Changle Sub-district"])
def test_own_name_of_a_town_is_not_taken_for_a_division(region: str) -> None:
    assert (code(region), match(region)) == (None, "none")


@pytest.mark.parametrize(
    ("region", "candidates"),
    [
        ("Suzhou", ("320500", "341300")),
        ("Taizhou City", ("321200", "331000")),
        ("Yichun", ("230700", "360900")),
        ("Fuzhou City", ("350100", "361000")),
        ("Yulin", ("450900", "610800")),
    ],
)
def test_prefectures_of_one_spelling_stay_open_with_candidates(
    region: str, candidates: tuple[str, ...]
) -> None:
    place = resolve(region)
    assert place is not None
    assert (place.code, place.match, place.candidates) == (None, "ambiguous", candidates)


def test_only_five_prefecture_spellings_are_shared() -> None:
    shared = {
        spelling
        for spelling, options in index().bare.items()
        if sum(tier(option.code) == 2 for option in options) > 1
    }
    assert shared == {"suzhou", "taizhou", "yichun", "fuzhou", "yulin"}


def test_named_province_settles_a_shared_spelling() -> None:
    assert code("Suzhou", ANHUI) == "341300"
    assert code("Suzhou", JIANGSU) == "320500"


def test_two_fitting_provinces_settle_nothing() -> None:
    assert match("Suzhou", ANHUI, JIANGSU) == "ambiguous"


@pytest.mark.parametrize(
    "region",
    [
        "Suzhou City, Jiangsu Province",
        "Jiangsu Province, Suzhou City",
        "Suzhou (Jiangsu)",
        "Suzhou City in Jiangsu, China",
        "江苏省苏州市",
    ],
)
def test_most_specific_part_is_resolved_and_the_other_is_its_context(region: str) -> None:
    assert code(region) == "320500"


def test_bare_name_is_the_highest_division_of_that_name() -> None:
    assert code("Jilin") == "220000"
    assert code("吉林") == "220000"
    assert code("Hainan") == "460000"


def test_bare_prefecture_is_open_where_the_article_speaks_for_a_county_of_that_name() -> None:
    assert code("Guiyang") == "520100"
    assert match("Guiyang", HUNAN) == "ambiguous"
    assert code("Guiyang County", HUNAN) == "431021"


def test_bare_county_needs_its_province_behind_the_name_of_a_park() -> None:
    assert match("Yunmeng Salt Chemical Park") == "ambiguous"
    assert code("Yunmeng Salt Chemical Park", HUBEI) == "420923"


def test_bare_county_is_open_where_the_article_names_only_other_provinces() -> None:
    assert code("Yunmeng") == "420923"
    assert match("Yunmeng", JIANGSU) == "ambiguous"


def test_park_named_like_a_district_elsewhere_belongs_to_the_city_before_it() -> None:
    assert code("Wuhan Donghu High-tech Zone") == "420100"
    assert code("武汉东湖高新区") == "420100"


def test_district_whose_name_many_cities_use_stays_open() -> None:
    place = resolve("Gulou District")
    assert place is not None
    assert place.code is None
    assert len(place.candidates) > 2
    assert code("Gulou District, Nanjing") == "320106"


def test_named_prefecture_settles_a_district_that_its_province_cannot() -> None:
    text = "沈阳市铁西区的工厂今年增产。"
    assert match("铁西区", *context_provinces(text)) == "ambiguous"
    assert code("铁西区", *context_divisions(text)) == "210106"


def test_park_with_a_companys_name_is_not_in_the_prefecture_of_that_name() -> None:
    assert match("Yili Dairy Park", "150000") == "ambiguous"
    assert match("Yili Dairy Park", "650000") == "parent"


def test_candidates_in_one_province_leave_the_province_known() -> None:
    place = resolve("铁西区", frozenset({"210000"}))
    assert place is not None
    assert (place.code, place.province_code) == (None, "210000")


@pytest.mark.parametrize(
    "region",
    [
        "Hebei and Henan",
        "Beijing-Tianjin-Hebei",
        "河北和河南",
        "Wuhan, Changsha",
        "Jiangsu and other provinces",
        "武汉等地",
    ],
)
def test_several_places_are_no_single_place(region: str) -> None:
    assert match(region) == "ambiguous"


@pytest.mark.parametrize("region", ["Shouguang County", "邵东县", "Tongzhou City, Jiangsu"])
def test_other_level_word_of_the_same_tier_is_an_alias(region: str) -> None:
    assert match(region) == "alias"


def test_level_word_of_another_tier_finds_nothing() -> None:
    assert match("Hebi Province") == "none"


@pytest.mark.parametrize("region", ["Ximeng Va Autonomous County", "Ximeng Autonomous County"])
def test_nationality_may_be_misspelt_or_missing(region: str) -> None:
    assert code(region) == "530829"


@pytest.mark.parametrize("region", ["Zhangjiang", "Beijiang Province", "葛店经开区", "长三角"])
def test_unknown_name_in_chinese_form_is_none(region: str) -> None:
    place = resolve(region)
    assert place == Place(
        code=None, name=region, level=None, province_code=None, match="none", candidates=()
    )


@pytest.mark.parametrize(
    "region",
    [
        None,
        "",
        "China",
        "the country",
        "全国",
        "nationwide",
        "the city",
        "全市",
        "全市各县区",
        "overseas",
        "Vietnam",
        "越南",
        "Tianshui Zone, Vietnam",
        "Bac Giang Province",
        "Texas",
        "South Korea",
    ],
)
def test_no_name_the_whole_country_and_other_countries_have_no_place(region: str | None) -> None:
    assert resolve(region) is None


def test_place_has_the_official_name_level_and_province() -> None:
    assert resolve("Fengxian District") == Place(
        code="310120",
        name="奉贤区",
        level="county",
        province_code=SHANGHAI,
        match="exact",
        candidates=(),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Officials in Hebi’s high-tech zone met on Monday.", {"410000"}),
        ("Huai ‘an and Wuhan agreed to cooperate.", {JIANGSU, HUBEI}),
        ("Firms from Yunmeng County sold more salt.", {HUBEI}),
        ("Plants in Kunshan reopened.", {JIANGSU}),
        ("云梦县的企业来到上海。", {HUBEI, SHANGHAI}),
        ("Suzhou grew fast.", set()),
        ("Suzhou City and Taizhou City grew fast.", set()),
        ("Suzhou, Jiangsu, grew fast.", {JIANGSU}),
        ("Gulou District opened a park.", set()),
        ("双方加强合作，来宾参观。", set()),
        ("The thejilinx company and Wuhanese firms.", set()),
        ("Prices rose in Hanoi and Tokyo.", set()),
    ],
)
def test_context_has_the_provinces_that_are_named_beyond_doubt(
    text: str, expected: set[str]
) -> None:
    assert context_provinces(text) == expected


def test_bare_name_says_nothing_where_the_text_has_it_with_a_level_word() -> None:
    assert context_provinces("Guiyang County has mines. Guiyang also has rice.") == {HUNAN}


def test_bare_name_says_nothing_where_a_namesake_is_likelier() -> None:
    assert context_provinces("Beijing is large, and Chaoyang is its largest part.") == {BEIJING}


def test_nationality_tells_a_prefecture_from_the_province_of_its_name() -> None:
    text = "Herders of Hainan Tibetan Autonomous Prefecture sold wool."
    assert "460000" not in context_provinces(text)


@given(st.text(alphabet="SuzhoJinCtyDr ,'‘市县区江苏州and-()", max_size=60))
def test_any_phrase_gets_a_consistent_place_or_none(phrase: str) -> None:
    place = resolve(phrase)
    if place is None or place.code is None:
        return
    division = divisions()[place.code]
    assert place.name == division.name
    assert place.province_code == place.code[:2] + "0000"
    assert place.match in ("exact", "alias", "parent")


@given(st.text(max_size=200))
def test_context_of_any_text_is_a_set_of_known_divisions(text: str) -> None:
    found = context_divisions(text)
    assert all(code in divisions() and tier(code) < 3 for code in found)
    assert context_provinces(text) == {code for code in found if tier(code) == 1}


def test_every_division_is_found_by_its_full_name_behind_its_province() -> None:
    lost = []
    for division in divisions().values():
        province = divisions()[division.code[:2] + "0000"]
        phrase = division.name if division.tier == 1 else province.name + division.name
        place = resolve(phrase)
        assert place is not None
        if division.code not in (place.code, *place.candidates):
            lost.append(phrase)
    assert lost == []


def test_every_prefecture_is_found_by_its_english_name() -> None:
    for division in divisions().values():
        if division.tier < 3:
            place = resolve(division.english, frozenset({division.code[:2] + "0000"}))
            assert place is not None
            found = (place.code, *place.candidates)
            assert any(c and (c == division.code or contains(c, division.code)) for c in found)


def test_table_of_divisions_is_well_formed_and_complete() -> None:
    rows = list(read_table("divisions.tsv"))
    codes = [row[0] for row in rows]
    assert codes == sorted(set(codes))
    for number, name, short, english in rows:
        assert re.fullmatch(r"[1-9]\d{5}", number)
        assert name.startswith(short)
        assert re.fullmatch(r"[A-Z][A-Za-zü' -]+|Lü[a-z']+", english)
        assert number[:2] + "0000" in divisions()
    counts = [sum(tier(number) == level for number in codes) for level in (1, 2, 3)]
    assert counts[0] == 34
    assert counts[1] == 334  # 333 of the standard, and Xiong'an
    assert counts[2] > 2800


def test_every_alias_leads_to_its_code() -> None:
    for spelling, number, kind, _ in read_table("place_aliases.tsv"):
        assert number in divisions()
        assert kind in ("alias", "parent", "common_word", "generic")
        if kind in ("alias", "parent"):
            place = resolve(spelling, frozenset({number[:2] + "0000"}))
            assert place is not None
            found = (place.code, *place.candidates)
            assert any(c and (c == number or contains(c, number)) for c in found), spelling


def test_no_alias_is_listed_twice_for_a_division() -> None:
    rows = [tuple(row[:3]) for row in read_table("place_aliases.tsv")]
    assert len(rows) == len(set(rows))


def test_countries_have_a_code_and_a_name() -> None:
    for number, english, chinese in read_table("countries.tsv"):
        assert re.fullmatch("[A-Z]{2}", number)
        assert english
        assert english.strip() == english
        assert not re.search("[a-z]", chinese)
