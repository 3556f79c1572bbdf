-- Completes new journal entries: what is not given is a draft of today in the first general journal.
--
-- grain:  one row per given row, in its order
-- params: $1 rows jsonb, $2 now timestamp
-- reads:  account_journal, res_company
-- writes: nothing
with given as (
    select item.row, item.place,
           case when item.row ? 'journal_id' then (item.row ->> 'journal_id')::integer
                else (select id from account_journal where type = 'general' and active order by sequence, type, code limit 1)
           end as journal_id
    from jsonb_array_elements($1) with ordinality as item (row, place)
)
select jsonb_build_object(
           'state', 'draft', 'move_type', 'entry', 'auto_post', 'no', 'date', $2::timestamp::date, 'journal_id', given.journal_id,
           'currency_id', house.currency_id, 'sequence_number', 0, 'sequence_prefix', '', 'payment_state', 'not_paid',
           'amount_untaxed', 0, 'amount_tax', 0, 'amount_total', 0, 'amount_untaxed_signed', 0, 'amount_tax_signed', 0,
           'amount_total_signed', 0, 'amount_total_in_currency_signed', 0)
       || row || jsonb_build_object('company_id', house.id) as row
from given
left join account_journal as journal on journal.id = given.journal_id
left join res_company as house on house.id = coalesce(journal.company_id, 1)
order by place
