/** What stands where a figure would, when there is none. */
export const NONE = '–'

const LOCALE = 'en-US'
type Sign = 'auto' | 'exceptZero'

/** Dollars with cents; the minus sign is one, not a hyphen. */
export function money(value: number | null): string {
  return dollars(value, { digits: 2, sign: 'auto' })
}

/** Dollars with cents and always a sign, for gains and losses. */
export function signedMoney(value: number | null): string {
  return dollars(value, { digits: 2, sign: 'exceptZero' })
}

/** Whole dollars with a sign: for estimates, whose cents mean nothing. */
export function signedDollars(value: number | null): string {
  return dollars(value, { digits: 0, sign: 'exceptZero' })
}

/** A few characters for axes: `$1.2M`. */
export function shortMoney(value: number): string {
  return minus(
    new Intl.NumberFormat(LOCALE, {
      style: 'currency',
      currency: 'USD',
      notation: 'compact',
      maximumFractionDigits: 2,
    }).format(value),
  )
}

/** A fraction as percent: 0.0123 is `1.23 %`. */
export function percent(value: number | null, digits = 1): string {
  return percentage(value, { digits, sign: 'auto' })
}

export function signedPercent(value: number | null, digits = 2): string {
  return percentage(value, { digits, sign: 'exceptZero' })
}

export function number(value: number | null, digits = 0): string {
  return value === null ? NONE : decimal(value, { minimum: digits, maximum: digits, sign: 'auto' })
}

export function signedNumber(value: number | null, digits: number): string {
  if (value === null) return NONE
  return decimal(value, { minimum: digits, maximum: digits, sign: 'exceptZero' })
}

/** A quantity with as many decimals as it has, at most six. */
export function quantity(value: number): string {
  return decimal(value, { minimum: 0, maximum: 6, sign: 'auto' })
}

/** A share price: two decimals, or as many as it has below a dollar. */
export function price(value: number | null): string {
  if (value === null) return NONE
  const maximum = Math.abs(value) < 1 ? 6 : 2
  return decimal(value, { minimum: 2, maximum, sign: 'auto' })
}

/** `1 symbol`, `3 symbols`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`
}

function dollars(
  value: number | null,
  { digits, sign }: { readonly digits: number; readonly sign: Sign },
): string {
  if (value === null) return NONE
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return minus(
    new Intl.NumberFormat(LOCALE, {
      style: 'currency',
      currency: 'USD',
      signDisplay: signFor(sign),
      ...options,
    }).format(value),
  )
}

function percentage(
  value: number | null,
  { digits, sign }: { readonly digits: number; readonly sign: Sign },
): string {
  if (value === null) return NONE
  return `${decimal(100 * value, { minimum: digits, maximum: digits, sign })}\u202f%`
}

function decimal(
  value: number,
  parts: { readonly minimum: number; readonly maximum: number; readonly sign: Sign },
): string {
  return minus(
    new Intl.NumberFormat(LOCALE, {
      minimumFractionDigits: parts.minimum,
      maximumFractionDigits: parts.maximum,
      signDisplay: signFor(parts.sign),
    }).format(value),
  )
}

/** `-0.00` says that a number is negative and that it is not. */
function signFor(sign: Sign): 'negative' | 'exceptZero' {
  return sign === 'auto' ? 'negative' : sign
}

function minus(text: string): string {
  return text.replace('-', '\u2212')
}
