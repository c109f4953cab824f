import { z } from 'zod'
import { ConfigError } from '../errors/index.ts'
import type { Config } from './config.ts'
import type { Rule } from './rule.ts'

/** The price sources that this version has an adapter for. */
const PROVIDER_NAMES = ['file', 'synthetic'] as const
export type ProviderName = (typeof PROVIDER_NAMES)[number]

const ADVICE = 'use file (with PRICE_FILE_PATH) or synthetic'
/** Sources that SigmaSight knows of and this version cannot ask. */
const WITHOUT_ADAPTER: readonly string[] = ['yahoo', 'polygon']

/** A comma-separated list of sources, the first one asked first. */
export const providerList: Rule<readonly ProviderName[]> = {
  text: `a comma-separated list of ${PROVIDER_NAMES.join(', ')}`,
  schema: z.string().transform((text, context) => {
    const names = text.split(',').map((name) => name.trim().toLowerCase())
    const missing = names.filter((name) => WITHOUT_ADAPTER.includes(name))
    if (missing.length > 0) {
      const message = `this version has no ${missing.join(' and no ')} adapter: ${ADVICE}`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const known = names.filter(isProviderName)
    if (known.length === names.length) return Object.freeze([...new Set(known)])
    context.addIssue({ code: 'invalid_value', values: [...PROVIDER_NAMES], input: text })
    return z.NEVER
  }),
}

/**
 * The sources to ask for prices, the first one first.
 *
 * @throws ConfigError when PRICE_PROVIDERS is not set: no source is a sensible default, since one
 *   invents prices and the other needs a file
 */
export function requirePriceProviders(
  config: Pick<Config, 'priceProviders'>,
): readonly ProviderName[] {
  if (config.priceProviders !== null) return config.priceProviders
  throw new ConfigError(`PRICE_PROVIDERS is not set: ${ADVICE}`)
}

function isProviderName(name: string): name is ProviderName {
  return PROVIDER_NAMES.some((known) => known === name)
}
