-- Gathers statistics of the decisions, which have just been written: a plan may hold a few or hundreds of thousands.
--
-- grain:  none
-- params: none
-- reads:  journal
-- writes: nothing
analyze journal.decision;
