-- Which cities report faster industrial growth than their province?
--
-- Tables of `extractor export out.jsonl facts.duckdb --merge`: a row is a fact, however many
-- articles tell it. A city can say so in two ways: it states the gap, or two articles (or one)
-- state both rates for the same series and period. Subsectors are left out, and so are parks,
-- whose figures are not their city's.
WITH industrial AS (
    SELECT *
    FROM growth_metrics
    WHERE indicator_code IN (
            'value_added_industry', 'value_added_industry_above_scale',
            'output_value_industry', 'output_value_industry_above_scale',
            'value_added_secondary_industry'
        )
        AND subject IS NULL
        AND status = 'actual'
        AND place_match IN ('exact', 'alias')
),
rates AS (
    SELECT * FROM industrial
    WHERE basis IN ('year_on_year', 'unspecified') AND change_unit = 'percent'
),
gaps AS (
    SELECT place_name, indicator_code, period_start, period_end, change_signed AS points_above,
        'gap stated' AS told, sources
    FROM industrial
    WHERE place_level = 'prefecture'
        AND basis = 'versus_benchmark'
        AND direction = 'increase'
        AND change_unit = 'percentage_points'
        AND regexp_matches(benchmark, '(?i)provinc|省')
    UNION ALL
    SELECT city.place_name, city.indicator_code, city.period_start, city.period_end,
        city.change_signed - province.change_signed, 'both rates stated',
        city.sources
    FROM rates AS city
    JOIN rates AS province
        ON province.place_code = city.place_province_code
        AND province.indicator_code = city.indicator_code
        AND province.period_start = city.period_start
        AND province.period_end = city.period_end
    WHERE city.place_level = 'prefecture'
        AND province.place_level = 'province'
        AND city.change_signed > province.change_signed
)
SELECT DISTINCT place_name, indicator_code, period_start, period_end, points_above, told, sources
FROM gaps
ORDER BY period_end DESC NULLS LAST, points_above DESC, place_name;
