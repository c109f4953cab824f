/**
 * Time-weighted return: daily returns linked, Π (1 + r) − 1, a fraction. Flows do not enter, because the
 * daily returns are over equity after the day's flow.
 *
 * Missing data: null returns are left out of linking.
 *
 * @example 0.10, null, −0.10: 1.1 · 0.9 − 1 = −0.01
 */
export function linkedReturn(returns: readonly (number | null)[]): number {
  return returns.reduce<number>((growth, value) => growth * (1 + (value ?? 0)), 1) - 1
}
