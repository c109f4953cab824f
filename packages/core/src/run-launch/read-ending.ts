import { z } from 'zod'

/** How a launched run ended, in the words of its result object. */
export interface LaunchEnding {
  readonly status: string
  readonly reason: string | null
  /** The run that holds the lock, when this one was not let in. */
  readonly holder: string | null
}

/** Of the result object, or of the line that a program prints that is not to run. */
const RESULT = z.object({
  status: z.string(),
  reason: z.string().optional(),
  batch_run_id: z.string().nullish(),
})

/** Reads the ending out of what a program printed. One that printed no result did not come to its end. */
export function readEnding(code: number | null, stdout: string): LaunchEnding {
  const printed = RESULT.safeParse(parseJson(stdout))
  if (!printed.success) {
    const reason = code === null ? 'process_died' : `program_exit_${code}`
    return { status: 'failed', reason, holder: null }
  }
  const { status, reason = null, batch_run_id } = printed.data
  const holder = reason === 'already_running' ? (batch_run_id ?? null) : null
  return { status, reason, holder }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A program that was killed leaves half of it or nothing; the caller takes both for no result.
    return null
  }
}
