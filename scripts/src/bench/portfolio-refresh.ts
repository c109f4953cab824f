import { previousSession, sessionsBack } from '@sigmasight/core/calendar'
import { runStatement } from '@sigmasight/core/database'
import type { BenchFigure } from './bench-figure.ts'
import { openWorld } from './bench-world.ts'
import { figureOf, LAST_SESSION } from './figure-of.ts'

const SYMBOLS = 500
const POSITIONS = 30
const HISTORY = 300

/** An ordinary night of the portfolio layer: every portfolio has yesterday's snapshot and lacks today's. */
export async function benchPortfolioRefresh(
  portfolios: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  const yesterday = previousSession(LAST_SESSION)
  const from = sessionsBack(LAST_SESSION, HISTORY)
  await using world = await openWorld({ symbols: SYMBOLS, from, to: LAST_SESSION })
  await world.runBatch(['--date', yesterday], signal)
  await world.runBatch(['--date', LAST_SESSION], signal)
  await runStatement(world.database, insertPortfolios(portfolios, yesterday))
  const first = await world.runRefresh(['--date', yesterday], signal)
  const night = await world.runRefresh(['--date', LAST_SESSION], signal)
  const again = await world.runRefresh(['--date', LAST_SESSION], signal)
  const name = `portfolio refresh, ${portfolios} portfolios x ${POSITIONS} positions`
  return [
    figureOf(`${name}, first night`, first),
    figureOf(`${name}, ordinary night`, night),
    figureOf(`${name}, nothing to do`, again),
  ]
}

/** Long and short lots of a third of a year ago, spread evenly over the symbols. */
function insertPortfolios(portfolios: number, equityAsOf: string): string {
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
