import { createHash } from 'node:crypto'

/**
 * The number of an advisory lock: the first 8 bytes of SHA-256 of `sigmasight:` + name, as a signed
 * big-endian integer. Every program that names a lock alike gets the same number; two names sharing
 * one is as likely as guessing a 64-bit key.
 */
export function lockKey(name: string): bigint {
  return createHash('sha256').update(`sigmasight:${name}`).digest().readBigInt64BE(0)
}
