-- Sets, for the transaction of a report, what its few large questions need: room to sort and to hash in memory, no compilation
-- of them, which takes longer than it saves, and no merging of sorted rows: the rows of one shop would be compared each with
-- each where the planner merges by the shop alone.
--
-- grain:  one row
-- params: none
-- reads:  nothing
-- writes: nothing
select set_config('jit', 'off', true), set_config('work_mem', '32MB', true), set_config('enable_mergejoin', 'off', true)
