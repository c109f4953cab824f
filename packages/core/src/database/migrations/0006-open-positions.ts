import { sql, type Kysely, type RawBuilder } from 'kysely'

/**
 * The one definition of how much of a lot is open on a date and whether the lot is active, and the
 * views of what open lots inherit from their symbols.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const definition of [...FUNCTIONS, ...VIEWS]) await definition.execute(db)
}

const FUNCTIONS: readonly RawBuilder<unknown>[] = [
  sql`
    create aggregate product(numeric) (sfunc = numeric_mul, stype = numeric, initcond = 1);
  `,
  sql`
    -- A stored ratio as the fraction it stands for: 0.3333333333 is 1/3, 0.0004 is 1/2500. Exact whenever
    -- the smaller of its two terms is at most 1,000.
    create function split_fraction(ratio numeric, out numerator numeric, out denominator numeric)
    language sql immutable
    as $$
      select case when ratio < 1 then small else large end,
             case when ratio < 1 then large else small end
      from (
        select round(greatest(ratio, 1 / ratio) * small) as large, small
        from generate_series(1::numeric, 1000) as small
        order by abs(greatest(ratio, 1 / ratio) - round(greatest(ratio, 1 / ratio) * small) / small), small
        limit 1
      ) as nearest
    $$;
  `,
  sql`
    -- A number of shares on the share basis of one date, carried to another by the splits between:
    -- multiplied by those with ex-date in (from_date, to_date], or divided by those in (to_date, from_date].
    create function carry_by_splits(shares numeric, of_symbol text, from_date date, to_date date)
    returns numeric language sql stable
    as $$
      select case when from_date <= to_date then shares * numerator / denominator
                  else shares * denominator / numerator end
      from (
        select product(f.numerator) as numerator, product(f.denominator) as denominator
        from market_data_cache m
        cross join lateral split_fraction(m.split_ratio) f
        where m.symbol = of_symbol
          and m.date > least(from_date, to_date)
          and m.date <= greatest(from_date, to_date)
          and m.split_ratio <> 1
      ) splits
    $$;
  `,
  sql`
    -- What is left of a lot at the end of a date, on that date's share basis and signed as the lot:
    -- its quantity less what was closed up to the date. A contract splits with its underlying. Null for an unknown lot. Entry date and
    -- deletion are not looked at: see active_positions.
    create function position_open_quantity(of_position uuid, on_date date)
    returns numeric language sql stable
    as $$
      select round(
        case when p.investment_class = 'PRIVATE' then p.quantity
             else carry_by_splits(p.quantity, coalesce(p.underlying_symbol, p.symbol), p.quantity_basis_date, on_date) end
        - sign(p.quantity) * coalesce((
            select sum(case when p.investment_class = 'PRIVATE' then e.quantity_closed
                            else carry_by_splits(e.quantity_closed, coalesce(p.underlying_symbol, p.symbol), e.trade_date, on_date) end)
            from position_realized_events e
            where e.position_id = p.id and e.trade_date <= on_date
          ), 0),
        6)
      from positions p
      where p.id = of_position
    $$;
  `,
  sql`
    -- The lots that are active on a date: not deleted, entered by then, with an open quantity. A lot
    -- of which nothing was closed is open whatever its splits.
    create function active_positions(on_date date)
    returns setof positions language sql stable
    as $$
      select p.*
      from positions p
      where p.deleted_at is null
        and p.entry_date <= on_date
        and (not exists (
               select from position_realized_events e
               where e.position_id = p.id and e.trade_date <= on_date
             )
             or position_open_quantity(p.id, on_date) <> 0)
    $$;
  `,
  sql`
    -- How many dollars of an option move with one dollar of its underlying, per dollar of the
    -- option's value: delta dollars over value. Null without Greeks of the date, or without a price
    -- of the contract at most ten days old. A function rather than a join: its own plan over the
    -- years of prices is made once a session, not for each query on a view.
    create function option_leverage(of_position uuid, of_symbol text, on_date date)
    returns double precision language sql stable
    as $$
      select g.delta_dollars
             / nullif((position_open_quantity(of_position, on_date) * 100 * price.close)::double precision, 0)
      from position_greeks g
      cross join lateral (
        select m.close from market_data_cache m
        where m.symbol = of_symbol and m.close is not null
          and m.date <= on_date and m.date > on_date - 10
        order by m.date desc limit 1
      ) price
      where g.position_id = of_position and g.calculation_date = on_date
    $$;
  `,
]

const LEVERAGE = sql.raw(`
      select case when p.investment_class = 'OPTIONS'
                  then option_leverage(p.id, p.symbol, e.calculation_date)
                  else 1 end as leverage`)

/** PRIVATE lots have no exposure, an option has its underlying's, and none without Greeks. */
const HAS_EXPOSURE = sql.raw(`p.investment_class <> 'PRIVATE'
      and e.symbol = case when p.investment_class = 'OPTIONS' then p.underlying_symbol else p.symbol end
      and l.leverage is not null`)

const VIEWS: readonly RawBuilder<unknown>[] = [
  sql`
    create view position_factor_exposures as
    select md5(concat_ws(' ', p.id, e.factor_id, e.calculation_date))::uuid as id,
           p.id as position_id,
           e.factor_id,
           e.calculation_date,
           e.beta_value * l.leverage as exposure_value,
           e.quality_flag,
           e.created_at
    from symbol_factor_exposures e
    cross join lateral active_positions(e.calculation_date) p
    cross join lateral (${LEVERAGE}) l
    where ${HAS_EXPOSURE};
  `,
  sql`
    create view position_market_betas as
    select md5(concat_ws(' ', p.id, e.calculation_date, e.regression_window_days))::uuid as id,
           p.id as position_id,
           e.calculation_date,
           e.beta_value * l.leverage as beta,
           null::double precision as alpha,
           e.std_error * abs(l.leverage) as std_error,
           e.r_squared,
           e.observations,
           e.regression_window_days as window_days,
           e.created_at
    from symbol_factor_exposures e
    cross join lateral active_positions(e.calculation_date) p
    cross join lateral (${LEVERAGE}) l
    where ${HAS_EXPOSURE} and e.calculation_method = 'ols_market';
  `,
]
