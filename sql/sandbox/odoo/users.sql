-- Lists the people who may call.
--
-- grain:  one row per active login
-- params: none
-- reads:  res_users
-- writes: nothing
select id, login::text from res_users where active
