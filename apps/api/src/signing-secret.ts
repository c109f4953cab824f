import { randomBytes } from 'node:crypto'
import type { Config } from '@sigmasight/core/config'
import { ConfigError } from '@sigmasight/core/errors'
import type { Logger } from '@sigmasight/core/logging'

/**
 * What tokens are signed with: JWT_SECRET, or outside of production one that is made up at each start.
 *
 * @throws ConfigError in production without JWT_SECRET
 */
export function signingSecret(
  { jwtSecret, environment }: Pick<Config, 'jwtSecret' | 'environment'>,
  log: Logger,
): string {
  if (jwtSecret !== null) return jwtSecret
  if (environment === 'production') {
    throw new ConfigError(
      'JWT_SECRET: required by the API when ENVIRONMENT=production, but it is not set',
    )
  }
  log.warn({ variable: 'JWT_SECRET' }, 'secret_made_up_until_restart')
  return randomBytes(32).toString('hex')
}
