import { errorCode } from './error-code.ts'

/** SQLSTATEs after which the same work, tried again, may well succeed; with the reason. */
const TRANSIENT_STATES: Readonly<Record<string, string>> = {
  '08000': 'connection exception',
  '08001': 'the server could not be reached',
  '08003': 'the connection does not exist any more',
  '08004': 'the server rejected the connection',
  '08006': 'the connection failed',
  '40001': 'another transaction changed the same rows first',
  '40P01': 'two transactions waited for each other and the server chose this one to end',
  '53300': 'too many connections at this moment',
  '55006': 'an object is in use at this moment',
  '55P03': 'a lock was not available in time',
  '57P01': 'an administrator ended the session, or the server shuts down',
  '57P02': 'the server crashed and recovers',
  '57P03': 'the server is starting up',
  '57P05': 'the session was idle for too long',
}

/** Errors of the socket that say the same: Node's codes, not SQLSTATEs. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT', // the socket file of a server that is being restarted
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
])

/** Messages by which node-postgres reports a lost connection, which it gives no code. */
const TRANSIENT_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** Whether trying again may help. Follows `cause`, so that a wrapped error counts as what it wraps. */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const code = errorCode(error) ?? ''
  if (code in TRANSIENT_STATES || TRANSIENT_CODES.has(code)) return true
  if ('message' in error && TRANSIENT_MESSAGES.test(String(error.message))) return true
  // A host with several addresses fails with one error for each.
  if ('errors' in error && Array.isArray(error.errors) && error.errors.some(isTransient))
    return true
  return 'cause' in error && isTransient(error.cause)
}
