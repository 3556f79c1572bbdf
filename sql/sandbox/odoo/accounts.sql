-- Seeds the generic chart of accounts and the journals, with the ids that a fresh Odoo 18 gives them.
--
-- grain:  one row per account, one row per journal
-- params: none
-- reads:  nothing
-- writes: account_account, account_account_res_company_rel, account_journal
insert into account_account (code_store, account_type, name, deprecated, reconcile, non_trade)
select jsonb_build_object('1', known.code), known.account_type, jsonb_build_object('en_US', known.name), false, known.reconcile,
       false
from (values
    ('101000', 'asset_current', 'Current Assets', false),
    ('110100', 'asset_current', 'Stock Valuation', false),
    ('110200', 'asset_current', 'Stock Interim (Received)', true),
    ('110300', 'asset_current', 'Stock Interim (Delivered)', true),
    ('110400', 'asset_current', 'Cost of Production', true),
    ('110500', 'asset_current', 'Work in Progress', true),
    ('121000', 'asset_receivable', 'Account Receivable', true),
    ('121100', 'asset_current', 'Products to receive', true),
    ('128000', 'asset_current', 'Prepaid Expenses', false),
    ('131000', 'asset_current', 'Tax Paid', false),
    ('132000', 'asset_current', 'Tax Receivable', false),
    ('141000', 'asset_prepayments', 'Prepayments', false),
    ('151000', 'asset_fixed', 'Fixed Asset', false),
    ('191000', 'asset_non_current', 'Non-current assets', false),
    ('201000', 'liability_current', 'Current Liabilities', false),
    ('211000', 'liability_payable', 'Account Payable', true),
    ('211100', 'liability_current', 'Bills to receive', true),
    ('212000', 'liability_current', 'Deferred Revenue', false),
    ('230000', 'liability_current', 'Salary Payable', true),
    ('230100', 'liability_current', 'Employee Payroll Taxes', true),
    ('230200', 'liability_current', 'Employer Payroll Taxes', true),
    ('251000', 'liability_current', 'Tax Received', false),
    ('252000', 'liability_current', 'Tax Payable', false),
    ('291000', 'liability_non_current', 'Non-current Liabilities', false),
    ('301000', 'equity', 'Capital', false),
    ('302000', 'equity', 'Dividends', false),
    ('400000', 'income', 'Product Sales', false),
    ('441000', 'income', 'Foreign Exchange Gain', false),
    ('442000', 'income', 'Cash Difference Gain', false),
    ('443000', 'expense', 'Cash Discount Loss', false),
    ('450000', 'income_other', 'Other Income', false),
    ('500000', 'expense_direct_cost', 'Cost of Goods Sold', false),
    ('600000', 'expense', 'Expenses', false),
    ('611000', 'expense', 'Purchase of Equipments', false),
    ('612000', 'expense', 'Rent', false),
    ('620000', 'expense', 'Bank Fees', false),
    ('630000', 'expense', 'Salary Expenses', false),
    ('641000', 'expense', 'Foreign Exchange Loss', false),
    ('642000', 'expense', 'Cash Difference Loss', false),
    ('643000', 'income', 'Cash Discount Gain', false),
    ('961000', 'expense', 'RD Expenses', false),
    ('962000', 'expense', 'Sales Expenses', false),
    ('101300', 'asset_receivable', 'Account Receivable (PoS)', true),
    ('201100', 'liability_credit_card', 'Credit Card', false),
    ('101401', 'asset_cash', 'Bank', false),
    ('101501', 'asset_cash', 'Cash', false),
    ('101402', 'asset_current', 'Bank Suspense Account', false),
    ('101701', 'asset_current', 'Liquidity Transfer', true),
    ('101403', 'asset_current', 'Outstanding Receipts', true),
    ('101404', 'asset_current', 'Outstanding Payments', true),
    ('999999', 'equity_unaffected', 'Undistributed Profits/Losses', false)
) as known (code, account_type, name, reconcile);
insert into account_account_res_company_rel (account_account_id, res_company_id) select id, 1 from account_account;

insert into account_journal (sequence, company_id, code, type, name, active, default_account_id)
select known.sequence, 1, known.code, known.type, jsonb_build_object('en_US', known.name), true,
       (select id from account_account where code_store ->> '1' = known.account_code)
from (values
    (5, 'INV', 'sale', 'Customer Invoices', '400000'),
    (6, 'BILL', 'purchase', 'Vendor Bills', '600000'),
    (9, 'MISC', 'general', 'Miscellaneous Operations', null),
    (10, 'EXCH', 'general', 'Exchange Difference', null),
    (10, 'CABA', 'general', 'Cash Basis Taxes', null),
    (7, 'BNK1', 'bank', 'Bank', '101401'),
    (10, 'CSH1', 'cash', 'Cash', '101501'),
    (10, 'STJ', 'general', 'Inventory Valuation', null)
) as known (sequence, code, type, name, account_code);
