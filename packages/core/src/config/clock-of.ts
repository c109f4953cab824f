import { fixedClock, systemClock, type Clock } from '../clock/index.ts'
import type { Config } from './config.ts'

/** The clock a program goes by: that of the system, or one that stands still at SIGMASIGHT_NOW. */
export function clockOf({ now }: Pick<Config, 'now'>): Clock {
  return now === null ? systemClock() : fixedClock(now)
}
