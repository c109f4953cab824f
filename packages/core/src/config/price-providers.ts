import { z } from 'zod'
import type { Config } from './config.ts'
import type { GivenText } from './variables.ts'
import type { Rule } from './rule.ts'

const PROVIDER_NAMES = ['yahoo', 'polygon', 'file', 'synthetic'] as const
export type ProviderName = (typeof PROVIDER_NAMES)[number]

/** Sources on this machine, which know option contracts as well as equities. */
const LOCAL: ReadonlySet<ProviderName> = new Set(['file', 'synthetic'])

/** A comma-separated list of sources, the first one asked first. */
export const providerList: Rule<readonly ProviderName[]> = {
  text: `a comma-separated list of ${PROVIDER_NAMES.join(', ')}`,
  schema: z.string().transform((text, context) => {
    const names = text.split(',').map((name) => name.trim().toLowerCase())
    const known = names.filter(isProviderName)
    if (known.length === names.length) return Object.freeze([...new Set(known)])
    context.addIssue({ code: 'invalid_value', values: [...PROVIDER_NAMES], input: text })
    return z.NEVER
  }),
}

/** Whether one of the lists, as given, names a source. */
export function namesProvider(given: GivenText, name: ProviderName): boolean {
  const lists = [given('PRICE_PROVIDERS'), given('OPTION_PRICE_PROVIDERS')]
  return lists.some((list) =>
    list
      ?.toLowerCase()
      .split(',')
      .some((part) => part.trim() === name),
  )
}

/** Who is asked for what, the first one first. */
export interface ProviderOrder {
  readonly equities: readonly ProviderName[]
  readonly options: readonly ProviderName[]
}

/**
 * The sources that can be asked. Polygon is left out of the defaults when there is no key for it. Option
 * contracts are looked for in `OPTION_PRICE_PROVIDERS`, then in what `PRICE_PROVIDERS` has on this
 * machine.
 */
export function providerOrder(
  config: Pick<Config, 'priceProviders' | 'optionPriceProviders' | 'polygonApiKey'>,
): ProviderOrder {
  const usable = (name: ProviderName) => name !== 'polygon' || config.polygonApiKey !== null
  const local = config.priceProviders.filter((name) => LOCAL.has(name))
  return {
    equities: config.priceProviders.filter(usable),
    options: [...new Set([...config.optionPriceProviders, ...local])].filter(usable),
  }
}

function isProviderName(name: string): name is ProviderName {
  return PROVIDER_NAMES.some((known) => known === name)
}
