-- How many little giants has each province, over time?
--
-- Tables of `extractor export out.jsonl facts.duckdb --merge`. A province's own figure is not
-- added to its cities': both are shown. Parts of a total ("310, of them 12 …") are left out where
-- the total is a count of little giants as well. The day is the one the figure holds for, else
-- that of the article.
WITH little_giants AS (
    SELECT c.*, coalesce(c.period_end, c."date") AS day
    FROM enterprise_counts AS c
    LEFT JOIN enterprise_counts AS total
        ON total.fact_id = c.part_of_fact_id AND total.designation = 'little_giant'
    WHERE c.designation = 'little_giant'
        AND c.measure = 'total'
        AND c.status = 'actual'
        AND c.place_match IN ('exact', 'alias')
        AND total.fact_id IS NULL
)
SELECT
    place_province_code AS province_code,
    any_value(place_province) AS province,
    day,
    level,
    max("count") FILTER (WHERE place_level = 'province') AS stated_by_province,
    min("count") FILTER (WHERE place_level = 'province') AS least_if_they_differ,
    sum("count") FILTER (WHERE place_level = 'prefecture') AS sum_over_cities,
    count(*) FILTER (WHERE place_level = 'prefecture') AS cities,
    sum(sources) AS tellings
FROM little_giants
GROUP BY place_province_code, day, level
ORDER BY province_code, day, level;
