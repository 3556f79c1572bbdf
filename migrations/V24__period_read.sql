-- Reports on days: the movements of a month are found among those of many years.

create index money_entry_by_moment on staging.money_entry (shop_id, entered_at);
