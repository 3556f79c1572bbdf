-- Finds the country and the state in Odoo for the places of the customers that Odoo does not have. A country is found by
-- its code or an alias of it. A state is looked up in its own country: by its code, an alias, its name, a part of its
-- name (`Araba/Álava`), its name without `State of` and the like. What leads to several states leads to none.
--
-- grain:  one row per country and state, as Etsy has them
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_customer, staging.odoo_customer, staging.place_alias, snapshot.odoo_country,
--         snapshot.odoo_country_state
-- writes: staging.odoo_place
with asked as materialized (
    select distinct coalesce(wanted.country_iso, '') as country, coalesce(wanted.state, '') as state
    from staging.etsy_customer as wanted
    where wanted.shop_id = any($2)
        and (wanted.country_iso is not null or wanted.state is not null)
        and not exists (
            select
            from staging.odoo_customer as there
            where there.run_id = $1 and there.customer_key = wanted.customer_key
        )
),
worded as materialized (
    select
        asked.country,
        asked.state,
        staging.plain_words(asked.state) as word,
        staging.bare_words(asked.state) as bare_word
    from asked
),
alias as (
    select place_alias.country, place_alias.word, place_alias.to_country, place_alias.to_state
    from staging.place_alias
    where place_alias.run_id = $1
),
country as (
    select odoo_country.id, upper(odoo_country.code) as code
    from snapshot.odoo_country
    where odoo_country.run_id = $1
),
state as (
    select odoo_state.id, country.id as country_id, country.code as country, odoo_state.name,
        upper(regexp_replace(odoo_state.code, '^' || country.code || '-', '')) as code
    from snapshot.odoo_country_state as odoo_state
    join country on country.id = odoo_state.country_id
    where odoo_state.run_id = $1
),
-- an alias of a country stands aside where this Odoo does not have what it leads to
aliased as (
    select distinct on (worded.country, worded.state)
        worded.country,
        worded.state,
        worded.word,
        worded.bare_word,
        target.id as alias_country_id,
        alias.to_country,
        alias.to_state
    from worded
    left join alias
        on alias.country = worded.country and alias.to_country <> alias.country
        and alias.word in ('', worded.word)
        and exists (select from country where country.code = alias.to_country)
        and (
            coalesce(alias.to_state, '') = ''
            or exists (select from state where state.country = alias.to_country and state.code = alias.to_state)
        )
    left join country as target on target.code = alias.to_country
    order by worded.country, worded.state, alias.word desc nulls last
),
placed as materialized (
    select
        aliased.country,
        aliased.state,
        aliased.word,
        aliased.bare_word,
        coalesce(aliased.alias_country_id, own.id) as country_id,
        coalesce(aliased.to_country, own.code) as country_code,
        aliased.to_state
    from aliased
    left join country as own on own.code = aliased.country
),
-- `US-CA`, `CA`, `n.s.w.`, `DE-BY` and `BY` are codes
coded as (
    select placed.country, placed.state, placed.country_code, placed.word, placed.bare_word, placed.to_state,
        regexp_replace(
            upper(regexp_replace(placed.state, '[.\s]', '', 'g')), '^' || placed.country_code || '-', ''
        ) as code
    from placed
    where placed.country_id is not null and (placed.state <> '' or placed.to_state <> '')
),
named as materialized (
    select state.country, state.id, state.code, staging.plain_words(state.name) as word,
        staging.bare_words(state.name) as bare_word,
        case
            when state.name ~ '[][()/]' then array(
                select staging.plain_words(part.part)
                from regexp_split_to_table(state.name, '[][()/]') as part (part)
            )
            else '{}'
        end as parts
    from state
    where state.country in (select coded.country_code from coded)
),
candidate as (
    select coded.country, coded.state, named.id, 0 as rank
    from coded
    join named on named.country = coded.country_code and named.code = coded.to_state
    union all
    select coded.country, coded.state, named.id, 1
    from coded
    join named on named.country = coded.country_code and named.code = coded.code
    union all
    select coded.country, coded.state, named.id, 2
    from coded
    join alias
        on alias.country = coded.country_code and alias.to_country = coded.country_code
        and alias.word in (coded.word, coded.bare_word) and alias.word <> ''
    join named
        on named.country = coded.country_code
        and named.code = upper(regexp_replace(alias.to_state, '^' || coded.country_code || '-', ''))
    union all
    select coded.country, coded.state, named.id, 3
    from coded
    join named on named.country = coded.country_code and named.word = coded.word
    union all
    select coded.country, coded.state, named.id, 4
    from coded
    join named on named.country = coded.country_code and coded.word = any(named.parts)
    union all
    select coded.country, coded.state, named.id, 5
    from coded
    join named on named.country = coded.country_code and named.bare_word = coded.bare_word
),
-- the best way that leads anywhere decides, if it leads to one state
best as (
    select decisive.country, decisive.state, decisive.id
    from (
        select distinct on (candidate.country, candidate.state) candidate.country, candidate.state,
            min(candidate.id) as id, count(distinct candidate.id) as states
        from candidate
        group by candidate.country, candidate.state, candidate.rank
        order by candidate.country, candidate.state, candidate.rank
    ) as decisive
    where decisive.states = 1
)
insert into staging.odoo_place (run_id, country, state, country_id, state_id, unknown_country, unknown_state)
select
    $1,
    placed.country,
    placed.state,
    placed.country_id,
    best.id,
    case when placed.country_id is null then nullif(placed.country, '') end,
    case
        when placed.state = '' then null
        -- the alias of the country has told the state, and what was written may say more: `Ponce` of Puerto Rico
        when placed.to_state is not null
            and placed.word not in (lower(placed.to_state), coalesce(staging.plain_words(found.name), ''))
            and not exists (
                select
                from alias
                where alias.country in (placed.country, placed.country_code) and alias.word = placed.word
                    and alias.to_country = placed.country_code
            )
            then placed.state
        when best.id is not null then null
        when exists (
            select
            from alias
            where alias.country in (placed.country, placed.country_code) and alias.word = placed.word
                and alias.to_country = placed.country_code and alias.to_state = ''
        )
            then null
        else placed.state
    end
from placed
left join best on best.country = placed.country and best.state = placed.state
left join state as found on found.id = best.id
