"""What the factors phase does on a night, by NumPy and psycopg2: read closes of 5,000 symbols, regress, stage 60,000
rows by COPY, upsert them. Needs an empty database migrated by `pnpm ops migrate`, whose URL is the argument; fills it
with random prices first. Prints seconds of each step."""

import io
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import psycopg2

from factor_kernel import ols, ridge

SYMBOLS, SESSIONS = 5_000, 286
random = np.random.default_rng(20_260_101)
connection = psycopg2.connect(sys.argv[1])
cursor = connection.cursor()


def copy(table, columns, rows):
    text = io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))
    cursor.copy_expert(f"copy {table} ({columns}) from stdin", text)


def fill():
    cursor.execute("select date::date from generate_series('2024-06-03'::date, '2026-01-01', '1 day') date "
                   "where extract(isodow from date) < 6 limit %s", (SESSIONS,))
    dates = [date for (date,) in cursor]
    closes = 100 * np.exp(np.cumsum(0.02 * (random.random((SYMBOLS, SESSIONS)) - 0.5), axis=1))
    rows = ((f"S{i}", date, round(close, 6), "peer") for i in range(SYMBOLS) for date, close in zip(dates, closes[i]))
    copy("market_data_cache", "symbol, date, close, data_source", rows)
    connection.commit()
    cursor.execute("analyze market_data_cache")
    return dates[-1]


def night(date):
    started = time.perf_counter()
    cursor.execute("select symbol, array_agg(close::float8 order by date) from market_data_cache group by symbol")
    rows = cursor.fetchall()
    symbols = [symbol for symbol, _ in rows]
    prices = np.array([closes for _, closes in rows]).T
    returns = prices[1:] / prices[:-1] - 1
    read = time.perf_counter()
    proxies = returns[:, :8]
    single = [(90, proxies[:, 0]), (90, proxies[:, 1])]
    single += [(180, proxies[:, i] - proxies[:, j]) for i, j in ((4, 3), (2, 0), (5, 0), (6, 0))]
    fits = [(window, *ols(returns[-window:], x[-window:])) for window, x in single]
    betas, errors, fit = ridge(returns[-90:], proxies[-90:, 2:8])
    fits += [(90, betas[j], errors[j], fit) for j in range(6)]
    computed = time.perf_counter()
    cursor.execute("create temp table stage (like symbol_factor_exposures including defaults) on commit drop")
    cursor.execute("select id from factor_definitions order by display_order limit 12")
    factors = [factor for (factor,) in cursor]
    copy("stage", "symbol, factor_id, calculation_date, beta_value, std_error, t_stat, r_squared, observations, "
         "quality_flag, calculation_method, regression_window_days",
         ((symbol, factor, date, beta, error, beta / (error or 1), r2, window, "full_history", "ols", window)
          for factor, (window, b, e, r) in zip(factors, fits)
          for symbol, beta, error, r2 in zip(symbols, b.tolist(), e.tolist(), r.tolist())))
    cursor.execute("insert into symbol_factor_exposures select * from stage on conflict "
                   "(calculation_date, symbol, factor_id) do update set beta_value = excluded.beta_value")
    connection.commit()
    written = time.perf_counter()
    print(f"read {read - started:.2f} s, compute {computed - read:.2f} s, write {written - computed:.2f} s, "
          f"together {written - started:.2f} s")


night(fill())
