-- Gathers statistics of the findings, which have just been made: what reads them by the hundred thousand is planned for it.
--
-- grain:  none
-- params: none
-- reads:  diff
-- writes: nothing
analyze diff.finding;
