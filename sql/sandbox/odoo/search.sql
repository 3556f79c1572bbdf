-- Creates the functions that turn a checked search domain into a condition and run it.
--
-- grain:  one function per step: a leaf, a tree, the search, the count
-- params: none
-- reads:  nothing
-- writes: schema sandbox

-- A leaf is {"column", "key", "operator", "value"}, the key being that of a column that is a document; Odoo's `false` means null, and `!=` includes null.
create function sandbox.leaf_condition(alias text, leaf jsonb) returns text language plpgsql as
$$
declare
    target text := format(case when leaf ->> 'key' is null then '%I.%I' else '(%I.%I ->> %L)' end,
        alias, leaf ->> 'column', leaf ->> 'key');
    operator text := leaf ->> 'operator';
    value jsonb := leaf -> 'value';
    word text := value #>> '{}';
    listed text;
    with_null boolean;
begin
    if operator in ('in', 'not in') then
        select string_agg(format('%L', item #>> '{}'), ', ') filter (where item <> 'false'),
               coalesce(bool_or(item = 'false'), false)
        into listed, with_null
        from jsonb_array_elements(case jsonb_typeof(value) when 'array' then value else jsonb_build_array(value) end) as item;
        if operator = 'in' then
            return format('(%s%s)', coalesce(format('%s in (%s)', target, listed), 'false'),
                case when with_null then format(' or %s is null', target) else '' end);
        end if;
        return format('(%s%s)', coalesce(format('%s not in (%s)', target, listed), 'true'),
            case when with_null then format(' and %s is not null', target) else format(' or %s is null', target) end);
    elsif value in ('false', 'null') and operator in ('=', '!=') then
        if (leaf ->> 'boolean')::boolean then
            return format(case operator when '=' then '%s is not true' else '%s is true' end, target);
        end if;
        return format(case operator when '=' then '%s is null' else '%s is not null' end, target);
    elsif operator = '!=' then
        return format('(%1$s <> %2$L or %1$s is null)', target, word);
    elsif operator in ('=', '<', '>', '<=', '>=') then
        return format('%s %s %L', target, operator, word);
    elsif operator in ('like', 'ilike') then
        return format('%s::text %s %L', target, operator, '%' || word || '%');
    elsif operator in ('not like', 'not ilike') then
        return format('(%1$s::text %2$s %3$L or %1$s is null)', target, operator, '%' || word || '%');
    elsif operator in ('=like', '=ilike') then
        return format('%s::text %s %L', target, substr(operator, 2), word);
    end if;
    raise exception 'no operator %', operator;
end
$$;

-- A tree is {"all": […]}, {"any": […]}, {"not": …}, {"through": {"column", "table", "where"}} or a leaf.
create function sandbox.tree_condition(alias text, tree jsonb) returns text language plpgsql as
$$
declare
    parts text;
    inner_alias text := alias || '_';
begin
    if tree ? 'all' or tree ? 'any' then
        select string_agg(sandbox.tree_condition(alias, part), case when tree ? 'all' then ' and ' else ' or ' end)
        into parts
        from jsonb_array_elements(coalesce(tree -> 'all', tree -> 'any')) as part;
        return coalesce('(' || parts || ')', 'true');
    elsif tree ? 'not' then
        return format('not coalesce(%s, false)', sandbox.tree_condition(alias, tree -> 'not'));
    elsif tree ? 'through' then
        return format('%I.%I in (select %I.id from public.%I as %I where %s)', alias, tree -> 'through' ->> 'column',
            inner_alias, tree -> 'through' ->> 'table', inner_alias,
            sandbox.tree_condition(inner_alias, tree -> 'through' -> 'where'));
    end if;
    return sandbox.leaf_condition(alias, tree);
end
$$;

-- `ordering` is [{"column", "descending"}…].
create function sandbox.search_ids(target text, tree jsonb, ordering jsonb, skipped bigint, most bigint)
returns setof integer language plpgsql as
$$
declare
    sorted text;
begin
    select string_agg(format(case when (item ->> 'descending')::boolean then 'kept.%I desc' else 'kept.%I' end,
        item ->> 'column'), ', ' order by place)
    into sorted
    from jsonb_array_elements(ordering) with ordinality as sort (item, place);
    return query execute format('select kept.id from public.%I as kept where %s order by %s offset $1 limit $2',
        target, sandbox.tree_condition('kept', tree), coalesce(sorted, 'kept.id')) using skipped, most;
end
$$;

create function sandbox.count_ids(target text, tree jsonb) returns bigint language plpgsql as
$$
declare
    found bigint;
begin
    execute format('select count(*) from public.%I as kept where %s', target, sandbox.tree_condition('kept', tree))
    into found;
    return found;
end
$$;

-- Records by the name that people see, or by the code of a product: what `load` looks up in a bare many2one cell.
create function sandbox.find_by_name(target text, names text[]) returns table (id integer, name text)
language plpgsql as
$$
begin
    if target in ('product_product', 'product_template') then
        return query execute format(
            'select kept.id, wanted.name from public.%I as kept '
            || 'cross join lateral sandbox.display_names(%L, array[kept.id]) as shown '
            || 'join unnest($1) as wanted (name) '
            || 'on wanted.name in (shown.name, kept.default_code, regexp_replace(shown.name, ''^\[.*\] '', '''')) '
            || 'order by kept.id', target, target) using names;
    elsif target = 'account_account' then
        return query select kept.id, wanted.name
            from account_account as kept cross join lateral sandbox.display_names(target, array[kept.id]) as shown
            join unnest(names) as wanted (name)
                on wanted.name in (shown.name, kept.code_store ->> '1', sandbox.english(kept.name))
            order by kept.id;
    elsif target = 'account_journal' then
        return query select kept.id, wanted.name
            from account_journal as kept
            join unnest(names) as wanted (name) on wanted.name in (kept.code, sandbox.english(kept.name))
            order by kept.id;
    else
        return query execute format(
            'select kept.id, wanted.name from public.%I as kept join unnest($1) as wanted (name) '
            || 'on wanted.name = coalesce(to_jsonb(kept) ->> ''complete_name'', sandbox.english(to_jsonb(kept) -> ''name'')) '
            || 'order by kept.id', target) using names;
    end if;
end
$$;
