import type { Json, PhaseOutcome } from './phase.ts'

type JsonObject = Readonly<Record<string, Json>>

/**
 * Adds up what the parts of a phase came to: counts, reasons and metrics; failures and alerts one after the
 * other, an alert that several parts give once. When every part has failed as such, so has the sum.
 *
 * @param dateMetrics metrics that every part has alike; taken from the first that has them
 */
export function addOutcomes(
  parts: readonly PhaseOutcome[],
  dateMetrics: readonly string[] = [],
): PhaseOutcome {
  const total = (of: (part: PhaseOutcome) => number) =>
    parts.reduce((sum, part) => sum + of(part), 0)
  const failed = parts.filter(({ failure }) => failure !== undefined)
  const [first] = failed
  const metrics = addObjects(parts.map((part) => part.metrics))
  for (const name of dateMetrics) {
    const known = parts.find((part) => part.metrics[name] !== undefined)?.metrics[name]
    if (known !== undefined) metrics[name] = known
  }
  return {
    processed: total(({ processed }) => processed),
    skipped: total(({ skipped }) => skipped),
    failed: total((part) => part.failed),
    reasons: addObjects(parts.map(({ reasons }) => reasons)) as Record<string, number>,
    metrics,
    failures: parts.flatMap(({ failures }) => failures),
    alerts: [...new Set(parts.flatMap(({ alerts }) => alerts))],
    workMs: total(({ workMs = 0 }) => workMs),
    ...(first?.failure !== undefined && failed.length === parts.length
      ? { failure: first.failure }
      : {}),
  }
}

function addObjects(objects: readonly JsonObject[]): Record<string, Json> {
  const sum: Record<string, Json> = {}
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      const known = sum[name]
      sum[name] = known === undefined ? value : addValues(known, value)
    }
  }
  return sum
}

/** Numbers are added, objects name by name, lists become one without what is in it already. */
function addValues(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (isList(a) && isList(b)) return [...new Set([...a, ...b])]
  if (isObject(a) && isObject(b)) return addObjects([a, b])
  return a ?? b
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
