-- Finds the last run that made a plan, which shops took part, and whether they were searched for breaks.
--
-- grain:  one row, or none
-- params: none
-- reads:  journal.run, journal.run_end, snapshot.odoo_read, diff.break_search
-- writes: nothing
select
    run.run_id,
    run.shop_ids,
    not exists (
        select
        from unnest(run.shop_ids) as taking_part (shop_id)
        where not exists (
            select
            from diff.break_search as search
            where search.run_id = run.run_id and search.shop_id = taking_part.shop_id
        )
    ) as is_searched
from journal.run
join journal.run_end on run_end.run_id = run.run_id and run_end.exit_code in (0, 2, 3, 4)
join snapshot.odoo_read on odoo_read.run_id = run.run_id
where run.command in ('plan', 'run')
order by run.run_id desc
limit 1
