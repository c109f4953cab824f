/** n ÷ d, never reduced: the plainest exact arithmetic there is, for checking the other one. */
export type Quotient = readonly [n: bigint, d: bigint]

const EXACT_RATIOS: Readonly<Record<string, Quotient>> = {
  '0.3333333333': [1n, 3n],
  '0.125': [1n, 8n],
  '1.5': [3n, 2n],
  '1.2810000000': [1281n, 1000n],
  '2': [2n, 1n],
  '3': [3n, 1n],
  '7': [7n, 1n],
}

/** What a stored ratio means, by table. */
export function ratioOf(decimal: string): Quotient {
  const ratio = EXACT_RATIOS[decimal]
  if (ratio === undefined) throw new Error(`no ratio is written ${decimal}`)
  return ratio
}

/** New shares at `to` per share at `from`. */
export function factor(
  splits: readonly { readonly date: string; readonly ratio: string }[],
  from: string,
  to: string,
): Quotient {
  let [n, d]: Quotient = [1n, 1n]
  for (const { date, ratio } of splits) {
    const [a, b] = ratioOf(ratio)
    if (date > from && date <= to) [n, d] = [n * a, d * b]
    if (date > to && date <= from) [n, d] = [n * b, d * a]
  }
  return [n, d]
}

export const add = (a: Quotient, b: Quotient): Quotient => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]]
export const subtract = (a: Quotient, b: Quotient): Quotient => [
  a[0] * b[1] - b[0] * a[1],
  a[1] * b[1],
]
export const multiply = (a: Quotient, b: Quotient): Quotient => [a[0] * b[0], a[1] * b[1]]
export const divide = (a: Quotient, b: Quotient): Quotient =>
  b[0] < 0n ? [-a[0] * b[1], a[1] * -b[0]] : [a[0] * b[1], a[1] * b[0]]
export const integer = (n: bigint): Quotient => [n, 1n]
export const NOTHING: Quotient = [0n, 1n]

/** The nearest whole number, the one further from zero among equals. */
export function rounded([n, d]: Quotient): bigint {
  const magnitude = n < 0n ? -n : n
  const whole = (2n * magnitude + d) / (2n * d)
  return n < 0n ? -whole : whole
}
