const HIDDEN = '[redacted]'

/** Field names whose value is never logged, wherever they stand: `password`, `jwtSecret`, `access_token`, ... */
const SECRET_NAME = /(?:password|passwd|secret|token|authorization|cookie|jwt|api_?key|crumb)$/i

/** `scheme://user:password@host`; greedy up to the last `@`, since people forget to encode one in a password. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]*):[^\s/]+@/gi

/** `access_token=...` in a query string, `password=...` in a connection string. */
const ASSIGNED_SECRET =
  /\b([\w-]{0,40}(?:password|passwd|secret|token|jwt|api_?key|crumb))=[^\s&"']+/gi

const BEARER_TOKEN = /\b(Bearer)\s+[\w.~+/=-]{8,}/gi
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g

/** Bounded, so that a long word costs linear time. */
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu

/** What every text that is to be redacted has somewhere; most lines have none of it. */
const SUSPICIOUS =
  /[@=]|:\/\/|eyJ|password|passwd|secret|token|authorization|cookie|jwt|api_?key|crumb|bearer/i

/**
 * The text with its secrets hidden: passwords inside URLs, `key=value` secrets, bearer tokens, JWTs.
 *
 * @example maskSecrets('postgres://ann:s3cret@db/main') === 'postgres://ann:[redacted]@db/main'
 */
export function maskSecrets(text: string): string {
  let masked = text
  // The patterns are looked for only where their mark stands: long texts rarely have any of them.
  if (masked.includes('://')) masked = masked.replace(URL_PASSWORD, `$1:${HIDDEN}@`)
  if (masked.includes('=')) masked = masked.replace(ASSIGNED_SECRET, `$1=${HIDDEN}`)
  return masked.replace(BEARER_TOKEN, `$1 ${HIDDEN}`).replace(JWT, HIDDEN)
}

/** The text without secrets (see `maskSecrets`) and without e-mail addresses. */
export function redactText(text: string): string {
  const masked = maskSecrets(text)
  return masked.includes('@') ? masked.replace(EMAIL, '[e-mail]') : masked
}

/**
 * A JSON log line without secrets and e-mail addresses. Covered, at any depth: the value of every
 * field whose name ends in a word for a secret (null and booleans stay, they tell whether there is
 * one), and inside every other string what `redactText` finds. Not covered: a secret in prose under
 * an ordinary name (`"message": "the password is hunter2"`) and names of people.
 */
export function redactLine(line: string): string {
  return SUSPICIOUS.test(line) ? redactEntries(line) : line.trimEnd()
}

function redactEntries(line: string): string {
  return JSON.stringify(JSON.parse(line, redactEntry))
}

function redactEntry(name: string, value: unknown): unknown {
  const isTelling = value !== null && typeof value !== 'boolean'
  if (isTelling && SECRET_NAME.test(name)) return HIDDEN
  return typeof value === 'string' ? redactText(value) : value
}
