const GROUPED = /^\$?\s*(\d{1,3}(?:,\d{3})+(?:\.\d+)?)$/

/**
 * An amount without the separators that people write between thousands. Anything that is not surely such an
 * amount stays as it is, for the server to refuse: `1.234,56` must not become 1.23.
 *
 * @example plainAmount('$1,234,567.89') is '1234567.89'
 */
export function plainAmount(text: string): string {
  const grouped = GROUPED.exec(text.trim())?.[1]
  return grouped === undefined ? text.trim() : grouped.replaceAll(',', '')
}
