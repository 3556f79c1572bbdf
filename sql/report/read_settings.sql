-- Sets, for the transaction of a report, what its few large questions need: room to sort and to hash in memory, and no
-- compilation of them, which takes longer than it saves.
--
-- grain:  one row
-- params: none
-- reads:  nothing
-- writes: nothing
select set_config('jit', 'off', true), set_config('work_mem', '32MB', true)
