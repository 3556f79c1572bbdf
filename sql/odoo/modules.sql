-- Reads which of the modules that we work with are installed in Odoo, and the version of its base.
--
-- grain:  one row
-- params: $1 modules text[]
-- reads:  ir_module_module
-- writes: nothing
select
    (
        select base.latest_version::text
        from ir_module_module as base
        where base.name = 'base'
    ) as base_version,
    array(
        select needed.name
        from unnest($1::text[]) with ordinality as needed (name, place)
        where not exists (
            select
            from ir_module_module as module
            where module.name = needed.name and module.state in ('installed', 'to upgrade')
        )
        order by needed.place
    ) as missing
