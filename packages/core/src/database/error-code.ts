/**
 * The `code` of whatever was thrown: a SQLSTATE, or Node's `ECONNREFUSED` and the like. Looks at the
 * shape only: an error from another realm (a test runner's sandbox, a worker) is no `instanceof Error`.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
