import { hash, verify } from '@node-rs/argon2'

/** As OWASP advises for argon2id: 19 MiB, two passes, one lane. About 20 ms on a small machine. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** A hash of the same cost that no password is known for. */
const DECOY =
  '$argon2id$v=19$m=19456,t=2,p=1$c2lnbWFzaWdodC1kZWNveQ$u3pQm0o1l8b8cY9l2n1fJ1n3vXKc4T2v0o7o0m5q1hA'

const HASHED = /^\$argon2id\$/

/** The text to store for a password: argon2id with a salt of its own. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

/**
 * Whether a password is the one that was hashed. Where there is no hash (an unknown e-mail, a user who
 * has no password) it computes one all the same, so that the time of the answer tells nothing.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const isHash = stored !== null && HASHED.test(stored)
  const matches = await verify(isHash ? stored : DECOY, password)
  return isHash && matches
}
