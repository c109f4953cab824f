import type { Pricing, Served, ServedRow } from '../market/served-row.ts'

export const polygonRound: Pricing['round'] = (price) => Math.round(price * 10_000) / 10_000

/** A bar's letters. Polygon has no nulls: an unsaid open, high or low is the close, an unsaid volume 1. */
export function barRow(row: ServedRow) {
  const isBroken = row.close === null
  const price = (value: Served) => value ?? row.close
  const volume = row.volume ?? (isBroken ? null : 1)
  const trades = typeof volume === 'number' ? Math.ceil(volume / 100) : 1
  return {
    v: volume,
    vw: row.close,
    o: price(row.open),
    c: row.close,
    h: price(row.high),
    l: price(row.low),
    n: trades,
  }
}
