/**
 * Yahoo writes a share class with a hyphen where exchanges write a point. A symbol that Yahoo would not
 * know (`BRK.B`) is one that no source has.
 *
 * @example fromYahoo('BRK-B') // 'BRK.B'
 */
export function fromYahoo(symbol: string): string {
  return /^[A-Z]+\.[A-Z]$/.test(symbol)
    ? `no ${symbol}`
    : symbol.replace(/^([A-Z]+)-([A-Z])$/, '$1.$2')
}

/** @example toYahoo('BRK.B') // 'BRK-B' */
export function toYahoo(symbol: string): string {
  return symbol.replace(/^([A-Z]+)\.([A-Z])$/, '$1-$2')
}
