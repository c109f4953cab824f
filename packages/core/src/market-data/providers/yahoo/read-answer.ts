import { z } from 'zod'
import { Malformed } from '../../calls/provider-errors.ts'

/** A number; null when it is missing, not finite, or no number at all. */
export const figure = z.number().nullable().catch(null)

/** A text; null when it is missing, empty, or no text at all. */
export const label = z.string().min(1).nullable().catch(null)

/** An instant in seconds since 1970. The client turns some of them into dates and leaves others. */
export const epoch = z.union([z.number(), z.date().transform((date) => date.getTime() / 1000)])

/** An answer in the shape it should have; throws Malformed with the path of the first thing that is wrong. */
export function readAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  root: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = [root, ...(issue?.path ?? [])].map(String).join('.')
  throw new Malformed(`yahoo's answer has not its shape: ${issue?.message ?? 'unreadable'}`, path)
}
