import { z } from 'zod'

/** From a plain move of one factor to a crisis. */
export const SEVERITIES = ['base', 'mild', 'moderate', 'severe', 'extreme'] as const

/**
 * A stress scenario. Shocks are fractions by factor name: `Market` is the return of the market proxy,
 * a style's is its return beyond the market, and `Interest Rate` is the change of yields (0.01 = 100 basis
 * points).
 */
export const scenarioSchema = z.strictObject({
  scenarioId: z.string().regex(/^[a-z0-9_]+$/),
  name: z.string().min(1),
  description: z.string().nullable(),
  category: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  shocks: z
    .record(z.string().min(1), z.number().gt(-1).lt(10))
    .refine((shocks) => Object.keys(shocks).length > 0, 'A scenario needs a shock'),
  active: z.boolean(),
})

export type Scenario = Readonly<z.infer<typeof scenarioSchema>>
