-- Creates the functions that read, search and write any model's table by name, so that no statement is glued in Rust.
--
-- grain:  one function per thing that an ORM does to a table
-- params: none
-- reads:  nothing
-- writes: schema sandbox
create schema sandbox;

-- A row of a translated column shows its English text.
create function sandbox.english(value jsonb) returns text language sql immutable as
$$ select case jsonb_typeof(value) when 'object' then value ->> 'en_US' else value #>> '{}' end $$;

-- The columns that a set of JSON rows names, each quoted.
create function sandbox.columns_of(rows jsonb) returns text[] language sql immutable as
$$
    select array_agg(format('%I', key) order by key)
    from (select distinct key from jsonb_array_elements(rows) as given, jsonb_object_keys(given) as key) as named
$$;

create function sandbox.insert_rows(target text, rows jsonb) returns setof integer language plpgsql as
$$
declare
    columns text := array_to_string(sandbox.columns_of(rows), ', ');
begin
    if jsonb_array_length(rows) > 0 then
        return query execute format(
            'insert into public.%1$I (%2$s) select %2$s from jsonb_populate_recordset(null::public.%1$I, $1) returning id',
            target, columns) using rows;
    end if;
end
$$;

-- Every row carries its `id`; all rows name the same columns.
create function sandbox.update_rows(target text, rows jsonb) returns integer language plpgsql as
$$
declare
    assignments text;
    touched integer := 0;
begin
    select string_agg(format('%1$s = given.%1$s', name), ', ') into assignments
    from unnest(sandbox.columns_of(rows)) as name where name <> 'id';
    if assignments is not null then
        execute format(
            'update public.%1$I as kept set %2$s from jsonb_populate_recordset(null::public.%1$I, $1) as given '
            || 'where kept.id = given.id', target, assignments) using rows;
        get diagnostics touched = row_count;
    end if;
    return touched;
end
$$;

create function sandbox.delete_rows(target text, ids integer[]) returns integer language plpgsql as
$$
declare
    touched integer;
begin
    execute format('delete from public.%I where id = any($1)', target) using ids;
    get diagnostics touched = row_count;
    delete from ir_model_data where model = replace(target, '_', '.') and res_id = any(ids);
    return touched;
end
$$;

-- Rows as JSON, in the order asked for; an id that does not exist is left out, as `read` does.
create function sandbox.read_rows(target text, ids integer[]) returns setof jsonb language plpgsql as
$$
begin
    return query execute format(
        'select to_jsonb(kept) from unnest($1) with ordinality as asked (id, place) '
        || 'join public.%I as kept on kept.id = asked.id order by asked.place', target) using ids;
end
$$;

create function sandbox.missing_ids(target text, ids integer[]) returns setof integer language plpgsql as
$$
begin
    return query execute format(
        'select asked.id from unnest($1) with ordinality as asked (id, place) '
        || 'where not exists (select from public.%I as kept where kept.id = asked.id) order by asked.place',
        target) using ids;
end
$$;

-- What a many2one shows. Products show their code, pricelists their currency, as Odoo's `_compute_display_name` does.
create function sandbox.display_names(target text, ids integer[]) returns table (id integer, name text)
language plpgsql as
$$
begin
    if target = 'product_product' then
        return query select kept.id, concat('[' || nullif(kept.default_code, '') || '] ', sandbox.english(parent.name))
            from product_product as kept join product_template as parent on parent.id = kept.product_tmpl_id
            where kept.id = any(ids);
    elsif target = 'product_template' then
        return query select kept.id, concat('[' || nullif(kept.default_code, '') || '] ', sandbox.english(kept.name))
            from product_template as kept where kept.id = any(ids);
    elsif target = 'product_pricelist' then
        return query select kept.id, format('%s (%s)', sandbox.english(kept.name), currency.name)
            from product_pricelist as kept join res_currency as currency on currency.id = kept.currency_id
            where kept.id = any(ids);
    elsif target = 'stock_picking_type' then
        return query select kept.id, concat(house.name || ': ', sandbox.english(kept.name))
            from stock_picking_type as kept left join stock_warehouse as house on house.id = kept.warehouse_id
            where kept.id = any(ids);
    elsif target = 'res_users' then
        return query select kept.id, partner.name::text
            from res_users as kept join res_partner as partner on partner.id = kept.partner_id
            where kept.id = any(ids);
    elsif target = 'account_account' then
        return query select kept.id, concat_ws(' ', kept.code_store ->> '1', sandbox.english(kept.name))
            from account_account as kept where kept.id = any(ids);
    elsif target = 'account_move' then
        return query select kept.id, sandbox.entry_name(kept) from account_move as kept where kept.id = any(ids);
    elsif target = 'account_move_line' then
        return query select kept.id,
                concat_ws(' ', parent.name, '(' || nullif(parent.ref, '') || ')', nullif(kept.name, ''))
            from account_move_line as kept join account_move as parent on parent.id = kept.move_id
            where kept.id = any(ids);
    elsif target in ('res_partner', 'stock_location') then
        return query execute format(
            'select id, coalesce(complete_name, name)::text from public.%I where id = any($1)', target) using ids;
    else
        return query execute format(
            'select id, sandbox.english(to_jsonb(kept) -> ''name'') from public.%I as kept where id = any($1)',
            target) using ids;
    end if;
end
$$;

-- The other end of a one2many or a many2many: (the record, one of its ids), in the order of the ids.
create function sandbox.children(target text, parent_column text, child_column text, ids integer[])
returns table (parent integer, child integer) language plpgsql as
$$
begin
    return query execute format(
        'select %1$I, %2$I from public.%3$I where %1$I = any($1) order by %1$I, %2$I',
        parent_column, child_column, target) using ids;
end
$$;

-- Links that are there already stay as they are.
create function sandbox.link_rows(target text, parent_column text, child_column text, parents integer[], children integer[])
returns void language plpgsql as
$$
begin
    execute format('insert into public.%I (%I, %I) select * from unnest($1, $2) on conflict do nothing',
        target, parent_column, child_column) using parents, children;
end
$$;

create function sandbox.unlink_rows(target text, parent_column text, parents integer[])
returns void language plpgsql as
$$
begin
    execute format('delete from public.%I where %I = any($1)', target, parent_column) using parents;
end
$$;

-- What creating a custom field does to its table.
create function sandbox.add_column(target text, field text, sql_type text, indexed boolean) returns void
language plpgsql as
$$
begin
    execute format('alter table public.%I add column %I %s', target, field, sql_type::regtype);
    if indexed then
        execute format('create index %I on public.%I (%I)', target || '__' || field || '_index', target, field);
    end if;
end
$$;

create function sandbox.drop_column(target text, field text) returns void language plpgsql as
$$
begin
    execute format('alter table public.%I drop column %I', target, field);
end
$$;
