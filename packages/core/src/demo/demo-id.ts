import { createHash } from 'node:crypto'

/**
 * The id of something of the demo, the same everywhere: a UUID of version 8 made from its name.
 *
 * @example demoId('portfolio', 'Long/Short Fund') // '88bda633-bdf1-822f-b457-12ebc50080ad'
 */
export function demoId(...name: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(name.join(' / ')).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `b${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
