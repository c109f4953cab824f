"""The factor kernel's work by other means: one numpy.linalg.lstsq call per regression, the closed forms written
out in NumPy, and one scikit-learn fit per symbol and regression. 10,000 symbols without gaps, 1 date; betas with standard
errors. Needs NumPy and scikit-learn. Prints seconds; the per-symbol loop is timed on a sample and scaled up."""

import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler

SYMBOLS, SESSIONS, SAMPLE, REPEATS = 10_000, 400, 100, 7
random = np.random.default_rng(20_260_101)
market = 0.03 * (random.random(SESSIONS) - 0.5)
returns = market[:, None] + 0.02 * (random.random((SESSIONS, SYMBOLS)) - 0.5)
proxies = market[:, None] + 0.02 * (random.random((SESSIONS, 8)) - 0.5)
SINGLE = [(90, proxies[:, 0]), (90, proxies[:, 1])] + [
    (180, proxies[:, i] - proxies[:, j]) for i, j in ((4, 3), (2, 0), (5, 0), (6, 0))
]
STYLES = proxies[-90:, 2:8]


def ols(y, x):
    """Slopes, standard errors and R² of every column of y on x, with intercept."""
    xc = x - x.mean()
    yc = y - y.mean(axis=0)
    sxx = xc @ xc
    beta = xc @ yc / sxx
    sse = ((yc - np.outer(xc, beta)) ** 2).sum(axis=0)
    sst = (yc**2).sum(axis=0)
    return beta, np.sqrt(sse / (len(x) - 2) / sxx), 1 - sse / sst


def lstsq(y, x):
    """As `ols`, by the library's own least squares."""
    design = np.column_stack([np.ones(len(x)), x])
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0]
    sse = ((y - design @ coefficients) ** 2).sum(axis=0)
    sst = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    variances = np.diag(np.linalg.inv(design.T @ design))[:, None]
    return coefficients, np.sqrt(sse / (len(x) - 2) * variances), 1 - sse / sst


def ridge(y, x, alpha=1.0):
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    yc = y - y.mean(axis=0)
    a = np.linalg.inv(z.T @ z + alpha * np.eye(z.shape[1]))
    coefficients = a @ (z.T @ yc)
    sse = ((yc - z @ coefficients) ** 2).sum(axis=0)
    freedom = len(z) - 1 - np.trace(z @ a @ z.T)
    spread = np.sqrt(np.diag(a @ z.T @ z @ a))
    errors = np.sqrt(sse / freedom) * spread[:, None] / x.std(axis=0)[:, None]
    return coefficients / x.std(axis=0)[:, None], errors, 1 - sse / (yc**2).sum(axis=0)


def vectorised(least_squares):
    for window, x in SINGLE:
        least_squares(returns[-window:], x[-window:])
    ridge(returns[-90:], STYLES)


def per_symbol(symbol):
    for window, x in SINGLE:
        LinearRegression().fit(x[-window:, None], returns[-window:, symbol])
    Ridge(alpha=1.0).fit(StandardScaler().fit_transform(STYLES), returns[-90:, symbol])


def seconds(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main():
    for name, least_squares in (("one lstsq call per regression", lstsq), ("closed forms", ols)):
        times = sorted(seconds(lambda: vectorised(least_squares)) for _ in range(REPEATS))
        print(f"NumPy, {name}: {times[REPEATS // 2]:.3f} s (median of {REPEATS}, one thread)")
    loop = seconds(lambda: [per_symbol(symbol) for symbol in range(SAMPLE)])
    print(f"scikit-learn, one fit per symbol: {loop / SAMPLE * SYMBOLS:.1f} s (from {SAMPLE} symbols)")


if __name__ == "__main__":
    main()
