import { selectsCall } from './call-selector.ts'
import { reaches } from './fault-reach.ts'
import type { CheckedScript, EndpointName, Fault, Rule, Vendor } from './script.ts'
import { createStartLimit } from './start-limit.ts'

/** A call as rules see it. */
export interface Call {
  readonly vendor: Vendor
  readonly endpoint: EndpointName
  /** As exchanges spell them; null = whatever the vendor has. */
  readonly symbols: readonly string[] | null
  readonly method: string
  /** On the market's clock, epoch ms. */
  readonly now: number
  /** On a clock that only goes forward, ms. */
  readonly steadyMs: number
}

/** What a script does to calls; it counts them. */
export interface Faults {
  /** What is wrong with the answer to this call; null = nothing. Ask once per call. */
  of(call: Call): AppliedFault | null
}

export interface AppliedFault {
  readonly fault: Fault
  /** Whether it is not a rule's but that of too many calls in 60 s. */
  readonly isLimit: boolean
  /** Whether a symbol in an answer about many is meant. */
  readonly touches: (symbol: string) => boolean
}

/** Starts a script: all counts at zero. */
export function createFaults(script: CheckedScript, random: () => number): Faults {
  const rules = script.rules.map(compiled)
  const counts = new Map<CompiledRule, number>()
  const limit = createStartLimit(script.startsPerMinute)
  return {
    of(call) {
      const isTooOften = limit.isExceeded(call.vendor, call.steadyMs)
      const [rule] = rules.filter((rule) => matches(rule, call) && selectsNext(rule))
      if (isTooOften) return TOO_OFTEN
      if (rule === undefined) return null
      return { fault: rule.fault, isLimit: false, touches: rule.isMeant }
    },
  }

  function selectsNext(rule: CompiledRule): boolean {
    const n = (counts.get(rule) ?? 0) + 1
    counts.set(rule, n)
    return selectsCall(rule.calls, n, random)
  }
}

const TOO_OFTEN: AppliedFault = {
  fault: { kind: 'status', status: 429 },
  isLimit: true,
  touches: () => true,
}

interface CompiledRule extends Rule {
  readonly isMeant: (symbol: string) => boolean
}

function compiled(rule: Rule): CompiledRule {
  const pattern = new RegExp(rule.match.symbol ?? '')
  return { ...rule, isMeant: (symbol) => pattern.test(symbol) }
}

function matches({ match, from, until, fault, isMeant }: CompiledRule, call: Call): boolean {
  return (
    reaches(fault.kind, call.endpoint) &&
    (match.vendor ?? call.vendor) === call.vendor &&
    (match.endpoint ?? call.endpoint) === call.endpoint &&
    (match.method ?? call.method) === call.method &&
    (call.symbols?.some(isMeant) ?? true) &&
    (from === undefined || call.now >= Date.parse(from)) &&
    (until === undefined || call.now < Date.parse(until))
  )
}
