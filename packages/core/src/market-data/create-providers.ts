import type { Logger } from '../logging/index.ts'
import type { MarketDataProvider } from './provider.ts'
import { createProviderChain, type ProviderChain } from './provider-chain.ts'
import { createFileProvider } from './providers/file/create-file-provider.ts'
import { createSyntheticMarket } from './providers/synthetic/create-synthetic-market.ts'

export interface ProviderSettings {
  /** Names in the order they are asked. */
  readonly names: readonly ('file' | 'synthetic')[]
  /** PRICE_FILE_PATH; set whenever `file` is among the names. */
  readonly priceFilePath: string | null
  /** Whether the good rows of a file with bad ones are used. */
  readonly skipBadRows: boolean
}

/** The seed of the demo's market; another one would be another market. */
export const DEMO_SEED = 20_240_601

/** Makes the providers that the settings name and chains them. Throws ConfigError when one cannot be used. */
export function createProviders(settings: ProviderSettings, log: Logger): ProviderChain {
  return createProviderChain(settings.names.map((name) => createProvider(name, settings, log)))
}

function createProvider(
  name: 'file' | 'synthetic',
  { priceFilePath, skipBadRows }: ProviderSettings,
  log: Logger,
): MarketDataProvider {
  switch (name) {
    case 'file':
      return createFileProvider({ path: priceFilePath ?? '', skipBadRows, log })
    case 'synthetic':
      return createSyntheticMarket({ seed: DEMO_SEED })
  }
}
