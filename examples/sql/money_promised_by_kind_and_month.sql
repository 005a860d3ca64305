-- How much money is promised, by kind and month?
--
-- Tables of `extractor export out.jsonl facts.duckdb --merge`. Promised is what is planned; what
-- was given stands beside it. A part of a total is left out where the total is there, else it
-- would count twice; a fact counts once, however many articles tell it. The month is that of the
-- earliest article; one without a date counts under no month. Of a range the lower end counts.
SELECT
    date_trunc('month', "date")::DATE AS month,
    kind,
    amount_currency,
    sum(amount) FILTER (WHERE status = 'planned') AS promised,
    sum(amount) FILTER (WHERE status = 'actual') AS given,
    count(*) AS facts,
    sum(sources) AS tellings
FROM funds
WHERE part_of_fact_id IS NULL
    AND amount_currency IS NOT NULL
GROUP BY ALL
ORDER BY month NULLS LAST, amount_currency, promised DESC NULLS LAST, kind;
