/** Lots of each portfolio. */
export const POSITIONS = 30

/** Portfolios of thirty lots: long and short, of a third of a year ago, spread evenly over the symbols. */
export function insertPortfolios(portfolios: number, equityAsOf: string): string {
  return `
    insert into users (email, password_hash, full_name) values ('bench@example.com', '-', 'Bench');
    insert into portfolios
      (user_id, name, account_name, account_type, equity_balance, initial_equity, equity_as_of)
    select u.id, 'Portfolio ' || n, 'account ' || n, 'taxable', 1000000, 1000000, date '${equityAsOf}'
    from users u, generate_series(1, ${portfolios}) n;
    insert into positions
      (portfolio_id, symbol, position_type, investment_class, quantity, entry_price, entry_date,
       quantity_basis_date)
    select f.id, s.symbol, case when k % 4 = 0 then 'SHORT' else 'LONG' end, 'PUBLIC',
           case when k % 4 = 0 then -100 else 100 end, s.close, s.date, s.date
    from (select id, row_number() over (order by id) as n from portfolios) f
    cross join generate_series(1, ${POSITIONS}) k
    join (
      select symbol, date, close, row_number() over (order by symbol) as i,
             count(*) over () as symbols
      from market_data_cache
      where date = (select max(date) from market_data_cache where date < date '${equityAsOf}' - 120)
        and close is not null
    ) s on s.i = 1 + (f.n * 7 + k * 13) % s.symbols`
}
